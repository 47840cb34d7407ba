//! Record ids (记录编号): 26 characters of Crockford base32, lower case, time first.
//!
//! ```text
//! 48 bits milliseconds since 1970 ‖ 80 bits of randomness
//! ```
//!
//! Made by the hall that accepts an original and kept by all its revisions. They sort by time as
//! text, bytes and numbers alike. One record has one spelling: upper case and the look-alikes that
//! base32 readers usually forgive are refused, because ids are compared as text by everybody.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::time::Timestamp;

/// A record's permanent id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(u128);

impl RecordId {
    /// Characters of an id.
    pub const LEN: usize = 26;

    /// Joins a time and ten random bytes; times outside 1970–10889 are clamped.
    pub fn new(at: Timestamp, randomness: [u8; 10]) -> Self {
        let millis = u64::try_from(at.0).unwrap_or(0).min(MILLIS_MAX);
        let random = randomness.iter().fold(0, |bits, byte| bits << 8 | u128::from(*byte));
        Self(u128::from(millis) << 80 | random)
    }

    /// When the original was accepted, by its hall's clock.
    pub fn accepted_at(self) -> Timestamp {
        Timestamp(i64::try_from(self.0 >> 80).unwrap_or(i64::MAX))
    }

    /// Reads the sixteen bytes of [`Self::to_bytes`].
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }

    /// Sixteen bytes that sort as the text does.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = (0..Self::LEN).rev().map(|place| {
            let digit = usize::try_from(self.0 >> (5 * place) & 31).unwrap_or(0);
            ALPHABET.get(digit).copied().map_or('0', char::from)
        });
        f.write_str(&digits.collect::<String>())
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for RecordId {
    type Err = RecordIdError;

    fn from_str(text: &str) -> Result<Self, RecordIdError> {
        // 26 characters hold 130 bits: the first may only use three of its five.
        if text.len() != Self::LEN || !matches!(text.as_bytes().first(), Some(b'0'..=b'7')) {
            return Err(RecordIdError);
        }
        let mut value = 0;
        for byte in text.bytes() {
            let digit = ALPHABET.iter().position(|known| *known == byte).ok_or(RecordIdError)?;
            value = value << 5 | u128::try_from(digit).unwrap_or(0);
        }
        Ok(Self(value))
    }
}

/// Text that is no record id.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a record id is 26 characters of [0-9a-hjkmnp-tv-z], the first one 0–7")]
pub struct RecordIdError;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const MILLIS_MAX: u64 = (1 << 48) - 1;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn golden_ids() {
        let id = RecordId::new(Timestamp(1_398_384_000_123), [0xff; 10]);
        assert_eq!(id.to_string(), "018pb2wz3vzzzzzzzzzzzzzzzz");
        assert_eq!(id.accepted_at(), Timestamp(1_398_384_000_123));
        assert_eq!(RecordId::new(Timestamp(-1), [0; 10]).to_string(), "0".repeat(26));
        let last = RecordId::new(Timestamp(i64::MAX), [0xff; 10]);
        assert_eq!(last.to_string(), format!("7{}", "z".repeat(25)));
    }

    #[test]
    fn one_record_has_one_spelling() {
        for bad in [
            "",
            "018pb2wz3vzzzzzzzzzzzzzzz",
            "018PB2WZ3VZZZZZZZZZZZZZZZZ",
            "818pb2wz3vzzzzzzzzzzzzzzzz",
            "0l8pb2wz3vzzzzzzzzzzzzzzzz",
            "018pb2wz3vzzzzzzzzzzzzzz贯",
        ] {
            assert_eq!(bad.parse::<RecordId>(), Err(RecordIdError), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn ids_round_trip_and_sort_by_time(a: u32, b: u32, bytes: [u8; 10]) {
            let one = RecordId::new(Timestamp(a.into()), bytes);
            let two = RecordId::new(Timestamp(b.into()), [0; 10]);
            prop_assert_eq!(one.to_string().parse::<RecordId>(), Ok(one));
            prop_assert_eq!(RecordId::from_bytes(one.to_bytes()), one);
            prop_assert_eq!(one.cmp(&two), one.to_string().cmp(&two.to_string()));
            if a != b { prop_assert_eq!(one.cmp(&two), a.cmp(&b)); }
        }
    }
}
