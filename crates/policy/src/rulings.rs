//! Which rulings (裁定) stand about which record.
//!
//! A ruling counts when the newest Member of the hall that made it lists the power `rule`: a hall
//! that never had it changes nothing by writing one, and a root that takes the power away takes its
//! rulings away too. Within one hall a later act of the same number replaces an earlier one, and
//! `ended` ends it; nobody else's act can.
//!
//! Deliberately absent: what a ruling makes of a record ([`record::Standing`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use record::{HallId, POWER_RULE, RecordId, Ruling};

use crate::acts::Acts;

/// A ruling's number and the hall whose number it is.
type Number = (HallId, RecordId);

#[derive(Debug, Default)]
pub(crate) struct Rulings {
    latest: BTreeMap<Number, Arc<Ruling>>,
    /// Those that stand, by the record they are about.
    standing: BTreeMap<RecordId, Vec<(HallId, Arc<Ruling>)>>,
}

impl Rulings {
    pub(crate) fn read(acts: &Acts) -> Self {
        let mut latest = BTreeMap::new();
        for (ledger, sheet, end) in acts.counting() {
            if sheet.rulings.is_empty() || !acts.has_power(ledger.hall(), POWER_RULE) {
                continue;
            }
            for (_, ruling) in sheet.rulings.range(..end) {
                latest.insert((ledger.hall().clone(), ruling.id), Arc::clone(ruling));
            }
        }
        let mut standing: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for ((hall, _), ruling) in latest.iter().filter(|(_, ruling)| !ruling.ended) {
            standing.entry(ruling.record).or_default().push((hall.clone(), Arc::clone(ruling)));
        }
        Self { latest, standing }
    }

    /// How many rulings have no effect for want of the power.
    pub(crate) fn powerless(acts: &Acts) -> u64 {
        let without = acts.counting().filter(|(ledger, sheet, _)| {
            !sheet.rulings.is_empty() && !acts.has_power(ledger.hall(), POWER_RULE)
        });
        let counts = without.map(|(_, sheet, end)| sheet.rulings.range(..end).count());
        u64::try_from(counts.sum::<usize>()).unwrap_or(u64::MAX)
    }

    pub(crate) fn about(
        &self,
        record: RecordId,
        origin: &HallId,
    ) -> impl Iterator<Item = (&HallId, &Ruling)> {
        let all = self.standing.get(&record).map(Vec::as_slice).unwrap_or_default();
        let about = all.iter().filter(move |(_, ruling)| ruling.origin == *origin);
        about.map(|(hall, ruling)| (hall, &**ruling))
    }

    pub(crate) fn latest(&self, hall: &HallId, id: RecordId) -> Option<&Ruling> {
        self.latest.get(&(hall.clone(), id)).map(|ruling| &**ruling)
    }
}

#[cfg(test)]
mod tests;
