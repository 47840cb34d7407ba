//! What the machine waits for an answer to. A ticket names its connection, so an answer that comes
//! after the connection was replaced finds nothing to do.

use std::ops::Range;

use record::{HallId, LedgerName};
use wire::frame::SignedReceipt;

use super::event::Connection;
use super::schedule::{Class, Work};

/// What a ticket was given out for.
#[derive(Debug)]
pub(crate) enum Pending {
    Load { at: At, class: Class, reserved: u64 },
    Push { at: At, class: Class, reserved: u64 },
    Serve { at: At, id: u64, reserved: u64 },
    Take(Box<Taking>),
    Fill { at: At, cost: u64 },
    Prove { at: At },
    Examine { at: At },
    Check { receipt: SignedReceipt },
}

impl Pending {
    /// Whether it is something of this peer that is at the door.
    pub(crate) fn keeps(&self, peer: &HallId) -> bool {
        match self {
            Self::Take(taking) => taking.at.peer == *peer,
            Self::Fill { at, .. } => at.peer == *peer,
            Self::Load { .. }
            | Self::Push { .. }
            | Self::Serve { .. }
            | Self::Prove { .. }
            | Self::Examine { .. }
            | Self::Check { .. } => false,
        }
    }
}

/// A ledger on a connection.
#[derive(Clone, Debug)]
pub(crate) struct At {
    pub(crate) peer: HallId,
    pub(crate) connection: Connection,
    pub(crate) ledger: LedgerName,
}

impl At {
    pub(crate) fn leaves(&self) -> Work {
        Work::Leaves(self.ledger.clone())
    }

    pub(crate) fn parts(&self) -> Work {
        Work::Parts(self.ledger.clone())
    }
}

/// A batch at the door.
#[derive(Debug)]
pub(crate) struct Taking {
    pub(crate) at: At,
    pub(crate) end: u64,
    pub(crate) cost: u64,
    /// It has entries whose parts we may have and did not get.
    pub(crate) lacks: bool,
    /// Entries that came with parts.
    pub(crate) brought: Vec<Range<u64>>,
    /// How often the acts had moved when it went to the door.
    pub(crate) acts: u64,
}
