//! Which row is the header, and which rows are none of the data.
//!
//! Templates are handed out with a merged title above the header, sometimes with the fields' codes
//! in a second header row, and with a last row 表格说明 that explains how to fill them in. The header
//! is the first of the top rows that names known fields; where no row does, the first that looks like
//! names. What is skipped is told, never dropped in silence.

use unicode_normalization::UnicodeNormalization;

/// What stands at the top of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// Index of the header among the rows looked at.
    pub(crate) at: usize,
    /// How many rows the header has: 2 where codes follow names.
    pub(crate) rows: usize,
}

/// Finds the header among the top rows; none when they are all empty.
pub(crate) fn find(rows: &[Vec<String>], known: &dyn Fn(&str) -> bool) -> Option<Header> {
    let names = |row: &Vec<String>| row.iter().filter(|cell| known(&plain(cell))).count();
    let filled = |row: &Vec<String>| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    let header = |row: &Vec<String>| names(row) >= 2 && names(row) * 3 >= filled(row);
    if let Some(at) = rows.iter().position(header) {
        let twice = rows.get(at + 1).is_some_and(|row| header(row) && names(row) * 2 > filled(row));
        return Some(Header { at, rows: if twice { 2 } else { 1 } });
    }
    let widest = rows.iter().map(filled).max().filter(|widest| *widest > 0)?;
    let at = rows
        .iter()
        .position(|row| filled(row) * 2 >= widest && row.iter().all(|cell| wordy(cell)))?;
    Some(Header { at, rows: 1 })
}

/// Whether a row after the header explains the table instead of being a row of it.
pub(crate) fn is_note(cells: &[String]) -> bool {
    let mut filled = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    let Some(first) = filled.next() else { return false };
    NOTES.iter().any(|note| first.starts_with(note)) && filled.count() <= 1
}

/// A name as it is compared: normal form, no spaces, no stars of 必填, no case.
pub(crate) fn plain(name: &str) -> String {
    let ornament = |c: &char| !c.is_whitespace() && !matches!(c, '*' | ':' | '"' | '\u{feff}');
    name.nfkc().filter(ornament).flat_map(char::to_lowercase).collect()
}

/// A cell that may be the name of a column.
fn wordy(cell: &str) -> bool {
    let cell = cell.trim();
    cell.chars().count() <= NAME_CHARS_MAX && (cell.is_empty() || cell.parse::<f64>().is_err())
}

const NAME_CHARS_MAX: usize = 100;
const NOTES: [&str; 5] = ["表格说明", "填表说明", "填写说明", "填报说明", "说明："];

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
    }

    fn known(name: &str) -> bool {
        ["许可机关", "决定书文号", "xk_wsh", "xk_xkjg"].contains(&name)
    }

    #[test]
    fn the_header_is_found_under_a_title_and_over_codes() {
        let at = |text: &str| find(&rows(text), &known);
        assert_eq!(at("许可机关,决定书文号\n甲,乙"), Some(Header { at: 0, rows: 1 }));
        assert_eq!(at("行政许可信息表,\n许可机关*,决定书文号\n"), Some(Header { at: 1, rows: 1 }));
        let twice = "标题,\n,许可机关,决定书文号\n,XK_XKJG,XK_WSH\n,甲,乙";
        assert_eq!(at(twice), Some(Header { at: 1, rows: 2 }));
        assert_eq!(at("a,b,c\n1,2,3"), Some(Header { at: 0, rows: 1 }));
        assert_eq!(at("1,2,3\n4,5,6"), None);
        assert_eq!(at(",,\n"), None);
    }

    #[test]
    fn explanations_are_no_rows() {
        assert!(is_note(&[String::new(), "表格说明：带*为必填".to_owned()]));
        assert!(!is_note(&["说明书".to_owned(), "甲".to_owned()]));
        assert!(!is_note(&[String::new()]));
    }
}
