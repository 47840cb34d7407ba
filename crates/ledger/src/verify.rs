//! Checks a whole log by itself, as an auditor does: every checksum, every commitment, every root,
//! every signature, with the keys the auditor names.

use record::LedgerName;

use crate::disk::Disk;

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries checked.
    pub entries: u64,
    /// Seals checked.
    pub seals: u64,
    /// Receipts checked.
    pub receipts: u64,
    /// Everything that is not as it should be.
    pub problems: Vec<Problem>,
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// At which byte.
    pub offset: u64,
    /// Whose entry, when known.
    pub ledger: Option<LedgerName>,
    /// Which entry or size, when known.
    pub index: Option<u64>,
    /// What is wrong.
    pub what: String,
}

/// Verifies the log in a directory. `keys` gives the log key that seals a ledger at a size; seals of
/// unknown keys are problems. Takes no lock, so it may run beside a living hall, whose newest group
/// it may then not see.
pub fn directory<D: Disk>(disk: &D, keys: &dyn Fn(&LedgerName, u64) -> Option<[u8; 32]>) -> Report {
    todo!("{}{}", disk.list("").is_ok(), keys as *const _ as *const u8 as usize)
}
