//! A bounded set of open files, so that a log of a thousand segments needs no thousand descriptors.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use crate::disk::Disk;

/// Opens files on demand and keeps the most recently used.
pub(crate) struct Handles<D: Disk> {
    disk: D,
    open: Mutex<Vec<(String, Arc<D::File>)>>,
}

impl<D: Disk> Handles<D> {
    pub(crate) fn new(disk: D) -> Self {
        Self { disk, open: Mutex::new(Vec::new()) }
    }

    /// The file at a path, open.
    pub(crate) fn file(&self, path: &str) -> io::Result<Arc<D::File>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = open.iter().rposition(|(known, _)| known == path) {
            let file = Arc::clone(&open.get(at).ok_or(io::ErrorKind::NotFound)?.1);
            if open.len() - at > HANDLES_OPEN / 2 {
                let used = open.remove(at);
                open.push(used);
            }
            return Ok(file);
        }
        let file = Arc::new(self.disk.open(path)?);
        if open.len() >= HANDLES_OPEN {
            open.remove(0);
        }
        open.push((path.to_owned(), Arc::clone(&file)));
        Ok(file)
    }

    /// Forgets a file that was replaced or removed.
    pub(crate) fn forget(&self, path: &str) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).retain(|(known, _)| known != path);
    }

    pub(crate) fn disk(&self) -> &D {
        &self.disk
    }
}

/// Files kept open at once, beside the segment being written.
const HANDLES_OPEN: usize = 48;
