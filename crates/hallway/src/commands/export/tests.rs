//! One row a record, nothing that ended or is not public, and what comes back is what was there.

use bytes::Bytes;
use record::{Draft, Generator, RecordId, Revises, RevisionKind, SharingClass, Stamp, Timestamp};

use super::*;

/// A generated record as the feed hands it on.
fn item(draft: &Draft, index: u64, revision: u32) -> v1::FollowResponse {
    let mut head = draft.head.clone();
    let record = head.revises.as_ref().map_or(id(index), |revises| revises.record);
    head.stamp = Some(Stamp {
        record,
        submitter: "system/a/permits".to_owned(),
        revision,
        accepted_at: Timestamp(1_800_000_000_000),
        previous_commitment: None,
    });
    let (open, closed) = wire::body_to_parts(&draft.body).unwrap();
    v1::FollowResponse {
        ledger: "d/hallway/a/records/1".to_owned(),
        index,
        head: wire::head_to_bytes(&head),
        open,
        closed,
        sharing_class: draft.label.class.as_str().to_owned(),
        effective: Some(v1::Effective {
            state: v1::EffectiveState::InForce.into(),
            published: true,
            ..v1::Effective::default()
        }),
        ..v1::FollowResponse::default()
    }
}

fn id(number: u64) -> RecordId {
    let text = format!("{number:026}");
    text.parse().unwrap()
}

fn drafts(kind: &Kind, class: SharingClass) -> Vec<Draft> {
    let drafts = Generator::new(kind, 4).unwrap().take(8);
    drafts.map(|draft| Draft { label: record::Label { class, ..draft.label }, ..draft }).collect()
}

fn revised(draft: &Draft, kind: RevisionKind) -> Draft {
    let revises = Revises {
        record: id(0),
        revision: 1,
        kind,
        reason: "更正".to_owned(),
        successor: None,
        successor_number: String::new(),
    };
    let mut draft = draft.clone();
    draft.head.revises = Some(revises);
    draft
}

fn exported(items: &[v1::FollowResponse], masking: Masking, party: Party) -> (Tally, Vec<Fate>) {
    let mut seen = Seen::default();
    for item in items {
        seen.note(item).unwrap();
    }
    let (picker, mut places) = (Picker::new(&seen, masking, party), seen::Places::default());
    let (mut tally, mut fates) = (Tally::default(), Vec::new());
    for item in items.iter().filter(|item| places.is_new(item)) {
        let fate = picker.fate(item);
        tally.count(&fate);
        fates.push(fate);
    }
    (tally, fates)
}

#[test]
fn a_full_export_is_the_forms_of_the_records() {
    for kind in Generator::KINDS {
        let drafts = drafts(&kind, SharingClass::Unconditional);
        let items: Vec<_> =
            (0..).zip(&drafts).map(|(index, draft)| item(draft, index, 1)).collect();
        let (tally, fates) = exported(&items, Masking::Full, Party::Any);
        assert_eq!(tally, Tally { rows: 8, ..Tally::default() }, "{kind}");
        for (fate, draft) in fates.iter().zip(&drafts) {
            let Fate::Row { form, .. } = fate else { panic!("{fate:?}") };
            assert_eq!(form.read(Edition::V21).draft, *draft);
        }
    }
}

#[test]
fn a_record_is_one_row_of_its_newest_revision_that_says_something() {
    let drafts = drafts(&Kind::Permit, SharingClass::Open);
    let mut expiry = item(&revised(&drafts[2], RevisionKind::Expiry), 2, 3);
    (expiry.open, expiry.closed) = Default::default();
    let newest = item(&revised(&drafts[1], RevisionKind::Correction), 1, 2);
    let items = [item(&drafts[0], 0, 1), newest.clone(), expiry, newest];
    let (tally, fates) = exported(&items, Masking::Full, Party::Any);
    assert_eq!((tally.rows, fates.len()), (1, 3), "the repeated place is not looked at");
    assert!(matches!(fates[..], [Fate::Passed, Fate::Row { .. }, Fate::Passed]), "{fates:?}");
}

#[test]
fn what_came_after_the_first_reading_is_the_next_exports() {
    let drafts = drafts(&Kind::Permit, SharingClass::Open);
    let mut seen = Seen::default();
    let before = [item(&drafts[0], 0, 1), item(&drafts[1], 1, 1)];
    for item in &before {
        seen.note(item).unwrap();
    }
    let correction = item(&revised(&drafts[0], RevisionKind::Correction), 2, 2);
    let elsewhere =
        v1::FollowResponse { ledger: "d/hallway/b/records/1".to_owned(), ..before[0].clone() };
    assert!(before.iter().all(|item| seen.covers(item)));
    assert!(![correction, item(&drafts[2], 3, 1), elsewhere].iter().any(|one| seen.covers(one)));
    let picker = Picker::new(&seen, Masking::Full, Party::Any);
    assert!(matches!(picker.fate(&before[0]), Fate::Row { .. }), "as it was at that moment");
}

#[test]
fn who_is_not_shown_all_exports_no_copy_with_holes() {
    let who = |text: &str| text.parse::<Identity>().unwrap();
    let system = who("spiffe://jilin.example/system/220100/permits");
    let department = who("spiffe://jilin.example/department/11220000013544357T");
    let operator = who("spiffe://jilin.example/operator/anna");
    let stranger = who("spiffe://jilin.example/system/220200/permits");
    let here = "220100".parse().unwrap();
    for (caller, masking, may) in [
        (&system, Masking::Full, true),
        (&system, Masking::Public, true),
        (&department, Masking::Public, true),
        (&department, Masking::Full, false),
        (&operator, Masking::Public, false),
        (&stranger, Masking::Public, false),
    ] {
        assert_eq!(entitled(caller, &here, masking).is_ok(), may, "{caller} {masking:?}");
    }
}

#[test]
fn what_ended_or_is_not_public_stays_out() {
    let open = drafts(&Kind::Permit, SharingClass::Open);
    let shared = drafts(&Kind::Permit, SharingClass::Unconditional);
    let standing = |state: v1::EffectiveState, published| {
        Some(v1::Effective { state: state.into(), published, ..v1::Effective::default() })
    };
    let mut items: Vec<_> = (0..5).map(|index| item(&open[0], index, 1)).collect();
    items[1].effective = standing(v1::EffectiveState::Withdrawn, true);
    items[2].effective = standing(v1::EffectiveState::InForce, false);
    items[3].open = Bytes::new();
    items[4] = item(&shared[0], 4, 1);
    items[4].closed = Bytes::new();
    let (public, fates) = exported(&items, Masking::Public, Party::Any);
    assert_eq!((public.rows, public.ended, public.withheld), (1, 1, 3));
    let Fate::Row { form, .. } = &fates[0] else { panic!("{fates:?}") };
    assert_eq!(form.value("legal_representative_id"), "");
    let (full, _) = exported(&items, Masking::Full, Party::Any);
    assert_eq!((full.rows, full.ended, full.withheld, full.not_whole), (3, 1, 1, 1));
}

#[test]
fn what_is_from_a_later_version_is_counted() {
    let mut one = item(&drafts(&Kind::Permit, SharingClass::Open)[0], 0, 1);
    one.not_fully_understood = true;
    let (tally, _) = exported(&[one], Masking::Public, Party::Any);
    assert_eq!((tally.rows, tally.not_understood), (1, 1));
}

#[test]
fn a_template_takes_its_own_parties_rows() {
    let drafts: Vec<_> = Generator::new(&Kind::Permit, 4).unwrap().take(60).collect();
    let items: Vec<_> = (0..).zip(&drafts).map(|(index, draft)| item(draft, index, 1)).collect();
    let (persons, _) = exported(&items, Masking::Full, Party::Natural);
    let (others, _) = exported(&items, Masking::Full, Party::Other);
    assert!(persons.rows > 0 && others.rows > persons.rows);
    assert_eq!((persons.rows, persons.other_party), (others.other_party, others.rows));
}
