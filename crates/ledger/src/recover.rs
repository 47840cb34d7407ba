//! Opening a log: what a stop left behind, what of it counts, what must be built again.
//!
//! ```text
//! headers of all segments ─► the chain: each names the last group of the one before
//! newest segment ─► its groups in order ─► clean │ torn: cut │ damaged: read only
//! not marked clean ─► copy it to a new file, sync, rename, sync the directory
//! closed segments ─► index and register files that name the right group, or built again
//! ```
//!
//! Nothing read after an unclean stop counts before the copy is synced: a killed process leaves groups
//! in the page cache that a power cut would still take. Torn is damage in the last group only; it is
//! cut. Damage below the acknowledged mark, or before a later group, is corruption: named, never cut.

mod closed;
mod copy;
mod derived;

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use record::{LedgerName, Timestamp};

use crate::catalog::{Catalog, Event, NewGroup};
use crate::disk::{Disk, read_up_to};
use crate::frame::Mask;
use crate::group::Group;
use crate::handles::Handles;
use crate::index::{Mark, MemoryIndex};
use crate::options::Options;
use crate::pages::DIRECTORY;
use crate::reader::{Durable, Position, ReadError};
use crate::segment::{self, End, Identity, Scan, SegmentHeader};
use crate::shared::Shared;
use crate::store::{Cut, Damage, OpenError, OpenReport};

pub(crate) use closed::closed_segment;
pub(crate) use copy::{clean_mark, write_clean_mark};

/// A log that has been recovered.
pub(crate) struct Recovered<D: Disk> {
    pub(crate) shared: Arc<Shared<D>>,
    /// The newest segment's header.
    pub(crate) header: SegmentHeader,
    pub(crate) report: OpenReport,
}

/// Opens or makes the log in a directory the caller has locked.
pub(crate) fn open<D: Disk>(
    disk: &D,
    options: Options,
    now: Timestamp,
) -> Result<Recovered<D>, OpenError> {
    disk.make_dir(DIRECTORY).map_err(doing("make the directory of derived files"))?;
    let names = disk.list("").map_err(doing("list the log"))?;
    for left in names.iter().filter(|name| name.strip_suffix(".new").is_some()) {
        disk.remove(left).map_err(doing("remove an unfinished file"))?;
    }
    let mut numbers: Vec<u64> = names.iter().filter_map(|name| segment::number_in(name)).collect();
    let created = numbers.is_empty();
    if created {
        let identity = Identity::new(&options.seed, &options.domain, &options.hall);
        let header = SegmentHeader::first(identity, now);
        segment::create(disk, &header, options.segment_bytes, None)
            .map_err(doing("make the first segment"))?;
        numbers.push(1);
    }
    let mut log = Log::read(disk, &numbers)?;
    log.check_owner(&options)?;
    let end = log.find_end(disk).map_err(doing("read the newest segment"))?;
    let clean = clean_mark(disk, &log.newest.identity.log_id);
    let clean = clean.map_err(doing("read the mark of a clean stop"))?;
    let ours = options.acknowledged_in.is_none_or(|log_id| log_id == log.newest.identity.log_id);
    let acknowledged = options.acknowledged.filter(|_| ours).max(clean.map(|(group, _)| group));
    let cut = log.judge(end, acknowledged);
    let clean = created || cut.is_none() && clean == Some((log.mark.group, log.mark.crc));
    if log.damage.is_empty() {
        copy::forget_clean_mark(disk).map_err(doing("remove the mark of a clean stop"))?;
    } else if let Some(promised) = acknowledged.filter(|group| *group > log.mark.group) {
        // Kept beside the log: at the next start this must not look like a torn group.
        write_clean_mark(disk, &log.newest.identity.log_id, (promised, 0))
            .map_err(doing("keep what was acknowledged"))?;
    }
    let mut copied = None;
    if log.damage.is_empty() && !clean {
        copy::copy_newest(disk, log.newest.number, log.mark.offset)
            .map_err(doing("copy the newest segment"))?;
        copied = Some(log.newest.number);
    }
    log.index(disk, options, |log_id| OpenReport {
        log_id,
        created,
        clean,
        copied,
        cut,
        rebuilt: Vec::new(),
        damage: Vec::new(),
        durable: Durable { log_id, group: 0, crc: 0, position: Position(0) },
    })
}

/// What the disk holds, before it is indexed.
struct Log {
    /// Number and header of every segment but the newest; no header where it is damaged.
    older: Vec<(u64, Option<SegmentHeader>)>,
    newest: SegmentHeader,
    mark: Mark,
    damage: Vec<Damage>,
}

impl Log {
    fn read<D: Disk>(disk: &D, numbers: &[u64]) -> Result<Self, OpenError> {
        let mut headers = Vec::new();
        let mut damage = Vec::new();
        for (number, expected) in numbers.iter().zip(numbers.first().copied().unwrap_or(1)..) {
            if *number != expected {
                return Err(OpenError::Damaged(damaged(expected, 0, "the segment is missing")));
            }
            let file = disk.open(&segment::file_name(*number)).map_err(doing("open a segment"))?;
            let first = read_up_to(&file, 0, segment::PREFIX);
            let first = first.map_err(doing("read a segment's header"))?;
            if let Some(version) = segment::version(&first).filter(|it| *it > segment::VERSION) {
                return Err(OpenError::Newer { segment: *number, version });
            }
            let scan = Scan::new(&file).map_err(doing("read a segment's header"))?;
            let header = scan.map(|scan| scan.header).filter(|header| header.number == *number);
            if header.is_none() {
                damage.push(damaged(*number, 0, "the header is damaged"));
            }
            headers.push((*number, header));
        }
        match headers.pop() {
            Some((_, Some(newest))) => {
                let mark = MemoryIndex::new(&newest).mark;
                Ok(Self { older: headers, newest, mark, damage })
            }
            Some((number, None)) => {
                Err(OpenError::Damaged(damaged(number, 0, "the header is damaged")))
            }
            None => Err(OpenError::Damaged(damaged(1, 0, "there is no segment"))),
        }
    }

    fn check_owner(&self, options: &Options) -> Result<(), OpenError> {
        let Identity { domain, hall, .. } = &self.newest.identity;
        if (domain, hall) == (&options.domain, &options.hall) {
            return Ok(());
        }
        let found = format!("{domain}/{hall}");
        let wanted = format!("{}/{}", options.domain, options.hall);
        Err(OpenError::OtherHall { found, wanted })
    }

    /// Walks the newest segment to where its whole groups end.
    fn find_end<D: Disk>(&mut self, disk: &D) -> io::Result<End> {
        let file = disk.open(&segment::file_name(self.newest.number))?;
        let Some(mut scan) = Scan::new(&file)? else { return Ok(End::Damaged) };
        while scan.next_group()?.is_some() {}
        self.mark =
            Mark { group: scan.group, crc: scan.crc, position: scan.position, offset: scan.offset };
        scan.end()
    }

    /// Says what the end is: nothing, a torn group to cut, or damage.
    fn judge(&mut self, end: End, acknowledged: Option<u64>) -> Option<Cut> {
        let (segment, offset, group) = (self.newest.number, self.mark.offset, self.mark.group + 1);
        let promised = acknowledged.is_some_and(|mark| group <= mark);
        let what = match end {
            End::Clean if !promised => return None,
            End::Torn if !promised => return Some(Cut { segment, offset, group }),
            End::Clean | End::Torn => format!("group {group} was acknowledged and is not whole"),
            End::Damaged => format!("group {group} is damaged, a later one exists"),
        };
        self.damage.push(Damage { segment, offset, what });
        None
    }

    /// Opens or builds what is derived, then takes in the newest segment.
    fn index<D: Disk>(
        self,
        disk: &D,
        options: Options,
        report: impl FnOnce([u8; 16]) -> OpenReport,
    ) -> Result<Recovered<D>, OpenError> {
        let mut report = report(self.newest.identity.log_id);
        report.damage = self.damage;
        let handles = Arc::new(Handles::new(disk.clone()));
        let mut catalog = Catalog::new(self.newest.identity.clone());
        let closed = derived::Closed { handles: &handles, newest: &self.newest };
        closed.open(&self.older, options.check, &mut catalog, &mut report)?;
        catalog.begin(&self.newest);
        catalog.set_heads(&self.newest.heads, &self.newest.receipts);
        let shared = Arc::new(Shared::new(handles, options, catalog));
        let file = disk.open(&segment::file_name(self.newest.number));
        let file = file.map_err(doing("open the newest segment"))?;
        let scan = Scan::new(&file).map_err(doing("read the newest segment"))?;
        let mut scan = scan.ok_or_else(|| {
            OpenError::Damaged(damaged(self.newest.number, 0, "the header is damaged"))
        })?;
        while let Some((offset, group)) =
            scan.next_group().map_err(doing("read the newest segment"))?
        {
            if !take_in(&shared, &group, offset)? {
                let what = "the group does not continue its ledgers";
                report.damage.push(damaged(self.newest.number, offset, what));
                break;
            }
        }
        report.durable = shared.durable();
        Ok(Recovered { shared, header: self.newest, report })
    }
}

/// Makes a group of the newest segment visible; false when it cannot be.
fn take_in<D: Disk>(shared: &Shared<D>, group: &Group, offset: u64) -> Result<bool, OpenError> {
    let mut held: BTreeMap<(LedgerName, u64), Mask> = BTreeMap::new();
    let mut events = Vec::new();
    let Some(frames) = group.frames(offset) else { return Ok(false) };
    let has_fills = frames.iter().any(|(_, frame)| frame.is_fill());
    for (span, frame) in frames {
        let before = |ledger: &LedgerName, index| match held.get(&(ledger.clone(), index)) {
            Some(mask) => Ok(*mask),
            None => shared.mask(ledger, index),
        };
        let event = match Event::of(&frame, span, before) {
            Ok(Some(event)) => event,
            Err(ReadError::Disk(source)) => {
                return Err(OpenError::Disk { doing: "read the log", source });
            }
            Err(ReadError::Damaged(damage)) => return Err(OpenError::Damaged(damage)),
            Ok(None) | Err(ReadError::UnknownLedger | ReadError::Prove(_)) => return Ok(false),
        };
        match &event {
            Event::Entry { ledger, index, mask, .. } if has_fills => {
                held.insert((ledger.clone(), *index), *mask);
            }
            Event::Fill { ledger, index, mask, before, .. } => {
                held.insert((ledger.clone(), *index), before.with(*mask));
            }
            Event::Entry { .. }
            | Event::Seal { .. }
            | Event::Receipt { .. }
            | Event::Unknown { .. } => {}
        }
        events.push(event);
    }
    let header = group.header;
    let new = NewGroup {
        number: header.number,
        position: header.position,
        frames: header.frames,
        crc: group.crc,
        at: header.at,
        offset,
        len: header.group_len(),
    };
    Ok(shared.write().publish(&new, &events))
}

fn damaged(segment: u64, offset: u64, what: &str) -> Damage {
    Damage { segment, offset, what: what.to_owned() }
}

fn doing(doing: &'static str) -> impl Fn(io::Error) -> OpenError {
    move |source| OpenError::Disk { doing, source }
}
