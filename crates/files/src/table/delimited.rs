//! CSV: cells separated by a comma, a semicolon or a tab, quoted where they hold one.
//!
//! The state machine is `csv-core`'s, the buffers are ours: a row grows to its limit and not further,
//! whatever the file does. Lines are counted here, so that a row is named by the line it begins on
//! even where quoted cells hold line breaks.

use std::io::BufRead;

use csv_core::{ReadRecordResult, ReaderBuilder};

use super::decode::{Decoder, Encoding, breaks};
use super::error::{OpenError, ReadError};
use super::row::{RawRow, Trouble};
use super::source::{Source, Stream};
use crate::limit::{COLUMNS_MAX, ROW_BYTES_MAX};

/// A reader of CSV.
pub(crate) struct Delimited {
    input: Decoder<Stream>,
    machine: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    line: u64,
}

impl Delimited {
    pub(crate) fn new(input: Stream, encoding: Encoding, delimiter: u8) -> Self {
        let machine = ReaderBuilder::new().delimiter(delimiter).build();
        let (text, ends) = (vec![0; 4_096], vec![0; 64]);
        Self { input: Decoder::new(input, encoding), machine, text, ends, line: 1 }
    }

    pub(crate) fn next(&mut self) -> Result<Option<RawRow>, ReadError> {
        let line = self.line;
        self.read().map_err(|source| ReadError::Io { line, source })
    }

    fn read(&mut self) -> std::io::Result<Option<RawRow>> {
        self.skip_breaks()?;
        let line = self.line;
        let (mut written, mut ended, mut overflow) = (0, 0, None);
        loop {
            let input = self.input.fill_buf()?;
            let (result, read, out, ends) = self.machine.read_record(
                input,
                self.text.get_mut(written..).unwrap_or_default(),
                self.ends.get_mut(ended..).unwrap_or_default(),
            );
            let taken = input.get(..read).unwrap_or_default();
            self.line += breaks(taken);
            let over = u64::from(taken.ends_with(b"\n"));
            self.input.consume(read);
            (written, ended) = (written + out, ended + ends);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.text.len() < ROW_BYTES_MAX => {
                    self.text.resize(self.text.len() * 2, 0);
                }
                ReadRecordResult::OutputFull => {
                    overflow = Some(Trouble::TooLong);
                    (written, ended) = (0, 0);
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() < COLUMNS_MAX => {
                    self.ends.resize(self.ends.len() * 2, 0);
                }
                ReadRecordResult::OutputEndsFull => {
                    overflow = overflow.or(Some(Trouble::TooWide));
                    ended = 0;
                }
                ReadRecordResult::Record => {
                    let lines = (line, self.line - over);
                    return Ok(Some(self.row(lines, ended, overflow)));
                }
                ReadRecordResult::End => return Ok(None),
            }
        }
    }

    /// A row that begins and ends on these lines.
    fn row(&mut self, lines: (u64, u64), ended: usize, overflow: Option<Trouble>) -> RawRow {
        let mut row = RawRow { line: lines.0, ..RawRow::default() };
        if overflow.is_none() {
            let mut start = 0;
            for end in self.ends.iter().take(ended).copied() {
                let cell = self.text.get(start..end).unwrap_or_default();
                row.cells.push(String::from_utf8_lossy(cell).into_owned());
                start = end;
            }
        }
        let bad = self.input.bad_until(lines.1);
        row.trouble =
            overflow.or_else(|| bad.map(|bad| Trouble::Bytes { line: bad.line, bytes: bad.bytes }));
        row
    }

    /// Line breaks between rows, so that a row's line is the one it begins on.
    fn skip_breaks(&mut self) -> std::io::Result<()> {
        loop {
            let input = self.input.fill_buf()?;
            let length = input.len();
            let skipped = input.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            self.line += breaks(input.get(..skipped).unwrap_or_default());
            self.input.consume(skipped);
            if skipped < length || length == 0 {
                return Ok(());
            }
        }
    }
}

/// The character that separates cells: the one that splits the first rows most evenly.
pub(crate) fn sniff(source: &Source, encoding: Encoding) -> Result<u8, OpenError> {
    let mut best = (0, b',');
    for delimiter in *b",;\t" {
        let mut reader = Delimited::new(source.open()?, encoding, delimiter);
        let mut cells = Vec::new();
        while cells.len() < SNIFF_ROWS {
            let Some(row) = reader.next()? else { break };
            cells.push(row.cells.len());
        }
        let width = cells.iter().max().copied().unwrap_or(0);
        let alike = cells.iter().filter(|cells| **cells == width).count();
        let score = if width > 1 { alike * 1_000 + width } else { 0 };
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    Ok(best.1)
}

const SNIFF_ROWS: usize = 5;
