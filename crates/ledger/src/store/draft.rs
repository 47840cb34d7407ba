//! A commit in the making: frames, and what they change, laid over what is durable.
//!
//! Everything is decided here, in order, against the durable state and the batch in hand together, so
//! two equal messages in one commit cannot both pass. Nothing is visible until the group is durable;
//! a draft that is dropped leaves no trace.

use std::collections::BTreeMap;
use std::sync::Arc;

use record::{HallId, Lane, Leaf, LedgerName, Parts};

use crate::catalog::{Event, Ledger};
use crate::disk::Disk;
use crate::frame::{Frames, Key, Mask};
use crate::group;
use crate::octets::to_usize;
use crate::outcome::Outcome;
use crate::reader::ReadError;
use crate::receipt::Receipt;
use crate::register::Table;
use crate::seal::Seal;
use crate::shared::Shared;
use crate::signer::{SignError, Signer};
use crate::tree::Frontier;

/// A group that is being made.
pub(super) struct Draft<'a, D: Disk> {
    pub(super) shared: &'a Shared<D>,
    pub(super) fingerprint_key: [u8; 32],
    /// The generation each lane is written in.
    pub(super) own: BTreeMap<Lane, LedgerName>,
    pub(super) frames: Frames,
    pub(super) events: Vec<Event>,
    /// Claims of this commit.
    pub(super) claims: Table,
    pub(super) own_entries: usize,
    pub(super) own_bytes: usize,
    ledgers: BTreeMap<LedgerName, Grown>,
    filled: BTreeMap<(LedgerName, u64), Mask>,
}

/// A ledger as this commit makes it.
struct Grown {
    frontier: Frontier,
    durable: u64,
    fresh: Vec<(Leaf, Mask)>,
    sealed: u64,
}

impl<'a, D: Disk> Draft<'a, D> {
    pub(super) fn new(shared: &'a Shared<D>, expected: usize) -> Self {
        let own = Lane::ALL.into_iter().map(|lane| (lane, shared.own_ledger(lane))).collect();
        let fingerprint_key = shared.read().identity.fingerprint_key;
        Self {
            shared,
            fingerprint_key,
            own,
            frames: group::begin(expected),
            events: Vec::new(),
            claims: Table::new(),
            own_entries: 0,
            own_bytes: 0,
            ledgers: BTreeMap::new(),
            filled: BTreeMap::new(),
        }
    }

    /// The frames, and the events they become once durable.
    pub(super) fn into_parts(self) -> (Frames, Vec<Event>) {
        (self.frames, self.events)
    }

    /// The tree of a ledger, this commit included.
    pub(super) fn frontier(&mut self, ledger: &LedgerName) -> &Frontier {
        &self.grown(ledger).frontier
    }

    pub(super) fn size(&mut self, ledger: &LedgerName) -> u64 {
        self.grown(ledger).frontier.size()
    }

    /// Size of the newest seal, this commit's included.
    pub(super) fn sealed(&mut self, ledger: &LedgerName) -> u64 {
        self.grown(ledger).sealed
    }

    /// The leaves of a range that lies below the size.
    pub(super) fn leaves(
        &mut self,
        ledger: &LedgerName,
        from: u64,
        to: u64,
    ) -> Result<Vec<Leaf>, ReadError> {
        let durable = self.grown(ledger).durable;
        let rows = self.shared.rows(ledger, from..to.min(durable).max(from))?;
        let mut leaves: Vec<Leaf> = rows.into_iter().map(|(_, row)| row.leaf).collect();
        let grown = self.grown(ledger);
        let skip = to_usize(from.saturating_sub(durable));
        let take = to_usize(to.saturating_sub(from.max(durable)));
        leaves.extend(grown.fresh.iter().skip(skip).take(take).map(|(leaf, _)| *leaf));
        Ok(leaves)
    }

    /// What is held of an entry, this commit included.
    pub(super) fn mask(&mut self, ledger: &LedgerName, index: u64) -> Result<Mask, ReadError> {
        if let Some(mask) = self.filled.get(&(ledger.clone(), index)) {
            return Ok(*mask);
        }
        let grown = self.grown(ledger);
        match index.checked_sub(grown.durable) {
            Some(at) => {
                Ok(grown.fresh.get(to_usize(at)).map_or(Mask::default(), |(_, mask)| *mask))
            }
            None => self.shared.mask(ledger, index),
        }
    }

    /// Appends an entry; its index.
    pub(super) fn entry(
        &mut self,
        ledger: &LedgerName,
        via: Option<&HallId>,
        leaf: Leaf,
        keys: Vec<Key>,
        parts: &Parts,
    ) -> u64 {
        let mask = Mask::of(parts);
        let grown = self.grown(ledger);
        let index = grown.frontier.size();
        grown.frontier.push(leaf.hash());
        grown.fresh.push((leaf, mask));
        let span = self.frames.entry((ledger, via), index, &leaf, &keys, parts);
        let ledger = ledger.clone();
        self.events.push(Event::Entry { ledger, index, leaf, mask, keys, span });
        index
    }

    /// Adds parts to an entry; only those it lacked may be in them.
    pub(super) fn add_parts(
        &mut self,
        ledger: &LedgerName,
        via: &HallId,
        index: u64,
        before: Mask,
        parts: &Parts,
    ) {
        let mask = Mask::of(parts);
        let span = self.frames.fill((ledger, Some(via)), index, parts);
        self.filled.insert((ledger.clone(), index), before.with(mask));
        let ledger = ledger.clone();
        self.events.push(Event::Fill { ledger, index, mask, before, span });
    }

    /// Stores a seal.
    pub(super) fn store_seal(&mut self, seal: Arc<Seal>, via: Option<&HallId>) {
        self.grown(&seal.ledger).sealed = seal.size;
        let span = self.frames.seal((&seal.ledger, via), seal.size, seal.note());
        self.events.push(Event::Seal { seal, span });
    }

    /// Logs a receipt.
    pub(super) fn receipt(&mut self, receipt: &Receipt) -> Outcome {
        let Receipt { holder, ledger, size, at, cosigned_seal, holding_note, .. } = receipt;
        let span = self.frames.receipt(ledger, cosigned_seal, holding_note);
        self.events.push(Event::Receipt {
            holder: holder.clone(),
            ledger: ledger.clone(),
            size: *size,
            at: *at,
            span,
        });
        Outcome::Logged
    }

    /// Seals what this hall has written and not sealed. A signer that does not sign leaves it to the
    /// next commit: acknowledgements need no seal.
    pub(super) fn seal(&mut self, signer: &dyn Signer) {
        if let Err(error) = self.seal_all(signer) {
            tracing::warn!(%error, "entries stay unsealed");
        }
    }

    /// Seals everything of this hall, or says why not.
    pub(super) fn seal_all(&mut self, signer: &dyn Signer) -> Result<(), SignError> {
        let options = &self.shared.options;
        let grown = self.ledgers.keys().filter(|ledger| options.is_own(ledger));
        let mut ledgers: Vec<LedgerName> = grown.chain(self.own.values()).cloned().collect();
        ledgers.sort_unstable();
        ledgers.dedup();
        for ledger in ledgers {
            let frontier = self.frontier(&ledger).clone();
            if frontier.size() > self.sealed(&ledger) {
                let seal = Seal::sign(&ledger, frontier.size(), frontier.root(), signer)?;
                self.store_seal(Arc::new(seal), None);
            }
        }
        Ok(())
    }

    fn grown(&mut self, ledger: &LedgerName) -> &mut Grown {
        if !self.ledgers.contains_key(ledger) {
            let grown = |state: &Ledger| Grown {
                frontier: state.frontier.clone(),
                durable: state.size(),
                fresh: Vec::new(),
                sealed: state.seal.as_ref().map_or(0, |seal| seal.size),
            };
            let none =
                || Grown { frontier: Frontier::new(), durable: 0, fresh: Vec::new(), sealed: 0 };
            let grown = self.shared.ledger(ledger, grown).unwrap_or_else(none);
            self.ledgers.insert(ledger.clone(), grown);
        }
        self.ledgers.get_mut(ledger).expect("it was inserted just now")
    }
}
