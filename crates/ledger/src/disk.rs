//! The disk port: one directory with positioned reads and writes, and the three things a promise
//! needs: fdatasync of a file, fsync of a directory, atomic rename.
//!
//! [`Os`] is the real one; [`Faulty`] is a disk in memory that forgets what was not synced, in any
//! subset, as a power cut does. One conformance suite runs on both, so the simulator's results mean
//! something for the real disk. Paths are relative, with `/`. Deliberately absent: appending,
//! buffering, memory maps, directories deeper than two levels.

mod faulty;
mod os;

use std::io;

pub use faulty::{Faulty, FaultyFile, FaultyLock};
pub use os::{Os, OsFile, OsLock};

/// One directory on a disk; clones are the same directory.
pub trait Disk: Clone + Send + Sync + 'static {
    /// An open file.
    type File: DiskFile;
    /// Held while this process owns the directory.
    type Lock: Send + Sync + 'static;

    /// Takes the directory for this process; fails with `WouldBlock` when another has it.
    fn lock(&self) -> io::Result<Self::Lock>;
    /// Makes a directory unless it exists.
    fn make_dir(&self, path: &str) -> io::Result<()>;
    /// Makes or empties a file and reserves `len` zero bytes; running out of space is met here.
    fn create(&self, path: &str, len: u64) -> io::Result<Self::File>;
    /// Opens an existing file.
    fn open(&self, path: &str) -> io::Result<Self::File>;
    /// Names of the files in a directory, sorted; none when there is no such directory.
    fn list(&self, dir: &str) -> io::Result<Vec<String>>;
    /// Renames a file over another, atomically.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &str) -> io::Result<()>;
    /// Makes the names in a directory durable; "" is the directory itself.
    fn sync_dir(&self, dir: &str) -> io::Result<()>;
}

/// An open file; all access is positioned.
#[expect(clippy::len_without_is_empty, reason = "a file's length in bytes, which may fail")]
pub trait DiskFile: Send + Sync + 'static {
    /// Reads into `buffer` from `offset`; short only at the end of the file.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;
    /// Writes all bytes at `offset`, beyond the end too.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;
    /// fdatasync: bytes and length are durable when it returns. A failure is never retried.
    fn sync(&self) -> io::Result<()>;
    /// Length in bytes.
    fn len(&self) -> io::Result<u64>;
    /// Cuts or extends with zeros.
    fn set_len(&self, len: u64) -> io::Result<()>;
}

/// Reads exactly `len` bytes, or as many as there are.
pub(crate) fn read_up_to<F: DiskFile>(file: &F, offset: u64, len: usize) -> io::Result<Vec<u8>> {
    let mut buffer = vec![0; len];
    let read = file.read_at(&mut buffer, offset)?;
    buffer.truncate(read);
    Ok(buffer)
}

#[cfg(test)]
mod tests;
