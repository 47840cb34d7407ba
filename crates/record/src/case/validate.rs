//! What must hold of one case by itself: its fields, its rows, and that its story is possible.
//!
//! What a state demands comes from the state: nothing is accepted without a time of acceptance,
//! nothing closed without a closing code. Whether a clock ran out needs a calendar and breaks no rule
//! of form: see `clock`.

use super::rows::{EXTENSION, SPECIAL};
use super::step::way;
use super::{Case, Row, State};
use crate::calendar::Calendar;
use crate::date::Date;
use crate::decimal::Yuan;
use crate::field::{CASE_BODY, check};
use crate::lists::{self, List};
use crate::profile::Profile;
use crate::rules::{self, Report};
use crate::time::Timestamp;
use crate::violation::Violation;

/// Most rows in a list of a case.
pub const CASE_ROWS_MAX: usize = 1000;
/// Most working days of a limit: ten years.
pub const LIMIT_DAYS_MAX: u32 = 2500;
/// Most working days of an extension (行政许可法第四十二条).
pub const EXTENSION_DAYS_MAX: u32 = 10;
/// The same in a joint approval.
pub const JOINT_EXTENSION_DAYS_MAX: u32 = 15;

impl Case {
    /// All violations; none for a valid case.
    pub fn validate(&self, today: Date, profile: Profile) -> Vec<Violation> {
        let mut report = Report::new("case", today, profile);
        check(&CASE_BODY, &self.slots(), &mut report);
        self.rows(&mut report);
        self.states(&mut report);
        self.times(&mut report);
        self.limits(&mut report);
        self.special(&mut report);
        self.family(&mut report);
        self.permit(&mut report);
        report.into_violations()
    }

    fn rows(&self, report: &mut Report<'_>) {
        rows("course", &self.course, report);
        rows("steps", &self.steps, report);
        rows("supplements", &self.supplements, report);
        rows("special_procedures", &self.special_procedures, report);
        rows("evaluations", &self.evaluations, report);
        rows("materials", &self.materials, report);
        rows("payments", &self.payments, report);
        rows("supervisions", &self.supervisions, report);
        for (place, payment) in self.payments.iter().enumerate() {
            let amount = &payment.amount_yuan;
            if !amount.is_empty() && amount.parse::<Yuan>().is_err() {
                report.add(
                    &rules::YUAN,
                    "closed",
                    &format!("payments[{place}].amount_yuan"),
                    amount,
                );
            }
        }
        for (place, evaluation) in self.evaluations.iter().enumerate() {
            let field = |name: &str| format!("evaluations[{place}].{name}");
            one_of(&["1", "2"], "open", &field("number"), &evaluation.number, report);
            one_of(
                &["1", "2", "3", "4", "5"],
                "open",
                &field("satisfaction"),
                &evaluation.satisfaction,
                report,
            );
        }
    }

    /// The state, the course that leads to it, and what it demands.
    fn states(&self, report: &mut Report<'_>) {
        let Some(state) = self.stands() else { return };
        for (place, entered) in self.course.iter().enumerate() {
            if State::spoken(&entered.state).is_none() {
                let field = format!("course[{place}].state");
                report.add(&rules::NOT_IN_LIST, "open", &field, &entered.state);
            }
        }
        if let Some(last) = self.course.last() {
            if State::spoken(&last.state) == Some(state) {
                way(None, &self.course, 0, None, report);
            } else {
                report.add(&rules::CASE_COURSE, "open", "course", &last.state);
            }
        }
        for (field, value) in self.demanded(state) {
            report.required("open", field, value);
        }
        let code = &self.close_code;
        let fits = if code.is_empty() {
            state != State::Closed
        } else {
            state.closing_codes().contains(&code_of(&lists::CASE_FINISH, code))
        };
        if !fits {
            report.add(&rules::CLOSING_CODE, "open", "close_code", code);
        }
    }

    fn demanded(&self, state: State) -> Vec<(&'static str, &str)> {
        let applied = ("applied_at", &*self.applied_at);
        let accepted = ("accepted_at", &*self.accepted_at);
        let decided = [("decision", &*self.decision), ("decided_at", &*self.decided_at)];
        let delivered = ("delivered_at", &*self.delivered_at);
        let closed = ("closed_at", &*self.closed_at);
        let mut demanded = match state {
            State::Draft | State::Deleted | State::Voided => Vec::new(),
            State::Submitted
            | State::Supplement
            | State::Refused
            | State::Withdrawn
            | State::Returned
            | State::Lapsed => vec![applied],
            State::Accepted
            | State::Handling
            | State::Paused
            | State::Forwarded
            | State::Decided
            | State::Issued
            | State::Closed => vec![applied, accepted],
        };
        if matches!(state, State::Decided | State::Issued | State::Closed) {
            demanded.extend(decided);
        }
        if matches!(state, State::Issued | State::Closed) {
            demanded.push(delivered);
        }
        if state == State::Closed {
            demanded.push(closed);
        }
        demanded
    }

    fn times(&self, report: &mut Report<'_>) {
        let mut earlier: Option<Timestamp> = None;
        for (field, text) in [
            ("applied_at", &self.applied_at),
            ("accepted_at", &self.accepted_at),
            ("decided_at", &self.decided_at),
            ("delivered_at", &self.delivered_at),
            ("closed_at", &self.closed_at),
        ] {
            let at = text.parse::<Timestamp>().ok();
            if let (Some(at), Some(before)) = (at, earlier)
                && at < before
            {
                report.add(&rules::CASE_TIME_ORDER, "open", field, text);
            }
            earlier = at.or(earlier);
        }
        self.supplemented(report);
        if code_of(&lists::CASE_KIND, &self.case_kind) == IMMEDIATE
            && let (Some(accepted), Some(closed)) = (day(&self.accepted_at), day(&self.closed_at))
            && accepted != closed
        {
            report.add(&rules::SAME_DAY, "open", "closed_at", &self.closed_at);
        }
    }

    /// Told once; and the acceptance is of the day on which the supplement was complete.
    fn supplemented(&self, report: &mut Report<'_>) {
        if self.supplements.len() > 1 {
            let count = self.supplements.len().to_string();
            report.add(&rules::SUPPLEMENT_TWICE, "open", "supplements", &count);
        }
        let Some(first) = self.supplements.first() else { return };
        if let (Some(applied), Some(told)) = (day(&self.applied_at), day(&first.notified_at))
            && let Ok(took) = Calendar::china().working_days_between(applied, told)
            && took > NOTICE_DAYS
        {
            let field = "supplements[0].notified_at";
            report.add(&rules::SUPPLEMENT_LATE, "open", field, &first.notified_at);
        }
        let Some(accepted) = day(&self.accepted_at) else { return };
        // A supplement asked for while the case is at work pauses it and moves no acceptance.
        if day(&first.notified_at).is_none_or(|told| told > accepted) {
            return;
        }
        if day(&first.completed_at).is_some_and(|complete| complete != accepted) {
            report.add(&rules::ACCEPTANCE_DATE, "open", "accepted_at", &self.accepted_at);
        }
    }

    fn limits(&self, report: &mut Report<'_>) {
        for (field, days) in [("promise_days", self.promise_days), ("legal_days", self.legal_days)]
        {
            if days > LIMIT_DAYS_MAX {
                report.add(&rules::WORKING_DAYS, "open", field, &days.to_string());
            }
        }
        if self.legal_days != 0 && self.promise_days > self.legal_days {
            let days = self.promise_days.to_string();
            report.add(&rules::PROMISE_OVER_LEGAL, "open", "promise_days", &days);
        }
    }

    /// Once another special procedure was used, the limit is not extended any more.
    fn special(&self, report: &mut Report<'_>) {
        let most = if self.is_joint() { JOINT_EXTENSION_DAYS_MAX } else { EXTENSION_DAYS_MAX };
        let mut special = false;
        for (place, procedure) in self.special_procedures.iter().enumerate() {
            let field = |name: &str| format!("special_procedures[{place}].{name}");
            if procedure.kind.is_empty() {
                report.add(&rules::REQUIRED, "open", &field("kind"), "");
            }
            one_of(&[EXTENSION, SPECIAL], "open", &field("kind"), &procedure.kind, report);
            special |= procedure.kind == SPECIAL;
            if !procedure.is_extension() {
                continue;
            }
            if special {
                report.add(&rules::SPECIAL_ORDER, "open", &field("kind"), &procedure.kind);
            }
            let days = procedure.days.parse::<u32>().ok();
            if !days.is_some_and(|days| (1..=most).contains(&days)) {
                report.add(&rules::EXTENSION_DAYS, "open", &field("days"), &procedure.days);
            }
        }
    }

    fn family(&self, report: &mut Report<'_>) {
        let (number, parent) = (&self.case_number, &self.parent_case_number);
        if !number.is_empty() && number == parent {
            report.add(&rules::CASE_PARENT, "open", "parent_case_number", parent);
        }
        for (place, branch) in self.branch_case_numbers.iter().enumerate() {
            let field = format!("branch_case_numbers[{place}]");
            report.at_most("open", &field, branch, 50);
            let twice = self.branch_case_numbers.iter().take(place).any(|other| other == branch);
            if branch == number || branch == parent || twice {
                report.add(&rules::CASE_PARENT, "open", &field, branch);
            }
        }
    }

    /// A permit is born in the closing of its case: all that its record will need is told there.
    fn permit(&self, report: &mut Report<'_>) {
        if !self.bears_permit() {
            return;
        }
        let fields = [
            ("permit_document_number", &self.permit_document_number),
            ("permit_document_title", &self.permit_document_title),
            ("permit_category", &self.permit_category),
            ("permit_decision_date", &self.permit_decision_date),
            ("permit_authority_code", &self.permit_authority_code),
            ("permit_source_name", &self.permit_source_name),
            ("permit_source_code", &self.permit_source_code),
        ];
        for (field, value) in fields {
            if value.trim().is_empty() {
                report.add(&rules::CLOSING_NEEDS_PERMIT, "open", field, value);
            }
        }
        if self.permit_holder.trim().is_empty() {
            report.add(&rules::CLOSING_NEEDS_PERMIT, "closed", "permit_holder", "");
        }
    }
}

/// Every text of a list within its column's length; its times with a zone, its days in the calendar.
fn rows<R: Row>(list: &str, rows: &[R], report: &mut Report<'_>) {
    if rows.len() > CASE_ROWS_MAX {
        report.add(&rules::TOO_LONG, "open", list, &rows.len().to_string());
        return;
    }
    for (place, row) in rows.iter().enumerate() {
        for column in R::COLUMNS {
            let text = row.text(column.name).unwrap_or_default();
            if text.is_empty() {
                continue;
            }
            let part = if column.open { "open" } else { "closed" };
            let field = format!("{list}[{place}].{}", column.name);
            report.at_most(part, &field, text, column.max);
            if column.open {
                report.public(part, &field, text);
            }
            if column.name.ends_with("_at") {
                moment(part, &field, text, report);
            } else if column.name.ends_with("_on") {
                report.date(part, &field, text);
            }
        }
    }
}

/// The time that a text is, told when it is none.
fn moment(part: &str, field: &str, text: &str, report: &mut Report<'_>) -> Option<Timestamp> {
    if text.is_empty() {
        return None;
    }
    let at = text.parse().ok();
    if at.is_none() {
        report.add(&rules::TIME, part, field, text);
    }
    at
}

/// The day in China on which something happened.
pub(super) fn day(text: &str) -> Option<Date> {
    Date::in_china(text.parse().ok()?)
}

/// The code of a value that is a code or a word of the list.
pub(super) fn code_of<'a>(list: &List, text: &'a str) -> &'a str {
    list.code(text).unwrap_or(text)
}

fn one_of(list: &[&str], part: &str, field: &str, value: &str, report: &mut Report<'_>) {
    if !value.is_empty() && !list.contains(&value) {
        report.add(&rules::NOT_IN_LIST, part, field, value);
    }
}

/// Working days within which the applicant is told what is missing.
const NOTICE_DAYS: u32 = 5;
/// A.6 `1` 即办件.
const IMMEDIATE: &str = "1";
/// A.1 `01` 行政许可.
pub(super) const PERMIT_ITEM: &str = "01";
/// 准予.
pub(super) const GRANTED: &str = "granted";
