//! A point in time as an argument: milliseconds since 1970-01-01T00:00:00Z. Nobody below the binary
//! asks a clock; time decides no order.
//!
//! A moment in a file often has no zone. [`Timestamp::read`] takes the spellings of GB/T 39046 and the
//! zone the file is known to be in, and says so.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::date::{Date, DateSpelling, split};
use crate::text::{Change, Changes, Read, plain};

/// Milliseconds since 1970 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Later by `duration`.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(millis))
    }

    /// How long after `earlier` this is; zero when it is not.
    pub fn since(self, earlier: Self) -> Duration {
        let millis = self.0.saturating_sub(earlier.0).max(0);
        Duration::from_millis(u64::try_from(millis).unwrap_or(0))
    }

    /// Reads any spelling seen in files: RFC 3339, `YYYYMMDDThhmmss`, `YYYYMMDDhh:mm:ss`,
    /// `YYYYMMDDhhmmss`, and dates as [`Date::read`] takes them with a time of day. `zone` counts only
    /// for a text that has none of its own. A date alone is no moment.
    pub fn read(text: &str, zone: Zone) -> Result<Read<Self>, TimestampError> {
        if let Ok(value) = text.parse() {
            return Ok(Read { value, changes: Changes::NONE });
        }
        let (inner, mut changes) = plain(text);
        let (date, of_day) = split(&inner).ok_or(TimestampError)?;
        let of_day = of_day.ok_or(TimestampError)?;
        changes.add(Change::Spelling);
        if of_day.zone_minutes().is_none() {
            changes.add(Change::Zone);
        }
        let value = date.at(of_day, of_day.zone_minutes().unwrap_or(zone.minutes.into()));
        Ok(Read { value, changes })
    }

    /// In a spelling of GB/T 39046, on the clocks of a zone; nothing outside the calendar.
    pub fn spelled(self, spelling: TimeSpelling, zone: Zone) -> Option<String> {
        let local = Self(self.0.checked_add(i64::from(zone.minutes) * 60_000)?);
        let moment = OffsetDateTime::from_unix_timestamp(local.0.div_euclid(1000)).ok()?;
        let month = moment.month().into();
        let date = Date::new(u16::try_from(moment.year()).ok()?, month, moment.day())?;
        let date = date.spelled(DateSpelling::Digits);
        let (hour, minute, second) = moment.to_hms();
        Some(match spelling {
            TimeSpelling::Digits => format!("{date}{hour:02}{minute:02}{second:02}"),
            TimeSpelling::LetterT => format!("{date}T{hour:02}{minute:02}{second:02}"),
            TimeSpelling::Colons => format!("{date}{hour:02}:{minute:02}:{second:02}"),
        })
    }

    /// Whole seconds since 1970, as C2SP cosignatures want them.
    pub fn seconds(self) -> u64 {
        u64::try_from(self.0.div_euclid(1000)).unwrap_or(0)
    }
}

/// RFC 3339 in UTC with milliseconds.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = i128::from(self.0) * 1_000_000;
        let text = OffsetDateTime::from_unix_timestamp_nanos(nanos)
            .ok()
            .and_then(|moment| moment.format(&Rfc3339).ok());
        f.write_str(text.as_deref().unwrap_or("outside the calendar"))
    }
}

/// Any RFC 3339 text with a zone; what is finer than a millisecond is dropped.
impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| TimestampError)?;
        let millis = moment.unix_timestamp_nanos().div_euclid(1_000_000);
        i64::try_from(millis).map(Self).map_err(|_| TimestampError)
    }
}

/// How many minutes a file's clocks are ahead of UTC, for times written without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone {
    minutes: i16,
}

impl Zone {
    /// China: UTC+8, all year.
    pub const CHINA: Self = Self { minutes: 480 };

    /// So many minutes east of Greenwich; none beyond eighteen hours.
    pub fn east(minutes: i16) -> Option<Self> {
        (minutes.unsigned_abs() <= 18 * 60).then_some(Self { minutes })
    }
}

/// How GB/T 39046-2020 spells a moment; all three stand in that one standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeSpelling {
    /// `YYYYMMDDhhmmss`.
    Digits,
    /// `YYYYMMDDThhmmss`.
    LetterT,
    /// `YYYYMMDDhh:mm:ss`.
    Colons,
}

/// Text that is no point in time.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a time is RFC 3339 with a zone, such as 2014-04-25T08:00:00+08:00")]
pub struct TimestampError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_files_are_one_moment() {
        let moment = Timestamp(1_539_568_800_000);
        for (text, told) in [
            ("2018-10-15T10:00:00+08:00", &[][..]),
            ("20181015T100000", &[Change::Spelling, Change::Zone]),
            ("2018101510:00:00", &[Change::Spelling, Change::Zone]),
            ("20181015100000", &[Change::Spelling, Change::Zone]),
            ("2018/10/15 10:00", &[Change::Spelling, Change::Zone]),
            ("2018/10/15 02:00:00Z", &[Change::Spelling]),
            ("2018年10月15日 10:00:00.000 ", &[Change::Trimmed, Change::Spelling, Change::Zone]),
            ("２０１８１０１５１０００００", &[Change::Width, Change::Spelling, Change::Zone]),
        ] {
            let read = Timestamp::read(text, Zone::CHINA).unwrap();
            assert_eq!(read.value, moment, "{text}");
            assert_eq!(read.changes.iter().collect::<Vec<_>>(), told, "{text}");
        }
        for bad in ["", "20181015", "2018-10-15", "20181015240000", "20181015T1000", "长期"] {
            assert_eq!(Timestamp::read(bad, Zone::CHINA), Err(TimestampError), "{bad}");
        }
        assert_eq!(
            Timestamp::read("20181015100000", Zone::east(0).unwrap()).unwrap().value.0,
            moment.0 + 8 * 3_600_000,
            "another zone is another moment"
        );
        for spelling in [TimeSpelling::Digits, TimeSpelling::LetterT, TimeSpelling::Colons] {
            let text = moment.spelled(spelling, Zone::CHINA).unwrap();
            assert_eq!(Timestamp::read(&text, Zone::CHINA).unwrap().value, moment, "{text}");
        }
        assert_eq!(Timestamp(i64::MAX).spelled(TimeSpelling::Digits, Zone::CHINA), None);
    }

    #[test]
    fn shows_as_rfc_3339_and_saturates() {
        assert_eq!(Timestamp(1_398_384_000_123).to_string(), "2014-04-25T00:00:00.123Z");
        assert_eq!(Timestamp(i64::MAX).after(Duration::from_secs(1)), Timestamp(i64::MAX));
        assert_eq!(Timestamp(5).since(Timestamp(9)), Duration::ZERO);
        assert_eq!(Timestamp(i64::MAX).to_string(), "outside the calendar");
    }

    #[test]
    fn reads_rfc_3339_with_its_zone() {
        let at = |text: &str| text.parse::<Timestamp>();
        assert_eq!(at("2014-04-25T08:00:00.123+08:00"), Ok(Timestamp(1_398_384_000_123)));
        assert_eq!(at("1969-12-31T23:59:59.999999Z"), Ok(Timestamp(-1)));
        for bad in ["", "2014-04-25", "2014-04-25T08:00:00", "2014-04-25 08:00", "昨天"] {
            assert_eq!(at(bad), Err(TimestampError), "{bad}");
        }
    }
}
