//! A case walks through every state, no illegal step gets through, and each slip is told by its code.

use super::*;
use crate::body::Body;
use crate::calendar::Calendar;
use crate::date::Date;
use crate::edition::Edition;
use crate::form::{Form, Masking};
use crate::generate::Generator;
use crate::kind::Kind;
use crate::profile::Profile;

fn today() -> Date {
    Date::new(2026, 1, 1).unwrap()
}

fn cases() -> impl Iterator<Item = Case> {
    Generator::new(&Kind::Case, 5).unwrap().filter_map(|draft| {
        let Body::Case(case) = draft.body else { return None };
        Some(*case)
    })
}

/// A promised case of a permit item, granted and closed, without supplement or pause.
fn closed() -> Case {
    cases()
        .find(|case| {
            case.case_kind == "2"
                && case.state == "closed"
                && case.decision == "granted"
                && case.supplements.is_empty()
                && case.special_procedures.is_empty()
        })
        .unwrap()
}

fn in_state(state: State) -> Case {
    Case { state: state.to_string(), course: Vec::new(), ..closed() }
}

fn codes(found: &[crate::Violation]) -> Vec<(&'static str, &str)> {
    found.iter().map(|one| (one.code, one.field.as_str())).collect()
}

/// The way of §4.1 with its loop, then each side exit from where it may be left.
#[test]
fn a_case_goes_through_every_state() {
    use State::{
        Accepted, Closed, Decided, Deleted, Draft, Forwarded, Handling, Issued, Lapsed, Paused,
        Refused, Returned, Submitted, Supplement, Voided, Withdrawn,
    };
    let main = [
        Draft, Submitted, Supplement, Accepted, Handling, Paused, Handling, Decided, Issued, Closed,
    ];
    let exits = [
        (Supplement, Refused),
        (Supplement, Lapsed),
        (Submitted, Withdrawn),
        (Handling, Returned),
        (Issued, Voided),
        (Draft, Deleted),
        (Paused, Forwarded),
    ];
    let pairs = main.iter().copied().zip(main.iter().copied().skip(1)).chain(exits);
    let mut walked = vec![Draft];
    for (from, to) in pairs {
        assert_eq!(step(&in_state(from), &in_state(to), today()), [], "{from} → {to}");
        walked.push(to);
    }
    assert!(State::all().all(|state| walked.contains(&state)), "{walked:?}");
}

#[test]
fn every_illegal_edge_is_refused_by_name() {
    let mut refused = 0;
    for from in State::all() {
        for to in State::all() {
            let found = step(&in_state(from), &in_state(to), today());
            if from.may_become(to) {
                assert_eq!(found, [], "{from} → {to}");
                continue;
            }
            refused += 1;
            assert_eq!(codes(&found), [("case-transition-illegal", "open.case.state")]);
            let message = &found[0].message_en;
            assert!(message.contains(&format!("{from} → {to}")), "{message}");
            for follower in from.followers() {
                assert!(message.contains(follower.as_str()), "{message}");
                assert!(found[0].message_zh.contains(follower.zh()), "{}", found[0].message_zh);
            }
        }
    }
    let legal: usize = TRANSITIONS.iter().map(|(_, followers)| followers.len()).sum();
    assert_eq!(refused, 16 * 15 - legal);
}

/// A system that tells of a case only twice sends the states between as its course.
#[test]
fn states_between_two_revisions_are_judged_too() {
    let whole = closed();
    let first =
        Case { course: whole.course[..1].to_vec(), state: "submitted".into(), ..whole.clone() };
    assert_eq!(step(&first, &whole, today()), []);
    let mut gap = whole.clone();
    gap.course.remove(2);
    let found = step(&first, &gap, today());
    assert_eq!(codes(&found), [("case-transition-illegal", "open.case.course[2].state")]);
    let silent = Case { course: Vec::new(), ..whole };
    assert_eq!(
        codes(&step(&first, &silent, today())),
        [("case-transition-illegal", "open.case.state")]
    );
}

#[test]
fn progress_takes_nothing_back() {
    let before = closed();
    let found = |change: fn(&mut Case)| {
        let mut after = before.clone();
        change(&mut after);
        let found = step(&before, &after, today());
        found.into_iter().map(|one| (one.code, one.field)).collect::<Vec<_>>()
    };
    let trail = |field: &str| vec![("case-trail", format!("open.case.{field}"))];
    assert_eq!(found(|_| {}), []);
    assert_eq!(found(|case| case.steps.clear()), trail("steps[0]"));
    assert_eq!(found(|case| case.steps[0].name = "核准".into()), trail("steps[0]"));
    assert_eq!(found(|case| case.steps.push(Step::default())), []);
    assert_eq!(found(|case| case.course[0].entered_at.clear()), trail("course"));
    let number = ("case-number-changed", "open.case.case_number".to_owned());
    assert_eq!(found(|case| case.case_number = "1".into()), [number]);
}

type Change = fn(&mut Case);
const SLIPS: [(Change, &str, &str); 24] = [
    (|c| c.case_number.clear(), "required", "open.case.case_number"),
    (|c| c.case_number = "1".repeat(51), "too-long", "open.case.case_number"),
    (|c| c.case_kind = "3".into(), "not-in-list", "open.case.case_kind"),
    (|c| c.decision = "maybe".into(), "not-in-list", "open.case.decision"),
    (|c| c.accepted_at.clear(), "required", "open.case.accepted_at"),
    (|c| c.delivered_at = "2024-01-01".into(), "time", "open.case.delivered_at"),
    (|c| c.closed_at = "2001-01-01T00:00:00Z".into(), "case-time-order", "open.case.closed_at"),
    (|c| c.close_code = "2".into(), "closing-code", "open.case.close_code"),
    (|c| c.close_code.clear(), "closing-code", "open.case.close_code"),
    (|c| c.promise_days = 21, "promise-over-legal", "open.case.promise_days"),
    (|c| c.legal_days = 3000, "working-days", "open.case.legal_days"),
    (|c| c.case_kind = "1".into(), "immediate-not-same-day", "open.case.closed_at"),
    (
        |c| c.permit_document_number.clear(),
        "closing-needs-permit",
        "open.case.permit_document_number",
    ),
    (|c| c.permit_holder.clear(), "closing-needs-permit", "closed.case.permit_holder"),
    (
        |c| c.permit_decision_date = "2026-01-02".into(),
        "date-in-future",
        "open.case.permit_decision_date",
    ),
    (
        |c| c.parent_case_number = c.case_number.clone(),
        "case-parent",
        "open.case.parent_case_number",
    ),
    (
        |c| c.branch_case_numbers = vec!["甲1号".into(), "甲1号".into()],
        "case-parent",
        "open.case.branch_case_numbers[1]",
    ),
    (
        |c| c.special_procedures = vec![special("3", "")],
        "not-in-list",
        "open.case.special_procedures[0].kind",
    ),
    (
        |c| c.special_procedures = vec![special("1", "11")],
        "extension-too-long",
        "open.case.special_procedures[0].days",
    ),
    (
        |c| c.special_procedures = vec![special("2", ""), special("1", "5")],
        "special-procedure-order",
        "open.case.special_procedures[1].kind",
    ),
    (|c| c.steps[0].opinion = "见".repeat(1001), "too-long", "closed.case.steps[0].opinion"),
    (
        |c| c.steps[0].started_at = "2024-01-01 09:00".into(),
        "time",
        "open.case.steps[0].started_at",
    ),
    (
        |c| c.payments.push(Payment { amount_yuan: "1.005".into(), ..Payment::default() }),
        "amount-yuan",
        "closed.case.payments[0].amount_yuan",
    ),
    (|c| drop(c.course.pop()), "case-course", "open.case.course"),
];

#[test]
fn single_slips_are_named() {
    for (change, code, field) in SLIPS {
        let mut case = closed();
        change(&mut case);
        let found = case.validate(today(), Profile::default());
        assert_eq!(codes(&found), [(code, field)], "{code} {field}");
    }
    assert_eq!(closed().validate(today(), Profile::default()), []);
}

fn special(kind: &str, days: &str) -> SpecialProcedure {
    SpecialProcedure { kind: kind.into(), days: days.into(), ..SpecialProcedure::default() }
}

#[test]
fn a_joint_approval_extends_by_fifteen() {
    let joint = |days: &str| {
        let mut case = closed();
        case.parent_case_number = "并联1号".into();
        case.special_procedures = vec![special("1", days)];
        case.validate(today(), Profile::default()).len()
    };
    assert_eq!((joint("15"), joint("16")), (0, 1));
}

#[test]
fn a_supplement_is_told_once_and_moves_the_acceptance() {
    let mut case =
        cases().find(|case| !case.supplements.is_empty() && case.state == "closed").unwrap();
    assert_eq!(case.validate(today(), Profile::default()), []);
    case.supplements.push(case.supplements[0].clone());
    assert_eq!(
        codes(&case.validate(today(), Profile::default())),
        [("supplement-twice", "open.case.supplements")]
    );
    case.supplements.pop();
    case.accepted_at.clone_from(&case.decided_at);
    let found = case.validate(today(), Profile::default());
    assert_eq!(codes(&found), [("acceptance-date", "open.case.accepted_at")]);
}

#[test]
fn a_step_without_an_end_is_open() {
    let step = |started_at: &str, ended_at: &str, status: &str| Step {
        started_at: started_at.into(),
        ended_at: ended_at.into(),
        status: status.into(),
        ..Step::default()
    };
    let at = "2024-03-01T09:00:00+08:00";
    assert!(step(at, "", "2").is_open());
    assert!(step(at, at, "1").is_open(), "table 7 repeats the start");
    assert!(!step(at, at, "2").is_open());
    assert!(!step(at, "2024-03-01T10:00:00+08:00", "1").is_open());
}

#[test]
fn invented_cases_end_everywhere() {
    let states: std::collections::BTreeSet<String> =
        cases().take(400).map(|case| case.state).collect();
    assert!(states.len() >= 6, "{states:?}");
}

#[test]
fn people_never_show() {
    let case = closed();
    let shown = format!("{case:?}");
    for person in [&case.applicant_name, &case.applicant_id, &case.handler, &case.permit_holder] {
        assert!(!person.is_empty() && !shown.contains(person.as_str()), "{shown}");
    }
}

/// The example of domain practice: promise 7, legal 10, accepted on a Monday.
#[test]
fn special_procedures_move_both_limits() {
    let mut case = in_state(State::Handling);
    case.accepted_at = "2018-10-15T10:00:00+08:00".into();
    case.closed_at.clear();
    (case.promise_days, case.legal_days) = (7, 10);
    let clock = |case: &Case, now: &str| {
        Clock::of(case, Calendar::china(), now.parse().unwrap()).unwrap().unwrap()
    };
    let at = |text: &str| Some(text.parse().unwrap());
    let plain = clock(&case, "2018-10-24T10:00:00+08:00");
    assert_eq!(plain.promise, at("2018-10-24T10:00:00+08:00"));
    assert_eq!(plain.legal, at("2018-10-29T10:00:00+08:00"));
    assert_eq!((plain.used_days, plain.moved_days, plain.paused), (7, 0, false));
    assert!(!plain.broke_promise("2018-10-24T10:00:00+08:00".parse().unwrap()));
    assert!(plain.broke_promise("2018-10-24T10:00:01+08:00".parse().unwrap()));

    case.special_procedures = vec![SpecialProcedure {
        started_at: "2018-10-16T10:00:00+08:00".into(),
        ended_at: "2018-10-19T10:00:00+08:00".into(),
        ..special("2", "")
    }];
    let moved = clock(&case, "2018-10-24T10:00:00+08:00");
    assert_eq!(moved.promise, at("2018-10-29T10:00:00+08:00"));
    assert_eq!(moved.legal, at("2018-11-01T10:00:00+08:00"));
    assert_eq!((moved.used_days, moved.moved_days), (4, 3));

    case.special_procedures[0].ended_at.clear();
    let running = clock(&case, "2018-10-17T10:00:00+08:00");
    assert_eq!((running.used_days, running.moved_days, running.paused), (1, 1, true));
    case.special_procedures = vec![special("1", "5")];
    assert_eq!(clock(&case, "2018-10-17T10:00:00+08:00").moved_days, 5);
    case.accepted_at.clear();
    assert_eq!(Clock::of(&case, Calendar::china(), crate::Timestamp(0)), Ok(None));
}

#[test]
fn a_late_notice_of_a_supplement_is_told() {
    let mut case = in_state(State::Supplement);
    case.close_code.clear();
    case.applied_at = "2024-04-26T16:00:00+08:00".into();
    for time in [&mut case.accepted_at, &mut case.decided_at, &mut case.delivered_at] {
        time.clear();
    }
    case.closed_at.clear();
    // Five working days from Friday 26 April, across a made-up Sunday and the holidays: 7 May.
    let told = |day: &str| {
        let notified_at = format!("{day}T09:00:00+08:00");
        vec![Supplement { notified_at, ..Supplement::default() }]
    };
    case.supplements = told("2024-05-07");
    assert_eq!(codes(&case.validate(today(), Profile::default())), []);
    case.supplements = told("2024-05-08");
    let found = case.validate(today(), Profile::default());
    assert_eq!(codes(&found), [("supplement-notice-late", "open.case.supplements[0].notified_at")]);
}

/// `docs/cases.md` shows the table as it is.
#[test]
fn the_page_of_states_is_the_table() {
    let page = include_str!("../../../../docs/cases.md");
    for state in State::all() {
        let followers: Vec<String> =
            state.followers().iter().map(|follower| format!("`{follower}`")).collect();
        let followers = if state.is_end() { "an end".to_owned() } else { followers.join(" ") };
        let row = page.lines().find(|line| line.starts_with(&format!("| `{state}` |"))).unwrap();
        assert!(row.contains(&format!("| {} |", state.zh())), "{row}");
        assert!(row.ends_with(&format!("| {followers} |")), "{row}");
        for code in state.closing_codes() {
            assert!(row.contains(&format!("{code} ")), "{row}");
        }
    }
}

#[test]
fn the_code_lists_are_the_tables() {
    let listed: Vec<_> = crate::lists::CASE_STATE.entries.to_vec();
    let states: Vec<_> =
        State::all().map(|state| (state.as_str(), state.zh(), state.en())).collect();
    assert_eq!(listed, states);
    let codes = crate::lists::CASE_FINISH.entries.iter().map(|(code, ..)| *code);
    assert!(codes.into_iter().all(|code| State::of_closing_code(code).is_some()));
}

#[test]
fn words_of_the_lists_are_read_like_their_codes() {
    let mut case = closed();
    case.state = "办结".into();
    case.decision = "准予".into();
    case.item_type = "行政许可".into();
    case.close_code = "出证办结".into();
    assert_eq!(case.validate(today(), Profile::default()), []);
    case.permit_holder.clear();
    let found = case.validate(today(), Profile::default());
    assert_eq!(codes(&found), [("closing-needs-permit", "closed.case.permit_holder")]);
}

/// Rows travel in a form as one cell of JSON and come back whole.
#[test]
fn a_form_carries_a_case_whole() {
    for draft in Generator::new(&Kind::Case, 11).unwrap().take(60) {
        let form = Form::of(&draft.head, &draft.body, draft.label, Masking::Full);
        let read = form.read(Edition::default());
        assert_eq!(read.unread, []);
        assert_eq!(read.draft.body, draft.body);
        assert_eq!(Form::of(&read.draft.head, &read.draft.body, draft.label, Masking::Full), form);
        let public = Form::of(&draft.head, &draft.body, draft.label, Masking::Public);
        assert_eq!(public.value("applicant_name"), "");
        assert_eq!(public.value("state"), form.value("state"));
    }
    let mut form = Form::new(Kind::Case);
    form.set("steps", "[{\"name\":\"审查\",\"unknown\":\"x\"}]").unwrap();
    assert_eq!(form.read(Edition::default()).unread.len(), 1);
}
