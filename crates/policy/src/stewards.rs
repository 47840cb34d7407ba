//! Who is the steward (主责方) of a record: its origin, until a `Handover` (移交) names another.
//!
//! A handover counts when the steward of that moment wrote it and its Member lists the power
//! `hand-over`, or when the root wrote it for a hall that is closed or revoked. Of several by one
//! steward the first that covers the record counts: what is given away cannot be given again. So the
//! stewards of a record form one chain, and each but the last revises it only below the entry that
//! its handover names.
//!
//! A record is meant by its origin and its id: an id that a hall writes into its own ledger without
//! being anybody's successor names a record of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use record::{HallId, Handover, LedgerName, MemberState, POWER_HAND_OVER, RecordId};

use crate::acts::Acts;

/// The handovers that count.
#[derive(Debug, Default)]
pub struct Stewards {
    /// By who gives, in the order in which they count.
    given: BTreeMap<HallId, Vec<Arc<Handover>>>,
}

/// A hall's time as the steward of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenure {
    /// The hall.
    pub hall: HallId,
    /// What ended it; none for the present steward.
    pub until: Option<Arc<Handover>>,
}

impl Tenure {
    /// Whether an entry at this place stands within it.
    pub fn covers(&self, ledger: &LedgerName, index: u64) -> bool {
        *ledger.hall() == self.hall
            && self.until.as_ref().is_none_or(|handover| !handover.is_past(ledger, index))
    }
}

impl Stewards {
    pub(crate) fn read(acts: &Acts) -> Self {
        let mut given: BTreeMap<HallId, Vec<Arc<Handover>>> = BTreeMap::new();
        let root = acts.root_hall();
        let is_closed = |hall: &HallId| {
            let state = acts.directory().member(hall).map(|member| member.state);
            matches!(state, Some(MemberState::Closed | MemberState::Revoked))
        };
        let mut by_root = Vec::new();
        for (ledger, sheet, end) in acts.counting() {
            let writer = ledger.hall();
            for (_, handover) in sheet.handovers.range(..end) {
                if handover.from_hall == *writer {
                    if acts.has_power(writer, POWER_HAND_OVER) {
                        given.entry(writer.clone()).or_default().push(Arc::clone(handover));
                    }
                } else if writer == root && is_closed(&handover.from_hall) {
                    by_root.push(Arc::clone(handover));
                }
            }
        }
        // What the closed hall gave away itself comes first.
        for handover in by_root {
            given.entry(handover.from_hall.clone()).or_default().push(handover);
        }
        Self { given }
    }

    /// Everybody who was the steward of a record of this origin, in order.
    pub fn chain(&self, origin: &HallId, record: RecordId) -> Vec<Tenure> {
        let mut used: BTreeMap<HallId, usize> = BTreeMap::new();
        let mut chain = Vec::new();
        let mut hall = origin.clone();
        loop {
            let from = used.get(&hall).copied().unwrap_or(0);
            let given = self.given.get(&hall).map(Vec::as_slice).unwrap_or_default();
            let mut left = given.iter().enumerate().skip(from);
            let next = left.find(|(_, handover)| handover.covers(record));
            let Some((place, handover)) = next else {
                chain.push(Tenure { hall, until: None });
                return chain;
            };
            used.insert(hall.clone(), place + 1);
            chain.push(Tenure { hall, until: Some(Arc::clone(handover)) });
            hall = handover.to_hall.clone();
        }
    }

    /// The steward of a record of this origin.
    pub fn steward(&self, origin: &HallId, record: RecordId) -> HallId {
        let last = self.chain(origin, record).pop();
        last.map_or_else(|| origin.clone(), |tenure| tenure.hall)
    }

    /// The halls of which a record with this id, revised by `hall`, may be: `hall` itself, and those
    /// from which its stewardship came.
    pub fn origins(&self, hall: &HallId, record: RecordId) -> Vec<HallId> {
        let passes = |origin: &&HallId| {
            *origin != hall && self.chain(origin, record).iter().any(|tenure| tenure.hall == *hall)
        };
        let others = self.given.keys().filter(passes).cloned();
        std::iter::once(hall.clone()).chain(others).collect()
    }

    /// Whether nobody ever handed anything over.
    pub fn is_empty(&self) -> bool {
        self.given.is_empty()
    }
}

#[cfg(test)]
mod tests;
