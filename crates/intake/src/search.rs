//! Looking for a record among the heads held here.
//!
//! Only rulings about other halls' records and the first revision by a new steward need it; the
//! register knows what this hall wrote. An id begins with the time at which its original was
//! accepted, and a ledger grows in that order but for clocks that were set back: so an original is
//! looked for around its time first. A newest revision may stand anywhere after it, so it is looked
//! for from the newest entry back. The walk is bounded, and most heads are passed by without being
//! read. It reads the disk: callers put it on a blocking thread.
//!
//! Deliberately absent: an index by record id over all halls, which is the view's to keep.

use ledger::{Disk, ReadError, Reader};
use record::{HallId, Hash, Lane, LedgerName, RecordId, Timestamp};
use thiserror::Error;

/// Most entries that one search looks at.
pub const SEARCH_ENTRIES_MAX: u64 = 4_000_000;
/// How far around the place of its time an original is looked for before it is looked for everywhere.
const NEAR_ENTRIES: u64 = 2_048;
/// Entries in a row without a head that are passed over for one that says its time.
const BLIND_ENTRIES: usize = 64;
/// The place of the head among the parts.
const HEAD: usize = 0;

/// Why a search ended without an answer.
#[derive(Debug, Error)]
pub enum SearchError {
    /// Too much to look through.
    #[error(
        "search more than {SEARCH_ENTRIES_MAX} entries, the limit SEARCH_ENTRIES_MAX; name the origin"
    )]
    TooMany,
    /// The log could not be read.
    #[error("read the log for a record")]
    Read(#[from] ReadError),
}

/// A revision that was found.
pub(crate) struct Found {
    pub(crate) ledger: LedgerName,
    pub(crate) index: u64,
    pub(crate) revision: u32,
    pub(crate) commitment: Hash,
}

/// The hall in whose records the original of a record stands.
pub(crate) fn original<D: Disk>(
    reader: &Reader<D>,
    record: RecordId,
) -> Result<Option<HallId>, SearchError> {
    original_around(reader, record, NEAR_ENTRIES)
}

pub(crate) fn original_around<D: Disk>(
    reader: &Reader<D>,
    record: RecordId,
    near: u64,
) -> Result<Option<HallId>, SearchError> {
    let mut search = Search::new(reader, record);
    let first = |found: &Found| found.revision == 1;
    let ledgers = search.ledgers();
    for (ledger, size) in &ledgers {
        let at = reached(reader, ledger, *size, record.accepted_at())?;
        let near = at.saturating_sub(near)..at.saturating_add(near).min(*size);
        if let Some(found) = search.within(ledger, near, first)? {
            return Ok(Some(found.ledger.hall().clone()));
        }
    }
    for (ledger, size) in &ledgers {
        if let Some(found) = search.within(ledger, (0..*size).rev(), first)? {
            return Ok(Some(found.ledger.hall().clone()));
        }
    }
    Ok(None)
}

/// The newest revision of a record among the entries that count.
pub(crate) fn latest<D: Disk>(
    reader: &Reader<D>,
    record: RecordId,
    counts: impl Fn(&LedgerName, u64) -> bool,
) -> Result<Option<Found>, SearchError> {
    let mut search = Search::new(reader, record);
    let mut newest = None::<Found>;
    for (ledger, size) in search.ledgers() {
        let counting = (0..size).rev().filter(|index| counts(&ledger, *index));
        if let Some(found) = search.within(&ledger, counting, |_| true)?
            && newest.as_ref().is_none_or(|known| known.revision < found.revision)
        {
            newest = Some(found);
        }
    }
    Ok(newest)
}

/// A search for one record, with its budget.
struct Search<'a, D: Disk> {
    reader: &'a Reader<D>,
    record: RecordId,
    text: String,
    looked: u64,
}

impl<'a, D: Disk> Search<'a, D> {
    fn new(reader: &'a Reader<D>, record: RecordId) -> Self {
        Self { reader, record, text: record.to_string(), looked: 0 }
    }

    /// The ledgers of records and their sizes.
    fn ledgers(&self) -> Vec<(LedgerName, u64)> {
        let heads = self.reader.heads().into_iter();
        let records = heads.filter(|(ledger, _)| ledger.lane() == Lane::Records);
        records.map(|(ledger, head)| (ledger, head.size)).collect()
    }

    /// The first wanted revision in this order of entries.
    fn within(
        &mut self,
        ledger: &LedgerName,
        order: impl Iterator<Item = u64>,
        wanted: impl Fn(&Found) -> bool,
    ) -> Result<Option<Found>, SearchError> {
        for index in order {
            self.looked += 1;
            if self.looked > SEARCH_ENTRIES_MAX {
                return Err(SearchError::TooMany);
            }
            let Some(stored) = self.reader.entry(ledger, index)? else { continue };
            let head = stored.parts.part(HEAD).filter(|head| mentions(head, &self.text));
            let head = head.and_then(|head| wire::head_from_bytes(head).ok());
            let Some(stamp) = head.and_then(|head| head.stamp) else { continue };
            let (ledger, revision) = (ledger.clone(), stamp.revision);
            let found = Found { ledger, index, revision, commitment: stored.leaf.commitment };
            if stamp.record == self.record && wanted(&found) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// Where a ledger reached a time, by halving: exact while clocks went forward, else somewhere.
pub(crate) fn reached<D: Disk>(
    reader: &Reader<D>,
    ledger: &LedgerName,
    size: u64,
    time: Timestamp,
) -> Result<u64, ReadError> {
    let (mut low, mut high) = (0, size);
    while low < high {
        let middle = low.midpoint(high);
        // An entry whose head is withheld says no time: the next one that does stands for it.
        let mut told = None;
        for index in (middle..high).take(BLIND_ENTRIES) {
            told = accepted_at(reader, ledger, index)?;
            if told.is_some() {
                break;
            }
        }
        match told {
            Some(told) if told < time => low = middle + 1,
            Some(_) | None => high = middle,
        }
    }
    Ok(low)
}

fn accepted_at<D: Disk>(
    reader: &Reader<D>,
    ledger: &LedgerName,
    index: u64,
) -> Result<Option<Timestamp>, ReadError> {
    let stored = reader.entry(ledger, index)?;
    let head = stored.and_then(|stored| wire::head_from_bytes(stored.parts.part(HEAD)?).ok());
    Ok(head.and_then(|head| head.stamp).map(|stamp| stamp.accepted_at))
}

/// Whether the id stands in these bytes: cheaper than reading every head.
fn mentions(head: &[u8], id: &str) -> bool {
    head.windows(RecordId::LEN).any(|text| text == id.as_bytes())
}
