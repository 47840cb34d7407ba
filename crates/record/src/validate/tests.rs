//! The envelope's rules, one slip at a time and all at once.

use super::*;
use crate::generate::{Draft, Generator};

const RECORD: &str = "018pb2wz3vzzzzzzzzzzzzzzzz";

fn draft() -> Draft {
    Generator::new(&Kind::Permit, 1).unwrap().draft(0)
}

fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

/// Codes and fields of what is wrong after `change`.
fn wrong(change: impl FnOnce(&mut Envelope<'_>)) -> Vec<(&'static str, String)> {
    let draft = draft();
    let key = draft.head.natural_key.unwrap();
    let authority = draft.head.authority.unwrap();
    let mut envelope = Envelope {
        message_id: "m-1",
        kind: "permit",
        revises: None,
        natural_key: Some((&key.document_number, &key.party)),
        authority: Some((&authority.code, &authority.name)),
        division: Some(("220122", "mca", "2024-01-01")),
        happened_at: "2024-01-01T09:00:00+08:00",
        stamped: false,
        sharing_class: "open",
        bytes: 700,
    };
    change(&mut envelope);
    let found = envelope.validate(Some(&draft.body), now(), Profile::Cn21);
    found.into_iter().map(|one| (one.code, one.field)).collect()
}

fn revision() -> RevisesText<'static> {
    RevisesText {
        record_id: RECORD,
        revision: 1,
        kind: Some(RevisionKind::Correction),
        reason: "金额录入错误",
        successor: "",
        successor_number: "",
    }
}

type Change = fn(&mut Envelope<'_>);
const SLIPS: [(Change, &str, &str); 20] = [
    (|e| e.message_id = "", "message-id", "head.message_id"),
    (|e| e.message_id = "报文", "message-id", "head.message_id"),
    (|e| e.kind = "act", "kind", "head.kind"),
    (|e| e.stamped = true, "stamped", "head.stamp"),
    (|e| e.sharing_class = "public", "sharing-class", "sharing_class"),
    (|e| e.bytes = SUBMISSION_BYTES_MAX + 1, "too-large", ""),
    (|e| e.kind = "penalty", "body", "open.body"),
    (|e| e.authority = Some(("1", "农安县")), "uscc-form", "head.authority.code"),
    (|e| e.division = Some(("220122", "gb", "2024-01-01")), "code-system", "head.division.system"),
    (|e| e.division = Some(("220181", "mca", "2024-01-01")), "division", "head.division.code"),
    (|e| e.division = Some(("220122", "mca", "2024")), "date-form", "head.division.on"),
    (|e| e.happened_at = "2024-01-01", "time", "head.happened_at"),
    (|e| e.happened_at = "2026-01-01T00:10:01Z", "time-in-future", "head.happened_at"),
    (
        |e| e.revises = Some(RevisesText { record_id: "x", ..revision() }),
        "revises",
        "head.revises.record_id",
    ),
    (
        |e| e.revises = Some(RevisesText { revision: 0, ..revision() }),
        "revises",
        "head.revises.revision",
    ),
    (
        |e| e.revises = Some(RevisesText { kind: None, ..revision() }),
        "revises",
        "head.revises.kind",
    ),
    (
        |e| e.revises = Some(RevisesText { kind: Some(RevisionKind::Progress), ..revision() }),
        "revises",
        "head.revises.kind",
    ),
    (
        |e| e.revises = Some(RevisesText { reason: "", ..revision() }),
        "required",
        "head.revises.reason",
    ),
    (
        |e| e.revises = Some(RevisesText { successor: RECORD, ..revision() }),
        "successor",
        "head.revises.successor_record_id",
    ),
    (
        |e| e.revises = Some(RevisesText { kind: Some(RevisionKind::Replacement), ..revision() }),
        "successor",
        "head.revises.successor_record_id",
    ),
];

#[test]
fn single_slips_are_named() {
    for (change, code, field) in SLIPS {
        assert_eq!(wrong(change), [(code, field.to_owned())], "{code} {field}");
    }
    assert_eq!(wrong(|_| {}), []);
    assert_eq!(wrong(|e| e.revises = Some(revision())), []);
    assert_eq!(wrong(|e| e.division = Some(("changbaishan", "office", "2024-01-01"))), []);
}

#[test]
fn the_natural_key_is_the_bodys_and_carries_no_person() {
    let key = "head.natural_key".to_owned();
    assert_eq!(wrong(|e| e.natural_key = Some(("另一文号", ""))), [("natural-key", key.clone())]);
    let found = wrong(|e| e.natural_key = Some(("另一文号", "11010519491231002X")));
    let party = "head.natural_key.party".to_owned();
    assert_eq!(found, [("citizen-id-in-open", party), ("natural-key", key)]);
}

#[test]
fn only_what_stays_a_record_needs_a_body() {
    let draft = draft();
    let key = draft.head.natural_key.unwrap();
    let authority = draft.head.authority.unwrap();
    let found = |revises: Option<RevisesText<'_>>| {
        let envelope = Envelope {
            message_id: "m-1",
            kind: "permit",
            revises,
            natural_key: Some((&key.document_number, &key.party)),
            authority: Some((&authority.code, &authority.name)),
            division: Some(("220122", "mca", "2024-01-01")),
            happened_at: "2024-01-01T09:00:00+08:00",
            sharing_class: "open",
            ..Envelope::default()
        };
        envelope
            .validate(None, now(), Profile::Cn21)
            .into_iter()
            .map(|one| one.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(found(None), ["body"]);
    assert_eq!(found(Some(revision())), ["body"]);
    assert_eq!(
        found(Some(RevisesText { kind: Some(RevisionKind::Withdrawal), ..revision() })),
        [""; 0]
    );
}

#[test]
fn an_empty_submission_has_all_its_violations_at_once() {
    let found = Envelope::default().validate(None, now(), Profile::Cn21);
    assert_eq!(found.len(), 10, "{found:#?}");
    for violation in found {
        assert!(!violation.message_zh.is_empty() && !violation.remedy_zh.is_empty());
        assert!(violation.message_en.is_ascii() || violation.message_en.contains('万'));
    }
}
