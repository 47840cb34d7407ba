//! Exact amounts: in 万元 (10,000 yuan) with at most six decimals, as the double-publicity standard
//! writes them (500 yuan are `0.05`), and in yuan with at most two, as fees of GB/T 39046 are.
//!
//! Six decimals of 万元 are fen, and so are two of yuan: every amount is a whole number of fen, and one
//! becomes the other exactly. There is no floating point on any road: receivers that stored
//! `NUMBER(14)` have lost decimals of real fines. `decimal/import.rs` reads what people type.

mod import;

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

    /// The same amount in yuan.
    pub fn in_yuan(self) -> Yuan {
        Yuan { fen: self.fen }
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
        decimal::<6>(text, 12).and_then(Self::from_fen).ok_or(WanYuanError)
    }
}

/// Text that is no exact amount.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("an amount in 万元 is 1–12 digits, then at most six decimals after a point")]
pub struct WanYuanError;

/// An amount of money in yuan, as fees are: at most 9,999,999,999,999,999.99, below the end of
/// [`WanYuan`], so that each is the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Yuan {
    fen: u64,
}

impl Yuan {
    /// So many fen; none above 9,999,999,999,999,999.99 yuan.
    pub fn from_fen(fen: u64) -> Option<Self> {
        (fen < FEN_END).then_some(Self { fen })
    }

    /// The amount in fen.
    pub fn fen(self) -> u64 {
        self.fen
    }

    /// The same amount in 万元.
    pub fn in_wan_yuan(self) -> WanYuan {
        WanYuan { fen: self.fen }
    }
}

/// The shortest exact decimal text.
impl fmt::Display for Yuan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.fen / 100, self.fen % 100);
        match (part, part % 10) {
            (0, _) => write!(f, "{whole}"),
            (_, 0) => write!(f, "{whole}.{}", part / 10),
            _ => write!(f, "{whole}.{part:02}"),
        }
    }
}

impl FromStr for Yuan {
    type Err = YuanError;

    fn from_str(text: &str) -> Result<Self, YuanError> {
        decimal::<2>(text, 16).and_then(Self::from_fen).ok_or(YuanError)
    }
}

/// Text that is no exact amount.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("an amount in yuan is 1–16 digits, then at most two decimals after a point")]
pub struct YuanError;

/// A decimal of at most `whole_max` digits before the point and `DECIMALS` after it, times ten to the
/// `DECIMALS`. Neither sign nor separators.
fn decimal<const DECIMALS: usize>(text: &str, whole_max: usize) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || whole.len() > whole_max || part.len() > DECIMALS {
        return None;
    }
    let padding = std::iter::repeat_n(b'0', DECIMALS - part.len());
    whole
        .bytes()
        .chain(part.bytes())
        .chain(padding)
        .try_fold(0_u64, |sum, byte| sum.checked_mul(10)?.checked_add(u64::from(byte - b'0')))
}

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

    #[test]
    fn fees_are_in_yuan_and_both_are_one_amount() {
        for (text, fen, shown) in [("0", 0, "0"), ("12.5", 1250, "12.5"), ("12.05", 1205, "12.05")]
        {
            let amount: Yuan = text.parse().unwrap();
            assert_eq!((amount.fen(), amount.to_string().as_str()), (fen, shown));
            assert_eq!(amount.in_wan_yuan().in_yuan(), amount);
        }
        let end: Yuan = "9999999999999999.99".parse().unwrap();
        assert_eq!(end.in_wan_yuan().to_string(), "999999999999.999999");
        for bad in ["", "1.", ".1", "1.001", "10000000000000000", "-1", "1,000", "1元"] {
            assert_eq!(bad.parse::<Yuan>(), Err(YuanError), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn yuan_round_trip(fen in 0..FEN_END) {
            let amount = Yuan::from_fen(fen).unwrap();
            prop_assert_eq!(amount.to_string().parse(), Ok(amount));
            prop_assert_eq!(amount.in_wan_yuan().fen(), fen);
        }

        #[test]
        fn amounts_round_trip(fen in 0..FEN_END) {
            let amount = WanYuan::from_fen(fen).unwrap();
            prop_assert_eq!(amount.to_string().parse(), Ok(amount));
        }
    }
}
