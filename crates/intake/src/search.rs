//! Looking for a record among the heads held here, newest entry first.
//!
//! Only rulings about other halls' records and the first revision by a new steward need it; the
//! register knows what this hall wrote. The walk is bounded, and most heads are passed by without
//! being read. It reads the disk: callers put it on a blocking thread.
//!
//! Deliberately absent: an index by record id over all halls, which is the view's to keep.

use ledger::{Disk, ReadError, Reader};
use record::{HallId, Hash, Lane, LedgerName, RecordId};
use thiserror::Error;

/// Most entries that one search looks at.
pub const SEARCH_ENTRIES_MAX: u64 = 4_000_000;
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
    let found = newest(reader, record, |_, _| true, |revision| revision.revision == 1)?;
    Ok(found.map(|found| found.ledger.hall().clone()))
}

/// The newest revision of a record among the entries that count.
pub(crate) fn latest<D: Disk>(
    reader: &Reader<D>,
    record: RecordId,
    counts: impl Fn(&LedgerName, u64) -> bool,
) -> Result<Option<Found>, SearchError> {
    newest(reader, record, counts, |_| true)
}

fn newest<D: Disk>(
    reader: &Reader<D>,
    record: RecordId,
    counts: impl Fn(&LedgerName, u64) -> bool,
    wanted: impl Fn(&Found) -> bool,
) -> Result<Option<Found>, SearchError> {
    let text = record.to_string();
    let (mut looked, mut found) = (0, None::<Found>);
    let mut ledgers = reader.heads();
    ledgers.retain(|(ledger, _)| ledger.lane() == Lane::Records);
    for (ledger, head) in ledgers {
        for index in (0..head.size).rev().filter(|index| counts(&ledger, *index)) {
            looked += 1;
            if looked > SEARCH_ENTRIES_MAX {
                return Err(SearchError::TooMany);
            }
            let Some(stored) = reader.entry(&ledger, index)? else { continue };
            let head = stored.parts.part(HEAD).filter(|head| mentions(head, &text));
            let head = head.and_then(|head| wire::head_from_bytes(head).ok());
            let Some(stamp) = head.and_then(|head| head.stamp) else { continue };
            let commitment = stored.leaf.commitment;
            let this =
                Found { ledger: ledger.clone(), index, revision: stamp.revision, commitment };
            if stamp.record == record && wanted(&this) {
                if found.as_ref().is_none_or(|found| found.revision < this.revision) {
                    found = Some(this);
                }
                break;
            }
        }
    }
    Ok(found)
}

/// Whether the id stands in these bytes: cheaper than reading every head.
fn mentions(head: &[u8], id: &str) -> bool {
    head.windows(RecordId::LEN).any(|text| text == id.as_bytes())
}
