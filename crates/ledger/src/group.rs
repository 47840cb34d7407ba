//! A group: one commit on disk, and the unit of what is torn.
//!
//! ```text
//!  0  "HWG1"
//!  4  u32 length of the body (frames, names, padding)
//!  8  u64 number, from 1, without gaps
//! 16  u64 position of the first frame
//! 24  u32 frames
//! 28  u32 checksum of the previous group's trailer
//! 32  i64 time of the commit, milliseconds since 1970
//! 40  u32 length of the frames alone
//! 44  u32 checksum of the 44 bytes above
//! 48  frames ‖ names ‖ zeros to a multiple of 8
//!     u32 checksum of everything above ‖ "HWGE"
//!
//! names  u16 n ‖ n × (u8 length ‖ ledger) ‖ u16 m ‖ m × (u8 length ‖ hall)
//! ```
//!
//! Checksums are CRC32C, begun from the segment's nonce, which nobody outside knows: bytes that a
//! submitter chose cannot pose as a group.

use bytes::Bytes;
use record::Timestamp;

use crate::frame::{Frame, Frames, Names, Span};
use crate::octets::{Fields, len_u32, len_u64, put_short_text, to_usize};

/// A group's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GroupHeader {
    pub(crate) number: u64,
    pub(crate) position: u64,
    pub(crate) frames: u32,
    pub(crate) previous: u32,
    pub(crate) at: Timestamp,
    body_len: u32,
    frames_len: u32,
}

/// A whole group as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) header: GroupHeader,
    /// The trailer's checksum.
    pub(crate) crc: u32,
    bytes: Bytes,
}

impl GroupHeader {
    /// Bytes of a header.
    pub(crate) const LEN: usize = 48;

    /// Reads a header whose checksum is right.
    pub(crate) fn read(bytes: &[u8], seed: u32) -> Option<Self> {
        let (covered, rest) = bytes.split_at_checked(Self::LEN - 4)?;
        let crc = rest.first_chunk::<4>()?;
        if !covered.starts_with(MAGIC)
            || crc32c::crc32c_append(seed, covered) != u32::from_be_bytes(*crc)
        {
            return None;
        }
        let mut fields = Fields(Bytes::copy_from_slice(covered));
        fields.take(MAGIC.len())?;
        let body_len = fields.u32()?;
        Some(Self {
            body_len,
            number: fields.u64()?,
            position: fields.u64()?,
            frames: fields.u32()?,
            previous: fields.u32()?,
            at: Timestamp(fields.i64()?),
            frames_len: fields.u32().filter(|len| *len <= body_len)?,
        })
    }

    /// Bytes of the whole group.
    pub(crate) fn group_len(&self) -> u64 {
        len_u64(Self::LEN + TRAILER) + u64::from(self.body_len)
    }
}

impl Group {
    /// Reads a group from exactly its bytes; none when a checksum or length is wrong.
    pub(crate) fn read(bytes: Bytes, seed: u32) -> Option<Self> {
        let header = GroupHeader::read(&bytes, seed)?;
        if len_u64(bytes.len()) != header.group_len() {
            return None;
        }
        let (covered, trailer) = bytes.split_at_checked(bytes.len() - TRAILER)?;
        let (crc, magic) = trailer.split_first_chunk::<4>()?;
        let crc = u32::from_be_bytes(*crc);
        if magic != TRAILER_MAGIC || crc32c::crc32c_append(seed, covered) != crc {
            return None;
        }
        Some(Self { header, crc, bytes })
    }

    /// A group whose header is whole, whatever became of the rest: for naming what damage affects.
    pub(crate) fn unchecked(bytes: &Bytes, seed: u32) -> Option<Self> {
        let header = GroupHeader::read(bytes, seed)?;
        let len = to_usize(header.group_len());
        (bytes.len() >= len).then(|| Self { header, crc: 0, bytes: bytes.slice(..len) })
    }

    /// The frames with their places, for a group at `base`; none when the group was written by
    /// something else than this crate.
    pub(crate) fn frames(&self, base: u64) -> Option<Vec<(Span, Frame)>> {
        let base = u32::try_from(base).ok()?;
        let start = GroupHeader::LEN;
        let frames_end = start + to_usize(u64::from(self.header.frames_len));
        let body_end = self.bytes.len() - TRAILER;
        let names = read_names(Fields(self.bytes.slice(frames_end..body_end)))?;
        let mut fields = Fields(self.bytes.slice(start..frames_end));
        let mut frames = Vec::new();
        while !fields.0.is_empty() {
            let start = frames_end - fields.0.len();
            let frame = Frame::read(&mut fields, &names)?;
            let len = len_u32(frames_end - fields.0.len() - start);
            frames.push((Span { offset: base.checked_add(len_u32(start))?, len }, frame));
        }
        (len_u32(frames.len()) == self.header.frames).then_some(frames)
    }
}

/// Frames that may become a group of about `expected` bytes.
pub(crate) fn begin(expected: usize) -> Frames {
    Frames::behind(GroupHeader::LEN, expected)
}

/// Bytes the group of these frames will have.
pub(crate) fn len(frames: &Frames) -> u64 {
    let ledgers = frames.names.ledgers.iter().map(|ledger| ledger.to_string().len() + 1);
    let halls = frames.names.halls.iter().map(|hall| hall.as_str().len() + 1);
    let names = 4 + ledgers.sum::<usize>() + halls.sum::<usize>();
    len_u64((frames.bytes.len() + names).next_multiple_of(ALIGNMENT) + TRAILER)
}

/// Closes a group: header, names, checksums. Gives its bytes and its trailer's checksum.
pub(crate) fn finish(
    frames: Frames,
    (number, position, previous): (u64, u64, u32),
    at: Timestamp,
    seed: u32,
) -> (Bytes, u32) {
    let Frames { mut bytes, names, count } = frames;
    let frames_len = len_u32(bytes.len() - GroupHeader::LEN);
    put_names(&mut bytes, &names);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    let mut header = Vec::with_capacity(GroupHeader::LEN);
    header.extend_from_slice(MAGIC);
    header.extend_from_slice(&len_u32(bytes.len() - GroupHeader::LEN).to_be_bytes());
    header.extend_from_slice(&number.to_be_bytes());
    header.extend_from_slice(&position.to_be_bytes());
    header.extend_from_slice(&count.to_be_bytes());
    header.extend_from_slice(&previous.to_be_bytes());
    header.extend_from_slice(&at.0.to_be_bytes());
    header.extend_from_slice(&frames_len.to_be_bytes());
    header.extend_from_slice(&crc32c::crc32c_append(seed, &header).to_be_bytes());
    bytes.splice(..GroupHeader::LEN, header);
    let crc = crc32c::crc32c_append(seed, &bytes);
    bytes.extend_from_slice(&crc.to_be_bytes());
    bytes.extend_from_slice(TRAILER_MAGIC);
    // The newest groups stay in memory: what a growing buffer reserved in vain must not.
    (bytes.into_boxed_slice().into(), crc)
}

fn put_names(out: &mut Vec<u8>, names: &Names) {
    let count = |len: usize| u16::try_from(len).expect("a group names fewer than 65,535 ledgers");
    out.extend_from_slice(&count(names.ledgers.len()).to_be_bytes());
    for ledger in &names.ledgers {
        put_short_text(out, &ledger.to_string());
    }
    out.extend_from_slice(&count(names.halls.len()).to_be_bytes());
    for hall in &names.halls {
        put_short_text(out, hall.as_str());
    }
}

fn read_names(mut fields: Fields) -> Option<Names> {
    let count = fields.u16()?;
    let ledgers = (0..count).map(|_| fields.ledger()).collect::<Option<_>>()?;
    let count = fields.u16()?;
    let halls = (0..count).map(|_| fields.hall()).collect::<Option<_>>()?;
    Some(Names { ledgers, halls })
}

/// The smallest alignment at which a group can begin.
pub(crate) const ALIGNMENT: usize = 8;
/// The first bytes of every group.
pub(crate) const MAGIC: &[u8] = b"HWG1";
const TRAILER_MAGIC: &[u8] = b"HWGE";
const TRAILER: usize = 8;

#[cfg(test)]
mod tests;
