//! Citizen identity numbers (公民身份号码), GB 11643-1999: form, date and check character.
//!
//! Neither age nor area is judged: the standard's own example was born in 1880 in a county that is
//! gone. The number is personal data: this type has no `Display`, and its `Debug` is masked.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::date::Date;

/// A number with the right form, a real birthday and the right check character.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CitizenId([u8; CitizenId::LEN]);

impl CitizenId {
    /// Characters of a number.
    pub const LEN: usize = 18;

    /// Completes the first seventeen digits with their check character.
    pub fn complete(body: &str) -> Result<Self, CitizenIdError> {
        let check = check_of(body.as_bytes()).ok_or(CitizenIdError::Form)?;
        let mut text = body.to_owned();
        text.push(char::from(check));
        text.parse()
    }

    /// The number in clear; only for the closed part.
    pub fn reveal(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for CitizenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CitizenId(…)")
    }
}

impl FromStr for CitizenId {
    type Err = CitizenIdError;

    fn from_str(text: &str) -> Result<Self, CitizenIdError> {
        let code: [u8; Self::LEN] = text.as_bytes().try_into().map_err(|_| CitizenIdError::Form)?;
        let [body @ .., check] = &code;
        let expected = check_of(body).ok_or(CitizenIdError::Form)?;
        if text.get(6..14).and_then(Date::of_digits).is_none() {
            return Err(CitizenIdError::Date);
        }
        if *check != expected {
            return Err(CitizenIdError::Check);
        }
        Ok(Self(code))
    }
}

/// What is wrong with a number. The right check character is not told: it is personal data.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum CitizenIdError {
    /// Not seventeen digits and a digit or capital X.
    #[error("a citizen id has 17 digits, then a digit or X")]
    Form,
    /// Characters seven to fourteen are no day.
    #[error("characters 7 to 14 of the citizen id are no day of the calendar")]
    Date,
    /// The last character does not fit the others.
    #[error("the check character of the citizen id does not fit")]
    Check,
}

impl CitizenIdError {
    /// The same in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Form => "公民身份号码为17位数字加一位数字或X",
            Self::Date => "第7至14位不是有效日期",
            Self::Check => "校验码不符",
        }
    }
}

/// How many valid citizen ids stand in a free text, each between characters that are no letters or
/// digits. A text for publication has none.
pub fn citizen_ids_in(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.len() == CitizenId::LEN)
        .filter(|word| word.to_ascii_uppercase().parse::<CitizenId>().is_ok())
        .count()
}

fn check_of(body: &[u8]) -> Option<u8> {
    if body.len() != CitizenId::LEN - 1 || !body.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let sum: usize =
        body.iter().zip(WEIGHTS).map(|(byte, weight)| usize::from(byte - b'0') * weight).sum();
    CHECKS.get(sum % 11).copied()
}

const WEIGHTS: [usize; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_standards_examples_and_their_neighbours() {
        for good in ["11010519491231002X", "440524188001010014"] {
            assert_eq!(good.parse::<CitizenId>().unwrap().reveal(), good);
            assert_eq!(CitizenId::complete(&good[..17]).unwrap().reveal(), good);
        }
        for (bad, error) in [
            ("110105194912310021", CitizenIdError::Check),
            ("11010519491231002x", CitizenIdError::Check),
            ("11010519491331002X", CitizenIdError::Date),
            ("220182199002300016", CitizenIdError::Date),
            ("1101051949123100", CitizenIdError::Form),
            ("1101051949123100２X", CitizenIdError::Form),
            ("", CitizenIdError::Form),
        ] {
            assert_eq!(bad.parse::<CitizenId>(), Err(error), "{bad}");
        }
    }

    #[test]
    fn ids_are_found_in_free_text() {
        assert_eq!(citizen_ids_in("当事人身份证号：11010519491231002x，440524188001010014。"), 2);
        assert_eq!(citizen_ids_in("文号110105194912310021，编号A11010519491231002X"), 0);
    }

    proptest! {
        #[test]
        fn hostile_text_never_panics(text in "\\PC{0,40}") {
            let _ = (text.parse::<CitizenId>(), CitizenId::complete(&text), citizen_ids_in(&text));
        }
    }
}
