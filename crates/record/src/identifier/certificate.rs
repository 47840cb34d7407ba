//! Identifiers of electronic certificates (电子证照标识), GB/T 36904-2018.
//!
//! ```text
//! 1.2.156.3005.2 . TYPE              . ISSUER    . SERIAL     . VERSION . C
//! fixed OID        definer's credit    credit or   1–32         3 digits  ISO 7064 MOD 37,36 over
//!                  code + 3 digits     division                           the four before, no dots
//! ```
//!
//! The credit codes inside are not judged by their own check: one check covers the whole. What the
//! issuer's code names is not asked; a division is seen there in real ones.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// An identifier with the right form and check character.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CertificateId(String);

impl CertificateId {
    /// Longest identifier in bytes.
    pub const MAX: usize = 128;

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a text is an identifier, without keeping it: nothing is allocated.
    pub fn check(text: &str) -> Result<(), CertificateIdError> {
        let [kind, issuer, serial, version, check] = segments(text)?;
        let form = kind.len() == TYPE_LEN
            && kind.bytes().skip(TYPE_LEN - 3).all(|byte| byte.is_ascii_digit())
            && matches!(issuer.len(), 6..=18)
            && matches!(serial.len(), 1..=32)
            && version.len() == 3
            && version.bytes().all(|byte| byte.is_ascii_digit());
        if !form {
            return Err(CertificateIdError::Form);
        }
        let mut product = 36;
        for byte in [kind, issuer, serial, version].into_iter().flat_map(str::bytes) {
            let sum = (product + value(byte)?) % 36;
            product = (if sum == 0 { 36 } else { sum }) * 2 % 37;
        }
        let expected = (37 - product) % 36;
        let [byte] = check.as_bytes() else { return Err(CertificateIdError::Form) };
        if value(*byte)? != expected {
            let expected = char::from_digit(expected, 36).unwrap_or('?').to_ascii_uppercase();
            return Err(CertificateIdError::Check { expected });
        }
        Ok(())
    }
}

impl fmt::Display for CertificateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CertificateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CertificateId {
    type Err = CertificateIdError;

    fn from_str(text: &str) -> Result<Self, CertificateIdError> {
        Self::check(text).map(|()| Self(text.to_owned()))
    }
}

/// What is wrong with an identifier.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum CertificateIdError {
    /// Not the OID and five segments.
    #[error("a certificate identifier is 1.2.156.3005.2 and type, issuer, serial, version, check")]
    Form,
    /// The last character does not fit the others.
    #[error("the check character of the certificate identifier should be {expected}")]
    Check {
        /// The character that fits.
        expected: char,
    },
}

impl CertificateIdError {
    /// The same in Chinese.
    pub fn zh(self) -> String {
        match self {
            Self::Form => {
                "电子证照标识为1.2.156.3005.2加类型、颁发机构、流水号、版本、校验五段".to_owned()
            }
            Self::Check { expected } => format!("校验码应为{expected}"),
        }
    }
}

fn segments(text: &str) -> Result<[&str; 5], CertificateIdError> {
    if text.len() > CertificateId::MAX {
        return Err(CertificateIdError::Form);
    }
    let mut rest = text.strip_prefix(OID).ok_or(CertificateIdError::Form)?.split('.');
    let segments = std::array::from_fn(|_| rest.next().unwrap_or_default());
    if rest.next().is_some() { Err(CertificateIdError::Form) } else { Ok(segments) }
}

fn value(byte: u8) -> Result<u32, CertificateIdError> {
    match byte {
        b'0'..=b'9' => Ok(u32::from(byte - b'0')),
        b'A'..=b'Z' => Ok(u32::from(byte - b'A') + 10),
        _ => Err(CertificateIdError::Form),
    }
}

const OID: &str = "1.2.156.3005.2.";
const TYPE_LEN: usize = 21;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const REAL: &str = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U";

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(REAL.parse::<CertificateId>().unwrap().as_str(), REAL);
        let wrong = REAL.replace(".001.U", ".002.U");
        assert!(matches!(CertificateId::check(&wrong), Err(CertificateIdError::Check { .. })));
        for bad in ["", "1.2.156.3005.2", &REAL[1..], &REAL.to_lowercase(), &format!("{REAL}.0")] {
            assert_eq!(CertificateId::check(bad), Err(CertificateIdError::Form), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_character_is_always_noticed(place in 15usize..73, letter in "[0-9A-Z]") {
            let mut text = REAL.to_owned();
            prop_assume!(&text[place..=place] != ".");
            text.replace_range(place..=place, &letter);
            prop_assert_eq!(CertificateId::check(&text).is_ok(), text == REAL);
        }
    }
}
