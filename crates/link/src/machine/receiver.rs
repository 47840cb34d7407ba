//! What comes in: batches go through the one door, in order, and only the door's answer moves our
//! head. A batch that begins beyond our end is answered with our head; one that contradicts what we
//! hold, with a question after a proof; one that cannot be judged yet, with `Held`. None of it
//! stops the link or another ledger.

use std::ops::Range;

use record::{HallId, Lane, Leaf, LedgerName, PartSet, Parts};
use wire::frame::{Batch, Durable, Frame, Held, HeldReason};

use super::action::{Action, AlarmCode};
use super::config::{Fault, HELD_MAX, ROADS_MAX};
use super::event::{Connection, Head, Taken, Ticket};
use super::sender::end_of;
use super::state::Ledger;
use super::ticket::{At, Pending, Taking};
use super::timers::Timer;
use super::{Machine, travels};

impl Machine {
    pub(super) fn batch(&mut self, peer: &HallId, batch: Batch) {
        let frame = Frame::Batch(batch);
        let cost = frame.cost();
        let (Some(connection), Frame::Batch(batch)) = (self.take_credit(peer, cost), frame) else {
            return;
        };
        let name = batch.ledger.clone();
        if self.declines(peer, &name) {
            self.give_credit(peer, connection, cost);
            return;
        }
        let end = end_of(&batch);
        if self.is_own(&name) {
            self.check_own(peer, &name, end);
            self.give_credit(peer, connection, cost);
            return;
        }
        let (reaches, size) =
            self.ledgers.get(&name).map_or((0, 0), |ledger| (ledger.reaches(), ledger.head.size));
        if batch.first > reaches {
            self.give_credit(peer, connection, cost);
            self.gap(peer, &name, size);
            return;
        }
        self.take(At { peer: peer.clone(), connection, ledger: name }, batch, cost);
    }

    fn take(&mut self, at: At, batch: Batch, cost: u64) {
        let end = end_of(&batch);
        let lacks = self.look_at(&at, &batch);
        let mut brought: Vec<Range<u64>> = Vec::new();
        for (index, (_, parts)) in (batch.first..).zip(&batch.entries) {
            match brought.last_mut() {
                Some(last) if last.end == index && !parts.is_stub() => last.end += 1,
                Some(_) | None if !parts.is_stub() => brought.push(index..index + 1),
                Some(_) | None => {}
            }
        }
        let acts = self.acts;
        let (name, via) = (at.ledger.clone(), at.peer.clone());
        let taking = Taking { at, end, cost, lacks, brought, acts };
        let ticket = self.ticket(Pending::Take(Box::new(taking)));
        self.ledgers.entry(name.clone()).or_insert_with(Ledger::empty).taking.insert(ticket, end);
        if let Some(link) = self.links.get_mut(&via) {
            let road = link.roads.entry(name.clone()).or_default();
            road.offered.insert(ticket, end);
            road.gap_said = None;
        }
        if self.config.fault == Fault::DurableBeforeFsync {
            let durable = Durable { ledger: name, size: end };
            self.send(&via, Frame::Durable(durable));
        }
        self.out.push(Action::Take { ticket, via, batch });
    }

    /// Notes which entries came as stubs although their sender may have had them: it lacks them.
    /// Says whether we may have more than came.
    fn look_at(&mut self, at: &At, batch: &Batch) -> bool {
        let mut lacks = false;
        let mut lacking_there: Vec<u64> = Vec::new();
        for (index, (leaf, parts)) in (batch.first..).zip(&batch.entries) {
            if self.lacks(&at.ledger, leaf, parts) {
                lacks = true;
                if !self.rights.parts(&at.ledger, leaf.label, &at.peer).is_empty() {
                    lacking_there.push(index);
                }
            }
        }
        if let Some(link) = self.links.get_mut(&at.peer) {
            let road = link.roads.entry(at.ledger.clone()).or_default();
            for index in lacking_there {
                road.unmet.insert(index..index + 1, super::config::PUSH_RANGES_MAX);
            }
        }
        lacks
    }

    /// Whether we may have parts of an entry that did not come with it. Every act is wanted: that we
    /// are admitted stands in one.
    fn lacks(&self, name: &LedgerName, leaf: &Leaf, parts: &Parts) -> bool {
        let all = parts.count().map_or(PartSet::ALL, PartSet::first);
        let mine = match name.lane() {
            Lane::Acts => all,
            Lane::Records | Lane::Private => {
                self.rights.parts(name, leaf.label, &self.me).intersection(all)
            }
        };
        !mine.without(parts.held()).is_empty()
    }

    /// As [`Self::declines`], for parts. A ledger that waits for acts takes them: its leaves were
    /// verified when they came, and the act it waits for may be in the parts of one of them.
    pub(super) fn declines_fill(&mut self, peer: &HallId, name: &LedgerName) -> bool {
        let held = self.ledgers.get_mut(name).and_then(|ledger| ledger.held.take());
        let declines = self.declines(peer, name);
        if let Some(ledger) = self.ledgers.get_mut(name) {
            ledger.held = held;
        }
        declines
    }

    /// Whether data of a ledger from this peer is not heard at all; says so where that helps.
    pub(super) fn declines(&mut self, peer: &HallId, name: &LedgerName) -> bool {
        let held = self.ledgers.get(name).and_then(|ledger| ledger.held);
        let empty = |ledger: &&Ledger| ledger.head.size == 0;
        let reason = if !travels(name) || !self.config.carry_from(peer).carries(name) {
            HeldReason::NotCarried
        } else if self.is_frozen(name) {
            HeldReason::Frozen
        } else if self.is_deaf(peer, name) {
            return true;
        } else if let Some((reason, _)) = held {
            reason
        } else if !self.ledgers.contains_key(name)
            && (self.ledgers.values().filter(empty).count() >= HELD_MAX || self.is_full(peer, name))
        {
            HeldReason::OverLimit
        } else {
            return false;
        };
        self.send(peer, Frame::Held(Held { ledger: name.clone(), reason }));
        true
    }

    /// Whether a ledger of this peer is not heard at present: damaged, or in doubt.
    fn is_deaf(&self, peer: &HallId, name: &LedgerName) -> bool {
        let road = self.links.get(peer).and_then(|link| link.roads.get(name));
        road.is_some_and(|road| road.paused || road.doubt.is_some())
    }

    fn is_full(&self, peer: &HallId, name: &LedgerName) -> bool {
        self.links
            .get(peer)
            .is_some_and(|link| link.roads.len() >= ROADS_MAX && !link.roads.contains_key(name))
    }

    /// Says our head, once for each of our sizes until the peer has gone back.
    fn gap(&mut self, peer: &HallId, name: &LedgerName, size: u64) {
        let Some(link) = self.links.get_mut(peer) else { return };
        let road = link.roads.entry(name.clone()).or_default();
        if road.gap_said != Some(size) {
            road.gap_said = Some(size);
            self.say_head(peer, name);
        }
    }

    pub(super) fn taken(&mut self, ticket: Ticket, outcome: Taken) {
        let Some(Pending::Take(taking)) = self.pending.remove(&ticket) else { return };
        let at = &taking.at;
        if let Some(ledger) = self.ledgers.get_mut(&at.ledger) {
            ledger.taking.remove(&ticket);
        }
        if let Some(road) = self.road_mut(&at.peer, &at.ledger) {
            road.offered.remove(&ticket);
        }
        match outcome {
            Taken::Durable { head, fills } => self.took(&taking, head, &fills),
            Taken::Gap { head } => {
                self.know(&at.ledger, head);
                if self.is_here(at) && !self.is_deaf(&at.peer, &at.ledger) {
                    self.gap(&at.peer, &at.ledger, head.size);
                }
            }
            Taken::Diverges { head } => {
                self.know(&at.ledger, head);
                if self.is_here(at) {
                    self.doubt(&at.peer, &at.ledger, taking.end);
                }
            }
            Taken::Held(reason) => self.hold(&taking, reason),
            Taken::Damaged { what } => self.damaged(&at.peer, &at.ledger, &what),
        }
        self.give_credit(&at.peer, at.connection, taking.cost);
        self.forget_empty(&at.ledger);
        self.drained();
    }

    fn took(&mut self, taking: &Taking, head: Head, fills: &[(u64, PartSet)]) {
        let at = &taking.at;
        if let Some(ledger) = self.ledgers.get_mut(&at.ledger) {
            ledger.via = Some(at.peer.clone());
            ledger.held = None;
        }
        if !self.alarms.is_empty() {
            self.timers.cancel(&Timer::Held(at.ledger.clone()));
            self.settle(AlarmCode::LedgerHeld, at.ledger.to_string());
        }
        if self.is_here(at)
            && let Some(road) = self.road_mut(&at.peer, &at.ledger)
        {
            road.theirs = road.theirs.max(taking.end);
            road.next = road.next.max(road.theirs);
        }
        self.heals(&at.peer, &at.ledger);
        self.remember(&at.peer, &at.ledger);
        self.grown(&at.ledger, head);
        let new: Vec<u64> = fills.iter().map(|(index, _)| *index).collect();
        self.push_parts(&at.ledger, &new, &at.peer);
        for range in &taking.brought {
            self.push_unmet(&at.ledger, range, &at.peer);
        }
        if !fills.is_empty() {
            self.unsigned(&at.ledger);
        }
        if taking.lacks {
            self.look_for(&at.ledger);
        }
    }

    /// A ledger of this hall is durable up to a new size, by whatever road.
    pub(super) fn grown(&mut self, name: &LedgerName, head: Head) {
        self.know(name, head);
        self.announce(name);
    }

    fn know(&mut self, name: &LedgerName, head: Head) {
        let now = self.now;
        let ledger = self.ledgers.entry(name.clone()).or_insert_with(Ledger::empty);
        if head.size > ledger.head.size {
            ledger.head = head;
            ledger.seen = ledger.seen.max(head.size);
            ledger.growth.push(head.size, now);
            self.unsigned(name);
        }
    }

    /// The ledger waits for acts, unless they moved while the batch was at the door: then again.
    fn hold(&mut self, taking: &Taking, reason: HeldReason) {
        let at = &taking.at;
        if taking.acts != self.acts {
            if self.is_here(at) {
                self.say_head(&at.peer, &at.ledger);
            }
            return;
        }
        let now = self.now;
        if let Some(ledger) = self.ledgers.get_mut(&at.ledger) {
            let since = ledger.held.map_or(now, |(_, since)| since);
            ledger.held = Some((reason, since));
        }
        let later = now.after(self.config.held_retry);
        self.timers.set_if_idle(Timer::Held(at.ledger.clone()), later);
        let detail = format!("{} from {}", reason.as_str(), at.peer);
        self.alarm(AlarmCode::LedgerHeld, at.ledger.to_string(), detail);
        self.send(&at.peer, Frame::Held(Held { ledger: at.ledger.clone(), reason }));
    }

    /// Hears a ledger again that waits for acts.
    pub(super) fn try_again(&mut self, name: &LedgerName) {
        let Some(ledger) = self.ledgers.get_mut(name) else { return };
        if ledger.held.take().is_none() {
            return;
        }
        self.timers.cancel(&Timer::Held(name.clone()));
        for peer in self.carriers(name) {
            self.say_head(&peer, name);
        }
        self.forget_empty(name);
    }

    /// A ledger of which nothing is here and nothing is under way needs no place.
    fn forget_empty(&mut self, name: &LedgerName) {
        let idle = |ledger: &Ledger| {
            ledger.head.size == 0 && ledger.taking.is_empty() && ledger.held.is_none()
        };
        if self.ledgers.get(name).is_some_and(idle) {
            self.ledgers.remove(name);
        }
    }

    /// Whether the connection that something came by is still the one.
    pub(super) fn is_here(&self, at: &At) -> bool {
        self.session(&at.peer).is_some_and(|session| session.connection == at.connection)
    }

    /// Takes the cost of a frame from what we granted; a peer that sends more is sent away.
    pub(super) fn take_credit(&mut self, peer: &HallId, cost: u64) -> Option<Connection> {
        let window = self.config.credit_bytes.max(1);
        let session = self.session_mut(peer)?;
        let connection = session.connection;
        if cost <= session.granted || session.granted >= window {
            session.granted = session.granted.saturating_sub(cost);
            return Some(connection);
        }
        self.part(peer, connection, "over-credit");
        None
    }

    /// Lets the peer send as much again.
    pub(super) fn give_credit(&mut self, peer: &HallId, connection: Connection, cost: u64) {
        let window = self.config.credit_bytes.max(1);
        let Some(session) = self.session_at(peer, connection) else { return };
        session.granted = session.granted.saturating_add(cost).min(window);
        if cost > 0 {
            self.send(peer, Frame::Credit(cost));
        }
    }
}
