//! What became of one [`Append`](crate::Append). Every outcome is final and durable when the commit
//! answers; a refusal wrote nothing.

use record::{Class, Hash, Lane, LedgerName, PartSet};
use thiserror::Error;

/// What became of one append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A new entry.
    Appended {
        /// Where.
        ledger: LedgerName,
        /// At which index.
        index: u64,
    },
    /// The same message with the same bytes is there already: the same acknowledgement.
    Repeated {
        /// Where.
        ledger: LedgerName,
        /// At which index.
        index: u64,
    },
    /// The message id is taken by other bytes.
    OtherBytes {
        /// Where the first bytes are.
        ledger: LedgerName,
        /// At which index.
        index: u64,
    },
    /// It replaces a revision that is not the latest.
    Stale {
        /// The latest.
        latest: u32,
    },
    /// It replaces a revision of a record nobody has submitted.
    UnknownRecord,
    /// Another record has the natural key; it needs an ordinal or a person.
    NaturalKeyTaken {
        /// Where the other is.
        ledger: LedgerName,
        /// At which index.
        index: u64,
    },
    /// What was to stand right behind it did not pass, so neither entered.
    Behind(Box<Self>),
    /// Not a ledger this hall writes now.
    WrongGeneration,
    /// Peer entries: everything up to the seal is here.
    Extended {
        /// Size of the ledger now.
        size: u64,
        /// Parts we lacked below the old size, now held.
        fills: Vec<(u64, PartSet)>,
    },
    /// Peer entries begin beyond what we hold.
    Gap {
        /// Size of the ledger here.
        size: u64,
    },
    /// Peer entries contradict what we hold; `Prove` tells whose fault it is.
    Diverges {
        /// The index with another leaf, or the size whose root is not the seal's.
        at: u64,
    },
    /// A fill: what was new, and how many entries did not fit their leaf.
    Filled {
        /// Parts now held.
        new: Vec<(u64, PartSet)>,
        /// Entries without a leaf here, or with another commitment.
        refused: u64,
    },
    /// A receipt is in the log.
    Logged,
    /// The key has changed.
    Rotated {
        /// The ledger of the act.
        ledger: LedgerName,
        /// Index of the act.
        index: u64,
        /// Per open ledger the size beyond which the new key seals.
        from: Vec<(LedgerName, u64)>,
    },
    /// A generation is open.
    Opened {
        /// Its name; the continuation is entry 0.
        ledger: LedgerName,
        /// The lane.
        lane: Lane,
        /// Root over entry 0.
        root: Hash,
    },
    /// Nothing was written.
    Refused(Refusal),
}

/// Why the store did not even try.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// The disk is full up to the reserve, which is for acts, fills, receipts and links.
    #[error("no space beyond the reserve")]
    NoSpace,
    /// The log is damaged: reads go on, writing waits for a recovery.
    #[error("the log is damaged, see the report of its opening")]
    Damaged,
    /// More entries or bytes than one commit holds.
    #[error("more than one commit holds")]
    CommitFull,
    /// A batch whose seal is of another ledger or size.
    #[error("the seal is not the one this batch ends on")]
    SealMismatch,
    /// A peer brought entries of the generation this hall is writing.
    #[error("a peer cannot extend a ledger this hall is writing")]
    OwnLedger,
    /// A rotation that is not the last of its commit.
    #[error("a key change must be the last of its commit")]
    NotLast,
    /// The act of a rotation or generation could not be built or belongs elsewhere.
    #[error("the act does not belong to this ledger")]
    BadAct,
    /// The signer did not sign, and this needs a seal.
    #[error("the signer did not answer")]
    Unsigned,
}

impl Refusal {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        match self {
            Self::NoSpace | Self::CommitFull => Class::Exhausted,
            Self::Damaged => Class::Corrupt,
            Self::SealMismatch | Self::OwnLedger | Self::NotLast | Self::BadAct => Class::Invalid,
            Self::Unsigned => Class::Unavailable,
        }
    }
}
