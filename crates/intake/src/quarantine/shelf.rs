//! What waits, read from the private ledger: a view, kept in memory and read on from where it stood.

use std::collections::BTreeMap;
use std::ops::Bound;

use bytes::Bytes;
use ledger::{Disk, ReadError, Reader};
use record::{Kind, Lane, Level, RecordId};
use wire::v1;

use super::{ITEM_SCHEMA, KIND, opened};
use crate::import::weight;

/// Items that wait, by id, which is also by age.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    read_to: u64,
    open: BTreeMap<RecordId, v1::QuarantineEntry>,
}

impl Shelf {
    /// Reads on to the end of what is durable.
    pub(crate) fn advance<D: Disk>(&mut self, reader: &Reader<D>) -> Result<(), ReadError> {
        let ledger = reader.own_ledger(Lane::Private);
        let size = reader.head(&ledger).map_or(0, |head| head.size);
        while self.read_to < size {
            if let Some(stored) = reader.entry(&ledger, self.read_to)? {
                let parts = (stored.parts.part(0), stored.parts.part(2));
                if let (Some(head), Some(closed)) = parts {
                    self.take(head, closed);
                }
            }
            self.read_to += 1;
        }
        Ok(())
    }

    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.open.len()
    }

    /// Items after one, oldest first, maybe only those with a code.
    pub(crate) fn after(
        &self,
        after: Option<RecordId>,
        code: &str,
        limit: usize,
    ) -> Vec<v1::QuarantineEntry> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let wanted = |entry: &&v1::QuarantineEntry| {
            code.is_empty() || entry.codes.iter().any(|known| known == code)
        };
        let entries = self.open.range((from, Bound::Unbounded)).map(|(_, entry)| entry);
        entries.filter(wanted).take(limit).cloned().collect()
    }

    fn take(&mut self, head: &Bytes, closed: &[u8]) {
        let Ok(head) = wire::head_from_bytes(head) else { return };
        let ours = matches!(&head.kind, Kind::Registered(name) if &**name == KIND);
        let Some(stamp) = head.stamp.filter(|_| ours) else { return };
        if head.revises.is_some() {
            self.open.remove(&stamp.record);
        } else if let Some(item) = opened::<v1::QuarantinedItem>(ITEM_SCHEMA, closed) {
            let entry = entry(stamp.record, stamp.accepted_at.to_string(), &item);
            self.open.insert(stamp.record, entry);
        }
    }
}

fn entry(record: RecordId, since: String, item: &v1::QuarantinedItem) -> v1::QuarantineEntry {
    let row = item.row.clone().unwrap_or_default();
    let weighty = item.violations.iter().filter(|one| weight(&one.level) > Level::Mark);
    let mut codes: Vec<_> = weighty.map(|one| one.code.clone()).collect();
    codes.sort_unstable();
    codes.dedup();
    let refused = item.violations.iter().any(|one| weight(&one.level) == Level::Refuse);
    v1::QuarantineEntry {
        item: record.to_string(),
        source: item.settings.as_ref().map(|known| known.source.clone()).unwrap_or_default(),
        line: row.line,
        kind: row.form.map(|form| form.kind).unwrap_or_default(),
        codes,
        since,
        releasable: !refused,
    }
}
