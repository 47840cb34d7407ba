//! What is held of a ledger at one durable point: counts, and the root over the mask blocks.
//!
//! Full blocks are hashed once and kept until a fill touches them; the cache is a hash per 4,096
//! entries, remade after a restart when somebody asks.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use record::{Hash, Label, LedgerName, PartSet};

use super::{ReadError, Reader};
use crate::disk::Disk;
use crate::octets::len_u64;
use crate::receipt::{Holding, MASK_BLOCK_ENTRIES, masks_root};
use crate::tree::leaf_hash;

/// Block hashes with the point (segment, offset) they were read at.
pub(crate) type MaskCache = BTreeMap<LedgerName, BTreeMap<u64, (Hash, (u64, u64))>>;

impl<D: Disk> Reader<D> {
    /// What is held of a ledger at its newest seal; none while it has none or entries stand beyond
    /// it, as with a slow signer.
    pub fn holding(&self, ledger: &LedgerName) -> Result<Option<Holding>, ReadError> {
        let catalog = self.shared.read();
        let Some(state) = catalog.ledgers.get(ledger) else { return Ok(None) };
        let Some(seal) = state.seal.as_deref().filter(|seal| seal.size == state.size()).cloned()
        else {
            return Ok(None);
        };
        let (whole, partly, stubs) = (state.whole, state.partly, state.stubs());
        let touched = state.touched.clone();
        let newest = catalog.segments.last().map_or(0, |segment| segment.number);
        let until = (newest, catalog.mark().offset);
        drop(catalog);

        let mut blocks = Vec::new();
        let entries = len_u64(MASK_BLOCK_ENTRIES);
        for block in 0..seal.size.div_ceil(entries) {
            let last_fill = touched.get(&block).map(|(segment, at)| (*segment, u64::from(*at)));
            if let Some(hash) = self.cached(ledger, block, last_fill, until) {
                blocks.push(hash);
                continue;
            }
            let range = block * entries..((block + 1) * entries).min(seal.size);
            let full = range.end - range.start == entries;
            let masks = self.shared.masks(ledger, range, until)?;
            let bytes: Vec<u8> = masks.iter().map(|mask| mask.held().bits()).collect();
            let hash = leaf_hash(&bytes);
            blocks.push(hash);
            if full {
                let mut cache =
                    self.shared.mask_cache.lock().unwrap_or_else(PoisonError::into_inner);
                cache.entry(ledger.clone()).or_default().insert(block, (hash, until));
            }
        }
        let (ledger, size, root) = (ledger.clone(), seal.size, seal.root);
        let masks_root = masks_root(blocks);
        Ok(Some(Holding { ledger, size, root, seal, whole, partly, stubs, masks_root }))
    }

    /// Entries of which parts are held that `entitled` does not give: held since before a right was
    /// narrowed. Looks at every entry.
    pub fn retained(
        &self,
        ledger: &LedgerName,
        entitled: &dyn Fn(Label) -> PartSet,
    ) -> Result<u64, ReadError> {
        let (size, stretch) = (self.shared.size(ledger), len_u64(MASK_BLOCK_ENTRIES));
        let mut retained = 0;
        for at in (0..size).step_by(MASK_BLOCK_ENTRIES) {
            let range = at..size.min(at + stretch);
            let masks = self.shared.masks(ledger, range.clone(), (u64::MAX, 0))?;
            let rows = self.shared.rows(ledger, range)?;
            let beyond = masks.iter().zip(rows).filter(|(mask, (_, row))| {
                let held = mask.held();
                !held.is_empty() && !held.without(entitled(row.leaf.label)).is_empty()
            });
            retained += len_u64(beyond.count());
        }
        Ok(retained)
    }

    /// A block's hash, if no fill came between the point it was read at and the one asked for.
    fn cached(
        &self,
        ledger: &LedgerName,
        block: u64,
        last_fill: Option<(u64, u64)>,
        until: (u64, u64),
    ) -> Option<Hash> {
        let cache = self.shared.mask_cache.lock().unwrap_or_else(PoisonError::into_inner);
        let (hash, at) = cache.get(ledger)?.get(&block)?;
        (*at <= until && last_fill.is_none_or(|fill| fill < *at)).then_some(*hash)
    }
}
