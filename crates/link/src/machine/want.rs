//! Parts that this hall may have and lacks. Nobody else knows of them, so the receiver looks: after
//! the acts moved, after batches with stubs, after greetings and now and then; and asks its
//! neighbours, the next hop towards the origin first, then those nearest to it. One want per ledger
//! is open at a time; who has nothing is passed over until the round is through; rounds repeat for
//! ever, less and less often, under an alarm.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use record::{HallId, LedgerName};
use wire::frame::{Frame, WANT_RANGES_MAX, Want, WantAnswer};

use super::Machine;
use super::action::{Action, AlarmCode};
use super::config::{FINDS_MAX, Fault, WANTS_OPEN_MAX};
use super::ranges::count;
use super::state::{Asked, Frozen, Lack, Road};
use super::ticket::At;
use super::timers::Timer;

impl Machine {
    /// Looks for parts lacking in a ledger, as soon as a search is free.
    pub(super) fn look_for(&mut self, name: &LedgerName) {
        let worth = |name: &LedgerName| {
            self.ledgers.get(name).is_some_and(|ledger| {
                ledger.head.size > 0 && ledger.frozen == Frozen::No && super::travels(name)
            })
        };
        if !self.is_own(name) && worth(name) {
            self.to_find.insert(name.clone());
            self.find();
        }
    }

    fn find(&mut self) {
        while self.finding < FINDS_MAX {
            let idle = |name: &&LedgerName| {
                self.ledgers.get(*name).is_none_or(|ledger| !ledger.lack.finding)
            };
            let Some(name) = self.to_find.iter().find(idle).cloned() else { return };
            self.to_find.remove(&name);
            let Some(ledger) = self.ledgers.get_mut(&name) else { continue };
            ledger.lack.finding = true;
            self.finding += 1;
            let from = ledger.lack.from;
            self.out.push(Action::FindLacking { ledger: name, from });
        }
    }

    pub(super) fn look_everywhere(&mut self) {
        for name in self.ledgers.keys().cloned().collect::<Vec<_>>() {
            self.look_for(&name);
        }
        self.timers.set(Timer::Look, self.now.after(self.config.look_every));
    }

    pub(super) fn lacking(&mut self, name: &LedgerName, ranges: Vec<Range<u64>>) {
        let now = self.now;
        let Some(ledger) = self.ledgers.get_mut(name) else { return };
        if std::mem::take(&mut ledger.lack.finding) {
            self.finding = self.finding.saturating_sub(1);
        }
        if ranges.is_empty() && std::mem::take(&mut ledger.lack.from) > 0 {
            // The last page is through; those before it still lack what nobody could give.
            self.ask_later(name);
        } else if ranges.is_empty() {
            ledger.lack = Lack::default();
            self.timers.cancel(&Timer::Want(name.clone()));
            self.settle(AlarmCode::PartsWanted, name.to_string());
        } else {
            ledger.lack.ranges = ranges;
            ledger.lack.ranges.truncate(WANT_RANGES_MAX);
            ledger.lack.since.get_or_insert(now);
            self.ask(name);
        }
        self.find();
    }

    /// Asks the next neighbour of this round, unless a want is open.
    fn ask(&mut self, name: &LedgerName) {
        let Some(lack) = self.ledgers.get(name).map(|ledger| &ledger.lack) else { return };
        let Some(low) = lack.ranges.first().map(|range| range.start) else { return };
        if lack.asked.is_some() {
            return;
        }
        let age = lack.since.map(|since| self.now.since(since)).unwrap_or_default();
        if age >= self.config.want_alarm {
            let detail = format!("{} entries for {} s", count(&lack.ranges), age.as_secs());
            self.alarm(AlarmCode::PartsWanted, name.to_string(), detail);
        }
        if self.config.fault == Fault::NoWant {
            return;
        }
        match self.whom(name, low) {
            Some(peer) => self.ask_of(name, &peer),
            None => self.ask_later(name),
        }
    }

    /// The best neighbour that holds the leaf and was not asked in this round.
    fn whom(&self, name: &LedgerName, low: u64) -> Option<HallId> {
        let lack = &self.ledgers.get(name)?.lack;
        let next = self.next_hop(name.hall());
        let mut open: BTreeMap<&HallId, usize> = BTreeMap::new();
        for asked in self.ledgers.values().filter_map(|ledger| ledger.lack.asked.as_ref()) {
            *open.entry(&asked.peer).or_default() += 1;
        }
        let able = self.links.iter().filter(|(peer, link)| {
            let road = link.roads.get(name);
            link.ready().is_some()
                && road.is_some_and(|road| reach(peer, name, road) > low && !road.paused)
                && !lack.tried.contains(*peer)
                && open.get(peer).is_none_or(|open| *open < WANTS_OPEN_MAX)
        });
        let far = |peer: &HallId| self.distance(peer, name.hall());
        able.map(|(peer, _)| (Some(peer) != next.as_ref(), far(peer), peer)).min().map(|best| {
            let (_, _, peer) = best;
            peer.clone()
        })
    }

    fn ask_of(&mut self, name: &LedgerName, peer: &HallId) {
        let (id, now) = (self.number(), self.now);
        let road = self.links.get(peer).and_then(|link| link.roads.get(name));
        let theirs = road.map_or(0, |road| reach(peer, name, road));
        let Some(ledger) = self.ledgers.get_mut(name) else { return };
        let clip = |range: &Range<u64>| range.start..range.end.min(theirs);
        let ranges = ledger.lack.ranges.iter().map(clip).filter(|range| range.start < range.end);
        let want = Want { id, ledger: name.clone(), ranges: ranges.collect() };
        let asked = Asked { id, peer: peer.clone(), at: now, gained: 0, answered: None };
        ledger.lack.asked = Some(asked);
        self.timers.set(Timer::Want(name.clone()), now.after(self.config.want_timeout));
        self.send(peer, Frame::Want(want));
    }

    /// The round is through: the next page, or the first one again after a while, with everybody.
    fn ask_later(&mut self, name: &LedgerName) {
        let (first, max) = (self.config.want_retry, self.config.want_retry_max);
        let Some(ledger) = self.ledgers.get_mut(name) else { return };
        let asked = !std::mem::take(&mut ledger.lack.tried).is_empty();
        let full = ledger.lack.ranges.len() >= WANT_RANGES_MAX;
        if let Some(last) = ledger.lack.ranges.last()
            && asked
            && full
        {
            ledger.lack.from = last.end;
            self.look_for(name);
            return;
        }
        ledger.lack.from = 0;
        let wait = self.chance.backoff(first, max, ledger.lack.rounds);
        ledger.lack.rounds = ledger.lack.rounds.saturating_add(1);
        self.timers.set(Timer::Want(name.clone()), self.now.after(wait));
    }

    /// A want has made no progress for too long, or it is time for another round.
    pub(super) fn want_due(&mut self, name: &LedgerName) {
        let timeout = self.config.want_timeout;
        let Some(ledger) = self.ledgers.get_mut(name) else { return };
        if let Some(asked) = &ledger.lack.asked {
            let due = asked.at.after(timeout);
            if due > self.now {
                self.timers.set(Timer::Want(name.clone()), due);
                return;
            }
            ledger.lack.tried.insert(asked.peer.clone());
            ledger.lack.asked = None;
        }
        self.look_for(name);
    }

    pub(super) fn want_answer(&mut self, peer: &HallId, answer: &WantAnswer) {
        let Some(ledger) = self.ledgers.get_mut(&answer.ledger) else { return };
        let Some(asked) = ledger.lack.asked.as_mut() else { return };
        if asked.peer != *peer || asked.id != answer.id {
            return;
        }
        asked.answered = Some(answer.refused);
        asked.at = self.now;
        self.conclude(&answer.ledger);
    }

    /// Parts came through the door from a peer.
    pub(super) fn filled(&mut self, at: &At, new: usize) {
        let now = self.now;
        let Some(ledger) = self.ledgers.get_mut(&at.ledger) else { return };
        if let Some(asked) = ledger.lack.asked.as_mut().filter(|asked| asked.peer == at.peer) {
            asked.gained = asked.gained.saturating_add(u64::try_from(new).unwrap_or(u64::MAX));
            asked.at = now;
        } else if new > 0 && !ledger.lack.ranges.is_empty() && ledger.filling == 0 {
            self.look_for(&at.ledger);
        }
        // The last fill through the door may be another peer's than the one that answered.
        self.conclude(&at.ledger);
    }

    /// Closes a want once it is answered and its fills are through the door; then looks again. A
    /// peer that had nothing new for us is not asked again in this round, so rounds end.
    fn conclude(&mut self, name: &LedgerName) {
        let Some(ledger) = self.ledgers.get_mut(name) else { return };
        if ledger.filling > 0 {
            return;
        }
        let lack = &mut ledger.lack;
        let Some(asked) = lack.asked.take_if(|asked| asked.answered.is_some()) else { return };
        if asked.gained > 0 {
            lack.rounds = 0;
        }
        if asked.gained == 0 || asked.answered > Some(0) {
            lack.tried.insert(asked.peer);
        }
        self.look_for(name);
    }

    /// A connection is gone: its wants are asked elsewhere.
    pub(super) fn wants_lost(&mut self, peer: &HallId) {
        let asks = |lack: &Lack| lack.asked.as_ref().is_some_and(|asked| asked.peer == *peer);
        let hit = self.ledgers.iter().filter(|(_, ledger)| asks(&ledger.lack));
        let names: Vec<LedgerName> = hit.map(|(name, _)| name.clone()).collect();
        for name in names {
            if let Some(ledger) = self.ledgers.get_mut(&name) {
                ledger.lack.asked = None;
            }
            self.look_for(&name);
        }
    }

    /// A new road: everybody is asked anew for what is lacking.
    pub(super) fn wants_after_greeting(&mut self) {
        let lacks = |lack: &Lack| !lack.ranges.is_empty();
        let hit = self.ledgers.iter().filter(|(_, ledger)| lacks(&ledger.lack));
        let names: BTreeSet<LedgerName> = hit.map(|(name, _)| name.clone()).collect();
        for name in names {
            if let Some(ledger) = self.ledgers.get_mut(&name) {
                (ledger.lack.from, ledger.lack.rounds) = (0, 0);
                ledger.lack.tried.clear();
            }
            self.look_for(&name);
        }
    }

    /// The next hall on the way to an origin.
    pub(super) fn next_hop(&self, origin: &HallId) -> Option<HallId> {
        self.rights.acts().directory().next_hop(&self.me, origin)
    }

    fn distance(&self, peer: &HallId, origin: &HallId) -> usize {
        let path = self.rights.acts().directory().path(peer, origin);
        path.map_or(usize::MAX, |path| path.len())
    }
}

/// How far a peer is in a ledger. An origin need not have said how far it is in its own: when another
/// road was quicker, it hears that we have everything, and has nothing to say.
fn reach(peer: &HallId, name: &LedgerName, road: &Road) -> u64 {
    if peer == name.hall() { u64::MAX } else { road.theirs }
}
