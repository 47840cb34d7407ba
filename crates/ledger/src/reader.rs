//! Reading what is durable: entries, batches, proofs, holdings, the log in its own order.
//!
//! A reader is cheap to clone and safe on any thread; its calls read the disk, so asynchronous
//! callers put them on a blocking thread. The newest groups come from memory. Bytes from the disk are
//! checked against their commitment before anybody sees them.

use std::ops::Range;

use record::{HallId, Hash, Label, Lane, Leaf, LedgerName, PartSet, Parts, Timestamp};
use thiserror::Error;

use crate::disk::Disk;
use crate::proof::ProveError;
use crate::receipt::{Holding, Receipt};
use crate::seal::Seal;
use crate::store::Damage;

/// The reading end of a hall's log.
#[derive(Clone)]
pub struct Reader<D: Disk> {
    disk: D,
}

/// How far the log is durable; what derived stores name as the point they were built to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Durable {
    /// The log's id.
    pub log_id: [u8; 16],
    /// Number of the last durable group; 0 before the first.
    pub group: u64,
    /// The checksum in its trailer.
    pub crc: u32,
    /// Where the next frame will stand.
    pub position: Position,
}

/// A place in the log's own order: a count of frames, never of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub u64);

/// A ledger as it stands here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Entries.
    pub size: u64,
    /// RFC 6962 root over them.
    pub root: Hash,
    /// How many are held as leaves alone.
    pub stubs: u64,
    /// When the group with its newest seal was written here.
    pub sealed_at: Timestamp,
}

/// An entry as it is held here, fills merged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its leaf.
    pub leaf: Leaf,
    /// What is held of it.
    pub parts: Parts,
}

/// Entries that end on a stored seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBatch {
    /// Index of the first.
    pub first: u64,
    /// The entries, narrowed to the rights asked for.
    pub entries: Vec<(Leaf, Parts)>,
    /// The seal at `first` + entries.
    pub seal: Seal,
}

/// Where the latest revision of a record is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The ledger.
    pub ledger: LedgerName,
    /// The index.
    pub index: u64,
    /// The revision.
    pub revision: u32,
}

/// What a frame of the log tells its followers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogNote {
    /// A new entry, with whatever parts came along.
    Entry {
        /// The ledger.
        ledger: LedgerName,
        /// The index.
        index: u64,
        /// The link it came by; none for our own.
        via: Option<HallId>,
    },
    /// Parts that came later.
    Fill {
        /// The ledger.
        ledger: LedgerName,
        /// The index.
        index: u64,
        /// Which parts.
        parts: PartSet,
        /// The link they came by.
        via: Option<HallId>,
    },
}

/// A page of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// What it has, in the log's order; frames of other kinds are left out.
    pub notes: Vec<(Position, LogNote)>,
    /// Where the next page begins; the durable end when there is no more.
    pub next: Position,
}

impl<D: Disk> Reader<D> {
    /// The ledger this hall writes in a lane.
    pub fn own_ledger(&self, lane: Lane) -> LedgerName {
        todo!("{lane:?}")
    }

    /// Every ledger here, by name.
    pub fn heads(&self) -> Vec<(LedgerName, Head)> {
        todo!()
    }

    /// One ledger's head.
    pub fn head(&self, ledger: &LedgerName) -> Option<Head> {
        todo!("{ledger}")
    }

    /// An entry with everything held of it.
    pub fn entry(&self, ledger: &LedgerName, index: u64) -> Result<Option<Stored>, ReadError> {
        todo!("{ledger}{index}")
    }

    /// An entry's leaf.
    pub fn leaf(&self, ledger: &LedgerName, index: u64) -> Result<Option<Leaf>, ReadError> {
        todo!("{ledger}{index}")
    }

    /// Entries from `from`, ending on the largest stored seal within the bounds, else on the next
    /// stored seal; none when no seal lies beyond `from`.
    pub fn batch(
        &self,
        ledger: &LedgerName,
        from: u64,
        max_entries: usize,
        max_bytes: usize,
        rights: &dyn Fn(Label) -> PartSet,
    ) -> Result<Option<StoredBatch>, ReadError> {
        todo!("{ledger}{from}{max_entries}{max_bytes}{}", rights as *const _ as *const u8 as usize)
    }

    /// The newest seal of a ledger.
    pub fn latest_seal(&self, ledger: &LedgerName) -> Option<Seal> {
        todo!("{ledger}")
    }

    /// The stored seal at exactly this size.
    pub fn seal_at(&self, ledger: &LedgerName, size: u64) -> Result<Option<Seal>, ReadError> {
        todo!("{ledger}{size}")
    }

    /// The first stored seal that covers an index: the smallest with size > `index`.
    pub fn seal_covering(
        &self,
        ledger: &LedgerName,
        index: u64,
    ) -> Result<Option<Seal>, ReadError> {
        todo!("{ledger}{index}")
    }

    /// Ranges of entries from `from` on of which something the hall is entitled to is not held.
    pub fn lacking(
        &self,
        ledger: &LedgerName,
        from: u64,
        max_ranges: usize,
        entitled: &dyn Fn(Label) -> PartSet,
    ) -> Result<Vec<Range<u64>>, ReadError> {
        todo!("{ledger}{from}{max_ranges}{}", entitled as *const _ as *const u8 as usize)
    }

    /// What is held of a ledger at its newest seal; none while entries stand beyond it.
    pub fn holding(&self, ledger: &LedgerName) -> Result<Option<Holding>, ReadError> {
        todo!("{ledger}")
    }

    /// The root of the first `size` entries.
    pub fn root(&self, ledger: &LedgerName, size: u64) -> Result<Hash, ReadError> {
        todo!("{ledger}{size}")
    }

    /// Proof that entry `index` is in the tree of `size` entries.
    pub fn inclusion(
        &self,
        ledger: &LedgerName,
        index: u64,
        size: u64,
    ) -> Result<Vec<Hash>, ReadError> {
        todo!("{ledger}{index}{size}")
    }

    /// Proof that the tree of `new` entries extends the one of `old`.
    pub fn consistency(
        &self,
        ledger: &LedgerName,
        old: u64,
        new: u64,
    ) -> Result<Vec<Hash>, ReadError> {
        todo!("{ledger}{old}{new}")
    }

    /// The hashes of a C2SP tile.
    pub fn tile(
        &self,
        ledger: &LedgerName,
        level: u8,
        index: u64,
        width: u16,
    ) -> Result<Option<Vec<u8>>, ReadError> {
        todo!("{ledger}{level}{index}{width}")
    }

    /// Where the latest revision of a record is.
    pub fn place(&self, record_id: &str) -> Result<Option<Place>, ReadError> {
        todo!("{record_id}")
    }

    /// The newest receipt per (holder, ledger) logged here.
    pub fn receipts(&self) -> Result<Vec<Receipt>, ReadError> {
        todo!()
    }

    /// The log's id.
    pub fn log_id(&self) -> [u8; 16] {
        todo!()
    }

    /// How far the log is durable.
    pub fn durable(&self) -> Durable {
        todo!()
    }

    /// At most `max` notes from `from` on, in the log's order.
    pub fn follow(&self, from: Position, max: usize) -> Result<Page, ReadError> {
        todo!("{from:?}{max}")
    }
}

/// Why something could not be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The disk did not answer.
    #[error("read the log")]
    Disk(#[source] std::io::Error),
    /// The bytes are not those that were written.
    #[error("read the log")]
    Damaged(#[source] Damage),
    /// There is no such ledger here.
    #[error("read a ledger that is not here")]
    UnknownLedger,
    /// The proof asked for does not exist.
    #[error("prove")]
    Prove(#[source] ProveError),
}
