//! Doubt, proof, damage, fork. Roots that disagree are answered with a question after a proof. Both
//! seals in one tree: the road damaged the batch. Two trees under the origin's own seals: a fork,
//! proven by itself, entered into our acts, and exactly that ledger is frozen. Anything else is the
//! relay's fault, is counted and pauses that ledger on that link, a little longer each time.

use record::{HallId, LedgerName};
use wire::frame::{Frame, Held, HeldReason, Proof, Prove};

use super::action::{Action, AlarmCode};
use super::config::PROVES_MAX;
use super::event::{Ticket, Verdict};
use super::state::Frozen;
use super::ticket::{At, Pending};
use super::timers::Timer;
use super::{Machine, travels};

impl Machine {
    /// Asks the peer to prove the seal at `new_size` against what we hold.
    pub(super) fn doubt(&mut self, peer: &HallId, name: &LedgerName, new_size: u64) {
        let old_size = self.size(name);
        if self.is_frozen(name) {
            return;
        }
        let Some(road) = self.road_mut(peer, name) else { return };
        if road.doubt.is_some() || road.paused {
            return;
        }
        road.doubt = Some((old_size, new_size));
        let late = self.now.after(self.config.proof_timeout);
        self.timers.set(Timer::Doubt(peer.clone(), name.clone()), late);
        self.send(peer, Frame::Prove(Prove { ledger: name.clone(), old_size, new_size }));
    }

    /// An origin that is behind us in what only it writes was rolled back, or is a second hall of that
    /// name which has gone its own way. Nobody sends an origin its own ledger, so no batch would show
    /// which: it is asked to prove the seal of what it has.
    pub(super) fn check_origin(&mut self, peer: &HallId, name: &LedgerName) {
        if *name.hall() != *peer {
            return;
        }
        let Some(theirs) = self.road_mut(peer, name).map(|road| road.theirs) else { return };
        if (1..self.size(name)).contains(&theirs) {
            self.doubt(peer, name, theirs);
        }
    }

    pub(super) fn prove(&mut self, peer: &HallId, prove: Prove) {
        let Some(session) = self.session_mut(peer) else { return };
        if session.proving >= PROVES_MAX || !travels(&prove.ledger) {
            return;
        }
        session.proving += 1;
        let connection = session.connection;
        let at = At { peer: peer.clone(), connection, ledger: prove.ledger.clone() };
        let ticket = self.ticket(Pending::Prove { at });
        self.out.push(Action::Prove { ticket, prove });
    }

    pub(super) fn proved(&mut self, ticket: Ticket, proof: Option<Proof>) {
        let Some(Pending::Prove { at }) = self.pending.remove(&ticket) else { return };
        let Some(session) = self.session_at(&at.peer, at.connection) else { return };
        session.proving = session.proving.saturating_sub(1);
        if let Some(proof) = proof {
            self.send(&at.peer, Frame::Proof(proof));
        }
    }

    pub(super) fn proof(&mut self, peer: &HallId, proof: Proof) {
        let Some(link) = self.links.get_mut(peer) else { return };
        let Some(connection) = link.session.as_ref().map(|now| now.connection) else { return };
        let Some(road) = link.roads.get_mut(&proof.ledger) else { return };
        // A proof nobody asked for, or asked for twice, is not looked at.
        if road.doubt != Some((proof.old_size, proof.new_size)) {
            return;
        }
        let at = At { peer: peer.clone(), connection, ledger: proof.ledger.clone() };
        self.timers.cancel(&Timer::Doubt(peer.clone(), proof.ledger.clone()));
        let ticket = self.ticket(Pending::Examine { at });
        self.out.push(Action::Examine { ticket, proof });
    }

    pub(super) fn examined(&mut self, ticket: Ticket, verdict: Verdict) {
        let Some(Pending::Examine { at }) = self.pending.remove(&ticket) else { return };
        let here = self.is_here(&at);
        let road = self.road_mut(&at.peer, &at.ledger).filter(|_| here);
        let doubt = road.and_then(|road| road.doubt.take());
        let behind = doubt.is_some_and(|(ours, theirs)| theirs < ours);
        match verdict {
            // It has lost entries, as its own alarm says, or we grew before its head arrived.
            Verdict::Consistent if behind && at.ledger.hall() == &at.peer => {
                self.say_head(&at.peer, &at.ledger);
            }
            Verdict::Consistent => {
                self.damaged(&at.peer, &at.ledger, "seals agree, entries do not");
            }
            // No proof that others would take; only this hall's copy stops.
            Verdict::Void => self.freeze(&at.ledger, Frozen::Declared),
            Verdict::Worthless => self.damaged(&at.peer, &at.ledger, "the proof proves nothing"),
            Verdict::Fork(fork) => {
                if !self.is_frozen(&at.ledger) {
                    self.out.push(Action::DeclareFork { fork });
                    self.freeze(&at.ledger, Frozen::Declared);
                }
            }
        }
    }

    pub(super) fn proof_late(&mut self, peer: &HallId, name: &LedgerName) {
        let Some(road) = self.road_mut(peer, name) else { return };
        if road.doubt.take().is_some() {
            self.damaged(peer, name, "no proof came");
        }
    }

    /// What a relay brought does not verify: nothing of that ledger is heard from it for a while.
    pub(super) fn damaged(&mut self, peer: &HallId, name: &LedgerName, what: &str) {
        let (first, max) = (self.config.damage_pause, self.config.backoff_max.saturating_mul(10));
        let Some(road) = self.road_mut(peer, name) else { return };
        if road.paused {
            return;
        }
        road.paused = true;
        let before = road.damaged;
        road.damaged = road.damaged.saturating_add(1);
        let pause = self.chance.backoff(first, max, before);
        self.timers.set(Timer::Damage(peer.clone(), name.clone()), self.now.after(pause));
        self.alarm(AlarmCode::RelayDamaged, peer.to_string(), format!("{name}: {what}"));
        let held = Held { ledger: name.clone(), reason: HeldReason::OverLimit };
        self.send(peer, Frame::Held(held));
    }

    pub(super) fn pause_over(&mut self, peer: &HallId, name: &LedgerName) {
        let Some(road) = self.road_mut(peer, name) else { return };
        road.paused = false;
        self.say_head(peer, name);
        self.check_origin(peer, name);
    }

    /// What a relay brought is good again.
    pub(super) fn heals(&mut self, peer: &HallId, name: &LedgerName) {
        let Some(link) = self.links.get_mut(peer) else { return };
        let Some(road) = link.roads.get_mut(name) else { return };
        if std::mem::take(&mut road.damaged) > 0
            && link.roads.values().all(|road| road.damaged == 0)
        {
            self.settle(AlarmCode::RelayDamaged, peer.to_string());
        }
    }

    /// Stops one ledger, everywhere here, and tells those who would send it.
    pub(super) fn freeze(&mut self, name: &LedgerName, how: Frozen) {
        let Some(ledger) = self.ledgers.get_mut(name) else { return };
        let was = std::mem::replace(&mut ledger.frozen, how);
        if was != Frozen::No {
            return;
        }
        ledger.lack = super::state::Lack { finding: ledger.lack.finding, ..Default::default() };
        self.timers.cancel(&Timer::Want(name.clone()));
        self.settle(AlarmCode::PartsWanted, name.to_string());
        self.alarm(AlarmCode::LedgerForked, name.to_string(), "two seals disagree".to_owned());
        for peer in self.carriers(name) {
            if let Some(session) = self.session_mut(&peer) {
                session.unstage(name);
            }
            let held = Held { ledger: name.clone(), reason: HeldReason::Frozen };
            self.send(&peer, Frame::Held(held));
        }
    }

    /// A fork has been ended by a continuation: what the acts leave of the ledger may travel.
    pub(super) fn thaw(&mut self, name: &LedgerName) {
        let Some(ledger) = self.ledgers.get_mut(name) else { return };
        if std::mem::replace(&mut ledger.frozen, Frozen::No) == Frozen::No {
            return;
        }
        self.settle(AlarmCode::LedgerForked, name.to_string());
        for peer in self.carriers(name) {
            self.say_head(&peer, name);
            self.stir(&peer, name);
        }
    }
}
