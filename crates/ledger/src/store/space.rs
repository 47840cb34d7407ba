//! Room: the next segment, the reserve, and who is refused when the disk is full.
//!
//! A segment is preallocated before its first group, so a full disk is met here, before anything is
//! promised. Then the spare segments are what acts, fills, receipts and links go on with; submissions
//! are refused until the reserve is whole again.

use std::io;
use std::sync::Arc;

use record::{Lane, Timestamp};

use super::{Active, CommitError, Store, doing};
use crate::append::{Append, ENTRY_OVERHEAD};
use crate::disk::{Disk, DiskFile};
use crate::index::Index;
use crate::octets::len_u64;
use crate::outcome::Refusal;
use crate::segment::{self, SegmentHeader};

impl<D: Disk> Store<D> {
    /// Makes room for a commit, and refuses what there is no room for.
    pub(super) fn admit(
        &mut self,
        appends: Vec<Append>,
        now: Timestamp,
    ) -> Result<Vec<Result<Append, Refusal>>, CommitError> {
        if self.tight {
            self.make_reserve().map_err(doing("make the reserve"))?;
        }
        let weight: u64 = appends.iter().map(bound).sum();
        let catalog = self.shared.read();
        let mark = catalog.mark();
        let index_full = match catalog.segments.last().map(|newest| &newest.index) {
            Some(Index::Memory(index)) => index.weight() > self.options().segment_index_bytes,
            Some(Index::File(_)) | None => false,
        };
        drop(catalog);
        let used = mark.offset > self.header_len();
        let mut room = self.active.len.saturating_sub(mark.offset);
        if !appends.is_empty() && (weight + SLACK > room || index_full && used) {
            let links = appends.iter().any(|append| !is_submission(append));
            if self.roll(weight + SLACK, links, now)? {
                room = u64::MAX;
            }
        } else {
            room = u64::MAX;
        }
        let mut left = room.saturating_sub(SLACK);
        let tight = self.tight;
        let admit = |append: Append| {
            if tight && is_submission(&append) || bound(&append) > left {
                return Err(Refusal::NoSpace);
            }
            left -= bound(&append);
            Ok(append)
        };
        let admitted = appends.into_iter().map(admit).collect();
        self.tell_of_room(now);
        Ok(admitted)
    }

    /// Readers see since when submissions are refused for want of room.
    fn tell_of_room(&self, now: Timestamp) {
        let known = self.shared.read().full_since;
        if known.is_some() != self.tight {
            self.shared.write().full_since = self.tight.then_some(now);
        }
    }

    /// Begins the next segment with room for `len` bytes of groups; false when the disk is full and
    /// the reserve is not for this.
    pub(super) fn roll(
        &mut self,
        len: u64,
        from_reserve: bool,
        now: Timestamp,
    ) -> Result<bool, CommitError> {
        let header = self.next_header(now);
        let least = len + len_u64(header.to_bytes().len());
        let wanted = self.options().segment_bytes.max(least);
        match segment::create(self.disk(), &header, wanted, None) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::StorageFull => {
                self.tight = true;
                tracing::warn!("the disk is full, submissions are refused");
                let spare = self.spare(least).map_err(doing("look for the reserve"))?;
                let Some(spare) = spare.filter(|_| from_reserve) else { return Ok(false) };
                segment::create(self.disk(), &header, wanted, Some(&spare))
                    .map_err(doing("begin a segment from the reserve"))?;
            }
            Err(error) => return Err(doing("begin a segment")(error)),
        }
        self.switch_to(&header)?;
        Ok(true)
    }

    fn switch_to(&mut self, header: &SegmentHeader) -> Result<(), CommitError> {
        let file = self.disk().open(&segment::file_name(header.number));
        let file = Arc::new(file.map_err(doing("open a new segment"))?);
        let len = file.len().map_err(doing("measure a new segment"))?;
        let next = Active { number: header.number, file, seed: header.seed(), len };
        let old = std::mem::replace(&mut self.active, next);
        let mut catalog = self.shared.write();
        let end = catalog.mark().offset;
        catalog.begin(header);
        drop(catalog);
        // Gives back what was not needed; nothing depends on it.
        if old.file.set_len(end).is_err() {
            tracing::debug!(segment = old.number, "closed segment keeps its length");
        }
        self.close_segments();
        Ok(())
    }

    /// Asks for the files of every closed segment that has none yet.
    fn close_segments(&mut self) {
        let catalog = self.shared.read();
        let mut waiting = Vec::new();
        for (number, table) in &catalog.register.tables {
            if *number == self.active.number {
                continue;
            }
            if let Some(Index::Memory(index)) = catalog.segment(*number).map(|found| &found.index) {
                waiting.push((*number, Arc::clone(index), Arc::clone(table)));
            }
        }
        drop(catalog);
        for (number, index, table) in waiting {
            self.files.close(number, index, table);
        }
    }

    /// Makes what is missing of the reserve; a full disk leaves the store tight.
    pub(super) fn make_reserve(&mut self) -> io::Result<()> {
        let len = self.options().segment_bytes;
        let mut made = false;
        self.tight = false;
        for name in spare_names().take(self.options().reserve_segments) {
            if self.length(&name)?.is_some_and(|found| found >= len) {
                continue;
            }
            match self.disk().create(&name, len) {
                Ok(file) => file.sync()?,
                Err(error) if error.kind() == io::ErrorKind::StorageFull => {
                    self.tight = true;
                    break;
                }
                Err(error) => return Err(error),
            }
            made = true;
        }
        if made { self.disk().sync_dir("") } else { Ok(()) }
    }

    fn spare(&self, len: u64) -> io::Result<Option<String>> {
        for name in spare_names() {
            if self.length(&name)?.is_some_and(|found| found >= len) {
                return Ok(Some(name));
            }
        }
        Ok(None)
    }

    fn length(&self, name: &str) -> io::Result<Option<u64>> {
        match self.disk().open(name) {
            Ok(file) => file.len().map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn next_header(&self, now: Timestamp) -> SegmentHeader {
        let catalog = self.shared.read();
        let mark = catalog.mark();
        let (heads, receipts) = catalog.heads();
        let number = self.active.number + 1;
        let identity = (*catalog.identity).clone();
        SegmentHeader {
            number,
            nonce: identity.nonce(number),
            identity,
            position: mark.position,
            last_group: mark.group,
            last_crc: mark.crc,
            at: now,
            heads,
            receipts,
        }
    }

    /// Where the first group of the newest segment begins, or began.
    fn header_len(&self) -> u64 {
        let catalog = self.shared.read();
        let newest = catalog.segments.last().expect("a log has at least one segment");
        let mark = newest.index.mark();
        if mark.position == newest.position { mark.offset } else { 0 }
    }
}

/// What the reserve is not for.
fn is_submission(append: &Append) -> bool {
    match append {
        Append::Own(entry) => entry.ledger.lane() != Lane::Acts,
        Append::Peer(_)
        | Append::Fill(_)
        | Append::Receipt(_)
        | Append::Rotate(_)
        | Append::NextGeneration(_) => false,
    }
}

/// Most bytes an append adds to a group, its share of names and seals included.
pub(super) fn bound(append: &Append) -> u64 {
    let bytes = match append {
        Append::Own(entry) => entry.weight() + entry.behind.as_ref().map_or(0, |_| ENTRY_OVERHEAD),
        Append::Peer(peer) => peer.weight() + NAMES,
        Append::Fill(fill) => fill.weight() + NAMES,
        Append::Receipt(receipt) => {
            receipt.cosigned_seal.len() + receipt.holding_note.len() + NAMES
        }
        Append::Rotate(_) | Append::NextGeneration(_) => 2 << 20,
    };
    len_u64(bytes + ENTRY_OVERHEAD)
}

/// Names of the spare segments.
pub(crate) fn spare_names() -> impl Iterator<Item = String> {
    (0..RESERVE_MAX).map(|number| format!("spare-{number}"))
}

/// Header, trailer, names and seals of this hall's ledgers.
const SLACK: u64 = 4 << 10;
/// The names of one append.
const NAMES: usize = 512;
const RESERVE_MAX: usize = 8;
