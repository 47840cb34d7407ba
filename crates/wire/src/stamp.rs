//! The accepting hall's stamp: appended to the submitter's head, no byte before it changed.
//!
//! ```text
//! submitter's head bytes ‖ 0x7a ‖ varint length ‖ Stamp          (field 15, length-delimited)
//! ```
//!
//! Protobuf readers take concatenated fields as one message, so a stamped head is a head. Without
//! its stamp it is the submitter's again, which is what idempotency compares: the same message id
//! with the same content repeats the acknowledgement, with other content it is refused.

use bytes::{BufMut, Bytes, BytesMut};
use prost::Message;
use prost::encoding::{DecodeContext, decode_key, encode_varint, skip_field};
use record::{Hash, RecordId, Stamp};
use sha2::{Digest, Sha256};

use crate::convert::stamp_to;
use crate::v1;

/// The head with the hall's stamp behind it. `head` must not carry one, which
/// [`check`](crate::check::check) has seen to.
pub fn stamped(head: &Bytes, stamp: &Stamp) -> Bytes {
    let stamp = stamp_to(stamp);
    let length = stamp.encoded_len();
    let mut bytes = BytesMut::with_capacity(head.len() + length + 6);
    bytes.put_slice(head);
    bytes.put_u8(STAMP_KEY);
    encode_varint(u64::try_from(length).unwrap_or(u64::MAX), &mut bytes);
    stamp.encode_raw(&mut bytes);
    bytes.freeze()
}

/// The submitter's bytes: everything before the first stamp. A head that is no protobuf comes back
/// whole.
pub fn unstamped(head: &Bytes) -> Bytes {
    head.slice(..stamp_offset(head).unwrap_or(head.len()))
}

/// Whether a head carries a stamp, in whatever wire type.
pub fn is_stamped(head: &[u8]) -> bool {
    stamp_offset(head).is_some()
}

/// What a submitter said, as one value: the same for the head with and without its stamp.
///
/// `H("hallway/v1/content\0" ‖ for each of head without stamp, open, closed: u32 length ‖ bytes)`.
pub fn unstamped_content(head: &Bytes, open: &[u8], closed: &[u8]) -> Hash {
    let head = unstamped(head);
    let mut hash = Sha256::new();
    hash.update(b"hallway/v1/content\0");
    for part in [&head[..], open, closed] {
        hash.update(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// The parts of an entry from those of a submission: absent ones at the end are left out, an absent
/// open part before a closed one stays as an empty part, so that places keep their meaning.
pub fn entry_parts(head: Bytes, open: Bytes, closed: Bytes) -> Vec<Bytes> {
    let mut parts = vec![head, open, closed];
    while parts.len() > 1 && parts.last().is_some_and(Bytes::is_empty) {
        parts.pop();
    }
    parts
}

/// The open part of a case with the id of its permit behind it (许可记录编号), no byte before it changed.
/// To protobuf two messages of one field are one message: the second adds its field to the first.
/// `open` must not name one.
pub fn naming_permit(open: &Bytes, permit: RecordId) -> Bytes {
    let permit_record_id = permit.to_string();
    let case = Box::new(v1::CaseOpen { permit_record_id, ..v1::CaseOpen::default() });
    let tail = v1::Open { body: Some(v1::open::Body::Case(case)) };
    let mut bytes = BytesMut::with_capacity(open.len() + tail.encoded_len());
    bytes.put_slice(open);
    tail.encode_raw(&mut bytes);
    bytes.freeze()
}

fn stamp_offset(head: &[u8]) -> Option<usize> {
    let mut left = head;
    while !left.is_empty() {
        let offset = head.len() - left.len();
        let (tag, wire_type) = decode_key(&mut left).ok()?;
        if tag == STAMP_TAG {
            return Some(offset);
        }
        skip_field(wire_type, tag, &mut left, DecodeContext::default()).ok()?;
    }
    None
}

const STAMP_TAG: u32 = 15;
const STAMP_KEY: u8 = 15 << 3 | 2;

#[cfg(test)]
mod tests;
