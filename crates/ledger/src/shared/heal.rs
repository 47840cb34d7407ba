//! Builds derived files again while the log is open: what was absent, flipped or torn is gone after
//! the first read that noticed it.

use std::sync::{Arc, PoisonError};

use super::Shared;
use crate::disk::Disk;
use crate::index::{self, FileIndex, Index};
use crate::pages::{DIRECTORY, Derived};
use crate::reader::ReadError;
use crate::recover::closed_segment;
use crate::register::{self, Cover, Run};

impl<D: Disk> Shared<D> {
    /// Runs a look-up; when a derived file fails its check, builds it again and runs it once more.
    pub(super) fn healed<T>(&self, look: impl Fn() -> Result<T, Derived>) -> Result<T, ReadError> {
        for _ in 0..ATTEMPTS {
            match look() {
                Ok(found) => return Ok(found),
                Err(Derived::Disk(error)) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(ReadError::Disk(error));
                }
                Err(Derived::Disk(error)) => {
                    // A run or index whose file was taken away: the path is unknown, all are tried.
                    self.heal_absent(&error)?;
                }
                Err(Derived::Damaged { path }) => self.heal(&path)?,
            }
        }
        look().map_err(|error| match error {
            Derived::Disk(error) => ReadError::Disk(error),
            Derived::Damaged { path } => {
                ReadError::Disk(std::io::Error::other(format!("{path} stays damaged")))
            }
        })
    }

    fn heal_absent(&self, error: &std::io::Error) -> Result<(), ReadError> {
        let disk = self.handles.disk();
        let present = disk.list(DIRECTORY).map_err(ReadError::Disk)?;
        let mut paths = Vec::new();
        {
            let catalog = self.read();
            for found in &catalog.segments {
                if let Index::File(_) = found.index {
                    paths.push(index::path(found.number));
                }
            }
            paths.extend(catalog.register.runs.iter().map(|run| run.path().to_owned()));
        }
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let absent: Vec<_> =
            paths.into_iter().filter(|path| present.binary_search(&name(path)).is_err()).collect();
        if absent.is_empty() {
            return Err(ReadError::Disk(error.kind().into()));
        }
        absent.iter().try_for_each(|path| self.heal(path))
    }

    fn heal(&self, path: &str) -> Result<(), ReadError> {
        let _one = self.healing.lock().unwrap_or_else(PoisonError::into_inner);
        tracing::warn!(file = path, "derived file is damaged, building it again");
        self.handles.forget(path);
        let name = path.rsplit('/').next().unwrap_or_default();
        match register::parse_name(name) {
            Some(segments) => self.heal_run(segments),
            None => match name.strip_suffix(".idx").and_then(|number| number.parse().ok()) {
                Some(number) => self.heal_index(number),
                None => Ok(()),
            },
        }
    }

    fn heal_index(&self, number: u64) -> Result<(), ReadError> {
        let log_id = self.read().identity.log_id;
        let (memory, _) = closed_segment(&self.handles, number)?;
        let written = index::write(&self.handles, &log_id, number, &memory)
            .map_err(Derived::Disk)
            .and_then(|()| FileIndex::open(&self.handles, &log_id, number));
        let index = match written {
            Ok(file) => Index::File(Arc::new(file)),
            Err(_) => Index::Memory(Arc::new(memory)),
        };
        if let Some(found) = self.write().segment_mut(number) {
            found.index = index;
        }
        Ok(())
    }

    fn heal_run(&self, (from, to): (u64, u64)) -> Result<(), ReadError> {
        let known = self.read().register.runs.iter().any(|run| run.segments() == (from, to));
        if !known {
            return Ok(());
        }
        let log_id = self.read().identity.log_id;
        let mut fresh = Vec::new();
        for number in from..=to {
            let (index, table) = closed_segment(&self.handles, number)?;
            let Cover { group, crc, .. } =
                Cover { from, to, group: index.mark.group, crc: index.mark.crc };
            let cover = Cover { from: number, to: number, group, crc };
            let most = u64::try_from(table.len()).unwrap_or(u64::MAX);
            let mut rows = table.sorted().into_iter();
            let run = register::write(&self.handles, &log_id, cover, most, || Ok(rows.next()))
                .and_then(|()| Run::open(&self.handles, &log_id, (number, number)));
            fresh.push(Arc::new(run.map_err(|error| match error {
                Derived::Disk(error) => ReadError::Disk(error),
                Derived::Damaged { path } => ReadError::Disk(std::io::Error::other(path)),
            })?));
        }
        let mut catalog = self.write();
        let mut runs: Vec<_> = catalog.register.runs.iter().map(Arc::clone).collect();
        runs.retain(|run| run.segments() != (from, to));
        runs.extend(fresh);
        runs.sort_by_key(|run| run.segments());
        catalog.register.runs = Arc::new(runs);
        drop(catalog);
        if from != to {
            let path = format!("{DIRECTORY}/{from:010}-{to:010}.run");
            self.handles.forget(&path);
            if let Err(error) = self.handles.disk().remove(&path) {
                tracing::debug!(%error, file = path, "damaged run stays, nobody reads it");
            }
        }
        Ok(())
    }
}

/// A look-up may meet more than one damaged file.
const ATTEMPTS: usize = 8;
