//! What enters the ledger, through its one door: own entries, a peer's entries, fills, receipts,
//! a new key, a new generation.
//!
//! Hashing happens where these values are built, before the writer: [`OwnEntry::new`] commits to its
//! parts, a [`PeerEntries`] has been verified against its seal by whoever made it. The writer only
//! compares, extends trees and writes. Nothing here knows what the bytes mean.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use record::{
    HallId, Hash, Label, Lane, Leaf, LedgerName, Parts, PartsError, RECORD_BYTES_MAX, Salt,
};

use crate::receipt::Receipt;
use crate::seal::Seal;
use crate::signer::Signer;

/// One thing to append; a commit takes many.
#[derive(Debug)]
pub enum Append {
    /// An entry this hall writes.
    Own(OwnEntry),
    /// Entries of another hall's ledger, ending on a seal.
    Peer(PeerEntries),
    /// Parts that came later than their leaves.
    Fill(PeerFill),
    /// Another hall's receipt for a ledger of ours; the origin logs it.
    Receipt(Receipt),
    /// Another log key from here on.
    Rotate(RotateKey),
    /// The next generation of a lane.
    NextGeneration(NextGeneration),
}

/// An entry of this hall, hashed and ready.
#[derive(Clone, Debug)]
pub struct OwnEntry {
    /// The ledger; must be the current generation of its lane.
    pub ledger: LedgerName,
    /// The parts with their salts, all present.
    pub parts: Parts,
    /// Label and commitment.
    pub leaf: Leaf,
    /// What the register must hold against it.
    pub claims: Claims,
    /// Enters with it, in the same group and right behind it, or neither enters.
    pub behind: Option<Box<OwnEntry>>,
}

impl OwnEntry {
    /// Salts, hashes and wraps the parts of a record.
    ///
    /// ```
    /// use ledger::{Claims, OwnEntry};
    /// use record::{AudienceNumber, Label, Salt, SharingClass};
    /// let ledger = "jilin.example/hallway/220100/records/1".parse().unwrap();
    /// let label = Label { class: SharingClass::Open, audience: AudienceNumber(0) };
    /// let parts = vec!["head".into(), "open".into()];
    /// let entry = OwnEntry::new(ledger, label, Salt([7; 32]), parts, Claims::none()).unwrap();
    /// assert_eq!(entry.parts.count(), Some(2));
    /// ```
    pub fn new(
        ledger: LedgerName,
        label: Label,
        salt: Salt,
        parts: Vec<Bytes>,
        claims: Claims,
    ) -> Result<Self, PartsError> {
        let parts = Parts::seal_up(&salt, parts)?;
        let commitment = parts.commitment(&ledger).ok_or(PartsError::Count { count: 0 })?;
        Ok(Self { leaf: Leaf { label, commitment }, ledger, parts, claims, behind: None })
    }

    /// The same with another entry of its ledger right behind it: one group holds both, or neither
    /// enters. Only one can follow; what stood behind `next` is not taken along.
    #[must_use]
    pub fn followed_by(self, next: Self) -> Self {
        Self { behind: Some(Box::new(Self { behind: None, ..next })), ..self }
    }

    /// Bytes that count against the limits of a commit.
    pub fn weight(&self) -> usize {
        let own = self.parts.len_bytes().min(RECORD_BYTES_MAX) + ENTRY_OVERHEAD;
        own + self.behind.as_ref().map_or(0, |behind| behind.weight())
    }
}

/// What an own entry claims in the register. Each claim is kept as a keyed fingerprint of 16 bytes,
/// never as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// (submitter, message id, hash of the submission): at most one entry per submitter and id.
    pub message: Option<(String, String, Hash)>,
    /// The record this is a revision of.
    pub record: Option<RecordClaim>,
    /// Canonical text of the natural key (自然键), its ordinal included.
    pub natural_key: Option<String>,
}

impl Claims {
    /// Nothing to register, as for audit entries.
    pub fn none() -> Self {
        Self::default()
    }
}

/// The chain of revisions of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordClaim {
    /// The record's id.
    pub record_id: String,
    /// The revision it replaces; none for the first.
    pub replaces: Option<u32>,
    /// Its own revision, above the replaced one.
    pub revision: u32,
}

/// A batch of another hall's ledger. Signature, root's signer and commitments have been verified by
/// whoever built it; the store compares leaves and root with what it holds.
#[derive(Clone, Debug)]
pub struct PeerEntries {
    /// Whose entries.
    pub ledger: LedgerName,
    /// Index of the first.
    pub first: u64,
    /// Leaves with what came of their parts, at most `COMMIT_ENTRIES_MAX`.
    pub entries: Vec<(Leaf, Parts)>,
    /// The seal they end on: its size is `first` + entries.
    pub seal: Seal,
    /// The link they came by.
    pub via: HallId,
}

impl PeerEntries {
    /// Bytes that count against the limits of a commit.
    pub fn weight(&self) -> usize {
        let entry = |(_, parts): &(Leaf, Parts)| parts.len_bytes() + ENTRY_OVERHEAD;
        self.entries.iter().map(entry).sum::<usize>() + self.seal.note().len()
    }
}

/// Parts for leaves that are here already. The store checks each against its leaf.
#[derive(Clone, Debug)]
pub struct PeerFill {
    /// Whose entries.
    pub ledger: LedgerName,
    /// Index and parts, at most `COMMIT_ENTRIES_MAX`.
    pub entries: Vec<(u64, Parts)>,
    /// The link they came by.
    pub via: HallId,
}

impl PeerFill {
    /// Bytes that count against the limits of a commit.
    pub fn weight(&self) -> usize {
        let entry = |(_, parts): &(u64, Parts)| parts.len_bytes() + ENTRY_OVERHEAD;
        self.entries.iter().map(entry).sum()
    }
}

/// Writes the `KeyChange` act once the sizes are known: (open ledger, size beyond which the new key
/// seals), the act itself included in the size of `acts`.
pub type KeyChangeAct =
    Box<dyn FnOnce(&[(LedgerName, u64)]) -> Result<OwnEntry, PartsError> + Send>;

/// A change of the log key. The act is appended and everything up to it sealed under the old key;
/// beyond that the new one seals. It is the last thing of its commit.
pub struct RotateKey {
    /// The key to come.
    pub signer: Arc<dyn Signer>,
    /// Builds the act.
    pub act: KeyChangeAct,
}

impl fmt::Debug for RotateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RotateKey").finish_non_exhaustive()
    }
}

/// What the next generation follows, as this hall's own log has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The ledger about to be opened.
    pub ledger: LedgerName,
    /// The generation before it.
    pub previous: LedgerName,
    /// Entries it has here.
    pub size: u64,
    /// Its root here.
    pub root: Hash,
}

/// Writes entry 0 of a generation, the `Continuation`; it may name a larger size than ours, when
/// peers hold more.
pub type ContinuationAct = Box<dyn FnOnce(&Opening) -> Result<OwnEntry, PartsError> + Send>;

/// Opens the next generation of a lane; the one before it is never written again.
pub struct NextGeneration {
    /// The lane.
    pub lane: Lane,
    /// Builds entry 0.
    pub continuation: ContinuationAct,
}

impl fmt::Debug for NextGeneration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NextGeneration").field("lane", &self.lane).finish_non_exhaustive()
    }
}

/// What an entry costs beside its parts: leaf, salts, fingerprints, frame.
pub(crate) const ENTRY_OVERHEAD: usize = 256;
