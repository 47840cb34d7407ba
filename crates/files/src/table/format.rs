//! Formats, told by a file's first bytes and not by its name, and their readers.

use calamine::Xlsx;

use super::decode::{self, Encoding};
use super::delimited::{self, Delimited};
use super::error::{OpenError, ReadError};
use super::legacy::{Legacy, LegacyRows};
use super::lines::Lines;
use super::row::RawRow;
use super::sheet::{self, SheetRows};
use super::source::{Source, Stream};

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Cells separated by a character.
    Csv,
    /// Office Open XML.
    Xlsx,
    /// The spreadsheet format before it.
    Xls,
    /// One JSON object per line.
    Lines,
}

impl Format {
    /// The format as users read it; also the usual extension.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Lines => "jsonl",
        }
    }

    /// The format of files with this extension, for writing.
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "csv" | "tsv" | "txt" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            "xls" => Some(Self::Xls),
            "jsonl" | "ndjson" => Some(Self::Lines),
            _ => None,
        }
    }
}

/// An open file, by format.
pub(crate) enum Content {
    Nothing,
    Csv { source: Source, encoding: Encoding, delimiter: u8 },
    Lines { source: Source, encoding: Encoding },
    Xlsx { book: Box<Xlsx<Stream>>, sheet: String },
    Xls(Legacy),
}

impl Content {
    pub(crate) fn of(source: &Source) -> Result<Self, OpenError> {
        let head = head(source)?;
        if head.starts_with(b"PK\x03\x04") {
            let (book, sheet) = sheet::open(source)?;
            return Ok(Self::Xlsx { book: Box::new(book), sheet });
        }
        if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Ok(Self::Xls(Legacy::open(source)?));
        }
        let encoding = decode::detect(source.open()?)?.ok_or(OpenError::Utf16)?;
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head).trim_ascii_start();
        match head.first() {
            None => Err(OpenError::Empty),
            Some(b'[')
                if head.get(1..).is_some_and(|rest| rest.trim_ascii_start().starts_with(b"{")) =>
            {
                Err(OpenError::JsonArray)
            }
            Some(b'{') => Ok(Self::Lines { source: source.clone(), encoding }),
            Some(_) => {
                let delimiter = delimited::sniff(source, encoding)?;
                Ok(Self::Csv { source: source.clone(), encoding, delimiter })
            }
        }
    }

    /// A reader from the first row.
    pub(crate) fn reader(&mut self) -> Result<Reader<'_>, OpenError> {
        Ok(match self {
            Self::Nothing => return Err(OpenError::Empty),
            Self::Csv { source, encoding, delimiter } => {
                Reader::Csv(Box::new(Delimited::new(source.open()?, *encoding, *delimiter)))
            }
            Self::Lines { source, encoding } => {
                Reader::Lines(Box::new(Lines::new(source.open()?, *encoding)))
            }
            Self::Xlsx { book, sheet } => Reader::Xlsx(Box::new(SheetRows::new(book, sheet)?)),
            Self::Xls(legacy) => Reader::Xls(legacy.rows()),
        })
    }

    pub(crate) fn format(&self) -> Format {
        match self {
            Self::Nothing | Self::Csv { .. } => Format::Csv,
            Self::Lines { .. } => Format::Lines,
            Self::Xlsx { .. } => Format::Xlsx,
            Self::Xls(_) => Format::Xls,
        }
    }

    pub(crate) fn encoding(&self) -> Option<Encoding> {
        match self {
            Self::Csv { encoding, .. } | Self::Lines { encoding, .. } => Some(*encoding),
            Self::Nothing | Self::Xlsx { .. } | Self::Xls(_) => None,
        }
    }

    pub(crate) fn delimiter(&self) -> Option<char> {
        match self {
            Self::Csv { delimiter, .. } => Some((*delimiter).into()),
            Self::Nothing | Self::Lines { .. } | Self::Xlsx { .. } | Self::Xls(_) => None,
        }
    }

    pub(crate) fn sheet(&self) -> Option<&str> {
        match self {
            Self::Xlsx { sheet, .. } => Some(sheet),
            Self::Xls(legacy) => Some(legacy.sheet()),
            Self::Nothing | Self::Csv { .. } | Self::Lines { .. } => None,
        }
    }
}

/// A reader of rows, by format.
pub(crate) enum Reader<'a> {
    Csv(Box<Delimited>),
    Lines(Box<Lines>),
    Xlsx(Box<SheetRows<'a>>),
    Xls(LegacyRows<'a>),
}

impl Reader<'_> {
    pub(crate) fn next(&mut self) -> Result<Option<RawRow>, ReadError> {
        match self {
            Self::Csv(reader) => reader.next(),
            Self::Lines(reader) => reader.next(),
            Self::Xlsx(reader) => reader.next(),
            Self::Xls(reader) => Ok(reader.next()),
        }
    }
}

/// The first bytes of a file.
fn head(source: &Source) -> Result<Vec<u8>, OpenError> {
    use std::io::Read;
    let mut head = Vec::new();
    source.open()?.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

const HEAD_BYTES: u64 = 4_096;
