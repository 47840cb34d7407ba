//! The log in its own order, page by page: what feeds and appliers read.

use bytes::Bytes;
use record::LedgerName;

use super::{LogNote, Page, Position, ReadError, Reader};
use crate::disk::{Disk, read_up_to};
use crate::frame::{Body, Frame, Mask, Span};
use crate::group::{Group, GroupHeader};
use crate::octets::to_usize;
use crate::segment::file_name;
use crate::shared::damaged;

/// The place of the head among the parts.
const HEAD: usize = 0;

impl<D: Disk> Reader<D> {
    /// At most `max` notes from `from` on, in the log's order. An empty page is the durable end.
    pub fn follow(&self, from: Position, max: usize) -> Result<Page, ReadError> {
        let end = self.shared.durable().position;
        let mut notes = Vec::new();
        let mut next = from;
        while next < end && notes.len() < max {
            let Some((segment, seed, mut offset)) = self.group_of(next)? else { break };
            let start = next;
            // Groups of one segment lie behind one another.
            while next < end && notes.len() < max {
                let Some(group) = self.group(segment, seed, offset)? else { break };
                let frames = group.frames(offset).ok_or_else(|| lost(segment, offset))?;
                let first = group.header.position;
                for (position, (_, frame)) in (first..).map(Position).zip(frames) {
                    if position < next {
                        continue;
                    }
                    if notes.len() >= max {
                        return Ok(Page { notes, next });
                    }
                    notes.extend(note(frame).map(|note| (position, note)));
                    next = Position(position.0 + 1);
                }
                offset += group.header.group_len();
            }
            if next == start {
                return Err(lost(segment, offset));
            }
        }
        Ok(Page { notes, next })
    }

    /// Shows the head of each entry and fill of the group that `from` lies in, and tells where the
    /// next group begins; the same position is the durable end. Heads are checked by the group's
    /// checksum alone: good for finding entries, which [`Reader::entry`] then reads.
    pub fn first_parts(
        &self,
        from: Position,
        mut see: impl FnMut(&LedgerName, u64, &Bytes),
    ) -> Result<Position, ReadError> {
        if from >= self.shared.durable().position {
            return Ok(from);
        }
        let Some((segment, seed, offset)) = self.group_of(from)? else { return Ok(from) };
        let group = self.group(segment, seed, offset)?.ok_or_else(|| lost(segment, offset))?;
        let frames = group.frames(offset).ok_or_else(|| lost(segment, offset))?;
        let mut next = Position(group.header.position);
        for (_, frame) in frames {
            let passed = next < from;
            next = Position(next.0 + 1);
            let (Body::Entry { index, parts, .. } | Body::Fill { index, parts }) = &frame.body
            else {
                continue;
            };
            if let Some(head) = parts.part(HEAD).filter(|_| !passed) {
                see(&frame.ledger, *index, head);
            }
        }
        Ok(next)
    }

    /// The group a position lies in: segment, checksum seed, offset.
    fn group_of(&self, position: Position) -> Result<Option<(u64, u32, u64)>, ReadError> {
        let catalog = self.shared.read();
        let found = catalog.segment_of(position.0).map(|found| (found.number, found.seed));
        drop(catalog);
        let Some((segment, seed)) = found else { return Ok(None) };
        let row = self.shared.with_index(segment, |index| index.group_at(position.0))?;
        Ok(row.map(|row| (segment, seed, u64::from(row.offset))))
    }

    /// The durable group at a place; none behind the last one of the segment.
    fn group(&self, segment: u64, seed: u32, offset: u64) -> Result<Option<Group>, ReadError> {
        let end = self.shared.read().segment(segment).map_or(0, |found| found.index.mark().offset);
        if offset >= end {
            return Ok(None);
        }
        let header = self.bytes(segment, offset, GroupHeader::LEN)?;
        let header = GroupHeader::read(&header, seed).ok_or_else(|| lost(segment, offset))?;
        let bytes = self.bytes(segment, offset, to_usize(header.group_len()))?;
        Group::read(bytes, seed).ok_or_else(|| lost(segment, offset)).map(Some)
    }

    fn bytes(&self, segment: u64, offset: u64, len: usize) -> Result<Bytes, ReadError> {
        if let Some(bytes) = self.shared.read().recent.read(segment, offset, len) {
            return Ok(bytes);
        }
        let file = self.shared.handles.file(&file_name(segment)).map_err(ReadError::Disk)?;
        Ok(read_up_to(&*file, offset, len).map_err(ReadError::Disk)?.into())
    }
}

fn note(frame: Frame) -> Option<LogNote> {
    let (ledger, via): (LedgerName, _) = (frame.ledger, frame.via);
    match frame.body {
        Body::Entry { index, .. } => Some(LogNote::Entry { ledger, index, via }),
        Body::Fill { index, parts } => {
            Some(LogNote::Fill { ledger, index, parts: Mask::of(&parts).held(), via })
        }
        Body::Seal { .. } | Body::Receipt { .. } | Body::Unknown { .. } => None,
    }
}

fn lost(segment: u64, offset: u64) -> ReadError {
    let span = Span { offset: u32::try_from(offset).unwrap_or(u32::MAX), len: 0 };
    damaged(segment, span, "not the group that was written here")
}
