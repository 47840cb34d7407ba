//! A segment's index as a derived file.
//!
//! ```text
//! prefix     "HWIDX\0\0\1" ‖ u64 segment ‖ u64 last group ‖ u32 its checksum ‖ u64 next position
//!            ‖ u64 end offset ‖ u32 length of the directory                      (48 bytes)
//! directory  u64 groups ‖ u64 at ‖ u32 n ‖ n × slice
//! slice      u8 length ‖ ledger ‖ u64 first ‖ u64 entries ‖ u64 rows at ‖ u64 masks at
//!            ‖ u64 fills ‖ u64 at ‖ u64 smallest ‖ u64 beyond ‖ u64 seals ‖ u64 at ‖ u64 smallest
//!            ‖ u64 largest ‖ u8 levels × (u8 level ‖ u64 first ‖ u64 hashes ‖ u64 at)
//! rows       leaf (40) ‖ u32 offset ‖ u32 length          masks  u8
//! fills      u64 index ‖ u32 offset ‖ u32 length ‖ u8 mask
//! seals      u64 size ‖ u32 offset ‖ u32 length           groups u64 position ‖ u64 number ‖ u32 offset
//! ```
//!
//! Offsets count from the end of the directory. Only the directory stays in memory.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use record::{Hash, Leaf, LedgerName};

use super::{Contents, FillRow, GroupRow, Mark, MemoryIndex, Row, SealRow, Slice};
use crate::disk::Disk;
use crate::frame::{Mask, Span};
use crate::handles::Handles;
use crate::octets::{Fields, len_u32, len_u64, put_short_text, to_usize};
use crate::pages::{DIRECTORY, Derived, PageWriter, Pages};

/// A segment's index in its file.
pub(crate) struct FileIndex<D: Disk> {
    pages: Pages<D>,
    mark: Mark,
    base: u64,
    groups: (u64, u64),
    slices: BTreeMap<LedgerName, Directory>,
}

#[derive(Clone, Debug, Default)]
struct Directory {
    first: u64,
    entries: u64,
    rows_at: u64,
    masks_at: u64,
    fills: u64,
    fills_at: u64,
    fill_range: Range<u64>,
    seals: u64,
    seals_at: u64,
    seal_range: (u64, u64),
    nodes: Vec<(u8, u64, u64, u64)>,
}

/// Where a segment's index lies.
pub(crate) fn path(segment: u64) -> String {
    format!("{DIRECTORY}/{segment:010}.idx")
}

/// Writes an index under its name, through another name.
pub(crate) fn write<D: Disk>(
    handles: &Handles<D>,
    log_id: &[u8; 16],
    segment: u64,
    index: &MemoryIndex,
) -> io::Result<()> {
    let path = path(segment);
    let fresh = format!("{path}.new");
    let (directory, body) = encode(index);
    let file = handles.disk().create(&fresh, 0)?;
    let mut out = PageWriter::new(&file, log_id, &path);
    let mut prefix = MAGIC.to_vec();
    prefix.extend_from_slice(&segment.to_be_bytes());
    prefix.extend_from_slice(&index.mark.group.to_be_bytes());
    prefix.extend_from_slice(&index.mark.crc.to_be_bytes());
    prefix.extend_from_slice(&index.mark.position.to_be_bytes());
    prefix.extend_from_slice(&index.mark.offset.to_be_bytes());
    prefix.extend_from_slice(&len_u32(directory.len()).to_be_bytes());
    out.put(&prefix)?;
    out.put(&directory)?;
    out.put(&body)?;
    out.finish()?;
    handles.disk().rename(&fresh, &path)?;
    handles.forget(&path);
    Ok(())
}

fn encode(index: &MemoryIndex) -> (Vec<u8>, Vec<u8>) {
    let (mut directory, mut body) = (Vec::new(), Vec::new());
    directory.extend_from_slice(&len_u64(index.groups.len()).to_be_bytes());
    directory.extend_from_slice(&0_u64.to_be_bytes());
    for group in &index.groups {
        body.extend_from_slice(&group.position.to_be_bytes());
        body.extend_from_slice(&group.number.to_be_bytes());
        body.extend_from_slice(&group.offset.to_be_bytes());
    }
    directory.extend_from_slice(&len_u32(index.slices.len()).to_be_bytes());
    for (ledger, slice) in &index.slices {
        encode_slice(ledger, slice, &mut directory, &mut body);
    }
    (directory, body)
}

fn encode_slice(ledger: &LedgerName, slice: &Slice, directory: &mut Vec<u8>, body: &mut Vec<u8>) {
    let span = |body: &mut Vec<u8>, span: Span| {
        body.extend_from_slice(&span.offset.to_be_bytes());
        body.extend_from_slice(&span.len.to_be_bytes());
    };
    let contents = slice.contents();
    put_short_text(directory, &ledger.to_string());
    let mut number = |value: u64| directory.extend_from_slice(&value.to_be_bytes());
    number(slice.first);
    number(len_u64(slice.rows.len()));
    number(len_u64(body.len()));
    for row in &slice.rows {
        body.extend_from_slice(&row.leaf.to_bytes());
        span(body, row.span);
    }
    number(len_u64(body.len()));
    body.extend(slice.masks.iter().map(|mask| mask.0));
    number(len_u64(slice.fills.len()));
    number(len_u64(body.len()));
    number(contents.fills.start);
    number(contents.fills.end);
    for (&(index, offset), &(len, mask)) in &slice.fills {
        body.extend_from_slice(&index.to_be_bytes());
        span(body, Span { offset, len });
        body.push(mask.0);
    }
    number(len_u64(slice.seals.len()));
    number(len_u64(body.len()));
    let (smallest, largest) = contents.seals.unwrap_or((0, 0));
    number(smallest);
    number(largest);
    for row in &slice.seals {
        body.extend_from_slice(&row.size.to_be_bytes());
        span(body, row.span);
    }
    directory.push(u8::try_from(slice.nodes.len()).expect("a tree has at most eight tile levels"));
    for (level, (first, hashes)) in &slice.nodes {
        directory.push(*level);
        directory.extend_from_slice(&first.to_be_bytes());
        directory.extend_from_slice(&len_u64(hashes.len()).to_be_bytes());
        directory.extend_from_slice(&len_u64(body.len()).to_be_bytes());
        for hash in hashes {
            body.extend_from_slice(hash);
        }
    }
}

impl<D: Disk> FileIndex<D> {
    /// Opens the index of a segment; an error when it is absent, damaged or another's.
    pub(crate) fn open(
        handles: &Arc<Handles<D>>,
        log_id: &[u8; 16],
        segment: u64,
    ) -> Result<Self, Derived> {
        let pages = Pages::new(Arc::clone(handles), log_id, path(segment));
        let mut prefix = Fields(pages.read(0, PREFIX)?.into());
        let damaged = || pages.damaged();
        let magic = prefix.take(MAGIC.len()).ok_or_else(damaged)?;
        let found = prefix.u64().ok_or_else(damaged)?;
        let mark = read_mark(&mut prefix).ok_or_else(damaged)?;
        let len = to_usize(u64::from(prefix.u32().ok_or_else(damaged)?));
        if magic != MAGIC || found != segment || len > DIRECTORY_BYTES_MAX {
            return Err(damaged());
        }
        let directory = Fields(pages.read(len_u64(PREFIX), len)?.into());
        let (groups, slices) = read_directory(directory).ok_or_else(damaged)?;
        Ok(Self { mark, base: len_u64(PREFIX + len), groups, slices, pages })
    }

    pub(crate) fn mark(&self) -> Mark {
        self.mark
    }

    pub(super) fn contents(&self) -> Vec<(LedgerName, Contents)> {
        let contents = |slice: &Directory| Contents {
            entries: slice.first..slice.first + slice.entries,
            fills: slice.fill_range.clone(),
            seals: (slice.seals > 0).then_some(slice.seal_range),
        };
        self.slices.iter().map(|(ledger, slice)| (ledger.clone(), contents(slice))).collect()
    }

    pub(super) fn rows(&self, ledger: &LedgerName, range: Range<u64>) -> Result<Vec<Row>, Derived> {
        let Some(slice) = self.slices.get(ledger) else { return Ok(Vec::new()) };
        let (from, count) = slice.within(range);
        self.table(slice.rows_at, ROW, from, count, |row| {
            let leaf = Leaf::from_bytes(&row.array::<{ Leaf::LEN }>()?).ok()?;
            Some(Row { leaf, span: read_span(row)? })
        })
    }

    pub(super) fn masks(
        &self,
        ledger: &LedgerName,
        range: Range<u64>,
    ) -> Result<Vec<Mask>, Derived> {
        let Some(slice) = self.slices.get(ledger) else { return Ok(Vec::new()) };
        let (from, count) = slice.within(range);
        let bytes = self.pages.read(self.base + slice.masks_at + from, to_usize(count))?;
        Ok(bytes.into_iter().map(Mask).collect())
    }

    pub(super) fn fills(
        &self,
        ledger: &LedgerName,
        range: Range<u64>,
    ) -> Result<Vec<FillRow>, Derived> {
        let Some(slice) = self.slices.get(ledger) else { return Ok(Vec::new()) };
        if range.end <= slice.fill_range.start || range.start >= slice.fill_range.end {
            return Ok(Vec::new());
        }
        let index_of = |at: u64| self.number(slice.fills_at, FILL, at);
        let from = first_at_least(slice.fills, range.start, index_of)?;
        let to = first_at_least(slice.fills, range.end, index_of)?;
        self.table(slice.fills_at, FILL, from, to.saturating_sub(from), |row| {
            Some(FillRow { index: row.u64()?, span: read_span(row)?, mask: Mask(row.u8()?) })
        })
    }

    pub(super) fn seals(
        &self,
        ledger: &LedgerName,
        sizes: Range<u64>,
    ) -> Result<Vec<SealRow>, Derived> {
        let Some(slice) = self.slices.get(ledger) else { return Ok(Vec::new()) };
        let size_of = |at: u64| self.number(slice.seals_at, SEAL, at);
        let from = first_at_least(slice.seals, sizes.start, size_of)?;
        let to = first_at_least(slice.seals, sizes.end, size_of)?;
        self.table(slice.seals_at, SEAL, from, to.saturating_sub(from), |row| {
            Some(SealRow { size: row.u64()?, span: read_span(row)? })
        })
    }

    pub(super) fn node(
        &self,
        ledger: &LedgerName,
        level: u8,
        index: u64,
    ) -> Result<Option<Hash>, Derived> {
        let levels = self.slices.get(ledger).map_or(&[][..], |slice| slice.nodes.as_slice());
        let Some((_, first, count, at)) = levels.iter().find(|(known, ..)| *known == level) else {
            return Ok(None);
        };
        let Some(place) = index.checked_sub(*first).filter(|place| place < count) else {
            return Ok(None);
        };
        Ok(self.table(*at, 32, place, 1, Fields::hash)?.pop())
    }

    pub(super) fn group_at(&self, position: u64) -> Result<Option<GroupRow>, Derived> {
        let (count, at) = self.groups;
        let position_of = |row: u64| self.number(at, GROUP, row);
        let after = first_at_least(count, position.saturating_add(1), position_of)?;
        let Some(row) = after.checked_sub(1) else { return Ok(None) };
        let rows = self.table(at, GROUP, row, 1, |row| {
            Some(GroupRow { position: row.u64()?, number: row.u64()?, offset: row.u32()? })
        })?;
        Ok(rows.first().copied())
    }

    /// Rows `from .. from + count` of a table.
    fn table<T>(
        &self,
        at: u64,
        width: usize,
        from: u64,
        count: u64,
        read: impl Fn(&mut Fields) -> Option<T>,
    ) -> Result<Vec<T>, Derived> {
        let start = self.base + at + from * len_u64(width);
        let bytes = Bytes::from(self.pages.read(start, to_usize(count) * width)?);
        let rows = bytes.chunks(width).map(|row| read(&mut Fields(bytes.slice_ref(row))));
        rows.collect::<Option<_>>().ok_or_else(|| self.pages.damaged())
    }

    /// The number a row of a table begins with.
    fn number(&self, at: u64, width: usize, row: u64) -> Result<u64, Derived> {
        let numbers = self.table(at, width, row, 1, Fields::u64)?;
        numbers.first().copied().ok_or_else(|| self.pages.damaged())
    }
}

impl Directory {
    fn within(&self, range: Range<u64>) -> (u64, u64) {
        let at = |index: u64| index.saturating_sub(self.first).min(self.entries);
        (at(range.start), at(range.end).saturating_sub(at(range.start)))
    }
}

/// The first row of `count` sorted ones whose number is at least `wanted`.
fn first_at_least(
    count: u64,
    wanted: u64,
    number: impl Fn(u64) -> Result<u64, Derived>,
) -> Result<u64, Derived> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        if number(middle)? < wanted { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}

fn read_mark(fields: &mut Fields) -> Option<Mark> {
    let (group, crc) = (fields.u64()?, fields.u32()?);
    Some(Mark { group, crc, position: fields.u64()?, offset: fields.u64()? })
}

fn read_span(fields: &mut Fields) -> Option<Span> {
    Some(Span { offset: fields.u32()?, len: fields.u32()? })
}

type Slices = BTreeMap<LedgerName, Directory>;

fn read_directory(mut fields: Fields) -> Option<((u64, u64), Slices)> {
    let groups = (fields.u64()?, fields.u64()?);
    let count = fields.u32()?;
    let mut slices = Slices::new();
    for _ in 0..count {
        let ledger = fields.ledger()?;
        let mut number = || fields.u64();
        let mut slice = Directory {
            first: number()?,
            entries: number()?,
            rows_at: number()?,
            masks_at: number()?,
            fills: number()?,
            fills_at: number()?,
            fill_range: number()?..number()?,
            seals: number()?,
            seals_at: number()?,
            seal_range: (number()?, number()?),
            nodes: Vec::new(),
        };
        for _ in 0..fields.u8()? {
            slice.nodes.push((fields.u8()?, fields.u64()?, fields.u64()?, fields.u64()?));
        }
        slices.insert(ledger, slice);
    }
    Some((groups, slices))
}

const MAGIC: &[u8] = b"HWIDX\0\0\x01";
const PREFIX: usize = 48;
const DIRECTORY_BYTES_MAX: usize = 64 << 20;
const ROW: usize = Leaf::LEN + 8;
const FILL: usize = 17;
const SEAL: usize = 16;
const GROUP: usize = 20;
