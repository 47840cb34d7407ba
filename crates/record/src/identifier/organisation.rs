//! Organisation codes (组织机构代码), GB 11714-1997: eight characters and a check, in print with a
//! hyphen before the check.
//!
//! ```text
//! C9 = 11 − Σ value_i · weight_i mod 11      weights 3 7 9 10 5 8 4 2; 10 is X, 11 is 0
//! ```
//!
//! Records of before 2015 know their party by this code alone; it lives on as characters 9 to 17 of
//! the credit code ([`Uscc::organisation`](super::Uscc::organisation)). Inside there is one form,
//! without the hyphen.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A code with the right form and check character.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganisationCode([u8; OrganisationCode::LEN]);

impl OrganisationCode {
    /// Characters of a code, without the hyphen.
    pub const LEN: usize = 9;

    /// The code as text, without the hyphen.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for OrganisationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for OrganisationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for OrganisationCode {
    type Err = OrganisationCodeError;

    fn from_str(text: &str) -> Result<Self, OrganisationCodeError> {
        let code: [u8; Self::LEN] =
            text.as_bytes().try_into().map_err(|_| OrganisationCodeError::Form)?;
        let [body @ .., check] = &code;
        let mut sum = 0;
        for (byte, weight) in body.iter().zip(WEIGHTS) {
            let value = match byte {
                b'0'..=b'9' => byte - b'0',
                b'A'..=b'Z' => byte - b'A' + 10,
                _ => return Err(OrganisationCodeError::Form),
            };
            sum += usize::from(value) * weight;
        }
        let expected = CHECKS.get(sum % 11).copied().ok_or(OrganisationCodeError::Form)?;
        if *check != expected {
            return Err(OrganisationCodeError::Check { expected: char::from(expected) });
        }
        Ok(Self(code))
    }
}

/// What is wrong with a code.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum OrganisationCodeError {
    /// Not eight digits or capital letters and a check character.
    #[error("an organisation code has 8 digits or capital letters, then a digit or X")]
    Form,
    /// The last character does not fit the others.
    #[error("the check character of the organisation code should be {expected}")]
    Check {
        /// The character that fits.
        expected: char,
    },
}

impl OrganisationCodeError {
    /// The same in Chinese.
    pub fn zh(self) -> String {
        match self {
            Self::Form => "组织机构代码为8位数字或大写字母加一位校验码".to_owned(),
            Self::Check { expected } => format!("校验码应为{expected}"),
        }
    }
}

const WEIGHTS: [usize; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
/// By the remainder of the sum: 11 − 0 is written 0, 11 − 1 is X.
const CHECKS: &[u8; 11] = b"0X987654321";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::Uscc;

    #[test]
    fn check_characters() {
        for good in ["401705300", "MJH23339X", "571145270"] {
            assert_eq!(good.parse::<OrganisationCode>().unwrap().as_str(), good);
        }
        let error = |text: &str| text.parse::<OrganisationCode>().unwrap_err();
        assert_eq!(error("571145271"), OrganisationCodeError::Check { expected: '0' });
        for bad in ["40170530-0", "23339XXX", "", "40170530０", "mjh23339X"] {
            assert_eq!(error(bad), OrganisationCodeError::Form, "{bad}");
        }
    }

    #[test]
    fn a_credit_code_holds_one() {
        let of = |code: &str| code.parse::<Uscc>().unwrap().organisation().unwrap().to_string();
        assert_eq!(of("91220101571145270J"), "571145270");
        assert_eq!(of("52420000MJH23339XT"), "MJH23339X");
    }
}
