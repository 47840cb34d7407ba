//! Receipts: evidence that a hall holds a ledger, on its way to the ledger's origin. State, not a
//! stream: the newest of each holder and ledger wins, at most one per interval goes out, a greeting
//! compares again, so every loss heals. Never for own ledgers, never for receipts.
//!
//! The road: the origin itself when it is a neighbour, else the next hall of the directory path,
//! else the link that the leaves came by. Newest-wins ends whatever loop old directories make.

use std::time::Duration;

use record::{HallId, LedgerName, Timestamp};
use wire::frame::{Frame, SignedReceipt};

use super::action::Action;
use super::config::{CHECKS_MAX, RECEIPTS_DOUBTFUL_MAX, RECEIPTS_MAX};
use super::event::{Connection, Ticket};
use super::state::Frozen;
use super::ticket::Pending;
use super::timers::Timer;
use super::{Machine, travels};

/// The newest receipt of a holder for a ledger.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) receipt: SignedReceipt,
    pub(crate) signed_at: Timestamp,
    /// The connection on which this one went.
    pub(crate) sent_on: Option<Connection>,
    /// When the last one of this holder and ledger went.
    pub(crate) sent_at: Option<Timestamp>,
}

impl Machine {
    /// What we hold of a ledger changed; a receipt follows when its time has come.
    pub(super) fn unsigned(&mut self, name: &LedgerName) {
        if self.is_own(name) || !travels(name) {
            return;
        }
        let interval = self.interval(name);
        let Some(ledger) = self.ledgers.get_mut(name) else { return };
        ledger.unsigned = true;
        let due = ledger.signed.map_or(self.now, |at| at.after(interval));
        self.timers.set_if_idle(Timer::Sign(name.clone()), due.max(self.now));
    }

    /// Signs, if there is something to sign, somebody to send it to, and our clock is not in doubt.
    /// Otherwise it stays unsigned until the next greeting, or until roads change.
    pub(super) fn sign(&mut self, name: &LedgerName) {
        if self.road_to(name).is_none() || self.clock_in_doubt() {
            return;
        }
        let now = self.now;
        let Some(ledger) = self.ledgers.get_mut(name) else { return };
        if ledger.head.size == 0 || ledger.frozen != Frozen::No {
            return;
        }
        if std::mem::take(&mut ledger.unsigned) {
            ledger.signed = Some(now);
            self.out.push(Action::MakeReceipt { ledger: name.clone() });
        }
    }

    pub(super) fn receipted(&mut self, receipt: SignedReceipt, signed_at: Timestamp) {
        if receipt.holder == self.me {
            self.keep(receipt, signed_at);
        }
    }

    /// A receipt came by; only one that may be news is verified.
    pub(super) fn receipt(&mut self, receipt: SignedReceipt) {
        let name = &receipt.ledger;
        if !travels(name) || receipt.holder == self.me || receipt.holder == *name.hall() {
            return;
        }
        let key = (name.clone(), receipt.holder.clone());
        let old = self
            .receipts
            .get(&key)
            .is_some_and(|kept| receipt.size < kept.receipt.size || receipt == kept.receipt);
        let newer = |waiting: &SignedReceipt| waiting.size > receipt.size;
        let overtaken = self.unchecked.get(&key).is_some_and(newer);
        let full = self.unchecked.len() >= RECEIPTS_MAX && !self.unchecked.contains_key(&key);
        if !old && !overtaken && !full {
            self.unchecked.insert(key, receipt);
            self.check();
        }
    }

    fn check(&mut self) {
        while self.checking < CHECKS_MAX {
            let Some((_, receipt)) = self.unchecked.pop_first() else { return };
            self.checking += 1;
            let ticket = self.ticket(Pending::Check { receipt: receipt.clone() });
            self.out.push(Action::CheckReceipt { ticket, receipt });
        }
    }

    pub(super) fn receipt_checked(&mut self, ticket: Ticket, signed_at: Option<Timestamp>) {
        let Some(Pending::Check { receipt }) = self.pending.remove(&ticket) else { return };
        self.checking = self.checking.saturating_sub(1);
        match signed_at {
            Some(signed_at) => self.keep(receipt, signed_at),
            None => self.doubtful(receipt),
        }
        self.check();
    }

    /// A receipt that does not verify is perhaps of a hall or key that our acts do not name yet; its
    /// sender takes it for delivered. Once the acts move it is looked at again, once.
    fn doubtful(&mut self, receipt: SignedReceipt) {
        let key = (receipt.ledger.clone(), receipt.holder.clone());
        let room = match self.doubtful.get(&key) {
            Some(waiting) => waiting.size <= receipt.size,
            None => self.doubtful.len() < RECEIPTS_DOUBTFUL_MAX,
        };
        if room {
            self.doubtful.insert(key, receipt);
        }
    }

    /// Looks again at what could not be verified before.
    pub(super) fn check_again(&mut self) {
        for (key, receipt) in std::mem::take(&mut self.doubtful) {
            // What came since is the better bet: this one may just be damaged.
            if !self.unchecked.contains_key(&key) {
                self.receipt(receipt);
            }
        }
    }

    /// Keeps a receipt that is newer than what is known, and hands it on.
    fn keep(&mut self, receipt: SignedReceipt, signed_at: Timestamp) {
        let (name, holder) = (receipt.ledger.clone(), receipt.holder.clone());
        let key = (name.clone(), holder.clone());
        let known = self.receipts.get(&key);
        if known.is_none() && self.receipts.len() >= RECEIPTS_MAX {
            return;
        }
        let rank = |kept: &Kept| (kept.receipt.size, kept.signed_at);
        if known.is_some_and(|kept| rank(kept) >= (receipt.size, signed_at)) {
            return;
        }
        let sent_at = known.and_then(|kept| kept.sent_at);
        self.out.push(Action::KeepReceipt { receipt: receipt.clone() });
        self.receipts.insert(key, Kept { receipt, signed_at, sent_on: None, sent_at });
        if !self.is_own(&name) {
            let due = sent_at.map_or(self.now, |at| at.after(self.interval(&name)));
            self.timers.set_if_idle(Timer::Forward(name, holder), due.max(self.now));
        }
    }

    /// Sends the newest receipt of a holder on its way, once per connection.
    pub(super) fn forward(&mut self, name: &LedgerName, holder: &HallId) {
        let Some(next) = self.road_to(name) else { return };
        let Some(connection) = self.session(&next).map(|session| session.connection) else {
            return;
        };
        let now = self.now;
        let Some(kept) = self.receipts.get_mut(&(name.clone(), holder.clone())) else { return };
        if kept.sent_on == Some(connection) {
            return;
        }
        (kept.sent_on, kept.sent_at) = (Some(connection), Some(now));
        let frame = Frame::Receipt(kept.receipt.clone());
        self.send(&next, frame);
    }

    /// A new link: receipts whose road it is go out again, and what was not signed is.
    pub(super) fn receipts_after_greeting(&mut self, peer: &HallId) {
        self.route_again(Some(peer));
        self.sign_what_waits();
    }

    /// Roads may have changed.
    pub(super) fn receipts_rerouted(&mut self) {
        self.route_again(None);
        self.sign_what_waits();
    }

    /// What had no road, or a doubtful clock, when its time came.
    pub(super) fn sign_what_waits(&mut self) {
        let waiting = self.ledgers.iter().filter(|(_, ledger)| ledger.unsigned);
        for name in waiting.map(|(name, _)| name.clone()).collect::<Vec<_>>() {
            self.unsigned(&name);
        }
    }

    fn route_again(&mut self, by: Option<&HallId>) {
        let keys: Vec<(LedgerName, HallId)> = self.receipts.keys().cloned().collect();
        for (name, holder) in keys {
            let Some(next) = self.road_to(&name) else { continue };
            if by.is_some_and(|peer| *peer != next) {
                continue;
            }
            let interval = self.interval(&name);
            let connection = self.session(&next).map(|session| session.connection);
            let Some(kept) = self.receipts.get(&(name.clone(), holder.clone())) else { continue };
            if kept.sent_on != connection {
                let due = kept.sent_at.map_or(self.now, |at| at.after(interval));
                self.timers.set_if_idle(Timer::Forward(name, holder), due.max(self.now));
            }
        }
    }

    /// The link that receipts for a ledger take, when one is up.
    fn road_to(&self, name: &LedgerName) -> Option<HallId> {
        let origin = name.hall();
        if *origin == self.me {
            return None;
        }
        let up = |peer: &HallId| self.links.get(peer).is_some_and(|link| link.ready().is_some());
        if up(origin) {
            return Some(origin.clone());
        }
        let via = self.ledgers.get(name).and_then(|ledger| ledger.via.clone());
        [self.next_hop(origin), via].into_iter().flatten().find(|peer| up(peer))
    }

    fn interval(&self, name: &LedgerName) -> Duration {
        let near = self.links.get(name.hall()).is_some_and(|link| link.ready().is_some());
        if near { self.config.receipt_near } else { self.config.receipt_far }
    }

    /// When most of those we talk to disagree with our clock, it is ours that is wrong. One peer
    /// with a bad clock stops nobody's receipts but its own.
    fn clock_in_doubt(&self) -> bool {
        let sessions = self.links.values().filter_map(|link| link.ready());
        let (apart, all) = sessions.fold((0_usize, 0_usize), |(apart, all), session| {
            (apart + usize::from(session.clock_apart), all + 1)
        });
        apart * 2 > all
    }
}
