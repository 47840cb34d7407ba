//! What a record is. Pure: no clock, no disk, no network, no randomness of its own.

mod act;
mod body;
mod case;
mod class;
mod date;
mod decimal;
mod entry;
mod generate;
mod head;
pub mod identifier;
pub mod jilin;
mod kind;
mod label;
mod material;
mod name;
mod party;
mod penalty;
mod permit;
mod record_id;
mod rules;
mod time;
pub mod validate;
mod violation;

pub use act::{
    ACT_LIST_MAX, ACT_TEXT_MAX, Act, Audience, Continuation, ForkProof, KeyChange, Member,
    MemberState, Pin, Term, Who,
};
pub use body::Body;
pub use case::Case;
pub use class::Class;
pub use date::{Date, DateError};
pub use decimal::{WanYuan, WanYuanError};
pub use entry::{
    COMMIT_BYTES_MAX, COMMIT_ENTRIES_MAX, Hash, Leaf, PARTS_MAX, Parts, PartsError,
    RECORD_BYTES_MAX, Salt, Slot,
};
pub use generate::{Draft, Generator};
pub use head::{Authority, CodeSystem, Division, Head, NaturalKey, Revises, RevisionKind, Stamp};
pub use identifier::{CitizenId, Uscc};
pub use kind::{KIND_MAX, Kind, KindError};
pub use label::{AudienceNumber, Label, LabelError, PartSet, SharingClass, SharingClassError};
pub use material::Material;
pub use name::{
    Generation, HALL_ID_MAX, HallId, LEDGER_NAME_MAX, Lane, LedgerName, NameError, TrustDomain,
};
pub use party::{Party, PartyCategory};
pub use penalty::Penalty;
pub use permit::Permit;
pub use record_id::{RecordId, RecordIdError};
pub use time::{Timestamp, TimestampError};
pub use violation::Violation;
