//! The index of one segment: which entries, fills and seals it holds, and where.
//!
//! The newest segment's index is in memory and grows with every commit; when the next segment begins,
//! it is written once as a derived file and never changed. So there is nothing to keep in step: a file
//! names its segment's last group, and one that is absent, different or damaged is built again from
//! that segment alone. A fill is indexed in the segment it arrived in; readers lay all of them over
//! the entry's own row. Deliberately absent: a table of all entries, updated in place.

mod file;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use record::{Hash, Leaf, LedgerName};

use crate::disk::Disk;
use crate::frame::{Mask, Span};
use crate::octets::{len_u64, to_usize};
use crate::pages::Derived;
use crate::segment::SegmentHeader;
use crate::tree::Frontier;

pub(crate) use file::{FileIndex, path, write};

/// An entry's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) leaf: Leaf,
    pub(crate) span: Span,
}

/// A fill's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FillRow {
    pub(crate) index: u64,
    pub(crate) span: Span,
    pub(crate) mask: Mask,
}

/// A seal's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SealRow {
    pub(crate) size: u64,
    pub(crate) span: Span,
}

/// Where a group begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GroupRow {
    pub(crate) position: u64,
    pub(crate) number: u64,
    pub(crate) offset: u32,
}

/// The last group of a segment, or the one before it when it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) group: u64,
    pub(crate) crc: u32,
    /// Position of the next frame.
    pub(crate) position: u64,
    /// Offset of the next byte.
    pub(crate) offset: u64,
}

/// One ledger within one segment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slice {
    first: u64,
    rows: Vec<Row>,
    masks: Vec<Mask>,
    fills: BTreeMap<(u64, u32), (u32, Mask)>,
    seals: Vec<SealRow>,
    /// Subtree roots of levels 8, 16, 24 … that were completed here: first index and hashes.
    nodes: BTreeMap<u8, (u64, Vec<Hash>)>,
    frontier: Frontier,
}

/// The index of a segment in memory.
#[derive(Clone, Debug)]
pub(crate) struct MemoryIndex {
    slices: BTreeMap<LedgerName, Slice>,
    starts: BTreeMap<LedgerName, Frontier>,
    groups: Vec<GroupRow>,
    weight: usize,
    pub(crate) mark: Mark,
}

impl MemoryIndex {
    /// The index of a segment without groups.
    pub(crate) fn new(header: &SegmentHeader) -> Self {
        let starts =
            header.heads.iter().map(|head| (head.ledger.clone(), head.frontier.clone())).collect();
        let mark = Mark {
            group: header.last_group,
            crc: header.last_crc,
            position: header.position,
            offset: len_u64(header.to_bytes().len()),
        };
        Self { slices: BTreeMap::new(), starts, groups: Vec::new(), weight: 0, mark }
    }

    /// A group is about to be indexed.
    pub(crate) fn group(&mut self, row: GroupRow, mark: Mark) {
        self.groups.push(row);
        self.mark = mark;
        self.weight += 24;
    }

    /// Indexes an entry; false when it is not the next of its ledger.
    pub(crate) fn entry(
        &mut self,
        ledger: &LedgerName,
        index: u64,
        leaf: Leaf,
        span: Span,
        mask: Mask,
    ) -> bool {
        let slice = self.slice(ledger);
        if slice.frontier.size() != index {
            return false;
        }
        if slice.rows.is_empty() {
            slice.first = index;
        }
        let nodes = &mut slice.nodes;
        slice.frontier.push_with(leaf.hash(), |level, index, hash| {
            if level > 0 && level % 8 == 0 {
                nodes.entry(level).or_insert((index, Vec::new())).1.push(*hash);
            }
        });
        slice.rows.push(Row { leaf, span });
        slice.masks.push(mask);
        self.weight += 57;
        true
    }

    /// Indexes a fill.
    pub(crate) fn fill(&mut self, ledger: &LedgerName, row: FillRow) {
        self.slice(ledger).fills.insert((row.index, row.span.offset), (row.span.len, row.mask));
        self.weight += 40;
    }

    /// Indexes a seal.
    pub(crate) fn seal(&mut self, ledger: &LedgerName, row: SealRow) {
        self.slice(ledger).seals.push(row);
        self.weight += 16;
    }

    /// Counts what the register keeps in memory for this segment.
    pub(crate) fn claim(&mut self, keys: usize) {
        self.weight += keys * 40;
    }

    /// The tree of a ledger at the end of this segment.
    pub(crate) fn frontier(&self, ledger: &LedgerName) -> Frontier {
        let slice = self.slices.get(ledger).map(|slice| &slice.frontier);
        slice.or_else(|| self.starts.get(ledger)).cloned().unwrap_or_default()
    }

    /// Bytes of memory, roughly.
    pub(crate) fn weight(&self) -> usize {
        self.weight
    }

    fn slice(&mut self, ledger: &LedgerName) -> &mut Slice {
        if !self.slices.contains_key(ledger) {
            let frontier = self.starts.get(ledger).cloned().unwrap_or_default();
            let slice = Slice { first: frontier.size(), frontier, ..Slice::default() };
            self.slices.insert(ledger.clone(), slice);
        }
        self.slices.get_mut(ledger).expect("it was inserted just now")
    }
}

impl Slice {
    fn rows(&self, range: Range<u64>) -> &[Row] {
        self.rows.get(self.within(range)).unwrap_or_default()
    }

    fn within(&self, range: Range<u64>) -> Range<usize> {
        let at = |index: u64| to_usize(index.saturating_sub(self.first)).min(self.rows.len());
        at(range.start)..at(range.end).max(at(range.start))
    }

    fn fills(&self, range: Range<u64>) -> Vec<FillRow> {
        let row = |(&(index, offset), &(len, mask)): (&(u64, u32), &(u32, Mask))| FillRow {
            index,
            span: Span { offset, len },
            mask,
        };
        self.fills.range((range.start, 0)..(range.end.max(range.start), 0)).map(row).collect()
    }
}

/// The index of any segment.
pub(crate) enum Index<D: Disk> {
    /// In memory: the newest segment, or one whose file is being written.
    Memory(Arc<MemoryIndex>),
    /// In its file.
    File(Arc<FileIndex<D>>),
}

impl<D: Disk> Clone for Index<D> {
    fn clone(&self) -> Self {
        match self {
            Self::Memory(index) => Self::Memory(Arc::clone(index)),
            Self::File(index) => Self::File(Arc::clone(index)),
        }
    }
}

impl<D: Disk> Index<D> {
    /// What the segment has of each ledger.
    pub(crate) fn contents(&self) -> Vec<(LedgerName, Contents)> {
        match self {
            Self::Memory(index) => index
                .slices
                .iter()
                .map(|(ledger, slice)| (ledger.clone(), slice.contents()))
                .collect(),
            Self::File(index) => index.contents(),
        }
    }

    /// Rows of the entries in a range, as far as they are here.
    pub(crate) fn rows(&self, ledger: &LedgerName, range: Range<u64>) -> Result<Vec<Row>, Derived> {
        match self {
            Self::Memory(index) => {
                Ok(index.slices.get(ledger).map_or(Vec::new(), |s| s.rows(range).to_vec()))
            }
            Self::File(index) => index.rows(ledger, range),
        }
    }

    /// Masks of the entries in a range as they came, without fills.
    pub(crate) fn masks(
        &self,
        ledger: &LedgerName,
        range: Range<u64>,
    ) -> Result<Vec<Mask>, Derived> {
        match self {
            Self::Memory(index) => Ok(index.slices.get(ledger).map_or(Vec::new(), |slice| {
                slice.masks.get(slice.within(range)).unwrap_or_default().to_vec()
            })),
            Self::File(index) => index.masks(ledger, range),
        }
    }

    /// Fills that arrived in this segment for entries in a range, by index and arrival.
    pub(crate) fn fills(
        &self,
        ledger: &LedgerName,
        range: Range<u64>,
    ) -> Result<Vec<FillRow>, Derived> {
        match self {
            Self::Memory(index) => {
                Ok(index.slices.get(ledger).map_or(Vec::new(), |slice| slice.fills(range)))
            }
            Self::File(index) => index.fills(ledger, range),
        }
    }

    /// Seals with a size in a range, ascending.
    pub(crate) fn seals(
        &self,
        ledger: &LedgerName,
        sizes: Range<u64>,
    ) -> Result<Vec<SealRow>, Derived> {
        match self {
            Self::Memory(index) => Ok(index.slices.get(ledger).map_or(Vec::new(), |slice| {
                let from = slice.seals.partition_point(|row| row.size < sizes.start);
                let rows = slice.seals.get(from..).unwrap_or_default().iter();
                rows.take_while(|row| row.size < sizes.end).copied().collect()
            })),
            Self::File(index) => index.seals(ledger, sizes),
        }
    }

    /// A subtree root of level 8, 16, 24 … that was completed in this segment.
    pub(crate) fn node(
        &self,
        ledger: &LedgerName,
        level: u8,
        index: u64,
    ) -> Result<Option<Hash>, Derived> {
        match self {
            Self::Memory(memory) => Ok(memory.slices.get(ledger).and_then(|slice| {
                let (first, hashes) = slice.nodes.get(&level)?;
                hashes.get(to_usize(index.checked_sub(*first)?)).copied()
            })),
            Self::File(file) => file.node(ledger, level, index),
        }
    }

    /// The last group that begins at or before a position.
    pub(crate) fn group_at(&self, position: u64) -> Result<Option<GroupRow>, Derived> {
        match self {
            Self::Memory(index) => {
                let after = index.groups.partition_point(|row| row.position <= position);
                Ok(after.checked_sub(1).and_then(|at| index.groups.get(at)).copied())
            }
            Self::File(index) => index.group_at(position),
        }
    }

    /// The end of the segment.
    pub(crate) fn mark(&self) -> Mark {
        match self {
            Self::Memory(index) => index.mark,
            Self::File(index) => index.mark(),
        }
    }
}

/// What a segment has of one ledger, in brief.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contents {
    /// Entries that stand here.
    pub(crate) entries: Range<u64>,
    /// Smallest and one above the largest index with a fill here; empty for none.
    pub(crate) fills: Range<u64>,
    /// Smallest and largest sealed size here.
    pub(crate) seals: Option<(u64, u64)>,
}

impl Slice {
    fn contents(&self) -> Contents {
        let fills = match (self.fills.first_key_value(), self.fills.last_key_value()) {
            (Some(((first, _), _)), Some(((last, _), _))) => *first..last + 1,
            (None, _) | (_, None) => 0..0,
        };
        let seals = self.seals.first().zip(self.seals.last());
        Contents {
            entries: self.first..self.first + len_u64(self.rows.len()),
            fills,
            seals: seals.map(|(first, last)| (first.size, last.size)),
        }
    }
}

#[cfg(test)]
mod tests;
