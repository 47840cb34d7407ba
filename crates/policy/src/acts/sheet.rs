//! The acts of one ledger by index, sorted by what they are.
//!
//! A sheet depends on its own ledger alone, so sheets commute: the order in which ledgers arrive
//! cannot matter. Acts sit at their index rather than in order of arrival, so an act that came late,
//! as a fill, takes its right place too.

use std::collections::BTreeMap;
use std::sync::Arc;

use record::{
    Act, Audience, AudienceNumber, Continuation, ForkProof, Generation, Handover, KeyChange, Lane,
    LedgerName, Member, Ruling,
};

use super::{Anchor, Ignored};
use crate::vkey::{LOG_ALGORITHM, Vkey};

/// Most entries of one ledger that are read as acts; beyond it a new generation is due.
pub const ACTS_PER_LEDGER_MAX: u64 = 1 << 20;

/// What became of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It counts, unless acts of another ledger say otherwise.
    Counted,
    /// It stands where it has no effect.
    Ignored(Ignored),
    /// This index was applied before.
    Repeated,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sheet {
    pub(super) seen: BTreeMap<u64, Option<Ignored>>,
    pub(crate) members: BTreeMap<u64, Arc<Member>>,
    pub(crate) key_changes: BTreeMap<u64, Arc<KeyChange>>,
    pub(super) audiences: BTreeMap<AudienceNumber, BTreeMap<u64, Arc<Audience>>>,
    pub(crate) continuation: Option<Arc<Continuation>>,
    pub(crate) forks: BTreeMap<u64, Arc<ForkProof>>,
    pub(crate) rulings: BTreeMap<u64, Arc<Ruling>>,
    pub(crate) handovers: BTreeMap<u64, Arc<Handover>>,
}

impl Sheet {
    pub(super) fn apply(
        &mut self,
        anchor: &Anchor,
        ledger: &LedgerName,
        index: u64,
        act: &Act,
    ) -> Applied {
        if index >= ACTS_PER_LEDGER_MAX {
            return Applied::Ignored(Ignored::BeyondLimit);
        }
        if self.seen.contains_key(&index) {
            return Applied::Repeated;
        }
        let ignored = misplaced(anchor, ledger, index, act);
        self.seen.insert(index, ignored);
        match ignored {
            Some(reason) => Applied::Ignored(reason),
            None => {
                self.enter(index, act);
                Applied::Counted
            }
        }
    }

    fn enter(&mut self, index: u64, act: &Act) {
        match act {
            Act::Member(member) => {
                self.members.insert(index, Arc::new(member.clone()));
            }
            Act::KeyChange(change) => {
                self.key_changes.insert(index, Arc::new(change.clone()));
            }
            Act::Audience(audience) => {
                let revisions = self.audiences.entry(audience.number).or_default();
                revisions.insert(index, Arc::new(audience.clone()));
            }
            Act::Continuation(continuation) => {
                self.continuation = Some(Arc::new(continuation.clone()));
            }
            Act::ForkProof(proof) => {
                self.forks.insert(index, Arc::new(proof.clone()));
            }
            Act::Ruling(ruling) => {
                self.rulings.insert(index, Arc::new(ruling.clone()));
            }
            Act::Handover(handover) => {
                self.handovers.insert(index, Arc::new(handover.clone()));
            }
            Act::Unknown => {}
        }
    }
}

/// Why an act has no effect where it stands, as far as place and act alone can tell.
fn misplaced(anchor: &Anchor, ledger: &LedgerName, index: u64, act: &Act) -> Option<Ignored> {
    if ledger.domain() != anchor.root.domain() {
        return Some(Ignored::ForeignDomain);
    }
    if let Act::Continuation(continuation) = act {
        let continues =
            index == 0 && previous(ledger).as_ref() == Some(&continuation.previous_ledger);
        return (!continues).then_some(Ignored::MisplacedContinuation);
    }
    if ledger.lane() != Lane::Acts {
        return Some(Ignored::WrongLane);
    }
    match act {
        Act::Member(_) => {
            (ledger.hall() != anchor.root.hall()).then_some(Ignored::MemberOutsideRoot)
        }
        Act::KeyChange(change) => {
            (log_key(&change.new_key, ledger).is_none()).then_some(Ignored::KeyOfAnother)
        }
        Act::Audience(audience) => {
            (audience.number == AudienceNumber(0)).then_some(Ignored::AudienceZero)
        }
        // Whether a hall may rule or hand over is read from the directory as of now.
        Act::Continuation(_) | Act::ForkProof(_) | Act::Ruling(_) | Act::Handover(_) => None,
        Act::Unknown => Some(Ignored::Unknown),
    }
}

/// The generation before this one.
pub(crate) fn previous(ledger: &LedgerName) -> Option<LedgerName> {
    let generation = ledger.generation().0.checked_sub(1).filter(|number| *number > 0)?;
    Some(at_generation(ledger, generation))
}

/// The generation after this one; none after the last number there is.
pub(crate) fn following(ledger: &LedgerName) -> Option<LedgerName> {
    ledger.generation().0.checked_add(1).map(|generation| at_generation(ledger, generation))
}

fn at_generation(ledger: &LedgerName, generation: u32) -> LedgerName {
    let (domain, hall) = (ledger.domain().clone(), ledger.hall().clone());
    LedgerName::new(domain, hall, ledger.lane(), Generation(generation))
}

/// The log key in this text, when it is one of the hall that writes `ledger`.
pub(crate) fn log_key(text: &str, ledger: &LedgerName) -> Option<[u8; 32]> {
    let key: Vkey = text.parse().ok()?;
    let name = format!("{}/hallway/{}", ledger.domain(), ledger.hall());
    (key.name == name && key.algorithm == LOG_ALGORITHM).then_some(key.public)
}
