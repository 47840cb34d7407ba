//! Old XLS: the first sheet with cells, held in memory.
//!
//! A limit on the file's length and one on the cells it spans bound it. Its library was written for
//! friendly files; a panic in it becomes an error here, the file being the only thing it can have
//! spoiled.

use std::io::Read as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Range, Reader as _, Xls, open_workbook_from_rs};

use super::compound;
use super::error::OpenError;
use super::row::{CellNote, RawRow, Trouble};
use super::source::{Source, Stream};
use super::value;
use crate::limit::{COLUMNS_MAX, LEGACY_BYTES_MAX};

/// An old sheet.
pub(crate) struct Legacy {
    sheet: String,
    cells: Range<Data>,
}

impl Legacy {
    pub(crate) fn open(source: &Source) -> Result<Self, OpenError> {
        if source.len()? > LEGACY_BYTES_MAX {
            return Err(OpenError::Package("an XLS file this long cannot be read".to_owned()));
        }
        let mut file = Vec::new();
        source.open()?.read_to_end(&mut file)?;
        if let Some(why) = compound::refusal(&file) {
            return Err(OpenError::Package(why.to_owned()));
        }
        let stream = Source::Bytes(file.into()).open()?;
        let read = catch_unwind(AssertUnwindSafe(|| first_sheet(stream)));
        read.unwrap_or_else(|_| Err(OpenError::Sheet("the file is damaged".to_owned())))
    }

    pub(crate) fn sheet(&self) -> &str {
        &self.sheet
    }

    pub(crate) fn rows(&self) -> LegacyRows<'_> {
        let (row, column) = self.cells.start().unwrap_or_default();
        let left = usize::try_from(column).unwrap_or(usize::MAX);
        LegacyRows { rows: self.cells.rows(), line: row.into(), left }
    }
}

fn first_sheet(stream: Stream) -> Result<Legacy, OpenError> {
    let error = |error: calamine::XlsError| OpenError::Sheet(error.to_string());
    let mut book: Xls<Stream> = open_workbook_from_rs(stream).map_err(error)?;
    for sheet in book.sheet_names() {
        let cells = book.worksheet_range(&sheet).map_err(error)?;
        if !cells.is_empty() {
            return Ok(Legacy { sheet, cells });
        }
    }
    Err(OpenError::Empty)
}

/// The rows of an old sheet.
pub(crate) struct LegacyRows<'a> {
    rows: calamine::Rows<'a, Data>,
    line: u64,
    left: usize,
}

impl LegacyRows<'_> {
    pub(crate) fn next(&mut self) -> Option<RawRow> {
        let values = self.rows.next()?;
        self.line += 1;
        let mut row = RawRow { line: self.line, ..RawRow::default() };
        let filled = values.iter().rposition(|value| *value != Data::Empty).map_or(0, |at| at + 1);
        if self.left.saturating_add(filled) > COLUMNS_MAX {
            row.trouble = Some(Trouble::TooWide);
            return Some(row);
        }
        row.cells.resize(self.left, String::new());
        for value in values.iter().take(filled) {
            let (text, note) = value::of(value);
            let column = row.cells.len();
            row.notes.extend(note.map(|code| CellNote { column, code }));
            row.cells.push(text);
        }
        Some(row)
    }
}
