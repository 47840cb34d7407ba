//! Spellings: what a cell may say in other words, mended without guessing.
//!
//! Each function answers the mended text and the code of the change, or nothing when the text can
//! stay. A cell that means nothing at all is left for validation to name.

use crate::date::Date;
use crate::decimal::{WanYuan, Yuan};
use crate::field::{Field, Need, Value};
use crate::lists::List;
use crate::text::{Change, Changes, Read, plain, trimmed};

/// What a cell was changed to, and why.
pub(super) type Mended = Option<(String, &'static str)>;

/// Mends the text of one field.
pub(super) fn mended(field: &Field, text: &str) -> Mended {
    let inner = trimmed(text);
    if may_be_left_empty(field) && stands_for_nothing(inner) {
        return Some((String::new(), "placeholder"));
    }
    let found = match field.value {
        Value::Date | Value::DecisionDate => date(inner, may_be_left_empty(field)),
        Value::Uscc
        | Value::AuthorityCode
        | Value::Organisation
        | Value::Registration
        | Value::CertificateNumber => code(inner),
        Value::WanYuan => of_read(inner, WanYuan::read(inner).ok()),
        Value::Yuan => of_read(inner, Yuan::read(inner).ok()),
        Value::Integer | Value::Division => number(inner),
        Value::List(list) => word(list, inner),
        Value::Many(list) => words(list, inner),
        Value::Text
        | Value::Free
        | Value::Name
        | Value::Time
        | Value::Scheme
        | Value::RecordId
        | Value::Digest
        | Value::Json => None,
    };
    found
        .or_else(|| (inner.len() != text.len()).then(|| (inner.to_owned(), Change::Trimmed.code())))
}

fn may_be_left_empty(field: &Field) -> bool {
    let needs = [field.need.legal, field.need.natural, field.need.individual];
    needs.iter().all(|need| *need != Need::Mandatory)
}

/// `/`, 无 and their like in a column that may be empty.
fn stands_for_nothing(text: &str) -> bool {
    matches!(
        text,
        "/" | "\\" | "-" | "--" | "—" | "——" | "无" | "空" | "暂无" | "null" | "NULL" | "N/A"
    )
}

/// Other spellings of a day. A day that stands for nothing empties a field that may be empty and
/// stays for validation to name in one that may not.
fn date(text: &str, may_be_empty: bool) -> Mended {
    if text == NO_TERM && !may_be_empty {
        return Some((Date::LONG_TERM.to_string(), Change::LongTerm.code()));
    }
    let Read { value, changes } = Date::read(text).ok()?;
    let mended = match value {
        Some(day) => day.to_string(),
        None if may_be_empty => String::new(),
        None => return None,
    };
    told(text, mended, changes)
}

/// An amount in the field's unit.
fn of_read<T: ToString>(text: &str, read: Option<Read<T>>) -> Mended {
    let Read { value, changes } = read?;
    if changes.is_empty() { None } else { told(text, value.to_string(), changes) }
}

fn told(text: &str, mended: String, changes: Changes) -> Mended {
    let code = changes.iter().last().map_or("spelling", Change::code);
    (mended != text).then_some((mended, code))
}

/// Codes: full-width characters, lower case, blanks and hyphens inside.
fn code(text: &str) -> Mended {
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        return None;
    }
    let (narrow, mut changes) = plain(text);
    let mut mended: String = narrow.chars().filter(|c| !c.is_whitespace()).collect();
    if mended.bytes().any(|byte| byte.is_ascii_lowercase()) {
        mended.make_ascii_uppercase();
        changes.add(Change::Case);
    }
    let joined = mended.replace('-', "");
    if joined != mended && joined.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        mended = joined;
        changes.add(Change::Hyphens);
    }
    told(text, mended, changes)
}

/// Whole numbers: full-width digits, thousands separators, the `.0` of a spreadsheet's cell.
fn number(text: &str) -> Mended {
    let (narrow, changes) = plain(text);
    let joined: String = narrow.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    let whole = joined.strip_suffix(".0").unwrap_or(&joined).to_owned();
    told(text, whole, changes)
}

/// One value of a list: width and blanks.
fn word(list: &List, text: &str) -> Mended {
    if list.has(text) {
        return None;
    }
    let narrow: String = plain(text).0.chars().filter(|c| !c.is_whitespace()).collect();
    let narrow = narrow.strip_suffix(".0").unwrap_or(&narrow);
    let padded = format!("0{narrow}");
    let found = [narrow, &padded].into_iter().find(|spelling| list.has(spelling))?;
    Some((found.to_owned(), "list-spelling"))
}

/// Several values of a list, whatever stands between them; the list's own words may have a 、.
fn words(list: &List, text: &str) -> Mended {
    let mut found: Vec<String> = Vec::new();
    let mut rest = text.trim_start_matches(is_between);
    while !rest.is_empty() {
        let longest = list
            .entries
            .iter()
            .map(|(_, word, _)| *word)
            .filter(|word| rest.strip_prefix(word).is_some_and(ends))
            .max_by_key(|word| word.len());
        let end = longest.map_or_else(|| rest.find(is_between).unwrap_or(rest.len()), str::len);
        let (word, behind) = rest.split_at(end);
        if !found.iter().any(|known| known == word.trim()) {
            found.push(word.trim().to_owned());
        }
        rest = behind.trim_start_matches(is_between);
    }
    let joined = found.join(crate::field::MANY_JOINED_BY);
    (joined != text).then_some((joined, "list-spelling"))
}

fn is_between(c: char) -> bool {
    matches!(c, ',' | '，' | '、' | ';' | '；' | '|' | '｜') || c.is_whitespace()
}

fn ends(rest: &str) -> bool {
    rest.chars().next().is_none_or(is_between)
}

/// A penalty without a term, in the word of templates.
const NO_TERM: &str = "无处罚期限";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lists;

    #[test]
    fn days_in_other_spellings() {
        for (text, day) in [
            ("2024/1/5", "2024-01-05"),
            ("2024/01/05", "2024-01-05"),
            ("20240105", "2024-01-05"),
            ("20240105T093000", "2024-01-05"),
            ("2024010509:30:00", "2024-01-05"),
            ("20240105093000", "2024-01-05"),
            ("2024年1月5日", "2024-01-05"),
            ("２０２４-01-05", "2024-01-05"),
            ("2024-01-05 00:00:00", "2024-01-05"),
            ("2099/12/31", "2099-12-31"),
            ("无处罚期限", "2099-12-31"),
        ] {
            assert_eq!(date(text, false).map(|(day, _)| day).as_deref(), Some(day), "{text}");
        }
        for text in ["2024-01-05", "2024/13/01", "5.1.2024", "昨天", "", "2024010"] {
            assert_eq!(date(text, false), None, "{text}");
        }
    }

    #[test]
    fn several_values_whatever_stands_between() {
        let list = &lists::PENALTY_CATEGORY;
        let split = |text| words(list, text).map(|(text, _)| text);
        assert_eq!(
            split("罚款、没收违法所得、没收非法财物").as_deref(),
            Some("罚款;没收违法所得、没收非法财物")
        );
        assert_eq!(split("警告，罚款|罚款").as_deref(), Some("警告;罚款"));
        assert_eq!(split("警告;罚款"), None);
        assert_eq!(split("罚款金额;警告"), None, "a longer word is no entry");
    }

    #[test]
    fn codes_and_cells_of_spreadsheets() {
        assert_eq!(code("４０１７０５３0-0").unwrap().0, "401705300");
        assert_eq!(code("91440300708461136t").unwrap().0, "91440300708461136T");
        assert_eq!(code("91440300708461136T"), None);
        let fine = |text| of_read(text, WanYuan::read(text).ok()).map(|(text, _)| text);
        assert_eq!(fine("５００元").as_deref(), Some("0.05"));
        assert_eq!(fine("0.050000"), None);
        assert_eq!(date("1970-01-01", true).unwrap().0, "");
        assert_eq!(date("1970-01-01", false), None);
        assert_eq!(number("220100.0").unwrap().0, "220100");
        assert_eq!(number("1,000.5").unwrap().0, "1000.5");
        assert_eq!(word(&lists::STATE, "1.0").unwrap().0, "1");
        assert_eq!(word(&lists::PERMIT_CATEGORY, "1").unwrap().0, "01");
    }
}
