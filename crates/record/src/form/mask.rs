//! Masking (脱敏) of a form for publication, field by field as the kind's table says.
//!
//! It works on a copy; the record and its signature stay untouched.

use std::borrow::Cow;

use crate::field::{Field, Show};
use crate::party::{Party, PartyCategory};

/// What a public copy shows of a field.
pub(super) fn shown(field: &Field, text: &str, party: Option<&Party>) -> String {
    let masked = match field.show {
        Show::Publish => Cow::Borrowed(text),
        Show::Withhold => Cow::Borrowed(""),
        Show::MaskName => match party.and_then(|party| party.category) {
            Some(PartyCategory::Legal) if field.name == "legal_representative" => text.into(),
            Some(
                PartyCategory::Legal | PartyCategory::IndividualBusiness | PartyCategory::Natural,
            )
            | None => surname(text).into(),
        },
    };
    masked.into_owned()
}

/// The surname, a `*` for each further character: 张*, 欧阳**.
pub(super) fn surname(name: &str) -> String {
    let kept = if COMPOUND.iter().any(|two| name.starts_with(two) && name != *two) { 2 } else { 1 };
    let count = name.chars().count();
    let stars = "*".repeat(count.saturating_sub(kept));
    name.chars().take(kept).chain(stars.chars()).collect()
}

/// Surnames of two characters in common use (复姓).
const COMPOUND: [&str; 16] = [
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙", "宇文",
    "司徒", "夏侯", "端木", "独孤",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_surname_stays() {
        for (name, shown) in [
            ("张三", "张*"),
            ("王小明", "王**"),
            ("欧阳修", "欧阳*"),
            ("欧阳", "欧*"),
            ("𠮷田", "𠮷*"),
            ("", ""),
            ("甲", "甲"),
        ] {
            assert_eq!(surname(name), shown);
        }
    }
}
