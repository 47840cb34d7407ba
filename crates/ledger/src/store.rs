//! The store: one owner, one door. [`Store::commit`] checks the register, builds one group, extends
//! the trees, seals, writes, and waits for ONE fdatasync before anything is answered or visible.
//!
//! It is synchronous and decides by its arguments alone, so the simulator drives it directly and two
//! runs with equal seeds write equal bytes. In production the thread `ledger-writer` owns it.

mod draft;
mod own;
mod peer;
mod report;
mod space;

use std::io;
use std::sync::Arc;

use record::Timestamp;

use crate::append::Append;
use crate::catalog::NewGroup;
use crate::disk::{Disk, DiskFile};
use crate::files::{Done, Files};
use crate::group;
use crate::index::Index;
use crate::octets::{len_u64, to_usize};
use crate::options::{Fault, Options};
use crate::outcome::{Outcome, Refusal};
use crate::pages::DIRECTORY;
use crate::reader::{Durable, Reader};
use crate::recover;
use crate::segment;
use crate::shared::Shared;
use crate::signer::Signer;

use draft::Draft;
pub use report::{CommitError, Cut, Damage, OpenError, OpenReport};
pub(crate) use space::spare_names;

/// The writing end of a hall's log.
pub struct Store<D: Disk> {
    shared: Arc<Shared<D>>,
    files: Files<D>,
    signer: Arc<dyn Signer>,
    active: Active<D>,
    /// The reserve is in use: only what it is for may be written.
    tight: bool,
    damaged: bool,
    poisoned: bool,
    _lock: D::Lock,
}

/// The segment being written.
struct Active<D: Disk> {
    number: u64,
    file: Arc<D::File>,
    seed: u32,
    len: u64,
}

impl<D: Disk> Store<D> {
    /// Takes the directory, recovers what a stop left, and builds what is derived.
    #[expect(clippy::needless_pass_by_value, reason = "a store owns its disk")]
    pub fn open(
        disk: D,
        options: Options,
        log_signer: Arc<dyn Signer>,
        now: Timestamp,
    ) -> Result<(Self, OpenReport), OpenError> {
        let lock = disk.lock().map_err(|source| {
            if source.kind() == io::ErrorKind::WouldBlock {
                return OpenError::Locked;
            }
            OpenError::Disk { doing: "lock the log", source }
        })?;
        let background = options.background;
        let recovered = recover::open(&disk, options, now)?;
        let (shared, header, report) = (recovered.shared, recovered.header, recovered.report);
        let open = || -> io::Result<Active<D>> {
            let file = Arc::new(disk.open(&segment::file_name(header.number))?);
            Ok(Active { number: header.number, len: file.len()?, seed: header.seed(), file })
        };
        let active = open()
            .map_err(|source| OpenError::Disk { doing: "open the newest segment", source })?;
        let files = Files::new(Arc::clone(&shared.handles), header.identity.log_id, background);
        let mut store = Self {
            files,
            signer: log_signer,
            active,
            tight: false,
            damaged: !report.damage.is_empty(),
            poisoned: false,
            _lock: lock,
            shared,
        };
        if !store.damaged {
            store
                .make_reserve()
                .map_err(|source| OpenError::Disk { doing: "make the reserve", source })?;
        }
        store.merge_runs();
        Ok((store, report))
    }

    /// Appends all of it as one group; answers in the order asked, after the fdatasync. An error is
    /// fatal: nothing of it may be answered, the caller ends the process.
    pub fn commit(
        &mut self,
        appends: Vec<Append>,
        now: Timestamp,
    ) -> Result<Vec<Outcome>, CommitError> {
        if self.poisoned {
            return Err(CommitError::Poisoned);
        }
        if self.damaged {
            return Ok(appends.iter().map(|_| Outcome::Refused(Refusal::Damaged)).collect());
        }
        let answer = self.write(appends, now);
        self.poisoned = answer.is_err();
        answer
    }

    /// A reader of what is durable.
    pub fn reader(&self) -> Reader<D> {
        Reader::new(Arc::clone(&self.shared))
    }

    /// Marks the log as cleanly stopped, so that the next opening copies nothing.
    pub fn close(mut self) -> Result<Durable, CommitError> {
        let durable = self.shared.durable();
        if self.poisoned {
            return Err(CommitError::Poisoned);
        }
        while self.files.is_busy() {
            self.tidy(0);
        }
        if !self.damaged && self.options().fault != Fault::AckBeforeFsync {
            let mark = (durable.group, durable.crc);
            recover::write_clean_mark(self.disk(), &durable.log_id, mark)
                .map_err(doing("mark a clean stop"))?;
        }
        Ok(durable)
    }

    fn write(&mut self, appends: Vec<Append>, now: Timestamp) -> Result<Vec<Outcome>, CommitError> {
        self.tidy(CLOSING_MAX);
        let admitted = self.admit(appends, now)?;
        let expected = admitted.iter().flatten().map(space::bound).sum();
        let mut draft = Draft::new(&self.shared, to_usize(expected));
        let mut outcomes = Vec::with_capacity(admitted.len());
        let mut signer = None;
        for append in admitted {
            outcomes.push(match append {
                Ok(_) if signer.is_some() => Outcome::Refused(Refusal::NotLast),
                Ok(Append::Own(entry)) => draft.own(&entry)?,
                Ok(Append::Peer(entries)) => draft.peer(&entries)?,
                Ok(Append::Fill(fill)) => draft.fill(&fill)?,
                Ok(Append::Receipt(receipt)) => draft.receipt(&receipt),
                Ok(Append::NextGeneration(next)) => draft.next_generation(next)?,
                Ok(Append::Rotate(rotate)) => {
                    let next = Arc::clone(&rotate.signer);
                    let outcome = draft.rotate(rotate, &*self.signer)?;
                    if let Outcome::Rotated { .. } = outcome {
                        signer = Some(next);
                    }
                    outcome
                }
                Err(refusal) => Outcome::Refused(refusal),
            });
        }
        draft.seal(&*self.signer);
        let (frames, events) = draft.into_parts();
        if frames.count > 0 {
            self.write_group(frames, events, now)?;
        }
        if let Some(signer) = signer {
            self.signer = signer;
        }
        Ok(outcomes)
    }

    fn write_group(
        &mut self,
        frames: crate::frame::Frames,
        mut events: Vec<crate::catalog::Event>,
        now: Timestamp,
    ) -> Result<(), CommitError> {
        let mut mark = self.shared.read().mark();
        if mark.offset + group::len(&frames) > self.active.len {
            self.roll(group::len(&frames), true, now)?;
            mark = self.shared.read().mark();
        }
        let (number, count) = (mark.group + 1, frames.count);
        let at = (number, mark.position, mark.crc);
        let (bytes, crc) = group::finish(frames, at, now, self.active.seed);
        let active = &self.active;
        active.file.write_at(&bytes, mark.offset).map_err(doing("write a group"))?;
        if self.options().fault != Fault::AckBeforeFsync {
            active.file.sync().map_err(doing("sync a group"))?;
        }
        let base = u32::try_from(mark.offset).unwrap_or(u32::MAX);
        for event in &mut events {
            event.shift(base);
        }
        let group = NewGroup {
            number,
            position: mark.position,
            frames: count,
            crc,
            at: now,
            offset: mark.offset,
            len: len_u64(bytes.len()),
        };
        let mut catalog = self.shared.write();
        let visible = catalog.publish(&group, &events);
        assert!(
            visible,
            "the draft numbered its entries from this catalog, and nobody else writes"
        );
        let limit = self.shared.options.recent_bytes;
        catalog.recent.keep(self.active.number, mark.offset, bytes, limit);
        Ok(())
    }

    /// Takes over what the background has finished; waits while too much of it is unfinished.
    fn tidy(&mut self, backlog: usize) {
        for done in self.files.finished(backlog) {
            match done {
                Done::Closed { segment, index, run } => {
                    let mut catalog = self.shared.write();
                    if let Some(found) = catalog.segment_mut(segment) {
                        found.index = Index::File(Arc::new(index));
                    }
                    catalog.register.take_up(run);
                }
                Done::Merged { run, replaced } => {
                    self.shared.write().register.take_up(run);
                    for old in replaced {
                        self.shared.handles.forget(old.path());
                        if let Err(error) = self.disk().remove(old.path()) {
                            tracing::debug!(%error, file = old.path(), "merged run stays");
                        }
                    }
                }
                Done::Failed { segment, error } => {
                    tracing::warn!(?segment, %error, directory = DIRECTORY, "derived file not made");
                }
            }
        }
        self.merge_runs();
    }

    fn merge_runs(&mut self) {
        let due = self.shared.read().register.due();
        if let Some(runs) = due {
            self.files.merge(runs);
        }
    }

    fn options(&self) -> &Options {
        &self.shared.options
    }

    fn disk(&self) -> &D {
        self.shared.handles.disk()
    }
}

fn doing(doing: &'static str) -> impl Fn(io::Error) -> CommitError {
    move |source| CommitError::Disk { doing, source }
}

/// Closed segments whose indexes may be in memory at once.
const CLOSING_MAX: usize = 1;

#[cfg(test)]
pub(crate) mod tests;
