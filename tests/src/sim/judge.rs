//! The verdict over a world that has come to rest, from outside: what the disks hold against what
//! clients were told, what origins wrote, and what the acts allow.
//!
//! The words are those of the whole project: lost, starved, duplicated, out of order, diverged,
//! leaked, false forks; withheld is no fault and is counted. A ledger that was really forked is
//! judged by one thing only: that it is frozen at every hall, if the fork can be proven at all.

mod court;
mod rights;
mod tally;
mod truth;

use std::collections::{BTreeMap, BTreeSet};

use record::{HallId, LedgerName};

use super::net::Node;
use super::world::World;
use truth::Truth;

pub use tally::Tally;

/// Judges everything.
pub fn judge(world: &mut World) {
    let (findings, counts) = court::sit(world);
    world.tally.entries += counts.entries;
    world.tally.withheld += counts.withheld;
    world.tally.forks += counts.forks;
    for (fault, what) in findings {
        world.tally.count(fault, &mut world.trace, format_args!("{what}"));
    }
}

/// Whether sizes, stubs and receipts say that nothing more will come.
pub fn is_settled(world: &World) -> bool {
    let Some(sizes) = Truth::glance(world) else { return false };
    let forked = truth::really_forked(world);
    (0..world.plan.halls()).all(|node| has_everything(world, node, &sizes, &forked))
}

fn has_everything(
    world: &World,
    node: Node,
    sizes: &BTreeMap<LedgerName, u64>,
    forked: &BTreeSet<LedgerName>,
) -> bool {
    let Some(hall) = world.halls.get(node) else { return true };
    let Some(running) = &hall.running else { return false };
    let rights = &running.rights;
    let open = forked.iter().any(|ledger| !rights.acts().is_frozen(ledger));
    if open && !truth::provably_forked(world).iter().all(|ledger| rights.acts().is_frozen(ledger)) {
        return false;
    }
    let whole =
        sizes.iter().filter(|(ledger, _)| !forked.contains(ledger)).all(|(ledger, size)| {
            let may = |label| rights.parts(ledger, label, &hall.id);
            running.reader.head(ledger).map_or(0, |head| head.size) == *size
                && (*size == 0
                    || running
                        .reader
                        .lacking(ledger, 0, 1, &may)
                        .is_ok_and(|lacks| lacks.is_empty()))
        });
    whole && receipts_missing(world, node, sizes, forked).is_empty()
}

/// The final receipts that a hall lacks for its own ledgers, in words.
fn receipts_missing(
    world: &World,
    node: Node,
    sizes: &BTreeMap<LedgerName, u64>,
    forked: &BTreeSet<LedgerName>,
) -> Vec<String> {
    let Some(hall) = world.halls.get(node) else { return Vec::new() };
    let Some(running) = &hall.running else { return vec!["the hall is down".to_owned()] };
    if world.is_cloned(node) {
        // Receipts go to whoever answers to the name.
        return Vec::new();
    }
    let Ok(receipts) = running.reader.receipts() else {
        return vec!["receipts cannot be read".to_owned()];
    };
    let covered: BTreeMap<(&LedgerName, &HallId), u64> =
        receipts.iter().map(|receipt| ((&receipt.ledger, &receipt.holder), receipt.size)).collect();
    let own = sizes.iter().filter(|(ledger, size)| {
        *ledger.hall() == hall.id && **size > 0 && !forked.contains(*ledger)
    });
    let mut missing = Vec::new();
    for (ledger, size) in own {
        for holder in world.plan.seats.iter().filter(|seat| seat.hall != hall.id) {
            let found = covered.get(&(ledger, &holder.hall)).copied().unwrap_or(0);
            if found < *size {
                let name = holder.hall.as_str();
                missing.push(format!("{ledger}: the receipt of {name} covers {found} of {size}"));
            }
        }
    }
    missing
}
