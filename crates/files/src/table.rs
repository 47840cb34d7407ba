//! A table (表): a file as rows of text cells under named columns, whatever its format.
//!
//! ```text
//! open ─ format by its first bytes ─ encoding by all of them ─ header among the top rows ─► Table
//! Table::rows ─ one row in memory ─ empty rows and 表格说明 skipped, report columns dropped ─► Row
//! ```
//!
//! Cells are text as they were written; a number in a spreadsheet is written out, a date becomes
//! `YYYY-MM-DD`. What a cell means is a mapping's business. A row that cannot be taken as it is (bytes
//! that are no text, too wide, too long, broken JSON) comes with its [`Trouble`], so that it is
//! counted and answered for; only a file that cannot be read on ends the rows with an error.

mod columns;
mod compound;
mod decode;
mod delimited;
mod error;
mod format;
mod guard;
mod header;
mod legacy;
mod lines;
mod row;
mod rows;
mod sheet;
mod source;
#[cfg(test)]
mod tests;
mod value;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

pub use columns::Columns;
pub use decode::Encoding;
pub use error::{OpenError, ReadError};
pub use format::Format;
pub(crate) use header::plain;
pub use row::{CellNote, CellNoteCode, Row, Trouble};
pub use rows::{Rows, Skipped};

use self::format::Content;
use self::header::Header;
use self::rows::Layout;
use self::source::Source;
use crate::marker;

/// An opened file.
pub struct Table {
    /// Format, by the file's content.
    pub format: Format,
    /// Encoding of a text format.
    pub encoding: Option<Encoding>,
    /// What separates the cells of a CSV.
    pub delimiter: Option<char>,
    /// Name of the sheet that is read.
    pub sheet: Option<String>,
    /// Line of the header, from 1; none in JSON Lines.
    pub header_line: Option<u64>,
    /// Whether it is a report of ours that comes back mended.
    pub is_report: bool,
    /// Whether it is a masked export of ours, which is never taken back in.
    pub is_masked: bool,
    columns: Arc<Columns>,
    layout: Layout,
    content: Content,
}

/// Opens a file and finds out what it is.
pub fn open(path: &Path) -> Result<Table, OpenError> {
    Table::of(&Source::Path(path.to_owned()))
}

impl Table {
    /// Opens a file that is in memory.
    pub fn from_bytes(bytes: impl Into<Arc<[u8]>>) -> Result<Self, OpenError> {
        Self::of(&Source::Bytes(bytes.into()))
    }

    /// The columns, without ours.
    pub fn columns(&self) -> &Arc<Columns> {
        &self.columns
    }

    /// The rows, from the first.
    pub fn rows(&mut self) -> Result<Rows<'_>, OpenError> {
        let columns = Arc::clone(&self.columns);
        Ok(Rows::new(self.content.reader()?, columns, self.layout.clone()))
    }

    fn of(source: &Source) -> Result<Self, OpenError> {
        let mut content = Content::of(source)?;
        let mut table = Self {
            format: content.format(),
            encoding: content.encoding(),
            delimiter: content.delimiter(),
            sheet: content.sheet().map(str::to_owned),
            header_line: None,
            is_report: false,
            is_masked: false,
            columns: Arc::default(),
            layout: Layout::default(),
            content: Content::Nothing,
        };
        if table.format == Format::Lines {
            table.lay_out_lines(&mut content)?;
        } else {
            table.lay_out_rows(&mut content)?;
        }
        table.content = content;
        Ok(table)
    }

    /// Columns of JSON Lines: the keys of all rows, which takes a look at the whole file.
    fn lay_out_lines(&mut self, content: &mut Content) -> Result<(), OpenError> {
        let mut reader = content.reader()?;
        let (mut seen, mut names) = (BTreeSet::new(), Vec::new());
        while let Some(row) = reader.next()? {
            for name in row.names.into_iter().flatten() {
                if names.len() < crate::limit::COLUMNS_MAX && seen.insert(name.clone()) {
                    names.push(name);
                }
            }
        }
        self.note_markers(names.iter());
        names.retain(|name| !marker::is(name));
        self.columns = Arc::new(Columns::new(names));
        Ok(())
    }

    /// Columns of rows: the header among the top ones.
    fn lay_out_rows(&mut self, content: &mut Content) -> Result<(), OpenError> {
        let mut reader = content.reader()?;
        let (mut lines, mut top) = (Vec::new(), Vec::new());
        while top.len() < crate::limit::HEADER_ROWS_MAX {
            let Some(row) = reader.next()? else { break };
            lines.push(row.line);
            top.push(row.cells);
        }
        let known = |name: &str| crate::known::is_column(name);
        let Header { at, rows } = header::find(&top, &known).ok_or(OpenError::NoHeader)?;
        let names = top.get(at).cloned().unwrap_or_default();
        self.note_markers(names.iter());
        self.header_line = lines.get(at).copied();
        let last = lines.get(at + rows - 1).copied().unwrap_or_default();
        let (mut origin, mut item, mut keep, mut kept) = (None, None, Vec::new(), Vec::new());
        for (at, name) in names.iter().enumerate() {
            if name.trim() == marker::LINE {
                origin = Some(at);
            }
            if name.trim() == marker::ITEM {
                item = Some(at);
            }
            if !name.trim().is_empty() && !marker::is(name) {
                keep.push(at);
                kept.push(name.trim().to_owned());
            }
        }
        self.columns = Arc::new(Columns::new(kept));
        self.layout = Layout { data_after: last, keep, origin, item, width: names.len() };
        Ok(())
    }

    fn note_markers<'a>(&mut self, mut names: impl Iterator<Item = &'a String> + Clone) {
        self.is_report = names.clone().any(|name| name.trim() == marker::LINE);
        self.is_masked = names.any(|name| name.trim() == marker::MASKED);
    }
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut show = f.debug_struct("Table");
        show.field("format", &self.format).field("encoding", &self.encoding);
        show.field("columns", &self.columns).finish_non_exhaustive()
    }
}
