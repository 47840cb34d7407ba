//! Tables out: CSV, XLSX and JSON Lines, a row at a time.
//!
//! The file grows under a temporary name beside its place and gets its name when it is whole, so that
//! nobody reads half an export. Every cell of an XLSX is text: a code stays a code. Old XLS is read,
//! never written.

mod delimited;
mod lines;
mod sheet;

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use thiserror::Error;

use self::delimited::Delimited;
use self::lines::Lines;
use self::sheet::Sheet;
use crate::table::{Encoding, Format};

/// Mode of a file before the umask.
const FILE_MODE: u32 = 0o666;

/// How to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Format.
    pub format: Format,
    /// Encoding of a CSV. JSON Lines are UTF-8 always.
    pub encoding: Encoding,
    /// Whether the rows are masked; the file says so where its format can.
    pub masked: bool,
}

impl Shape {
    /// The shape a file's name asks for: UTF-8, in CSV after a byte order mark, without which
    /// spreadsheet programs guess wrongly.
    pub fn of_path(path: &Path) -> Option<Self> {
        let format = Format::of_extension(path.extension()?.to_str()?)?;
        Some(Self { format, encoding: Encoding::Utf8Bom, masked: false })
    }
}

/// Why a table cannot be written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The disk says no.
    #[error("write the file")]
    Io(#[from] io::Error),
    /// Old XLS.
    #[error("old XLS is not written: choose csv, xlsx or jsonl")]
    Format,
    /// A character that the encoding lacks.
    #[error("a character has no place in the encoding")]
    Character,
    /// More than the format takes: rows, columns or characters of a cell.
    #[error("the spreadsheet takes no more: {0}")]
    Sheet(String),
}

/// A table being written.
pub struct Writer {
    place: PathBuf,
    file: NamedTempFile,
    body: Body,
    rows: u64,
}

enum Body {
    Csv(Delimited),
    Lines(Lines),
    Xlsx(Box<Sheet>),
}

impl Writer {
    /// Begins a file of these columns at `place`.
    pub fn create(place: &Path, shape: Shape, columns: &[String]) -> Result<Self, WriteError> {
        let directory = place.parent().filter(|parent| !parent.as_os_str().is_empty());
        let directory = directory.unwrap_or(Path::new("."));
        // What the umask leaves, as of any file that a clerk makes; the temporary one would be 0600.
        let mode = Permissions::from_mode(FILE_MODE);
        let file = tempfile::Builder::new().permissions(mode).tempfile_in(directory)?;
        let body = match shape.format {
            Format::Csv => Body::Csv(Delimited::new(file.reopen()?, shape.encoding, columns)?),
            Format::Lines => Body::Lines(Lines::new(file.reopen()?, columns)),
            Format::Xlsx => Body::Xlsx(Box::new(Sheet::new(directory, columns, shape.masked)?)),
            Format::Xls => return Err(WriteError::Format),
        };
        Ok(Self { place: place.to_owned(), file, body, rows: 0 })
    }

    /// Writes a row: a cell for each column.
    pub fn row<S: AsRef<str>>(&mut self, cells: &[S]) -> Result<(), WriteError> {
        self.rows += 1;
        match &mut self.body {
            Body::Csv(body) => body.row(cells),
            Body::Xlsx(body) => body.row(cells),
            Body::Lines(body) => body.row(cells),
        }
    }

    /// Rows written so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Completes the file and gives it its name; a file of that name is replaced.
    pub fn finish(mut self) -> Result<(), WriteError> {
        match self.body {
            Body::Csv(body) => body.finish()?,
            Body::Lines(body) => body.finish()?,
            Body::Xlsx(body) => body.finish(self.file.as_file_mut())?,
        }
        self.file.as_file().sync_all()?;
        self.file.persist(&self.place).map_err(|error| error.error)?;
        Ok(())
    }
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("place", &self.place).finish_non_exhaustive()
    }
}
