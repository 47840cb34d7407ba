//! The acts moved, or configuration was read again: what was judged by the old ones is judged anew.
//! Ledgers that waited are asked for, forks freeze, refused peers are tried, revoked ones sent away,
//! and everybody looks for parts that have become theirs.

use std::collections::BTreeSet;

use policy::{Rights, Standing};
use record::{HallId, LedgerName, MemberState};
use wire::frame::Frame;

use super::Machine;
use super::config::PUSH_RANGES_MAX;
use super::state::{Frozen, Link};
use super::timers::Timer;

impl Machine {
    pub(super) fn acts_moved(&mut self, rights: Rights) {
        self.rights = rights;
        self.acts += 1;
        self.judge_forks();
        self.send_revoked_away();
        for name in self.ledgers.keys().cloned().collect::<Vec<_>>() {
            self.try_again(&name);
            self.look_for(&name);
        }
        self.offer_again();
        self.try_refused();
        self.receipts_rerouted();
        self.check_again();
    }

    fn judge_forks(&mut self) {
        for (name, was) in self
            .ledgers
            .iter()
            .map(|(name, ledger)| (name.clone(), ledger.frozen))
            .collect::<Vec<_>>()
        {
            match (self.rights.acts().standing(&name), was) {
                (Standing::Frozen { .. }, _) => self.freeze(&name, Frozen::Proven),
                (Standing::Ended { .. }, Frozen::Declared | Frozen::Proven)
                | (Standing::Open, Frozen::Proven) => self.thaw(&name),
                (Standing::Ended { .. }, Frozen::No)
                | (Standing::Open, Frozen::No | Frozen::Declared) => {}
            }
        }
    }

    fn send_revoked_away(&mut self) {
        let directory = self.rights.acts().directory();
        let revoked = |peer: &HallId| {
            directory.member(peer).is_some_and(|member| member.state == MemberState::Revoked)
        };
        let gone: Vec<HallId> = self
            .links
            .iter()
            .filter(|(peer, link)| link.session.is_some() && revoked(peer))
            .map(|(peer, _)| peer.clone())
            .collect();
        for peer in gone {
            let Some(connection) = self.session(&peer).map(|session| session.connection) else {
                continue;
            };
            self.send(&peer, Frame::Bye("revoked".to_owned()));
            self.close(&peer, connection, "revoked");
            self.forget(&peer, connection);
            self.refuse(&peer, "revoked".to_owned());
        }
    }

    /// What peers asked for in vain may have become theirs.
    fn offer_again(&mut self) {
        let mut stirred: BTreeSet<(HallId, LedgerName)> = BTreeSet::new();
        for (peer, link) in &mut self.links {
            for (name, road) in &mut link.roads {
                if !road.unmet.is_empty() {
                    for range in road.unmet.iter() {
                        road.push.insert(range, PUSH_RANGES_MAX);
                    }
                    stirred.insert((peer.clone(), name.clone()));
                }
            }
        }
        for (peer, name) in stirred {
            self.stir(&peer, &name);
        }
    }

    pub(super) fn reloaded(&mut self, dial: Vec<HallId>) {
        self.dial = dial.into_iter().filter(|peer| *peer != self.me).collect();
        for peer in self.dial.clone() {
            let link = self.links.entry(peer.clone()).or_insert_with(Link::new);
            link.attempts = 0;
            if link.session.is_none() {
                self.timers.set(Timer::Dial(peer), self.now);
            }
        }
    }

    fn try_refused(&mut self) {
        for (peer, link) in &self.links {
            if link.refused && link.session.is_none() {
                self.timers.set(Timer::Dial(peer.clone()), self.now);
            }
        }
    }
}
