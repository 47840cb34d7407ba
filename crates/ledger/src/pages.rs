//! Derived files on disk: pages of 4,092 bytes, each behind a checksum of its own.
//!
//! ```text
//! 4,092 bytes ‖ u32 CRC32C, begun from log id, file name and page number
//! ```
//!
//! Derived files are written once, never changed and never synced for a promise: after a power cut a
//! page may be anything. A page that is not what was written is noticed when it is read, and the file
//! is built again from the log. Log id and name in the checksum keep a page from passing for another.

use std::io;
use std::sync::Arc;

use thiserror::Error;

use crate::disk::{Disk, DiskFile, read_up_to};
use crate::handles::Handles;
use crate::octets::{len_u64, to_usize};

/// A derived file, read page by page.
pub(crate) struct Pages<D: Disk> {
    handles: Arc<Handles<D>>,
    path: String,
    seed: u32,
}

impl<D: Disk> Pages<D> {
    pub(crate) fn new(handles: Arc<Handles<D>>, log_id: &[u8; 16], path: String) -> Self {
        let seed = seed(log_id, &path);
        Self { handles, path, seed }
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Exactly `len` bytes from `at`.
    pub(crate) fn read(&self, at: u64, len: usize) -> Result<Vec<u8>, Derived> {
        if len == 0 {
            return Ok(Vec::new());
        }
        let payload = len_u64(PAYLOAD);
        let first = at / payload;
        let last = at.checked_add(len_u64(len) - 1).ok_or_else(|| self.damaged())? / payload;
        let file = self.handles.file(&self.path).map_err(Derived::Disk)?;
        let wanted = to_usize(last - first + 1).saturating_mul(PAGE);
        let raw = read_up_to(&*file, first * len_u64(PAGE), wanted).map_err(Derived::Disk)?;
        let mut out = Vec::with_capacity(raw.len());
        for (number, page) in (first..).zip(raw.chunks(PAGE)) {
            let (bytes, crc) = page.split_last_chunk::<4>().ok_or_else(|| self.damaged())?;
            if page_crc(self.seed, number, bytes).to_be_bytes() != *crc {
                return Err(self.damaged());
            }
            out.extend_from_slice(bytes);
        }
        let from = to_usize(at % payload);
        if out.len() < from + len {
            return Err(self.damaged());
        }
        out.truncate(from + len);
        out.drain(..from);
        Ok(out)
    }

    /// Bytes of payload.
    pub(crate) fn len(&self) -> Result<u64, Derived> {
        let file = self.handles.file(&self.path).map_err(Derived::Disk)?;
        let raw = file.len().map_err(Derived::Disk)?;
        let last = (raw % len_u64(PAGE)).saturating_sub(4);
        Ok(raw / len_u64(PAGE) * len_u64(PAYLOAD) + last)
    }

    pub(crate) fn damaged(&self) -> Derived {
        Derived::Damaged { path: self.path.clone() }
    }
}

/// Writes pages one after another, in chunks.
pub(crate) struct PageWriter<'a, F> {
    file: &'a F,
    seed: u32,
    number: u64,
    pending: Vec<u8>,
    out: Vec<u8>,
    written: u64,
}

impl<'a, F: DiskFile> PageWriter<'a, F> {
    pub(crate) fn new(file: &'a F, log_id: &[u8; 16], path: &str) -> Self {
        let seed = seed(log_id, path);
        Self { file, seed, number: 0, pending: Vec::new(), out: Vec::new(), written: 0 }
    }

    pub(crate) fn put(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let room = PAYLOAD - self.pending.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.pending.extend_from_slice(now);
            bytes = later;
            if self.pending.len() == PAYLOAD {
                self.page()?;
            }
        }
        Ok(())
    }

    /// Writes what is left; the last page is as short as it is.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        if !self.pending.is_empty() {
            self.page()?;
        }
        self.flush()
    }

    fn page(&mut self) -> io::Result<()> {
        self.out.extend_from_slice(&self.pending);
        let crc = page_crc(self.seed, self.number, &self.pending);
        self.out.extend_from_slice(&crc.to_be_bytes());
        self.pending.clear();
        self.number += 1;
        if self.out.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_at(&self.out, self.written)?;
        self.written += len_u64(self.out.len());
        self.out.clear();
        Ok(())
    }
}

/// Why a derived file did not answer.
#[derive(Debug, Error)]
pub(crate) enum Derived {
    /// The disk did not.
    #[error("read a derived file")]
    Disk(#[source] io::Error),
    /// It is not what was written.
    #[error("{path} is damaged")]
    Damaged {
        /// The file.
        path: String,
    },
}

fn seed(log_id: &[u8; 16], path: &str) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(log_id), path.as_bytes())
}

fn page_crc(seed: u32, number: u64, bytes: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c_append(seed, &number.to_be_bytes()), bytes)
}

/// Where derived files live.
pub(crate) const DIRECTORY: &str = "derived";
const PAGE: usize = 4096;
const PAYLOAD: usize = PAGE - 4;
const CHUNK: usize = 256 << 10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::Faulty;

    #[test]
    fn pages_round_trip_and_name_every_flipped_byte() {
        let disk = Faulty::new(1);
        let bytes: Vec<u8> = (0..20_000_u32).map(|n| n.to_be_bytes()[3] ^ 0x5a).collect();
        let path = "derived/x".to_owned();
        let file = disk.create(&path, 0).unwrap();
        let mut writer = PageWriter::new(&file, &[7; 16], &path);
        bytes.chunks(999).for_each(|chunk| writer.put(chunk).unwrap());
        writer.finish().unwrap();
        let handles = Arc::new(Handles::new(disk.clone()));
        let pages = Pages::new(Arc::clone(&handles), &[7; 16], path.clone());
        for (at, len) in [(0, 20_000), (4091, 2), (4092, 1), (19_999, 1), (5, 0), (8000, 9000)] {
            assert_eq!(pages.read(len_u64(at), len).unwrap(), bytes[at..at + len]);
        }
        assert!(pages.read(19_999, 2).is_err());
        assert!(Pages::new(handles, &[8; 16], path.clone()).read(0, 1).is_err(), "another log");
        disk.flip(&path, 4096 * 2 + 17, 3);
        assert!(pages.read(0, 4092 * 2).is_ok());
        assert!(pages.read(4092 * 2, 1).is_err());
    }
}
