//! XLSX: one sheet, cell by cell.
//!
//! The first visible sheet that has cells is read. Rows come as their cells do, so that memory does
//! not grow with the sheet; only the package's shared strings are held, within the guard's limit.

use calamine::{
    Cell, DataRef, Reader as _, SheetVisible, Xlsx, XlsxCellReader, open_workbook_from_rs,
};

use super::error::{OpenError, ReadError};
use super::guard;
use super::row::{CellNote, RawRow, Trouble};
use super::source::{Source, Stream};
use super::value;
use crate::limit::{COLUMNS_MAX, ROW_BYTES_MAX};

/// Opens a package and chooses the sheet.
pub(crate) fn open(source: &Source) -> Result<(Xlsx<Stream>, String), OpenError> {
    guard::check(source.open()?)?;
    let mut book: Xlsx<Stream> = open_workbook_from_rs(source.open()?).map_err(sheet_error)?;
    let sheets = book.sheets_metadata().iter();
    let visible = sheets.filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = visible.map(|sheet| sheet.name.clone()).collect();
    for name in names {
        if book.worksheet_cells_reader(&name).is_ok_and(|mut cells| has_cells(&mut cells)) {
            return Ok((book, name));
        }
    }
    Err(OpenError::Empty)
}

fn has_cells(cells: &mut XlsxCellReader<'_, Stream>) -> bool {
    matches!(cells.next_cell(), Ok(Some(_)))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn sheet_error(error: impl ToString) -> OpenError {
    OpenError::Sheet(error.to_string())
}

/// The rows of a sheet.
pub(crate) struct SheetRows<'a> {
    cells: XlsxCellReader<'a, Stream>,
    ahead: Option<Cell<DataRef<'a>>>,
    line: u64,
    ended: bool,
}

impl<'a> SheetRows<'a> {
    pub(crate) fn new(book: &'a mut Xlsx<Stream>, sheet: &str) -> Result<Self, OpenError> {
        let cells = book.worksheet_cells_reader(sheet).map_err(sheet_error)?;
        Ok(Self { cells, ahead: None, line: 0, ended: false })
    }

    pub(crate) fn next(&mut self) -> Result<Option<RawRow>, ReadError> {
        let first = match self.ahead.take() {
            Some(cell) => cell,
            None => match self.cell()? {
                Some(cell) => cell,
                None => return Ok(None),
            },
        };
        let at = first.get_position().0;
        self.line = u64::from(at) + 1;
        let (mut row, mut bytes) = (RawRow { line: self.line, ..RawRow::default() }, 0);
        let mut next = Some(first);
        while let Some(cell) = next {
            if cell.get_position().0 != at {
                self.ahead = Some(cell);
                break;
            }
            put(&mut row, &mut bytes, &cell);
            next = self.cell()?;
        }
        Ok(Some(row))
    }

    fn cell(&mut self) -> Result<Option<Cell<DataRef<'a>>>, ReadError> {
        if self.ended {
            return Ok(None); // the library would read on behind the end
        }
        let line = self.line;
        let cell = self.cells.next_cell();
        let cell = cell.map_err(|error| ReadError::Sheet { line, why: error.to_string() })?;
        self.ended = cell.is_none();
        Ok(cell)
    }
}

/// Puts a cell in its place, within a row's limits.
fn put(row: &mut RawRow, bytes: &mut usize, cell: &Cell<DataRef<'_>>) {
    let column = usize::try_from(cell.get_position().1).unwrap_or(usize::MAX);
    let (text, note) = value::of_ref(cell.get_value());
    if text.is_empty() {
        return;
    }
    *bytes += text.len();
    if column >= COLUMNS_MAX {
        row.trouble = Some(Trouble::TooWide);
        return;
    }
    if *bytes > ROW_BYTES_MAX {
        row.trouble = Some(Trouble::TooLong);
        return;
    }
    if row.cells.len() <= column {
        row.cells.resize(column + 1, String::new());
    }
    if let Some(place) = row.cells.get_mut(column) {
        *place = text;
    }
    row.notes.extend(note.map(|code| CellNote { column, code }));
}
