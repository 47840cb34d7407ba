//! The store and the door of a hall in memory.

use std::ops::Range;

use bytes::Bytes;
use record::{ForkProof, HallId, Lane, Leaf, LedgerName, PartSet, Parts, Slot};
use wire::frame::{Batch, Fill, HeldReason, Proof};

use super::super::*;
use super::world::{Place, place, root, size};

/// The seal of a ledger of this size.
pub(super) fn seal(leaves: &[(Leaf, Parts)]) -> String {
    let root = root(leaves).map(|byte| format!("{byte:02x}")).concat();
    format!("seal {} {root}", leaves.len())
}

impl Place {
    pub(super) fn batch(
        &self,
        peer: &HallId,
        name: &LedgerName,
        from: u64,
        bytes: u64,
        record_bytes: u64,
    ) -> Option<Batch> {
        let all = self.ledgers.get(name)?;
        let mut entries = Vec::new();
        let mut cost = 0;
        for (leaf, parts) in all.get(place(from)..)? {
            let given = parts.narrowed(self.rights.parts(name, leaf.label, peer));
            let large = size(parts.len_bytes()) > record_bytes;
            let given = if large { Parts::stub() } else { given };
            cost += size(given.len_bytes()) + 128;
            entries.push((*leaf, given));
            if cost >= bytes || entries.len() >= 4_096 {
                break;
            }
        }
        let end = place(from) + entries.len();
        (!entries.is_empty()).then(|| Batch {
            ledger: name.clone(),
            first: from,
            entries,
            seal: seal(&all[..end]),
        })
    }

    pub(super) fn parts(
        &self,
        peer: &HallId,
        name: &LedgerName,
        ranges: Vec<Range<u64>>,
        bytes: u64,
    ) -> (Vec<(u64, Parts)>, u64, Vec<Range<u64>>) {
        let (mut entries, mut refused, mut rest, mut cost) = (Vec::new(), 0, Vec::new(), 0);
        for range in ranges {
            for index in range.clone() {
                if cost >= bytes {
                    rest.push(index..range.end);
                    break;
                }
                let given = self.ledgers.get(name).and_then(|all| all.get(place(index)));
                let given = given
                    .map(|(leaf, parts)| parts.narrowed(self.rights.parts(name, leaf.label, peer)));
                match given {
                    Some(given) if !given.is_stub() => {
                        cost += size(given.len_bytes()) + 128;
                        entries.push((index, given));
                    }
                    _ => refused += 1,
                }
            }
        }
        (entries, refused, rest)
    }

    pub(super) fn take(&mut self, batch: &Batch) -> Taken {
        if self.puzzled.contains(&batch.ledger) {
            return Taken::Held(HeldReason::UnknownKey);
        }
        let mine = self.ledgers.entry(batch.ledger.clone()).or_default();
        let head = |all: &Vec<_>| Head { size: size(all.len()), root: root(all) };
        let first = place(batch.first);
        if first > mine.len() {
            return Taken::Gap { head: head(mine) };
        }
        let mut grown = mine.clone();
        let mut fills = Vec::new();
        for (index, (leaf, parts)) in (first..).zip(&batch.entries) {
            match grown.get_mut(index) {
                Some((old, _)) if old != leaf => return Taken::Diverges { head: head(mine) },
                Some((_, old)) => {
                    let gained = parts.held().without(old.held());
                    *old = old.merged(parts);
                    if !gained.is_empty() {
                        fills.push((size(index), gained));
                    }
                }
                None => grown.push((*leaf, parts.clone())),
            }
        }
        let end = first + batch.entries.len();
        if !batch.seal.starts_with("seal ") {
            return Taken::Damaged { what: "no seal".to_owned() };
        }
        if seal(&grown[..end]) != batch.seal {
            return Taken::Diverges { head: head(mine) };
        }
        *mine = grown;
        Taken::Durable { head: head(mine), fills }
    }

    pub(super) fn take_fill(&mut self, fill: &Fill) -> (Vec<(u64, PartSet)>, u64) {
        let held = self.ledgers.entry(fill.ledger.clone()).or_default();
        let (mut new, mut refused) = (Vec::new(), 0);
        for (index, parts) in &fill.entries {
            match held.get_mut(place(*index)) {
                Some((leaf, mine)) if parts.commitment(&fill.ledger) == Some(leaf.commitment) => {
                    let gained = parts.held().without(mine.held());
                    *mine = mine.merged(parts);
                    if !gained.is_empty() {
                        new.push((*index, gained));
                    }
                }
                Some(_) | None => refused += 1,
            }
        }
        (new, refused)
    }

    pub(super) fn lacking(&self, at: &HallId, name: &LedgerName, from: u64) -> Vec<Range<u64>> {
        let mut ranges: Vec<Range<u64>> = Vec::new();
        let Some(all) = self.ledgers.get(name) else { return ranges };
        for (index, (leaf, parts)) in (0..).zip(all).skip(place(from)) {
            let known = parts.count().map_or(PartSet::ALL, PartSet::first);
            let may = match name.lane() {
                Lane::Acts => known,
                Lane::Records | Lane::Private => {
                    self.rights.parts(name, leaf.label, at).intersection(known)
                }
            };
            if may.without(parts.held()).is_empty() {
                continue;
            }
            let full = ranges.len() >= wire::frame::WANT_RANGES_MAX;
            match ranges.last_mut() {
                Some(last) if last.end == index => last.end += 1,
                Some(_) if full => break,
                Some(_) | None => ranges.push(index..index + 1),
            }
        }
        ranges
    }

    pub(super) fn prove(&self, prove: &wire::frame::Prove) -> Option<Proof> {
        let all = self.ledgers.get(&prove.ledger)?;
        let low = place(prove.old_size.min(prove.new_size));
        Some(Proof {
            ledger: prove.ledger.clone(),
            old_size: prove.old_size,
            new_size: prove.new_size,
            old_root: root(all.get(..low)?),
            new_seal: all.get(..place(prove.new_size)).map(seal),
            consistency: Vec::new(),
        })
    }

    pub(super) fn examine(&self, proof: &Proof) -> Verdict {
        let low = place(proof.old_size.min(proof.new_size));
        let mine = self.ledgers.get(&proof.ledger).and_then(|all| all.get(..low)).map(root);
        let Some(new_seal) = &proof.new_seal else { return Verdict::Worthless };
        if mine == Some(proof.old_root) {
            return Verdict::Consistent;
        }
        Verdict::Fork(Box::new(ForkProof {
            ledger: proof.ledger.clone(),
            seal: String::new(),
            other_seal: new_seal.clone(),
            other_root: proof.old_root,
            consistency: Vec::new(),
        }))
    }
}

/// Changes a byte of the first part of a batch's first entry, as a bad relay would: the leaf is
/// computed anew, as reading does.
pub(super) fn spoil(mut batch: Batch) -> Batch {
    let name = batch.ledger.clone();
    let (leaf, parts) = batch.entries.first_mut().unwrap();
    let mut slots = parts.slots().to_vec();
    slots[0] = Slot::Present { salt: [0; 32], bytes: Bytes::from_static(b"spoilt") };
    *parts = Parts::from_slots(slots).unwrap();
    leaf.commitment = parts.commitment(&name).unwrap();
    batch
}
