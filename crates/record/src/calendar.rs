//! The working calendar of China (工作日历): which days are worked, as data with versions.
//!
//! The week alone does not tell: the State Council moves Saturdays and Sundays around every holiday,
//! and in January 2020 it did so after due dates had been given out. So a calendar has a name and
//! every answer is worth only together with it; an amendment makes a new calendar and leaves the old
//! one readable:
//!
//! ```text
//! cn-1 ──amended 2020-01-26──▶ cn-2 ──a file of yours──▶ its own name
//! ```
//!
//! Data ends with the last year announced. Beyond it there is no answer ([`Uncovered`]): a guess
//! would be a wrong due date that nobody notices. `limits` has the periods the law names, `cards` the
//! lights of supervision. Deliberately absent: working hours, other countries.

mod cards;
mod file;
mod limits;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use thiserror::Error;

use crate::date::Date;
use crate::time::Timestamp;

pub use cards::{Against, Card, Cards, Dues, Reading, Threshold, cards};
pub use file::{CALENDAR_BYTES_MAX, CalendarFileError};
pub use limits::{Counting, Limit, limits};

/// Which days are worked, from one year to another, as one version knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    name: String,
    known: Date,
    first: u16,
    last: u16,
    exceptions: BTreeMap<Date, Exception>,
}

/// A day that differs from its week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Whether it is worked: a Saturday or Sunday made up for.
    pub worked: bool,
    /// The holiday it belongs to.
    pub occasion: String,
}

impl Calendar {
    /// The newest calendar built in.
    pub fn china() -> &'static Self {
        &BUILT_IN.1
    }

    /// The calendars built in, oldest first.
    pub fn built_in() -> [&'static Self; 2] {
        [&BUILT_IN.0, &BUILT_IN.1]
    }

    /// The built-in calendar of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::built_in().into_iter().find(|calendar| calendar.name == name)
    }

    /// What was known on a day: the newest built-in calendar announced by then. A due date given out
    /// before an amendment was right when it was given.
    pub fn known_on(day: Date) -> &'static Self {
        let known = Self::built_in().into_iter().rev().find(|calendar| calendar.known <= day);
        known.unwrap_or(&BUILT_IN.0)
    }

    /// The version's name; an answer is told with it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The day on which it was announced.
    pub fn known(&self) -> Date {
        self.known
    }

    /// The first and the last year it covers.
    pub fn years(&self) -> (u16, u16) {
        (self.first, self.last)
    }

    /// What differs from the week on a day.
    pub fn exception(&self, day: Date) -> Option<&Exception> {
        self.exceptions.get(&day)
    }

    /// Whether a day is worked.
    pub fn is_worked(&self, day: Date) -> Result<bool, Uncovered> {
        if day.year() < i32::from(self.first) || day.year() > i32::from(self.last) {
            return Err(self.uncovered());
        }
        Ok(self.exceptions.get(&day).map_or(!day.is_weekend(), |exception| exception.worked))
    }

    /// The day on which so many working days are over; the day of `from` does not count. With no
    /// days, `from` itself.
    pub fn due(&self, from: Date, days: u16) -> Result<Date, Uncovered> {
        self.shifted(from, days.into())
    }

    /// So many working days later, or earlier when negative; the day of `from` does not count.
    pub fn shifted(&self, from: Date, days: i32) -> Result<Date, Uncovered> {
        let step = if days < 0 { Date::previous } else { Date::next };
        let (mut day, mut left) = (from, days.unsigned_abs());
        while left > 0 {
            day = step(day).ok_or_else(|| self.uncovered())?;
            left -= u32::from(self.is_worked(day)?);
        }
        Ok(day)
    }

    /// The moment on which so many working days are over, at the same time of day in China. A second
    /// later is over the limit.
    pub fn due_at(&self, from: Timestamp, days: u16) -> Result<Timestamp, Uncovered> {
        self.shifted_at(from, days.into())
    }

    /// So many working days later or earlier, at the same time of day in China.
    pub fn shifted_at(&self, from: Timestamp, days: i32) -> Result<Timestamp, Uncovered> {
        let day = Date::in_china(from).ok_or_else(|| self.uncovered())?;
        let passed = day.days_until(self.shifted(day, days)?);
        from.0.checked_add(passed * MILLIS_PER_DAY).map(Timestamp).ok_or_else(|| self.uncovered())
    }

    /// How many working days lie after `from` up to and with `to`; none when `to` is not later.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<u32, Uncovered> {
        let (mut day, mut count) = (from, 0);
        while day < to {
            day = day.next().ok_or_else(|| self.uncovered())?;
            count += u32::from(self.is_worked(day)?);
        }
        Ok(count)
    }

    fn uncovered(&self) -> Uncovered {
        Uncovered { calendar: self.name.clone(), first: self.first, last: self.last }
    }
}

/// A day outside the years a calendar knows.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "calendar {calendar} knows the years {first} to {last}; give a later year's holidays in a file"
)]
pub struct Uncovered {
    /// The calendar's name.
    pub calendar: String,
    /// The first year it covers.
    pub first: u16,
    /// The last year it covers.
    pub last: u16,
}

impl Uncovered {
    /// The same in Chinese.
    pub fn zh(&self) -> String {
        let Self { calendar, first, last } = self;
        format!("日历{calendar}只覆盖{first}年至{last}年，其后的节假日安排请用文件补充")
    }
}

const MILLIS_PER_DAY: i64 = 86_400_000;

static BUILT_IN: LazyLock<(Calendar, Calendar)> = LazyLock::new(|| {
    let first = Calendar::read(include_str!("../data/calendar-cn-1.txt"))
        .expect("the calendar built in is read by a test");
    let second = first
        .amended(include_str!("../data/calendar-cn-2.txt"))
        .expect("the amendment built in is read by a test");
    (first, second)
});

#[cfg(test)]
mod tests;
