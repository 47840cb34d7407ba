//! JSON Lines: one object per line, flat or not.
//!
//! Nested objects are told by dotted names, lists of plain values by 、 between them, as the
//! standard's own cells write several values; lists of objects stay JSON.

use std::io::BufRead;

use serde_json::{Map, Value};

use super::decode::{Decoder, Encoding};
use super::error::ReadError;
use super::row::{RawRow, Trouble};
use super::source::Stream;
use crate::limit::{COLUMNS_MAX, ROW_BYTES_MAX};

/// A reader of JSON Lines.
pub(crate) struct Lines {
    input: Decoder<Stream>,
    line: u64,
    text: Vec<u8>,
}

impl Lines {
    pub(crate) fn new(input: Stream, encoding: Encoding) -> Self {
        Self { input: Decoder::new(input, encoding), line: 0, text: Vec::new() }
    }

    pub(crate) fn next(&mut self) -> Result<Option<RawRow>, ReadError> {
        loop {
            let line = self.line;
            let whole = self.read_line().map_err(|source| ReadError::Io { line, source })?;
            let Some(whole) = whole else { return Ok(None) };
            if whole && self.text.trim_ascii().is_empty() {
                continue;
            }
            return Ok(Some(self.row(whole)));
        }
    }

    fn row(&mut self, whole: bool) -> RawRow {
        let mut row = RawRow { line: self.line, names: Some(Vec::new()), ..RawRow::default() };
        row.trouble = if whole { None } else { Some(Trouble::TooLong) };
        if let Some(bad) = self.input.bad_until(self.line) {
            row.trouble = Some(Trouble::Bytes { line: bad.line, bytes: bad.bytes });
        }
        if row.trouble.is_some() {
            return row;
        }
        match serde_json::from_slice::<Map<String, Value>>(&self.text) {
            Ok(object) => {
                let mut names = Vec::new();
                flatten("", object, &mut names, &mut row.cells);
                if names.len() > COLUMNS_MAX {
                    (names, row.cells) = (Vec::new(), Vec::new());
                    row.trouble = Some(Trouble::TooWide);
                }
                row.names = Some(names);
            }
            // Only where, not what: serde's text may quote the line.
            Err(error) => row.trouble = Some(Trouble::Json(format!("column {}", error.column()))),
        }
        row
    }

    /// Reads a line; tells whether it is whole, and none at the end.
    fn read_line(&mut self) -> std::io::Result<Option<bool>> {
        self.text.clear();
        let (mut any, mut whole) = (false, true);
        loop {
            let input = self.input.fill_buf()?;
            if input.is_empty() {
                self.line += u64::from(any);
                return Ok(any.then_some(whole));
            }
            any = true;
            let end = input.iter().position(|byte| *byte == b'\n');
            let piece = input.get(..end.unwrap_or(input.len())).unwrap_or_default();
            if self.text.len() + piece.len() <= ROW_BYTES_MAX {
                self.text.extend_from_slice(piece);
            } else {
                whole = false;
            }
            let length = end.map_or(input.len(), |end| end + 1);
            self.input.consume(length);
            if end.is_some() {
                self.line += 1;
                return Ok(Some(whole));
            }
        }
    }
}

fn flatten(
    prefix: &str,
    object: Map<String, Value>,
    names: &mut Vec<String>,
    cells: &mut Vec<String>,
) {
    for (key, value) in object {
        let name = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
        match value {
            Value::Object(inner) => flatten(&name, inner, names, cells),
            value @ (Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)) => {
                names.push(name);
                cells.push(text(value));
            }
        }
    }
}

fn text(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        Value::Array(list) if list.iter().all(|item| !item.is_object() && !item.is_array()) => {
            list.into_iter().map(text).collect::<Vec<_>>().join("、")
        }
        value @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            value.to_string()
        }
    }
}
