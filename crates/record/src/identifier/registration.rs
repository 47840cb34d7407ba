//! Registration numbers of business (工商注册号), 15 digits, the last one a check digit after ISO 7064
//! MOD 11,10.
//!
//! Given out until 2015; records of that time and V1 and V2 files still carry them. The first six are
//! the registering office's, which may be gone: nothing is read out of them.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A number with the right form and check digit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegistrationNumber([u8; RegistrationNumber::LEN]);

impl RegistrationNumber {
    /// Digits of a number.
    pub const LEN: usize = 15;

    /// The number as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for RegistrationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for RegistrationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RegistrationNumber {
    type Err = RegistrationNumberError;

    fn from_str(text: &str) -> Result<Self, RegistrationNumberError> {
        let number: [u8; Self::LEN] =
            text.as_bytes().try_into().map_err(|_| RegistrationNumberError::Form)?;
        if !number.iter().all(u8::is_ascii_digit) {
            return Err(RegistrationNumberError::Form);
        }
        let [body @ .., check] = &number;
        let product = body.iter().fold(10, |product, byte| {
            let sum = (product + u32::from(byte - b'0')) % 10;
            (if sum == 0 { 10 } else { sum }) * 2 % 11
        });
        let expected = (11 - product) % 10;
        if u32::from(check - b'0') != expected {
            return Err(RegistrationNumberError::Check { expected });
        }
        Ok(Self(number))
    }
}

/// What is wrong with a number.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum RegistrationNumberError {
    /// Not fifteen digits.
    #[error("a registration number has 15 digits")]
    Form,
    /// The last digit does not fit the others.
    #[error("the check digit of the registration number should be {expected}")]
    Check {
        /// The digit that fits.
        expected: u32,
    },
}

impl RegistrationNumberError {
    /// The same in Chinese.
    pub fn zh(self) -> String {
        match self {
            Self::Form => "工商注册号为15位数字".to_owned(),
            Self::Check { expected } => format!("校验码应为{expected}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits() {
        for good in ["440301103097413", "100000000018983"] {
            assert_eq!(good.parse::<RegistrationNumber>().unwrap().as_str(), good);
        }
        for bad in ["330108000014576", "440301104001819"] {
            let error = bad.parse::<RegistrationNumber>().unwrap_err();
            assert!(matches!(error, RegistrationNumberError::Check { .. }), "{bad}");
        }
        for bad in ["", "44030110309741", "44030110309741X", "４４０３０"] {
            assert_eq!(bad.parse::<RegistrationNumber>(), Err(RegistrationNumberError::Form));
        }
    }
}
