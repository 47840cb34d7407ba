//! At the origins: every acknowledgement stands where it said, with the bytes that were submitted;
//! nothing stands there that nobody acknowledged; revisions follow each other.

use std::collections::{BTreeMap, BTreeSet};

use record::{Lane, RecordId, Stamp};

use super::open::Open;
use super::{CheckError, Findings};
use crate::demo::traffic::Acknowledged;

/// Checks every origin's records against the acknowledgements.
pub(super) fn check(
    opened: &[Open],
    book: &[Acknowledged],
    findings: &mut Findings,
) -> Result<(), CheckError> {
    for hall in opened {
        let ledger = hall.reader.own_ledger(Lane::Records);
        let mine: Vec<&Acknowledged> = book.iter().filter(|one| one.ledger == ledger).collect();
        let mut places = BTreeSet::new();
        for one in &mine {
            if !stands(hall, one)? {
                findings.lost += 1;
                let (id, index) = (&one.letter.id, one.index);
                findings.problem(|| format!("{id} is not entry {index} of {ledger}"));
            }
            if !places.insert(one.index) {
                findings.duplicated += 1;
                findings.problem(|| format!("two messages are entry {} of {ledger}", one.index));
            }
        }
        strangers(hall, &places, findings)?;
        findings.out_of_order += revisions_out_of_order(&mine);
    }
    Ok(())
}

/// Whether the entry is the message that was acknowledged.
fn stands(hall: &Open, one: &Acknowledged) -> Result<bool, CheckError> {
    let Some(stored) = hall.reader.entry(&one.ledger, one.index)? else { return Ok(false) };
    let sent = &one.letter.submission;
    let sent = wire::entry_parts(sent.head.clone(), sent.open.clone(), sent.closed.clone());
    if stored.parts.count() != Some(sent.len()) {
        return Ok(false);
    }
    let same = sent.iter().enumerate().all(|(index, bytes)| match stored.parts.part(index) {
        Some(kept) if index == 0 => wire::unstamped(kept) == *bytes,
        Some(kept) => kept == bytes,
        None => false,
    });
    let head = stored.parts.part(0).and_then(|head| wire::head_from_bytes(head).ok());
    let stamped = head
        .and_then(|head| head.stamp)
        .is_some_and(|stamp: Stamp| (stamp.record, stamp.revision) == (one.record, one.revision));
    Ok(same && stamped)
}

/// Entries that no acknowledgement names: the same message twice, or something nobody submitted.
fn strangers(
    hall: &Open,
    places: &BTreeSet<u64>,
    findings: &mut Findings,
) -> Result<(), CheckError> {
    let ledger = hall.reader.own_ledger(Lane::Records);
    for index in (0..hall.size(&ledger)).filter(|index| !places.contains(index)) {
        findings.duplicated += 1;
        let stored = hall.reader.entry(&ledger, index)?;
        let head = stored.and_then(|stored| stored.parts.part(0).cloned());
        let head = head.and_then(|head| wire::head_from_bytes(&head).ok());
        let id = head.map(|head| head.message_id).unwrap_or_default();
        findings.problem(|| format!("entry {index} of {ledger}, {id:?}, was never acknowledged"));
    }
    Ok(())
}

/// Revisions that stand before the one they replace, or whose numbers have a gap.
fn revisions_out_of_order(mine: &[&Acknowledged]) -> u64 {
    let mut records: BTreeMap<RecordId, Vec<(u64, u32)>> = BTreeMap::new();
    for one in mine {
        records.entry(one.record).or_default().push((one.index, one.revision));
    }
    let mut wrong = 0;
    for places in records.values_mut() {
        places.sort_unstable();
        let expected = places.iter().zip(1u32..);
        wrong += expected.filter(|((_, revision), next)| revision != next).count();
    }
    u64::try_from(wrong).unwrap_or(u64::MAX)
}
