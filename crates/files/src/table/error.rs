//! Why a file cannot be read at all, or not further.

use std::io;

use thiserror::Error;

/// Why a file cannot be opened as a table.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The disk says no.
    #[error("read the file")]
    Io(#[from] io::Error),
    /// It ends before the first row.
    #[error("the file has no rows")]
    Empty,
    /// Nothing at its top looks like names of columns.
    #[error("no header among the first rows: name the columns")]
    NoHeader,
    /// An encoding that is not taken.
    #[error("the text is UTF-16: save it as UTF-8 or GB18030")]
    Utf16,
    /// One JSON array instead of a line for each object.
    #[error("a JSON array: write one object per line (JSON Lines)")]
    JsonArray,
    /// A package that would cost too much.
    #[error("the package is refused: {0}")]
    Package(String),
    /// A spreadsheet that its library cannot read.
    #[error("read the spreadsheet: {0}")]
    Sheet(String),
    /// Reading the top rows failed.
    #[error("read the first rows")]
    Read(#[from] ReadError),
}

/// Why the rows end before the file does.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The disk says no.
    #[error("read on after line {line}")]
    Io {
        /// Last line that was read.
        line: u64,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A spreadsheet that is damaged in the middle.
    #[error("read on after row {line}: {why}")]
    Sheet {
        /// Last row that was read.
        line: u64,
        /// What its library said.
        why: String,
    },
}
