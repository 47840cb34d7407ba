//! A data directory by itself: every byte of every segment, with the keys that its own acts give.
//!
//! The acts are read through the ledger's own reader, over a disk that never writes; a false act
//! cannot pass, because the seals over it are checked like all others, from the root key on. Runs
//! beside a living hall, whose newest group it may not see.
//!
//! Only what the segments hold is verified. Derived files (index, register, outbox) are rebuilt from
//! them and prove nothing.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

use ledger::{
    Background, Disk as _, Options, Reader, Refusing, Store, VerifierKey, VerifySealError,
};
use link::desk::doubt::is_fork;
use link::desk::reading::Bookmark;
use policy::{Acts, KeyVerdict};
use record::{HallId, LedgerName, Timestamp};

use super::beside::Beside;
use super::{Problem, Report, missing_key};
use crate::exit::with_causes;

/// Whose directory it is, and where trust begins.
#[derive(Clone, Debug)]
pub struct Trust {
    /// The hall that writes it.
    pub hall: HallId,
    /// The root hall's acts ledger.
    pub root_ledger: LedgerName,
    /// The key of its first seals, a C2SP verifier key.
    pub root_key: String,
    /// Whether whoever verifies named that key.
    pub pinned: bool,
}

/// The directory of segments within a data directory.
const LEDGER: &str = "ledger";

/// Verifies a data directory.
pub fn directory(path: &Path, trust: &Trust, now: Timestamp) -> Report {
    let disk = Beside::new(path.join(LEDGER));
    let mut report = Report { root_key_pinned: trust.pinned, ..Report::default() };
    let segments = disk.list("").unwrap_or_default();
    if !segments.iter().any(|name| Path::new(name).extension() == Some(OsStr::new("seg"))) {
        report.problems.push(problem(String::new(), "there are no segments here", false));
        return report.concluded();
    }
    let acts = match Acts::new(trust.root_ledger.clone(), &trust.root_key, is_fork) {
        Ok(anchor) => read_acts(&disk, trust, anchor, now, &mut report),
        Err(error) => {
            let what = format!("root key: {}", with_causes(&error));
            report.problems.push(problem(String::new(), &what, false));
            return report.concluded();
        }
    };
    let unknown = RefCell::new(BTreeSet::new());
    let keys = |ledger: &LedgerName, size| match acts.key_for(ledger, size) {
        KeyVerdict::Key(key) => Some(key),
        KeyVerdict::UnknownHall
        | KeyVerdict::UnknownKey
        | KeyVerdict::Pinned { .. }
        | KeyVerdict::Revoked => {
            unknown.borrow_mut().insert((ledger.clone(), size));
            None
        }
    };
    // The reader has recovered what it saw, in memory; the verification sees the files as they are.
    let untouched = Beside::new(path.join(LEDGER));
    let found = ledger::verify::directory(&untouched, &keys);
    report.entries = found.entries;
    report.seals = found.seals;
    report.receipts = found.receipts;
    let unknown = unknown.into_inner();
    let other_key = VerifySealError::OtherKey.to_string();
    for one in found.problems {
        let keyless = one.ledger.clone().zip(one.index).filter(|place| unknown.contains(place));
        let why = keyless.as_ref().map(|(ledger, size)| {
            format!(" ({})", missing_key(acts.key_for(ledger, *size), ledger, *size))
        });
        let what = one.what;
        report.problems.push(Problem {
            file: format!("{LEDGER}/{}", one.file),
            offset: Some(one.offset),
            ledger: one.ledger.map(|ledger| ledger.to_string()),
            index: one.index,
            what: format!("{what}{}", why.unwrap_or_default()),
            // A seal by another key is whole; it is trust that is missing, not bytes.
            corrupt: keyless.is_none() && what != other_key,
        });
    }
    report.concluded()
}

/// The acts as the log has them; what cannot be read of it is named by the verification proper.
fn read_acts(
    disk: &Beside,
    trust: &Trust,
    anchor: Acts,
    now: Timestamp,
    report: &mut Report,
) -> Acts {
    let mut acts = anchor;
    let reader = match reader(disk, trust, now) {
        Ok(reader) => reader,
        Err(error) => {
            let what = format!("acts: {}", with_causes(&error));
            report.problems.push(problem(LEDGER.to_owned(), &what, true));
            return acts;
        }
    };
    if let Err(error) = Bookmark::new().read_all(&reader, &mut acts) {
        let what = format!("acts: {}", with_causes(&error));
        report.problems.push(problem(LEDGER.to_owned(), &what, true));
    }
    check_receipts(&reader, &acts, report);
    acts
}

fn reader(
    disk: &Beside,
    trust: &Trust,
    now: Timestamp,
) -> Result<Reader<Beside>, ledger::OpenError> {
    let (domain, hall) = (trust.root_ledger.domain().clone(), trust.hall.clone());
    let mut options = Options::new(domain, hall, [0; 32]);
    options.background = Background::Inline;
    let public = trust.root_key.parse().map_or([0; 32], |key: VerifierKey| key.public);
    let (store, _) = Store::open(disk.clone(), options, Arc::new(Refusing::new(public)), now)?;
    Ok(store.reader())
}

/// Receipts that other halls gave for our ledgers: signed by a holder key that the acts give.
fn check_receipts(reader: &Reader<Beside>, acts: &Acts, report: &mut Report) {
    let receipts = match reader.receipts() {
        Ok(receipts) => receipts,
        Err(error) => {
            let what = format!("receipts: {}", with_causes(&error));
            report.problems.push(problem(LEDGER.to_owned(), &what, true));
            return;
        }
    };
    for receipt in receipts {
        let holders = acts.holder_keys(&receipt.holder);
        let why = match acts.key_for(&receipt.ledger, receipt.size) {
            KeyVerdict::Key(log) => {
                if holders.iter().any(|holder| receipt.verify(holder, &log).is_ok()) {
                    continue;
                }
                "no holder key that the acts give has signed it".to_owned()
            }
            verdict @ (KeyVerdict::UnknownHall
            | KeyVerdict::UnknownKey
            | KeyVerdict::Pinned { .. }
            | KeyVerdict::Revoked) => missing_key(verdict, &receipt.ledger, receipt.size),
        };
        let what = format!("receipt of {}: {why}", receipt.holder);
        report.problems.push(Problem {
            ledger: Some(receipt.ledger.to_string()),
            index: Some(receipt.size),
            ..problem(LEDGER.to_owned(), &what, false)
        });
    }
}

fn problem(file: String, what: &str, corrupt: bool) -> Problem {
    Problem { file, offset: None, ledger: None, index: None, what: what.to_owned(), corrupt }
}
