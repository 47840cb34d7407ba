//! Where a file's bytes come from: a path, or bytes in memory (an upload). Either can be read from
//! the start again, which is how a file is looked at before it is read.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

/// A file that can be opened again and again.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// On disk.
    Path(PathBuf),
    /// In memory.
    Bytes(Arc<[u8]>),
}

impl Source {
    /// Opens it at the start.
    pub(crate) fn open(&self) -> io::Result<Stream> {
        Ok(match self {
            Self::Path(path) => {
                Stream::File(BufReader::with_capacity(STREAM_BYTES, File::open(path)?))
            }
            Self::Bytes(bytes) => Stream::Bytes(Cursor::new(Arc::clone(bytes))),
        })
    }

    /// How many bytes it has now.
    pub(crate) fn len(&self) -> io::Result<u64> {
        Ok(match self {
            Self::Path(path) => std::fs::metadata(path)?.len(),
            Self::Bytes(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        })
    }
}

/// An open source.
#[derive(Debug)]
pub(crate) enum Stream {
    File(BufReader<File>),
    Bytes(Cursor<Arc<[u8]>>),
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Bytes(bytes) => bytes.read(buffer),
        }
    }
}

impl BufRead for Stream {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::File(file) => file.fill_buf(),
            Self::Bytes(bytes) => bytes.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        match self {
            Self::File(file) => file.consume(amount),
            Self::Bytes(bytes) => bytes.consume(amount),
        }
    }
}

impl Seek for Stream {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(to),
            Self::Bytes(bytes) => bytes.seek(to),
        }
    }
}

const STREAM_BYTES: usize = 1 << 16;
