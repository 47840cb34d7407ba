//! Making a bundle: everything that proves one record, gathered from this hall's log.
//!
//! Any hall that holds the entry proves it, not only its origin: entries, seals and acts are here.
//! What is shown are the parts this hall is entitled to; a hall that only carries an entry for
//! others proves nothing of it. Each act needed comes with its own proof, so whoever knows the root
//! key needs nothing else.
//!
//! Everything here reads the disk and may scan a ledger: callers put it on a blocking thread.
//! Deliberately absent: verification, and which operator may ask.

mod acts;
mod search;

use std::collections::BTreeMap;

use ledger::{Disk, ReadError, Reader, Receipt, Seal, SignError, Signer, TlogProof};
use policy::{KeyVerdict, Rights};
use record::{Class, HallId, LedgerName, Parts, Timestamp};
use thiserror::Error;
use wire::status::Failure;

use crate::bundle::{Bundle, BundleError, Evidence, FORMAT, ProvenReceipt, Standing, StatusNote};

use crate::marks::Marks;
use search::Found;
pub use search::{SCAN_ENTRIES_MAX, Wanted, WantedError};

/// Who proves.
pub struct Prover<'a, D: Disk> {
    /// This hall's log.
    pub reader: &'a Reader<D>,
    /// What revisions have ended.
    pub marks: &'a Marks<D>,
    /// Acts and rights of the moment.
    pub rights: &'a Rights,
    /// This hall.
    pub hall: &'a HallId,
    /// The root key as configured, a C2SP verifier key.
    pub root_key: &'a str,
    /// This hall's log key; signs the status note.
    pub signer: &'a dyn Signer,
}

impl<D: Disk> Prover<'_, D> {
    /// Proves the newest revision of a record that this hall sees, or the entry named. `receipts`
    /// are those known here, in the log and in passing; the ones that cover the entry and verify go
    /// in, the newest per holder. `progress` is told how many entries a search has looked at.
    pub fn prove(
        &self,
        wanted: &Wanted,
        receipts: &[Receipt],
        now: Timestamp,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Bundle, ProveRecordError> {
        let found = self.find(wanted, progress)?;
        let (ledger, index) = &found.entry;
        let seal = self.reader.latest_seal(ledger).filter(|seal| seal.size > *index);
        let seal = seal.ok_or(ProveRecordError::NotSealed)?;
        let entry = self.evidence(ledger, *index, found.parts.clone(), &seal)?;
        let receipts = self.covering(&entry, receipts)?;
        let holders = receipts.keys();
        self.marks.advance()?;
        let status = self.status(&found, &seal, now);
        let acts = self.acts_needed(ledger, holders, (found.record, &status.effective.rulings))?;
        let status = status.sign(self.signer)?;
        Ok(Bundle {
            format: FORMAT.to_owned(),
            record: found.record.to_string(),
            root_ledger: self.rights.acts().root_ledger().to_string(),
            root_key: self.root_key.to_owned(),
            entry: entry.to_text(),
            acts,
            receipts: receipts.into_values().collect(),
            status,
        })
    }

    /// An entry under a seal.
    fn evidence(
        &self,
        ledger: &LedgerName,
        index: u64,
        parts: Parts,
        seal: &Seal,
    ) -> Result<Evidence, ProveRecordError> {
        let leaf = self.reader.leaf(ledger, index)?.ok_or(ProveRecordError::NotFound)?;
        let hashes = self.reader.inclusion(ledger, index, seal.size)?;
        let checkpoint = seal.note().to_owned();
        let proof = TlogProof { index, hashes, checkpoint, extra: Vec::new() };
        Ok(Evidence { ledger: ledger.clone(), index, leaf, parts, proof })
    }

    /// The newest receipt of each holder that covers the entry, verifies, and lies within the tree
    /// that is held here; by holder.
    fn covering(
        &self,
        entry: &Evidence,
        receipts: &[Receipt],
    ) -> Result<BTreeMap<HallId, ProvenReceipt>, ProveRecordError> {
        let held = self.reader.head(&entry.ledger).map_or(0, |head| head.size);
        let mut newest: BTreeMap<&HallId, &Receipt> = BTreeMap::new();
        for receipt in receipts {
            let covers = receipt.ledger == entry.ledger
                && (entry.index + 1..=held).contains(&receipt.size)
                && self.counts(receipt);
            let kept = newest.get(&receipt.holder);
            let newer = kept.is_none_or(|kept| (kept.size, kept.at) < (receipt.size, receipt.at));
            if covers && newer {
                newest.insert(&receipt.holder, receipt);
            }
        }
        let mut proven = BTreeMap::new();
        for (holder, receipt) in newest {
            let hashes = self.reader.inclusion(&entry.ledger, entry.index, receipt.size)?;
            let checkpoint = receipt.cosigned_seal.clone();
            let proof = TlogProof { index: entry.index, hashes, checkpoint, extra: Vec::new() };
            let holding_note = receipt.holding_note.clone();
            proven.insert(holder.clone(), ProvenReceipt { proof: proof.to_string(), holding_note });
        }
        Ok(proven)
    }

    /// Whether a receipt is signed by the keys that the acts give.
    fn counts(&self, receipt: &Receipt) -> bool {
        let acts = self.rights.acts();
        let KeyVerdict::Key(log) = acts.key_for(&receipt.ledger, receipt.size) else {
            return false;
        };
        let holders = acts.holder_keys(&receipt.holder);
        holders.iter().any(|holder| receipt.verify(holder, &log).is_ok())
    }

    fn status(&self, found: &Found, seal: &Seal, now: Timestamp) -> StatusNote {
        let acts = self.rights.acts();
        let standing = self.marks.standing(acts, &found.entry.0, found.record);
        StatusNote {
            domain: acts.root_ledger().domain().clone(),
            hall: self.hall.clone(),
            seconds: now.seconds(),
            record: found.record,
            entry: found.entry.clone(),
            size: seal.size,
            root: seal.root,
            latest: found.latest.place.clone(),
            revision: found.latest.revision,
            effective: standing.effective(),
            standing: match acts.standing(&found.entry.0) {
                policy::Standing::Open => Standing::Open,
                policy::Standing::Frozen { .. } => Standing::Frozen,
                policy::Standing::Ended { .. } => Standing::Ended,
            },
            unseen: found.latest.unseen,
        }
    }
}

/// Why a record could not be proven.
#[derive(Debug, Error)]
pub enum ProveRecordError {
    /// No entry of that record is seen here.
    #[error("find the record")]
    NotFound,
    /// The entry is held as a leaf, or for others only.
    #[error("show an entry whose parts are not here, or not for this hall")]
    Withheld,
    /// The entry carries no record id.
    #[error("read the head of the entry")]
    NoHead,
    /// Too much to look through.
    #[error(
        "search {entries} entries, the limit SCAN_ENTRIES_MAX is {SCAN_ENTRIES_MAX}; \
         name the entry as LEDGER#INDEX"
    )]
    TooMany {
        /// Entries there are.
        entries: u64,
    },
    /// No seal covers the entry yet.
    #[error("prove an entry that is not sealed yet")]
    NotSealed,
    /// The log could not be read.
    #[error("read the log for a proof")]
    Read(#[from] ReadError),
    /// The status note was not signed.
    #[error("sign the status note")]
    Sign(#[from] SignError),
    /// The bundle cannot be written.
    #[error("write the bundle")]
    Bundle(#[from] BundleError),
}

impl ProveRecordError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        match self {
            Self::NotFound => Class::NotFound,
            Self::Withheld => Class::Denied,
            Self::NoHead | Self::Read(_) => Class::Corrupt,
            Self::TooMany { .. } | Self::Bundle(_) => Class::Exhausted,
            Self::NotSealed => Class::Precondition,
            Self::Sign(error) => error.class(),
        }
    }

    /// What a caller is told.
    pub fn failure(&self) -> Failure {
        let reason = match self {
            Self::NotFound => "record-unknown",
            Self::Withheld => "entry-withheld",
            Self::NoHead => "head-unreadable",
            Self::TooMany { .. } => "search-too-long",
            Self::NotSealed => "not-sealed",
            Self::Read(_) => "ledger-unreadable",
            Self::Sign(_) => "not-signed",
            Self::Bundle(_) => "bundle-too-large",
        };
        Failure::new(self.class(), reason, self.to_string())
    }
}
