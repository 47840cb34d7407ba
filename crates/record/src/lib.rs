//! What a record is. Pure: no clock, no disk, no network, no randomness of its own.

mod entry;
mod label;
mod name;
mod time;

pub use entry::{
    COMMIT_BYTES_MAX, COMMIT_ENTRIES_MAX, Hash, Leaf, PARTS_MAX, Parts, PartsError,
    RECORD_BYTES_MAX, Salt, Slot,
};
pub use label::{AudienceNumber, Label, LabelError, PartSet, SharingClass};
pub use name::{
    Generation, HALL_ID_MAX, HallId, LEDGER_NAME_MAX, Lane, LedgerName, NameError, TrustDomain,
};
pub use time::Timestamp;
