//! Greeting: both sides say what they carry and digests of their heads; then each lists the heads
//! whose buckets differ. From then on the receiver's heads are the cursor.
//!
//! The heads that a Hello digested are kept until the peer's list is complete: where the digests are
//! equal, the peer's heads are those, whatever grew here meanwhile. What grew is listed too.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use policy::Carry;
use record::{HallId, LedgerName};
use wire::frame::{Carries, Frame, HEADS_MAX, Heads, Hello, LedgerHead};

use super::action::{Action, AlarmCode};
use super::buckets::{bucket, differs, digests};
use super::config::{CLOCK_APART_MAX, ROADS_MAX, VERSION};
use super::event::{Connection, Head};
use super::schedule::Schedule;
use super::state::{Opening, Session, Stage};
use super::timers::Timer;
use super::{Machine, travels};

impl Machine {
    pub(super) fn hello(&self, peer: &HallId, said: &BTreeMap<LedgerName, Head>) -> Hello {
        Hello {
            versions: vec![VERSION],
            record_bytes: self.config.record_bytes,
            credit_bytes: self.config.credit_bytes.max(1),
            clock_ms: self.clock.0,
            log_id: self.config.log_id,
            carries: match self.config.carry_from(peer) {
                Carry::Everything => Carries::Everything,
                Carry::Some { halls } => Carries::Halls(halls.iter().cloned().collect()),
            },
            buckets: digests(said),
        }
    }

    /// The peer has greeted on a new connection.
    pub(super) fn greeted(&mut self, peer: &HallId, connection: Connection, hello: &Hello) {
        let Some(link) = self.links.get_mut(peer) else { return };
        let Some(place) = link.opening.iter().position(|one| one.connection == connection) else {
            return;
        };
        let opening = link.opening.remove(place);
        if !hello.versions.contains(&VERSION) {
            self.send_on(peer, connection, Frame::Bye("version".to_owned()));
            self.close(peer, connection, "version");
            self.refuse(peer, "version".to_owned());
            return;
        }
        if !self.prevails(peer, &opening) {
            self.close(peer, connection, "duplicate");
            self.timers.cancel(&Timer::Greet(peer.clone(), connection));
            return;
        }
        if let Some(older) = self.session(peer).map(|session| session.connection) {
            self.close(peer, older, "replaced");
            self.forget(peer, older);
        }
        self.begin(peer, &opening, hello);
        self.compare_clocks(peer, hello);
        self.list(peer, &opening.said, hello);
    }

    fn begin(&mut self, peer: &HallId, opening: &Opening, hello: &Hello) {
        let carries = match &hello.carries {
            Carries::Everything => Carry::Everything,
            Carries::Halls(halls) => Carry::Some { halls: halls.iter().cloned().collect() },
        };
        let credit = self.config.credit_bytes.max(1);
        let Some(link) = self.links.get_mut(peer) else { return };
        link.refused = false;
        link.reason.clear();
        link.roads.values_mut().for_each(super::state::Road::begin);
        link.session = Some(Session {
            connection: opening.connection,
            dialled: opening.dialled,
            stage: Stage::Comparing,
            carries,
            record_bytes: hello.record_bytes,
            clock_apart: false,
            window: hello.credit_bytes.max(1),
            credit: hello.credit_bytes.max(1),
            granted: credit,
            schedule: Schedule::default(),
            reserved: 0,
            loads: [0; 3],
            staged: [VecDeque::new(), VecDeque::new(), VecDeque::new()],
            serving: BTreeMap::new(),
            proving: 0,
        });
        self.timers.cancel(&Timer::Dial(peer.clone()));
        self.settle(AlarmCode::LinkRefused, peer.to_string());
    }

    fn compare_clocks(&mut self, peer: &HallId, hello: &Hello) {
        let apart = self.clock.0.abs_diff(hello.clock_ms);
        let most = u64::try_from(CLOCK_APART_MAX.as_millis()).unwrap_or(u64::MAX);
        if let Some(session) = self.session_mut(peer) {
            session.clock_apart = apart > most;
        }
        if apart > most {
            let detail = format!("{} s apart", apart / 1_000);
            self.alarm(AlarmCode::ClockApart, peer.to_string(), detail);
        } else {
            self.settle(AlarmCode::ClockApart, peer.to_string());
        }
    }

    /// Lists our heads where buckets differ, or where they grew since our Hello; takes the peer's
    /// from the buckets that do not.
    fn list(&mut self, peer: &HallId, said: &BTreeMap<LedgerName, Head>, hello: &Hello) {
        let ours = digests(said);
        let mut listed = Vec::new();
        for (name, ledger) in self.ledgers.iter().filter(|(name, _)| travels(name)) {
            if ledger.head.size == 0 {
                continue;
            }
            let equal = !differs(&ours, &hello.buckets, bucket(name));
            let then = said.get(name).map_or(0, |head| head.size);
            if let Some(link) = self.links.get_mut(peer) {
                let road = link.roads.entry(name.clone()).or_default();
                road.told = ledger.head.size;
                if equal {
                    (road.theirs, road.next) = (then, then);
                }
            }
            if !equal || then != ledger.head.size {
                let Head { size, root } = ledger.head;
                listed.push(LedgerHead { ledger: name.clone(), size, root });
            }
        }
        let mut pages: Vec<Vec<LedgerHead>> =
            listed.chunks(HEADS_MAX).map(<[LedgerHead]>::to_vec).collect();
        let last = pages.pop().unwrap_or_default();
        for heads in pages {
            self.send(peer, Frame::Heads(Heads { heads, last: false }));
        }
        self.send(peer, Frame::Heads(Heads { heads: last, last: true }));
    }

    /// The peer lists heads: of its greeting, or later to say from where it wants a ledger.
    pub(super) fn heads(&mut self, peer: &HallId, heads: &Heads) {
        for head in &heads.heads {
            self.peer_head(peer, head);
        }
        let Some(session) = self.session_mut(peer) else { return };
        if heads.last && session.stage == Stage::Comparing {
            session.stage = Stage::Ready;
            self.ready(peer);
        }
    }

    fn peer_head(&mut self, peer: &HallId, head: &LedgerHead) {
        let name = &head.ledger;
        if !travels(name) {
            return;
        }
        let Some(link) = self.links.get_mut(peer) else { return };
        if link.roads.len() >= ROADS_MAX && !link.roads.contains_key(name) {
            return;
        }
        let road = link.roads.entry(name.clone()).or_default();
        // A load under way would go on from where the peer no longer is.
        (road.theirs, road.next, road.loading, road.parked) = (head.size, head.size, None, None);
        road.sent.clear();
        let ready = link.session.as_mut().is_some_and(|session| {
            session.unstage(name);
            session.stage == Stage::Ready
        });
        self.check_own(peer, name, head.size);
        if self.ledgers.get(name).is_some_and(|ours| {
            ours.head.size == head.size && ours.head.root != head.root && head.size > 0
        }) {
            self.doubt(peer, name, head.size);
        }
        self.check_origin(peer, name);
        if ready {
            self.remember(peer, name);
            self.stir(peer, name);
        }
    }

    /// A peer that is ahead of us in what only we write: we were rolled back, or a second hall of our
    /// name writes too. The peer asks which, once it has heard our head. Says whether it is so.
    pub(super) fn check_own(&mut self, peer: &HallId, name: &LedgerName, size: u64) -> bool {
        let seen = self.ledgers.get(name).map_or(0, |ledger| ledger.seen);
        let ahead = self.is_own(name) && size > seen;
        if ahead {
            let detail = format!("{peer} holds {size} entries, we {}", self.size(name));
            self.alarm(AlarmCode::OwnLedgerAhead, name.to_string(), detail);
        }
        ahead
    }

    /// Heads are compared: data may flow, receipts and wants find new roads.
    fn ready(&mut self, peer: &HallId) {
        let Some(link) = self.links.get_mut(peer) else { return };
        link.attempts = 0;
        if let Some(session) = &link.session {
            self.timers.cancel(&Timer::Greet(peer.clone(), session.connection));
        }
        let mut names: BTreeSet<LedgerName> = link.roads.keys().cloned().collect();
        names.extend(self.ledgers.keys().cloned());
        for name in &names {
            self.remember(peer, name);
            self.stir(peer, name);
        }
        self.wants_after_greeting();
        self.receipts_after_greeting(peer);
    }

    /// Tells the outbox what changed in what a peer holds of a ledger.
    pub(super) fn remember(&mut self, peer: &HallId, name: &LedgerName) {
        let Some(road) = self.links.get_mut(peer).and_then(|link| link.roads.get_mut(name)) else {
            return;
        };
        if road.remembered != road.theirs {
            road.remembered = road.theirs;
            let (peer, ledger, size) = (peer.clone(), name.clone(), road.theirs);
            self.out.push(Action::Remember { peer, ledger, size });
        }
    }

    /// Says our head again: from here, please.
    pub(super) fn say_head(&mut self, peer: &HallId, name: &LedgerName) {
        let Head { size, root } =
            self.ledgers.get(name).map_or(super::state::Ledger::empty().head, |ours| ours.head);
        if let Some(link) = self.links.get_mut(peer) {
            link.roads.entry(name.clone()).or_default().told = size;
        }
        let heads = vec![LedgerHead { ledger: name.clone(), size, root }];
        self.send(peer, Frame::Heads(Heads { heads, last: true }));
    }

    fn send_on(&mut self, peer: &HallId, connection: Connection, frame: Frame) {
        self.out.push(Action::Send { peer: peer.clone(), connection, frame });
    }
}
