//! Files in and out of a hall: tables of text cells, and the mappings that give cells a meaning.
//!
//! Halls exchange spreadsheets. They come in four formats and several encodings, with titles above
//! the header, explanations below the rows, codes as numbers and days in five spellings; and every
//! department's columns are called differently. This crate reads all that as one thing:
//!
//! ```text
//! file ─► Table ─► Row ─► mapping ─► record::Form ─► (crate record reads, validates)
//!   ▲                 └──► Report: failed rows, why, the way out ─► mended ─► the same door
//!   └── Writer ◄────────── record::Form (export)
//! ```
//!
//! # In which order to read
//!
//! 1. [`limit`]: what a file may cost. 2. `table`: [`open`], [`Table`], [`Row`], [`Trouble`].
//! 3. `mapping`: [`Mapping`], [`Mapped`], [`Suggestion`].
//! 4. `write`: [`Writer`]; [`export`]: columns of an export.
//! 5. `report`: [`Report`] and [`marker`], the columns that are ours.
//!
//! # What holds everywhere
//!
//! * Memory is bounded by a row, whatever the file: a million rows of CSV or JSON Lines cost what ten
//!   cost. XLSX holds its shared strings within a limit, old XLS the sheet within another.
//! * Nothing is lost or changed in silence. A row that cannot be taken says why and is counted; what
//!   a spreadsheet did to a cell is noted; what is skipped is told.
//! * Hostile files are refused by name, never by a panic, and a written file appears whole or not.
//!
//! ```
//! use files::Table;
//!
//! let mut table = Table::from_bytes("名称;文书号\n甲公司;1\n".as_bytes())?;
//! assert_eq!((table.format.as_str(), table.delimiter), ("csv", Some(';')));
//! for row in table.rows()? {
//!     assert_eq!(row?.cell("文书号"), Some("1"));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Deliberately absent
//!
//! What a cell must look like (`record`), whether a row is new, known or a revision (`intake`), and
//! encodings that no hall was seen to use.

pub mod export;
mod known;
pub mod limit;
mod mapping;
pub mod marker;
mod report;
mod table;
#[cfg(test)]
mod tests;
mod write;

pub use mapping::{Binding, Mapped, Mapping, MappingError, RowRevision, Suggestion};
pub use report::{Finding, Report};
pub use table::{
    CellNote, CellNoteCode, Columns, Encoding, Format, OpenError, ReadError, Row, Rows, Skipped,
    Table, Trouble, open,
};
pub use write::{Shape, WriteError, Writer};
