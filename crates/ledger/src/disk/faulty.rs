//! A disk in memory that breaks on purpose, always in the same way under the same seed.
//!
//! A crash keeps what was synced and, of the rest, any subset: each unsynced 512-byte sector and each
//! unsynced directory change on its own, file lengths too. Besides it fails or crashes at the n-th
//! call, runs out of space, flips bytes on request, and counts what slow calls would have cost.
//! Deliberately absent: torn sectors (drives write them whole) and reordering across a sync.

mod state;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::{Disk, DiskFile};
use state::{Change, File, SECTOR, State, power_gone};

/// A seeded disk in memory; clones are the same disk.
#[derive(Clone, Debug)]
pub struct Faulty {
    state: Arc<Mutex<State>>,
}

impl Faulty {
    /// An empty disk whose crashes are drawn from `seed`.
    pub fn new(seed: u64) -> Self {
        let state = State {
            random: StdRng::seed_from_u64(seed),
            files: BTreeMap::new(),
            names: BTreeMap::new(),
            durable_names: BTreeMap::new(),
            changes: Vec::new(),
            next_file: 0,
            epoch: 0,
            locked: false,
            down: false,
            calls: 0,
            crash_at: None,
            fail_at: None,
            space: None,
            cost_per_call: Duration::ZERO,
            cost: Duration::ZERO,
        };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// Loses power at once: every handle is dead until [`Faulty::restart`].
    pub fn crash(&self) {
        self.with(|state| state.down = true);
    }

    /// Loses power at the `n`-th call from now (0 is the next one).
    pub fn crash_at(&self, n: u64) {
        self.with(|state| state.crash_at = Some(state.calls + n));
    }

    /// Answers the `n`-th call from now with an I/O error, once.
    pub fn fail_at(&self, n: u64) {
        self.with(|state| state.fail_at = Some(state.calls + n));
    }

    /// Forgets planned crashes and failures.
    pub fn calm(&self) {
        self.with(|state| (state.crash_at, state.fail_at) = (None, None));
    }

    /// Power is back: what was unsynced is kept or lost at random, old handles stay dead.
    pub fn restart(&self) {
        self.with(State::power_cut);
    }

    /// The process was killed, the machine was not: nothing is lost, old handles are dead.
    pub fn kill(&self) {
        self.with(|state| {
            state.epoch += 1;
            state.locked = false;
            state.down = false;
        });
    }

    /// Whether power is gone.
    pub fn is_down(&self) -> bool {
        self.with(|state| state.down)
    }

    /// Calls so far.
    pub fn calls(&self) -> u64 {
        self.with(|state| state.calls)
    }

    /// Lets all files together hold at most this many bytes.
    pub fn set_space(&self, bytes: Option<u64>) {
        self.with(|state| state.space = bytes);
    }

    /// What every call costs from now on; nobody sleeps, the sum is kept.
    pub fn slow(&self, per_call: Duration) {
        self.with(|state| state.cost_per_call = per_call);
    }

    /// What the calls have cost so far.
    pub fn cost(&self) -> Duration {
        self.with(|state| state.cost)
    }

    /// Inverts one bit of a file, durably; false when there is no such byte.
    pub fn flip(&self, path: &str, offset: u64, bit: u8) -> bool {
        self.with(|state| {
            let id = state.names.get(path).copied();
            let file = id.and_then(|id| state.files.get_mut(&id));
            let at = usize::try_from(offset).ok();
            let (Some(file), Some(at)) = (file, at) else { return false };
            let mut hit = false;
            for bytes in [&mut file.bytes, &mut file.durable] {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << (bit & 7);
                    hit = true;
                }
            }
            hit
        })
    }

    /// The bytes of a file as a reader sees them.
    pub fn bytes(&self, path: &str) -> Option<Vec<u8>> {
        self.with(|state| {
            let id = state.names.get(path)?;
            state.files.get(id).map(|file| file.bytes.clone())
        })
    }

    /// Puts a file there, durably.
    pub fn put(&self, path: &str, bytes: Vec<u8>) {
        self.with(|state| {
            let id = state.add_file();
            let file = File { durable: bytes.clone(), bytes, dirty: BTreeSet::new() };
            state.files.insert(id, file);
            state.names.insert(path.to_owned(), id);
            state.durable_names.insert(path.to_owned(), id);
        });
    }

    /// A disk of its own with the same files, all durable, and another seed.
    #[must_use]
    pub fn image(&self, seed: u64) -> Self {
        let copy = Self::new(seed);
        for path in self.with(|state| state.names.keys().cloned().collect::<Vec<_>>()) {
            if let Some(bytes) = self.bytes(&path) {
                copy.put(&path, bytes);
            }
        }
        copy
    }

    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn call<T>(&self, f: impl FnOnce(&mut State) -> io::Result<T>) -> io::Result<T> {
        let (answer, crashes) = self.with(|state| match state.admit() {
            Ok(crashes) => {
                let answer = f(state);
                state.down = crashes;
                (answer, crashes)
            }
            Err(error) => (Err(error), false),
        });
        // What the call made is dropped here, outside the lock: dropping it may need the lock.
        if crashes { Err(power_gone()) } else { answer }
    }
}

impl Disk for Faulty {
    type File = FaultyFile;
    type Lock = FaultyLock;

    fn lock(&self) -> io::Result<FaultyLock> {
        self.call(|state| {
            if state.locked {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            state.locked = true;
            Ok(FaultyLock { disk: self.clone(), epoch: state.epoch })
        })
    }

    fn make_dir(&self, _path: &str) -> io::Result<()> {
        self.call(|_| Ok(()))
    }

    fn create(&self, path: &str, len: u64) -> io::Result<FaultyFile> {
        self.call(|state| {
            let len = usize::try_from(len).map_err(|_| io::ErrorKind::OutOfMemory)?;
            let freed = state.names.get(path).and_then(|id| state.files.get(id));
            let freed = freed.map_or(0, |file| file.bytes.len());
            state.room_for(len.saturating_sub(freed))?;
            let id = state.add_file();
            state.files.insert(id, File { bytes: vec![0; len], ..File::default() });
            state.change(vec![(path.to_owned(), Some(id))]);
            Ok(FaultyFile { disk: self.clone(), id, epoch: state.epoch })
        })
    }

    fn open(&self, path: &str) -> io::Result<FaultyFile> {
        self.call(|state| {
            let id = *state.names.get(path).ok_or(io::ErrorKind::NotFound)?;
            Ok(FaultyFile { disk: self.clone(), id, epoch: state.epoch })
        })
    }

    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        self.call(|state| {
            let within = |path: &String| match dir {
                "" => (!path.contains('/')).then(|| path.clone()),
                _ => path.strip_prefix(dir)?.strip_prefix('/').map(str::to_owned),
            };
            Ok(state.names.keys().filter_map(within).filter(|name| !name.contains('/')).collect())
        })
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.call(|state| {
            let id = *state.names.get(from).ok_or(io::ErrorKind::NotFound)?;
            state.change(vec![(from.to_owned(), None), (to.to_owned(), Some(id))]);
            Ok(())
        })
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        self.call(|state| {
            if !state.names.contains_key(path) {
                return Err(io::ErrorKind::NotFound.into());
            }
            state.change(vec![(path.to_owned(), None)]);
            Ok(())
        })
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        self.call(|state| {
            let here = |path: &str| path.rsplit_once('/').map_or("", |(parent, _)| parent) == dir;
            let (synced, kept) = std::mem::take(&mut state.changes)
                .into_iter()
                .partition::<Vec<Change>, _>(|change| change.iter().any(|(path, _)| here(path)));
            state.changes = kept;
            for change in synced {
                state.settle(change);
            }
            Ok(())
        })
    }
}

/// An open file of a [`Faulty`] disk.
#[derive(Debug)]
pub struct FaultyFile {
    disk: Faulty,
    id: u64,
    epoch: u64,
}

impl FaultyFile {
    fn call<T>(&self, f: impl FnOnce(&mut State, u64) -> io::Result<T>) -> io::Result<T> {
        self.disk.call(|state| {
            if state.epoch != self.epoch {
                return Err(power_gone());
            }
            f(state, self.id)
        })
    }
}

impl DiskFile for FaultyFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.call(|state, id| {
            let file = state.file(id)?;
            let from = usize::try_from(offset).unwrap_or(usize::MAX);
            let bytes = file.bytes.get(from..).unwrap_or_default();
            let len = bytes.len().min(buffer.len());
            for (to, from) in buffer.iter_mut().zip(bytes) {
                *to = *from;
            }
            Ok(len)
        })
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.call(|state, id| {
            let from = usize::try_from(offset).map_err(|_| io::ErrorKind::InvalidInput)?;
            let to = from.checked_add(bytes.len()).ok_or(io::ErrorKind::InvalidInput)?;
            let grows = to.saturating_sub(state.file(id)?.bytes.len());
            state.room_for(grows)?;
            let file = state.file(id)?;
            if grows > 0 {
                file.bytes.resize(to, 0);
            }
            if let Some(target) = file.bytes.get_mut(from..to) {
                target.copy_from_slice(bytes);
            }
            if !bytes.is_empty() {
                file.dirty.extend(from / SECTOR..=(to - 1) / SECTOR);
            }
            Ok(())
        })
    }

    fn sync(&self) -> io::Result<()> {
        self.call(|state, id| {
            let file = state.file(id)?;
            file.durable.resize(file.bytes.len(), 0);
            for sector in std::mem::take(&mut file.dirty) {
                file.keep(sector);
            }
            Ok(())
        })
    }

    fn len(&self) -> io::Result<u64> {
        self.call(|state, id| Ok(u64::try_from(state.file(id)?.bytes.len()).unwrap_or(u64::MAX)))
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.call(|state, id| {
            let len = usize::try_from(len).map_err(|_| io::ErrorKind::InvalidInput)?;
            let grows = len.saturating_sub(state.file(id)?.bytes.len());
            state.room_for(grows)?;
            state.file(id)?.bytes.resize(len, 0);
            Ok(())
        })
    }
}

/// The lock on a [`Faulty`] disk.
#[derive(Debug)]
pub struct FaultyLock {
    disk: Faulty,
    epoch: u64,
}

impl Drop for FaultyLock {
    fn drop(&mut self) {
        self.disk.with(|state| {
            if state.epoch == self.epoch {
                state.locked = false;
            }
        });
    }
}
