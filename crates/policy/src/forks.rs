//! Which ledgers are frozen, which have ended, and which continuations count.
//!
//! A fork is proven or not claimed: a ledger is frozen exactly while a `ForkProof` that verifies is
//! known and no `Continuation` that counts ends it. Whether a proof verifies can hang on keys that
//! come later, so the verdict is never stored with the act: proofs are judged anew, by the
//! [`ForkVerifier`], whenever keys or proofs move.
//!
//! Of a forked ledger every continuation leaves out something its hall has sealed. So it counts only
//! when the root hall pins the same size and root: nobody disowns alone what it acknowledged.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use record::{Continuation, ForkProof, Hash, LedgerName};

use crate::acts::{Acts, following};
use crate::keys::KeyVerdict;

/// Judges a fork proof by itself: two seals, each signed by the key that `keys` gives for its ledger
/// and size, that no one tree has. Pure: same proof and keys, same answer.
pub type ForkVerifier =
    fn(proof: &ForkProof, keys: &dyn Fn(&LedgerName, u64) -> KeyVerdict) -> bool;

/// Most fork proofs of one acts ledger that are looked at, oldest first; each costs two signatures.
pub const FORK_PROOFS_PER_LEDGER_MAX: usize = 16;

/// How a ledger stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It grows.
    Open,
    /// It forked and no continuation that counts is known.
    Frozen {
        /// The acts ledger that has the proof.
        proven_in: LedgerName,
        /// Where in it.
        index: u64,
    },
    /// The next generation continues it; beyond this size it has no entries.
    Ended {
        /// The ledger that goes on.
        next: LedgerName,
        /// Its final size.
        size: u64,
        /// Its root at that size.
        root: Hash,
    },
}

/// Whether a new generation may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Yes.
    Accepted,
    /// It does not name the generation before its own.
    Misplaced,
    /// The ledger it continues is not known here yet: Held.
    UnknownPrevious,
    /// It leaves out what was sealed, or differs from the root hall's pin: Held until a pin agrees.
    NeedsPin,
}

/// The forks that are proven.
#[derive(Debug)]
pub(crate) struct Forks {
    proven: BTreeMap<LedgerName, (LedgerName, u64)>,
    pub(crate) unproven: u64,
}

impl Forks {
    pub(crate) fn read(acts: &Acts) -> Self {
        let mut forks = Self { proven: BTreeMap::new(), unproven: 0 };
        for (ledger, sheet) in acts.sheets() {
            for (looked, (index, proof)) in sheet.forks.iter().enumerate() {
                if forks.proven.contains_key(&proof.ledger) {
                    continue;
                }
                let few = looked < FORK_PROOFS_PER_LEDGER_MAX;
                if few && acts.proves(proof) {
                    forks.proven.insert(proof.ledger.clone(), (ledger.clone(), *index));
                } else {
                    forks.unproven += 1;
                }
            }
        }
        forks
    }
}

impl Acts {
    /// Whether a proof proves a fork by the keys that these acts give.
    pub fn proves(&self, proof: &ForkProof) -> bool {
        (self.anchor().verifier)(proof, &|ledger, size| self.sealing_key(ledger, size))
    }

    /// How a ledger stands, as far as acts and continuations tell.
    pub fn standing(&self, ledger: &LedgerName) -> Standing {
        if let Some(next) = following(ledger)
            && let Some(continuation) = self.continuation(&next)
            && self.counts(&next, continuation)
        {
            let (size, root) = (continuation.previous_size, continuation.previous_root);
            return Standing::Ended { next, size, root };
        }
        match self.forks().proven.get(ledger) {
            Some((proven_in, index)) => {
                Standing::Frozen { proven_in: proven_in.clone(), index: *index }
            }
            None => Standing::Open,
        }
    }

    /// Whether the ledger is frozen.
    pub fn is_frozen(&self, ledger: &LedgerName) -> bool {
        matches!(self.standing(ledger), Standing::Frozen { .. })
    }

    /// Every frozen ledger.
    pub fn frozen(&self) -> Vec<LedgerName> {
        self.forks().proven.keys().filter(|ledger| self.is_frozen(ledger)).cloned().collect()
    }

    /// Whether `next`, whose entry 0 is this continuation, may be taken by a hall that holds
    /// `held` (size and root) of the ledger before it.
    pub fn admits(
        &self,
        next: &LedgerName,
        continuation: &Continuation,
        held: Option<(u64, Hash)>,
    ) -> Admission {
        if following(&continuation.previous_ledger).as_ref() != Some(next) {
            return Admission::Misplaced;
        }
        if self.vouched(next, continuation) {
            return Admission::Accepted;
        }
        let (size, root) = (continuation.previous_size, continuation.previous_root);
        match held {
            None => Admission::UnknownPrevious,
            Some(held) if held.0 > size || (held.0 == size && held.1 != root) => {
                Admission::NeedsPin
            }
            Some(_) if self.counts(next, continuation) => Admission::Accepted,
            Some(_) => Admission::NeedsPin,
        }
    }

    /// Whether a continuation that was taken here ends the ledger it names.
    fn counts(&self, next: &LedgerName, continuation: &Continuation) -> bool {
        let previous = &continuation.previous_ledger;
        let undisputed =
            self.pin(previous).is_none() && !self.forks().proven.contains_key(previous);
        undisputed || self.vouched(next, continuation)
    }

    /// Whether the root hall pins what the continuation says, or operators configured the ledger.
    fn vouched(&self, next: &LedgerName, continuation: &Continuation) -> bool {
        let pinned = self.pin(&continuation.previous_ledger).is_some_and(|pin| {
            pin.size == continuation.previous_size && pin.root == continuation.previous_root
        });
        pinned || next == self.root_ledger()
    }
}
