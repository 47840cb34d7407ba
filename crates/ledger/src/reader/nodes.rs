//! Any subtree root of a ledger: stored at levels 8, 16, 24 …, computed from at most 255 neighbours
//! in between.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use record::{Hash, LedgerName};

use super::ReadError;
use crate::disk::Disk;
use crate::octets::to_usize;
use crate::proof::{self, ProveError};
use crate::shared::Shared;
use crate::tree::{Nodes, perfect_root};

/// The tree of one ledger at one moment.
pub(super) struct LedgerNodes<'a, D: Disk> {
    shared: &'a Shared<D>,
    ledger: &'a LedgerName,
    size: u64,
    /// Leaf hashes of the blocks of 256 that were read.
    leaves: RefCell<BTreeMap<u64, Vec<Hash>>>,
    error: RefCell<Option<ReadError>>,
}

impl<'a, D: Disk> LedgerNodes<'a, D> {
    pub(super) fn new(shared: &'a Shared<D>, ledger: &'a LedgerName) -> Result<Self, ReadError> {
        let size = shared.ledger(ledger, crate::catalog::Ledger::size);
        Ok(Self {
            shared,
            ledger,
            size: size.ok_or(ReadError::UnknownLedger)?,
            leaves: RefCell::default(),
            error: RefCell::default(),
        })
    }

    /// What was proven, or why a node could not be read.
    pub(super) fn answer<T>(self, proven: Result<T, ProveError>) -> Result<T, ReadError> {
        match self.error.into_inner() {
            Some(error) => Err(error),
            None => proven.map_err(ReadError::Prove),
        }
    }

    fn compute(&self, level: u8, index: u64) -> Result<Option<Hash>, ReadError> {
        let end = u128::from(index + 1) << level;
        if end > u128::from(self.size) {
            return Ok(None);
        }
        let (base, above) = (level / 8 * 8, level % 8);
        let (first, count) = (index << above, 1_u64 << above);
        if base == 0 {
            return self.over_leaves(first, count);
        }
        let mut nodes = Vec::new();
        for index in first..first + count {
            let Some(node) = self.shared.stored_node(self.ledger, base, index)? else {
                return Ok(None);
            };
            nodes.push(node);
        }
        Ok(perfect_root(&nodes))
    }

    fn over_leaves(&self, first: u64, count: u64) -> Result<Option<Hash>, ReadError> {
        let block = first / BLOCK;
        let mut read = self.leaves.borrow_mut();
        let hashes = match read.entry(block) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let range = block * BLOCK..((block + 1) * BLOCK).min(self.size);
                let rows = self.shared.rows(self.ledger, range)?;
                place.insert(rows.iter().map(|(_, row)| row.leaf.hash()).collect())
            }
        };
        let from = to_usize(first % BLOCK);
        Ok(hashes.get(from..from + to_usize(count)).and_then(perfect_root))
    }
}

impl<D: Disk> Nodes for LedgerNodes<'_, D> {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        match self.compute(level, index) {
            Ok(hash) => hash,
            Err(error) => {
                self.error.borrow_mut().get_or_insert(error);
                None
            }
        }
    }
}

/// The root of the first `size` entries of a ledger.
pub(crate) fn root_at<D: Disk>(
    shared: &Shared<D>,
    ledger: &LedgerName,
    size: u64,
) -> Result<Hash, ReadError> {
    let head = shared.ledger(ledger, |state| (state.size(), state.root));
    if let Some((_, root)) = head.filter(|(known, _)| *known == size && size > 0) {
        return Ok(root);
    }
    let nodes = LedgerNodes::new(shared, ledger)?;
    let root = proof::root(&nodes, size);
    nodes.answer(root)
}

const BLOCK: u64 = 256;
