//! What is durable, as the process knows it: ledgers with their trees and seals, segments with their
//! indexes, the register, the newest groups' bytes.
//!
//! The writer changes it once per commit, after the fdatasync; readers look places up in it and read
//! the disk outside its lock. Recovery fills it from the same events the writer publishes, so there is
//! one way in which a frame becomes visible.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use record::{HallId, Hash, LedgerName, Timestamp};

use crate::disk::Disk;
use crate::frame::{Body, Frame, Key, Mask, Span};
use crate::index::{Contents, FillRow, GroupRow, Index, Mark, MemoryIndex, SealRow};
use crate::octets::{len_u64, to_usize};
use crate::receipt::{MASK_BLOCK_ENTRIES, Receipt};
use crate::register::{self, Register};
use crate::seal::Seal;
use crate::segment::{Identity, ReceiptPlace, SegmentHead, SegmentHeader};
use crate::tree::Frontier;

/// One frame that has become durable; spans count from the start of the segment.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Entry {
        ledger: LedgerName,
        index: u64,
        leaf: record::Leaf,
        mask: Mask,
        keys: Vec<Key>,
        span: Span,
    },
    Fill {
        ledger: LedgerName,
        index: u64,
        mask: Mask,
        before: Mask,
        span: Span,
    },
    Seal {
        seal: Arc<Seal>,
        span: Span,
    },
    Receipt {
        holder: HallId,
        ledger: LedgerName,
        size: u64,
        at: Timestamp,
        span: Span,
    },
    /// A kind this version does not know; it keeps its place.
    Unknown {
        span: Span,
    },
}

impl Event {
    /// Moves the place from within the group to within the segment.
    pub(crate) fn shift(&mut self, base: u32) {
        match self {
            Self::Entry { span, .. }
            | Self::Fill { span, .. }
            | Self::Seal { span, .. }
            | Self::Receipt { span, .. }
            | Self::Unknown { span } => span.offset = span.offset.saturating_add(base),
        }
    }

    /// The event of a frame on disk; none when the frame is not what this crate writes. `before`
    /// tells what was held of an entry.
    pub(crate) fn of<E>(
        frame: &Frame,
        span: Span,
        before: impl FnOnce(&LedgerName, u64) -> Result<Mask, E>,
    ) -> Result<Option<Self>, E> {
        let ledger = frame.ledger.clone();
        Ok(Some(match &frame.body {
            Body::Entry { index, leaf, keys, parts } => Self::Entry {
                ledger,
                index: *index,
                leaf: *leaf,
                mask: Mask::of(parts),
                keys: keys.clone(),
                span,
            },
            Body::Fill { index, parts } => {
                let before = before(&ledger, *index)?;
                Self::Fill { ledger, index: *index, mask: Mask::of(parts), before, span }
            }
            Body::Seal { size, note } => match Seal::parse(note) {
                Ok(seal) if seal.size == *size && seal.ledger == ledger => {
                    Self::Seal { seal: Arc::new(seal), span }
                }
                Ok(_) | Err(_) => return Ok(None),
            },
            Body::Receipt { cosigned_seal, holding_note } => {
                match Receipt::parse(cosigned_seal, holding_note) {
                    Ok(Receipt { holder, ledger, size, at, .. }) => {
                        Self::Receipt { holder, ledger, size, at, span }
                    }
                    Err(_) => return Ok(None),
                }
            }
            Body::Unknown { .. } => Self::Unknown { span },
        }))
    }
}

/// A ledger as it stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) frontier: Frontier,
    pub(crate) root: Hash,
    pub(crate) whole: u64,
    pub(crate) partly: u64,
    pub(crate) seal: Option<Arc<Seal>>,
    pub(crate) sealed_at: Timestamp,
    /// (first entry, segment), ascending.
    entries: Vec<(u64, u64)>,
    /// (range of filled entries, segment), in order of segments.
    fills: Vec<(Range<u64>, u64)>,
    /// (largest size sealed in it, segment), ascending.
    seals: Vec<(u64, u64)>,
    /// Mask block → the last fill seen in it since the start: (segment, offset).
    pub(crate) touched: BTreeMap<u64, (u64, u32)>,
}

impl Ledger {
    pub(crate) fn size(&self) -> u64 {
        self.frontier.size()
    }

    pub(crate) fn stubs(&self) -> u64 {
        self.size().saturating_sub(self.whole).saturating_sub(self.partly)
    }

    /// Segments that hold entries of a range, with the part of the range each of them holds.
    pub(crate) fn spans(&self, range: Range<u64>) -> Vec<(u64, Range<u64>)> {
        let end = range.end.min(self.size());
        let mut at = self.entries.partition_point(|(first, _)| *first <= range.start).max(1) - 1;
        let mut spans = Vec::new();
        while let Some((first, segment)) = self.entries.get(at) {
            let next = self.entries.get(at + 1).map_or(self.size(), |(first, _)| *first);
            let part = range.start.max(*first)..end.min(next);
            if part.start >= end {
                break;
            }
            if !part.is_empty() {
                spans.push((*segment, part));
            }
            at += 1;
        }
        spans
    }

    /// Segments that may hold fills for entries of a range, in order.
    pub(crate) fn fill_segments(&self, range: &Range<u64>) -> Vec<u64> {
        let overlaps = |fills: &Range<u64>| fills.start < range.end && range.start < fills.end;
        self.fills.iter().filter(|(fills, _)| overlaps(fills)).map(|(_, at)| *at).collect()
    }

    /// Segments with a seal of at least `size`, in order.
    pub(crate) fn seal_segments(&self, size: u64) -> impl Iterator<Item = u64> {
        let from = self.seals.partition_point(|(largest, _)| *largest < size);
        self.seals.get(from..).unwrap_or_default().iter().map(|(_, segment)| *segment)
    }

    /// Takes in what a segment has, oldest segment first.
    fn take_in(&mut self, segment: u64, contents: &Contents) {
        if !contents.entries.is_empty() {
            self.entries.push((contents.entries.start, segment));
        }
        if !contents.fills.is_empty() {
            self.fills.push((contents.fills.clone(), segment));
        }
        if let Some((_, largest)) = contents.seals {
            self.seals.push((largest, segment));
        }
    }

    fn entry_in(&mut self, segment: u64, index: u64) {
        if self.entries.last().is_none_or(|(_, last)| *last != segment) {
            self.entries.push((index, segment));
        }
    }

    fn fill_in(&mut self, segment: u64, index: u64, span: Span) {
        match self.fills.last_mut() {
            Some((range, last)) if *last == segment => {
                *range = range.start.min(index)..range.end.max(index + 1);
            }
            Some(_) | None => self.fills.push((index..index + 1, segment)),
        }
        let block = index / len_u64(MASK_BLOCK_ENTRIES);
        self.touched.insert(block, (segment, span.offset));
    }

    fn seal_in(&mut self, segment: u64, seal: &Arc<Seal>, at: Timestamp) {
        match self.seals.last_mut() {
            Some((largest, last)) if *last == segment => *largest = seal.size,
            Some(_) | None => self.seals.push((seal.size, segment)),
        }
        self.seal = Some(Arc::clone(seal));
        self.sealed_at = at;
    }

    fn count(&mut self, before: Option<Mask>, after: Mask) {
        if let Some(before) = before {
            self.whole -= u64::from(before.is_whole());
            self.partly -= u64::from(!before.is_whole() && !before.is_stub());
        }
        self.whole += u64::from(after.is_whole());
        self.partly += u64::from(!after.is_whole() && !after.is_stub());
    }
}

/// A segment as it stands.
pub(crate) struct Segment<D: Disk> {
    pub(crate) number: u64,
    /// Position of its first frame.
    pub(crate) position: u64,
    /// What its checksums begin from.
    pub(crate) seed: u32,
    pub(crate) index: Index<D>,
}

/// A group that is durable.
pub(crate) struct NewGroup {
    pub(crate) number: u64,
    pub(crate) position: u64,
    pub(crate) frames: u32,
    pub(crate) crc: u32,
    pub(crate) at: Timestamp,
    pub(crate) offset: u64,
    pub(crate) len: u64,
}

/// Everything that is durable.
pub(crate) struct Catalog<D: Disk> {
    pub(crate) identity: Arc<Identity>,
    pub(crate) ledgers: BTreeMap<LedgerName, Ledger>,
    pub(crate) segments: Vec<Segment<D>>,
    pub(crate) receipts: BTreeMap<(HallId, LedgerName), ReceiptPlace>,
    pub(crate) register: Register<D>,
    pub(crate) recent: Recent,
    /// Since when submissions are refused for want of room.
    pub(crate) full_since: Option<Timestamp>,
}

impl<D: Disk> Catalog<D> {
    /// The segment a position lies in.
    pub(crate) fn segment_of(&self, position: u64) -> Option<&Segment<D>> {
        let after = self.segments.partition_point(|segment| segment.position <= position);
        self.segments.get(after.checked_sub(1)?)
    }

    /// Nothing yet.
    pub(crate) fn new(identity: Identity) -> Self {
        Self {
            identity: Arc::new(identity),
            ledgers: BTreeMap::new(),
            segments: Vec::new(),
            receipts: BTreeMap::new(),
            register: Register { tables: Vec::new(), runs: Arc::default() },
            recent: Recent::default(),
            full_since: None,
        }
    }

    /// Where the log ends.
    pub(crate) fn mark(&self) -> Mark {
        let newest = self.segments.last().expect("a log has at least one segment");
        newest.index.mark()
    }

    /// The segment with a number.
    pub(crate) fn segment(&self, number: u64) -> Option<&Segment<D>> {
        let first = self.segments.first()?.number;
        self.segments.get(to_usize(number.checked_sub(first)?))
    }

    pub(crate) fn segment_mut(&mut self, number: u64) -> Option<&mut Segment<D>> {
        let first = self.segments.first()?.number;
        self.segments.get_mut(to_usize(number.checked_sub(first)?))
    }

    /// Adds a segment that is older than the newest and already indexed.
    pub(crate) fn add_closed(&mut self, segment: Segment<D>) {
        for (ledger, contents) in segment.index.contents() {
            self.ledgers.entry(ledger).or_default().take_in(segment.number, &contents);
        }
        self.segments.push(segment);
    }

    /// Begins the newest segment.
    pub(crate) fn begin(&mut self, header: &SegmentHeader) {
        let SegmentHeader { number, position, .. } = *header;
        let index = Index::Memory(Arc::new(MemoryIndex::new(header)));
        self.segments.push(Segment { number, position, seed: header.seed(), index });
        self.register.tables.push((number, Arc::default()));
    }

    /// Sets the ledgers as a segment's header has them.
    pub(crate) fn set_heads(&mut self, heads: &[SegmentHead], receipts: &[ReceiptPlace]) {
        for head in heads {
            let ledger = self.ledgers.entry(head.ledger.clone()).or_default();
            ledger.frontier = head.frontier.clone();
            ledger.root = head.frontier.root();
            (ledger.whole, ledger.partly) = (head.whole, head.partly);
            (ledger.seal, ledger.sealed_at) = (head.seal.clone(), head.sealed_at);
        }
        for receipt in receipts {
            keep_newest(&mut self.receipts, receipt.clone());
        }
    }

    /// The ledgers and receipts as the next segment's header will have them.
    pub(crate) fn heads(&self) -> (Vec<SegmentHead>, Vec<ReceiptPlace>) {
        let head = |(name, ledger): (&LedgerName, &Ledger)| SegmentHead {
            ledger: name.clone(),
            frontier: ledger.frontier.clone(),
            whole: ledger.whole,
            partly: ledger.partly,
            seal: ledger.seal.clone(),
            sealed_at: ledger.sealed_at,
        };
        (self.ledgers.iter().map(head).collect(), self.receipts.values().cloned().collect())
    }

    /// Makes a durable group visible. False when it does not continue what is here, which a group
    /// written by this crate always does.
    pub(crate) fn publish(&mut self, group: &NewGroup, events: &[Event]) -> bool {
        let Some(segment) = self.segments.last_mut() else { return false };
        let number = segment.number;
        let Index::Memory(index) = &mut segment.index else { return false };
        let index = Arc::make_mut(index);
        let offset = u32::try_from(group.offset).unwrap_or(u32::MAX);
        let row = GroupRow { position: group.position, number: group.number, offset };
        let mark = Mark {
            group: group.number,
            crc: group.crc,
            position: group.position + u64::from(group.frames),
            offset: group.offset + group.len,
        };
        index.group(row, mark);
        let table = self.register.tables.last_mut().map(|(_, table)| Arc::make_mut(table));
        let Some(table) = table else { return false };
        let (ledgers, receipts) = (&mut self.ledgers, &mut self.receipts);
        let mut grown = BTreeSet::new();
        for event in events {
            match event {
                Event::Entry { ledger, index: at, leaf, mask, keys, span } => {
                    if !index.entry(ledger, *at, *leaf, *span, *mask) {
                        return false;
                    }
                    register::note(table, ledger, *at, keys);
                    index.claim(keys.len());
                    let state = of(ledgers, ledger);
                    state.entry_in(number, *at);
                    state.count(None, *mask);
                    grown.insert(ledger);
                }
                Event::Fill { ledger, index: at, mask, before, span } => {
                    index.fill(ledger, FillRow { index: *at, span: *span, mask: *mask });
                    let state = of(ledgers, ledger);
                    state.fill_in(number, *at, *span);
                    state.count(Some(*before), before.with(*mask));
                }
                Event::Seal { seal, span } => {
                    index.seal(&seal.ledger, SealRow { size: seal.size, span: *span });
                    let state = of(ledgers, &seal.ledger);
                    state.seal_in(number, seal, group.at);
                }
                Event::Receipt { holder, ledger, size, at, span } => {
                    let (holder, ledger) = (holder.clone(), ledger.clone());
                    let (size, at, offset, len) = (*size, *at, span.offset, span.len);
                    let segment = number;
                    let place = ReceiptPlace { holder, ledger, size, at, segment, offset, len };
                    keep_newest(receipts, place);
                }
                Event::Unknown { .. } => {}
            }
        }
        for ledger in grown {
            let frontier = index.frontier(ledger);
            if let Some(state) = self.ledgers.get_mut(ledger) {
                state.root = frontier.root();
                state.frontier = frontier;
            }
        }
        true
    }
}

/// A ledger's state, made when it is new.
fn of<'a>(ledgers: &'a mut BTreeMap<LedgerName, Ledger>, name: &LedgerName) -> &'a mut Ledger {
    if !ledgers.contains_key(name) {
        ledgers.insert(name.clone(), Ledger::default());
    }
    ledgers.get_mut(name).expect("it was inserted just now")
}

/// The newest receipt of a holder wins. Several tasks log receipts, so an older one may come later.
fn keep_newest(receipts: &mut BTreeMap<(HallId, LedgerName), ReceiptPlace>, receipt: ReceiptPlace) {
    let key = (receipt.holder.clone(), receipt.ledger.clone());
    let newer = |kept: &ReceiptPlace| (kept.size, kept.at) > (receipt.size, receipt.at);
    if !receipts.get(&key).is_some_and(newer) {
        receipts.insert(key, receipt);
    }
}

/// The newest groups' bytes.
#[derive(Default)]
pub(crate) struct Recent {
    groups: VecDeque<(u64, u64, Bytes)>,
    bytes: usize,
}

impl Recent {
    /// Keeps a group, and forgets the oldest beyond `limit` bytes.
    pub(crate) fn keep(&mut self, segment: u64, offset: u64, bytes: Bytes, limit: usize) {
        self.bytes += bytes.len();
        self.groups.push_back((segment, offset, bytes));
        while self.bytes > limit {
            let Some((_, _, oldest)) = self.groups.pop_front() else { break };
            self.bytes -= oldest.len();
        }
    }

    /// Bytes of a segment, when a kept group has them.
    pub(crate) fn read(&self, segment: u64, offset: u64, len: usize) -> Option<Bytes> {
        let after = self
            .groups
            .partition_point(|(number, start, _)| (*number, *start) <= (segment, offset));
        let (number, start, bytes) = self.groups.get(after.checked_sub(1)?)?;
        let from = to_usize(offset - start);
        let fits = *number == segment && from.checked_add(len)? <= bytes.len();
        fits.then(|| bytes.slice(from..from + len))
    }
}
