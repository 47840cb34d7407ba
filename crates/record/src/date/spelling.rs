//! The spellings of dates and times in files, and what their odd days mean.
//!
//! ```text
//! YYYY-MM-DD  YYYY/MM/DD  YYYYMMDD                 also 2020/1/5, 2020.1.5, 2020年1月5日
//! YYYYMMDDThhmmss  YYYYMMDDhh:mm:ss  YYYYMMDDhhmmss   (GB/T 39046-2020, all three)
//! 1900-01-01, 1970-01-01   nothing: what databases and spreadsheets make of an empty cell
//! 2099-12-31, 长期          without end
//! 无处罚期限                 nothing: the penalty has no term
//! ```
//!
//! Day before month (05/01/2020) is never read: it cannot be told from month before day. A serial
//! number of a spreadsheet is no text and stays the business of crate `files`.

use super::{Date, DateError, digits};
use crate::text::{Change, Changes, Read, plain};

/// How files of others spell a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateSpelling {
    /// `YYYY-MM-DD`, ours.
    Dashes,
    /// `YYYY/MM/DD`, 双公示.
    Slashes,
    /// `YYYYMMDD`, GB/T 39046.
    Digits,
}

impl Date {
    /// Reads any spelling seen in files; nothing for a day or a word that stands for nothing. What was
    /// done to the text is told. A zone other than China's is refused: it may be another day here.
    pub fn read(text: &str) -> Result<Read<Option<Self>>, DateError> {
        if let Ok(day) = text.parse::<Self>() {
            return Ok(meant(day, Changes::NONE));
        }
        let (inner, mut changes) = plain(text);
        if LONG_TERM_WORDS.contains(&&*inner) {
            changes.add(Change::LongTerm);
            return Ok(Read { value: Some(Self::LONG_TERM), changes });
        }
        if NOTHING_WORDS.contains(&&*inner) {
            changes.add(Change::Nothing);
            return Ok(Read { value: None, changes });
        }
        let (day, of_day) = split(&inner).ok_or(DateError)?;
        if let Some(of_day) = of_day {
            if of_day.zone_minutes().is_some_and(|minutes| minutes != CHINA_MINUTES) {
                return Err(DateError);
            }
            changes.add(Change::TimeOfDay);
        }
        if inner.get(..10).is_none_or(|start| start.parse::<Self>().is_err()) {
            changes.add(Change::Spelling);
        }
        Ok(meant(day, changes))
    }

    /// In the spelling of somebody's files.
    pub fn spelled(self, spelling: DateSpelling) -> String {
        let text = self.to_string();
        match spelling {
            DateSpelling::Dashes => text,
            DateSpelling::Slashes => text.replace('-', "/"),
            DateSpelling::Digits => text.replace('-', ""),
        }
    }
}

/// A time of day, with its zone when it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeOfDay {
    millis: u32,
    zone_minutes: Option<i32>,
}

impl TimeOfDay {
    /// Milliseconds since midnight.
    pub(crate) fn millis(self) -> u32 {
        self.millis
    }

    /// Minutes east of Greenwich.
    pub(crate) fn zone_minutes(self) -> Option<i32> {
        self.zone_minutes
    }
}

/// A plain text as a day, and the time of day when one follows.
pub(crate) fn split(text: &str) -> Option<(Date, Option<TimeOfDay>)> {
    let (day, rest) = day(text)?;
    let rest = match rest.as_bytes() {
        [] => return Some((day, None)),
        [b'T' | b' ', ..] => rest.get(1..)?.trim_start(),
        _ => rest,
    };
    Some((day, Some(time_of_day(rest)?)))
}

fn day(text: &str) -> Option<(Date, &str)> {
    if let Some(date) = text.get(..8).and_then(Date::of_digits) {
        return Some((date, text.get(8..)?));
    }
    let (year, rest) = number(text, 4..=4)?;
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.' | '年'))?;
    let (month, rest) = number(rest.strip_prefix(separator)?, 1..=2)?;
    let second = if separator == '年' { '月' } else { separator };
    let (day, rest) = number(rest.strip_prefix(second)?, 1..=2)?;
    let rest = if separator == '年' { rest.strip_prefix('日')? } else { rest };
    // A digit here would be a day of three digits, or a time run together with a loose spelling.
    if rest.starts_with(|c: char| c.is_ascii_digit()) && separator != '年' {
        return None;
    }
    let small = |number: u32| u8::try_from(number).ok();
    Some((Date::new(u16::try_from(year).ok()?, small(month)?, small(day)?)?, rest))
}

/// `hhmmss`, `hh:mm`, `hh:mm:ss` with decimals of a second, then perhaps a zone.
fn time_of_day(text: &str) -> Option<TimeOfDay> {
    let (hour, rest) = number(text, 1..=2)?;
    let (minute, second, rest) = match rest.strip_prefix(':') {
        None => {
            let (minute, rest) = number(rest, 2..=2)?;
            let (second, rest) = number(rest, 2..=2)?;
            (minute, second, rest)
        }
        Some(rest) => {
            let (minute, rest) = number(rest, 2..=2)?;
            match rest.strip_prefix(':') {
                None => (minute, 0, rest),
                Some(rest) => number(rest, 2..=2).map(|(second, rest)| (minute, second, rest))?,
            }
        }
    };
    let (millis, rest) = match rest.strip_prefix('.') {
        None => (0, rest),
        Some(decimals) => {
            let count = decimals.bytes().take_while(u8::is_ascii_digit).count();
            let (shown, rest) = decimals.split_at_checked(count)?;
            let kept = digits(shown.get(..3).unwrap_or(shown).as_bytes())?;
            (kept * [1, 100, 10, 1].get(count.min(3)).copied()?, rest)
        }
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let millis = ((hour * 60 + minute) * 60 + second) * 1000 + millis;
    Some(TimeOfDay { millis, zone_minutes: zone(rest.trim_start())? })
}

/// Nothing, `Z`, `+08:00` or `+0800`; none for anything else.
#[expect(clippy::option_option, reason = "no zone is an answer, a wrong one is none")]
fn zone(text: &str) -> Option<Option<i32>> {
    let (sign, rest) = match text.as_bytes() {
        [] => return Some(None),
        [b'Z' | b'z'] => return Some(Some(0)),
        [b'+', ..] => (1, text.get(1..)?),
        [b'-', ..] => (-1, text.get(1..)?),
        _ => return None,
    };
    let (hours, rest) = number(rest, 2..=2)?;
    let (minutes, rest) = number(rest.strip_prefix(':').unwrap_or(rest), 2..=2)?;
    if !rest.is_empty() || hours > 18 || minutes > 59 {
        return None;
    }
    i32::try_from(hours * 60 + minutes).ok().map(|minutes| Some(sign * minutes))
}

/// The number that stands in front, of so many digits; as many as there are, up to the most.
fn number(text: &str, count: std::ops::RangeInclusive<usize>) -> Option<(u32, &str)> {
    let there = text.bytes().take(*count.end()).take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(there)?;
    count.contains(&there).then(|| digits(number.as_bytes()).map(|number| (number, rest)))?
}

fn meant(day: Date, mut changes: Changes) -> Read<Option<Date>> {
    if NOTHING_DAYS.contains(&day) {
        changes.add(Change::Nothing);
        return Read { value: None, changes };
    }
    Read { value: Some(day), changes }
}

const NOTHING_DAYS: [Date; 2] =
    [Date(time::macros::date!(1900 - 01 - 01)), Date(time::macros::date!(1970 - 01 - 01))];
const NOTHING_WORDS: [&str; 2] = ["无处罚期限", "无期限限制"];
const LONG_TERM_WORDS: [&str; 5] = ["长期", "长期有效", "永久", "永久有效", "无限期"];
const CHINA_MINUTES: i32 = 480;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<(String, Vec<Change>)> {
        let read = Date::read(text).ok()?;
        let shown = read.value.map(|day| day.to_string()).unwrap_or_default();
        Some((shown, read.changes.iter().collect()))
    }

    #[test]
    fn five_spellings_and_those_of_spreadsheets() {
        use Change::{Spelling, TimeOfDay, Trimmed, Width};
        for (text, told) in [
            ("2020-01-05", vec![]),
            ("2020/01/05", vec![Spelling]),
            ("20200105", vec![Spelling]),
            ("20200105T101112", vec![Spelling, TimeOfDay]),
            ("2020010510:11:12", vec![Spelling, TimeOfDay]),
            ("20200105101112", vec![Spelling, TimeOfDay]),
            ("2020/1/5", vec![Spelling]),
            ("2020.1.5", vec![Spelling]),
            ("2020年1月5日", vec![Spelling]),
            ("2020-01-05 00:00:00", vec![TimeOfDay]),
            ("2020-01-05T10:11:12+08:00", vec![TimeOfDay]),
            (" ２０２０/01/05", vec![Trimmed, Width, Spelling]),
        ] {
            assert_eq!(read(text), Some(("2020-01-05".to_owned(), told)), "{text}");
        }
    }

    #[test]
    fn four_sentinels() {
        use Change::{LongTerm, Nothing, Spelling};
        for (text, shown, told) in [
            ("1900/01/01", "", vec![Spelling, Nothing]),
            ("1970-01-01", "", vec![Nothing]),
            ("2099/12/31", "2099-12-31", vec![Spelling]),
            ("长期", "2099-12-31", vec![LongTerm]),
            ("无处罚期限", "", vec![Nothing]),
        ] {
            assert_eq!(read(text), Some((shown.to_owned(), told)), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_not_guessed() {
        for bad in [
            "",
            " ",
            "2020",
            "202001",
            "2020/13/01",
            "2020-02-30",
            "20200230",
            "05/01/2020",
            "20/1/5",
            "2020/1-5",
            "2020年1月5",
            "2020-01-055",
            "2020010",
            "202001051",
            "2020-01-05 25:00",
            "2020-01-05T20:00:00Z",
            "2020-01-05 10:00 +09:00",
            "43835",
            "43835.0",
            "昨天",
            "2020-1-5x",
        ] {
            assert_eq!(Date::read(bad), Err(DateError), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn each_spelling_reads_back(number in 0i64..73_000) {
            let days = u16::try_from(number % 60_000).unwrap();
            let day = Date::new(1901, 1, 1).unwrap().plus_days(days);
            prop_assume!(!NOTHING_DAYS.contains(&day));
            for spelling in [DateSpelling::Dashes, DateSpelling::Slashes, DateSpelling::Digits] {
                prop_assert_eq!(Date::read(&day.spelled(spelling)).unwrap().value, Some(day));
            }
        }

        #[test]
        fn hostile_text_never_panics(text in "[0-9年月日T:/. +Z-]{0,24}|\\PC{0,24}") {
            let _ = (Date::read(&text), split(&text));
        }
    }
}
