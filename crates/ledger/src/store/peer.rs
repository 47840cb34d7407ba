//! What peers bring: entries that extend a ledger, overlap it, contradict it; and fills.
//!
//! A duplicate is what has an equal leaf, never what has a lower number; what it brings beyond the
//! leaf becomes a fill.

use record::{COMMIT_ENTRIES_MAX, Leaf, LedgerName, PartSet, Parts};

use super::draft::Draft;
use super::{CommitError, Outcome};
use crate::append::{PeerEntries, PeerFill};
use crate::disk::Disk;
use crate::octets::{len_u64, to_usize};
use crate::options::Fault;
use crate::outcome::Refusal;
use crate::reader::root_at;

impl<D: Disk> Draft<'_, D> {
    /// Appends what is new of a batch and fills what we lacked.
    pub(super) fn peer(&mut self, batch: &PeerEntries) -> Result<Outcome, CommitError> {
        let PeerEntries { ledger, first, entries, seal, via } = batch;
        let end = first.checked_add(len_u64(entries.len()));
        if seal.ledger != *ledger || Some(seal.size) != end {
            return Ok(Outcome::Refused(Refusal::SealMismatch));
        }
        if entries.len() > COMMIT_ENTRIES_MAX {
            return Ok(Outcome::Refused(Refusal::CommitFull));
        }
        if self.own.get(&ledger.lane()) == Some(ledger) {
            return Ok(Outcome::Refused(Refusal::OwnLedger));
        }
        let size = self.size(ledger);
        if *first > size {
            return Ok(Outcome::Gap { size });
        }
        if let Some(at) = self.contradiction(batch, size)? {
            return Ok(Outcome::Diverges { at });
        }
        let known = to_usize(size - first).min(entries.len());
        let (old, new) = entries.split_at_checked(known).unwrap_or((entries, &[]));
        let mut fills = Vec::new();
        for (index, (_, parts)) in (*first..).zip(old) {
            let added = self.fill_one(ledger, via, index, parts)?;
            fills.extend(added.map(|set| (index, set)));
        }
        for (leaf, parts) in new {
            self.entry(ledger, Some(via), *leaf, Vec::new(), parts);
        }
        if seal.size > self.sealed(ledger) {
            self.store_seal(seal.clone().into(), Some(via));
        }
        Ok(Outcome::Extended { size: self.size(ledger), fills })
    }

    /// The index with another leaf, or the size whose root is not the seal's.
    fn contradiction(
        &mut self,
        batch: &PeerEntries,
        size: u64,
    ) -> Result<Option<u64>, CommitError> {
        let PeerEntries { ledger, first, entries, seal, .. } = batch;
        let ours = self.leaves(ledger, *first, seal.size.min(size))?;
        let pairs = ours.iter().zip(entries);
        if let Some(at) = pairs.clone().position(|(ours, (theirs, _))| ours != theirs) {
            return Ok(Some(first + len_u64(at)));
        }
        let root = if seal.size >= size {
            let mut frontier = self.frontier(ledger).clone();
            let beyond = entries.iter().skip(ours.len());
            beyond.for_each(|(leaf, _): &(Leaf, Parts)| frontier.push(leaf.hash()));
            frontier.root()
        } else if seal.size <= self.shared.size(ledger) {
            root_at(self.shared, ledger, seal.size)?
        } else {
            // Both batches of this commit: the earlier one's root covers the leaves just compared.
            let durable = self.shared.size(ledger);
            let mut frontier =
                self.shared.ledger(ledger, |state| state.frontier.clone()).unwrap_or_default();
            for leaf in self.leaves(ledger, durable, seal.size)? {
                frontier.push(leaf.hash());
            }
            frontier.root()
        };
        Ok((root != seal.root).then_some(seal.size))
    }

    /// Adds parts to entries whose leaves are here.
    pub(super) fn fill(&mut self, fill: &PeerFill) -> Result<Outcome, CommitError> {
        let PeerFill { ledger, entries, via } = fill;
        if entries.len() > COMMIT_ENTRIES_MAX {
            return Ok(Outcome::Refused(Refusal::CommitFull));
        }
        let (mut new, mut refused) = (Vec::new(), 0);
        for (index, parts) in entries {
            let leaf = self.leaves(ledger, *index, index.saturating_add(1))?.pop();
            let commitment = parts.commitment(ledger);
            if leaf.is_none() || leaf.map(|leaf| leaf.commitment) != commitment {
                refused += 1;
                continue;
            }
            let added = self.fill_one(ledger, via, *index, parts)?;
            new.extend(added.map(|set| (*index, set)));
        }
        Ok(Outcome::Filled { new, refused })
    }

    /// Logs what of `parts` is not held yet.
    fn fill_one(
        &mut self,
        ledger: &LedgerName,
        via: &record::HallId,
        index: u64,
        parts: &Parts,
    ) -> Result<Option<PartSet>, CommitError> {
        if self.shared.options.fault == Fault::StubWins || parts.is_stub() {
            return Ok(None);
        }
        let before = self.mask(ledger, index)?;
        let new = parts.held().without(before.held());
        if new.is_empty() {
            return Ok(None);
        }
        self.add_parts(ledger, via, index, before, &parts.narrowed(new));
        Ok(Some(new))
    }
}
