//! A run: the claims of neighbouring segments, sorted, in a derived file.
//!
//! ```text
//! rows     fingerprint (16) ‖ place (8) ‖ extra (8), ascending
//! filter   n × 64 bytes
//! fences   m × u64: the first eight bytes of every 128th fingerprint
//! trailer  "HWRUN\0\0\1" ‖ u64 first segment ‖ u64 last segment ‖ u64 last group ‖ u32 its checksum
//!          ‖ u64 rows ‖ u64 filter blocks ‖ u64 fences                        (60 bytes)
//! ```
//!
//! Filter and fences stay in memory: 10.5 bits a claim. A look-up that the filter lets through reads
//! 4 KiB. Merging streams; it never holds more than a stretch of each run.

use std::io;
use std::sync::Arc;

use bytes::Bytes;

use super::filter::Filter;
use super::{Fingerprint, Value};
use crate::disk::{Disk, DiskFile};
use crate::handles::Handles;
use crate::octets::{Fields, len_u64, to_usize};
use crate::pages::{DIRECTORY, Derived, PageWriter, Pages};

/// A run in its file.
pub(crate) struct Run<D: Disk> {
    from: u64,
    to: u64,
    group: u64,
    crc: u32,
    rows: u64,
    filter: Filter,
    fences: Vec<u64>,
    pages: Pages<D>,
}

/// What a run covers: first and last segment, and the last group of the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cover {
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) group: u64,
    pub(crate) crc: u32,
}

impl<D: Disk> Run<D> {
    /// Opens a run; an error when it is absent, damaged or another's.
    pub(crate) fn open(
        handles: &Arc<Handles<D>>,
        log_id: &[u8; 16],
        (from, to): (u64, u64),
    ) -> Result<Self, Derived> {
        let pages = Pages::new(Arc::clone(handles), log_id, path(from, to));
        let damaged = || pages.damaged();
        let len = pages.len()?;
        let start = len.checked_sub(len_u64(TRAILER)).ok_or_else(damaged)?;
        let mut trailer = Fields(pages.read(start, TRAILER)?.into());
        let magic = trailer.take(MAGIC.len()).ok_or_else(damaged)?;
        let mut number = || trailer.u64().ok_or_else(damaged);
        let (first, last, group) = (number()?, number()?, number()?);
        let crc = trailer.u32().ok_or_else(damaged)?;
        let mut number = || trailer.u64().ok_or_else(damaged);
        let (rows, blocks, fences) = (number()?, number()?, number()?);
        let expected = rows
            .checked_mul(len_u64(ROW))
            .zip(blocks.checked_mul(64))
            .zip(fences.checked_mul(8))
            .and_then(|((rows, blocks), fences)| rows.checked_add(blocks)?.checked_add(fences));
        if magic != MAGIC || (first, last) != (from, to) || expected != Some(start) {
            return Err(damaged());
        }
        let filter_at = rows * len_u64(ROW);
        let filter = Filter::from_bytes(&pages.read(filter_at, to_usize(blocks * 64))?);
        let bytes = pages.read(filter_at + blocks * 64, to_usize(fences * 8))?;
        let (fences, _) = bytes.as_chunks::<8>();
        let fences = fences.iter().map(|fence| u64::from_be_bytes(*fence)).collect();
        Ok(Self { from, to, group, crc, rows, filter, fences, pages })
    }

    /// First and last segment.
    pub(crate) fn segments(&self) -> (u64, u64) {
        (self.from, self.to)
    }

    /// What it was built to.
    pub(crate) fn cover(&self) -> Cover {
        Cover { from: self.from, to: self.to, group: self.group, crc: self.crc }
    }

    pub(crate) fn path(&self) -> &str {
        self.pages.path()
    }

    /// The claim behind a fingerprint.
    pub(crate) fn find(&self, fingerprint: &Fingerprint) -> Result<Option<Value>, Derived> {
        if !self.filter.may_have(fingerprint) {
            return Ok(None);
        }
        let wanted = super::check(fingerprint);
        // Equal fences may hide the row in the block before.
        let after = self.fences.partition_point(|fence| *fence <= wanted);
        let first = self.fences.partition_point(|fence| *fence < wanted).saturating_sub(1);
        for block in first..after.max(first + 1) {
            let rows = self.block(len_u64(block))?;
            let found = rows.binary_search_by(|(known, _)| known.cmp(fingerprint));
            if let Some((_, value)) = found.ok().and_then(|at| rows.get(at)) {
                return Ok(Some(*value));
            }
        }
        Ok(None)
    }

    fn block(&self, number: u64) -> Result<Vec<(Fingerprint, Value)>, Derived> {
        let start = number * FENCE_ROWS;
        let count = self.rows.saturating_sub(start).min(FENCE_ROWS);
        let bytes = self.pages.read(start * len_u64(ROW), to_usize(count) * ROW)?;
        let mut fields = Fields(Bytes::from(bytes));
        let row = |fields: &mut Fields| Some((fields.array()?, Value::from_bytes(fields.array()?)));
        (0..count).map(|_| row(&mut fields).ok_or_else(|| self.pages.damaged())).collect()
    }
}

/// Reads a run's rows in order, block by block.
struct Rows<'a, D: Disk> {
    run: &'a Run<D>,
    next: u64,
    block: std::vec::IntoIter<(Fingerprint, Value)>,
}

impl<D: Disk> Rows<'_, D> {
    fn next(&mut self) -> Result<Option<(Fingerprint, Value)>, Derived> {
        if let Some(row) = self.block.next() {
            return Ok(Some(row));
        }
        if self.next * FENCE_ROWS >= self.run.rows {
            return Ok(None);
        }
        self.block = self.run.block(self.next)?.into_iter();
        self.next += 1;
        Ok(self.block.next())
    }
}

/// Writes a run from sorted rows; `most` bounds their number.
pub(crate) fn write<D: Disk>(
    handles: &Handles<D>,
    log_id: &[u8; 16],
    cover: Cover,
    most: u64,
    mut next: impl FnMut() -> Result<Option<(Fingerprint, Value)>, Derived>,
) -> Result<(), Derived> {
    let path = path(cover.from, cover.to);
    let fresh = format!("{path}.new");
    let file = handles.disk().create(&fresh, 0).map_err(Derived::Disk)?;
    let mut out = PageWriter::new(&file, log_id, &path);
    let mut filter = Filter::with_room(most);
    let (mut rows, mut fences) = (0_u64, Vec::new());
    while let Some((fingerprint, value)) = next()? {
        if rows.is_multiple_of(FENCE_ROWS) {
            fences.extend_from_slice(&super::check(&fingerprint).to_be_bytes());
        }
        rows += 1;
        filter.add(&fingerprint);
        out.put(&fingerprint).map_err(Derived::Disk)?;
        out.put(&value.to_bytes()).map_err(Derived::Disk)?;
    }
    let finish = || -> io::Result<()> {
        let filter = filter.to_bytes();
        out.put(&filter)?;
        out.put(&fences)?;
        out.put(MAGIC)?;
        for number in [cover.from, cover.to, cover.group] {
            out.put(&number.to_be_bytes())?;
        }
        out.put(&cover.crc.to_be_bytes())?;
        for number in [rows, len_u64(filter.len() / 64), len_u64(fences.len() / 8)] {
            out.put(&number.to_be_bytes())?;
        }
        out.finish()?;
        // Not for a promise: a run lost to a power cut would only cost the time to build it again.
        file.sync()?;
        handles.disk().rename(&fresh, &path)
    };
    finish().map_err(Derived::Disk)?;
    handles.forget(&path);
    Ok(())
}

/// Merges neighbouring runs, oldest first, into one; a newer row wins.
pub(crate) fn merge<D: Disk>(
    handles: &Arc<Handles<D>>,
    log_id: &[u8; 16],
    runs: &[Arc<Run<D>>],
) -> Result<Run<D>, Derived> {
    let (Some(first), Some(last)) = (runs.first(), runs.last()) else {
        return Err(Derived::Disk(io::ErrorKind::InvalidInput.into()));
    };
    let cover = Cover { from: first.from, ..last.cover() };
    let most = runs.iter().map(|run| run.rows).sum();
    let mut sources = Vec::new();
    for run in runs {
        let mut rows = Rows { run, next: 0, block: Vec::new().into_iter() };
        let head = rows.next()?;
        sources.push((head, rows));
    }
    write(handles, log_id, cover, most, || {
        let smallest = sources.iter().filter_map(|(head, _)| head.map(|(key, _)| key)).min();
        let Some(smallest) = smallest else { return Ok(None) };
        let mut newest = None;
        for (head, rows) in &mut sources {
            if head.is_some_and(|(key, _)| key == smallest) {
                newest = head.take();
                *head = rows.next()?;
            }
        }
        Ok(newest)
    })?;
    Run::open(handles, log_id, (cover.from, cover.to))
}

fn path(from: u64, to: u64) -> String {
    format!("{DIRECTORY}/{from:010}-{to:010}.run")
}

/// The segments in a run's file name.
pub(crate) fn parse_name(name: &str) -> Option<(u64, u64)> {
    let (from, to) = name.strip_suffix(".run")?.split_once('-')?;
    let (from, to) = (from.parse().ok()?, to.parse().ok()?);
    (path(from, to).ends_with(name) && from <= to).then_some((from, to))
}

const MAGIC: &[u8] = b"HWRUN\0\0\x01";
const TRAILER: usize = 60;
const ROW: usize = 32;
const FENCE_ROWS: u64 = 128;
