//! What a machine knows: of each ledger, of each link, of each ledger on a link. Only data and the
//! few sums over it; what happens to it stands in the files named after what happens.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;

use policy::Carry;
use record::{HallId, LedgerName, Timestamp};
use wire::frame::{Frame, HeldReason};

use super::config::NO_ROOT;
use super::event::{Connection, Head, Ticket};
use super::marks::Marks;
use super::ranges::Ranges;
use super::schedule::Schedule;

/// A ledger as this hall holds it.
#[derive(Debug)]
pub(crate) struct Ledger {
    /// Durable size and root.
    pub(crate) head: Head,
    /// Up to where the store was seen to be durable; our head may still be on its way to us.
    pub(crate) seen: u64,
    /// Who brought its last leaves.
    pub(crate) via: Option<HallId>,
    /// Ends of the batches at the door.
    pub(crate) taking: BTreeMap<Ticket, u64>,
    /// Fills at the door.
    pub(crate) filling: usize,
    /// Why it waits for acts, since when.
    pub(crate) held: Option<(HeldReason, Timestamp)>,
    pub(crate) frozen: Frozen,
    pub(crate) lack: Lack,
    /// When the last receipt for it was asked for.
    pub(crate) signed: Option<Timestamp>,
    /// Something changed since.
    pub(crate) unsigned: bool,
    /// When it became durable here up to which size.
    pub(crate) growth: Marks,
}

impl Ledger {
    pub(crate) fn new(head: Head) -> Self {
        Self {
            head,
            seen: head.size,
            via: None,
            taking: BTreeMap::new(),
            filling: 0,
            held: None,
            frozen: Frozen::No,
            lack: Lack::default(),
            signed: None,
            unsigned: head.size > 0,
            growth: Marks::default(),
        }
    }

    pub(crate) fn empty() -> Self {
        Self::new(Head { size: 0, root: NO_ROOT })
    }

    /// Where the next batch may begin: behind everything durable or at the door.
    pub(crate) fn reaches(&self) -> u64 {
        self.taking.values().copied().fold(self.head.size, u64::max)
    }
}

/// Whether a ledger is forked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frozen {
    /// Not that anybody knows.
    No,
    /// Proven here; the act is on its way into the ledger.
    Declared,
    /// The acts say so.
    Proven,
}

/// Parts of a ledger that this hall may have and lacks.
#[derive(Debug, Default)]
pub(crate) struct Lack {
    /// Where the search begins: pages nobody could help with are turned.
    pub(crate) from: u64,
    /// As last found.
    pub(crate) ranges: Vec<Range<u64>>,
    pub(crate) since: Option<Timestamp>,
    /// The search is under way.
    pub(crate) finding: bool,
    pub(crate) asked: Option<Asked>,
    /// Who was asked in this round.
    pub(crate) tried: BTreeSet<HallId>,
    /// Rounds that brought nothing.
    pub(crate) rounds: u32,
}

/// An open want of ours.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) id: u64,
    pub(crate) peer: HallId,
    /// The last sign of progress.
    pub(crate) at: Timestamp,
    /// Parts gained from it.
    pub(crate) gained: u64,
    /// The answer has come: entries refused. Fills of it may still be at the door.
    pub(crate) answered: Option<u64>,
}

/// Our relation to one peer.
#[derive(Debug)]
pub(crate) struct Link {
    /// We have dialled and wait for the outcome.
    pub(crate) dialling: bool,
    /// The last word was no: identity or policy.
    pub(crate) refused: bool,
    /// Failures in a row.
    pub(crate) attempts: u32,
    /// Why the link is not live.
    pub(crate) reason: String,
    pub(crate) opening: Vec<Opening>,
    pub(crate) session: Option<Session>,
    pub(crate) roads: BTreeMap<LedgerName, Road>,
}

impl Link {
    pub(crate) fn new() -> Self {
        Self {
            dialling: false,
            refused: false,
            attempts: 0,
            reason: String::new(),
            opening: Vec::new(),
            session: None,
            roads: BTreeMap::new(),
        }
    }

    /// The session, when heads have been compared.
    pub(crate) fn ready(&self) -> Option<&Session> {
        self.session.as_ref().filter(|session| session.stage == Stage::Ready)
    }
}

/// A connection that is greeting.
#[derive(Debug)]
pub(crate) struct Opening {
    pub(crate) connection: Connection,
    pub(crate) dialled: bool,
    /// Our heads as the Hello on it gave them.
    pub(crate) said: BTreeMap<LedgerName, Head>,
}

/// How far a greeted connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Heads are being compared.
    Comparing,
    /// They have been.
    Ready,
    /// Bye has been said.
    Ending,
}

/// A connection that has been greeted.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) connection: Connection,
    pub(crate) dialled: bool,
    pub(crate) stage: Stage,
    /// What the peer carries.
    pub(crate) carries: Carry,
    pub(crate) record_bytes: u64,
    pub(crate) clock_apart: bool,
    /// Bytes the peer lets us have under way at most, and still.
    pub(crate) window: u64,
    pub(crate) credit: u64,
    /// Bytes we let the peer have under way, still.
    pub(crate) granted: u64,
    pub(crate) schedule: Schedule,
    /// Bytes of credit set aside for loads under way, and how many there are by class.
    pub(crate) reserved: u64,
    pub(crate) loads: [usize; 3],
    /// Loaded and waiting for credit, by class.
    pub(crate) staged: [VecDeque<Staged>; 3],
    /// Wants of the peer by its numbers.
    pub(crate) serving: BTreeMap<u64, Serving>,
    pub(crate) proving: usize,
}

impl Session {
    /// Bytes that may be asked for now; everything when nothing is under way.
    pub(crate) fn spare(&self) -> u64 {
        let staged: u64 = self.staged.iter().flatten().map(|staged| staged.cost).sum();
        self.credit.saturating_sub(self.reserved).saturating_sub(staged)
    }

    /// Whether a frame of this cost may go now. One that is larger than the whole window goes alone.
    pub(crate) fn affords(&self, cost: u64) -> bool {
        cost <= self.credit || self.credit == self.window
    }

    /// Takes back data of a ledger that waits for credit: the peer is elsewhere.
    pub(crate) fn unstage(&mut self, ledger: &LedgerName) {
        for queue in &mut self.staged {
            queue.retain(|staged| staged.ledger != *ledger || staged.is_answer());
        }
    }

    /// Loads under way or waiting for credit.
    pub(crate) fn busy(&self) -> usize {
        self.loads.iter().sum::<usize>() + self.staged.iter().map(VecDeque::len).sum::<usize>()
    }
}

/// A frame of data that waits for credit.
#[derive(Debug)]
pub(crate) struct Staged {
    pub(crate) frame: Frame,
    pub(crate) cost: u64,
    pub(crate) ledger: LedgerName,
}

impl Staged {
    fn is_answer(&self) -> bool {
        matches!(self.frame, Frame::WantAnswer(_))
    }
}

/// A want of the peer.
#[derive(Debug)]
pub(crate) struct Serving {
    pub(crate) ledger: LedgerName,
    /// What is left of it.
    pub(crate) ranges: Vec<Range<u64>>,
    pub(crate) sent: u64,
    pub(crate) refused: u64,
}

/// One ledger on one link.
#[derive(Debug, Default)]
pub(crate) struct Road {
    /// The peer's durable size.
    pub(crate) theirs: u64,
    /// What the outbox remembers of it.
    pub(crate) remembered: u64,
    /// The size that the peer last heard from us.
    pub(crate) told: u64,
    /// Next index to send.
    pub(crate) next: u64,
    pub(crate) loading: Option<Ticket>,
    /// Ends of the peer's batches at our door: it holds them, if they are what they should be.
    pub(crate) offered: BTreeMap<Ticket, u64>,
    /// The peer says that the ledger waits there.
    pub(crate) parked: Option<HeldReason>,
    /// Our size when we last said that a batch begins beyond it.
    pub(crate) gap_said: Option<u64>,
    /// Damage in a row.
    pub(crate) damaged: u32,
    /// Nothing of it is heard until the pause is over.
    pub(crate) paused: bool,
    /// Sizes of a question after a proof.
    pub(crate) doubt: Option<(u64, u64)>,
    /// Parts to push.
    pub(crate) push: Ranges,
    /// Parts that the peer lacks, as far as its wants and stubs tell.
    pub(crate) unmet: Ranges,
    /// Ends of batches sent and when.
    pub(crate) sent: Marks,
}

impl Road {
    /// A new connection knows nothing; damage and memory stay.
    pub(crate) fn begin(&mut self) {
        let (remembered, damaged, paused) = (self.remembered, self.damaged, self.paused);
        *self = Self { remembered, damaged, paused, ..Self::default() };
    }

    /// Up to where the peer needs no leaves from us.
    pub(crate) fn covered(&self) -> u64 {
        self.offered.values().copied().fold(self.next.max(self.theirs), u64::max)
    }
}
