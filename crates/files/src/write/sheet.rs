//! XLSX in constant memory: rows go to a temporary file as they come, every cell is text.

use std::fs::File;
use std::io::BufWriter;

use rust_xlsxwriter::{DocProperties, Format, Workbook};

use super::WriteError;

/// An XLSX being written.
pub(super) struct Sheet {
    book: Workbook,
    next: u32,
}

impl Sheet {
    pub(super) fn new(columns: &[String], masked: bool) -> Result<Self, WriteError> {
        let mut book = Workbook::new();
        if masked {
            book.set_properties(&DocProperties::new().set_comment("已脱敏 masked"));
        }
        book.add_worksheet_with_constant_memory().map_err(error)?;
        let mut new = Self { book, next: 0 };
        new.write(columns, &Format::new().set_bold())?;
        Ok(new)
    }

    pub(super) fn row<S: AsRef<str>>(&mut self, cells: &[S]) -> Result<(), WriteError> {
        self.write(cells, &Format::new().set_num_format("@"))
    }

    pub(super) fn finish(mut self, file: &mut File) -> Result<(), WriteError> {
        self.book.save_to_writer(BufWriter::new(file)).map_err(error)
    }

    fn write<S: AsRef<str>>(&mut self, cells: &[S], format: &Format) -> Result<(), WriteError> {
        let sheet = self.book.worksheet_from_index(0).map_err(error)?;
        for (column, cell) in (0_u16..).zip(cells) {
            if !cell.as_ref().is_empty() {
                sheet
                    .write_string_with_format(self.next, column, cell.as_ref(), format)
                    .map_err(error)?;
            }
        }
        self.next += 1;
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn error(error: rust_xlsxwriter::XlsxError) -> WriteError {
    WriteError::Sheet(error.to_string())
}
