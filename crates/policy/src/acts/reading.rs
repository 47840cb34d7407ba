//! What the sheets add up to where ledgers meet: members, pins, keys.
//!
//! A `Member` may pin the root's own acts, and so void Members. The newest Member of the root hall
//! decides, and only about what stands before it; so this takes one pass and no fixpoint.

use std::collections::BTreeMap;
use std::sync::Arc;

use record::{HallId, LedgerName, Member, Pin};

use super::{Anchor, Sheet, acts_of};
use crate::directory::Directory;
use crate::keys::Keys;

pub(crate) struct Reading {
    pub(crate) directory: Directory,
    pub(crate) keys: Keys,
    pub(crate) pins: BTreeMap<LedgerName, Pin>,
}

impl Reading {
    pub(super) fn of(anchor: &Anchor, sheets: &BTreeMap<LedgerName, Arc<Sheet>>) -> Self {
        let root_pins = root_pins(anchor, sheets);
        let histories = histories(anchor, sheets, &root_pins);
        let mut pins = root_pins;
        for (hall, history) in &histories {
            if hall != anchor.root.hall()
                && let Some(member) = history.last()
            {
                pin_each(&mut pins, member.pins.iter().filter(|pin| pin.ledger.hall() == hall));
            }
        }
        let mut keys = Keys::new(anchor, &histories);
        for hall in histories.keys() {
            for (ledger, sheet) in acts_of(anchor, sheets, hall) {
                let end = end(&pins, ledger);
                for (index, change) in sheet.key_changes.range(..end) {
                    keys.change(ledger, *index, change);
                }
            }
        }
        let newest = histories.values().filter_map(|history| history.last().cloned());
        Self { directory: Directory::new(anchor.root.hall(), newest), keys, pins }
    }
}

/// Every Member that counts, by hall, oldest first.
fn histories(
    anchor: &Anchor,
    sheets: &BTreeMap<LedgerName, Arc<Sheet>>,
    root_pins: &BTreeMap<LedgerName, Pin>,
) -> BTreeMap<HallId, Vec<Arc<Member>>> {
    let mut histories: BTreeMap<HallId, Vec<Arc<Member>>> = BTreeMap::new();
    for (ledger, sheet) in acts_of(anchor, sheets, anchor.root.hall()) {
        for member in sheet.members.range(..end(root_pins, ledger)).map(|(_, member)| member) {
            histories.entry(member.hall.clone()).or_default().push(Arc::clone(member));
        }
    }
    histories
}

/// Where the root hall's own ledgers end.
fn root_pins(
    anchor: &Anchor,
    sheets: &BTreeMap<LedgerName, Arc<Sheet>>,
) -> BTreeMap<LedgerName, Pin> {
    let root = anchor.root.hall();
    let mut pins = BTreeMap::new();
    // A configured later generation is the operators' word for where the one before it ended.
    if let Some(continuation) = sheets.get(&anchor.root).and_then(|at| at.continuation.as_deref()) {
        pins.insert(
            continuation.previous_ledger.clone(),
            Pin {
                ledger: continuation.previous_ledger.clone(),
                size: continuation.previous_size,
                root: continuation.previous_root,
            },
        );
    }
    let mut newest = None;
    for (ledger, sheet) in acts_of(anchor, sheets, root) {
        let own = sheet.members.range(..end(&pins, ledger)).rev();
        let own = own.map(|(index, member)| (ledger, *index, member));
        newest = own.into_iter().find(|(_, _, member)| member.hall == *root).or(newest);
    }
    if let Some((ledger, index, member)) = newest {
        let before = |pin: &&Pin| {
            let later = pin.ledger.generation() > ledger.generation();
            let reaches_back = pin.ledger == *ledger && pin.size <= index;
            let acts = pin.ledger.lane() == ledger.lane();
            pin.ledger.hall() == root && !(acts && (later || reaches_back))
        };
        pin_each(&mut pins, member.pins.iter().filter(before));
    }
    pins
}

/// Of several pins of one ledger the smallest counts.
fn pin_each<'a>(pins: &mut BTreeMap<LedgerName, Pin>, new: impl Iterator<Item = &'a Pin>) {
    for pin in new {
        let kept = pins.entry(pin.ledger.clone()).or_insert_with(|| pin.clone());
        if pin.size < kept.size {
            *kept = pin.clone();
        }
    }
}

fn end(pins: &BTreeMap<LedgerName, Pin>, ledger: &LedgerName) -> u64 {
    pins.get(ledger).map_or(u64::MAX, |pin| pin.size)
}
