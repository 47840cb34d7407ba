//! What a machine asks of the world. Tasks perform these and decide nothing; answers come back as
//! [`Event`](super::Event)s with the same ticket.

use std::ops::Range;

use record::{ForkProof, HallId, LedgerName};
use wire::frame::{Batch, Fill, Frame, Proof, Prove, SignedReceipt};

use super::event::{Connection, Ticket};

/// Something to do.
#[derive(Clone, Debug)]
pub enum Action {
    /// Connect to a peer; answered by `Opened` or `DialFailed`.
    Dial {
        /// Whom.
        peer: HallId,
    },
    /// Put a frame on a connection, in order.
    Send {
        /// To whom.
        peer: HallId,
        /// On which connection.
        connection: Connection,
        /// The frame.
        frame: Frame,
    },
    /// End a connection after what was sent on it.
    Close {
        /// To whom.
        peer: HallId,
        /// Which.
        connection: Connection,
        /// A stable word, for logs.
        reason: String,
    },
    /// Read entries for a peer from `from` on, ending on a stored seal, narrowed by the rights of the
    /// peer; answered by `Loaded`.
    Load {
        /// Answer with this.
        ticket: Ticket,
        /// For whom.
        peer: HallId,
        /// From which ledger.
        ledger: LedgerName,
        /// First index.
        from: u64,
        /// About how many bytes; at least one seal's worth comes anyway.
        bytes: u64,
        /// Records above this many bytes go as stubs (`too-large`): the peer's limit.
        record_bytes: u64,
    },
    /// Read parts for a peer; answered by `LoadedParts`.
    LoadParts {
        /// Answer with this.
        ticket: Ticket,
        /// For whom.
        peer: HallId,
        /// From which ledger.
        ledger: LedgerName,
        /// Which entries.
        ranges: Vec<Range<u64>>,
        /// About how many bytes.
        bytes: u64,
    },
    /// Verify a batch (seal signature by the key valid at its size, then the one door); answered by
    /// `Taken` after the fdatasync.
    Take {
        /// Answer with this.
        ticket: Ticket,
        /// Who sent it.
        via: HallId,
        /// The batch.
        batch: Batch,
    },
    /// Put parts that came later through the one door; answered by `TookFill` after the fdatasync.
    TakeFill {
        /// Answer with this.
        ticket: Ticket,
        /// Who sent it.
        via: HallId,
        /// The parts.
        fill: Fill,
    },
    /// Look for entries with parts that this hall may have and lacks; answered by `Lacking`.
    FindLacking {
        /// In which ledger.
        ledger: LedgerName,
        /// From which index on.
        from: u64,
    },
    /// Make a proof for a peer; answered by `Proved`.
    Prove {
        /// Answer with this.
        ticket: Ticket,
        /// The question.
        prove: Prove,
    },
    /// Judge a proof against what this hall holds; answered by `Examined`.
    Examine {
        /// Answer with this.
        ticket: Ticket,
        /// The proof.
        proof: Proof,
    },
    /// Enter a proven fork into this hall's own acts.
    DeclareFork {
        /// The proof.
        fork: Box<ForkProof>,
    },
    /// Sign a receipt for what is held of a ledger; answered by `Receipted`.
    MakeReceipt {
        /// Which ledger.
        ledger: LedgerName,
    },
    /// Verify a receipt that arrived; answered by `ReceiptChecked`.
    CheckReceipt {
        /// Answer with this.
        ticket: Ticket,
        /// The receipt.
        receipt: SignedReceipt,
    },
    /// A verified receipt is the newest of its holder and ledger: remember it; at the origin, log it.
    KeepReceipt {
        /// The receipt.
        receipt: SignedReceipt,
    },
    /// A peer holds a ledger durably up to here: remember it in the outbox.
    Remember {
        /// Who.
        peer: HallId,
        /// Which ledger.
        ledger: LedgerName,
        /// Up to which size.
        size: u64,
    },
    /// A person should look, until [`Action::Settle`] with the same code and subject.
    Alarm {
        /// What kind.
        code: AlarmCode,
        /// What it is about: a hall or a ledger.
        subject: String,
        /// Details, for people.
        detail: String,
    },
    /// An alarm is over.
    Settle {
        /// What kind.
        code: AlarmCode,
        /// What it was about.
        subject: String,
    },
}

/// Kinds of alarms that links raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlarmCode {
    /// A peer refuses us, or we refuse it: identity or policy.
    LinkRefused,
    /// A ledger is forked.
    LedgerForked,
    /// A ledger waits for acts.
    LedgerHeld,
    /// A relay sends what does not verify.
    RelayDamaged,
    /// Parts that this hall may have do not come.
    PartsWanted,
    /// A peer's clock is more than two minutes away from ours.
    ClockApart,
    /// A peer is ahead of us in our own ledger: we were rolled back.
    OwnLedgerAhead,
}

impl AlarmCode {
    /// The stable code in status and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LinkRefused => "link-refused",
            Self::LedgerForked => "ledger-forked",
            Self::LedgerHeld => "ledger-held",
            Self::RelayDamaged => "relay-damaged",
            Self::PartsWanted => "parts-wanted",
            Self::ClockApart => "clock-apart",
            Self::OwnLedgerAhead => "own-ledger-ahead",
        }
    }
}
