//! JSON there and back, byte for byte; unknown keys by name.

use proptest::prelude::*;
use record::Kind;

use super::*;
use crate::generated;

#[test]
fn invented_submissions_round_trip_byte_for_byte() {
    for kind in record::Generator::KINDS {
        for submission in generated(&kind, 50, 2) {
            let line = submission_to_json(&submission).unwrap();
            assert!(!line.contains('\n'));
            assert_eq!(submission_from_json(&line).unwrap(), submission, "{line}");
        }
    }
}

#[test]
fn proto3_json_with_either_spelling_of_names() {
    let camel = r#"{"head":{"messageId":"m-1","revises":{"kind":"REVISION_KIND_CORRECTION"}},"sharingClass":"open"}"#;
    let snake = r#"{"head":{"message_id":"m-1","revises":{"kind":1}},"sharing_class":"open"}"#;
    let read = submission_from_json(camel).unwrap();
    assert_eq!(read, submission_from_json(snake).unwrap());
    assert_eq!(submission_to_json(&read).unwrap(), camel);
}

#[test]
fn unknown_keys_are_refused_by_name() {
    for (line, named) in [
        (r#"{"heat":{}}"#, "heat"),
        (r#"{"head":{"messageIdd":"m"}}"#, "messageIdd"),
        (r#"{"open":{"permit":{"partyNam":"x"}}}"#, "partyNam"),
        (r#"{"head":{"revises":{"kind":"REVISION_KIND_OTHER"}}}"#, "REVISION_KIND_OTHER"),
    ] {
        let told = submission_from_json(line).unwrap_err().explain();
        assert!(told.contains(named), "{told}");
    }
    for bad in ["", "[]", "{} {}", r#"{"audience":"many"}"#, r#"{"audience":4294967296}"#] {
        assert!(submission_from_json(bad).is_err(), "{bad}");
    }
    let long = " ".repeat(JSON_LINE_MAX + 1);
    assert!(matches!(submission_from_json(&long), Err(JsonError::TooLong { .. })));
}

#[test]
fn a_feeds_item_shows_its_parts() {
    let submission = generated(&Kind::Permit, 1, 1).next().unwrap();
    let item = v1::FollowResponse {
        ledger: "jilin.example/hallway/220122/records/1".into(),
        index: 7,
        head: submission.head,
        open: submission.open,
        ..v1::FollowResponse::default()
    };
    let line = follow_response_to_json(&item).unwrap();
    assert!(line.contains(r#""index":"7""#) && line.contains(r#""permit":{"#), "{line}");
    assert!(!line.contains("closed"), "{line}");
    let first = follow_response_to_json(&v1::FollowResponse { index: 0, ..item.clone() }).unwrap();
    assert_eq!(first.replacen(r#""index":"0","#, "", 1), line.replacen(r#""index":"7","#, "", 1));
}

proptest! {
    #[test]
    fn hostile_lines_never_panic(line in "\\PC{0,80}") {
        drop(submission_from_json(&line));
    }
}
