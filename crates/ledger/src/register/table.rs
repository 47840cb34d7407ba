//! The claims of one segment in memory: rows in order of arrival, found through slots of four bytes.
//!
//! Fingerprints are hashes already, so their own bits choose the slot; nobody outside knows the key,
//! so nobody can choose the bits. A third of the time and two thirds of the memory of a tree.

use super::{Fingerprint, Value};
use crate::octets::to_usize;

/// Claims by fingerprint.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    rows: Vec<(Fingerprint, Value)>,
    /// 0, or one above the row's number; a power of two of them, at most seven eighths in use.
    slots: Vec<u32>,
}

impl Table {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The claim behind a fingerprint.
    pub(crate) fn find(&self, fingerprint: &Fingerprint) -> Option<Value> {
        let (_, row) = self.slot(fingerprint)?;
        row.and_then(|row| self.rows.get(row)).map(|(_, value)| *value)
    }

    /// Adds a claim; one that is there gives way only when asked to.
    pub(crate) fn add(&mut self, fingerprint: &Fingerprint, value: Value, replace: bool) {
        if (self.rows.len() + 1) * 8 > self.slots.len() * 7 {
            self.grow();
        }
        match self.slot(fingerprint) {
            Some((_, Some(row))) => {
                if let Some((_, known)) = self.rows.get_mut(row).filter(|_| replace) {
                    *known = value;
                }
            }
            Some((slot, None)) => {
                self.rows.push((*fingerprint, value));
                if let Some(slot) = self.slots.get_mut(slot) {
                    *slot = number(self.rows.len());
                }
            }
            None => {}
        }
    }

    /// The claims in the order of their fingerprints.
    pub(crate) fn sorted(&self) -> Vec<(Fingerprint, Value)> {
        let mut rows = self.rows.clone();
        rows.sort_unstable_by_key(|(fingerprint, _)| *fingerprint);
        rows
    }

    /// The slot of a fingerprint, and its row when it has one; none in a table without slots.
    fn slot(&self, fingerprint: &Fingerprint) -> Option<(usize, Option<usize>)> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = to_usize(super::check(fingerprint)) & mask;
        loop {
            let Some(row) = to_usize(u64::from(*self.slots.get(slot)?)).checked_sub(1) else {
                return Some((slot, None));
            };
            if self.rows.get(row).is_some_and(|(known, _)| known == fingerprint) {
                return Some((slot, Some(row)));
            }
            slot = (slot + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let slots = (self.slots.len() * 2).max(64);
        self.slots.clear();
        self.slots.resize(slots, 0);
        for at in 0..self.rows.len() {
            let Some((fingerprint, _)) = self.rows.get(at) else { continue };
            if let Some((slot, None)) = self.slot(fingerprint)
                && let Some(slot) = self.slots.get_mut(slot)
            {
                *slot = number(at + 1);
            }
        }
    }
}

fn number(row: usize) -> u32 {
    u32::try_from(row).expect("a segment of 4 GiB holds fewer claims than a number of 32 bits")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::record;
    use super::*;

    #[test]
    fn it_agrees_with_a_map() {
        let ledger = "jilin.example/hallway/220100/records/1".parse().unwrap();
        let (mut table, mut map) = (Table::new(), BTreeMap::new());
        assert_eq!(table.find(&record(&[1; 32], "0")), None);
        for n in 0..5000_u64 {
            let fingerprint = record(&[1; 32], &format!("{}", n % 3000));
            let value = Value::new(&ledger, n, n);
            table.add(&fingerprint, value, n % 2 == 0);
            if n % 2 == 0 {
                map.insert(fingerprint, value);
            } else {
                map.entry(fingerprint).or_insert(value);
            }
        }
        assert_eq!(table.len(), map.len());
        assert!(map.iter().all(|(key, value)| table.find(key) == Some(*value)));
        assert_eq!(table.sorted(), map.into_iter().collect::<Vec<_>>());
        assert_eq!(table.find(&record(&[2; 32], "0")), None);
    }
}
