//! Exact amounts in 万元 (10,000 yuan) with at most six decimals, as the double-publicity standard
//! writes them: 500 yuan are `0.05`.
//!
//! Six decimals of 万元 are fen, so an amount is a whole number of fen. There is no floating point
//! on any road: receivers that stored `NUMBER(14)` have lost decimals of real fines.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// An amount of money, at most 999,999,999,999.999999 万元.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WanYuan {
    fen: u64,
}

impl WanYuan {
    /// So many fen, the smallest unit; none above decimal(18,6).
    pub fn from_fen(fen: u64) -> Option<Self> {
        (fen < FEN_END).then_some(Self { fen })
    }

    /// So many yuan; none above decimal(18,6).
    pub fn from_yuan(yuan: u64) -> Option<Self> {
        Self::from_fen(yuan.checked_mul(100)?)
    }

    /// The amount in fen.
    pub fn fen(self) -> u64 {
        self.fen
    }
}

/// The shortest exact decimal text.
impl fmt::Display for WanYuan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.fen / FEN_PER_WAN_YUAN, self.fen % FEN_PER_WAN_YUAN);
        if part == 0 {
            return write!(f, "{whole}");
        }
        write!(f, "{whole}.{}", format!("{part:06}").trim_end_matches('0'))
    }
}

impl FromStr for WanYuan {
    type Err = WanYuanError;

    fn from_str(text: &str) -> Result<Self, WanYuanError> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(part) || whole.len() > 12 || part.len() > 6 {
            return Err(WanYuanError);
        }
        let number = |text: &str| text.parse::<u64>().map_err(|_| WanYuanError);
        let fen = number(whole)? * FEN_PER_WAN_YUAN + number(&format!("{part:0<6}"))?;
        Self::from_fen(fen).ok_or(WanYuanError)
    }
}

/// Text that is no exact amount.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("an amount in 万元 is 1–12 digits, then at most six decimals after a point")]
pub struct WanYuanError;

const FEN_PER_WAN_YUAN: u64 = 1_000_000;
const FEN_END: u64 = 1_000_000_000_000 * FEN_PER_WAN_YUAN;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn yuan_are_ten_thousandths() {
        assert_eq!(WanYuan::from_yuan(500).unwrap().to_string(), "0.05");
        assert_eq!("0.050000".parse::<WanYuan>().unwrap().fen(), 50_000);
        assert_eq!("999999999999.999999".parse::<WanYuan>().unwrap().fen(), FEN_END - 1);
        for bad in ["", ".5", "5.", "-1", "+1", "1e3", "1,000", "0.0500001", "1000000000000", "５"]
        {
            assert_eq!(bad.parse::<WanYuan>(), Err(WanYuanError), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn amounts_round_trip(fen in 0..FEN_END) {
            let amount = WanYuan::from_fen(fen).unwrap();
            prop_assert_eq!(amount.to_string().parse(), Ok(amount));
        }
    }
}
