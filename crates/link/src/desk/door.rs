//! Before the one door: is this batch what its ledger's hall signed, as far as that can be known?
//!
//! Leaves of whole entries were computed when the frame was read; whether the leaves give the seal's
//! root is for the store, which has the tree. Here the seal is read, fits the batch, and is signed by
//! the key that the acts give for its size. A key that the acts do not know yet is no damage: the
//! ledger waits for acts.

use ledger::{Outcome, PeerEntries, PeerFill, Refusal, Seal, VerifySealError};
use policy::{Acts, KeyVerdict};
use record::{HallId, LedgerName, PartSet};
use thiserror::Error;
use wire::frame::{Batch, Fill, HeldReason};

use crate::machine::{Head, Taken};

/// Why a batch does not come before the door.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SealDoubt {
    /// It cannot be judged yet.
    #[error("seal waits: {}", .0.as_str())]
    Held(HeldReason),
    /// It is wrong whatever the acts will say.
    #[error("seal is damaged: {0}")]
    Damaged(String),
}

/// Reads a seal and checks it with the key that is valid at its size.
pub fn seal(acts: &Acts, ledger: &LedgerName, note: &str) -> Result<Seal, SealDoubt> {
    let seal = Seal::parse(note).map_err(|error| SealDoubt::Damaged(error.to_string()))?;
    if seal.ledger != *ledger {
        return Err(SealDoubt::Damaged("the seal is of another ledger".to_owned()));
    }
    let key = match acts.key_for(ledger, seal.size) {
        KeyVerdict::Key(key) => key,
        KeyVerdict::UnknownHall => return Err(SealDoubt::Held(HeldReason::UnknownHall)),
        KeyVerdict::UnknownKey | KeyVerdict::Pinned { .. } | KeyVerdict::Revoked => {
            return Err(SealDoubt::Held(HeldReason::UnknownKey));
        }
    };
    match seal.verify(&key) {
        Ok(()) => Ok(seal),
        // Perhaps a key change that has not reached us: the acts will tell.
        Err(VerifySealError::OtherKey) => Err(SealDoubt::Held(HeldReason::UnknownKey)),
        Err(error @ VerifySealError::Signature) => Err(SealDoubt::Damaged(error.to_string())),
    }
}

/// A batch, verified up to its root, as the store takes it.
pub fn batch(acts: &Acts, via: &HallId, batch: Batch) -> Result<PeerEntries, SealDoubt> {
    let seal = seal(acts, &batch.ledger, &batch.seal)?;
    let count = u64::try_from(batch.entries.len()).ok();
    if count.and_then(|count| batch.first.checked_add(count)) != Some(seal.size) {
        return Err(SealDoubt::Damaged("the batch does not end on its seal".to_owned()));
    }
    Ok(PeerEntries {
        ledger: batch.ledger,
        first: batch.first,
        entries: batch.entries,
        seal,
        via: via.clone(),
    })
}

/// A fill as the store takes it; the store checks each entry against its leaf.
pub fn fill(via: &HallId, fill: Fill) -> PeerFill {
    PeerFill { ledger: fill.ledger, entries: fill.entries, via: via.clone() }
}

/// A doubt, as the machine hears it.
pub fn refused(doubt: SealDoubt) -> Taken {
    match doubt {
        SealDoubt::Held(reason) => Taken::Held(reason),
        SealDoubt::Damaged(what) => Taken::Damaged { what },
    }
}

/// What the store answered to a batch, as the machine hears it; `head` is the ledger's head now.
pub fn taken(outcome: Outcome, head: Head) -> Taken {
    match outcome {
        Outcome::Extended { fills, .. } => Taken::Durable { head, fills },
        Outcome::Gap { .. } => Taken::Gap { head },
        Outcome::Diverges { .. } => Taken::Diverges { head },
        Outcome::Refused(Refusal::NoSpace | Refusal::Damaged | Refusal::CommitFull) => {
            Taken::Held(HeldReason::OverLimit)
        }
        other @ (Outcome::Appended { .. }
        | Outcome::Repeated { .. }
        | Outcome::OtherBytes { .. }
        | Outcome::Stale { .. }
        | Outcome::UnknownRecord
        | Outcome::NaturalKeyTaken { .. }
        | Outcome::Behind(_)
        | Outcome::WrongGeneration
        | Outcome::Filled { .. }
        | Outcome::Logged
        | Outcome::Rotated { .. }
        | Outcome::Opened { .. }
        | Outcome::Refused(_)) => {
            Taken::Damaged { what: format!("the door answered {other:?} to a batch") }
        }
    }
}

/// What the store answered to a fill of so many entries: what was new, how many did not fit.
pub fn took_fill(outcome: Outcome, sent: u64) -> (Vec<(u64, PartSet)>, u64) {
    match outcome {
        Outcome::Filled { new, refused } => (new, refused),
        Outcome::Appended { .. }
        | Outcome::Repeated { .. }
        | Outcome::OtherBytes { .. }
        | Outcome::Stale { .. }
        | Outcome::UnknownRecord
        | Outcome::NaturalKeyTaken { .. }
        | Outcome::Behind(_)
        | Outcome::WrongGeneration
        | Outcome::Extended { .. }
        | Outcome::Gap { .. }
        | Outcome::Diverges { .. }
        | Outcome::Logged
        | Outcome::Rotated { .. }
        | Outcome::Opened { .. }
        | Outcome::Refused(_) => (Vec::new(), sent),
    }
}
