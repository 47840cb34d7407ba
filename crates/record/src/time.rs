//! A point in time as an argument: milliseconds since 1970-01-01T00:00:00Z. Nobody below the binary
//! asks a clock; time decides no order.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

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

/// Text that is no point in time.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a time is RFC 3339 with a zone, such as 2014-04-25T08:00:00+08:00")]
pub struct TimestampError;

#[cfg(test)]
mod tests {
    use super::*;

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
