//! Suite `cases`: a case (办件) goes through its states in a running county, an illegal step is refused by
//! name, and the permit born in its closing, which nobody wrote, reaches the province.

#![cfg(test)]

use std::path::Path;

use record::case::State;
use record::{Body, Case, Draft, Generator, Kind, Revises, RevisionKind};
use suites::caller::{Caller, Seen, acknowledged, refusal};
use suites::eventually::eventually_async;
use suites::halls::{self, DEADLINE, Grounds};
use suites::process::Hall;
use tonic::Code;
use wire::v1;

/// A case that was granted and closed, with the states it went through.
fn granted() -> (Draft, Case) {
    let closed = |draft: Draft| {
        let Body::Case(case) = &draft.body else { return None };
        let case = Case::clone(case);
        (case.state == "closed" && case.decision == "granted").then_some((draft, case))
    };
    Generator::new(&Kind::Case, 3).unwrap().find_map(closed).unwrap()
}

/// The case as it stood when it had entered `states` of its states.
fn then(whole: &Case, states: usize) -> Case {
    let course = whole.course[..states].to_vec();
    let been = |state: State| course.iter().any(|entered| entered.state == state.as_str());
    let mut case = Case { state: course[states - 1].state.clone(), ..whole.clone() };
    if !been(State::Closed) {
        case.closed_at.clear();
        case.close_code.clear();
        case.closing_handler.clear();
        case.evaluations.clear();
    }
    if !been(State::Issued) {
        case.delivered_at.clear();
    }
    if !been(State::Decided) {
        let blank = Case::default();
        case = Case {
            decision: blank.decision,
            decided_at: blank.decided_at,
            result_name: blank.result_name,
            result_number: blank.result_number,
            result_validity: blank.result_validity,
            result_issuer: blank.result_issuer,
            permit_document_number: blank.permit_document_number,
            permit_document_title: blank.permit_document_title,
            permit_category: blank.permit_category,
            permit_decision_date: blank.permit_decision_date,
            permit_authority_code: blank.permit_authority_code,
            permit_source_name: blank.permit_source_name,
            permit_source_code: blank.permit_source_code,
            permit_content: blank.permit_content,
            permit_valid_until: blank.permit_valid_until,
            permit_holder: blank.permit_holder,
            ..case
        };
    }
    if !been(State::Handling) {
        case.steps.clear();
        case.handler.clear();
    }
    if !been(State::Accepted) {
        case.accepted_at.clear();
        case.acceptance_number.clear();
    }
    Case { course, ..case }
}

fn submission(draft: &Draft, case: Case, step: usize) -> v1::Submission {
    let mut draft = Draft { body: Body::Case(Box::new(case)), ..draft.clone() };
    draft.head.message_id = format!("{}-step-{step}", draft.head.message_id);
    v1::Submission { sharing_class: "open".to_owned(), audience: 0, ..wire::submission(&draft) }
}

fn progress(draft: &Draft, record: &str, revision: u32, case: Case) -> v1::Submission {
    let mut draft = draft.clone();
    draft.head.revises = Some(Revises {
        record: record.parse().unwrap(),
        revision,
        kind: RevisionKind::Progress,
        reason: "办理进展".to_owned(),
        successor: None,
        successor_number: String::new(),
    });
    submission(&draft, case, usize::try_from(revision).unwrap())
}

async fn entered(caller: &Caller, one: v1::Submission) -> v1::Acknowledgement {
    let outcome = caller.submit_one(one).await.unwrap();
    acknowledged(&outcome).unwrap_or_else(|| panic!("{outcome:?}")).clone()
}

/// What a hall's feed shows of a record, once it shows `count` entries of it.
async fn shown(hall: &Path, record: &str, count: usize) -> Vec<Seen> {
    let caller = Caller::dial(hall, "system").await.unwrap();
    eventually_async(DEADLINE, "the entries of the record", async || {
        let mut seen = caller.seen().await.unwrap();
        seen.retain(|one| one.stamp.record_id == record);
        Some(seen).filter(|seen| seen.len() == count)
    })
    .await
}

#[tokio::test]
async fn a_case_goes_through_its_states_and_its_permit_reaches_the_province() {
    let grounds = Grounds::new();
    let province = grounds.found("220000");
    let county = grounds.join("220122", &province);
    halls::hurry(&county);
    let _province = Hall::serve(&province).unwrap();
    let mut county_serving = Hall::serve(&county).unwrap();
    halls::level(&county);
    let caller = Caller::dial(&county, "system").await.unwrap();

    let (draft, whole) = granted();
    let steps = whole.course.len();
    let record = entered(&caller, submission(&draft, then(&whole, 1), 0)).await.record_id;

    // Decided before it was accepted: the answer says from where to where.
    let jump = Case { course: Vec::new(), ..then(&whole, steps - 1) };
    let jump = caller.submit_one(progress(&draft, &record, 1, jump)).await.unwrap();
    let (code, codes) = refusal(&jump).unwrap();
    assert_eq!(code, Code::InvalidArgument);
    assert!(codes.contains(&"case-transition-illegal"), "{codes:?}");

    for step in 2..=steps {
        let revision = u32::try_from(step - 1).unwrap();
        let next = progress(&draft, &record, revision, then(&whole, step));
        assert_eq!(entered(&caller, next).await.revision, revision + 1);
    }
    let last = u32::try_from(steps).unwrap();
    let back = Case { course: Vec::new(), ..then(&whole, steps - 1) };
    let back = caller.submit_one(progress(&draft, &record, last, back)).await.unwrap();
    let codes = refusal(&back).unwrap().1;
    assert!(codes.contains(&"case-transition-illegal"), "{codes:?}");

    // The permit was born in the closing, nobody wrote it; closing again gives the same answer.
    let closing = progress(&draft, &record, last - 1, whole.clone());
    let told = entered(&caller, closing.clone()).await;
    let born = told.born.clone().expect("the closing says which permit was born");
    assert_eq!((told.repeated_message, told.revision), (true, last));
    let again = entered(&caller, closing).await;
    assert_eq!((again.index, again.born.as_ref()), (told.index, Some(&born)));

    // Both reach the province, and there each names the other.
    let seen = shown(&province, &record, steps).await;
    let order: Vec<_> = seen.iter().map(|one| one.stamp.revision).collect();
    assert_eq!(order, (1..=last).collect::<Vec<_>>());
    let closed = seen.last().unwrap();
    let Some(Body::Case(case)) = wire::body_from_parts(&closed.open, &[]).unwrap() else {
        panic!("a case");
    };
    assert_eq!(case.permit_record_id, born.record_id);
    let permit = shown(&province, &born.record_id, 1).await.remove(0);
    let Some(Body::Permit(read)) = wire::body_from_parts(&permit.open, &[]).unwrap() else {
        panic!("a permit");
    };
    assert_eq!((&read.case_number, &read.case_record_id), (&whole.case_number, &record));
    assert_eq!((permit.index, &permit.ledger), (closed.index + 1, &closed.ledger));
    assert_eq!(read.document_number, whole.permit_document_number);
    halls::verify(&county).ok();

    // Killed and started again, the county still has one permit, and the same answer.
    county_serving.kill().unwrap();
    let _county = Hall::serve(&county).unwrap();
    let caller = Caller::dial(&county, "system").await.unwrap();
    let closing = progress(&draft, &record, last - 1, whole.clone());
    assert_eq!(entered(&caller, closing).await.born.as_ref(), Some(&born));
    let permits = shown(&county, &born.record_id, 1).await;
    assert_eq!(permits.len(), 1);
}

#[tokio::test]
async fn a_permit_that_may_not_be_born_keeps_its_closing_open() {
    let grounds = Grounds::new();
    let hall = grounds.found("220122");
    let _serving = Hall::serve(&hall).unwrap();
    let caller = Caller::dial(&hall, "system").await.unwrap();
    let (draft, whole) = granted();
    let (issued, steps) = (whole.course.len() - 1, u32::try_from(whole.course.len()).unwrap());
    let record = entered(&caller, submission(&draft, then(&whole, issued), 0)).await.record_id;

    let without_end = Case { permit_valid_until: String::new(), ..whole.clone() };
    let refused = caller.submit_one(progress(&draft, &record, 1, without_end)).await.unwrap();
    let Some(v1::outcome::Outcome::Refusal(told)) = refused.outcome else { panic!("{refused:?}") };
    let one = told.violations.first().unwrap();
    assert_eq!((told.violations.len(), &*one.field), (1, "permit.open.permit.valid_until"));
    assert!(one.remedy_zh.contains("permit_valid_until"), "{}", one.remedy_zh);
    assert!(one.remedy_en.contains("permit_valid_until"), "{}", one.remedy_en);
    assert_eq!(caller.seen().await.unwrap().len(), 1, "neither is stored");

    // Told in full, by the command, which says in both languages what was born.
    let mut mended = progress(&draft, &record, 1, whole);
    mended.profile = "cn-2.1".to_owned();
    let file = grounds.path().join("closing.jsonl");
    std::fs::write(&file, wire::submission_to_json(&mended).unwrap() + "\n").unwrap();
    let answer = halls::ask(&hall, &["submit", file.to_str().unwrap()]).ok();
    assert_eq!((answer.number("acknowledged"), answer.number("born")), (1, 1));
    let permit = answer.json["births"][0]["permit"].as_str().unwrap().to_owned();
    assert!(answer.stderr.contains(&format!("生成许可 {permit}")), "{}", answer.stderr);
    assert!(answer.stderr.contains(&format!("bore permit {permit}")), "{}", answer.stderr);
    assert_eq!(caller.seen().await.unwrap().len(), 3, "case, closing, permit; {steps} states");
}
