//! Submissions through the whole check: valid, slipped, of a later version, hostile.

use proptest::prelude::*;
use prost::Message;
use record::{Generator, Kind, RecordId, SharingClass};

use super::*;
use crate::{generated, submission};

fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

fn valid() -> v1::Submission {
    generated(&Kind::Penalty, 1, 1).next().unwrap()
}

/// The submission with another head.
fn with_head(change: impl FnOnce(&mut v1::Head)) -> v1::Submission {
    let mut submission = valid();
    let mut head = v1::Head::decode(&submission.head[..]).unwrap();
    change(&mut head);
    submission.head = head.encode_to_vec().into();
    submission
}

fn wrong(submission: &v1::Submission) -> Vec<(&'static str, String)> {
    let violations = check(submission, now()).err().unwrap_or_default();
    violations.into_iter().map(|one| (one.code, one.field)).collect()
}

fn one(code: &'static str, field: &str) -> Vec<(&'static str, String)> {
    vec![(code, field.to_owned())]
}

#[test]
fn invented_submissions_pass_with_their_bytes_untouched() {
    for kind in Generator::KINDS {
        for submission in generated(&kind, 100, 9) {
            let checked = check(&submission, now()).unwrap();
            let stamp = Stamp {
                record: RecordId::new(now(), [3; 10]),
                submitter: "/system/220122/permits".into(),
                revision: 1,
                accepted_at: now(),
                previous_commitment: None,
            };
            let parts = checked.parts(&stamp);
            assert!(parts[0].starts_with(&submission.head));
            let closed = parts.get(2).cloned().unwrap_or_default();
            assert_eq!([parts[1].clone(), closed.clone()], [submission.open, submission.closed]);
            assert_eq!(checked.head.kind, kind);
            let stored = unstamped_content(&parts[0], &parts[1], &closed);
            assert_eq!(checked.content, stored, "content is found again in the entry");
        }
    }
}

#[test]
fn slips_on_the_wire_are_named() {
    let valid = valid();
    let cut = valid.open.slice(..valid.open.len() - 1);
    assert_eq!(wrong(&v1::Submission { open: cut, ..valid.clone() }), one("malformed", "open"));
    let noise = Bytes::from_static(b"\xff\xff");
    assert_eq!(wrong(&v1::Submission { head: noise, ..valid.clone() }), one("malformed", "head"));
    assert_eq!(
        wrong(&v1::Submission { open: Bytes::new(), ..valid.clone() }),
        one("body", "open.body")
    );
    let permit = generated(&Kind::Permit, 1, 1).next().unwrap();
    let mixed = v1::Submission { closed: permit.closed, ..valid.clone() };
    assert_eq!(wrong(&mixed), one("body", "closed.body"));
    let class = v1::Submission { sharing_class: String::new(), ..valid };
    assert_eq!(wrong(&class), one("sharing-class", "sharing_class"));
    let stamped = with_head(|head| head.stamp = Some(v1::Stamp::default()));
    assert_eq!(wrong(&stamped), one("stamped", "head.stamp"));
    let kind = with_head(|head| head.kind = "permit".into());
    assert_eq!(wrong(&kind), one("body", "open.body"));
}

#[test]
fn a_withdrawal_needs_no_body_and_an_act_is_not_submitted() {
    let mut submission = with_head(|head| {
        head.revises = Some(v1::Revises {
            record_id: RecordId::new(now(), [3; 10]).to_string(),
            revision: 1,
            kind: v1::RevisionKind::Withdrawal.into(),
            reason: "裁罚对象错误".into(),
            successor_record_id: String::new(),
            successor_document_number: String::new(),
        });
    });
    submission.open = Bytes::new();
    submission.closed = Bytes::new();
    let checked = check(&submission, now()).unwrap();
    assert_eq!((checked.body, checked.bytes[1].len()), (None, 0));
    assert_eq!(checked.label.class, SharingClass::Conditional);

    let act = v1::open::Body::Act(v1::Act::default());
    let open = v1::Open { body: Some(act) }.encode_to_vec().into();
    let found = wrong(&v1::Submission { open, ..with_head(|head| head.kind = "act".into()) });
    let codes: Vec<_> = found.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, ["body", "kind"]);
}

#[test]
fn a_registered_kind_is_carried_with_fields_nobody_here_knows() {
    let opaque = v1::Opaque { schema: "land.transfer.v1".into(), payload: vec![0xff; 9].into() };
    let mut open = v1::Open { body: Some(v1::open::Body::Opaque(opaque)) }.encode_to_vec();
    prost::encoding::string::encode(500, &"以后".to_owned(), &mut open);
    let submission = v1::Submission {
        open: open.clone().into(),
        closed: Bytes::new(),
        ..with_head(|head| head.kind = "land.transfer".into())
    };
    let checked = check(&submission, now()).unwrap();
    assert_eq!(checked.bytes[1], open);
}

#[test]
fn a_profile_lets_marked_submissions_through() {
    let mut draft = Generator::new(&Kind::Permit, 1).unwrap().draft(0);
    let Body::Permit(permit) = &mut draft.body else { panic!("a permit") };
    permit.certificate_name = "证".repeat(65);
    let submission = submission(&draft);
    assert_eq!(wrong(&submission), one("too-long", "open.permit.certificate_name"));
    let submission = v1::Submission { profile: "cn-legacy".into(), ..submission };
    let checked = check(&submission, now()).unwrap();
    let marks: Vec<_> = checked.marks.iter().map(|mark| (mark.code, mark.level)).collect();
    assert_eq!(marks, [("too-long", Level::Mark)]);
}

#[test]
fn content_changes_with_any_part() {
    let mut draft = Generator::new(&Kind::Permit, 1).unwrap().draft(0);
    let before = check(&submission(&draft), now()).unwrap().content;
    draft.head.natural_key.as_mut().unwrap().ordinal = 1;
    let after = check(&submission(&draft), now()).unwrap().content;
    assert_ne!(before, after);
}

proptest! {
    #[test]
    fn hostile_submissions_never_panic(
        head in prop::collection::vec(any::<u8>(), 0..200),
        open in prop::collection::vec(any::<u8>(), 0..200),
        place: prop::sample::Index,
        byte: u8,
    ) {
        let noise = v1::Submission {
            head: head.into(),
            open: open.into(),
            ..v1::Submission::default()
        };
        prop_assert!(check(&noise, now()).is_err());
        let mut flipped = valid();
        let mut bytes = flipped.open.to_vec();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        flipped.open = bytes.into();
        drop((check(&flipped, now()), message_id(&flipped)));
    }
}
