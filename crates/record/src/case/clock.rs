//! The clocks of a case: when its promise and its legal limit run out, and how much time it has used.
//!
//! Both limits are working days from the acceptance, at its time of day: a case accepted at 10:00 is
//! due at 10:00, and one second later is over. An extension adds its days; any other special procedure
//! adds the working days that it took, or has taken so far. Cards for supervision come from
//! [`calendar::cards`](crate::calendar::cards), which take [`Clock::dues`].
//!
//! A clock is told with a calendar, since an amendment moves due days already given out.

use super::{Case, SpecialProcedure, State};
use crate::calendar::{Calendar, Dues, Uncovered};
use crate::date::Date;
use crate::time::Timestamp;

/// How a case stands in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// When it was accepted.
    pub accepted: Timestamp,
    /// When it ended; none while it runs.
    pub ended: Option<Timestamp>,
    /// When the promise runs out; none without one.
    pub promise: Option<Timestamp>,
    /// When the legal limit runs out; none without one.
    pub legal: Option<Timestamp>,
    /// Working days by which special procedures move both.
    pub moved_days: u16,
    /// Working days used until it ended, or until now, without those of special procedures.
    pub used_days: u32,
    /// Whether the clock stands still now.
    pub paused: bool,
}

impl Clock {
    /// The clock of a case at `now`; none before its acceptance.
    pub fn of(case: &Case, calendar: &Calendar, now: Timestamp) -> Result<Option<Self>, Uncovered> {
        let Ok(accepted) = case.accepted_at.parse::<Timestamp>() else { return Ok(None) };
        let ended = end(case);
        let until = ended.unwrap_or(now);
        let (mut extended, mut stopped, mut paused) = (0, 0, false);
        for procedure in &case.special_procedures {
            if procedure.is_extension() {
                extended += procedure.days.parse::<u16>().unwrap_or(0).min(DAYS_MAX);
            } else {
                let ran = ran(procedure, until, calendar)?;
                stopped += u16::try_from(ran).unwrap_or(DAYS_MAX).min(DAYS_MAX);
                paused |= procedure.ended_at.is_empty() && ended.is_none();
            }
        }
        let moved = extended + stopped;
        let due = |days: u32| match u16::try_from(days) {
            Ok(0) | Err(_) => Ok(None),
            Ok(days) => calendar.due_at(accepted, days.saturating_add(moved)).map(Some),
        };
        Ok(Some(Self {
            accepted,
            ended,
            promise: due(case.promise_days)?,
            legal: due(case.legal_days)?,
            moved_days: moved,
            used_days: worked(accepted, until, calendar)?.saturating_sub(stopped.into()),
            paused,
        }))
    }

    /// The due moments that cards are told by; none when a limit is not known.
    pub fn dues(&self) -> Option<Dues> {
        Some(Dues { promise: self.promise?, statute: self.legal? })
    }

    /// Whether the promise ran out before the end, or before `now`.
    pub fn broke_promise(&self, now: Timestamp) -> bool {
        self.promise.is_some_and(|due| self.ended.unwrap_or(now) > due)
    }

    /// Whether the legal limit did.
    pub fn broke_law(&self, now: Timestamp) -> bool {
        self.legal.is_some_and(|due| self.ended.unwrap_or(now) > due)
    }
}

/// When the case ended: its closing, or the entry of another end into its course.
fn end(case: &Case) -> Option<Timestamp> {
    if let Ok(closed) = case.closed_at.parse() {
        return Some(closed);
    }
    let last = case.course.last()?;
    State::spoken(&last.state).filter(|state| state.is_end())?;
    last.entered_at.parse().ok()
}

/// Working days of a special procedure, so far.
fn ran(
    procedure: &SpecialProcedure,
    until: Timestamp,
    calendar: &Calendar,
) -> Result<u32, Uncovered> {
    let Ok(started) = procedure.started_at.parse() else { return Ok(0) };
    let ended = procedure.ended_at.parse().unwrap_or(until);
    worked(started, ended, calendar)
}

fn worked(from: Timestamp, to: Timestamp, calendar: &Calendar) -> Result<u32, Uncovered> {
    match (Date::in_china(from), Date::in_china(to)) {
        (Some(from), Some(to)) => calendar.working_days_between(from, to),
        (None, _) | (_, None) => Ok(0),
    }
}

/// Most days that one special procedure moves a limit: ten years of work.
const DAYS_MAX: u16 = 2500;
