//! What the origins wrote: the one version of each ledger that all others are held against.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{Faulty, Reader, Seal};
use policy::{Acts, KeyVerdict};
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
    let pairs = branches(world).into_iter();
    let parted = pairs.filter(|pair| pair.parted().is_some());
    parted.map(|pair| pair.ledger).collect()
}

/// Those of them that can be proven: each branch has a seal beyond the common part by a key that
/// counts there, whichever hall's acts one asks. When the hall's key was retired where they part,
/// nobody has to believe a word of the twin's.
pub(super) fn provably_forked(world: &World) -> BTreeSet<LedgerName> {
    let provable = |pair: &Branches<'_>| {
        let Some(common) = pair.parted() else { return false };
        let told = [pair.real, pair.twin].map(|reader| first_seal(reader, &pair.ledger, common));
        let halls = world.halls.iter().filter_map(|hall| hall.running.as_ref());
        let [Some(one), Some(other)] = told else { return false };
        halls
            .map(|running| running.rights.acts())
            .all(|acts| counts(acts, &one) && counts(acts, &other))
    };
    let pairs = branches(world).into_iter();
    pairs.filter(provable).map(|pair| pair.ledger).collect()
}

/// One ledger as a hall and its twin have it.
struct Branches<'a> {
    ledger: LedgerName,
    real: &'a Reader<Faulty>,
    twin: &'a Reader<Faulty>,
}

impl Branches<'_> {
    /// How many entries they have in common, if both went on differently from there.
    fn parted(&self) -> Option<u64> {
        let size = |reader: &Reader<Faulty>| reader.head(&self.ledger).map_or(0, |head| head.size);
        let leaf = |reader: &Reader<Faulty>, index| reader.leaf(&self.ledger, index).ok().flatten();
        let both = 0..size(self.real).min(size(self.twin));
        // Once they have parted, all behind differs too: every leaf has its own salt.
        let last = both.end.checked_sub(1)?;
        if leaf(self.real, last) == leaf(self.twin, last) {
            return None;
        }
        both.into_iter().find(|index| leaf(self.real, *index) != leaf(self.twin, *index))
    }
}

fn branches(world: &World) -> Vec<Branches<'_>> {
    let mut branches = Vec::new();
    for clone in &world.clones {
        let running = |node: Node| world.halls.get(node)?.running.as_ref();
        let (Some(real), Some(twin)) = (running(clone.real), running(clone.twin)) else { continue };
        let (real, twin) = (&real.reader, &twin.reader);
        let heads = real.heads().into_iter();
        let own = |ledger: &LedgerName| {
            world.halls.get(clone.real).is_some_and(|hall| hall.id == *ledger.hall())
        };
        let own = heads.map(|(ledger, _)| ledger).filter(own);
        branches.extend(own.map(|ledger| Branches { ledger, real, twin }));
    }
    branches
}

fn first_seal(reader: &Reader<Faulty>, ledger: &LedgerName, common: u64) -> Option<Seal> {
    let size = reader.head(ledger).map_or(0, |head| head.size);
    (common + 1..=size).find_map(|size| reader.seal_at(ledger, size).ok().flatten())
}

fn counts(acts: &Acts, seal: &Seal) -> bool {
    match acts.key_for(&seal.ledger, seal.size) {
        KeyVerdict::Key(key) => seal.verify(&key).is_ok(),
        KeyVerdict::UnknownHall
        | KeyVerdict::UnknownKey
        | KeyVerdict::Pinned { .. }
        | KeyVerdict::Revoked => false,
    }
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
