//! XLSX in constant memory: rows go to a temporary file beside the target as they come, every cell is
//! text.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use rust_xlsxwriter::{DocProperties, Format, Workbook};

use super::WriteError;

/// An XLSX being written.
pub(super) struct Sheet {
    book: Workbook,
    next: u32,
    text: Format,
}

impl Sheet {
    pub(super) fn new(
        directory: &Path,
        columns: &[String],
        masked: bool,
    ) -> Result<Self, WriteError> {
        let mut book = Workbook::new();
        book.set_tempdir(directory).map_err(error)?;
        if masked {
            book.set_properties(&DocProperties::new().set_comment("已脱敏 masked"));
        }
        book.add_worksheet_with_constant_memory().map_err(error)?;
        let mut new = Self { book, next: 0, text: Format::new().set_num_format("@").set_bold() };
        new.row(columns)?;
        new.text = Format::new().set_num_format("@");
        Ok(new)
    }

    pub(super) fn row<S: AsRef<str>>(&mut self, cells: &[S]) -> Result<(), WriteError> {
        let sheet = self.book.worksheet_from_index(0).map_err(error)?;
        for (column, cell) in (0_u16..).zip(cells) {
            if !cell.as_ref().is_empty() {
                sheet
                    .write_string_with_format(self.next, column, cell.as_ref(), &self.text)
                    .map_err(error)?;
            }
        }
        self.next += 1;
        Ok(())
    }

    pub(super) fn finish(mut self, file: &mut File) -> Result<(), WriteError> {
        let mut out = BufWriter::new(file);
        self.book.save_to_writer(&mut out).map_err(error)?;
        Ok(out.flush()?)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn error(error: rust_xlsxwriter::XlsxError) -> WriteError {
    WriteError::Sheet(error.to_string())
}
