//! The report of an import (导入报告): the rows that failed, why, and the way out.
//!
//! Original cells stand in their original columns; ours follow. A clerk mends the cells and imports
//! the report itself: the reader knows it by our columns and drops them, so that only the failed rows
//! come again and the good ones are not doubled.

use std::path::Path;
use std::sync::Arc;

use record::Violation;

use crate::marker;
use crate::table::{CellNote, Columns, Row, Trouble};
use crate::write::{Shape, WriteError, Writer};

/// One thing that is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable code.
    pub code: String,
    /// Field or column.
    pub field: String,
    /// What is wrong, in Chinese.
    pub message_zh: String,
    /// What is wrong, in English.
    pub message_en: String,
    /// The way out, in Chinese.
    pub remedy_zh: String,
    /// The way out, in English.
    pub remedy_en: String,
}

impl From<&Violation> for Finding {
    fn from(violation: &Violation) -> Self {
        Self {
            code: violation.code.to_owned(),
            field: violation.field.clone(),
            message_zh: violation.message_zh.clone(),
            message_en: violation.message_en.clone(),
            remedy_zh: violation.remedy_zh.clone(),
            remedy_en: violation.remedy_en.clone(),
        }
    }
}

impl From<&Trouble> for Finding {
    fn from(trouble: &Trouble) -> Self {
        Self {
            code: trouble.code().to_owned(),
            field: String::new(),
            message_zh: trouble.message_zh(),
            message_en: trouble.message_en(),
            remedy_zh: "在原文件中改正该行后重新导入".to_owned(),
            remedy_en: "mend the row in the file and import it again".to_owned(),
        }
    }
}

impl Finding {
    /// What there is to say about a cell of `row`.
    pub fn of_note(row: &Row, note: &CellNote) -> Self {
        let name = row.columns.names().get(note.column).map_or("", String::as_str);
        Self {
            code: note.code.as_str().to_owned(),
            field: name.to_owned(),
            message_zh: note.code.message_zh().to_owned(),
            message_en: note.code.message_en().to_owned(),
            remedy_zh: "将该列设为文本格式后重新填写".to_owned(),
            remedy_en: "format the column as text and fill the cell again".to_owned(),
        }
    }
}

/// A report being written.
#[derive(Debug)]
pub struct Report {
    writer: Writer,
    columns: Arc<Columns>,
}

impl Report {
    /// Begins a report over a table's columns.
    pub fn create(place: &Path, shape: Shape, columns: &Arc<Columns>) -> Result<Self, WriteError> {
        let ours = OURS.map(str::to_owned);
        let writer = Writer::create(place, shape, &[columns.names(), &ours].concat())?;
        Ok(Self { writer, columns: Arc::clone(columns) })
    }

    /// Adds a failed row with everything that is wrong with it, and the item that it became; an empty
    /// one when it became none.
    pub fn row(&mut self, row: &Row, item: &str, findings: &[Finding]) -> Result<(), WriteError> {
        let mut cells = row.cells.clone();
        cells.resize(self.columns.names().len(), String::new());
        let all = |pick: fn(&Finding) -> &str, between: &str| {
            let texts = findings.iter().map(pick).filter(|text| !text.is_empty());
            texts.collect::<Vec<_>>().join(between)
        };
        cells.extend([
            row.origin.unwrap_or(row.line).to_string(),
            item.to_owned(),
            all(|finding| &finding.code, " "),
            all(|finding| &finding.field, " "),
            all(|finding| &finding.message_zh, "；"),
            all(|finding| &finding.remedy_zh, "；"),
            all(|finding| &finding.message_en, "; "),
            all(|finding| &finding.remedy_en, "; "),
        ]);
        self.writer.row(&cells)
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.writer.rows()
    }

    /// Completes the file and gives it its name.
    pub fn finish(self) -> Result<(), WriteError> {
        self.writer.finish()
    }
}

const OURS: [&str; 8] = [
    marker::LINE,
    marker::ITEM,
    marker::CODES,
    marker::FIELDS,
    marker::MESSAGE_ZH,
    marker::REMEDY_ZH,
    marker::MESSAGE_EN,
    marker::REMEDY_EN,
];
