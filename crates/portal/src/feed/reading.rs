//! What a walk reads besides its entries: the acts of the log, and how a standing is told.

use std::collections::BTreeSet;

use ledger::{Disk, LogNote, Position, ReadError, Reader};
use policy::Acts;
use record::{Act, Effective, Lane, LedgerName, RecordId, State, Successor};
use wire::v1;

use super::walk::{OPEN, PAGE_NOTES};

pub(super) fn effective_to((record, effective): (RecordId, Effective)) -> v1::Effective {
    let (state, successor) = match effective.state {
        State::InForce => (v1::EffectiveState::InForce, Successor::default()),
        State::Withdrawn => (v1::EffectiveState::Withdrawn, Successor::default()),
        State::Replaced { successor } => (v1::EffectiveState::Replaced, successor),
    };
    v1::Effective {
        record_id: record.to_string(),
        state: state.into(),
        successor_record_id: successor.record.map(|id| id.to_string()).unwrap_or_default(),
        successor_document_number: successor.number,
        suspended: effective.suspended,
        published: effective.published,
        ruling_ids: effective.rulings.iter().map(ToString::to_string).collect(),
    }
}

/// Whether an act can stand there: in an acts lane, or opening a later generation.
pub(super) fn holds_act(ledger: &LedgerName, index: u64) -> bool {
    ledger.lane() == Lane::Acts || (ledger.generation().0 > 1 && index == 0)
}

/// Whether an act of this kind can widen a right.
pub(super) fn widens(act: &Act) -> bool {
    match act {
        Act::Member(_) | Act::Audience(_) | Act::Continuation(_) => true,
        Act::KeyChange(_)
        | Act::ForkProof(_)
        | Act::Ruling(_)
        | Act::Handover(_)
        | Act::Unknown => false,
    }
}

pub(super) fn sizes<D: Disk>(reader: &Reader<D>) -> Vec<(LedgerName, u64)> {
    reader.heads().into_iter().map(|(ledger, head)| (ledger, head.size)).collect()
}

/// All acts up to these sizes but some.
pub(super) fn read_acts<D: Disk>(
    reader: &Reader<D>,
    anchor: Acts,
    sizes: &[(LedgerName, u64)],
    but: &BTreeSet<(LedgerName, u64)>,
) -> Result<Acts, ReadError> {
    let mut acts = anchor;
    for (ledger, size) in sizes {
        let end = if ledger.lane() == Lane::Acts { *size } else { (*size).min(1) };
        for index in (0..end).filter(|index| holds_act(ledger, *index)) {
            if but.contains(&(ledger.clone(), index)) {
                continue;
            }
            if let Some(act) = act(reader, ledger, index)? {
                acts.apply(ledger, index, &act);
            }
        }
    }
    Ok(acts)
}

/// Places of acts that came, whole or in part, at this position or later.
pub(super) fn acts_behind<D: Disk>(
    reader: &Reader<D>,
    from: Position,
) -> Result<BTreeSet<(LedgerName, u64)>, ReadError> {
    let (mut found, mut at) = (BTreeSet::new(), from);
    loop {
        let page = reader.follow(at, PAGE_NOTES)?;
        for (_, note) in page.notes {
            let (LogNote::Entry { ledger, index, .. } | LogNote::Fill { ledger, index, .. }) = note;
            if holds_act(&ledger, index) {
                found.insert((ledger, index));
            }
        }
        if page.next <= at {
            return Ok(found);
        }
        at = page.next;
    }
}

/// The act at a place; none while its open part is not here.
pub(super) fn act<D: Disk>(
    reader: &Reader<D>,
    ledger: &LedgerName,
    index: u64,
) -> Result<Option<Act>, ReadError> {
    let stored = reader.entry(ledger, index)?;
    let open = stored.as_ref().and_then(|stored| stored.parts.part(OPEN));
    Ok(open.map(|open| wire::act_from_open(open).unwrap_or(Act::Unknown)))
}
