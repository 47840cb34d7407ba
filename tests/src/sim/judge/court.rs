//! The court: every hall's ledgers entry by entry, every client's acknowledgement, every chain of
//! revisions.

use std::collections::{BTreeMap, BTreeSet};

use ledger::Stored;
use record::{HallId, Lane, LedgerName, PARTS_MAX};

use super::super::clients::{Answer, Message};
use super::super::hall::{Running, told};
use super::super::net::Node;
use super::super::world::World;
use super::receipts_missing;
use super::rights::Allowed;
use super::tally::{Fault, Tally};
use super::truth::{self, Original, Truth};

/// What was found, in words, and the counts that are no faults.
pub(super) fn sit(world: &World) -> (Vec<(Fault, String)>, Tally) {
    let forked = truth::really_forked(world);
    let provable = truth::provably_forked(world);
    let mut court =
        Court { findings: Vec::new(), tally: Tally::default(), world, forked, provable };
    court.tally.forks = length(court.forked.len());
    match Truth::read(world, &court.forked) {
        Ok(truth) => court.judge(&truth),
        Err(what) => court.find(Fault::Broken, what),
    }
    (court.findings, court.tally)
}

struct Court<'a> {
    world: &'a World,
    forked: BTreeSet<LedgerName>,
    provable: BTreeSet<LedgerName>,
    findings: Vec<(Fault, String)>,
    tally: Tally,
}

impl Court<'_> {
    fn judge(&mut self, truth: &Truth) {
        self.tally.entries = truth.ledgers.values().map(|entries| length(entries.len())).sum();
        let allowed = Allowed::new(&self.world.setup, truth);
        let sizes = truth.sizes();
        self.clients(truth);
        self.chains(truth);
        for node in 0..self.world.plan.halls() {
            self.hall(node, truth, &allowed);
            for what in receipts_missing(self.world, node, &sizes, &self.forked) {
                self.find(Fault::ReceiptsMissing, what);
            }
        }
    }

    fn find(&mut self, fault: Fault, what: String) {
        self.findings.push((fault, what));
    }

    /// What clients were told is there, with its bytes, once.
    fn clients(&mut self, truth: &Truth) {
        let mut naturals: BTreeMap<(Node, &str), &str> = BTreeMap::new();
        let world = self.world;
        for message in &world.clients.messages {
            let Answer::Acknowledged(ledger, index) = &message.answer else { continue };
            if self.forked.contains(ledger) || world.is_cloned(message.node) {
                continue;
            }
            let id = &message.id;
            match truth.entry(ledger, *index) {
                Some(entry) if has_bytes(entry, message) => {}
                Some(_) => {
                    self.find(Fault::Lost, format!("{id} is not what {index} of {ledger} has"));
                }
                None => self.find(Fault::Lost, format!("{id} is not at {index} of {ledger}")),
            }
            if let Some(natural) = &message.natural
                && let Some(other) = naturals.insert((message.node, natural), id)
                && other != id
            {
                self.find(Fault::Duplicated, format!("{other} and {id} share a natural key"));
            }
        }
    }

    /// Message ids once per hall, revisions one after another.
    fn chains(&mut self, truth: &Truth) {
        let mut ids = BTreeSet::new();
        let mut revisions = BTreeMap::new();
        let records = truth.ledgers.iter().filter(|(ledger, _)| ledger.lane() == Lane::Records);
        for (ledger, entries) in records {
            for (index, entry) in (0u64..).zip(entries) {
                let head = entry.parts.part(0).and_then(|head| wire::head_from_bytes(head).ok());
                let Some((id, stamp)) = head.and_then(|head| Some((head.message_id, head.stamp?)))
                else {
                    self.find(Fault::Diverged, format!("{index} of {ledger} has no stamped head"));
                    continue;
                };
                if !ids.insert((ledger.hall().clone(), stamp.submitter, id.clone())) {
                    self.find(Fault::Duplicated, format!("{id} is in {ledger} twice"));
                }
                let last = revisions.insert(stamp.record, stamp.revision).unwrap_or(0);
                if stamp.revision != last + 1 {
                    let revision = stamp.revision;
                    let what = format!("{index} of {ledger} is revision {revision} after {last}");
                    self.find(Fault::OutOfOrder, what);
                }
            }
        }
    }

    /// One hall's ledgers against the origins'.
    fn hall(&mut self, node: Node, truth: &Truth, allowed: &Allowed) {
        let Some(hall) = self.world.halls.get(node) else { return };
        let name = hall.id.as_str();
        let Some(running) = &hall.running else {
            return self.find(Fault::Lost, format!("{name} is down"));
        };
        for frozen in running.rights.acts().frozen() {
            if !self.forked.contains(&frozen) {
                self.find(Fault::FalseForks, format!("{frozen} is frozen at {name}, not forked"));
            }
        }
        for ledger in self.provable.clone() {
            if !running.rights.acts().is_frozen(&ledger) {
                self.find(Fault::FalseForks, format!("{ledger} is forked, not frozen at {name}"));
            }
        }
        for (ledger, entries) in &truth.ledgers {
            self.ledger(&hall.id, running, ledger, entries, allowed);
        }
        for (ledger, head) in running.reader.heads() {
            let known = truth.ledgers.contains_key(&ledger) || self.forked.contains(&ledger);
            if !known && head.size > 0 {
                self.find(Fault::Diverged, format!("{name} holds {ledger}, nobody wrote it"));
            }
        }
    }

    fn ledger(
        &mut self,
        me: &HallId,
        running: &Running,
        ledger: &LedgerName,
        originals: &[Original],
        allowed: &Allowed,
    ) {
        let name = me.as_str();
        let size = running.reader.head(ledger).map_or(0, |head| head.size);
        let whole = length(originals.len());
        if size != whole {
            let fault = if size < whole { Fault::Lost } else { Fault::Diverged };
            self.find(fault, format!("{name} holds {size} of {whole} entries of {ledger}"));
        }
        let mut seen = BTreeSet::new();
        for (index, original) in (0u64..).zip(originals).take_while(|(index, _)| *index < size) {
            let place = format!("{name}, {index} of {ledger}");
            match running.reader.entry(ledger, index) {
                Ok(Some(stored)) => {
                    if !seen.insert(stored.leaf.commitment) {
                        self.find(Fault::Duplicated, format!("{place}: there twice"));
                    }
                    if stored.leaf == original.leaf {
                        let label = original.leaf.label;
                        let now = allowed.now(ledger, label, me);
                        let ever = allowed.ever(ledger, label, me);
                        self.entry(&place, &stored, original, (now, ever));
                    } else {
                        let moved = originals.iter().any(|other| other.leaf == stored.leaf);
                        let fault = if moved { Fault::OutOfOrder } else { Fault::Diverged };
                        self.find(fault, format!("{place}: another leaf"));
                    }
                }
                Ok(None) => self.find(Fault::Lost, format!("{place}: not there")),
                Err(error) => self.find(Fault::Diverged, told(&place, &error)),
            }
        }
    }

    fn entry(
        &mut self,
        place: &str,
        stored: &Stored,
        original: &Original,
        (now, ever): (record::PartSet, record::PartSet),
    ) {
        let held = stored.parts.held();
        if held.is_empty() {
            self.tally.withheld += 1;
        }
        for part in 0..PARTS_MAX {
            if let Some(bytes) = stored.parts.part(part)
                && original.parts.part(part) != Some(bytes)
            {
                self.find(Fault::Diverged, format!("{place}: part {part} differs"));
            }
        }
        let may = now.intersection(original.parts.held());
        if !may.without(held).is_empty() {
            self.find(Fault::Starved, format!("{place}: may have {may:?}, holds {held:?}"));
        }
        if !held.without(ever).is_empty() {
            let what = format!("{place}: holds {held:?}, may never have had but {ever:?}");
            self.find(Fault::Leaked, what);
        }
    }
}

/// Whether an entry is what a client submitted.
fn has_bytes(entry: &Original, message: &Message) -> bool {
    let open = entry.parts.part(1).cloned().unwrap_or_default();
    let closed = entry.parts.part(2).cloned().unwrap_or_default();
    let head = entry.parts.part(0).and_then(|head| wire::head_from_bytes(head).ok());
    open == message.open
        && closed == message.closed
        && entry.leaf.label == message.label
        && head.is_some_and(|head| head.message_id == message.id)
}

fn length(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
