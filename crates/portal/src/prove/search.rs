//! Finding a record and its newest revision.
//!
//! The register knows this hall's own records. Records of other origins are looked for from the
//! newest entry back, ledger by ledger: the first head with the record's id is its newest revision.
//! What an operator can name as `LEDGER#INDEX` needs no search but the one for later revisions.

use std::cmp::Reverse;
use std::str::FromStr;

use ledger::{Disk, Stored};
use record::{HallId, Head, Lane, LedgerName, Parts, RecordId};
use thiserror::Error;

use super::{ProveRecordError, Prover};
use crate::bundle::place;

/// Most entries that a search looks at.
pub const SCAN_ENTRIES_MAX: u64 = 4_000_000;
/// Entries between two words about progress.
const PROGRESS_ENTRIES: u64 = 4_096;

/// What is to be proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The newest revision of a record.
    Record(RecordId),
    /// The entry at a place, written `<ledger>#<index>`.
    Entry {
        /// The ledger.
        ledger: LedgerName,
        /// The index.
        index: u64,
    },
}

impl FromStr for Wanted {
    type Err = WantedError;

    fn from_str(text: &str) -> Result<Self, WantedError> {
        match place(text) {
            Some((ledger, index)) => Ok(Self::Entry { ledger, index }),
            None => text.parse().map(Self::Record).map_err(|_| WantedError),
        }
    }
}

/// Text that names no record.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a record is named by its id of 26 characters, or by LEDGER#INDEX")]
pub struct WantedError;

/// An entry, and the newest revision of its record.
pub(super) struct Found {
    pub(super) record: RecordId,
    pub(super) entry: (LedgerName, u64),
    pub(super) parts: Parts,
    pub(super) latest: Latest,
}

/// The newest revision of a record that this hall sees.
pub(super) struct Latest {
    pub(super) place: (LedgerName, u64),
    pub(super) revision: u32,
    pub(super) unseen: u64,
}

impl<D: Disk> Prover<'_, D> {
    pub(super) fn find(
        &self,
        wanted: &Wanted,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Found, ProveRecordError> {
        let mut search = Search { prover: self, looked: 0, progress };
        match wanted {
            Wanted::Record(id) => {
                let latest = match self.registered(*id)? {
                    Some(latest) => latest,
                    None => search.everywhere(*id)?.ok_or(ProveRecordError::NotFound)?,
                };
                let latest = search.taken_over(*id, latest)?;
                let (ledger, index) = &latest.place;
                let parts = self.shown(ledger, *index)?;
                Ok(Found { record: *id, entry: latest.place.clone(), parts, latest })
            }
            Wanted::Entry { ledger, index } => {
                let parts = self.shown(ledger, *index)?;
                let (id, head) = stamped(&parts).ok_or(ProveRecordError::NoHead)?;
                let itself = || Latest::at((ledger.clone(), *index), &head, 0);
                let latest = match (self.registered(id)?, ledger.lane()) {
                    (Some(latest), _) => Some(latest),
                    (None, Lane::Records) => search.of_hall(ledger.hall(), id)?,
                    // Acts are not revised; private entries have no revisions either.
                    (None, Lane::Acts | Lane::Private) => itself(),
                };
                let latest = latest.or_else(itself).ok_or(ProveRecordError::NoHead)?;
                let latest = search.taken_over(id, latest)?;
                Ok(Found { record: id, entry: (ledger.clone(), *index), parts, latest })
            }
        }
    }

    /// What this hall may show of an entry.
    fn shown(&self, ledger: &LedgerName, index: u64) -> Result<Parts, ProveRecordError> {
        let stored = match self.reader.entry(ledger, index) {
            Err(ledger::ReadError::UnknownLedger) | Ok(None) => {
                return Err(ProveRecordError::NotFound);
            }
            other => other?.ok_or(ProveRecordError::NotFound)?,
        };
        let parts = self.narrowed(ledger, &stored);
        if parts.is_stub() { Err(ProveRecordError::Withheld) } else { Ok(parts) }
    }

    fn narrowed(&self, ledger: &LedgerName, stored: &Stored) -> Parts {
        let entitled = self.rights.entitled(ledger, stored.leaf.label, self.hall);
        stored.parts.narrowed(entitled)
    }

    /// The newest revision of a record of our own, from the register.
    fn registered(&self, id: RecordId) -> Result<Option<Latest>, ProveRecordError> {
        let Some(place) = self.reader.place(&id.to_string())? else { return Ok(None) };
        let parts = self.shown(&place.ledger, place.index)?;
        let (_, head) = stamped(&parts).ok_or(ProveRecordError::NoHead)?;
        Ok(Latest::at((place.ledger, place.index), &head, 0))
    }
}

impl Latest {
    fn at(place: (LedgerName, u64), head: &Head, unseen: u64) -> Option<Self> {
        let revision = head.stamp.as_ref()?.revision;
        Some(Self { place, revision, unseen })
    }
}

/// A walk through other halls' ledgers, with its budget.
struct Search<'a, 'r, D: Disk> {
    prover: &'a Prover<'r, D>,
    looked: u64,
    progress: &'a mut dyn FnMut(u64),
}

impl<D: Disk> Search<'_, '_, D> {
    /// Through every hall but this one, whose register has been asked.
    fn everywhere(&mut self, id: RecordId) -> Result<Option<Latest>, ProveRecordError> {
        let mut halls: Vec<HallId> = Vec::new();
        for (ledger, _) in self.prover.reader.heads() {
            if ledger.hall() != self.prover.hall && !halls.contains(ledger.hall()) {
                halls.push(ledger.hall().clone());
            }
        }
        for hall in &halls {
            if let Some(latest) = self.of_hall(hall, id)? {
                return Ok(Some(latest));
            }
        }
        Ok(None)
    }

    /// A newer revision by whoever became the steward of the record, if there is one.
    fn taken_over(&mut self, id: RecordId, known: Latest) -> Result<Latest, ProveRecordError> {
        let stewards = self.prover.rights.acts().stewards();
        let mut newest = known;
        if stewards.is_empty() {
            return Ok(newest);
        }
        let origins = stewards.origins(newest.place.0.hall(), id);
        let chains: Vec<_> = origins.iter().flat_map(|origin| stewards.chain(origin, id)).collect();
        for tenure in &chains {
            if tenure.hall == *newest.place.0.hall() {
                continue;
            }
            let found = self.of_hall(&tenure.hall, id)?;
            let counts = |found: &Latest| {
                let (ledger, index) = &found.place;
                chains.iter().any(|tenure| tenure.covers(ledger, *index))
            };
            if let Some(found) = found.filter(counts)
                && found.revision > newest.revision
            {
                newest = found;
            }
        }
        Ok(newest)
    }

    /// Through one hall's records, newest first.
    fn of_hall(&mut self, hall: &HallId, id: RecordId) -> Result<Option<Latest>, ProveRecordError> {
        let of_hall = |ledger: &LedgerName| ledger.hall() == hall && ledger.lane() == Lane::Records;
        let heads = self.prover.reader.heads();
        let mut ledgers: Vec<_> = heads.into_iter().filter(|(ledger, _)| of_hall(ledger)).collect();
        ledgers.sort_by_key(|(ledger, _)| Reverse(ledger.generation()));
        let text = id.to_string();
        let mut unseen = 0;
        for (ledger, head) in ledgers {
            for index in (0..head.size).rev() {
                self.look(head.size)?;
                let Some(stored) = self.prover.reader.entry(&ledger, index)? else { continue };
                let parts = self.prover.narrowed(&ledger, &stored);
                match parts.part(0) {
                    None => unseen += 1,
                    Some(head) if !mentions(head, &text) => {}
                    Some(_) => match stamped(&parts) {
                        Some((found, head)) if found == id => {
                            return Ok(Latest::at((ledger, index), &head, unseen));
                        }
                        Some(_) => {}
                        None => unseen += 1,
                    },
                }
            }
        }
        Ok(None)
    }

    fn look(&mut self, entries: u64) -> Result<(), ProveRecordError> {
        self.looked += 1;
        if self.looked > SCAN_ENTRIES_MAX {
            return Err(ProveRecordError::TooMany { entries: entries.max(self.looked) });
        }
        if self.looked.is_multiple_of(PROGRESS_ENTRIES) {
            (self.progress)(self.looked);
        }
        Ok(())
    }
}

/// The record's id and the head, when the head is here and stamped.
fn stamped(parts: &Parts) -> Option<(RecordId, Head)> {
    let head = wire::head_from_bytes(parts.part(0)?).ok()?;
    Some((head.stamp.as_ref()?.record, head))
}

/// Whether the id stands in these bytes: cheaper than reading every head.
fn mentions(head: &[u8], id: &str) -> bool {
    head.windows(RecordId::LEN).any(|text| text == id.as_bytes())
}
