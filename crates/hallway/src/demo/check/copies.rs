//! At every hall: each ledger has the origin's leaves and root, and of each entry exactly the parts
//! that the acts give the hall, byte for byte.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{LogNote, Position, Stored};
use policy::Rights;
use record::{Lane, LedgerName, PartSet, Parts, Slot};

use super::open::Open;
use super::{CheckError, Findings};

/// Checks every copy against its origin; the entries that are as they must be at every hall.
pub(super) fn check(
    opened: &[Open],
    rights: &Rights,
    findings: &mut Findings,
) -> Result<BTreeSet<(LedgerName, u64)>, CheckError> {
    for hall in opened {
        log_order(hall, findings)?;
    }
    let mut good = BTreeSet::new();
    for origin in opened {
        for lane in [Lane::Acts, Lane::Records] {
            let ledger = origin.reader.own_ledger(lane);
            for holder in opened {
                roots(origin, holder, &ledger, findings)?;
            }
            for index in 0..origin.size(&ledger) {
                if everywhere(opened, origin, (&ledger, index), rights, findings)? {
                    good.insert((ledger.clone(), index));
                }
            }
        }
    }
    Ok(good)
}

/// One root at every size that both have.
fn roots(
    origin: &Open,
    holder: &Open,
    ledger: &LedgerName,
    findings: &mut Findings,
) -> Result<(), CheckError> {
    let (here, there) = (origin.size(ledger), holder.size(ledger));
    let both = here.min(there);
    let same =
        both == 0 || origin.reader.root(ledger, both)? == holder.reader.root(ledger, both)?;
    if !same || there > here {
        findings.diverged += 1;
        let hall = &holder.hall;
        findings.problem(|| format!("{hall} has {there} entries of {ledger}, not its {here}"));
    }
    Ok(())
}

/// Whether one entry is as it must be at every hall.
fn everywhere(
    opened: &[Open],
    origin: &Open,
    (ledger, index): (&LedgerName, u64),
    rights: &Rights,
    findings: &mut Findings,
) -> Result<bool, CheckError> {
    let Some(original) = origin.reader.entry(ledger, index)? else { return Ok(false) };
    let whole = PartSet::first(original.parts.count().unwrap_or(0));
    let mut good = original.parts.held() == whole;
    for holder in opened.iter().filter(|holder| holder.hall != origin.hall) {
        let place = || format!("entry {index} of {ledger} at {}", holder.hall);
        let Some(copy) = holder.reader.entry(ledger, index)? else {
            findings.lost += 1;
            findings.problem(|| format!("{} is not there", place()));
            good = false;
            continue;
        };
        let may = rights.parts(ledger, original.leaf.label, &holder.hall).intersection(whole);
        let before = findings.faults();
        compare(&original, &copy, may, findings, place);
        good &= before == findings.faults();
    }
    Ok(good)
}

fn compare(
    original: &Stored,
    copy: &Stored,
    may: PartSet,
    findings: &mut Findings,
    place: impl Fn() -> String,
) {
    let held = copy.parts.held();
    let (lacks, forbidden) = (may.without(held), held.without(may));
    findings.withheld += u64::from(held.is_empty());
    if !lacks.is_empty() {
        findings.starved += 1;
        findings.problem(|| format!("{} lacks parts {:04b}", place(), lacks.bits()));
    }
    if !forbidden.is_empty() {
        findings.leaked += 1;
        findings.problem(|| format!("{} has forbidden parts {:04b}", place(), forbidden.bits()));
    }
    if original.leaf != copy.leaf || !same_bytes(&original.parts, &copy.parts) {
        findings.diverged += 1;
        findings.problem(|| format!("{} is another entry", place()));
    }
}

/// Whether the parts of a copy are the original's, salt and bytes.
fn same_bytes(original: &Parts, copy: &Parts) -> bool {
    let mut pairs = original.slots().iter().zip(copy.slots());
    let same = pairs.all(|(ours, theirs)| match theirs {
        Slot::Present { .. } => ours == theirs,
        Slot::Absent { .. } => true,
    });
    same && (copy.slots().is_empty() || copy.slots().len() == original.slots().len())
}

/// A hall's log brings every ledger from 0 on without a gap and without a repetition; on the way,
/// the entries of which parts came later are counted.
fn log_order(hall: &Open, findings: &mut Findings) -> Result<(), CheckError> {
    let mut next: BTreeMap<LedgerName, u64> = BTreeMap::new();
    let mut filled = BTreeSet::new();
    let end = hall.reader.durable().position;
    let mut from = Position(0);
    while from < end {
        let page = hall.reader.follow(from, PAGE_NOTES)?;
        for (_, note) in page.notes {
            match note {
                LogNote::Entry { ledger, index, .. } => {
                    let due = next.entry(ledger.clone()).or_default();
                    if index < *due {
                        findings.duplicated += 1;
                        findings.problem(|| format!("{} has {ledger} {index} twice", hall.hall));
                    } else if index > *due {
                        findings.out_of_order += 1;
                        findings.problem(|| {
                            format!("{} has {ledger} {index} in place of {due}", hall.hall)
                        });
                    }
                    *due = index + 1;
                }
                LogNote::Fill { ledger, index, .. } => {
                    filled.insert((ledger, index));
                }
            }
        }
        if page.next <= from {
            break;
        }
        from = page.next;
    }
    findings.filled += u64::try_from(filled.len()).unwrap_or(u64::MAX);
    Ok(())
}

/// Notes read at a time.
const PAGE_NOTES: usize = 4_096;
