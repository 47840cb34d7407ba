//! What can happen to a hall's links. Everything a machine learns comes in as one of these, with the
//! time beside it; tests, the simulator and the tasks in production speak the same language.

use std::ops::Range;

use policy::Rights;
use record::{ForkProof, HallId, LedgerName, PartSet, Parts, Timestamp};
use wire::frame::{Batch, Frame, HeldReason, Proof, SignedReceipt};

/// One connection to a peer; never used twice in a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Connection(pub u64);

/// Ties an answer to the action that asked for it; never used twice in a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// TLS stands and the peer is who it should be.
    Opened {
        /// The peer by its certificate.
        peer: HallId,
        /// The new connection.
        connection: Connection,
        /// Whether this hall dialled.
        dialled: bool,
    },
    /// A frame came in.
    Arrived {
        /// From whom.
        peer: HallId,
        /// On which connection; frames of a replaced connection are ignored.
        connection: Connection,
        /// The frame.
        frame: Frame,
    },
    /// Bytes that are no frame; the connection is of no more use.
    Unreadable {
        /// From whom.
        peer: HallId,
        /// On which connection.
        connection: Connection,
        /// Which field, what is wrong.
        what: String,
    },
    /// A connection ended.
    Lost {
        /// To whom.
        peer: HallId,
        /// Which.
        connection: Connection,
        /// A stable word.
        reason: String,
    },
    /// A dial came to nothing.
    DialFailed {
        /// To whom.
        peer: HallId,
        /// Identity or policy said no, as against a road that is down.
        refused: bool,
        /// A stable word: the TLS alert, `unreachable`, `timeout` …
        reason: String,
    },
    /// A ledger of this hall is durable up to a new size, by whatever road it grew.
    Grown {
        /// Which ledger.
        ledger: LedgerName,
        /// Its durable head.
        head: Head,
    },
    /// Answer to [`Action::Load`](super::Action::Load): entries for the peer, or nothing when the
    /// ledger has no seal beyond that index.
    Loaded {
        /// Which action.
        ticket: Ticket,
        /// The batch, narrowed to what the peer may have.
        batch: Option<Batch>,
    },
    /// Answer to [`Action::LoadParts`](super::Action::LoadParts).
    LoadedParts {
        /// Which action.
        ticket: Ticket,
        /// What may and can be handed over, as many as fit the bytes asked for.
        entries: Vec<(u64, Parts)>,
        /// Entries of the ranges that were looked at and cannot be handed over.
        refused: u64,
        /// Where to go on when bytes ran out before the ranges did.
        rest: Vec<Range<u64>>,
    },
    /// Answer to [`Action::Take`](super::Action::Take).
    Taken {
        /// Which action.
        ticket: Ticket,
        /// What became of the batch.
        outcome: Taken,
    },
    /// Answer to [`Action::TakeFill`](super::Action::TakeFill): durable now.
    TookFill {
        /// Which action.
        ticket: Ticket,
        /// Index and the parts that were new.
        new: Vec<(u64, PartSet)>,
        /// Entries whose parts did not match their leaves, or had none.
        refused: u64,
    },
    /// Answer to [`Action::FindLacking`](super::Action::FindLacking).
    Lacking {
        /// Which ledger.
        ledger: LedgerName,
        /// Entries with parts that this hall may have and lacks, lowest first, at most
        /// [`WANT_RANGES_MAX`](wire::frame::WANT_RANGES_MAX) ranges.
        ranges: Vec<Range<u64>>,
    },
    /// Answer to [`Action::Prove`](super::Action::Prove); none when sizes are unknown here.
    Proved {
        /// Which action.
        ticket: Ticket,
        /// The proof for the peer.
        proof: Option<Proof>,
    },
    /// Answer to [`Action::Examine`](super::Action::Examine).
    Examined {
        /// Which action.
        ticket: Ticket,
        /// What the proof says.
        verdict: Verdict,
    },
    /// This hall signed a receipt for a ledger it holds (answer to `MakeReceipt`).
    Receipted {
        /// The receipt.
        receipt: SignedReceipt,
        /// The time in it.
        signed_at: Timestamp,
    },
    /// A receipt that arrived has been verified (answer to `CheckReceipt`).
    ReceiptChecked {
        /// Which action.
        ticket: Ticket,
        /// When the holder signed it, if seal, cosignature and note hold; none otherwise.
        signed_at: Option<Timestamp>,
    },
    /// Acts or directory moved: new rights, perhaps new members, keys, forks, continuations.
    ActsMoved {
        /// What the acts say now.
        rights: Rights,
    },
    /// Certificates, trust roots or configured peers were read again.
    Reloaded {
        /// The peers to dial from now on.
        dial: Vec<HallId>,
    },
    /// The moment named by [`Machine::wakes_at`](super::Machine::wakes_at) has come.
    Tick,
    /// The hall goes down: say Bye, finish what is in hand.
    Drain,
}

/// How far this hall is in a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Durable size.
    pub size: u64,
    /// Root at that size.
    pub root: record::Hash,
}

/// What became of a batch at the one door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Durable; some of it may have been here before.
    Durable {
        /// The ledger's durable head now.
        head: Head,
        /// Entries that were here and gained parts.
        fills: Vec<(u64, PartSet)>,
    },
    /// It starts beyond our end; nothing was taken.
    Gap {
        /// Our head.
        head: Head,
    },
    /// It contradicts what we hold, or its entries do not give its seal's root; nothing was taken.
    Diverges {
        /// Our head.
        head: Head,
    },
    /// The seal cannot be judged yet, or is no seal of this ledger; nothing was taken.
    Held(HeldReason),
    /// Its seal is not signed by the key it should be, or is no seal; the relay's fault.
    Damaged {
        /// Which check failed.
        what: String,
    },
}

/// What a proof says about a doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both seals fit one tree: the batch was damaged on the road.
    Consistent,
    /// The origin signed two trees.
    Fork(Box<ForkProof>),
    /// There are two trees, but a seal of one is by a key that was retired before it: nobody has to
    /// believe that the origin made it, and what hangs on it here cannot go on.
    Void,
    /// The proof proves nothing; the relay's fault.
    Worthless,
}
