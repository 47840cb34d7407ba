//! The register: who has submitted what, as keyed fingerprints of 16 bytes.
//!
//! Three kinds of claims are kept: message ids, record ids with their latest revision, natural keys.
//! The newest segment's claims are in memory; those of closed segments are in sorted run files with a
//! filter in memory, merged four at a time. Frames carry the fingerprints, so a run that is absent or
//! damaged is built again from its segments without a look into any part. The key never leaves the
//! log: nobody outside can tell which fingerprint stands for whom.
//! Deliberately absent: deletion. A claim holds for the life of the hall, over all generations.

mod filter;
mod run;
mod table;

use std::sync::Arc;

use record::{Generation, HallId, Hash, Lane, LedgerName, TrustDomain};
use sha2::{Digest, Sha256};

use crate::disk::Disk;
use crate::frame::Key;
use crate::pages::Derived;

pub(crate) use run::{Cover, Run, merge, parse_name, write};
pub(crate) use table::Table;

/// A keyed fingerprint.
pub(crate) type Fingerprint = [u8; 16];

/// What stands behind a fingerprint: an entry of this hall, and what its kind adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    /// Generation (16 bits), lane (2), index (46).
    place: u64,
    /// Message: check of its bytes. Record: revision. Natural key: check of its record.
    pub(crate) extra: u64,
}

impl Value {
    pub(crate) fn new(ledger: &LedgerName, index: u64, extra: u64) -> Self {
        let lane = match ledger.lane() {
            Lane::Acts => 0,
            Lane::Records => 1,
            Lane::Private => 2,
        };
        let generation = u64::from(ledger.generation().0) & 0xffff;
        Self { place: generation << 48 | lane << 46 | index & INDEX_MASK, extra }
    }

    /// The entry it stands for.
    pub(crate) fn entry(self, domain: &TrustDomain, hall: &HallId) -> (LedgerName, u64) {
        let lane = match self.place >> 46 & 3 {
            0 => Lane::Acts,
            1 => Lane::Records,
            _ => Lane::Private,
        };
        let generation = Generation(u32::try_from(self.place >> 48).unwrap_or(0));
        let ledger = LedgerName::new(domain.clone(), hall.clone(), lane, generation);
        (ledger, self.place & INDEX_MASK)
    }

    fn to_bytes(self) -> [u8; 16] {
        (u128::from(self.place) << 64 | u128::from(self.extra)).to_be_bytes()
    }

    fn from_bytes(bytes: [u8; 16]) -> Self {
        let both = u128::from_be_bytes(bytes);
        let low = |bits: u128| u64::try_from(bits & u128::from(u64::MAX)).unwrap_or(0);
        Self { place: low(both >> 64), extra: low(both) }
    }
}

/// Adds an entry's keys to a table: a record's newer revision replaces the older, any other claim
/// stays with whoever came first.
pub(crate) fn note(table: &mut Table, ledger: &LedgerName, index: u64, keys: &[Key]) {
    for key in keys {
        let value = Value::new(ledger, index, key.extra);
        table.add(&key.fingerprint, value, key.kind == RECORD);
    }
}

/// The register's parts, oldest first.
pub(crate) struct Register<D: Disk> {
    /// Segment and claims; the last is the newest segment's.
    pub(crate) tables: Vec<(u64, Arc<Table>)>,
    /// Runs of closed segments, ascending and without gaps up to the first table.
    pub(crate) runs: Arc<Vec<Arc<Run<D>>>>,
}

impl<D: Disk> Register<D> {
    /// The newest claim among the tables.
    pub(crate) fn in_tables(&self, fingerprint: &Fingerprint) -> Option<Value> {
        self.tables.iter().rev().find_map(|(_, table)| table.find(fingerprint))
    }

    /// Replaces what a new run covers: a table, or the runs it was merged from.
    pub(crate) fn take_up(&mut self, run: Run<D>) {
        let (from, to) = run.segments();
        self.tables.retain(|(segment, _)| !(from..=to).contains(segment));
        let mut runs: Vec<_> = self.runs.iter().map(Arc::clone).collect();
        runs.retain(|known| {
            let (first, last) = known.segments();
            first < from || last > to
        });
        runs.push(Arc::new(run));
        runs.sort_by_key(|run| run.segments());
        self.runs = Arc::new(runs);
    }

    /// Four neighbours of about one size, the newest such, if it is time to merge them.
    pub(crate) fn due(&self) -> Option<Vec<Arc<Run<D>>>> {
        let tier = |run: &Arc<Run<D>>| {
            let (from, to) = run.segments();
            (to - from + 1).ilog(MERGE)
        };
        let wanted = usize::try_from(MERGE).unwrap_or(4);
        self.runs
            .windows(wanted)
            .rev()
            .find(|runs| runs.iter().all(|run| runs.first().map(tier) == Some(tier(run))))
            .map(<[_]>::to_vec)
    }
}

/// The newest claim among runs.
pub(crate) fn in_runs<D: Disk>(
    runs: &[Arc<Run<D>>],
    fingerprint: &Fingerprint,
) -> Result<Option<Value>, Derived> {
    for run in runs.iter().rev() {
        if let Some(value) = run.find(fingerprint)? {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// The fingerprint of a message id.
pub(crate) fn message(key: &[u8; 32], submitter: &str, message_id: &str) -> Fingerprint {
    fingerprint(key, MESSAGE, &[submitter, message_id])
}

/// The fingerprint of a record id.
pub(crate) fn record(key: &[u8; 32], record_id: &str) -> Fingerprint {
    fingerprint(key, RECORD, &[record_id])
}

/// The fingerprint of a natural key.
pub(crate) fn natural_key(key: &[u8; 32], text: &str) -> Fingerprint {
    fingerprint(key, NATURAL_KEY, &[text])
}

/// What of a fingerprint or hash is compared beside a claim.
pub(crate) fn check(hash: &[u8]) -> u64 {
    hash.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// The check of a submission's bytes: keyed, since the hash itself is public.
pub(crate) fn content(key: &[u8; 32], hash: &Hash) -> u64 {
    let digest: Hash = Sha256::new().chain_update(key).chain_update(hash).finalize().into();
    check(&digest)
}

fn fingerprint(key: &[u8; 32], kind: u8, texts: &[&str]) -> Fingerprint {
    let mut hash = Sha256::new().chain_update(key).chain_update([kind]);
    for text in texts {
        hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(text.as_bytes());
    }
    let digest: Hash = hash.finalize().into();
    let mut fingerprint = [0; 16];
    fingerprint.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    fingerprint
}

/// Key kinds as they stand in frames.
pub(crate) const MESSAGE: u8 = 1;
/// A record id with its revision.
pub(crate) const RECORD: u8 = 2;
/// A natural key.
pub(crate) const NATURAL_KEY: u8 = 3;
const INDEX_MASK: u64 = (1 << 46) - 1;
/// How many runs become one.
const MERGE: u64 = 4;

#[cfg(test)]
mod tests;
