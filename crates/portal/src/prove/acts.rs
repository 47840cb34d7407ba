//! The acts without which nobody can check the keys of a bundle, each with its own proof.
//!
//! * of the root hall: the `Member` acts of every hall that signed something in the bundle, and its
//!   own key changes;
//! * of the origin, of this hall, and of whoever proved a fork of the ledger: key changes and
//!   continuations;
//! * the fork proof that freezes the ledger, if there is one;
//! * the rulings that the status note names, and the `Member` acts that give their halls the power.

use std::collections::BTreeSet;

use ledger::Disk;
use policy::Standing;
use record::{Act, HallId, Lane, LedgerName, RecordId};

use super::{ProveRecordError, Prover};
use crate::bundle::Proven;

/// The place of the open part, which carries the act.
const OPEN: usize = 1;

impl<D: Disk> Prover<'_, D> {
    /// The acts that a bundle about `ledger` with receipts of `holders` needs, in order.
    pub(super) fn acts_needed<'h>(
        &self,
        ledger: &LedgerName,
        holders: impl Iterator<Item = &'h HallId>,
        (record, rulings): (RecordId, &[RecordId]),
    ) -> Result<Vec<Proven>, ProveRecordError> {
        let acts = self.rights.acts();
        let root = acts.root_hall();
        let mut signers: BTreeSet<&HallId> = holders.collect();
        let mut writers = BTreeSet::from([root, ledger.hall(), self.hall]);
        let standing = acts.standing(ledger);
        let frozen_by = match &standing {
            Standing::Frozen { proven_in, index } => {
                writers.insert(proven_in.hall());
                Some((proven_in, *index))
            }
            Standing::Open | Standing::Ended { .. } => None,
        };
        let halls = acts.directory().members().map(|member| &member.hall);
        writers.extend(halls.filter(|hall| {
            let about = |id: &RecordId| acts.ruling(hall, *id).filter(|made| made.record == record);
            rulings.iter().any(|id| about(id).is_some())
        }));
        signers.extend(&writers);
        let needed = |at: &LedgerName, index: u64, act: &Act| match act {
            Act::Member(member) => at.hall() == root && signers.contains(&member.hall),
            Act::KeyChange(_) | Act::Continuation(_) => true,
            Act::ForkProof(_) => frozen_by == Some((at, index)),
            // Of a ruling with its revisions: the latest says whether it stands.
            Act::Ruling(ruling) => ruling.record == record && rulings.contains(&ruling.id),
            Act::Audience(_) | Act::Handover(_) | Act::Unknown => false,
        };
        let mut proven = Vec::new();
        for (at, head) in self.reader.heads() {
            if at.lane() != Lane::Acts || !writers.contains(at.hall()) {
                continue;
            }
            for index in 0..head.size {
                let Some(stored) = self.reader.entry(&at, index)? else { continue };
                let open = stored.parts.part(OPEN);
                let act = open.and_then(|open| wire::act_from_open(open).ok());
                if !act.is_some_and(|act| needed(&at, index, &act)) {
                    continue;
                }
                let seal = self.reader.seal_covering(&at, index)?;
                let seal = seal.ok_or(ProveRecordError::NotSealed)?;
                proven.push(self.evidence(&at, index, stored.parts, &seal)?.to_text());
            }
        }
        Ok(proven)
    }
}
