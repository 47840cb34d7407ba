//! Reads a segment's groups in order, and judges where they end.
//!
//! Sectors of an unsynced group reach the disk in any order, so damage in the *last* group is a torn
//! write. A later group proves that the damaged one was durable: then it is corruption. The scan only
//! reports which of them it met; what follows from it is decided in `recover`.

use std::io;

use bytes::Bytes;

use super::{PREFIX, SegmentHeader};
use crate::disk::{DiskFile, read_up_to};
use crate::group::{ALIGNMENT, Group, GroupHeader, MAGIC};
use crate::octets::{len_u64, to_usize};

/// Walks the groups of one segment.
pub(crate) struct Scan<'a, F> {
    file: &'a F,
    pub(crate) header: SegmentHeader,
    seed: u32,
    /// Where the next group would begin.
    pub(crate) offset: u64,
    /// Number of the last group read.
    pub(crate) group: u64,
    /// Its checksum.
    pub(crate) crc: u32,
    /// Position of the next frame.
    pub(crate) position: u64,
    window: Bytes,
    window_at: u64,
}

/// Damage that was stepped over.
pub(crate) struct Gap {
    /// The group that should have stood there, if its header is whole.
    pub(crate) remains: Option<Group>,
}

/// How a segment ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Zeros or nothing.
    Clean,
    /// Something that is no whole group, and no group after it.
    Torn,
    /// Something that is no whole group, and a later group after it.
    Damaged,
}

impl<'a, F: DiskFile> Scan<'a, F> {
    /// Reads the header; none when it is damaged.
    pub(crate) fn new(file: &'a F) -> io::Result<Option<Self>> {
        let Some(len) = SegmentHeader::length(&read_up_to(file, 0, PREFIX)?) else {
            return Ok(None);
        };
        if len_u64(len) > file.len()? {
            return Ok(None);
        }
        let Some(header) = SegmentHeader::read(&read_up_to(file, 0, len)?) else {
            return Ok(None);
        };
        Ok(Some(Self {
            file,
            seed: header.seed(),
            offset: len_u64(len),
            group: header.last_group,
            crc: header.last_crc,
            position: header.position,
            header,
            window: Bytes::new(),
            window_at: 0,
        }))
    }

    /// The next group with its offset; none at the end of what is whole.
    pub(crate) fn next_group(&mut self) -> io::Result<Option<(u64, Group)>> {
        let offset = self.offset;
        let start = self.bytes(offset, GroupHeader::LEN)?;
        let Some(header) = GroupHeader::read(&start, self.seed) else { return Ok(None) };
        let follows = header.number == self.group + 1
            && header.previous == self.crc
            && header.position == self.position;
        if !follows {
            return Ok(None);
        }
        let bytes = self.bytes(offset, to_usize(header.group_len()))?;
        let Some(group) = Group::read(bytes, self.seed) else { return Ok(None) };
        self.offset += header.group_len();
        self.group = header.number;
        self.crc = group.crc;
        self.position += u64::from(header.frames);
        Ok(Some((offset, group)))
    }

    /// Goes on at the next whole header behind damage; gives what stands between, which began with
    /// the group that should have come. None when no group follows.
    pub(crate) fn step_over(&mut self) -> io::Result<Option<Gap>> {
        let len = self.file.len()?;
        let mut at = self.offset;
        while at < len {
            let chunk = read_up_to(self.file, at, CHUNK + GroupHeader::LEN)?;
            if is_blank(&chunk) {
                at += len_u64(CHUNK);
                continue;
            }
            for place in (0..chunk.len().min(CHUNK)).step_by(ALIGNMENT) {
                let rest = chunk.get(place..).unwrap_or_default();
                let found = rest.starts_with(MAGIC).then(|| GroupHeader::read(rest, self.seed));
                if let Some(found) = found.flatten().filter(|it| it.number > self.group + 1) {
                    let remains = self.remains()?;
                    self.offset = at + len_u64(place);
                    self.group = found.number - 1;
                    self.crc = found.previous;
                    self.position = found.position;
                    return Ok(Some(Gap { remains }));
                }
            }
            at += len_u64(CHUNK);
        }
        Ok(None)
    }

    /// What is left of the group that should stand here, if its header is whole.
    pub(crate) fn remains(&mut self) -> io::Result<Option<Group>> {
        let start = self.bytes(self.offset, GroupHeader::LEN)?;
        let Some(header) = GroupHeader::read(&start, self.seed) else { return Ok(None) };
        let bytes = self.bytes(self.offset, to_usize(header.group_len()))?;
        Ok(Group::unchecked(&bytes, self.seed))
    }

    /// What stands behind the last whole group.
    pub(crate) fn end(&mut self) -> io::Result<End> {
        let len = self.file.len()?;
        let mut at = self.offset;
        let mut end = End::Clean;
        while at < len {
            let chunk = read_up_to(self.file, at, CHUNK + GroupHeader::LEN)?;
            if is_blank(&chunk) {
                at += len_u64(CHUNK);
                continue;
            }
            for place in (0..chunk.len().min(CHUNK)).step_by(ALIGNMENT) {
                let rest = chunk.get(place..).unwrap_or_default();
                if rest.first_chunk::<ALIGNMENT>() != Some(&[0; ALIGNMENT]) {
                    end = if rest.iter().take(ALIGNMENT).all(|byte| *byte == 0) {
                        end
                    } else {
                        End::Torn
                    };
                }
                let later = rest.starts_with(MAGIC)
                    && GroupHeader::read(rest, self.seed)
                        .is_some_and(|found| found.number > self.group + 1);
                if later {
                    return Ok(End::Damaged);
                }
            }
            at += len_u64(CHUNK);
        }
        Ok(end)
    }

    /// Bytes of the file through a window that reads ahead; fewer at the end.
    fn bytes(&mut self, offset: u64, len: usize) -> io::Result<Bytes> {
        let from = to_usize(offset.saturating_sub(self.window_at));
        if offset < self.window_at || self.window.len() < from.saturating_add(len) {
            let rest = to_usize(self.file.len()?.saturating_sub(offset));
            let wanted = len.max(CHUNK).min(rest);
            self.window = read_up_to(self.file, offset, wanted)?.into();
            self.window_at = offset;
            return Ok(self.window.slice(..len.min(self.window.len())));
        }
        Ok(self.window.slice(from..from + len))
    }
}

/// Whether there are only zeros, as in all the space behind the last group: one comparison, not one
/// for each place a group could begin at.
fn is_blank(chunk: &[u8]) -> bool {
    ZEROS.get(..chunk.len()) == Some(chunk)
}

static ZEROS: [u8; CHUNK + GroupHeader::LEN] = [0; CHUNK + GroupHeader::LEN];

const CHUNK: usize = 1 << 20;
