//! The replication machine of one hall: every link, no I/O.
//!
//! One machine holds all links, because what matters is decided across them: who is asked for
//! parts, where new parts are pushed, which road a receipt takes, who hears that a ledger grew. It
//! waits for nothing and asks no clock: what happened comes in as an [`Event`], what to do goes out
//! as [`Action`]s, and the same events in the same order give the same actions.
//!
//! ```text
//!            Opened, Lost …             connection   Dial, Close
//!   Hello, Heads                        greeting     Hello, Heads, Remember
//!   Durable, Credit, Held, Loaded       sender       Load, Batch
//!   Batch, Taken                        receiver     Take, Durable, Heads, Held, Credit
//!   Fill, TookFill, LoadedParts         fill         TakeFill, LoadParts, Fill
//!   Lacking, WantAnswer                 want         FindLacking, Want
//!   Want                                serve        LoadParts, Fill, WantAnswer
//!   Prove, Proof, Proved, Examined      fork         Prove, Proof, Examine, DeclareFork
//!   Receipt, Receipted, ReceiptChecked  receipt      MakeReceipt, CheckReceipt, KeepReceipt
//!   ActsMoved, Reloaded                 acts
//! ```
//!
//! What its driver owes it: actions of one batch are performed in order; batches and fills of one
//! ledger meet the door in the order of their actions; every ticket is answered once, every
//! `FindLacking` with a `Lacking`, every `Dial` with `Opened` or `DialFailed`, every connection that
//! opened ends in one `Lost`, also after a `Close`.
//!
//! Deliberately absent: verification and rights over single entries (the door and the loads do
//! both), encoding, and anything that fails.

mod action;
mod acts;
mod backoff;
mod buckets;
pub mod config;
mod connection;
mod event;
mod fill;
mod fork;
mod greeting;
mod level;
mod marks;
mod ranges;
mod receipt;
mod receiver;
mod schedule;
mod sender;
mod serve;
mod state;
mod ticket;
mod timers;
mod view;
mod want;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use policy::Rights;
use record::{HallId, Lane, LedgerName, Timestamp};
use wire::frame::{Frame, SignedReceipt};

pub use action::{Action, AlarmCode};
pub use config::{Config, Fault};
pub use event::{Connection, Event, Head, Taken, Ticket, Verdict};
pub use view::{LackView, LedgerState, LedgerView, LinkState, LinkView, ParkedView, ReceiptView};

use backoff::Chance;
use receipt::Kept;
use state::{Frozen, Ledger, Link, Session, Stage};
use ticket::Pending;
use timers::{Timer, Timers};

/// All links of one hall.
#[derive(Debug)]
pub struct Machine {
    config: Config,
    me: HallId,
    rights: Rights,
    /// How often the acts moved.
    acts: u64,
    ledgers: BTreeMap<LedgerName, Ledger>,
    links: BTreeMap<HallId, Link>,
    dial: BTreeSet<HallId>,
    pending: BTreeMap<Ticket, Pending>,
    timers: Timers,
    chance: Chance,
    numbers: u64,
    receipts: BTreeMap<(LedgerName, HallId), Kept>,
    /// Receipts that wait to be verified, and how many are at it.
    unchecked: BTreeMap<(LedgerName, HallId), SignedReceipt>,
    checking: usize,
    /// Receipts that did not verify by the acts known so far.
    doubtful: BTreeMap<(LedgerName, HallId), SignedReceipt>,
    /// Ledgers to be searched for lacking parts, and how many are at it.
    to_find: BTreeSet<LedgerName>,
    finding: usize,
    alarms: BTreeSet<(AlarmCode, String)>,
    draining: bool,
    /// Links whose schedule may move.
    stirred: BTreeSet<HallId>,
    /// What the hall's clock showed last; it may jump.
    clock: Timestamp,
    /// Time as the timers know it; it never goes back.
    now: Timestamp,
    out: Vec<Action>,
}

impl Machine {
    /// A machine at the start of a process: nothing is connected; `heads` are durable. It wants its
    /// first [`Event::Tick`] at once.
    pub fn new(
        config: Config,
        me: HallId,
        rights: Rights,
        heads: Vec<(LedgerName, Head)>,
        dial: Vec<HallId>,
        seed: u64,
    ) -> Self {
        let mut machine = Self {
            config,
            rights,
            acts: 0,
            ledgers: heads.into_iter().map(|(name, head)| (name, Ledger::new(head))).collect(),
            links: BTreeMap::new(),
            dial: dial.into_iter().filter(|peer| *peer != me).collect(),
            me,
            pending: BTreeMap::new(),
            timers: Timers::default(),
            chance: Chance::new(seed),
            numbers: 0,
            receipts: BTreeMap::new(),
            unchecked: BTreeMap::new(),
            checking: 0,
            doubtful: BTreeMap::new(),
            to_find: BTreeSet::new(),
            finding: 0,
            alarms: BTreeSet::new(),
            draining: false,
            stirred: BTreeSet::new(),
            clock: Timestamp(i64::MIN),
            now: Timestamp(i64::MIN),
            out: Vec::new(),
        };
        for peer in machine.dial.clone() {
            machine.links.insert(peer.clone(), Link::new());
            machine.timers.set(Timer::Dial(peer), Timestamp(i64::MIN));
        }
        machine.timers.set(Timer::Look, Timestamp(i64::MIN));
        machine
    }

    /// What the outbox remembers of a peer, so that lag is known before the first greeting. To be
    /// told before the first event.
    pub fn recall(&mut self, peer: &HallId, ledger: LedgerName, size: u64) {
        let road = self.links.entry(peer.clone()).or_insert_with(Link::new).roads.entry(ledger);
        let road = road.or_default();
        (road.theirs, road.remembered) = (size, size);
    }

    /// Takes what happened and answers with what to do, in order. Time that goes back is taken as
    /// standing still, and goes on from there: a clock set back stops no timer.
    pub fn on(&mut self, event: Event, now: Timestamp) -> Vec<Action> {
        let first = self.clock == Timestamp(i64::MIN);
        self.now = if first { now } else { self.now.after(now.since(self.clock)) };
        self.clock = now;
        if first {
            self.date_what_is_here();
        }
        match event {
            Event::Opened { peer, connection, dialled } => {
                self.opened(&peer, connection, dialled);
            }
            Event::Arrived { peer, connection, frame } => self.arrived(&peer, connection, frame),
            Event::Unreadable { peer, connection, what } => {
                self.unreadable(&peer, connection, what);
            }
            Event::Lost { peer, connection, reason } => self.lost(&peer, connection, reason),
            Event::DialFailed { peer, refused, reason } => {
                self.dial_failed(&peer, refused, reason);
            }
            Event::Grown { ledger, head } => self.grown(&ledger, head),
            Event::Loaded { ticket, batch } => self.loaded(ticket, batch),
            Event::LoadedParts { ticket, entries, refused, rest } => {
                self.loaded_parts(ticket, entries, refused, rest);
            }
            Event::Taken { ticket, outcome } => self.taken(ticket, outcome),
            Event::TookFill { ticket, new, refused } => self.took_fill(ticket, &new, refused),
            Event::Lacking { ledger, ranges } => self.lacking(&ledger, ranges),
            Event::Proved { ticket, proof } => self.proved(ticket, proof),
            Event::Examined { ticket, verdict } => self.examined(ticket, verdict),
            Event::Receipted { receipt, signed_at } => self.receipted(receipt, signed_at),
            Event::ReceiptChecked { ticket, signed_at } => self.receipt_checked(ticket, signed_at),
            Event::ActsMoved { rights } => self.acts_moved(rights),
            Event::Reloaded { dial } => self.reloaded(dial),
            Event::Tick => {}
            Event::Drain => self.drain(),
        }
        while let Some(timer) = self.timers.pop(self.now) {
            self.fire(timer);
        }
        while let Some(peer) = self.stirred.pop_first() {
            self.pump(&peer);
        }
        std::mem::take(&mut self.out)
    }

    /// When the machine wants a [`Event::Tick`] at the latest; a moment in the past means now.
    pub fn wakes_at(&self) -> Option<Timestamp> {
        self.timers.next().map(|due| self.clock.after(due.since(self.now)))
    }

    /// What was durable before the process began is at least as old as the process.
    fn date_what_is_here(&mut self) {
        for ledger in self.ledgers.values_mut().filter(|ledger| ledger.head.size > 0) {
            ledger.growth.push(ledger.head.size, self.now);
        }
    }

    fn fire(&mut self, timer: Timer) {
        match timer {
            Timer::Dial(peer) => self.dial(&peer),
            Timer::Greet(peer, connection) => self.greeting_late(&peer, connection),
            Timer::Reload(peer, ledger) => self.stir(&peer, &ledger),
            Timer::Damage(peer, ledger) => self.pause_over(&peer, &ledger),
            Timer::Doubt(peer, ledger) => self.proof_late(&peer, &ledger),
            Timer::Held(ledger) => self.try_again(&ledger),
            Timer::Want(ledger) => self.want_due(&ledger),
            Timer::Look => self.look_everywhere(),
            Timer::Sign(ledger) => self.sign(&ledger),
            Timer::Forward(ledger, holder) => self.forward(&ledger, &holder),
        }
    }

    fn arrived(&mut self, peer: &HallId, connection: Connection, frame: Frame) {
        let Some(link) = self.links.get(peer) else { return };
        if link.opening.iter().any(|opening| opening.connection == connection) {
            match frame {
                Frame::Hello(hello) => self.greeted(peer, connection, &hello),
                Frame::Bye(reason) => self.bye(peer, connection, reason),
                Frame::Heads(_)
                | Frame::Batch(_)
                | Frame::Fill(_)
                | Frame::Want(_)
                | Frame::WantAnswer(_)
                | Frame::Durable(_)
                | Frame::Receipt(_)
                | Frame::Prove(_)
                | Frame::Proof(_)
                | Frame::Credit(_)
                | Frame::Held(_) => self.part(peer, connection, "no-greeting"),
            }
            return;
        }
        let greeted = link.session.as_ref().is_some_and(|now| now.connection == connection);
        if !greeted {
            return;
        }
        match frame {
            Frame::Hello(_) => self.part(peer, connection, "second-greeting"),
            Frame::Heads(heads) => self.heads(peer, &heads),
            Frame::Batch(batch) => self.batch(peer, batch),
            Frame::Fill(fill) => self.fill(peer, fill),
            Frame::Want(want) => self.want(peer, want),
            Frame::WantAnswer(answer) => self.want_answer(peer, &answer),
            Frame::Durable(durable) => self.durable(peer, &durable),
            Frame::Receipt(receipt) => self.receipt(receipt),
            Frame::Prove(prove) => self.prove(peer, prove),
            Frame::Proof(proof) => self.proof(peer, proof),
            Frame::Credit(bytes) => self.credit(peer, bytes),
            Frame::Held(held) => self.held_there(peer, &held),
            Frame::Bye(reason) => self.bye(peer, connection, reason),
        }
    }

    /// Puts a frame on the session of a peer; without one it is dropped, the next greeting mends it.
    fn send(&mut self, peer: &HallId, frame: Frame) {
        if let Some(session) = self.session(peer)
            && session.stage != Stage::Ending
        {
            let connection = session.connection;
            self.out.push(Action::Send { peer: peer.clone(), connection, frame });
        }
    }

    fn session(&self, peer: &HallId) -> Option<&Session> {
        self.links.get(peer)?.session.as_ref()
    }

    fn session_mut(&mut self, peer: &HallId) -> Option<&mut Session> {
        self.links.get_mut(peer)?.session.as_mut()
    }

    /// The session, when it is still the one a ticket was given out on.
    fn session_at(&mut self, peer: &HallId, connection: Connection) -> Option<&mut Session> {
        self.session_mut(peer).filter(|session| session.connection == connection)
    }

    fn is_own(&self, ledger: &LedgerName) -> bool {
        *ledger.hall() == self.me
    }

    fn is_frozen(&self, ledger: &LedgerName) -> bool {
        self.ledgers.get(ledger).is_some_and(|ledger| ledger.frozen != Frozen::No)
    }

    fn size(&self, ledger: &LedgerName) -> u64 {
        self.ledgers.get(ledger).map_or(0, |ledger| ledger.head.size)
    }

    /// Peers that can be talked to and carry a ledger.
    fn carriers(&self, ledger: &LedgerName) -> Vec<HallId> {
        let carries = |link: &Link| {
            link.session
                .as_ref()
                .is_some_and(|now| now.stage != Stage::Ending && now.carries.carries(ledger))
        };
        let peers = self.links.iter().filter(|(_, link)| carries(link));
        peers.map(|(peer, _)| peer.clone()).collect()
    }

    fn ticket(&mut self, pending: Pending) -> Ticket {
        let ticket = Ticket(self.number());
        self.pending.insert(ticket, pending);
        ticket
    }

    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    fn alarm(&mut self, code: AlarmCode, subject: String, detail: String) {
        if self.alarms.insert((code, subject.clone())) {
            self.out.push(Action::Alarm { code, subject, detail });
        }
    }

    fn settle(&mut self, code: AlarmCode, subject: String) {
        let key = (code, subject);
        if self.alarms.remove(&key) {
            self.out.push(Action::Settle { code, subject: key.1 });
        }
    }
}

/// Acts go first everywhere; private ledgers never leave.
fn travels(ledger: &LedgerName) -> bool {
    match ledger.lane() {
        Lane::Acts | Lane::Records => true,
        Lane::Private => false,
    }
}
