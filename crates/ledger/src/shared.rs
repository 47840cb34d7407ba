//! What writer and readers share: the catalog behind its lock, the open files, and how a place
//! becomes bytes.
//!
//! Look-ups in memory happen under the lock, look-ups in files outside it, so a slow disk never holds
//! up a commit. A derived file that fails its check is built again from the log, once, by whoever
//! noticed.

mod heal;

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use bytes::Bytes;
use record::{Generation, Hash, Lane, Leaf, LedgerName, Parts};

use crate::catalog::{Catalog, Ledger};
use crate::disk::{Disk, read_up_to};
use crate::frame::{Body, Mask, Span};
use crate::handles::Handles;
use crate::index::{FillRow, Index, Row, SealRow};
use crate::octets::{len_u64, to_usize};
use crate::options::Options;
use crate::pages::Derived;
use crate::reader::{Durable, MaskCache, Position, ReadError, Stored};
use crate::register::{self, Fingerprint, Value};
use crate::segment;
use crate::store::Damage;

/// The state of an open log.
pub(crate) struct Shared<D: Disk> {
    pub(crate) handles: Arc<Handles<D>>,
    pub(crate) options: Options,
    pub(crate) mask_cache: Mutex<MaskCache>,
    catalog: RwLock<Catalog<D>>,
    healing: Mutex<()>,
}

impl<D: Disk> Shared<D> {
    pub(crate) fn new(handles: Arc<Handles<D>>, options: Options, catalog: Catalog<D>) -> Self {
        Self {
            handles,
            options,
            mask_cache: Mutex::default(),
            catalog: RwLock::new(catalog),
            healing: Mutex::default(),
        }
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Catalog<D>> {
        self.catalog.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Catalog<D>> {
        self.catalog.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far the log is durable.
    pub(crate) fn durable(&self) -> Durable {
        let catalog = self.read();
        let mark = catalog.mark();
        Durable {
            log_id: catalog.identity.log_id,
            group: mark.group,
            crc: mark.crc,
            position: Position(mark.position),
        }
    }

    /// The current generation of one of this hall's lanes.
    pub(crate) fn own_ledger(&self, lane: Lane) -> LedgerName {
        let Options { domain, hall, .. } = &self.options;
        let name = |generation| {
            LedgerName::new(domain.clone(), hall.clone(), lane, Generation(generation))
        };
        let catalog = self.read();
        let newest = catalog.ledgers.range(name(0)..=name(u32::MAX)).next_back();
        newest.map_or_else(|| self.options.first_ledger(lane), |(ledger, _)| ledger.clone())
    }

    /// Something about one ledger.
    pub(crate) fn ledger<T>(&self, ledger: &LedgerName, f: impl FnOnce(&Ledger) -> T) -> Option<T> {
        self.read().ledgers.get(ledger).map(f)
    }

    pub(crate) fn size(&self, ledger: &LedgerName) -> u64 {
        self.ledger(ledger, Ledger::size).unwrap_or(0)
    }

    /// Asks a segment's index; files outside the lock, memory under it.
    pub(crate) fn with_index<T: Default>(
        &self,
        segment: u64,
        f: impl Fn(&Index<D>) -> Result<T, Derived>,
    ) -> Result<T, ReadError> {
        self.healed(|| {
            let catalog = self.read();
            let Some(found) = catalog.segment(segment) else { return Ok(T::default()) };
            match &found.index {
                memory @ Index::Memory(_) => f(memory),
                file @ Index::File(_) => {
                    let file = file.clone();
                    drop(catalog);
                    f(&file)
                }
            }
        })
    }

    /// Rows of entries, each with its segment; as many as there are.
    pub(crate) fn rows(
        &self,
        ledger: &LedgerName,
        range: Range<u64>,
    ) -> Result<Vec<(u64, Row)>, ReadError> {
        let spans = self.ledger(ledger, |state| state.spans(range)).unwrap_or_default();
        let mut rows = Vec::new();
        for (segment, part) in spans {
            let found = self.with_index(segment, |index| index.rows(ledger, part.clone()))?;
            complete(segment, found.len(), &part)?;
            rows.extend(found.into_iter().map(|row| (segment, row)));
        }
        Ok(rows)
    }

    /// Fills of entries, by segment and within it by index and arrival.
    pub(crate) fn fills(
        &self,
        ledger: &LedgerName,
        range: Range<u64>,
    ) -> Result<Vec<(u64, FillRow)>, ReadError> {
        let segments = self.ledger(ledger, |state| state.fill_segments(&range));
        let mut fills = Vec::new();
        for segment in segments.unwrap_or_default() {
            let found = self.with_index(segment, |index| index.fills(ledger, range.clone()))?;
            fills.extend(found.into_iter().map(|fill| (segment, fill)));
        }
        Ok(fills)
    }

    /// Masks of entries with the fills laid over them that came before `until` (segment, offset).
    pub(crate) fn masks(
        &self,
        ledger: &LedgerName,
        range: Range<u64>,
        until: (u64, u64),
    ) -> Result<Vec<Mask>, ReadError> {
        let spans = self.ledger(ledger, |state| state.spans(range.clone())).unwrap_or_default();
        let mut masks = Vec::new();
        for (segment, part) in spans {
            let found = self.with_index(segment, |index| index.masks(ledger, part.clone()))?;
            complete(segment, found.len(), &part)?;
            masks.extend(found);
        }
        for (segment, fill) in self.fills(ledger, range.clone())? {
            let at = to_usize(fill.index - range.start);
            if let Some(mask) = masks.get_mut(at)
                && (segment, u64::from(fill.span.offset)) < until
            {
                *mask = mask.with(fill.mask);
            }
        }
        Ok(masks)
    }

    /// What is held of an entry; nothing of one that is not here.
    pub(crate) fn mask(&self, ledger: &LedgerName, index: u64) -> Result<Mask, ReadError> {
        let masks = self.masks(ledger, index..index + 1, (u64::MAX, 0))?;
        Ok(masks.first().copied().unwrap_or_default())
    }

    pub(crate) fn leaf(&self, ledger: &LedgerName, index: u64) -> Result<Option<Leaf>, ReadError> {
        let rows = self.rows(ledger, index..index.saturating_add(1))?;
        Ok(rows.first().map(|(_, row)| row.leaf))
    }

    /// The first seal of at least `size`, with its segment.
    pub(crate) fn seal_from(
        &self,
        ledger: &LedgerName,
        size: u64,
    ) -> Result<Option<(u64, SealRow)>, ReadError> {
        let segment = self.ledger(ledger, |state| state.seal_segments(size).next()).flatten();
        let Some(segment) = segment else { return Ok(None) };
        let rows = self.with_index(segment, |index| index.seals(ledger, size..u64::MAX))?;
        Ok(rows.first().map(|row| (segment, *row)))
    }

    /// A subtree root that was stored when it was completed.
    pub(crate) fn stored_node(
        &self,
        ledger: &LedgerName,
        level: u8,
        index: u64,
    ) -> Result<Option<Hash>, ReadError> {
        let Some(last) = (index + 1).checked_shl(u32::from(level)).map(|end| end - 1) else {
            return Ok(None);
        };
        let spans = self.ledger(ledger, |state| state.spans(last..last + 1));
        let Some((segment, _)) = spans.unwrap_or_default().first().cloned() else {
            return Ok(None);
        };
        self.with_index(segment, |found| found.node(ledger, level, index))
    }

    /// An entry with everything held of it.
    pub(crate) fn entry(
        &self,
        ledger: &LedgerName,
        index: u64,
    ) -> Result<Option<Stored>, ReadError> {
        let end = index.saturating_add(1);
        let Some((segment, row)) = self.rows(ledger, index..end)?.pop() else { return Ok(None) };
        let fills = self.fills(ledger, index..end)?;
        self.stored(ledger, index, (segment, row), &fills).map(Some)
    }

    /// An entry from its places; what comes from the disk is checked against its commitment.
    pub(crate) fn stored(
        &self,
        ledger: &LedgerName,
        index: u64,
        (segment, row): (u64, Row),
        fills: &[(u64, FillRow)],
    ) -> Result<Stored, ReadError> {
        let wrong = |what: &str| damaged(segment, row.span, what);
        let (bytes, mut warm) = self.frame(segment, row.span)?;
        let mut parts = match Body::alone(bytes) {
            Some(Body::Entry { index: found, leaf, parts, .. })
                if found == index && leaf == row.leaf =>
            {
                parts
            }
            Some(_) | None => return Err(wrong("not the entry that was written here")),
        };
        for (segment, fill) in fills {
            let (bytes, recent) = self.frame(*segment, fill.span)?;
            warm &= recent;
            match Body::alone(bytes) {
                Some(Body::Fill { index: found, parts: more }) if found == index => {
                    if !warm && more.commitment(ledger) != Some(row.leaf.commitment) {
                        return Err(damaged(*segment, fill.span, "a part does not fit its leaf"));
                    }
                    parts = parts.merged(&more);
                }
                Some(_) | None => {
                    return Err(damaged(*segment, fill.span, "not the fill that was written here"));
                }
            }
        }
        if !warm && !fits(&parts, ledger, &row.leaf) {
            return Err(wrong("a part does not fit its leaf"));
        }
        Ok(Stored { leaf: row.leaf, parts })
    }

    /// A frame's bytes, and whether they came from memory.
    pub(crate) fn frame(&self, segment: u64, span: Span) -> Result<(Bytes, bool), ReadError> {
        let len = to_usize(u64::from(span.len));
        let recent = self.read().recent.read(segment, u64::from(span.offset), len);
        if let Some(bytes) = recent {
            return Ok((bytes, true));
        }
        let file = self.handles.file(&segment::file_name(segment)).map_err(ReadError::Disk)?;
        let bytes = read_up_to(&*file, u64::from(span.offset), len).map_err(ReadError::Disk)?;
        if len_u64(bytes.len()) != u64::from(span.len) {
            return Err(damaged(segment, span, "the segment ends too early"));
        }
        Ok((bytes.into(), false))
    }

    /// The newest claim behind a fingerprint.
    pub(crate) fn claim(&self, fingerprint: &Fingerprint) -> Result<Option<Value>, ReadError> {
        self.healed(|| {
            let catalog = self.read();
            if let Some(value) = catalog.register.in_tables(fingerprint) {
                return Ok(Some(value));
            }
            let runs = Arc::clone(&catalog.register.runs);
            drop(catalog);
            register::in_runs(&runs, fingerprint)
        })
    }
}

/// A damaged segment's index ends before its entries do; what follows must not move up.
fn complete(segment: u64, found: usize, wanted: &Range<u64>) -> Result<(), ReadError> {
    if len_u64(found) == wanted.end - wanted.start {
        return Ok(());
    }
    Err(damaged(segment, Span::default(), "entries of this segment cannot be read"))
}

fn fits(parts: &Parts, ledger: &LedgerName, leaf: &Leaf) -> bool {
    parts.commitment(ledger).is_none_or(|commitment| commitment == leaf.commitment)
}

/// Damage at a frame's place.
pub(crate) fn damaged(segment: u64, span: Span, what: &str) -> ReadError {
    let offset = u64::from(span.offset);
    ReadError::Damaged(Damage { segment, offset, what: what.to_owned() })
}
