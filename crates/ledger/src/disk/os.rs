//! A directory of the operating system: positioned I/O, `fallocate`, `flock`, `fdatasync`.
//!
//! Where the file system cannot preallocate, the length is set instead and running out of space can
//! then meet a group; the writer ends the process in that case, which is safe but not kind.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use rustix::fs::{FallocateFlags, FlockOperation, fallocate, flock};
use rustix::io::Errno;
use telemetry::metric;

use super::{Disk, DiskFile};

/// A directory on the machine's file system.
#[derive(Clone, Debug)]
pub struct Os {
    root: Arc<Path>,
}

impl Os {
    /// Takes the directory, making it (and its parents) when absent.
    pub fn new(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root: PathBuf = root.into();
        fs::create_dir_all(&root)?;
        if let Some(parent) = root.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            File::open(parent)?.sync_all()?;
        }
        Ok(Self { root: root.into() })
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn at(&self, path: &str) -> PathBuf {
        if path.is_empty() { self.root.to_path_buf() } else { self.root.join(path) }
    }
}

impl Disk for Os {
    type File = OsFile;
    type Lock = OsLock;

    fn lock(&self) -> io::Result<OsLock> {
        let file =
            OpenOptions::new().create(true).truncate(false).write(true).open(self.at("lock"))?;
        flock(&file, FlockOperation::NonBlockingLockExclusive)?;
        Ok(OsLock { _file: file })
    }

    fn make_dir(&self, path: &str) -> io::Result<()> {
        fs::create_dir_all(self.at(path))?;
        self.sync_dir("")
    }

    fn create(&self, path: &str, len: u64) -> io::Result<OsFile> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .read(true)
            .write(true)
            .open(self.at(path))?;
        if len > 0 {
            match fallocate(&file, FallocateFlags::empty(), 0, len) {
                Ok(()) => {}
                Err(Errno::OPNOTSUPP | Errno::NOSYS) => file.set_len(len)?,
                Err(errno) => return Err(errno.into()),
            }
        }
        Ok(OsFile { file })
    }

    fn open(&self, path: &str) -> io::Result<OsFile> {
        let file = OpenOptions::new().read(true).write(true).open(self.at(path))?;
        Ok(OsFile { file })
    }

    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(self.at(dir)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                names.extend(entry.file_name().into_string());
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.at(from), self.at(to))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        fs::remove_file(self.at(path))
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        File::open(self.at(dir))?.sync_all()
    }
}

/// An open file of the operating system.
#[derive(Debug)]
pub struct OsFile {
    file: File,
}

impl DiskFile for OsFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut done = 0;
        while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
            let at = offset.saturating_add(u64::try_from(done).unwrap_or(u64::MAX));
            match self.file.read_at(rest, at) {
                Ok(0) => break,
                Ok(read) => done += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.file.write_all_at(bytes, offset)
    }

    fn sync(&self) -> io::Result<()> {
        let started = Instant::now();
        self.file.sync_data()?;
        metrics::histogram!(metric::LEDGER_SYNC_SECONDS).record(started.elapsed());
        Ok(())
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }
}

/// The `flock` on a directory; dropped with its file.
#[derive(Debug)]
pub struct OsLock {
    _file: File,
}
