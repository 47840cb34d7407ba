//! What the origins wrote: the one version of each ledger that all others are held against.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{Faulty, Reader};
use record::{HallId, Lane, Leaf, LedgerName, Parts};

use super::super::hall::told;
use super::super::net::Node;
use super::super::world::World;

/// An entry as its origin has it.
pub(super) struct Original {
    pub(super) leaf: Leaf,
    pub(super) parts: Parts,
}

/// Every ledger that was not forked.
pub(super) struct Truth {
    pub(super) ledgers: BTreeMap<LedgerName, Vec<Original>>,
    pub(super) halls: Vec<HallId>,
}

impl Truth {
    /// Reads all ledgers at their origins.
    pub(super) fn read(world: &World, forked: &BTreeSet<LedgerName>) -> Result<Self, String> {
        let mut ledgers = BTreeMap::new();
        for (reader, ledger, size) in own_ledgers(world) {
            if forked.contains(&ledger) {
                continue;
            }
            let mut entries = Vec::new();
            for index in 0..size {
                let stored = reader.entry(&ledger, index).map_err(|error| told(&ledger, &error))?;
                let stored = stored.ok_or_else(|| format!("{ledger}: no {index} at its origin"))?;
                entries.push(Original { leaf: stored.leaf, parts: stored.parts });
            }
            ledgers.insert(ledger, entries);
        }
        let halls = world.plan.seats.iter().map(|seat| seat.hall.clone()).collect();
        Ok(Self { ledgers, halls })
    }

    /// Only the sizes; none while an origin is down.
    pub(super) fn glance(world: &World) -> Option<BTreeMap<LedgerName, u64>> {
        let up = world.halls.iter().all(|hall| hall.running.is_some());
        up.then(|| own_ledgers(world).into_iter().map(|(_, ledger, size)| (ledger, size)).collect())
    }

    pub(super) fn sizes(&self) -> BTreeMap<LedgerName, u64> {
        let size = |entries: &Vec<Original>| u64::try_from(entries.len()).unwrap_or(u64::MAX);
        self.ledgers.iter().map(|(ledger, entries)| (ledger.clone(), size(entries))).collect()
    }

    pub(super) fn entry(&self, ledger: &LedgerName, index: u64) -> Option<&Original> {
        self.ledgers.get(ledger)?.get(usize::try_from(index).ok()?)
    }
}

/// The ledgers that a hall and its twin have gone on with differently.
pub(super) fn really_forked(world: &World) -> BTreeSet<LedgerName> {
    let mut forked = BTreeSet::new();
    for clone in &world.clones {
        let running = |node: Node| world.halls.get(node)?.running.as_ref();
        let (Some(real), Some(twin)) = (running(clone.real), running(clone.twin)) else { continue };
        for (ledger, head) in real.reader.heads() {
            let own = world.halls.get(clone.real).is_some_and(|hall| hall.id == *ledger.hall());
            let Some(other) = twin.reader.head(&ledger).filter(|_| own) else { continue };
            let Some(last) = head.size.min(other.size).checked_sub(1) else { continue };
            // Once they have parted, the last common place differs too: every leaf has its own salt.
            let leaf = |reader: &Reader<Faulty>| reader.leaf(&ledger, last).ok().flatten();
            if leaf(&real.reader) != leaf(&twin.reader) {
                forked.insert(ledger);
            }
        }
    }
    forked
}

fn own_ledgers(world: &World) -> Vec<(&Reader<Faulty>, LedgerName, u64)> {
    let mut found = Vec::new();
    for hall in world.halls.iter().take(world.plan.halls()) {
        let Some(running) = &hall.running else { continue };
        for (ledger, head) in running.reader.heads() {
            if *ledger.hall() == hall.id && ledger.lane() != Lane::Private {
                found.push((&running.reader, ledger, head.size));
            }
        }
    }
    found
}
