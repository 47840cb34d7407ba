//! Frames of a link, typed: what [`v1::Frame`] says with strings and bytes, said with names, labels and
//! parts. A frame that cannot be read is an error that names the field; the link answers it with `Bye`.

mod read;
mod write;

use std::ops::Range;

use record::{HallId, Hash, Leaf, LedgerName, Parts};
use thiserror::Error;

use crate::v1;

/// Most heads in one `Heads` frame.
pub const HEADS_MAX: usize = 1_000;
/// Most ranges in one `Want` frame.
pub const WANT_RANGES_MAX: usize = 256;
/// Buckets of heads in a `Hello`.
pub const BUCKETS: usize = 256;
/// Most hashes in a consistency proof; 2^63 entries need fewer.
pub const PROOF_HASHES_MAX: usize = 128;
/// Most halls named in `Carries`.
pub const CARRIES_HALLS_MAX: usize = 4_096;
/// Longest signed note taken from a peer, in bytes.
pub const NOTE_BYTES_MAX: usize = 4_096;

/// One frame of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Greeting.
    Hello(Hello),
    /// Heads of ledgers whose buckets differ.
    Heads(Heads),
    /// Entries of one ledger that end on a seal. Data: costs credit.
    Batch(Batch),
    /// Parts that come later. Data: costs credit.
    Fill(Fill),
    /// Parts that the sender may have and lacks.
    Want(Want),
    /// What became of a want; sent after its fills.
    WantAnswer(WantAnswer),
    /// What the sender holds durably.
    Durable(Durable),
    /// Evidence on its way to the origin.
    Receipt(SignedReceipt),
    /// Question after a proof.
    Prove(Prove),
    /// Its answer.
    Proof(Proof),
    /// More bytes of data may be sent.
    Credit(u64),
    /// A ledger waits or is frozen at the sender.
    Held(Held),
    /// The sender closes the link; a stable word says why.
    Bye(String),
}

/// Greeting: versions, limits, clock, log id, what is carried, digests of the heads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// Protocol versions spoken, highest first.
    pub versions: Vec<u32>,
    /// Largest record taken, in bytes.
    pub record_bytes: u64,
    /// Bytes of data that may be sent at first.
    pub credit_bytes: u64,
    /// The sender's clock, milliseconds since 1970 UTC.
    pub clock_ms: i64,
    /// Id of the sender's log.
    pub log_id: [u8; 16],
    /// What the sender carries.
    pub carries: Carries,
    /// Digests of the sender's heads, one per bucket.
    pub buckets: Box<[[u8; 8]; BUCKETS]>,
}

/// What a side carries on a link; acts always, private never.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carries {
    /// Every ledger.
    Everything,
    /// All acts, and the records of these halls.
    Halls(Vec<HallId>),
}

/// Heads of ledgers, at most [`HEADS_MAX`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heads {
    /// The heads.
    pub heads: Vec<LedgerHead>,
    /// No more of this greeting follow.
    pub last: bool,
}

/// How far the sender is in one ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerHead {
    /// Ledger.
    pub ledger: LedgerName,
    /// Size in entries.
    pub size: u64,
    /// Root at that size.
    pub root: Hash,
}

/// Entries of one ledger; the seal's size is `first + entries.len()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Ledger.
    pub ledger: LedgerName,
    /// Index of the first entry.
    pub first: u64,
    /// The entries; a whole entry's leaf has been computed from its parts when it is read.
    pub entries: Vec<(Leaf, Parts)>,
    /// The seal as a C2SP signed note, not verified yet.
    pub seal: String,
}

/// Parts of entries whose leaves the receiver holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fill {
    /// Ledger.
    pub ledger: LedgerName,
    /// Index and parts.
    pub entries: Vec<(u64, Parts)>,
}

/// Parts that the sender may have and lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    /// Number that the answer repeats.
    pub id: u64,
    /// Ledger.
    pub ledger: LedgerName,
    /// Indices, at most [`WANT_RANGES_MAX`] ranges.
    pub ranges: Vec<Range<u64>>,
}

/// What became of a want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantAnswer {
    /// The want's number.
    pub id: u64,
    /// Ledger.
    pub ledger: LedgerName,
    /// Entries sent as fills.
    pub sent: u64,
    /// Entries that the answering hall may not or cannot hand over now.
    pub refused: u64,
}

/// The sender's durable size of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Durable {
    /// Ledger.
    pub ledger: LedgerName,
    /// Size in entries.
    pub size: u64,
}

/// A receipt as it travels; the ledger crate reads and verifies it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedReceipt {
    /// Who holds.
    pub holder: HallId,
    /// Ledger.
    pub ledger: LedgerName,
    /// Size in entries.
    pub size: u64,
    /// The seal with the holder's cosignature.
    pub cosigned_seal: String,
    /// The holding note.
    pub holding_note: String,
}

/// Question after a consistency proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prove {
    /// Ledger.
    pub ledger: LedgerName,
    /// Size of the asking side.
    pub old_size: u64,
    /// Size of the seal in doubt.
    pub new_size: u64,
}

/// Its answer, from the tree of the answering side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Ledger.
    pub ledger: LedgerName,
    /// Size of the asking side.
    pub old_size: u64,
    /// Size of the seal in doubt.
    pub new_size: u64,
    /// Root at the smaller of both sizes in the answering side's tree.
    pub old_root: Hash,
    /// The answering side's stored seal at `new_size`, when it has one.
    pub new_seal: Option<String>,
    /// RFC 6962 consistency proof between both sizes.
    pub consistency: Vec<Hash>,
}

/// A ledger waits or is frozen at the sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Ledger.
    pub ledger: LedgerName,
    /// Why.
    pub reason: HeldReason,
}

/// Why a ledger is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeldReason {
    /// The hall is not in the directory as known here.
    UnknownHall,
    /// The seal's key is not approved as known here.
    UnknownKey,
    /// Over a limit.
    OverLimit,
    /// The ledger is forked.
    Frozen,
    /// Not a ledger that this hall carries.
    NotCarried,
}

impl HeldReason {
    /// The stable word for status and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnknownHall => "unknown-hall",
            Self::UnknownKey => "unknown-key",
            Self::OverLimit => "over-limit",
            Self::Frozen => "frozen",
            Self::NotCarried => "not-carried",
        }
    }
}

impl Frame {
    /// Bytes that this frame costs of the receiver's credit; control costs nothing.
    pub fn cost(&self) -> u64 {
        /// What an entry weighs beyond its parts, about.
        const ENTRY: u64 = 128;
        let weigh = |parts: &Parts| ENTRY + u64::try_from(parts.len_bytes()).unwrap_or(u64::MAX);
        match self {
            Self::Batch(batch) => batch.entries.iter().map(|(_, parts)| weigh(parts)).sum(),
            Self::Fill(fill) => fill.entries.iter().map(|(_, parts)| weigh(parts)).sum(),
            Self::Hello(_)
            | Self::Heads(_)
            | Self::Want(_)
            | Self::WantAnswer(_)
            | Self::Durable(_)
            | Self::Receipt(_)
            | Self::Prove(_)
            | Self::Proof(_)
            | Self::Credit(_)
            | Self::Held(_)
            | Self::Bye(_) => 0,
        }
    }
}

/// Why a frame could not be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("frame field {field}: {what}")]
pub struct FrameError {
    /// Path of the field.
    pub field: &'static str,
    /// What is wrong with it.
    pub what: String,
}

impl TryFrom<v1::Frame> for Frame {
    type Error = FrameError;

    fn try_from(frame: v1::Frame) -> Result<Self, FrameError> {
        read::frame(frame)
    }
}

impl From<Frame> for v1::Frame {
    fn from(frame: Frame) -> Self {
        write::frame(frame)
    }
}

#[cfg(test)]
mod tests;
