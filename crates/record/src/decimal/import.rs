//! Amounts as people and spreadsheets write them: `1,234.50`, `５００元`, `0.05万元`, `¥500`, `500.000000`.
//!
//! The field says its unit; a unit in the text is obeyed and converted exactly, and told. Decimals
//! finer than a fen are refused unless they are zeros: nothing is rounded. Deliberately absent:
//! floating point, exponents, signs and other currencies.

use std::borrow::Cow;

use super::{WanYuan, WanYuanError, Yuan, YuanError, decimal};
use crate::text::{Change, Changes, Read, plain};

impl WanYuan {
    /// Reads an amount of a field in 万元; a text that says 元 is converted.
    pub fn read(text: &str) -> Result<Read<Self>, WanYuanError> {
        if let Ok(value) = text.parse() {
            return Ok(Read { value, changes: Changes::NONE });
        }
        let (fen, changes) = fen(text, Unit::WanYuan).ok_or(WanYuanError)?;
        Self::from_fen(fen).map(|value| Read { value, changes }).ok_or(WanYuanError)
    }
}

impl Yuan {
    /// Reads an amount of a field in yuan; a text that says 万元 is converted.
    pub fn read(text: &str) -> Result<Read<Self>, YuanError> {
        if let Ok(value) = text.parse() {
            return Ok(Read { value, changes: Changes::NONE });
        }
        let (fen, changes) = fen(text, Unit::Yuan).ok_or(YuanError)?;
        Self::from_fen(fen).map(|value| Read { value, changes }).ok_or(YuanError)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    WanYuan,
    Yuan,
}

fn fen(text: &str, field: Unit) -> Option<(u64, Changes)> {
    if text.len() > TEXT_MAX {
        return None;
    }
    let (inner, mut changes) = plain(text);
    let mut rest = &*inner;
    for sign in SIGNS {
        if let Some(after) = rest.strip_prefix(sign) {
            changes.add(Change::Currency);
            rest = after.trim_start();
        }
    }
    let mut unit = field;
    if let Some((before, named)) =
        UNITS.iter().find_map(|(word, unit)| Some((rest.strip_suffix(word)?, *unit)))
    {
        changes.add(Change::Currency);
        (rest, unit) = (before.trim_end(), named);
    }
    let number = without_thousands(rest)?;
    if matches!(number, Cow::Owned(_)) {
        changes.add(Change::Thousands);
    }
    // Spreadsheets pad with zeros: 500.000000 yuan are no finer than a fen.
    let number = match number.split_once('.') {
        Some((whole, part)) if !part.is_empty() && part.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => number.trim_end_matches('0'),
        None => &number,
    };
    if unit != field {
        changes.add(Change::Unit);
    }
    let fen = match unit {
        Unit::WanYuan => decimal::<6>(number, 12)?,
        Unit::Yuan => decimal::<2>(number, 16)?,
    };
    Some((fen, changes))
}

/// Without commas between groups of three digits; none when they stand elsewhere.
fn without_thousands(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(',') {
        return Some(Cow::Borrowed(text));
    }
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    if !matches!(first.len(), 1..=3) || groups.any(|group| group.len() != 3) || part.contains(',') {
        return None;
    }
    Some(Cow::Owned(text.replace(',', "")))
}

const TEXT_MAX: usize = 128;
const SIGNS: [&str; 5] = ["人民币", "RMB", "CNY", "¥", "￥"];
const UNITS: [(&str, Unit); 6] = [
    ("万元整", Unit::WanYuan),
    ("万元", Unit::WanYuan),
    ("万", Unit::WanYuan),
    ("元整", Unit::Yuan),
    ("圆", Unit::Yuan),
    ("元", Unit::Yuan),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_people_type_is_read_exactly_and_told() {
        use Change::{Currency, Thousands, Trimmed, Unit, Width};
        for (text, shown, told) in [
            ("0.05", "0.05", vec![]),
            ("0.050000", "0.05", vec![]),
            ("0.0500000000", "0.05", vec![]),
            ("5万元", "5", vec![Currency]),
            ("500元", "0.05", vec![Currency, Unit]),
            ("¥1,234.50元", "0.12345", vec![Thousands, Currency, Unit]),
            ("人民币 12 万元整", "12", vec![Currency]),
            ("１，２３４．５ ", "1234.5", vec![Trimmed, Width, Thousands]),
            ("20,000", "20000", vec![Thousands]),
        ] {
            let read = WanYuan::read(text).unwrap();
            assert_eq!(read.value.to_string(), shown, "{text}");
            assert_eq!(read.changes.iter().collect::<Vec<_>>(), told, "{text}");
        }
        let fee = Yuan::read("0.00125万元").unwrap();
        assert_eq!((fee.value.to_string().as_str(), fee.changes.contains(Unit)), ("12.5", true));
        assert_eq!(Yuan::read("500.000000").unwrap().value.fen(), 50_000);
    }

    #[test]
    fn nothing_is_rounded_and_nothing_guessed() {
        for bad in [
            "",
            "元",
            "万",
            "1.2.3",
            "1,23",
            "1,2345",
            "12,34,567",
            "-5",
            "1e3",
            "0.0000001",
            "五百元",
            "0.001元",
            "USD 5",
            "1,000.5,5",
            "1 000",
            "5.",
        ] {
            assert_eq!(WanYuan::read(bad), Err(WanYuanError), "{bad}");
        }
        assert_eq!(Yuan::read("12.505"), Err(YuanError));
    }

    proptest! {
        #[test]
        fn either_unit_is_the_same_amount(fen in 0u64..1_000_000_000_000_000_000) {
            let amount = WanYuan::from_fen(fen).unwrap();
            let in_yuan = format!("{}元", amount.in_yuan());
            prop_assert_eq!(WanYuan::read(&in_yuan).unwrap().value, amount);
            let in_wan = format!("{amount}万元");
            prop_assert_eq!(Yuan::read(&in_wan).unwrap().value, amount.in_yuan());
        }

        #[test]
        fn hostile_text_never_panics(text in "[0-9.,万元¥ ]{0,30}|\\PC{0,30}") {
            let _ = (WanYuan::read(&text), Yuan::read(&text));
        }
    }
}
