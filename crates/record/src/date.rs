//! Calendar dates, spelled `YYYY-MM-DD` and no other way.
//!
//! Real files spell dates in at least five ways and hide four sentinels among them; whoever imports
//! such a file translates. Inside there is one spelling, and 2099-12-31 is 长期 (no end).

use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use time::{Month, OffsetDateTime, UtcOffset};

use crate::time::Timestamp;

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

    /// The year.
    pub fn year(self) -> i32 {
        self.0.year()
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
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let words: Vec<&str> = text.split('-').collect();
        let [year, month, day] = words[..] else { return Err(DateError) };
        let shape = year.len() == 4 && month.len() == 2 && day.len() == 2;
        if !shape || ![year, month, day].into_iter().all(digits) {
            return Err(DateError);
        }
        let number = |text: &str| text.parse::<u8>().map_err(|_| DateError);
        let year = year.parse().map_err(|_| DateError)?;
        Self::new(year, number(month)?, number(day)?).ok_or(DateError)
    }
}

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
