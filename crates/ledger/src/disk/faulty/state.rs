//! What a faulty disk is made of: files with their durable halves, names with unsynced changes, and
//! the plan of what goes wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::time::Duration;

use rand::RngExt;
use rand::rngs::StdRng;

pub(super) type Change = Vec<(String, Option<u64>)>;

#[derive(Debug)]
pub(super) struct State {
    pub(super) random: StdRng,
    pub(super) files: BTreeMap<u64, File>,
    pub(super) names: BTreeMap<String, u64>,
    pub(super) durable_names: BTreeMap<String, u64>,
    pub(super) changes: Vec<Change>,
    pub(super) next_file: u64,
    pub(super) epoch: u64,
    pub(super) locked: bool,
    pub(super) down: bool,
    pub(super) calls: u64,
    pub(super) crash_at: Option<u64>,
    pub(super) fail_at: Option<u64>,
    pub(super) space: Option<u64>,
    pub(super) cost_per_call: Duration,
    pub(super) cost: Duration,
}

impl State {
    /// Counts a call; true when power goes as it is carried out.
    pub(super) fn admit(&mut self) -> io::Result<bool> {
        if self.down {
            return Err(power_gone());
        }
        let number = self.calls;
        self.calls += 1;
        self.cost += self.cost_per_call;
        if self.fail_at == Some(number) {
            self.fail_at = None;
            return Err(io::Error::other("the disk reports an error"));
        }
        Ok(self.crash_at == Some(number))
    }

    pub(super) fn file(&mut self, id: u64) -> io::Result<&mut File> {
        self.files.get_mut(&id).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    pub(super) fn add_file(&mut self) -> u64 {
        self.next_file += 1;
        self.next_file
    }

    pub(super) fn change(&mut self, change: Change) {
        for (path, id) in &change {
            match id {
                Some(id) => self.names.insert(path.clone(), *id),
                None => self.names.remove(path),
            };
        }
        self.changes.push(change);
        self.drop_unnamed();
    }

    pub(super) fn settle(&mut self, change: Change) {
        for (path, id) in change {
            match id {
                Some(id) => self.durable_names.insert(path, id),
                None => self.durable_names.remove(&path),
            };
        }
    }

    pub(super) fn room_for(&self, grows: usize) -> io::Result<()> {
        let Some(space) = self.space else { return Ok(()) };
        let live: BTreeSet<u64> = self.names.values().copied().collect();
        let used: usize =
            live.iter().filter_map(|id| self.files.get(id)).map(|file| file.bytes.len()).sum();
        let wanted = u64::try_from(used + grows).unwrap_or(u64::MAX);
        if grows > 0 && wanted > space { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    pub(super) fn power_cut(&mut self) {
        self.epoch += 1;
        self.locked = false;
        self.down = false;
        self.crash_at = None;
        for change in std::mem::take(&mut self.changes) {
            if self.random.random() {
                self.settle(change);
            }
        }
        self.names = self.durable_names.clone();
        self.drop_unnamed();
        for file in self.files.values_mut() {
            if file.bytes.len() != file.durable.len() && self.random.random() {
                file.durable.resize(file.bytes.len(), 0);
            }
            for sector in std::mem::take(&mut file.dirty) {
                if self.random.random() {
                    file.keep(sector);
                }
            }
            file.bytes.clone_from(&file.durable);
        }
    }

    /// Forgets files that no name, no unsynced change and no durable name can bring back.
    pub(super) fn drop_unnamed(&mut self) {
        let mut live: BTreeSet<u64> = self.names.values().copied().collect();
        live.extend(self.durable_names.values());
        live.extend(self.changes.iter().flatten().filter_map(|(_, id)| *id));
        self.files.retain(|id, _| live.contains(id));
    }
}

#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) bytes: Vec<u8>,
    pub(super) durable: Vec<u8>,
    pub(super) dirty: BTreeSet<usize>,
}

impl File {
    /// Makes one sector durable, as far as the durable length reaches.
    pub(super) fn keep(&mut self, sector: usize) {
        let from = sector * SECTOR;
        let to = (from + SECTOR).min(self.bytes.len()).min(self.durable.len());
        if let (Some(source), Some(target)) =
            (self.bytes.get(from..to), self.durable.get_mut(from..to))
        {
            target.copy_from_slice(source);
        }
    }
}

pub(super) fn power_gone() -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, "the power is gone")
}

pub(super) const SECTOR: usize = 512;
