//! One row of a table.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::columns::Columns;

/// A row (行): text cells under columns.
///
/// Cells may hold natural persons' data, so a row has no `Debug` text but its line.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// Line of the file, or row of the sheet, from 1.
    pub line: u64,
    /// Line it had in the file whose report this is.
    pub origin: Option<u64>,
    /// The item in quarantine that it was, in a report.
    pub item: Option<String>,
    /// Its columns.
    pub columns: Arc<Columns>,
    /// Its cells, one for each column.
    pub cells: Vec<String>,
    /// What reading changed or doubts in a cell.
    pub notes: Vec<CellNote>,
    /// Why it cannot be taken as it is.
    pub trouble: Option<Trouble>,
}

impl Row {
    /// The cell under the column called `name`.
    pub fn cell(&self, name: &str) -> Option<&str> {
        let at = self.columns.place(name)?;
        self.cells.get(at).map(String::as_str)
    }

    /// Digest of its content: two rows of a file have one digest only when all their cells are
    /// alike. The order of columns and empty cells do not matter.
    pub fn digest(&self) -> [u8; 32] {
        let mut cells: Vec<(&str, &str)> = self
            .columns
            .names()
            .iter()
            .map(String::as_str)
            .zip(self.cells.iter().map(String::as_str))
            .filter(|(_, cell)| !cell.is_empty())
            .collect();
        cells.sort_unstable();
        let mut hash = Sha256::new();
        for text in cells.into_iter().flat_map(|(name, cell)| [name, cell]) {
            hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(text);
        }
        hash.finalize().into()
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row").field("line", &self.line).finish_non_exhaustive()
    }
}

/// What reading changed or doubts in one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellNote {
    /// Place of the column.
    pub column: usize,
    /// What it is.
    pub code: CellNoteCode,
}

/// What there is to say about a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellNoteCode {
    /// A number of more than 15 digits: the spreadsheet keeps only 15, the rest is lost.
    DigitsLost,
    /// The spreadsheet shows an error such as `#REF!`.
    SheetError,
}

impl CellNoteCode {
    /// Stable code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DigitsLost => "digits-lost",
            Self::SheetError => "sheet-error",
        }
    }

    /// What is wrong, in Chinese.
    pub fn message_zh(self) -> &'static str {
        match self {
            Self::DigitsLost => "数字超过 15 位，电子表格已丢失末尾数字",
            Self::SheetError => "单元格是电子表格的错误值",
        }
    }

    /// What is wrong, in English.
    pub fn message_en(self) -> &'static str {
        match self {
            Self::DigitsLost => "a number of more than 15 digits: the spreadsheet has lost its end",
            Self::SheetError => "the cell holds an error of the spreadsheet",
        }
    }
}

/// Why a row cannot be taken as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Bytes that are no text in the file's encoding.
    Bytes {
        /// Their line.
        line: u64,
        /// The bytes in hexadecimal.
        bytes: String,
    },
    /// Longer than a row may be; often a quote that is not closed.
    TooLong,
    /// More cells than the header has columns.
    TooWide,
    /// A cell longer than a cell may be.
    CellTooLong,
    /// A line that is no JSON object.
    Json(String),
}

impl Trouble {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Bytes { .. } => "row-bytes",
            Self::TooLong => "row-too-long",
            Self::TooWide => "row-too-wide",
            Self::CellTooLong => "row-cell-too-long",
            Self::Json(_) => "row-json",
        }
    }

    /// What is wrong, in Chinese.
    pub fn message_zh(&self) -> String {
        match self {
            Self::Bytes { line, bytes } => {
                format!("第 {line} 行含非法字节 {bytes}，与文件编码不符")
            }
            Self::TooLong => "该行过长，可能是引号未闭合".to_owned(),
            Self::TooWide => "该行单元格多于表头列数".to_owned(),
            Self::CellTooLong => "单元格内容过长".to_owned(),
            Self::Json(why) => format!("该行不是 JSON 对象：{why}"),
        }
    }

    /// What is wrong, in English.
    pub fn message_en(&self) -> String {
        match self {
            Self::Bytes { line, bytes } => {
                format!("line {line} holds bytes that are no text in the file's encoding: {bytes}")
            }
            Self::TooLong => "the row is too long; a quote may be left open".to_owned(),
            Self::TooWide => "the row has more cells than the header has columns".to_owned(),
            Self::CellTooLong => "a cell is too long".to_owned(),
            Self::Json(why) => format!("the line is no JSON object: {why}"),
        }
    }
}

/// A row as a format's reader gives it, before the header's columns are laid over it.
#[derive(Default)]
pub(crate) struct RawRow {
    pub(crate) line: u64,
    pub(crate) cells: Vec<String>,
    /// Names of its cells, in formats that name them row by row.
    pub(crate) names: Option<Vec<String>>,
    pub(crate) notes: Vec<CellNote>,
    pub(crate) trouble: Option<Trouble>,
}
