//! Reading what is durable: entries, batches, proofs, holdings, the log in its own order.
//!
//! A reader is cheap to clone and safe on any thread; its calls read the disk, so asynchronous
//! callers put them on a blocking thread. The newest groups come from memory. Bytes from the disk are
//! checked against their commitment before anybody sees them.

mod batch;
mod follow;
mod holding;
mod nodes;

use std::sync::Arc;

use record::{Class, HallId, Hash, Lane, Leaf, LedgerName, PartSet, Parts, Timestamp};
use thiserror::Error;

use crate::catalog::Ledger;
use crate::disk::Disk;
use crate::frame::{Body, Span};
use crate::proof::{self, ProveError};
use crate::receipt::Receipt;
use crate::register;
use crate::seal::Seal;
use crate::shared::{Shared, damaged};
use crate::store::Damage;
use crate::tiles::Tile;

pub(crate) use holding::MaskCache;
use nodes::LedgerNodes;
pub(crate) use nodes::root_at;

/// The reading end of a hall's log.
pub struct Reader<D: Disk> {
    shared: Arc<Shared<D>>,
}

impl<D: Disk> Clone for Reader<D> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
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
    pub(crate) fn new(shared: Arc<Shared<D>>) -> Self {
        Self { shared }
    }

    /// The ledger this hall writes in a lane.
    pub fn own_ledger(&self, lane: Lane) -> LedgerName {
        self.shared.own_ledger(lane)
    }

    /// Every ledger here, by name.
    pub fn heads(&self) -> Vec<(LedgerName, Head)> {
        let catalog = self.shared.read();
        catalog.ledgers.iter().map(|(name, ledger)| (name.clone(), Head::of(ledger))).collect()
    }

    /// One ledger's head.
    pub fn head(&self, ledger: &LedgerName) -> Option<Head> {
        self.shared.ledger(ledger, Head::of)
    }

    /// An entry with everything held of it.
    pub fn entry(&self, ledger: &LedgerName, index: u64) -> Result<Option<Stored>, ReadError> {
        self.shared.entry(ledger, index)
    }

    /// An entry's leaf.
    pub fn leaf(&self, ledger: &LedgerName, index: u64) -> Result<Option<Leaf>, ReadError> {
        self.shared.leaf(ledger, index)
    }

    /// The newest seal of a ledger.
    pub fn latest_seal(&self, ledger: &LedgerName) -> Option<Seal> {
        self.shared.ledger(ledger, |state| state.seal.as_deref().cloned()).flatten()
    }

    /// The stored seal at exactly this size.
    pub fn seal_at(&self, ledger: &LedgerName, size: u64) -> Result<Option<Seal>, ReadError> {
        Ok(self.seal_from(ledger, size)?.filter(|seal| seal.size == size))
    }

    /// The first stored seal that covers an index: the smallest with size > `index`.
    pub fn seal_covering(
        &self,
        ledger: &LedgerName,
        index: u64,
    ) -> Result<Option<Seal>, ReadError> {
        self.seal_from(ledger, index.saturating_add(1))
    }

    fn seal_from(&self, ledger: &LedgerName, size: u64) -> Result<Option<Seal>, ReadError> {
        match self.shared.seal_from(ledger, size)? {
            Some((segment, row)) => self.seal_in(segment, row.span).map(Some),
            None => Ok(None),
        }
    }

    fn seal_in(&self, segment: u64, span: Span) -> Result<Seal, ReadError> {
        match Body::alone(self.shared.frame(segment, span)?.0) {
            Some(Body::Seal { note, .. }) => Seal::parse(&note)
                .map_err(|_| damaged(segment, span, "not the seal that was written here")),
            Some(_) | None => Err(damaged(segment, span, "not the seal that was written here")),
        }
    }

    /// The root of the first `size` entries.
    pub fn root(&self, ledger: &LedgerName, size: u64) -> Result<Hash, ReadError> {
        root_at(&self.shared, ledger, size)
    }

    /// Proof that entry `index` is in the tree of `size` entries.
    pub fn inclusion(
        &self,
        ledger: &LedgerName,
        index: u64,
        size: u64,
    ) -> Result<Vec<Hash>, ReadError> {
        let nodes = LedgerNodes::new(&self.shared, ledger)?;
        let proof = proof::inclusion_proof(&nodes, index, size);
        nodes.answer(proof)
    }

    /// Proof that the tree of `new` entries extends the one of `old`.
    pub fn consistency(
        &self,
        ledger: &LedgerName,
        old: u64,
        new: u64,
    ) -> Result<Vec<Hash>, ReadError> {
        let nodes = LedgerNodes::new(&self.shared, ledger)?;
        let proof = proof::consistency_proof(&nodes, old, new);
        nodes.answer(proof)
    }

    /// The bytes of a C2SP tile; none when the ledger does not reach that far.
    pub fn tile(
        &self,
        ledger: &LedgerName,
        level: u8,
        index: u64,
        width: u16,
    ) -> Result<Option<Vec<u8>>, ReadError> {
        let nodes = LedgerNodes::new(&self.shared, ledger)?;
        let bytes = Tile::new(level, index, width).and_then(|tile| tile.bytes(&nodes).ok());
        nodes.answer(Ok(bytes))
    }

    /// Where the latest revision of a record is.
    pub fn place(&self, record_id: &str) -> Result<Option<Place>, ReadError> {
        let identity = Arc::clone(&self.shared.read().identity);
        let fingerprint = register::record(&identity.fingerprint_key, record_id);
        let Some(value) = self.shared.claim(&fingerprint)? else { return Ok(None) };
        let (ledger, index) = value.entry(&identity.domain, &identity.hall);
        let revision = u32::try_from(value.extra).unwrap_or(u32::MAX);
        Ok(Some(Place { ledger, index, revision }))
    }

    /// The newest receipt per (holder, ledger) logged here.
    pub fn receipts(&self) -> Result<Vec<Receipt>, ReadError> {
        let places: Vec<_> = self.shared.read().receipts.values().cloned().collect();
        let receipt = |place: &crate::segment::ReceiptPlace| {
            let span = Span { offset: place.offset, len: place.len };
            let wrong = || damaged(place.segment, span, "not the receipt that was written here");
            match Body::alone(self.shared.frame(place.segment, span)?.0) {
                Some(Body::Receipt { cosigned_seal, holding_note }) => {
                    Receipt::parse(&cosigned_seal, &holding_note).map_err(|_| wrong())
                }
                Some(_) | None => Err(wrong()),
            }
        };
        places.iter().map(receipt).collect()
    }

    /// The log's id.
    pub fn log_id(&self) -> [u8; 16] {
        self.shared.read().identity.log_id
    }

    /// How far the log is durable.
    pub fn durable(&self) -> Durable {
        self.shared.durable()
    }

    /// Since when submissions are refused because the disk is full up to its reserve; none while
    /// there is room.
    pub fn full_since(&self) -> Option<Timestamp> {
        self.shared.read().full_since
    }
}

impl Head {
    fn of(ledger: &Ledger) -> Self {
        Self {
            size: ledger.size(),
            root: ledger.root,
            stubs: ledger.stubs(),
            sealed_at: ledger.sealed_at,
        }
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

impl ReadError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        match self {
            Self::Disk(_) => Class::Internal,
            Self::Damaged(_) => Class::Corrupt,
            Self::UnknownLedger => Class::NotFound,
            Self::Prove(error) => error.class(),
        }
    }
}
