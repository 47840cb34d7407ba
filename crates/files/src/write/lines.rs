//! JSON Lines: one object per row, every column in it, every value a text.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};

use super::WriteError;

/// JSON Lines being written.
pub(super) struct Lines {
    out: BufWriter<File>,
    /// Each column's name as JSON, with the comma before it and the colon behind.
    keys: Vec<String>,
}

impl Lines {
    pub(super) fn new(file: File, columns: &[String]) -> Self {
        let key = |(at, name): (usize, &String)| {
            let comma = if at == 0 { "" } else { "," };
            format!("{comma}{}:", serde_json::Value::from(name.as_str()))
        };
        let keys = columns.iter().enumerate().map(key).collect();
        Self { out: BufWriter::new(file), keys }
    }

    pub(super) fn row<S: AsRef<str>>(&mut self, cells: &[S]) -> Result<(), WriteError> {
        self.out.write_all(b"{")?;
        for (key, cell) in self.keys.iter().zip(cells) {
            self.out.write_all(key.as_bytes())?;
            serde_json::to_writer(&mut self.out, cell.as_ref()).map_err(io::Error::from)?;
        }
        Ok(self.out.write_all(b"}\n")?)
    }

    pub(super) fn finish(mut self) -> Result<(), WriteError> {
        Ok(self.out.flush()?)
    }
}
