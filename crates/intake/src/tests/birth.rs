//! A closing bears its permit: both or neither, each naming the other, the same answer again.

use record::{Body, Case, Draft, Generator, Revises, RevisionKind};

use super::*;

/// A granted case, as it stands closed.
fn closed() -> (Draft, Case) {
    let granted = |draft: Draft| {
        let Body::Case(case) = &draft.body else { return None };
        let case = Case::clone(case);
        case.bears_permit().then_some((draft, case))
    };
    Generator::new(&Kind::Case, 3).unwrap().find_map(granted).unwrap()
}

fn submission(draft: &Draft, case: &Case, step: &str) -> v1::Submission {
    let mut draft = Draft { body: Body::Case(Box::new(case.clone())), ..draft.clone() };
    draft.head.message_id = step.to_owned();
    v1::Submission { sharing_class: "open".to_owned(), ..wire::submission(&draft) }
}

fn revising(
    draft: &Draft,
    case: &Case,
    step: &str,
    (record, revision): (&str, u32),
) -> v1::Submission {
    let mut draft = draft.clone();
    draft.head.revises = Some(Revises {
        record: record.parse().unwrap(),
        revision,
        kind: RevisionKind::Correction,
        reason: "办理进展".to_owned(),
        successor: None,
        successor_number: String::new(),
    });
    submission(&draft, case, step)
}

/// The case before its decision.
fn handling(case: &Case) -> Case {
    let course = case.course[..case.course.len() - 3].to_vec();
    Case {
        state: "handling".to_owned(),
        course,
        decision: String::new(),
        decided_at: String::new(),
        delivered_at: String::new(),
        closed_at: String::new(),
        close_code: String::new(),
        ..case.clone()
    }
}

fn body(house: &House, index: u64) -> (record::Head, Body) {
    let ledger = house.intake.reader.own_ledger(Lane::Records);
    let parts = house.intake.reader.entry(&ledger, index).unwrap().unwrap().parts;
    let part = |at| parts.part(at).cloned().unwrap_or_default();
    let body = wire::body_from_parts(&part(1), &part(2)).unwrap().unwrap();
    (wire::head_from_bytes(&part(0)).unwrap(), body)
}

fn case_at(house: &House, index: u64) -> Case {
    let Body::Case(case) = body(house, index).1 else { panic!("a case") };
    *case
}

#[tokio::test]
async fn a_closing_and_its_permit_enter_together_and_name_each_other() {
    let house = house();
    let (draft, whole) = closed();
    let first = submit(&house, vec![submission(&draft, &handling(&whole), "a")]).await;
    let record = acknowledged(&first[0]).record_id.clone();
    assert!(acknowledged(&first[0]).born.is_none());

    let closing = revising(&draft, &whole, "b", (&record, 1));
    let answer = submit(&house, vec![closing.clone(), closing.clone()]).await;
    let told = acknowledged(&answer[0]);
    let born = told.born.clone().expect("a permit is born");
    assert_eq!((told.index, born.index, size(&house)), (1, 2, 3));
    let repeated = acknowledged(&answer[1]);
    assert!(repeated.repeated_message && repeated.born.as_ref() == Some(&born));

    assert_eq!(case_at(&house, 1).permit_record_id, born.record_id);
    let (head, Body::Permit(permit)) = body(&house, 2) else { panic!("a permit") };
    let stamp = head.stamp.unwrap();
    assert_eq!(stamp.record.to_string(), born.record_id);
    assert_eq!(stamp.submitter, "system/220000/hall");
    assert_eq!(
        (permit.case_record_id, permit.case_number),
        (record.clone(), whole.case_number.clone())
    );
    assert_eq!(permit.party.person_name, whole.applicant_name);
    let ledger = house.intake.reader.own_ledger(Lane::Records);
    let stored = house.intake.reader.entry(&ledger, 1).unwrap().unwrap();
    assert!(
        stored.parts.part(1).unwrap().starts_with(&closing.open),
        "the submitter's bytes stand"
    );

    // Later: the same closing, and a correction by a system that knows of no permit.
    let again = submit(&house, vec![closing]).await;
    assert_eq!(acknowledged(&again[0]).born.as_ref(), Some(&born));
    let later = Case { remark: "补记".to_owned(), ..whole.clone() };
    let later = submit(&house, vec![revising(&draft, &later, "c", (&record, 2))]).await;
    assert!(acknowledged(&later[0]).born.is_none());
    assert_eq!(case_at(&house, 3).permit_record_id, born.record_id, "once named, it stays named");
    let reopened =
        submit(&house, vec![revising(&draft, &handling(&whole), "d", (&record, 3))]).await;
    acknowledged(&reopened[0]);
    let closed = submit(&house, vec![revising(&draft, &whole, "e", (&record, 4))]).await;
    assert!(acknowledged(&closed[0]).born.is_none(), "no second permit");
    assert_eq!(size(&house), 6);
}

#[tokio::test]
async fn a_case_told_at_once_bears_too_unless_it_names_a_permit() {
    let house = house();
    let (draft, whole) = closed();
    let by_hand =
        Case { permit_record_id: record::RecordId::new(NOW, [9; 10]).to_string(), ..whole.clone() };
    let mut other = draft.clone();
    other.head.natural_key.as_mut().unwrap().ordinal = 1;
    let submissions = vec![submission(&draft, &whole, "a"), submission(&other, &by_hand, "b")];
    let answer = submit(&house, submissions).await;
    assert!(acknowledged(&answer[0]).born.is_some());
    assert!(acknowledged(&answer[1]).born.is_none());
    assert_eq!(size(&house), 3);
}

#[tokio::test]
async fn a_permit_that_breaks_rules_keeps_its_closing_out_and_every_slip_is_named() {
    let house = house();
    let (draft, whole) = closed();
    let bad = Case {
        permit_valid_until: String::new(),
        result_validity: "三年".to_owned(),
        applicant_id: "330102".to_owned(),
        ..whole.clone()
    };
    let answer = submit(&house, vec![submission(&draft, &bad, "a")]).await;
    let Outcome::Refusal(refusal) = &answer[0] else { panic!("{answer:?}") };
    let fields: Vec<_> = refusal.violations.iter().map(|one| one.field.as_str()).collect();
    assert!(fields.contains(&"permit.open.permit.valid_until"), "{fields:?}");
    assert!(fields.contains(&"permit.closed.permit.person_id"), "{fields:?}");
    for one in &refusal.violations {
        assert!(one.remedy_en.contains("permit_record_id"), "{}", one.remedy_en);
        assert!(!one.value.contains("330102"), "a person's number is masked: {}", one.value);
    }
    let until = refusal.violations.iter().find(|one| one.field.ends_with("valid_until")).unwrap();
    assert!(until.remedy_zh.contains("open.case.permit_valid_until"), "{}", until.remedy_zh);
    assert_eq!(size(&house), 0, "nothing of either is stored");
}

#[tokio::test]
async fn a_permit_that_is_there_already_is_named_and_the_way_out_works() {
    let house = house();
    let (draft, whole) = closed();
    let first = submit(&house, vec![submission(&draft, &whole, "a")]).await;
    let born = acknowledged(&first[0]).born.clone().unwrap();
    // Another case about the same document.
    let mut other = draft.clone();
    other.head.natural_key.as_mut().unwrap().ordinal = 1;
    let refused_ = submit(&house, vec![submission(&other, &whole, "b")]).await;
    assert_eq!(refused(&refused_[0]), "natural-key-taken");
    let Outcome::Refusal(refusal) = &refused_[0] else { panic!("it was refused") };
    assert_eq!(refusal.violations[0].field, "permit.head.natural_key");
    assert!(refusal.violations[0].message_en.contains(&born.record_id));
    assert_eq!(size(&house), 2);
    let named = Case { permit_record_id: born.record_id, ..whole };
    let answer = submit(&house, vec![submission(&other, &named, "b")]).await;
    assert!(acknowledged(&answer[0]).born.is_none());
}
