//! Batches that end on a stored seal, and what a hall lacks.

use std::collections::BTreeMap;
use std::ops::Range;

use record::{Label, LedgerName, PartSet};

use super::{ReadError, Reader, StoredBatch};
use crate::disk::Disk;
use crate::frame::lacks;
use crate::index::{FillRow, SealRow};
use crate::octets::{len_u64, to_usize};

impl<D: Disk> Reader<D> {
    /// Entries from `from`, ending on the largest stored seal within the bounds, else on the next
    /// stored seal; none when no seal lies beyond `from`. Bytes count after narrowing to `rights`.
    pub fn batch(
        &self,
        ledger: &LedgerName,
        from: u64,
        max_entries: usize,
        max_bytes: usize,
        rights: &dyn Fn(Label) -> PartSet,
    ) -> Result<Option<StoredBatch>, ReadError> {
        let ends = self.seals_within(ledger, from, max_entries)?;
        let Some((_, last)) = ends.last() else { return Ok(None) };
        let range = from..last.size;
        let rows = self.shared.rows(ledger, range.clone())?;
        let mut fills: BTreeMap<u64, Vec<(u64, FillRow)>> = BTreeMap::new();
        for (segment, fill) in self.shared.fills(ledger, range.clone())? {
            fills.entry(fill.index).or_default().push((segment, fill));
        }
        let mut next_end = ends.iter().peekable();
        let mut chosen = None;
        let mut bytes = 0;
        let mut entries = Vec::with_capacity(rows.len());
        for (index, place) in range.zip(rows) {
            let overlay = fills.get(&index).map_or(&[][..], Vec::as_slice);
            let stored = self.shared.stored(ledger, index, place, overlay)?;
            let parts = stored.parts.narrowed(rights(stored.leaf.label));
            bytes += parts.len_bytes();
            if bytes > max_bytes && chosen.is_some() {
                break;
            }
            entries.push((stored.leaf, parts));
            if let Some(end) = next_end.next_if(|(_, seal)| seal.size == index + 1) {
                chosen = Some(end);
                if bytes > max_bytes {
                    break;
                }
            }
        }
        let Some((segment, row)) = chosen else { return Ok(None) };
        entries.truncate(to_usize(row.size - from));
        let seal = self.seal_in(*segment, row.span)?;
        Ok(Some(StoredBatch { first: from, entries, seal }))
    }

    /// The stored seals beyond `from` within `max_entries`, or the next one.
    fn seals_within(
        &self,
        ledger: &LedgerName,
        from: u64,
        max_entries: usize,
    ) -> Result<Vec<(u64, SealRow)>, ReadError> {
        let start = from.saturating_add(1);
        let end = start.saturating_add(len_u64(max_entries));
        let segments: Vec<u64> = self
            .shared
            .ledger(ledger, |state| state.seal_segments(start).collect())
            .unwrap_or_default();
        let mut seals = Vec::new();
        for segment in segments {
            let found = self.shared.with_index(segment, |index| index.seals(ledger, start..end))?;
            let none = found.is_empty();
            seals.extend(found.into_iter().map(|row| (segment, row)));
            if none {
                break;
            }
        }
        if seals.is_empty() {
            seals.extend(self.shared.seal_from(ledger, start)?);
        }
        Ok(seals)
    }

    /// Ranges of entries from `from` on of which something the hall is entitled to is not held;
    /// at most `max_ranges`.
    pub fn lacking(
        &self,
        ledger: &LedgerName,
        from: u64,
        max_ranges: usize,
        entitled: &dyn Fn(Label) -> PartSet,
    ) -> Result<Vec<Range<u64>>, ReadError> {
        let size = self.shared.size(ledger);
        let mut ranges: Vec<Range<u64>> = Vec::new();
        let mut at = from;
        while at < size {
            let end = size.min(at + STRETCH);
            let masks = self.shared.masks(ledger, at..end, (u64::MAX, 0))?;
            if !masks.iter().all(|mask| mask.is_whole()) {
                let rows = self.shared.rows(ledger, at..end)?;
                for ((index, mask), (_, row)) in (at..).zip(masks).zip(rows) {
                    if mask.is_whole() || !lacks(mask, row.leaf.label, entitled) {
                        continue;
                    }
                    if let Some(range) = ranges.last_mut().filter(|range| range.end == index) {
                        range.end = index + 1;
                    } else if ranges.len() >= max_ranges {
                        return Ok(ranges);
                    } else {
                        ranges.push(index..index + 1);
                    }
                }
            }
            at = end;
        }
        Ok(ranges)
    }
}

const STRETCH: u64 = 4096;
