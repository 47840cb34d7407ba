//! Stamps on and off; what counts as the same content.

use proptest::prelude::*;
use record::{Kind, RecordId, Timestamp};

use super::*;
use crate::convert::{head_from_bytes, head_to_bytes};
use crate::v1;

fn stamp() -> Stamp {
    Stamp {
        record: RecordId::new(Timestamp(1_398_384_000_123), [7; 10]),
        submitter: "/system/220122/permits".into(),
        revision: 2,
        accepted_at: Timestamp(1_398_384_000_456),
        previous_commitment: Some([9; 32]),
    }
}

/// A submitter of a later version: its field 200 is unknown here.
fn head_of_a_later_version() -> Bytes {
    let mut bytes = BytesMut::new();
    let head = v1::Head { message_id: "m-1".into(), kind: "permit".into(), ..Default::default() };
    head.encode(&mut bytes).unwrap();
    prost::encoding::string::encode(200, &"以后".to_owned(), &mut bytes);
    bytes.freeze()
}

#[test]
fn a_stamp_is_appended_and_comes_off_again() {
    let head = head_of_a_later_version();
    let after = stamped(&head, &stamp());
    assert!(after.starts_with(&head) && is_stamped(&after) && !is_stamped(&head));
    assert_eq!(unstamped(&after), head);
    let read = head_from_bytes(&after).unwrap();
    assert_eq!((read.kind, read.stamp), (Kind::Permit, Some(stamp())));
    assert_eq!(unstamped_content(&head, b"o", b"c"), unstamped_content(&after, b"o", b"c"));
}

#[test]
fn content_is_not_a_matter_of_where_parts_begin() {
    let head = head_of_a_later_version();
    assert_ne!(unstamped_content(&head, b"ab", b"c"), unstamped_content(&head, b"a", b"bc"));
    assert_ne!(unstamped_content(&head, b"a", b""), unstamped_content(&head, b"", b"a"));
}

#[test]
fn a_stamp_in_another_wire_type_is_a_stamp() {
    assert!(is_stamped(&[15 << 3, 1]));
    assert!(is_stamped(&[15 << 3 | 2]));
}

#[test]
fn parts_keep_their_places() {
    let part = |text: &'static str| Bytes::from_static(text.as_bytes());
    assert_eq!(entry_parts(part("h"), part(""), part("")), [part("h")]);
    assert_eq!(entry_parts(part("h"), part("o"), part("")), [part("h"), part("o")]);
    assert_eq!(entry_parts(part("h"), part(""), part("c")), [part("h"), part(""), part("c")]);
}

/// Frozen by the first release.
#[test]
fn golden_head() {
    let head =
        head_to_bytes(&head_from_bytes(&stamped(&head_of_a_later_version(), &stamp())).unwrap());
    let hex = head.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let golden = concat!(
        "0a036d2d31",
        "12067065726d6974",
        "7a72",
        "0a1a303138706232777a33763077336765317237307733676531723712",
        "162f73797374656d2f3232303132322f7065726d697473",
        "1802",
        "2218323031342d30342d32355430303a30303a30302e3435365a",
        "2a200909090909090909090909090909090909090909090909090909090909090909",
    );
    assert_eq!(hex, golden);
}

proptest! {
    #[test]
    fn hostile_heads_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let head = Bytes::from(bytes);
        let before = unstamped(&head);
        prop_assert!(head.starts_with(&before));
        if v1::Head::decode(&head[..]).is_ok() && !is_stamped(&head) {
            prop_assert_eq!(unstamped(&stamped(&head, &stamp())), head);
        }
    }
}

#[test]
fn a_case_names_its_permit_behind_the_submitters_bytes() {
    let permit = stamp().record;
    for one in crate::generated(&Kind::Case, 20, 4) {
        // A field of a later version at the end must not come between the two.
        let mut later = BytesMut::from(&one.open[..]);
        prost::encoding::string::encode(200, &"以后".to_owned(), &mut later);
        for open in [one.open.clone(), later.freeze()] {
            let after = naming_permit(&open, permit);
            assert!(after.starts_with(&open) && after.len() > open.len());
            let read = |open: &[u8]| crate::body_from_parts(open, &one.closed).unwrap().unwrap();
            let (record::Body::Case(before), record::Body::Case(mut named)) =
                (read(&open), read(&after))
            else {
                panic!("a case");
            };
            assert_eq!(std::mem::take(&mut named.permit_record_id), permit.to_string());
            assert_eq!(named, before);
        }
        let after = naming_permit(&one.open, permit);
        let submission = v1::Submission { open: after, ..one.clone() };
        let text = crate::submission_to_json(&submission).unwrap();
        assert!(text.contains(&permit.to_string()) && text.contains("caseNumber"), "{text}");
    }
}
