//! Who may do what. Pure: acts go in, answers come out; no clock, no disk, no network.
//!
//! Read in this order: [`acts`], the map of everything decided; [`directory`], the halls and their
//! tree; [`rights`], who may have which parts of an entry, and [`table`], the same as a look-up;
//! [`keys`], which key seals what; [`forks`], which ledgers are frozen or have ended; [`carry`],
//! which ledgers a link carries.
//!
//! Every answer is a function of the acts known here, never of the road or order by which they came.
//! Two halls that know the same acts agree on every key, right and fork.

pub mod acts;
pub mod carry;
pub mod directory;
pub mod forks;
pub mod keys;
pub mod rights;
#[cfg(test)]
mod sample;
pub mod table;
pub mod vkey;

pub use acts::{Acts, AnchorError, Applied, Ignored};
pub use carry::Carry;
pub use directory::Directory;
pub use forks::{Admission, ForkVerifier, Standing};
pub use keys::KeyVerdict;
pub use rights::{entitled, parts};
pub use table::Rights;
pub use vkey::{Vkey, VkeyError};
