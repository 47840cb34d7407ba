//! What the machine waits for, each thing at most once. Setting a timer again moves it, so nothing
//! piles up; a timer that has lost its reason finds that out when it fires.

use std::collections::{BTreeMap, BTreeSet};

use record::{HallId, LedgerName, Timestamp};

use super::event::Connection;

/// Something to do later.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// Dial a peer.
    Dial(HallId),
    /// Give up a greeting.
    Greet(HallId, Connection),
    /// Look for seals again.
    Reload(HallId, LedgerName),
    /// Hear a damaged ledger of a link again.
    Damage(HallId, LedgerName),
    /// Give up a proof.
    Doubt(HallId, LedgerName),
    /// Try a ledger that waits for acts.
    Held(LedgerName),
    /// Ask again for parts, or elsewhere.
    Want(LedgerName),
    /// Search all ledgers for lacking parts.
    Look,
    /// Make a receipt.
    Sign(LedgerName),
    /// Hand on the receipt of a holder.
    Forward(LedgerName, HallId),
}

/// All timers of a machine.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    due: BTreeSet<(Timestamp, Timer)>,
    set: BTreeMap<Timer, Timestamp>,
}

impl Timers {
    /// Sets or moves a timer.
    pub(crate) fn set(&mut self, timer: Timer, at: Timestamp) {
        self.cancel(&timer);
        self.due.insert((at, timer.clone()));
        self.set.insert(timer, at);
    }

    /// Sets a timer unless it runs already, for an earlier or later moment.
    pub(crate) fn set_if_idle(&mut self, timer: Timer, at: Timestamp) {
        if !self.set.contains_key(&timer) {
            self.set(timer, at);
        }
    }

    /// Stops a timer.
    pub(crate) fn cancel(&mut self, timer: &Timer) {
        if let Some(at) = self.set.remove(timer) {
            self.due.remove(&(at, timer.clone()));
        }
    }

    /// The next timer that is due, earliest first.
    pub(crate) fn pop(&mut self, now: Timestamp) -> Option<Timer> {
        if self.due.first()?.0 > now {
            return None;
        }
        let (_, timer) = self.due.pop_first()?;
        self.set.remove(&timer);
        Some(timer)
    }

    /// When the next timer is due.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_set_again_fires_once_and_in_order() {
        let ledger: LedgerName = "d/hallway/a/records/1".parse().unwrap();
        let mut timers = Timers::default();
        timers.set(Timer::Want(ledger.clone()), Timestamp(9));
        timers.set(Timer::Want(ledger.clone()), Timestamp(5));
        timers.set_if_idle(Timer::Want(ledger.clone()), Timestamp(1));
        timers.set(Timer::Look, Timestamp(3));
        assert_eq!(timers.next(), Some(Timestamp(3)));
        assert_eq!(timers.pop(Timestamp(2)), None);
        assert_eq!(timers.pop(Timestamp(9)), Some(Timer::Look));
        assert_eq!(timers.pop(Timestamp(9)), Some(Timer::Want(ledger.clone())));
        assert_eq!(timers.pop(Timestamp(9)), None);
        timers.set(Timer::Look, Timestamp(3));
        timers.cancel(&Timer::Look);
        assert_eq!(timers.next(), None);
    }
}
