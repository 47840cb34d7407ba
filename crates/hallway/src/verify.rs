//! Verifying offline: a bundle that `prove` made, or a whole data directory. No network, no running
//! hall, no lock.
//!
//! Trust begins at the root key: named on the command line it is *pinned*; otherwise what bundle or
//! directory say is believed, and that is said loudly. From there acts give the keys of all others.
//! Every problem is named; nothing stops at the first one.

mod beside;
mod bundle;
mod directory;

use policy::KeyVerdict;
use record::LedgerName;
use serde::Serialize;

use crate::exit::Exit;

pub use bundle::bundle;
pub use directory::{Trust, directory};

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether everything is as it should be.
    pub holds: bool,
    /// Entries verified.
    pub entries: u64,
    /// Seals verified.
    pub seals: u64,
    /// Receipts verified.
    pub receipts: u64,
    /// Everything that is not as it should be.
    pub problems: Vec<Problem>,
    /// Whether the root key was named by whoever verifies.
    pub root_key_pinned: bool,
    /// What the status note of a bundle says, when it verifies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// At which byte, when known.
    pub offset: Option<u64>,
    /// Whose entry, when known.
    pub ledger: Option<String>,
    /// Which entry or size, when known.
    pub index: Option<u64>,
    /// What is wrong.
    pub what: String,
    /// Whether stored bytes are damaged.
    #[serde(skip)]
    pub corrupt: bool,
}

/// A hall's word about a record, with its date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Whose word it is.
    pub hall: String,
    /// When, RFC 3339.
    pub at: String,
    /// Whether the proven entry is the newest revision that the hall saw.
    pub current: bool,
    /// in-force, withdrawn or replaced.
    pub state: String,
    /// It is not carried out for now.
    pub suspended: bool,
    /// Its publication has not ended.
    pub published: bool,
    /// The standing rulings about it.
    pub rulings: Vec<String>,
    /// The newest revision's number.
    pub revision: u32,
    /// Where it stands, `<ledger>#<index>`.
    pub latest: String,
    /// Later entries that the hall could not look into.
    pub unseen: u64,
}

impl Report {
    /// How the command ends.
    pub fn exit(&self) -> Exit {
        if self.holds {
            Exit::Holds
        } else if self.problems.iter().any(|problem| problem.corrupt) {
            Exit::Corrupt
        } else {
            Exit::No
        }
    }

    fn concluded(self) -> Self {
        Self { holds: self.problems.is_empty(), ..self }
    }
}

/// Why there is no key to check with, for people.
fn missing_key(verdict: KeyVerdict, ledger: &LedgerName, size: u64) -> String {
    match verdict {
        KeyVerdict::Key(_) => format!("{ledger} has a key at size {size}"),
        KeyVerdict::UnknownHall => {
            format!("no act makes {} a member, so nothing gives its key", ledger.hall())
        }
        KeyVerdict::UnknownKey => {
            format!("the key of {ledger} at size {size} is approved by no act")
        }
        KeyVerdict::Pinned { size: pinned, .. } => {
            format!("the root hall ended {ledger} at size {pinned}; size {size} is beyond")
        }
        KeyVerdict::Revoked => format!("the key of {ledger} at size {size} is revoked"),
    }
}

#[cfg(test)]
mod tests;
