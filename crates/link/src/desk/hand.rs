//! Handing over: entries and parts for a peer, never more than its rights.
//!
//! The rights are those of the moment of reading; a right narrowed since the machine asked counts.
//! A record above the peer's limit goes as a stub, which the peer may hold as `too-large`.

use std::ops::Range;

use ledger::{Disk, ReadError, Reader};
use policy::Rights;
use record::{COMMIT_ENTRIES_MAX, HallId, Lane, LedgerName, PartSet, Parts};
use wire::frame::{Batch, WANT_RANGES_MAX};

/// Most entries that one call looks at for a want; the rest is left for the next.
pub const LOOKED_AT_MAX: u64 = 16_384;

/// To whom entries are handed, and how large they may be.
#[derive(Clone, Copy, Debug)]
pub struct Peer<'a> {
    /// The peer.
    pub hall: &'a HallId,
    /// Its limit for one record, in bytes.
    pub record_bytes: u64,
}

/// Entries from `from` on for a peer, about `bytes` of them, ending on a stored seal; none when no
/// seal lies beyond `from`.
pub fn batch<D: Disk>(
    reader: &Reader<D>,
    rights: &Rights,
    peer: Peer<'_>,
    ledger: &LedgerName,
    from: u64,
    bytes: u64,
) -> Result<Option<Batch>, ReadError> {
    let may = |label| rights.parts(ledger, label, peer.hall);
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    let mut stored = reader.batch(ledger, from, COMMIT_ENTRIES_MAX, bytes, &may)?;
    if let Some(whole) = &stored
        && let Some(most) = up_to_key_change(rights, ledger, from, whole.seal.size)
    {
        stored = reader.batch(ledger, from, most, bytes, &may)?;
    }
    Ok(stored.map(|stored| {
        let small = |parts: Parts| if peer.takes(&parts) { parts } else { Parts::stub() };
        let entries = stored.entries.into_iter().map(|(leaf, parts)| (leaf, small(parts)));
        Batch {
            ledger: ledger.clone(),
            first: stored.first,
            entries: entries.collect(),
            seal: stored.seal.note().to_owned(),
        }
    }))
}

/// How many entries stand up to the last seal of the key that is in place at `from`, when the seal
/// at `to` is of another. A change of the key of an acts ledger stands in that ledger itself: who
/// does not know it yet can only verify up to it, and reads it there. The old key sealed exactly
/// there, and every hall has stored that seal, since it learnt of the change in the same way.
fn up_to_key_change(rights: &Rights, ledger: &LedgerName, from: u64, to: u64) -> Option<usize> {
    let key = |size| rights.acts().key_for(ledger, size);
    let first = key(from.saturating_add(1));
    if ledger.lane() != Lane::Acts || key(to) == first {
        return None;
    }
    let same = (from.saturating_add(1)..to).take_while(|size| key(*size) == first);
    usize::try_from(same.last()?.saturating_sub(from)).ok()
}

/// What became of a want.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Index and what the peer may have.
    pub entries: Vec<(u64, Parts)>,
    /// Entries that were looked at and cannot be handed over.
    pub refused: u64,
    /// What was not looked at.
    pub rest: Vec<Range<u64>>,
}

/// Parts of these entries for a peer, about `bytes` of them.
pub fn parts<D: Disk>(
    reader: &Reader<D>,
    rights: &Rights,
    peer: Peer<'_>,
    ledger: &LedgerName,
    ranges: &[Range<u64>],
    bytes: u64,
) -> Result<Found, ReadError> {
    let mut found = Found::default();
    let size = reader.head(ledger).map_or(0, |head| head.size);
    let (mut weight, mut looked) = (0, 0);
    for range in ranges {
        // What is not here costs no look.
        let end = range.end.min(size);
        let beyond = range.end.saturating_sub(range.start.max(size));
        found.refused = found.refused.saturating_add(beyond);
        let mut index = range.start;
        while index < end && weight < bytes && looked < LOOKED_AT_MAX {
            looked += 1;
            match entry(reader, rights, peer, ledger, index)? {
                Some(parts) => {
                    weight += u64::try_from(parts.len_bytes()).unwrap_or(u64::MAX);
                    found.entries.push((index, parts));
                }
                None => found.refused = found.refused.saturating_add(1),
            }
            index += 1;
        }
        if index < end {
            found.rest.push(index..end);
        }
    }
    Ok(found)
}

/// Ranges of entries from `from` on of which this hall may have more than it holds, lowest first.
///
/// A hall wants the bytes of every act, whatever its directory says: a hall that was handed acts as
/// stubs before it was admitted reads in their bytes that it is.
pub fn lacking<D: Disk>(
    reader: &Reader<D>,
    rights: &Rights,
    me: &HallId,
    ledger: &LedgerName,
    from: u64,
) -> Result<Vec<Range<u64>>, ReadError> {
    if reader.head(ledger).is_none() {
        return Ok(Vec::new());
    }
    let may = |label| match ledger.lane() {
        Lane::Acts => PartSet::ALL,
        Lane::Records | Lane::Private => rights.parts(ledger, label, me),
    };
    reader.lacking(ledger, from, WANT_RANGES_MAX, &may)
}

fn entry<D: Disk>(
    reader: &Reader<D>,
    rights: &Rights,
    peer: Peer<'_>,
    ledger: &LedgerName,
    index: u64,
) -> Result<Option<Parts>, ReadError> {
    let stored = reader.entry(ledger, index)?;
    Ok(stored.and_then(|stored| {
        let parts = stored.parts.narrowed(rights.parts(ledger, stored.leaf.label, peer.hall));
        (!parts.is_stub() && peer.takes(&parts)).then_some(parts)
    }))
}

impl Peer<'_> {
    fn takes(self, parts: &Parts) -> bool {
        u64::try_from(parts.len_bytes()).is_ok_and(|bytes| bytes <= self.record_bytes)
    }
}
