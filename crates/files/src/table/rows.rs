//! The rows of a table: what a format's reader gives, under the header's columns.

use std::sync::Arc;

use super::columns::Columns;
use super::error::ReadError;
use super::format::Reader;
use super::header;
use super::row::{RawRow, Row, Trouble};
use crate::limit::CELL_CHARS_MAX;
use crate::marker;

/// How the header lies over the rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    /// Last line of the header.
    pub(crate) data_after: u64,
    /// Places of the columns that are kept.
    pub(crate) keep: Vec<usize>,
    /// Place of the original line, in a report.
    pub(crate) origin: Option<usize>,
    /// Place of the item in quarantine, in a report.
    pub(crate) item: Option<usize>,
    /// Cells of the header.
    pub(crate) width: usize,
}

/// A row that is none of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its line.
    pub line: u64,
}

/// The rows of a table.
pub struct Rows<'a> {
    reader: Reader<'a>,
    columns: Arc<Columns>,
    layout: Layout,
    skipped: Vec<Skipped>,
    empty: u64,
    ended: bool,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(reader: Reader<'a>, columns: Arc<Columns>, layout: Layout) -> Self {
        Self { reader, columns, layout, skipped: Vec::new(), empty: 0, ended: false }
    }

    /// Rows skipped so far because they explain the table (表格说明).
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// Empty rows skipped so far.
    pub fn empty(&self) -> u64 {
        self.empty
    }

    fn row(&self, raw: RawRow) -> Row {
        let (line, trouble, mut notes) = (raw.line, raw.trouble, raw.notes);
        let (cells, (origin, item), wide) = match raw.names {
            Some(names) => self.named(names, raw.cells),
            None => {
                let extra = raw.cells.get(self.layout.width..).unwrap_or_default();
                let wide = extra.iter().any(|cell| !cell.trim().is_empty());
                let ours = |at: Option<usize>| raw.cells.get(at?).map(|cell| cell.trim());
                let origin = ours(self.layout.origin).and_then(|cell| cell.parse().ok());
                let item = ours(self.layout.item).and_then(item);
                let keep = &self.layout.keep;
                notes.retain_mut(|note| match keep.iter().position(|at| *at == note.column) {
                    Some(place) => {
                        note.column = place;
                        true
                    }
                    None => false,
                });
                let mut raw = raw.cells;
                let mut take =
                    |at: &usize| raw.get_mut(*at).map(std::mem::take).unwrap_or_default();
                let cells = keep.iter().map(&mut take).collect();
                (cells, (origin, item), wide)
            }
        };
        let long =
            |cell: &String| cell.len() > CELL_CHARS_MAX && cell.chars().count() > CELL_CHARS_MAX;
        let trouble = trouble
            .or_else(|| wide.then_some(Trouble::TooWide))
            .or_else(|| cells.iter().any(long).then_some(Trouble::CellTooLong));
        let columns = Arc::clone(&self.columns);
        Row { line, origin, item, columns, cells, notes, trouble }
    }

    /// A row that names its own cells, put under the columns.
    fn named(&self, names: Vec<String>, values: Vec<String>) -> (Vec<String>, Ours, bool) {
        let known = self.columns.names();
        let (mut cells, mut ours, mut wide) =
            (vec![String::new(); known.len()], (None, None), false);
        for (at, (name, value)) in names.into_iter().zip(values).enumerate() {
            match &*name {
                marker::LINE => ours.0 = value.parse().ok(),
                marker::ITEM => ours.1 = item(&value),
                _ => {}
            }
            let here = known.get(at).is_some_and(|known| *known == name).then_some(at);
            let place = here.or_else(|| known.iter().position(|known| *known == name));
            match place.and_then(|at| cells.get_mut(at)) {
                Some(cell) => *cell = value,
                None => wide |= !marker::is(&name),
            }
        }
        (cells, ours, wide)
    }
}

/// What a report says of a row's first line and of its item.
type Ours = (Option<u64>, Option<String>);

fn item(cell: &str) -> Option<String> {
    (!cell.is_empty()).then(|| cell.to_owned())
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let raw = match self.reader.next() {
                Ok(Some(raw)) => raw,
                Ok(None) => {
                    self.ended = true;
                    return None;
                }
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            };
            if raw.line <= self.layout.data_after {
                continue;
            }
            if raw.trouble.is_none() && raw.cells.iter().all(|cell| cell.trim().is_empty()) {
                self.empty += 1;
                continue;
            }
            if raw.trouble.is_none() && raw.names.is_none() && header::is_note(&raw.cells) {
                self.skipped.push(Skipped { line: raw.line });
                continue;
            }
            return Some(Ok(self.row(raw)));
        }
        None
    }
}

impl std::fmt::Debug for Rows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").field("columns", &self.columns).finish_non_exhaustive()
    }
}
