//! Calendar dates, spelled `YYYY-MM-DD` and no other way.
//!
//! Real files spell dates in at least five ways and hide four sentinels among them: [`Date::read`]
//! takes them and tells what it did (`date/spelling.rs`). Inside there is one spelling, and 2099-12-31
//! is 长期 (no end). A date never becomes a moment: it has no zone, and nobody gives it one.

mod spelling;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use time::{Month, OffsetDateTime, UtcOffset};

use crate::time::Timestamp;

pub use spelling::DateSpelling;
pub(crate) use spelling::{TimeOfDay, split};

/// A day of the calendar. Shows as `YYYY-MM-DD`, sorts by time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(time::Date);

impl Date {
    /// The day that stands for 长期 (without end).
    pub const LONG_TERM: Self = Self(time::macros::date!(2099 - 12 - 31));
    /// No administrative decision of the People's Republic is older.
    pub const FOUNDING: Self = Self(time::macros::date!(1949 - 10 - 01));

    /// The day, when the calendar has it.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let month = Month::try_from(month).ok()?;
        time::Date::from_calendar_date(year.into(), month, day).ok().map(Self)
    }

    /// The day it is in China (UTC+8) at `at`; none outside the calendar.
    pub fn in_china(at: Timestamp) -> Option<Self> {
        let utc = OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1000)).ok()?;
        let offset = UtcOffset::from_hms(8, 0, 0).ok()?;
        utc.checked_to_offset(offset).map(|moment| Self(moment.date()))
    }

    /// The day of eight digits `YYYYMMDD`, as it stands inside identifiers.
    pub fn of_digits(text: &str) -> Option<Self> {
        let number = digits(text.as_bytes())?;
        (text.len() == 8).then_some(())?;
        Self::of_number(number)
    }

    /// The day of a number such as 20140425.
    pub(crate) fn of_number(number: u32) -> Option<Self> {
        let part = |number: u32| u8::try_from(number % 100).ok();
        let year = u16::try_from(number / 10_000).ok()?;
        Self::new(year, part(number / 100)?, part(number)?)
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// Whether it is a Saturday or a Sunday.
    pub fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), time::Weekday::Saturday | time::Weekday::Sunday)
    }

    /// How many days later `other` is; negative when it is earlier.
    pub fn days_until(self, other: Self) -> i64 {
        (other.0 - self.0).whole_days()
    }

    /// Earlier by `days`; stays at the calendar's beginning.
    #[must_use]
    pub fn minus_days(self, days: u16) -> Self {
        Self(self.0.saturating_sub(time::Duration::days(days.into())))
    }

    /// The day after; none at the calendar's end.
    pub fn next(self) -> Option<Self> {
        self.0.next_day().map(Self)
    }

    /// The day before; none at the calendar's beginning.
    pub fn previous(self) -> Option<Self> {
        self.0.previous_day().map(Self)
    }

    /// The moment of this day at a time of day, in a zone of so many minutes east of Greenwich.
    pub(crate) fn at(self, of_day: TimeOfDay, zone_minutes: i32) -> Timestamp {
        const EPOCH: time::Date = time::macros::date!(1970 - 01 - 01);
        let days = (self.0 - EPOCH).whole_days();
        let millis = days * MILLIS_PER_DAY + i64::from(of_day.millis());
        Timestamp(millis - i64::from(zone_minutes) * 60_000)
    }

    /// Later by `days`; stays at the calendar's end.
    #[must_use]
    pub fn plus_days(self, days: u16) -> Self {
        Self(self.0.saturating_add(time::Duration::days(days.into())))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0.to_calendar_date();
        write!(f, "{year:04}-{:02}-{day:02}", u8::from(month))
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let bytes: &[u8; 10] = text.as_bytes().try_into().map_err(|_| DateError)?;
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = bytes else { return Err(DateError) };
        let number = digits(&[*y1, *y2, *y3, *y4, *m1, *m2, *d1, *d2]).ok_or(DateError)?;
        Self::of_number(number).ok_or(DateError)
    }
}

/// The number that at most nine digits are.
fn digits(bytes: &[u8]) -> Option<u32> {
    let all = !bytes.is_empty() && bytes.len() < 10 && bytes.iter().all(u8::is_ascii_digit);
    all.then(|| bytes.iter().fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0')))
}

const MILLIS_PER_DAY: i64 = 86_400_000;

/// Text that is no day.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a date is a day of the calendar, YYYY-MM-DD")]
pub struct DateError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling() {
        for good in ["2024-02-29", "2099-12-31", "1949-10-01", "0001-01-01"] {
            assert_eq!(good.parse::<Date>().unwrap().to_string(), good);
        }
        for bad in [
            "",
            "2023-02-29",
            "2024-13-01",
            "2024/02/29",
            "20240229",
            "2024-2-29",
            "2024-02-29T00:00:00Z",
            "+024-02-29",
            "二〇二四-02-29",
            "2024-02-0a",
        ] {
            assert_eq!(bad.parse::<Date>(), Err(DateError), "{bad}");
        }
    }

    #[test]
    fn a_day_begins_in_china() {
        let at = |text: &str| Date::in_china(text.parse().unwrap()).unwrap().to_string();
        assert_eq!(at("2024-04-25T15:59:59Z"), "2024-04-25");
        assert_eq!(at("2024-04-25T16:00:00Z"), "2024-04-26");
        assert_eq!(Date::in_china(Timestamp(i64::MAX)), None);
        assert_eq!(Date::LONG_TERM.plus_days(1).to_string(), "2100-01-01");
    }
}
