//! From one revision of a case to the next: whether that step is one the table has.
//!
//! A system that tells of every step sends a revision each; one that tells of a case twice sends the
//! states in between as its course. Both are judged the same: every pair of states on the way must be
//! a transition. A step adds to the trail and takes nothing back; who recorded something wrongly sends
//! a correction, which is not judged here.

use super::{Case, Entered, Row, State};
use crate::date::Date;
use crate::profile::Profile;
use crate::rules::{self, Report};
use crate::violation::Violation;

/// Why `next` may not follow `previous`; nothing when it may.
pub fn step(previous: &Case, next: &Case, today: Date) -> Vec<Violation> {
    let mut report = Report::new("case", today, Profile::default());
    if previous.case_number != next.case_number {
        report.add(&rules::CASE_NUMBER_CHANGED, "open", "case_number", &next.case_number);
    }
    trail(previous, next, &mut report);
    let known = previous.course.len();
    let kept = next.course.get(..known) == Some(previous.course.as_slice());
    if !kept && !next.course.is_empty() {
        report.add(&rules::CASE_TRAIL, "open", "course", "");
    }
    let new = if kept { known } else { next.course.len() };
    way(previous.stands(), &next.course, new, next.stands(), &mut report);
    report.into_violations()
}

/// Judges the way from `from` through `course`, its first `known` left out, to `to`; a state that is none is told elsewhere.
pub(super) fn way(
    from: Option<State>,
    course: &[Entered],
    known: usize,
    to: Option<State>,
    report: &mut Report<'_>,
) {
    let mut at = from;
    for (place, entered) in course.iter().enumerate().skip(known) {
        let Some(next) = State::spoken(&entered.state) else { return };
        pair(at, next, &format!("course[{place}].state"), report);
        at = Some(next);
    }
    if let Some(to) = to {
        pair(at, to, "state", report);
    }
}

fn pair(from: Option<State>, to: State, field: &str, report: &mut Report<'_>) {
    let Some(from) = from.filter(|from| !from.may_become(to)) else { return };
    let named = |word: fn(State) -> &'static str, between: &str| {
        let words: Vec<&str> = from.followers().iter().copied().map(word).collect();
        words.join(between)
    };
    let (zh, en) = if from.is_end() {
        ("办件已经结束".to_owned(), "the case has ended".to_owned())
    } else {
        (
            format!("可转为 {}", named(State::zh, "、")),
            format!("{from} may become {}", named(State::as_str, ", ")),
        )
    };
    let more = [format!("：{} → {}；{zh}", from.zh(), to.zh()), format!(": {from} → {to}; {en}")];
    let more = more.each_ref().map(String::as_str);
    report.told(&rules::CASE_TRANSITION, "open", field, to.as_str(), more);
}

/// Lists of what happened only grow, and what is over in them stays as it was.
fn trail(previous: &Case, next: &Case, report: &mut Report<'_>) {
    grown("open", "steps", &previous.steps, &next.steps, report);
    grown("open", "supplements", &previous.supplements, &next.supplements, report);
    let (before, after) = (&previous.special_procedures, &next.special_procedures);
    grown("open", "special_procedures", before, after, report);
    grown("open", "evaluations", &previous.evaluations, &next.evaluations, report);
    grown("closed", "payments", &previous.payments, &next.payments, report);
    grown("closed", "supervisions", &previous.supervisions, &next.supervisions, report);
}

/// A row may be filled in, but a text once said is not changed or taken back.
fn grown<R: Row>(part: &str, list: &str, before: &[R], after: &[R], report: &mut Report<'_>) {
    for (place, old) in before.iter().enumerate() {
        let kept = after.get(place).is_some_and(|new| {
            R::COLUMNS.iter().all(|column| {
                let said = old.text(column.name).unwrap_or_default();
                said.is_empty()
                    || MAY_CHANGE.contains(&column.name)
                    || new.text(column.name) == Some(said)
            })
        });
        if !kept {
            report.add(&rules::CASE_TRAIL, part, &format!("{list}[{place}]"), "");
        }
    }
}

/// Columns of a row that change while it goes on: a step from 待办 to 已办, an end that repeated the
/// start, a date put off, a procedure that becomes longer.
const MAY_CHANGE: [&str; 5] = ["status", "ended_at", "due_on", "days", "opinion"];
