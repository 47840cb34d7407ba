//! Connections come and go; a link stays. Dials are repeated for ever; of two connections the one
//! dialled by the smaller hall name stays, and of two from one side the newer; a connection counts
//! only once it is greeted, so a half-open one displaces nothing.

use record::{HallId, MemberState};
use wire::frame::Frame;

use super::action::{Action, AlarmCode};
use super::config::{LINKS_MAX, OPENING_MAX};
use super::event::Connection;
use super::state::{Link, Opening, Stage};
use super::timers::Timer;
use super::{Machine, travels};

/// Words of a Bye that mean no, as against not now.
const REFUSALS: [&str; 3] = ["version", "unknown-hall", "revoked"];

impl Machine {
    /// Time to dial, if there is still a reason to.
    pub(super) fn dial(&mut self, peer: &HallId) {
        if self.draining || !self.dial.contains(peer) {
            return;
        }
        let link = self.links.entry(peer.clone()).or_insert_with(Link::new);
        if link.dialling || link.session.is_some() || !link.opening.is_empty() {
            return;
        }
        link.dialling = true;
        self.out.push(Action::Dial { peer: peer.clone() });
    }

    pub(super) fn dial_failed(&mut self, peer: &HallId, refused: bool, reason: String) {
        let Some(link) = self.links.get_mut(peer) else { return };
        link.dialling = false;
        if refused {
            self.refuse(peer, reason);
        } else {
            self.retry(peer, reason);
        }
    }

    pub(super) fn opened(&mut self, peer: &HallId, connection: Connection, dialled: bool) {
        if let Some(link) = self.links.get_mut(peer)
            && dialled
        {
            link.dialling = false;
        }
        if let Some(word) = self.unwelcome(peer, dialled) {
            self.out.push(Action::Send {
                peer: peer.clone(),
                connection,
                frame: Frame::Bye(word.to_owned()),
            });
            self.close(peer, connection, word);
            if REFUSALS.contains(&word) {
                self.refuse(peer, word.to_owned());
            }
            return;
        }
        let said =
            self.ledgers.iter().filter(|(name, ledger)| travels(name) && ledger.head.size > 0);
        let said = said.map(|(name, ledger)| (name.clone(), ledger.head)).collect();
        let hello = Frame::Hello(self.hello(peer, &said));
        self.out.push(Action::Send { peer: peer.clone(), connection, frame: hello });
        let link = self.links.entry(peer.clone()).or_insert_with(Link::new);
        link.opening.push(Opening { connection, dialled, said });
        let surplus = (link.opening.len() > OPENING_MAX).then(|| link.opening.remove(0));
        if let Some(oldest) = surplus {
            self.close(peer, oldest.connection, "replaced");
        }
        let late = self.now.after(self.config.greet_within);
        self.timers.set(Timer::Greet(peer.clone(), connection), late);
    }

    /// Why a connection is not even greeted. A hall that has not read its own Member yet knows
    /// nobody, and a peer that operators configured may be newer than our directory.
    fn unwelcome(&self, peer: &HallId, dialled: bool) -> Option<&'static str> {
        let directory = self.rights.acts().directory();
        let newborn = directory.member(&self.me).is_none();
        let known = dialled
            || newborn
            || self.dial.contains(peer)
            || directory.is_active(peer)
            || directory.member(peer).is_some();
        if self.draining {
            Some("draining")
        } else if directory.member(peer).is_some_and(|member| member.state == MemberState::Revoked)
        {
            Some("revoked")
        } else if !known {
            Some("unknown-hall")
        } else if !self.links.contains_key(peer) && self.links.len() >= LINKS_MAX {
            Some("over-limit")
        } else {
            None
        }
    }

    /// Whether a newly greeted connection takes the place of the session.
    pub(super) fn prevails(&self, peer: &HallId, opening: &Opening) -> bool {
        let Some(session) = self.session(peer) else { return true };
        if session.stage == Stage::Ending {
            return true;
        }
        let smaller_dialled = |dialled: bool| dialled == (self.me < *peer);
        if opening.dialled == session.dialled {
            opening.connection > session.connection
        } else {
            smaller_dialled(opening.dialled)
        }
    }

    pub(super) fn unreadable(&mut self, peer: &HallId, connection: Connection, what: String) {
        if !self.knows(peer, connection) {
            return;
        }
        self.alarm(AlarmCode::RelayDamaged, peer.to_string(), what);
        self.part(peer, connection, "unreadable");
    }

    pub(super) fn bye(&mut self, peer: &HallId, connection: Connection, reason: String) {
        self.close(peer, connection, "bye");
        self.forget(peer, connection);
        if REFUSALS.contains(&reason.as_str()) {
            self.refuse(peer, reason);
        } else {
            self.retry(peer, reason);
        }
    }

    pub(super) fn lost(&mut self, peer: &HallId, connection: Connection, reason: String) {
        if self.knows(peer, connection) {
            self.forget(peer, connection);
            self.retry(peer, reason);
        }
    }

    pub(super) fn greeting_late(&mut self, peer: &HallId, connection: Connection) {
        let Some(link) = self.links.get(peer) else { return };
        let opening = link.opening.iter().any(|opening| opening.connection == connection);
        let session = link.session.as_ref().filter(|session| session.connection == connection);
        if opening || session.is_some_and(|session| session.stage == Stage::Comparing) {
            self.part(peer, connection, "greeting-late");
        }
    }

    /// Says Bye, closes, forgets and plans the next dial.
    pub(super) fn part(&mut self, peer: &HallId, connection: Connection, word: &str) {
        let frame = Frame::Bye(word.to_owned());
        self.out.push(Action::Send { peer: peer.clone(), connection, frame });
        self.close(peer, connection, word);
        self.forget(peer, connection);
        self.retry(peer, word.to_owned());
    }

    pub(super) fn close(&mut self, peer: &HallId, connection: Connection, reason: &str) {
        let reason = reason.to_owned();
        self.out.push(Action::Close { peer: peer.clone(), connection, reason });
    }

    /// Identity or policy says no: an alarm, and a slow retry.
    pub(super) fn refuse(&mut self, peer: &HallId, reason: String) {
        self.alarm(AlarmCode::LinkRefused, peer.to_string(), reason.clone());
        let Some(link) = self.links.get_mut(peer) else { return };
        link.refused = true;
        link.reason = reason;
        let at = self.now.after(self.config.refused_retry);
        self.timers.set(Timer::Dial(peer.clone()), at);
    }

    /// The road is down, or the peer says not now: again soon, then less soon.
    fn retry(&mut self, peer: &HallId, reason: String) {
        let Some(link) = self.links.get_mut(peer) else { return };
        if link.session.is_some() || !link.opening.is_empty() || link.dialling {
            return;
        }
        link.reason = reason;
        link.refused = false;
        if !self.dial.contains(peer) {
            return;
        }
        let (first, max) = (self.config.backoff_first, self.config.backoff_max);
        let wait = self.chance.backoff(first, max, link.attempts);
        link.attempts = link.attempts.saturating_add(1);
        self.timers.set(Timer::Dial(peer.clone()), self.now.after(wait));
    }

    fn knows(&self, peer: &HallId, connection: Connection) -> bool {
        self.links.get(peer).is_some_and(|link| {
            link.opening.iter().any(|opening| opening.connection == connection)
                || link.session.as_ref().is_some_and(|now| now.connection == connection)
        })
    }

    /// Drops what belonged to a connection. Wants that were open on it are asked elsewhere.
    pub(super) fn forget(&mut self, peer: &HallId, connection: Connection) {
        self.timers.cancel(&Timer::Greet(peer.clone(), connection));
        let Some(link) = self.links.get_mut(peer) else { return };
        link.opening.retain(|opening| opening.connection != connection);
        if link.session.as_ref().is_none_or(|session| session.connection != connection) {
            return;
        }
        let clock_apart = link.session.take().is_some_and(|session| session.clock_apart);
        for (ledger, road) in &mut link.roads {
            let theirs = road.theirs;
            road.begin();
            road.theirs = theirs;
            self.timers.cancel(&Timer::Doubt(peer.clone(), ledger.clone()));
        }
        self.wants_lost(peer);
        if clock_apart {
            self.sign_what_waits();
        }
    }

    pub(super) fn drain(&mut self) {
        self.draining = true;
        for peer in self.links.keys().cloned().collect::<Vec<_>>() {
            let Some(link) = self.links.get_mut(&peer) else { continue };
            for opening in std::mem::take(&mut link.opening) {
                self.close(&peer, opening.connection, "draining");
            }
        }
        self.drained();
    }

    /// While draining: says Bye on every link that has nothing at the door any more.
    pub(super) fn drained(&mut self) {
        if !self.draining {
            return;
        }
        for peer in self.links.keys().cloned().collect::<Vec<_>>() {
            let at_the_door = self.pending.values().any(|pending| pending.keeps(&peer));
            let Some(session) =
                self.session(&peer).filter(|session| session.stage != Stage::Ending)
            else {
                continue;
            };
            let connection = session.connection;
            if at_the_door {
                continue;
            }
            self.send(&peer, Frame::Bye("draining".to_owned()));
            self.close(&peer, connection, "draining");
            if let Some(session) = self.session_mut(&peer) {
                session.stage = Stage::Ending;
            }
        }
    }
}
