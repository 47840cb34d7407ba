//! Rights as a look-up: [`parts`](crate::parts) with a memory.
//!
//! One row holds every hall's rights to one origin's records under one label; rows are computed when
//! first asked for, so an act costs nothing until somebody looks. A new snapshot of the acts is a
//! new table with an empty memory: nothing is ever invalidated in place.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use record::{HallId, Label, LedgerName, PartSet};

use crate::acts::Acts;
use crate::rights::{Row, Scope};

/// Most bytes of rows that are remembered; beyond it the memory starts anew.
pub const ROW_BYTES_MAX: usize = 16 << 20;
/// What a row costs besides its halls.
const ROW_OVERHEAD: usize = 128;

/// Who may have what, as of one snapshot of the acts. A clone shares the memory.
#[derive(Clone)]
pub struct Rights {
    inner: Arc<Inner>,
}

struct Inner {
    acts: Acts,
    memory: RwLock<Memory>,
}

#[derive(Default)]
struct Memory {
    rows: BTreeMap<(usize, Label), Arc<Row>>,
    bytes: usize,
}

impl Rights {
    /// The rights that follow from a snapshot.
    pub fn new(acts: Acts) -> Self {
        Self { inner: Arc::new(Inner { acts, memory: RwLock::default() }) }
    }

    /// The snapshot.
    pub fn acts(&self) -> &Acts {
        &self.inner.acts
    }

    /// What a link may hand over; equal to [`parts`](crate::parts).
    pub fn parts(&self, ledger: &LedgerName, label: Label, hall: &HallId) -> PartSet {
        match Scope::of(&self.inner.acts, ledger, hall) {
            Scope::Plain(parts) => parts,
            Scope::Records { origin, seat } => {
                self.row(ledger, origin, label, |row| row.parts(seat))
            }
        }
    }

    /// What a portal may show; equal to [`entitled`](crate::entitled).
    pub fn entitled(&self, ledger: &LedgerName, label: Label, hall: &HallId) -> PartSet {
        match Scope::of(&self.inner.acts, ledger, hall) {
            Scope::Plain(parts) => parts,
            Scope::Records { origin, seat } => {
                self.row(ledger, origin, label, |row| row.entitled(seat))
            }
        }
    }

    /// Reads a row, remembering it. The memory is only ever whole rows, so a poisoned lock is good.
    fn row<T>(
        &self,
        ledger: &LedgerName,
        origin: usize,
        label: Label,
        read: impl FnOnce(&Row) -> T,
    ) -> T {
        let key = (origin, label);
        let memory = self.inner.memory.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(row) = memory.rows.get(&key) {
            return read(row);
        }
        drop(memory);
        let row = Arc::new(Row::new(&self.inner.acts, ledger.hall(), origin, label));
        let mut memory = self.inner.memory.write().unwrap_or_else(PoisonError::into_inner);
        memory.remember(key, Arc::clone(&row));
        drop(memory);
        read(&row)
    }
}

impl Memory {
    fn remember(&mut self, key: (usize, Label), row: Arc<Row>) {
        let bytes = row.bytes() + ROW_OVERHEAD;
        if self.bytes + bytes > ROW_BYTES_MAX {
            *self = Self::default();
        }
        if self.rows.insert(key, row).is_none() {
            self.bytes += bytes;
        }
    }
}

impl fmt::Debug for Rights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rights").field(&self.inner.acts).finish()
    }
}

#[cfg(test)]
mod tests {
    use record::{AudienceNumber, SharingClass};

    use super::*;
    use crate::sample::{hall, ledger, world};

    #[test]
    fn memory_has_a_limit_and_forgetting_changes_no_answer() {
        let rights = Rights::new(world(&[("p", None), ("a", Some("p"))]));
        let origin = ledger("a/records/1");
        let row = Row::new(rights.acts(), &hall("a"), 0, label(1)).bytes() + ROW_OVERHEAD;
        let enough = u32::try_from(ROW_BYTES_MAX / row + 2).unwrap();
        for number in 0..enough {
            rights.parts(&origin, label(number), &hall("p"));
        }
        let memory = rights.inner.memory.read().unwrap();
        assert!(memory.bytes <= ROW_BYTES_MAX);
        assert_eq!(memory.bytes, memory.rows.len() * row);
        drop(memory);
        assert_eq!(rights.parts(&origin, label(0), &hall("p")), PartSet::ALL);
        assert_eq!(rights.clone().parts(&origin, label(1), &hall("p")), PartSet::NONE);
    }

    fn label(number: u32) -> Label {
        Label { class: SharingClass::Conditional, audience: AudienceNumber(number) }
    }
}
