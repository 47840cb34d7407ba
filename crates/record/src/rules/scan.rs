//! Texts looked through once, byte by byte: control characters, and numbers a person is known by.
//!
//! Every field of every record passes here, so nothing is allocated and Chinese text, whose bytes are
//! all above ASCII, is stepped over.

use crate::identifier::CitizenId;

/// Personal numbers that a text seems to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// A valid citizen id (公民身份号码).
    pub(super) citizen_id: bool,
    /// Eleven digits as mobile numbers are (手机号码).
    pub(super) phone: bool,
    /// 16 to 19 digits with a card's check digit (银行卡号).
    pub(super) card: bool,
}

/// Looks for words of ASCII letters and digits that are such numbers.
pub(super) fn personal(text: &str) -> Found {
    let mut found = Found::default();
    let words = text.as_bytes().split(|byte| !byte.is_ascii_alphanumeric());
    for word in words.filter(|word| word.len() >= PHONE) {
        match word.len() {
            PHONE => found.phone |= is_phone(word),
            CitizenId::LEN if is_citizen_id(word) => found.citizen_id = true,
            16..=19 => found.card |= is_card(word),
            _ => {}
        }
    }
    found
}

/// Whether a text has a control character that is no line break or tab.
pub(super) fn has_control(text: &str) -> bool {
    let suspect = |byte: &u8| (*byte < b' ' && !matches!(byte, 9 | 10 | 13)) || *byte == 0x7f;
    let bytes = text.as_bytes();
    // U+0080 to U+009F begin with C2, which few texts have at all.
    bytes.iter().any(suspect)
        || (bytes.contains(&0xc2) && text.chars().any(|c| c.is_control() && !c.is_ascii()))
}

fn is_phone(word: &[u8]) -> bool {
    matches!(word, [b'1', b'3'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit))
}

fn is_citizen_id(word: &[u8]) -> bool {
    let (body, check) = word.split_at(CitizenId::LEN - 1);
    let text = std::str::from_utf8(body).unwrap_or_default();
    body.iter().all(u8::is_ascii_digit)
        && CitizenId::complete(text).is_ok_and(|id| {
            id.reveal().as_bytes().last().is_some_and(|last| check.eq_ignore_ascii_case(&[*last]))
        })
}

/// Cards of `UnionPay`, Visa and Mastercard, by first digit and the Luhn check.
fn is_card(word: &[u8]) -> bool {
    if !word.iter().all(u8::is_ascii_digit) || !word.first().is_some_and(|d| b"456".contains(d)) {
        return false;
    }
    let sum: u32 = word
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            if place % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
        })
        .sum();
    sum.is_multiple_of(10)
}

const PHONE: usize = 11;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_between_words() {
        let of = |text| {
            let Found { citizen_id, phone, card } = personal(text);
            (citizen_id, phone, card)
        };
        assert_eq!(of("身份证号：11010519491231002x。"), (true, false, false));
        assert_eq!(of("电话13800138000，"), (false, true, false));
        assert_eq!(of("卡号 6222021234567890128"), (false, false, luhn("6222021234567890128")));
        assert_eq!(of("卡号4111111111111111"), (false, false, true));
        for nothing in [
            "文号110105194912310021",
            "编号A11010519491231002X",
            "12345678901",
            "91440300708461136T",
            "4111111111111112",
            "",
        ] {
            assert_eq!(of(nothing), (false, false, false), "{nothing}");
        }
    }

    fn luhn(text: &str) -> bool {
        is_card(text.as_bytes())
    }

    #[test]
    fn control_characters_of_both_kinds() {
        assert!(has_control("甲\u{0}乙") && has_control("甲\u{85}乙") && has_control("\u{7f}"));
        assert!(!has_control("甲\t乙\r\n£丙"));
    }
}
