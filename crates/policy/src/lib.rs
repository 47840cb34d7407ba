//! Who may do what. Pure: acts go in, answers come out; no clock, no disk, no network.
//!
//! ```text
//!   entries of acts ledgers, and entry 0 of every later generation, verified and durable
//!        │ Acts::apply(ledger, index, act)            any order, any road, as often as you like
//!        ▼
//!      Acts ── directory()      who is a hall, under whom, where to reach it
//!        │  ── rulings()        what other authorities decided about a record, as far as it stands
//!        │  ── stewards()       who may revise a record, and whose revisions count
//!        │  ── key_for()        which key a seal of this size must have
//!        │  ── standing()       does a ledger grow, is it frozen, did it end
//!        │  ── admits()         may a new generation be taken
//!        ▼
//!      Rights ── parts()        what a link may hand over
//!             ── entitled()     what a portal may show
//! ```
//!
//! Read in this order: [`acts`], the map of everything decided; [`directory`], the halls and their
//! tree; [`rights`], who may have which parts of an entry, and [`table`], the same as a look-up;
//! [`rulings`] and [`stewards`], who decides about a record and who revises it;
//! [`keys`], which key seals what; [`forks`], which ledgers are frozen or have ended; [`carry`],
//! which ledgers a link carries; [`vkey`], a key as text.
//!
//! **Invariant.** Every answer is a function of the set of acts known here, never of the road or the
//! order by which they came. Two halls that know the same acts agree on every key, right and fork.
//! Every function is total: what is malformed, misplaced, cyclic or unknown yields the smaller right
//! and the later key, never a panic.
//!
//! Whoever applies acts hands out snapshots: a clone of [`Acts`], or [`Rights`] over one.
//!
//! ```
//! use policy::{Acts, Rights, Vkey};
//! use record::{
//!     Act, AudienceNumber, HallId, Label, LedgerName, Member, MemberState, PartSet, SharingClass,
//! };
//!
//! let root: LedgerName = "jilin.example/hallway/220000/acts/1".parse()?;
//! let key = Vkey { name: "jilin.example/hallway/220000".into(), algorithm: 1, public: [7; 32] };
//! let mut acts = Acts::new(root.clone(), &key.to_string(), |_proof, _keys| false)?;
//!
//! let (province, city): (HallId, HallId) = ("220000".parse()?, "220100".parse()?);
//! acts.apply(&root, 0, &Act::Member(Member {
//!     hall: city.clone(),
//!     state: MemberState::Active,
//!     name: "长春市政务大厅".into(),
//!     divisions: vec!["220100".into()],
//!     parent: Some(province.clone()),
//!     endpoints: vec![],
//!     log_keys: vec![],
//!     holder_keys: vec![],
//!     powers: vec![],
//!     pins: vec![],
//! }));
//!
//! let rights = Rights::new(acts.clone());
//! let records: LedgerName = "jilin.example/hallway/220000/records/1".parse()?;
//! let open = Label { class: SharingClass::Open, audience: AudienceNumber(0) };
//! assert_eq!(rights.parts(&records, open, &city), PartSet::PUBLIC);
//! assert_eq!(rights.parts(&records, open, &province), PartSet::ALL);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Deliberately absent, until its time: Cedar at the doors (who may submit, which label an entry
//! gets, what a person may read), bridges to other trust domains.

pub mod acts;
pub mod carry;
pub mod directory;
pub mod forks;
pub mod keys;
pub mod rights;
pub mod rulings;
#[cfg(test)]
mod sample;
pub mod stewards;
pub mod table;
pub mod vkey;

pub use acts::{Acts, AnchorError, Applied, Ignored};
pub use carry::Carry;
pub use directory::Directory;
pub use forks::{Admission, ForkVerifier, Standing};
pub use keys::KeyVerdict;
pub use rights::{entitled, parts};
pub use stewards::{Stewards, Tenure};
pub use table::Rights;
pub use vkey::{Vkey, VkeyError};
