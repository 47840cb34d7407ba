//! What revisions have ended: withdrawals, replacements, ends of publication, of every record whose
//! head is here.
//!
//! Whoever shows a record must know what a later entry, or one of another hall, made of it. Originals
//! and corrections leave no mark (docs/decisions/0019-what-a-revision-ends-stays-ended.md), so this is
//! small: some tens of bytes for each marked revision. It follows the log by itself and can be built
//! anew from it at any time; it is in memory only, and read once at the start ([`Marks::advance`]),
//! group by group; only what leaves a mark is read by itself.
//!
//! Deliberately absent: rulings, which the acts have; a query by anything but a record's id.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ledger::{Disk, Position, ReadError, Reader};
use policy::Acts;
use record::{Lane, LedgerName, RecordId, RevisionKind, Standing, Successor};
use tokio_util::sync::CancellationToken;

/// The place of the head among the parts.
const HEAD: usize = 0;

/// The marks of one hall's log. Clones share them.
pub struct Marks<D: Disk> {
    reader: Reader<D>,
    read: Arc<Mutex<Read>>,
    stop: CancellationToken,
}

impl<D: Disk> Clone for Marks<D> {
    fn clone(&self) -> Self {
        let Self { reader, read, stop } = self;
        Self { reader: reader.clone(), read: Arc::clone(read), stop: stop.clone() }
    }
}

/// What has been read so far.
#[derive(Debug, Default)]
struct Read {
    at: Position,
    /// By record, ledger (its place in `ledgers`) and index.
    marks: BTreeMap<(RecordId, usize, u64), Mark>,
    ledgers: Vec<LedgerName>,
}

#[derive(Debug)]
struct Mark {
    kind: RevisionKind,
    revision: u32,
    /// None when nothing is named: most marks are withdrawals.
    successor: Option<Box<Successor>>,
}

/// The mark that a head leaves, and on which record.
fn mark_of(head: &[u8]) -> Option<(RecordId, Mark)> {
    let head = wire::head_from_bytes(head).ok()?;
    let (stamp, revises) = (head.stamp?, head.revises?);
    let successor = Successor::of(&revises);
    let successor = (!successor.is_unnamed()).then(|| Box::new(successor));
    let mark = Mark { kind: revises.kind, revision: stamp.revision, successor };
    Standing::is_marked_by(mark.kind).then_some((stamp.record, mark))
}

impl<D: Disk> Marks<D> {
    /// No marks yet. `stop` ends a reading under way.
    pub fn new(reader: Reader<D>, stop: CancellationToken) -> Self {
        Self { reader, read: Arc::default(), stop }
    }

    /// Reads on to where the log is durable now. Reads the disk: for blocking threads.
    pub fn advance(&self) -> Result<(), ReadError> {
        let end = self.reader.durable().position;
        while !self.stop.is_cancelled() {
            let mut read = self.read();
            if read.at >= end {
                return Ok(());
            }
            let mut found = Vec::new();
            let next = self.reader.first_parts(read.at, |ledger, index, head| {
                if ledger.lane() == Lane::Records && mark_of(head).is_some() {
                    found.push((ledger.clone(), index));
                }
            })?;
            for (ledger, index) in found {
                self.note(&mut read, &ledger, index)?;
            }
            if next <= read.at {
                return Ok(());
            }
            read.at = next;
        }
        Ok(())
    }

    fn note(&self, read: &mut Read, ledger: &LedgerName, index: u64) -> Result<(), ReadError> {
        let Some(stored) = self.reader.entry(ledger, index)? else { return Ok(()) };
        let mark = stored.parts.part(HEAD).and_then(|head| mark_of(head));
        let Some((record, mark)) = mark else { return Ok(()) };
        let known = read.ledgers.iter().position(|known| known == ledger);
        let place = known.unwrap_or_else(|| {
            read.ledgers.push(ledger.clone());
            read.ledgers.len() - 1
        });
        read.marks.insert((record, place, index), mark);
        Ok(())
    }

    /// How a record stands that is seen in this ledger: the revisions of its stewards and the rulings
    /// about it.
    pub fn standing(&self, acts: &Acts, ledger: &LedgerName, record: RecordId) -> Standing {
        let read = self.read();
        let (first, last) = ((record, 0, 0), (record, usize::MAX, u64::MAX));
        let mut standing = Standing::default();
        for origin in acts.stewards().origins(ledger.hall(), record) {
            let chain = acts.stewards().chain(&origin, record);
            for ((_, place, index), mark) in read.marks.range(first..=last) {
                let Some(stands_in) = read.ledgers.get(*place) else { continue };
                if chain.iter().any(|tenure| tenure.covers(stands_in, *index)) {
                    let successor = mark.successor.as_deref().cloned().unwrap_or_default();
                    standing.revise(mark.kind, mark.revision, successor);
                }
            }
            for (_, ruling) in acts.rulings(record, &origin) {
                standing.rule(ruling.id, ruling.effect);
            }
        }
        standing
    }

    fn read(&self) -> MutexGuard<'_, Read> {
        // A reader that panicked left whole marks behind.
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
