//! What the acts allow, now and ever, computed from the origins' own acts alone.
//!
//! A hall must hold what it may have under the latest acts and directory; it may hold what it was
//! allowed under any pair of a version of the directory and a version of the origin's acts, since
//! some hall may have had just those two when it sent.

use std::collections::BTreeMap;

use link::desk::reading;
use policy::{Acts, Rights};
use record::{Act, HallId, Label, Lane, LedgerName, PartSet};

use super::super::hall::{Setup, no_acts};
use super::truth::Truth;

/// Rights now and ever.
pub(super) struct Allowed {
    now: Rights,
    ever: BTreeMap<(LedgerName, Label), BTreeMap<HallId, PartSet>>,
}

impl Allowed {
    pub(super) fn new(setup: &Setup, truth: &Truth) -> Self {
        let acts = acts(truth);
        let mut all = no_acts(setup);
        for (ledger, index, act) in &acts {
            all.apply(ledger, *index, act);
        }
        let mut allowed = Self { now: Rights::new(all), ever: BTreeMap::new() };
        let directories = directories(setup, &acts);
        for (ledger, entries) in &truth.ledgers {
            let mut labels: Vec<Label> = entries.iter().map(|entry| entry.leaf.label).collect();
            labels.sort();
            labels.dedup();
            for version in versions(&directories, &acts, ledger) {
                for label in &labels {
                    let ever = allowed.ever.entry((ledger.clone(), *label)).or_default();
                    for hall in &truth.halls {
                        let parts = version.parts(ledger, *label, hall);
                        let kept = ever.entry(hall.clone()).or_default();
                        *kept = kept.union(parts);
                    }
                }
            }
        }
        allowed
    }

    /// What a hall must hold.
    pub(super) fn now(&self, ledger: &LedgerName, label: Label, hall: &HallId) -> PartSet {
        self.now.parts(ledger, label, hall)
    }

    /// What a hall may hold.
    pub(super) fn ever(&self, ledger: &LedgerName, label: Label, hall: &HallId) -> PartSet {
        let key = (ledger.clone(), label);
        self.ever.get(&key).and_then(|halls| halls.get(hall)).copied().unwrap_or(PartSet::NONE)
    }
}

type Placed = (LedgerName, u64, Act);

/// The directory at its end, and before each act that moved a hall. New Members only ever add
/// rights, so what stands between two moves is covered by the later one.
fn directories(setup: &Setup, acts: &[Placed]) -> Vec<Acts> {
    let mut now = no_acts(setup);
    let mut versions = Vec::new();
    for (ledger, index, act) in acts {
        let Act::Member(member) = act else { continue };
        let known = now.directory().member(&member.hall);
        if known.is_some_and(|known| known.parent != member.parent || known.state != member.state) {
            versions.push(now.clone());
        }
        now.apply(ledger, *index, act);
    }
    versions.push(now);
    versions
}

/// Rights by every version of the directory and of the origin's audiences.
fn versions(directories: &[Acts], acts: &[Placed], ledger: &LedgerName) -> Vec<Rights> {
    let own =
        |(of, _, act): &&Placed| of.hall() == ledger.hall() && matches!(act, Act::Audience(_));
    let own: Vec<&Placed> = acts.iter().filter(own).collect();
    let mut versions = Vec::new();
    for directory in directories {
        let mut acts = directory.clone();
        versions.push(Rights::new(acts.clone()));
        for (of, index, act) in &own {
            acts.apply(of, *index, act);
            versions.push(Rights::new(acts.clone()));
        }
    }
    versions
}

fn acts(truth: &Truth) -> Vec<Placed> {
    let ledgers = truth.ledgers.iter().filter(|(ledger, _)| ledger.lane() == Lane::Acts);
    let read = ledgers.flat_map(|(ledger, entries)| {
        (0..).zip(entries).filter_map(|(index, entry)| {
            Some((ledger.clone(), index, reading::act_of(&entry.parts)?))
        })
    });
    read.collect()
}
