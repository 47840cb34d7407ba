//! What the first reading of a feed leaves behind: of each revised record the newest revision that
//! says something, and whether anything was not understood.
//!
//! An original that nobody revised is not remembered. A withdrawal, an expiry and the like say nothing
//! new of the fact; what they end stands in the effective state that comes with each item.

use std::collections::BTreeMap;

use record::{Head, RecordId};
use thiserror::Error;
use wire::v1;

/// Most revised records in one export; some 40 bytes each.
pub(super) const REVISED_MAX: usize = 4_000_000;

/// More than [`REVISED_MAX`] records have revisions.
#[derive(Debug, Error)]
#[error("more records have revisions than the limit REVISED_MAX, {REVISED_MAX}")]
pub(super) struct TooManyRevised;

/// What has been seen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    newest: BTreeMap<RecordId, u32>,
    /// Of each ledger the index after the last entry.
    ends: BTreeMap<String, u64>,
    not_understood: bool,
}

impl Seen {
    /// Takes an item.
    pub(super) fn note(&mut self, item: &v1::FollowResponse) -> Result<(), TooManyRevised> {
        match self.ends.get_mut(&item.ledger) {
            Some(end) => *end = item.index.saturating_add(1).max(*end),
            None => drop(self.ends.insert(item.ledger.clone(), item.index.saturating_add(1))),
        }
        let Some(head) = head_of(item) else { return Ok(()) };
        self.not_understood |= !is_understood(item);
        let Some(stamp) = head.stamp.as_ref().filter(|_| says_something(&head, item)) else {
            return Ok(());
        };
        if stamp.revision > 1 {
            let newest = self.newest.entry(stamp.record).or_default();
            *newest = stamp.revision.max(*newest);
        }
        if self.newest.len() > REVISED_MAX { Err(TooManyRevised) } else { Ok(()) }
    }

    /// Whether the entry was there at the first reading.
    pub(super) fn covers(&self, item: &v1::FollowResponse) -> bool {
        self.ends.get(&item.ledger).is_some_and(|end| item.index < *end)
    }

    /// Whether this revision is the record's newest one that says something.
    pub(super) fn is_newest(&self, head: &Head, item: &v1::FollowResponse) -> bool {
        let newest = |record| self.newest.get(record).copied().unwrap_or(1);
        let stamp = head.stamp.as_ref().filter(|_| says_something(head, item));
        stamp.is_some_and(|stamp| stamp.revision == newest(&stamp.record))
    }

    /// Whether some record says more than is understood here.
    pub(super) fn not_understood(&self) -> bool {
        self.not_understood
    }
}

/// Places already handed on: an entry comes again when parts of it came later.
#[derive(Debug, Default)]
pub(super) struct Places {
    next: BTreeMap<String, u64>,
}

impl Places {
    /// Whether the item is not one that came before. Entries of a ledger come in their order.
    pub(super) fn is_new(&mut self, item: &v1::FollowResponse) -> bool {
        match self.next.get_mut(&item.ledger) {
            Some(next) if item.index < *next => false,
            Some(next) => {
                *next = item.index + 1;
                true
            }
            None => {
                self.next.insert(item.ledger.clone(), item.index + 1);
                true
            }
        }
    }
}

/// The head of a record; none of an act's entry, which comes along when it is a ruling.
pub(super) fn head_of(item: &v1::FollowResponse) -> Option<Head> {
    let head = wire::head_from_bytes(&item.head).ok()?;
    (head.stamp.is_some() && head.kind != record::Kind::Act).then_some(head)
}

/// Whether the item holds nothing of a later version.
pub(super) fn is_understood(item: &v1::FollowResponse) -> bool {
    !item.not_fully_understood
}

/// Whether a revision carries a body, be it one that is not shown here.
fn says_something(head: &Head, item: &v1::FollowResponse) -> bool {
    let carries = head.revises.as_ref().is_none_or(|revises| revises.kind.says_all());
    carries || !item.open.is_empty()
}
