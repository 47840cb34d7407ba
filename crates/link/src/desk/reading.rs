//! Reading acts for the policy, as they become durable, and once more from the start at a restart.
//!
//! Acts stand in the acts lane of every hall; besides, entry 0 of a later generation of any lane is a
//! `Continuation`. An entry whose parts have not come yet is read when they do. What is no act here
//! is an act without effect: the ledger keeps its bytes, the policy its count.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{Disk, ReadError, Reader};
use policy::{Acts, Applied};
use record::{Act, Lane, LedgerName, Parts};

/// The place of the open part, which carries the act.
const OPEN: usize = 1;

/// How far the acts of a log have been read.
#[derive(Clone, Debug, Default)]
pub struct Bookmark {
    read: BTreeMap<LedgerName, u64>,
    /// Entries that were passed without their parts.
    missing: BTreeSet<(LedgerName, u64)>,
}

impl Bookmark {
    /// Nothing read.
    pub fn new() -> Self {
        Self::default()
    }

    /// Applies what is new in a ledger of this size, and what came later of what was passed in it;
    /// tells whether any of it counts.
    pub fn read<D: Disk>(
        &mut self,
        reader: &Reader<D>,
        ledger: &LedgerName,
        size: u64,
        acts: &mut Acts,
    ) -> Result<bool, ReadError> {
        let size = match ledger.lane() {
            Lane::Acts => size,
            Lane::Records | Lane::Private if ledger.generation().0 > 1 => size.min(1),
            Lane::Records | Lane::Private => return Ok(false),
        };
        let from = self.read.get(ledger).copied().unwrap_or(0);
        let passed = (ledger.clone(), 0)..(ledger.clone(), from);
        let mut places: Vec<u64> = self.missing.range(passed).map(|(_, index)| *index).collect();
        places.extend(from..size);
        let mut moved = false;
        for index in places {
            match act(reader, ledger, index)? {
                Some(act) => {
                    self.missing.remove(&(ledger.clone(), index));
                    moved |= acts.apply(ledger, index, &act) == Applied::Counted;
                }
                None => {
                    self.missing.insert((ledger.clone(), index));
                }
            }
        }
        if size > from {
            self.read.insert(ledger.clone(), size);
        }
        Ok(moved)
    }

    /// Reads every ledger of a log.
    pub fn read_all<D: Disk>(
        &mut self,
        reader: &Reader<D>,
        acts: &mut Acts,
    ) -> Result<bool, ReadError> {
        let mut moved = false;
        for (ledger, head) in reader.heads() {
            moved |= self.read(reader, &ledger, head.size, acts)?;
        }
        Ok(moved)
    }
}

/// The act at a place; none while its parts are not here.
pub fn act<D: Disk>(
    reader: &Reader<D>,
    ledger: &LedgerName,
    index: u64,
) -> Result<Option<Act>, ReadError> {
    Ok(reader.entry(ledger, index)?.and_then(|stored| act_of(&stored.parts)))
}

/// The act in these parts; none without the open part.
pub fn act_of(parts: &Parts) -> Option<Act> {
    parts.part(OPEN).map(|open| wire::act_from_open(open).unwrap_or(Act::Unknown))
}
