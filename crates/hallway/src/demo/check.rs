//! The check from outside: nothing a hall says of itself counts. The ledger directory of every hall
//! is read with the real reader and compared with the list of acknowledgements, with the bytes that
//! were submitted, and with what the acts allow.
//!
//! | word | what is counted |
//! |---|---|
//! | lost | acknowledged, and no entry at a hall, or at the origin another message |
//! | starved | an entry without parts that `parts()` gives the hall |
//! | duplicated | a message or a place twice in one hall's log |
//! | out of order | an index before the one below it, a revision before the one it replaces |
//! | diverged | two roots at one size, two leaves at one index, other bytes of one part |
//! | leaked | a part where `parts()` forbids it, in an entry or anywhere in the segments' bytes |
//!
//! The origin's own copy is the reference for bytes and leaves; that it is what was submitted is
//! checked first. Beside the comparison, a thread per hall verifies every checksum and signature.

mod copies;
mod open;
mod origin;
mod receipts;
mod residue;

use std::path::PathBuf;

use ledger::{Os, ReadError, verify};
use policy::{Acts, AnchorError, KeyVerdict, Rights};
use record::{Lane, LedgerName};
use thiserror::Error;

use super::traffic::Acknowledged;
use crate::config::Settings;
use open::Open;

/// What was found, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Findings {
    /// Acknowledged messages that are where they must be, with what they must have, everywhere.
    pub(super) replicated: u64,
    /// Copies that are not there.
    pub(super) lost: u64,
    /// Copies twice.
    pub(super) duplicated: u64,
    /// Copies in a wrong order.
    pub(super) out_of_order: u64,
    /// Copies that contradict the origin's.
    pub(super) diverged: u64,
    /// Copies without parts they may have.
    pub(super) starved: u64,
    /// Copies with parts they may not have.
    pub(super) leaked: u64,
    /// Entries held as stubs, per hall and entry.
    pub(super) withheld: u64,
    /// Entries of which parts came later, per hall and entry.
    pub(super) filled: u64,
    /// Final receipts, per ledger and holder.
    pub(super) receipts_final: u64,
    /// Final receipts there must be.
    pub(super) receipts_due: u64,
    /// Entries, seals and receipts whose hashes and signatures were verified.
    pub(super) verified: [u64; 3],
    /// The first of whatever is wrong, in words.
    pub(super) problems: Vec<String>,
}

impl Findings {
    /// Everything that is wrong, in the order of the verdict.
    pub(super) fn faults(&self) -> [(&'static str, u64); 6] {
        [
            ("lost", self.lost),
            ("duplicated", self.duplicated),
            ("out_of_order", self.out_of_order),
            ("diverged", self.diverged),
            ("starved", self.starved),
            ("leaked", self.leaked),
        ]
    }

    /// Whether all hashes and signatures verify and every receipt that is due is final.
    pub(super) fn is_verified(&self) -> bool {
        self.problems.is_empty()
            && self.receipts_due > 0
            && self.receipts_final == self.receipts_due
            && self.faults().iter().all(|(_, count)| *count == 0)
    }

    fn add(&mut self, hall: &Open, report: verify::Report) {
        let counted = [report.entries, report.seals, report.receipts];
        for (sum, count) in self.verified.iter_mut().zip(counted) {
            *sum += count;
        }
        for problem in report.problems {
            let verify::Problem { file, offset, what, .. } = problem;
            self.problem(|| format!("{}: {file} at byte {offset}: {what}", hall.hall));
        }
    }

    fn problem(&mut self, what: impl FnOnce() -> String) {
        if self.problems.len() < PROBLEMS_SHOWN {
            self.problems.push(what());
        }
    }
}

/// Checks the halls with these settings, none of which may be running.
pub(super) fn check(halls: &[Settings], book: &[Acknowledged]) -> Result<Findings, CheckError> {
    let opened: Vec<Open> = halls.iter().map(Open::of).collect::<Result<_, _>>()?;
    let rights = rights(&opened)?;
    let mut findings = Findings::default();
    std::thread::scope(|scope| {
        let acts = rights.acts();
        let verify = |hall: &Open| {
            let disk = hall.disk.clone();
            scope.spawn(move || signatures(&disk, acts))
        };
        let verifying: Vec<_> = opened.iter().map(verify).collect();
        compare(&opened, &rights, book, &mut findings)?;
        for (hall, report) in opened.iter().zip(verifying) {
            let report = report.join().map_err(|_| CheckError::Panicked)?;
            findings.add(hall, report);
        }
        Ok::<_, CheckError>(())
    })?;
    Ok(findings)
}

/// Everything but signatures.
fn compare(
    opened: &[Open],
    rights: &Rights,
    book: &[Acknowledged],
    findings: &mut Findings,
) -> Result<(), CheckError> {
    origin::check(opened, book, findings)?;
    let good = copies::check(opened, rights, findings)?;
    let lives = |one: &&Acknowledged| good.contains(&(one.ledger.clone(), one.index));
    findings.replicated = u64::try_from(book.iter().filter(lives).count()).unwrap_or(u64::MAX);
    receipts::check(opened, rights, findings)?;
    residue::check(opened, rights, findings)
}

/// What the acts say today, each hall's read from that hall itself.
fn rights(opened: &[Open]) -> Result<Rights, CheckError> {
    let root = opened.first().ok_or(CheckError::NoHalls)?;
    let (ledger, key) = (root.trust.root_ledger.clone(), &root.trust.root_key);
    let mut acts = Acts::new(ledger, key, link::desk::doubt::is_fork)?;
    for hall in opened {
        let own = hall.reader.own_ledger(Lane::Acts);
        for index in 0..hall.size(&own) {
            let act = link::desk::reading::act(&hall.reader, &own, index)?;
            if let Some(act) = act {
                acts.apply(&own, index, &act);
            }
        }
    }
    Ok(Rights::new(acts))
}

/// Every checksum, commitment, root and signature of a hall's log.
fn signatures(disk: &Os, acts: &Acts) -> verify::Report {
    let key = |ledger: &LedgerName, size: u64| match acts.key_for(ledger, size) {
        KeyVerdict::Key(key) => Some(key),
        KeyVerdict::UnknownHall
        | KeyVerdict::UnknownKey
        | KeyVerdict::Pinned { .. }
        | KeyVerdict::Revoked => None,
    };
    verify::directory(disk, &key)
}

/// Why the check could not be made at all.
#[derive(Debug, Error)]
pub(super) enum CheckError {
    /// There is nothing to check.
    #[error("check no halls")]
    NoHalls,
    /// A directory cannot be read.
    #[error("read {}", path.display())]
    Directory {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    /// A key.
    #[error("read the log key")]
    Key(#[from] crate::birth::BirthError),
    /// A log cannot be opened.
    #[error("open the ledger of {hall}")]
    Open {
        hall: String,
        #[source]
        source: ledger::OpenError,
    },
    /// A log cannot be read.
    #[error("read a ledger")]
    Read(#[from] ReadError),
    /// A verification panicked.
    #[error("verify the signatures")]
    Panicked,
    /// The root of trust.
    #[error("read the root of trust")]
    Anchor(#[from] AnchorError),
}

/// Problems that are told in words.
const PROBLEMS_SHOWN: usize = 20;

#[cfg(test)]
mod tests;
