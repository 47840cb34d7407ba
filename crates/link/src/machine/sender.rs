//! What goes out: for each ledger that the peer carries, the entries from the peer's durable size
//! on, in batches that end on a seal, under the peer's credit. Loads are asked for only when credit
//! is there for them, so a slow peer holds nothing in memory, whatever its backlog.
//!
//! A frame larger than the whole credit goes alone: that keeps the promise to a small peer bounded
//! by one commit and the road open.

use record::{HallId, Lane, LedgerName};
use wire::frame::{Batch, Durable, Frame, Held};

use super::action::Action;
use super::config::{LIVE_LAG, LOAD_BYTES, LOADS_MAX, ROADS_MAX};
use super::event::Ticket;
use super::schedule::{Class, Work};
use super::state::{Link, Road, Session, Stage, Staged};
use super::ticket::{At, Pending};
use super::timers::Timer;
use super::{Machine, travels};

/// With less credit than this to spare, nothing is asked for.
const SPARE_MIN: u64 = 64 << 10;

impl Machine {
    /// Queues what a peer is owed of a ledger, if anything.
    pub(super) fn stir(&mut self, peer: &HallId, name: &LedgerName) {
        let frozen = self.is_frozen(name);
        let size = self.size(name);
        let Some(link) = self.links.get_mut(peer) else { return };
        let Some(session) = link.session.as_mut().filter(|now| now.stage == Stage::Ready) else {
            return;
        };
        if frozen || *name.hall() == *peer || !travels(name) || !session.carries.carries(name) {
            return;
        }
        if !link.roads.contains_key(name) && link.roads.len() >= ROADS_MAX {
            return;
        }
        let road = link.roads.entry(name.clone()).or_default();
        if road.parked.is_some() || road.loading.is_some() {
            return;
        }
        let lag = size.saturating_sub(road.covered());
        if lag > 0 {
            session.schedule.add(class(name, lag), Work::Leaves(name.clone()));
        } else {
            session.schedule.rest(&Work::Leaves(name.clone()));
        }
        if !road.push.is_empty() {
            session.schedule.add(class(name, u64::MAX), Work::Parts(name.clone()));
        }
        self.stirred.insert(peer.clone());
    }

    /// Sends what is loaded and asks for more, as far as credit goes.
    pub(super) fn pump(&mut self, peer: &HallId) {
        if self.draining {
            return;
        }
        self.flush(peer);
        for class in Class::ALL {
            loop {
                let Some(session) =
                    self.session_mut(peer).filter(|session| session.stage == Stage::Ready)
                else {
                    return;
                };
                let idle = session.busy() == 0 && session.credit == session.window;
                let most = LOADS_MAX.get(class.place()).copied().unwrap_or(1);
                if session.busy() >= most || (session.spare() < SPARE_MIN && !idle) {
                    break;
                }
                let most_now = session.spare().clamp(1, LOAD_BYTES);
                let Some((work, share)) = session.schedule.next(class) else { break };
                let share = if class == Class::Past { share.max(SPARE_MIN) } else { LOAD_BYTES };
                self.begin_work(peer, class, &work, share.min(most_now));
            }
        }
    }

    fn begin_work(&mut self, peer: &HallId, class: Class, work: &Work, bytes: u64) {
        let begun = match work {
            Work::Leaves(name) => self.load(peer, class, name, bytes),
            Work::Parts(name) => self.load_push(peer, class, name, bytes),
            Work::Want(id) => self.load_want(peer, *id, bytes),
        };
        let Some(session) = self.session_mut(peer) else { return };
        if begun {
            session.reserved = session.reserved.saturating_add(bytes);
            if let Some(loads) = session.loads.get_mut(class.place()) {
                *loads += 1;
            }
        } else {
            session.schedule.rest(work);
        }
    }

    fn load(&mut self, peer: &HallId, class: Class, name: &LedgerName, bytes: u64) -> bool {
        let (size, frozen) = (self.size(name), self.is_frozen(name));
        let Some((at, from, record_bytes)) = self.road_at(peer, name, |road, session| {
            let from = road.covered();
            let wanted = !frozen && road.parked.is_none() && road.loading.is_none() && from < size;
            wanted.then_some((from, session.record_bytes))
        }) else {
            return false;
        };
        let ticket = self.ticket(Pending::Load { at, class, reserved: bytes });
        if let Some(road) = self.road_mut(peer, name) {
            (road.loading, road.next) = (Some(ticket), from);
        }
        let (peer, ledger) = (peer.clone(), name.clone());
        self.out.push(Action::Load { ticket, peer, ledger, from, bytes, record_bytes });
        true
    }

    fn road_at(
        &self,
        peer: &HallId,
        name: &LedgerName,
        read: impl FnOnce(&Road, &Session) -> Option<(u64, u64)>,
    ) -> Option<(At, u64, u64)> {
        let link = self.links.get(peer)?;
        let session = link.ready()?;
        let (one, other) = read(link.roads.get(name)?, session)?;
        let (peer, ledger) = (peer.clone(), name.clone());
        Some((At { peer, connection: session.connection, ledger }, one, other))
    }

    pub(super) fn road_mut(&mut self, peer: &HallId, name: &LedgerName) -> Option<&mut Road> {
        self.links.get_mut(peer)?.roads.get_mut(name)
    }

    /// Gives back what a load had set aside; none when its connection is gone.
    pub(super) fn release(&mut self, at: &At, class: Class, bytes: u64) -> Option<&mut Link> {
        let link = self.links.get_mut(&at.peer)?;
        let session = link.session.as_mut().filter(|now| now.connection == at.connection)?;
        session.reserved = session.reserved.saturating_sub(bytes);
        if let Some(loads) = session.loads.get_mut(class.place()) {
            *loads = loads.saturating_sub(1);
        }
        self.stirred.insert(at.peer.clone());
        Some(link)
    }

    pub(super) fn loaded(&mut self, ticket: Ticket, batch: Option<Batch>) {
        let Some(Pending::Load { at, class, reserved }) = self.pending.remove(&ticket) else {
            return;
        };
        let Some(link) = self.release(&at, class, reserved) else { return };
        let Some(road) = link.roads.get_mut(&at.ledger) else { return };
        if road.loading != Some(ticket) {
            // The peer said where it really is while we were reading.
            self.stir(&at.peer, &at.ledger);
            return;
        }
        road.loading = None;
        let Some(batch) = batch else {
            let later = self.now.after(self.config.load_retry);
            self.timers.set(Timer::Reload(at.peer.clone(), at.ledger.clone()), later);
            return;
        };
        let end = end_of(&batch);
        let fits = batch.first <= road.next && road.covered() < end;
        if let Some(ledger) = self.ledgers.get_mut(&at.ledger) {
            ledger.seen = ledger.seen.max(end);
        }
        if fits {
            if let Some(road) = self.road_mut(&at.peer, &at.ledger) {
                road.next = end;
            }
            let frame = Frame::Batch(batch);
            self.stage(&at, class, Some(&at.leaves()), frame);
        }
        self.stir(&at.peer, &at.ledger);
    }

    /// Puts a frame of data in line for credit and charges the work it came from.
    pub(super) fn stage(&mut self, at: &At, class: Class, work: Option<&Work>, frame: Frame) {
        let Some(session) = self.session_at(&at.peer, at.connection) else { return };
        let cost = frame.cost();
        if let Some(work) = work {
            session.schedule.charge(work, cost);
        }
        if let Some(queue) = session.staged.get_mut(class.place()) {
            queue.push_back(Staged { frame, cost, ledger: at.ledger.clone() });
        }
        self.stirred.insert(at.peer.clone());
    }

    /// Sends staged frames in order, as far as credit goes. The first that does not fit holds up
    /// the rest, or the large would never go.
    fn flush(&mut self, peer: &HallId) {
        for class in Class::ALL {
            loop {
                let now = self.now;
                let Some(link) = self.links.get_mut(peer) else { return };
                let Some(session) = link.session.as_mut().filter(|now| now.stage != Stage::Ending)
                else {
                    return;
                };
                let Some(queue) = session.staged.get_mut(class.place()) else { return };
                let Some(Staged { frame, cost, ledger }) = queue.pop_front() else { break };
                if !session.affords(cost) {
                    if let Some(queue) = session.staged.get_mut(class.place()) {
                        queue.push_front(Staged { frame, cost, ledger });
                    }
                    return;
                }
                session.credit = session.credit.saturating_sub(cost);
                if let (Frame::Batch(batch), Some(road)) = (&frame, link.roads.get_mut(&ledger)) {
                    road.sent.push(end_of(batch), now);
                }
                self.send(peer, frame);
            }
        }
    }

    pub(super) fn credit(&mut self, peer: &HallId, bytes: u64) {
        if let Some(session) = self.session_mut(peer) {
            session.credit = session.credit.saturating_add(bytes).min(session.window);
            self.stirred.insert(peer.clone());
        }
    }

    /// The peer holds a ledger durably: the cursor moves, the outbox remembers.
    pub(super) fn durable(&mut self, peer: &HallId, durable: &Durable) {
        let (name, size) = (&durable.ledger, durable.size);
        if !travels(name) {
            return;
        }
        let Some(link) = self.links.get_mut(peer) else { return };
        if !link.roads.contains_key(name) && link.roads.len() >= ROADS_MAX {
            return;
        }
        let road = link.roads.entry(name.clone()).or_default();
        if size <= road.theirs {
            return;
        }
        road.theirs = size;
        road.next = road.next.max(size);
        road.parked = None;
        road.sent.reach(size);
        let ready = link.session.as_ref().is_some_and(|now| now.stage == Stage::Ready);
        if self.check_own(peer, name, size) {
            self.say_head(peer, name);
        }
        if ready {
            self.remember(peer, name);
            self.stir(peer, name);
        }
    }

    /// The peer cannot take a ledger now. It says its head again when it can.
    pub(super) fn held_there(&mut self, peer: &HallId, held: &Held) {
        let Some(link) = self.links.get_mut(peer) else { return };
        if let Some(session) = &mut link.session {
            session.unstage(&held.ledger);
        }
        if let Some(road) = link.roads.get_mut(&held.ledger) {
            road.parked = Some(held.reason);
            road.next = road.theirs;
            road.sent.clear();
        }
    }

    /// Tells everybody who carries a ledger how far it is durable here, so that two roads do not
    /// both bring it, and whoever lacks it gets it.
    pub(super) fn announce(&mut self, name: &LedgerName) {
        let size = self.size(name);
        let own = self.is_own(name);
        for peer in self.carriers(name) {
            let Some(link) = self.links.get_mut(&peer) else { continue };
            if !own && (link.roads.contains_key(name) || link.roads.len() < ROADS_MAX) {
                let road = link.roads.entry(name.clone()).or_default();
                if road.told < size {
                    road.told = size;
                    let ledger = name.clone();
                    self.send(&peer, Frame::Durable(Durable { ledger, size }));
                }
            }
            // Who already claims what we only just wrote has it from somebody else of our name.
            if own && self.road_mut(&peer, name).is_some_and(|road| road.theirs >= size) {
                self.say_head(&peer, name);
            }
            self.stir(&peer, name);
        }
    }
}

/// The index after the last entry of a batch, which is the size its seal names.
pub(super) fn end_of(batch: &Batch) -> u64 {
    batch.first.saturating_add(u64::try_from(batch.entries.len()).unwrap_or(u64::MAX))
}

/// Acts first; then what the peer is nearly level with; the rest is the past.
pub(super) fn class(name: &LedgerName, lag: u64) -> Class {
    match name.lane() {
        Lane::Acts => Class::Acts,
        Lane::Records | Lane::Private if lag <= LIVE_LAG => Class::Live,
        Lane::Records | Lane::Private => Class::Past,
    }
}
