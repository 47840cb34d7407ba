//! The text a calendar or an amendment is written in, built in or a hall's own.
//!
//! ```text
//! # remark
//! calendar: cn-2027              its name, [a-z0-9.-]
//! amends: cn-2                   optional: the calendar it must be put on
//! known: 2026-11-20              the day of the announcement
//! covers: 2004 2027              optional in an amendment: the first and last year known
//! 2027-02-06 workday Spring Festival     worked, though a Saturday
//! 2027-02-08 holiday Spring Festival     not worked
//! 2027-02-09 plain                       as its week has it: an exception is taken back
//! ```
//!
//! A wrong line is refused with its number; nothing is skipped.

use std::collections::BTreeMap;

use thiserror::Error;

use super::{Calendar, Exception};
use crate::date::Date;

/// Longest text of a calendar.
pub const CALENDAR_BYTES_MAX: usize = 1024 * 1024;

impl Calendar {
    /// Reads a whole calendar.
    pub fn read(text: &str) -> Result<Self, CalendarFileError> {
        let sheet = Sheet::read(text)?;
        let (first, last) = sheet.covers.ok_or(CalendarFileError::Missing("covers"))?;
        let mut calendar =
            Self { name: sheet.name, known: sheet.known, first, last, exceptions: BTreeMap::new() };
        calendar.put(sheet.days);
        Ok(calendar)
    }

    /// The calendar with an amendment put on it, under the amendment's name; this one stays.
    pub fn amended(&self, text: &str) -> Result<Self, CalendarFileError> {
        let sheet = Sheet::read(text)?;
        if sheet.name == self.name {
            return Err(CalendarFileError::SameName(sheet.name));
        }
        if let Some(wanted) = sheet.amends.filter(|wanted| *wanted != self.name) {
            return Err(CalendarFileError::OtherBase { wanted, found: self.name.clone() });
        }
        let (first, last) = sheet.covers.unwrap_or((self.first, self.last));
        if first > self.first || last < self.last {
            return Err(CalendarFileError::Missing("covers of at least the years amended"));
        }
        let mut calendar =
            Self { name: sheet.name, known: sheet.known, first, last, ..self.clone() };
        calendar.put(sheet.days);
        Ok(calendar)
    }

    fn put(&mut self, days: Vec<(Date, Option<Exception>)>) {
        for (day, exception) in days {
            match exception {
                Some(exception) => drop(self.exceptions.insert(day, exception)),
                None => drop(self.exceptions.remove(&day)),
            }
        }
    }
}

/// Why a text is no calendar.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CalendarFileError {
    /// Longer than [`CALENDAR_BYTES_MAX`].
    #[error("a calendar has at most {CALENDAR_BYTES_MAX} bytes")]
    TooLong,
    /// A line that is none.
    #[error(
        "line {0}: neither a remark, a heading nor `YYYY-MM-DD holiday|workday|plain occasion`"
    )]
    Line(usize),
    /// A heading that must be there.
    #[error("the heading `{0}` is missing")]
    Missing(&'static str),
    /// A day twice.
    #[error("line {0}: the day stands there before")]
    Twice(usize),
    /// An amendment needs a name of its own.
    #[error("the amendment is called {0} like the calendar it amends")]
    SameName(String),
    /// An amendment of another calendar.
    #[error("it amends {wanted}, not {found}")]
    OtherBase {
        /// The calendar it is for.
        wanted: String,
        /// The calendar it was put on.
        found: String,
    },
}

struct Sheet {
    name: String,
    amends: Option<String>,
    known: Date,
    covers: Option<(u16, u16)>,
    days: Vec<(Date, Option<Exception>)>,
}

impl Sheet {
    fn read(text: &str) -> Result<Self, CalendarFileError> {
        if text.len() > CALENDAR_BYTES_MAX {
            return Err(CalendarFileError::TooLong);
        }
        let (mut name, mut amends, mut known, mut covers) = (None, None, None, None);
        let mut days: BTreeMap<Date, Option<Exception>> = BTreeMap::new();
        for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let (line, number) = (line.trim(), index + 1);
            let wrong = || CalendarFileError::Line(number);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match line.split_once(": ") {
                Some(("calendar", value)) => name = Some(named(value).ok_or_else(wrong)?),
                Some(("amends", value)) => amends = Some(named(value).ok_or_else(wrong)?),
                Some(("known", value)) => known = Some(value.parse().map_err(|_| wrong())?),
                Some(("covers", value)) => covers = Some(years(value).ok_or_else(wrong)?),
                Some(_) | None => {
                    let (day, exception) = day(line).ok_or_else(wrong)?;
                    if days.insert(day, exception).is_some() {
                        return Err(CalendarFileError::Twice(number));
                    }
                }
            }
        }
        Ok(Self {
            name: name.ok_or(CalendarFileError::Missing("calendar"))?,
            amends,
            known: known.ok_or(CalendarFileError::Missing("known"))?,
            covers,
            days: days.into_iter().collect(),
        })
    }
}

fn day(line: &str) -> Option<(Date, Option<Exception>)> {
    let (day, rest) = line.split_once(' ')?;
    let (kind, occasion) = rest.split_once(' ').unwrap_or((rest, ""));
    let worked = match kind {
        "workday" => Some(true),
        "holiday" => Some(false),
        "plain" => None,
        _ => return None,
    };
    let occasion = occasion.to_owned();
    Some((day.parse().ok()?, worked.map(|worked| Exception { worked, occasion })))
}

fn named(text: &str) -> Option<String> {
    let letters = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-')
    };
    let fits = matches!(text.len(), 1..=NAME_MAX) && text.bytes().all(letters);
    fits.then(|| text.to_owned())
}

fn years(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once(' ')?;
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last && last <= 9999).then_some((first, last))
}

const NAME_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_amendment_says_what_it_amends_and_leaves_the_old_one() {
        let china = Calendar::china();
        let head = "calendar: cn-2027\nknown: 2026-11-20\n";
        let next = china
            .amended(&format!(
                "# 示例\n{head}amends: cn-2\ncovers: 2004 2027\n2027-02-06 workday Spring Festival\n\
                 2026-10-10 plain\n"
            ))
            .unwrap();
        assert_eq!((next.name(), next.years()), ("cn-2027", (2004, 2027)));
        let on = |calendar: &Calendar, day: &str| calendar.is_worked(day.parse().unwrap());
        assert_eq!((on(&next, "2027-02-06"), on(&next, "2026-10-10")), (Ok(true), Ok(false)));
        assert!(on(china, "2027-02-06").is_err() && on(china, "2026-10-10") == Ok(true));
        for (text, error) in [
            ("calendar: a\n", CalendarFileError::Missing("known")),
            ("known: 2026-01-01\n", CalendarFileError::Missing("calendar")),
            ("calendar: A\n", CalendarFileError::Line(1)),
            (&format!("{head}2026-02-30 holiday x"), CalendarFileError::Line(3)),
            (&format!("{head}2026-02-03 Feiertag x"), CalendarFileError::Line(3)),
            (
                &format!("{head}amends: cn-1"),
                CalendarFileError::OtherBase { wanted: "cn-1".into(), found: "cn-2".into() },
            ),
            ("calendar: cn-2\nknown: 2026-01-01", CalendarFileError::SameName("cn-2".into())),
            (&format!("{head}2026-02-03 holiday x\n2026-02-03 plain"), CalendarFileError::Twice(4)),
        ] {
            assert_eq!(china.amended(text), Err(error), "{text}");
        }
        let short = format!("{head}covers: 2010 2027");
        assert!(matches!(china.amended(&short), Err(CalendarFileError::Missing(_))));
        assert_eq!(
            Calendar::read(&" ".repeat(CALENDAR_BYTES_MAX + 1)),
            Err(CalendarFileError::TooLong)
        );
    }

    proptest! {
        #[test]
        fn hostile_text_never_panics(text in "((calendar|known|covers|20[0-9]{2}-0[0-9]-0[0-9])[: ]?.{0,20}\n){0,6}") {
            drop(Calendar::read(&text));
        }
    }
}
