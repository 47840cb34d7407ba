//! States of a case (办件状态) and the steps between them, as one table.
//!
//! The states are what the lists seen in halls have in common; the national closing codes
//! (BJJGDM 办结结果代码) hang on the states in which a case ends. A void or a delete is a state: the
//! record stays and says so. What is not in [`TRANSITIONS`] is illegal, and [`State::may_become`] is
//! the only reader of the table.
//!
//! Absent on purpose: who may make a step, and when it is late (`clock`).

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// 暂存: being written, nobody has asked for anything yet.
    Draft,
    /// 申请: handed in.
    Submitted,
    /// 补正: something is missing, and the applicant was told once what.
    Supplement,
    /// 受理: taken on; the clocks run.
    Accepted,
    /// 不予受理: not taken on. An end.
    Refused,
    /// 办理: at work.
    Handling,
    /// 暂停: a special procedure, a late supplement or a report upwards stops the clocks.
    Paused,
    /// 决定: granted or not.
    Decided,
    /// 送达: the decision is with the applicant.
    Issued,
    /// 办结: done. An end.
    Closed,
    /// 申请人撤回: the applicant took it back. An end.
    Withdrawn,
    /// 退件: given back. An end.
    Returned,
    /// 作废: void. An end.
    Voided,
    /// 删除: entered by mistake. An end, and a state like any other.
    Deleted,
    /// 转报办结: another level decides. An end here.
    Forwarded,
    /// 补正不来: the supplement never came. An end.
    Lapsed,
}

/// What is said of one state: its name in a record, in Chinese and English, and the national closing
/// codes that go with it.
struct Row {
    state: State,
    name: &'static str,
    zh: &'static str,
    en: &'static str,
    closing_codes: &'static [&'static str],
}

const fn row(
    state: State,
    name: &'static str,
    [zh, en]: [&'static str; 2],
    closing_codes: &'static [&'static str],
) -> Row {
    Row { state, name, zh, en, closing_codes }
}

/// One row a state, in the order of a case's life.
const STATES: [Row; 16] = [
    row(State::Draft, "draft", ["暂存", "draft"], &[]),
    row(State::Submitted, "submitted", ["申请", "submitted"], &[]),
    row(State::Supplement, "supplement", ["补正", "supplement asked for"], &[]),
    row(State::Accepted, "accepted", ["受理", "accepted"], &[]),
    row(State::Refused, "refused", ["不予受理", "not taken on"], &[]),
    row(State::Handling, "handling", ["办理", "being handled"], &[]),
    row(State::Paused, "paused", ["暂停", "paused"], &[]),
    row(State::Decided, "decided", ["决定", "decided"], &[]),
    row(State::Issued, "issued", ["送达", "issued"], &[]),
    row(State::Closed, "closed", ["办结", "closed"], &["0", "6", "7"]),
    row(State::Withdrawn, "withdrawn", ["申请人撤回", "withdrawn by the applicant"], &[]),
    row(State::Returned, "returned", ["退件", "returned"], &["1"]),
    row(State::Voided, "voided", ["作废", "void"], &["2"]),
    row(State::Deleted, "deleted", ["删除", "deleted"], &["3"]),
    row(State::Forwarded, "forwarded", ["转报办结", "forwarded"], &["4"]),
    row(State::Lapsed, "lapsed", ["补正不来", "lapsed"], &["5"]),
];

/// Which state may follow which: one row a state, and a state without followers is an end.
pub const TRANSITIONS: [(State, &[State]); 16] = {
    use State::{
        Accepted, Closed, Decided, Deleted, Draft, Forwarded, Handling, Issued, Lapsed, Paused,
        Refused, Returned, Submitted, Supplement, Voided, Withdrawn,
    };
    [
        (Draft, &[Submitted, Voided, Deleted]),
        (Submitted, &[Supplement, Accepted, Refused, Withdrawn, Returned, Voided, Deleted]),
        (Supplement, &[Accepted, Refused, Withdrawn, Returned, Voided, Deleted, Lapsed]),
        (Accepted, &[Handling, Withdrawn, Returned, Voided, Deleted, Forwarded]),
        (Refused, &[]),
        (Handling, &[Paused, Decided, Withdrawn, Returned, Voided, Deleted, Forwarded]),
        (Paused, &[Handling, Withdrawn, Returned, Voided, Deleted, Forwarded, Lapsed]),
        (Decided, &[Issued, Voided, Deleted]),
        (Issued, &[Closed, Voided, Deleted]),
        (Closed, &[]),
        (Withdrawn, &[]),
        (Returned, &[]),
        (Voided, &[]),
        (Deleted, &[]),
        (Forwarded, &[]),
        (Lapsed, &[]),
    ]
};

impl State {
    /// All states, in the order of a case's life.
    pub fn all() -> impl Iterator<Item = Self> {
        STATES.iter().map(|row| row.state)
    }

    /// The state as it stands in a record.
    pub fn as_str(self) -> &'static str {
        self.row().name
    }

    /// The state as a clerk says it.
    pub fn zh(self) -> &'static str {
        self.row().zh
    }

    /// The same in English.
    pub fn en(self) -> &'static str {
        self.row().en
    }

    /// National closing codes (BJJGDM 办结结果代码) that a case in this state may carry; none for a
    /// state that is no national closing.
    pub fn closing_codes(self) -> &'static [&'static str] {
        self.row().closing_codes
    }

    /// The state in which a case with this national closing code has ended.
    pub fn of_closing_code(code: &str) -> Option<Self> {
        STATES.iter().find(|row| row.closing_codes.contains(&code)).map(|row| row.state)
    }

    /// The states that may follow.
    pub fn followers(self) -> &'static [Self] {
        let of_self = TRANSITIONS.iter().find(|(state, _)| *state == self);
        of_self.map_or(&[], |(_, followers)| followers)
    }

    /// Whether `next` may follow. Staying is no step and needs no leave: a case at work gains steps
    /// and materials without a new state.
    pub fn may_become(self, next: Self) -> bool {
        self == next || self.followers().contains(&next)
    }

    /// Whether nothing may follow.
    pub fn is_end(self) -> bool {
        self.followers().is_empty()
    }

    fn row(self) -> &'static Row {
        STATES.iter().find(|row| row.state == self).expect("each state has its row, as tests say")
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for State {
    type Err = StateError;

    /// The name in a record; [`State::spoken`] also takes what clerks write.
    fn from_str(text: &str) -> Result<Self, StateError> {
        STATES.iter().find(|row| row.name == text).map(|row| row.state).ok_or(StateError)
    }
}

impl State {
    /// The state that `text` means: its name in a record or its Chinese term.
    pub fn spoken(text: &str) -> Option<Self> {
        let word = text.trim();
        STATES.iter().find(|row| row.name == word || row.zh == word).map(|row| row.state)
    }
}

/// Text that names no state.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("not a state of a case, such as submitted, accepted, handling, decided, issued or closed")]
pub struct StateError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_one_row_in_both_tables() {
        let named: Vec<State> = State::all().collect();
        let table: Vec<State> = TRANSITIONS.iter().map(|(state, _)| *state).collect();
        assert_eq!(named, table);
        for state in State::all() {
            assert_eq!(state.as_str().parse(), Ok(state));
            assert_eq!(State::spoken(state.zh()), Some(state));
            assert_eq!(State::all().filter(|other| other.zh() == state.zh()).count(), 1);
        }
        assert_eq!("受理".parse::<State>(), Err(StateError));
    }

    #[test]
    fn each_national_closing_code_ends_a_case() {
        use State::{Closed, Deleted, Forwarded, Lapsed, Returned, Voided};
        let ends: Vec<State> = ["0", "1", "2", "3", "4", "5", "6", "7"]
            .into_iter()
            .filter_map(State::of_closing_code)
            .collect();
        assert_eq!(ends, [Closed, Returned, Voided, Deleted, Forwarded, Lapsed, Closed, Closed]);
        assert!(ends.into_iter().all(State::is_end));
    }

    /// The way of §4.1 in full, with its loops; everything is reachable, ends are ends.
    #[test]
    fn a_case_reaches_every_state_and_leaves_no_end() {
        let mut reached = vec![State::Draft];
        let mut next = 0;
        while let Some(state) = reached.get(next).copied() {
            let new: Vec<State> = state
                .followers()
                .iter()
                .copied()
                .filter(|follower| !reached.contains(follower))
                .collect();
            reached.extend(new);
            next += 1;
        }
        assert_eq!(reached.len(), State::all().count());
        assert!(
            State::Handling.may_become(State::Paused) && State::Paused.may_become(State::Handling)
        );
        assert!(!State::Accepted.may_become(State::Decided));
        for end in State::all().filter(|state| state.is_end()) {
            assert!(State::all().all(|other| other == end || !end.may_become(other)), "{end}");
        }
    }
}
