//! Whether this version of the schema has a word for everything that a record says.
//!
//! A hall keeps and hands on fields that a later version added, without reading them. Whoever gets such
//! a record from it should know that there is more in it than this hall's schema tells. The bytes are
//! walked beside the published schema: a field number or a value of an enumeration that it lacks is
//! enough. Decision: `docs/decisions/0021-the-schema-only-grows.md`. Deliberately
//! absent: what the words mean, which is the business of [`convert`](crate::convert).

use prost::encoding::{
    DecodeContext, WireType, decode_key, decode_length_delimiter, decode_varint, skip_field,
};
use prost_reflect::{EnumDescriptor, Kind, MessageDescriptor};

use crate::json::descriptor;

/// Messages inside messages that are walked; the schema has fewer, and what lies deeper is not of it.
pub const WALK_DEPTH_MAX: usize = 32;

/// Whether a record's parts say what this version of the schema has no word for (本厅未能完全理解). Parts
/// that are not here are empty and say nothing; bytes that are no protobuf are not understood either.
pub fn not_fully_understood(head: &[u8], open: &[u8], closed: &[u8]) -> bool {
    let parts =
        [("hallway.v1.Head", head), ("hallway.v1.Open", open), ("hallway.v1.Closed", closed)];
    parts.into_iter().any(|(name, bytes)| {
        descriptor(name)
            .is_ok_and(|message| !understands(&message, bytes, WALK_DEPTH_MAX).unwrap_or(false))
    })
}

/// None when the bytes are no protobuf of this message.
fn understands(message: &MessageDescriptor, mut bytes: &[u8], depth: usize) -> Option<bool> {
    let depth = depth.checked_sub(1)?;
    while !bytes.is_empty() {
        let (tag, wire_type) = decode_key(&mut bytes).ok()?;
        let Some(field) = message.get_field(tag) else { return Some(false) };
        let known = match (field.kind(), wire_type) {
            (Kind::Message(inner), WireType::LengthDelimited) => {
                understands(&inner, taken(&mut bytes)?, depth)?
            }
            (Kind::Enum(values), WireType::LengthDelimited) => {
                has_all(&values, taken(&mut bytes)?)?
            }
            (Kind::Enum(values), WireType::Varint) => has(&values, decode_varint(&mut bytes).ok()?),
            (_, _) => {
                skip_field(wire_type, tag, &mut bytes, DecodeContext::default()).ok()?;
                true
            }
        };
        if !known {
            return Some(false);
        }
    }
    Some(true)
}

/// The bytes of a field that says its length; fewer are left when the message is cut off.
fn taken<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = decode_length_delimiter(&mut *bytes).ok()?;
    let (field, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(field)
}

fn has_all(values: &EnumDescriptor, mut bytes: &[u8]) -> Option<bool> {
    while !bytes.is_empty() {
        if !has(values, decode_varint(&mut bytes).ok()?) {
            return Some(false);
        }
    }
    Some(true)
}

/// On the wire a negative number is a large one; the schema has neither.
fn has(values: &EnumDescriptor, number: u64) -> bool {
    i32::try_from(number).is_ok_and(|number| values.get_value(number).is_some())
}

#[cfg(test)]
mod tests {
    use prost::Message;
    use record::Kind;

    use super::*;
    use crate::{generated, v1};

    /// Field 1000, a text.
    const LATER: &[u8] = b"\xc2\x3e\x03new";

    fn judged(submission: &v1::Submission) -> bool {
        not_fully_understood(&submission.head, &submission.open, &submission.closed)
    }

    #[test]
    fn what_this_version_writes_it_understands() {
        for kind in record::Generator::KINDS {
            assert!(generated(&kind, 40, 1).all(|one| !judged(&one)), "{kind}");
        }
        assert!(!not_fully_understood(b"", b"", b""));
    }

    #[test]
    fn a_later_field_is_noticed_in_each_part_and_inside_messages() {
        for one in generated(&Kind::Permit, 5, 1) {
            let head = v1::Head::decode(&*one.head).unwrap();
            let later = |bytes: &[u8]| [bytes, LATER].concat().into();
            assert!(judged(&v1::Submission { head: later(&one.head), ..one.clone() }));
            assert!(judged(&v1::Submission { open: later(&one.open), ..one.clone() }));
            assert!(judged(&v1::Submission { closed: later(&one.closed), ..one.clone() }));

            let inner = [&head.authority.unwrap().encode_to_vec()[..], LATER].concat();
            let mut nested = vec![5 << 3 | 2, u8::try_from(inner.len()).unwrap()];
            nested.extend(inner);
            assert!(not_fully_understood(&nested, b"", b""));
        }
    }

    #[test]
    fn a_later_value_of_an_enumeration_is_noticed() {
        let revises = |kind| v1::Revises { kind, ..v1::Revises::default() };
        let head = |kind| v1::Head { revises: Some(revises(kind)), ..v1::Head::default() };
        assert!(!not_fully_understood(&head(1).encode_to_vec(), b"", b""));
        assert!(not_fully_understood(&head(99).encode_to_vec(), b"", b""));
        assert!(not_fully_understood(&head(-1).encode_to_vec(), b"", b""));
    }

    #[test]
    fn bytes_that_are_no_protobuf_are_not_understood() {
        for bytes in [&b"\xff"[..], b"\x0a\x05a", b"\x2a\xff\xff\xff\xff\x0f"] {
            assert!(not_fully_understood(bytes, b"", b""));
        }
    }
}
