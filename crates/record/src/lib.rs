//! What a record is. Pure: no clock, no disk, no network, no randomness of its own.
//!
//! A *record* (记录) is a fact that an authority has put down: a permit, a penalty, a case, a shared
//! material. It has revisions; each revision is an *entry* in the ledger of the hall that accepted
//! it. An entry has up to four *parts*, and parts are what sharing is about:
//!
//! ```text
//! entry ─┬─ head    who says what about whom, when, instead of what      Head
//!        ├─ open    what publication allows                              ┐
//!        ├─ closed  the rest; natural persons live here                  ┴ Body
//!        └─ (one more, reserved)
//! leaf  ─┬─ label        sharing class and audience: everybody may know  Label
//!        └─ commitment   binds the parts, each under its own salt        Parts::commitment
//! ```
//!
//! The bytes of a part are the submitter's for ever. What this crate calls [`Head`], [`Body`] or
//! [`Act`] is a *view* read from them (crate `wire` does the reading); nothing is ever encoded again
//! from a view, so what a view does not know is not lost.
//!
//! # In which order to read
//!
//! 1. `name`, `label`, `entry`: names of halls and ledgers, the public label, the commitment. These
//!    are frozen by golden values: another byte, and no ledger verifies.
//! 2. `head`, `kind`, `record_id`: what every hall that may know of a record needs to know of it.
//! 3. `act`: what a hall, or the root hall for all, decides. Rights and keys follow from acts alone.
//! 4. `text`, `identifier`, `date`, `decimal`, `time`: the values real data gets wrong.
//! 5. `body` with `party`, `permit`, `penalty`, `case`, `material`: what records say.
//! 6. `rules` and [`validate`]: what must hold of them, each rule with its source; a [`Violation`]
//!    says where, whose rule, what is wrong and the way out, in Chinese and English.
//! 7. [`calendar`]: which days are worked, the periods of the law, the cards of supervision.
//! 8. [`jilin`] and `generate`: a province of seats, and invented records that obey every rule.
//!
//! # What holds everywhere
//!
//! * A natural person's name and number stand in the closed part and nowhere else: not in the open
//!   part, the head, a natural key, a violation's text or a `Debug` line.
//! * Validation tells every violation at once, and judges records on their way in, never stored
//!   ones: rules change, entries do not.
//! * Amounts are exact, dates have one spelling, a division code is judged by the date it stands for,
//!   and nothing is read out of a code but whether it is one.
//! * Time is an argument. A seed means the same record on every machine and in every version.
//!
//! ```
//! use record::{Class, Date, Generator, Kind, Profile, Uscc};
//!
//! let draft = Generator::new(&Kind::Penalty, 1).ok_or(Class::Invalid)?.draft(0);
//! let today: Date = "2026-01-01".parse().map_err(|_| Class::Invalid)?;
//! assert_eq!(draft.body.validate(today, Profile::Cn21), []);
//!
//! // What is wrong is said, and what may have been meant.
//! assert!("91440300708461136t".parse::<Uscc>().is_err());
//! assert_eq!(Uscc::mended("91440300708461136t").map(|code| code.to_string()).as_deref(),
//!            Some("91440300708461136T"));
//! # Ok::<(), Class>(())
//! ```
//!
//! # Deliberately absent
//!
//! Who may submit or see a record (`policy`), whether a message id, natural key or revision is free
//! (`ledger`), bytes on the wire (`wire`), redaction for publication and the full
//! case model of GB/T 39046 (with the shared schema).

mod act;
mod body;
pub mod calendar;
pub mod case;
mod class;
mod date;
mod decimal;
mod edition;
mod entry;
mod field;
mod form;
mod generate;
mod head;
pub mod identifier;
pub mod item;
pub mod jilin;
mod kind;
mod label;
pub mod lists;
pub mod material;
mod name;
mod newest;
mod party;
mod penalty;
mod permit;
mod personal;
mod power_list;
mod profile;
mod record_id;
mod rules;
mod standing;
pub mod text;
mod time;
pub mod validate;
mod violation;

pub use act::{
    ACT_LIST_MAX, ACT_TEXT_MAX, Act, Audience, Continuation, ForkProof, Handover, KeyChange,
    Member, MemberState, POWER_HAND_OVER, POWER_RULE, Pin, Ruling, Term, Who,
};
pub use body::Body;
pub use calendar::Calendar;
pub use case::Case;
pub use class::Class;
pub use date::{Date, DateError, DateSpelling};
pub use decimal::{WanYuan, WanYuanError, Yuan, YuanError};
pub use edition::{Edition, EditionError};
pub use entry::{
    COMMIT_BYTES_MAX, COMMIT_ENTRIES_MAX, Hash, Leaf, PARTS_MAX, Parts, PartsError,
    RECORD_BYTES_MAX, Salt, Slot,
};
pub use field::{Field, FieldPart, Need, Needs, Origin, Show, Value, field, fields};
pub use form::{Filled, Form, Masking, Note, UnknownField};
pub use generate::{Draft, Generator};
pub use head::{Authority, CodeSystem, Division, Head, NaturalKey, Revises, RevisionKind, Stamp};
pub use identifier::{CertificateId, CitizenId, OrganisationCode, RegistrationNumber, Uscc};
pub use item::Item;
pub use kind::{KIND_MAX, Kind, KindError};
pub use label::{AudienceNumber, Label, LabelError, PartSet, SharingClass, SharingClassError};
pub use material::Material;
pub use name::{
    Generation, HALL_ID_MAX, HallId, LEDGER_NAME_MAX, Lane, LedgerName, NameError, TrustDomain,
};
pub use party::{Party, PartyCategory};
pub use penalty::Penalty;
pub use permit::Permit;
pub use power_list::PowerList;
pub use profile::{Level, Profile, ProfileError};
pub use record_id::{RecordId, RecordIdError};
pub use standing::{Effect, Effective, Standing, State, Successor};
pub use text::{Change, Changes, Read};
pub use time::{TimeSpelling, Timestamp, TimestampError, Zone};
pub use violation::Violation;
