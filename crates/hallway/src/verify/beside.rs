//! A disk beside a living hall: reads its files as they are, takes no lock, and keeps in memory
//! whatever its own reader would write (a recovered segment, a rebuilt index). The directory itself is
//! never touched, so it may as well be read-only.
//!
//! Deliberately absent: durability. Everything written here is gone with the process.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use ledger::{Disk, DiskFile};

/// A directory that is read, never written.
#[derive(Clone)]
pub(super) struct Beside {
    root: Arc<Path>,
    /// What was written or removed here, by path; none is removed.
    written: Arc<Mutex<BTreeMap<String, Option<Memory>>>>,
}

type Memory = Arc<RwLock<Vec<u8>>>;

impl Beside {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root: root.into(), written: Arc::default() }
    }

    /// The map is whole at every moment, so a poisoned lock is good.
    fn written(&self) -> MutexGuard<'_, BTreeMap<String, Option<Memory>>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, path: &str, bytes: Vec<u8>) -> Memory {
        let memory = Arc::new(RwLock::new(bytes));
        self.written().insert(path.to_owned(), Some(Arc::clone(&memory)));
        memory
    }
}

impl Disk for Beside {
    type File = BesideFile;
    type Lock = ();

    fn lock(&self) -> io::Result<()> {
        Ok(())
    }

    fn make_dir(&self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn create(&self, path: &str, len: u64) -> io::Result<BesideFile> {
        let memory = self.put(path, vec![0; to_usize(len)?]);
        Ok(BesideFile { disk: self.clone(), path: path.to_owned(), bytes: Bytes::memory(memory) })
    }

    fn open(&self, path: &str) -> io::Result<BesideFile> {
        let written = self.written().get(path).cloned();
        let bytes = match written {
            Some(Some(memory)) => Bytes::memory(memory),
            Some(None) => return Err(io::ErrorKind::NotFound.into()),
            None => Bytes(Mutex::new(Place::Real(Arc::new(File::open(self.root.join(path))?)))),
        };
        Ok(BesideFile { disk: self.clone(), path: path.to_owned(), bytes })
    }

    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        let mut names: Vec<String> = match fs::read_dir(self.root.join(dir)) {
            Ok(entries) => entries
                .filter_map(Result::ok)
                .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
                .filter_map(|entry| entry.file_name().into_string().ok())
                .collect(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        for (path, memory) in self.written().iter() {
            let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
            if parent == dir {
                names.retain(|known| known != name);
                names.extend(memory.is_some().then(|| name.to_owned()));
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let file = self.open(from)?;
        let memory = file.writable()?;
        let mut written = self.written();
        written.insert(to.to_owned(), Some(memory));
        written.insert(from.to_owned(), None);
        Ok(())
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        self.open(path)?;
        self.written().insert(path.to_owned(), None);
        Ok(())
    }

    fn sync_dir(&self, _: &str) -> io::Result<()> {
        Ok(())
    }
}

/// A file of the directory, or what stands in memory for it once it was written to.
pub(super) struct BesideFile {
    disk: Beside,
    path: String,
    bytes: Bytes,
}

struct Bytes(Mutex<Place>);

#[derive(Clone)]
enum Place {
    Real(Arc<File>),
    Memory(Memory),
}

impl Bytes {
    fn memory(memory: Memory) -> Self {
        Self(Mutex::new(Place::Memory(memory)))
    }

    fn place(&self) -> Place {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl BesideFile {
    /// The bytes in memory; the first write of a real file brings them there.
    fn writable(&self) -> io::Result<Memory> {
        match self.bytes.place() {
            Place::Memory(memory) => Ok(memory),
            Place::Real(file) => {
                let mut bytes = vec![0; to_usize(file.metadata()?.len())?];
                let read = read_real(&file, &mut bytes, 0)?;
                bytes.truncate(read);
                let memory = self.disk.put(&self.path, bytes);
                *self.bytes.0.lock().unwrap_or_else(PoisonError::into_inner) =
                    Place::Memory(Arc::clone(&memory));
                Ok(memory)
            }
        }
    }
}

impl DiskFile for BesideFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match self.bytes.place() {
            Place::Real(file) => read_real(&file, buffer, offset),
            Place::Memory(memory) => {
                let bytes = memory.read().unwrap_or_else(PoisonError::into_inner);
                let rest = bytes.get(to_usize(offset)?..).unwrap_or_default();
                let read = rest.len().min(buffer.len());
                buffer.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                Ok(read)
            }
        }
    }

    fn write_at(&self, new: &[u8], offset: u64) -> io::Result<()> {
        let (memory, start) = (self.writable()?, to_usize(offset)?);
        let mut bytes = memory.write().unwrap_or_else(PoisonError::into_inner);
        let end = start.checked_add(new.len()).ok_or(io::ErrorKind::FileTooLarge)?;
        if bytes.len() < end {
            bytes.resize(end, 0);
        }
        if let Some(place) = bytes.get_mut(start..end) {
            place.copy_from_slice(new);
        }
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    fn len(&self) -> io::Result<u64> {
        match self.bytes.place() {
            Place::Real(file) => Ok(file.metadata()?.len()),
            Place::Memory(memory) => {
                let bytes = memory.read().unwrap_or_else(PoisonError::into_inner);
                u64::try_from(bytes.len()).map_err(io::Error::other)
            }
        }
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let memory = self.writable()?;
        memory.write().unwrap_or_else(PoisonError::into_inner).resize(to_usize(len)?, 0);
        Ok(())
    }
}

fn read_real(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut done = 0;
    while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
        let at = offset.saturating_add(u64::try_from(done).unwrap_or(u64::MAX));
        match file.read_at(rest, at) {
            Ok(0) => break,
            Ok(read) => done += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

fn to_usize(number: u64) -> io::Result<usize> {
    usize::try_from(number).map_err(io::Error::other)
}
