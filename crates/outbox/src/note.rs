//! What can be remembered.

use record::{HallId, LedgerName};

/// Something to remember; the newest of its key wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A peer holds a ledger durably up to a size.
    Durable {
        /// Who.
        peer: HallId,
        /// Which ledger.
        ledger: LedgerName,
        /// How many entries.
        size: u64,
    },
    /// The newest receipt of a holder for a ledger.
    Receipt(KeptReceipt),
    /// A group of the ledger was acknowledged.
    Acknowledged(Mark),
}

/// A receipt in passing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptReceipt {
    /// Who holds.
    pub holder: HallId,
    /// Which ledger.
    pub ledger: LedgerName,
    /// Up to which size.
    pub size: u64,
    /// When it was signed, milliseconds since 1970 UTC by the holder's clock.
    pub at_ms: i64,
    /// The seal with the holder's cosignature.
    pub cosigned_seal: String,
    /// The holding note.
    pub holding_note: String,
}

/// A place in the log that this state was built to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Id of the log.
    pub log_id: [u8; 16],
    /// Number of the group.
    pub group: u64,
    /// CRC32C of the group.
    pub crc: u32,
}
