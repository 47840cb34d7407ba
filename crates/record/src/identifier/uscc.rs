//! Unified social credit codes (统一社会信用代码), GB 32100-2015.
//!
//! ```text
//! 1      2      3        9                  18
//! | dept | kind | area 6 | organisation 9   | check |
//! check = (31 − Σ value_i · 3^i mod 31) mod 31, over an alphabet without I O S V Z
//! ```
//!
//! The area inside is where the code was given out, possibly an abolished one: never derive a
//! division from it. The organisation part carries GB 11714's own check, which a few old codes miss,
//! so it is not demanded here.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::organisation::OrganisationCode;
use crate::text::plain;

/// A code with the right form and check character.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uscc([u8; Uscc::LEN]);

impl Uscc {
    /// Characters of a code.
    pub const LEN: usize = 18;

    /// Completes the first seventeen characters with their check character.
    pub fn complete(body: &str) -> Result<Self, UsccError> {
        let check = check_of(body.bytes())?;
        let mut text = body.to_owned();
        text.push(char::from(check));
        text.parse()
    }

    /// What a person may have meant: full-width digits, lower case and spaces around are mended.
    /// Whoever uses it says that he did.
    pub fn mended(text: &str) -> Option<Self> {
        if text.len() > 8 * Self::LEN {
            return None;
        }
        plain(text).0.to_ascii_uppercase().parse().ok()
    }

    /// Whether the last character fits the others, whatever department the first two name.
    pub(crate) fn check_fits(text: &str) -> bool {
        let body = text.bytes().take(Self::LEN - 1);
        text.len() == Self::LEN
            && check_of(body).is_ok_and(|check| text.bytes().last() == Some(check))
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Characters 9 to 17: the organisation code of the time before 2015, when they are one. How a
    /// record of 2014 is linked to today's code.
    pub fn organisation(&self) -> Option<OrganisationCode> {
        self.as_str().get(8..17)?.parse().ok()
    }

    /// Whether it is an individual business's (个体工商户).
    pub fn is_individual_business(&self) -> bool {
        self.0.starts_with(b"92")
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Uscc {
    type Err = UsccError;

    fn from_str(text: &str) -> Result<Self, UsccError> {
        let code: [u8; Self::LEN] = text.as_bytes().try_into().map_err(|_| UsccError::Length)?;
        let [dept, kind, rest @ .., check] = code;
        let expected = check_of([dept, kind].into_iter().chain(rest))?;
        let row = CATEGORIES.iter().find(|(known, _)| *known == dept);
        if !row.is_some_and(|(_, kinds)| kinds.contains(&kind)) {
            return Err(UsccError::Category);
        }
        let (area, _) = rest.split_at(6);
        if !area.iter().all(u8::is_ascii_digit) {
            return Err(UsccError::Area);
        }
        if check != expected {
            return Err(UsccError::Check { expected: char::from(expected) });
        }
        Ok(Self(code))
    }
}

/// What is wrong with a code.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum UsccError {
    /// Not eighteen characters of ASCII.
    #[error("a credit code has 18 characters")]
    Length,
    /// A character outside the alphabet.
    #[error("a credit code has digits and capital letters without I, O, S, V and Z")]
    Alphabet,
    /// The first two name no registering department and kind.
    #[error("the first two characters of the credit code name no registering department")]
    Category,
    /// Characters three to eight are not digits.
    #[error("characters 3 to 8 of a credit code are digits")]
    Area,
    /// The last character does not fit the others.
    #[error("the check character of the credit code should be {expected}")]
    Check {
        /// The character that fits.
        expected: char,
    },
}

impl UsccError {
    /// The same in Chinese.
    pub fn zh(self) -> String {
        match self {
            Self::Length => "统一社会信用代码为18位".to_owned(),
            Self::Alphabet => "统一社会信用代码只用数字和大写字母，不用I、O、S、V、Z".to_owned(),
            Self::Category => "前两位不是登记管理部门和机构类别代码".to_owned(),
            Self::Area => "第3至8位应为数字".to_owned(),
            Self::Check { expected } => format!("校验码应为{expected}"),
        }
    }
}

fn check_of(body: impl IntoIterator<Item = u8>) -> Result<u8, UsccError> {
    let (mut sum, mut weight, mut count) = (0, 1, 0);
    for byte in body {
        let value = *VALUES.get(usize::from(byte)).ok_or(UsccError::Alphabet)?;
        if value == NO_VALUE {
            return Err(UsccError::Alphabet);
        }
        sum = (sum + usize::from(value) * weight) % 31;
        weight = weight * 3 % 31;
        count += 1;
    }
    if count != Uscc::LEN - 1 {
        return Err(UsccError::Length);
    }
    ALPHABET.get((31 - sum) % 31).copied().ok_or(UsccError::Alphabet)
}

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const NO_VALUE: u8 = u8::MAX;

/// The value of each byte: codes are judged on every record's way in.
#[expect(clippy::indexing_slicing, reason = "evaluated when compiled: a slip does not build")]
#[expect(clippy::as_conversions, reason = "a byte fits, and const code has no `From`")]
const VALUES: [u8; 128] = {
    let mut values = [NO_VALUE; 128];
    let mut value = 0;
    while value < 31 {
        values[ALPHABET[value as usize] as usize] = value;
        value += 1;
    }
    values
};

/// Registering department, then the kinds it registers.
const CATEGORIES: [(u8, &[u8]); 12] = [
    (b'1', b"1239"),
    (b'2', b"19"),
    (b'3', b"123459"),
    (b'4', b"19"),
    (b'5', b"1239"),
    (b'6', b"129"),
    (b'7', b"129"),
    (b'8', b"19"),
    (b'9', b"123"),
    (b'A', b"19"),
    (b'N', b"1239"),
    (b'Y', b"1"),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn valid_codes_of_every_department() {
        for good in [
            "914403001922038216",
            "91220101571145270J",
            "51420000MJH2003604",
            "52420000MJH23339XT",
            "11230500001755309F",
            "12441500196720244T",
            "11100000MB03271699",
            "91220102MA0Y123407",
            "92220181MA0Y56781B",
            "112224030137123498",
            "5122010050987654XK",
            "N2220122MF1234567Y",
            "A1220200712345672T",
            "Y1220000MB01234572",
        ] {
            assert_eq!(good.parse::<Uscc>().unwrap().as_str(), good);
            assert_eq!(Uscc::complete(&good[..17]).unwrap().as_str(), good);
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        use UsccError::{Alphabet, Category, Check, Length};
        for (bad, error) in [
            ("914403001922038217", Check { expected: '6' }),
            ("914403001922038216 ", Length),
            ("91440300192203821", Length),
            ("", Length),
            ("９14403001922038216", Length),
            ("9144O3001922038216", Alphabet),
            ("91440300708461136t", Check { expected: 'T' }),
            ("00000000000000000X", Category),
        ] {
            assert_eq!(bad.parse::<Uscc>(), Err(error), "{bad}");
        }
        assert!("914403001922083216".parse::<Uscc>().is_err(), "transposed");
    }

    #[test]
    fn typing_slips_are_mended_on_request_only() {
        for slip in ["９14403001922038216", " 914403001922038216 ", "９１440300192203821６"] {
            assert_eq!(Uscc::mended(slip).unwrap().as_str(), "914403001922038216");
        }
        assert_eq!(Uscc::mended("91440300708461136t").unwrap().as_str(), "91440300708461136T");
        assert_eq!(Uscc::mended("914403001922038217"), None);
    }

    proptest! {
        #[test]
        fn one_wrong_character_is_always_noticed(place in 0usize..18, digit in 0usize..31) {
            let good = "91220102MA0Y123407";
            let mut bytes = *good.as_bytes().first_chunk::<18>().unwrap();
            bytes[place] = ALPHABET[digit];
            let text = std::str::from_utf8(&bytes).unwrap();
            prop_assert_eq!(text.parse::<Uscc>().is_ok(), text == good);
        }

        #[test]
        fn hostile_text_never_panics(text in "\\PC{0,40}") {
            let _ = (text.parse::<Uscc>(), Uscc::mended(&text), Uscc::complete(&text));
        }
    }
}
