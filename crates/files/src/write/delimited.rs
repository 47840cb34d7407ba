//! CSV as RFC 4180 has it, in UTF-8 or GB18030.
//!
//! A cell that begins like a formula is written as it is: changing it would change the record. Who
//! opens foreign records in a spreadsheet program takes the XLSX, whose cells are text.

use std::fs::File;
use std::io::{BufWriter, Write as _};

use encoding_rs::GB18030;

use super::WriteError;
use crate::table::Encoding;

/// A CSV being written.
pub(super) struct Delimited {
    out: BufWriter<File>,
    encoding: Encoding,
    line: String,
}

impl Delimited {
    pub(super) fn new(
        file: File,
        encoding: Encoding,
        columns: &[String],
    ) -> Result<Self, WriteError> {
        let mut new = Self { out: BufWriter::new(file), encoding, line: String::new() };
        if encoding == Encoding::Utf8Bom {
            new.out.write_all("\u{feff}".as_bytes())?;
        }
        new.row(columns)?;
        Ok(new)
    }

    pub(super) fn row<S: AsRef<str>>(&mut self, cells: &[S]) -> Result<(), WriteError> {
        self.line.clear();
        for (at, cell) in cells.iter().map(AsRef::as_ref).enumerate() {
            if at > 0 {
                self.line.push(',');
            }
            if at == 0 && cell.is_empty() || needs_quotes(cell) {
                self.line.push('"');
                self.line.push_str(&cell.replace('"', "\"\""));
                self.line.push('"');
            } else {
                self.line.push_str(cell);
            }
        }
        self.line.push_str("\r\n");
        match self.encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => self.out.write_all(self.line.as_bytes())?,
            Encoding::Gb18030 => {
                let (bytes, _, lost) = GB18030.encode(&self.line);
                if lost {
                    return Err(WriteError::Character);
                }
                self.out.write_all(&bytes)?;
            }
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<(), WriteError> {
        Ok(self.out.flush()?)
    }
}

fn needs_quotes(cell: &str) -> bool {
    cell.contains([',', ';', '\t', '"', '\n', '\r', '\u{feff}']) || cell.trim() != cell
}
