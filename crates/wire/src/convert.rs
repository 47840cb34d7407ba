//! Between bytes and the domain: heads, acts and bodies, one file each.
//!
//! Reading is strict where the domain has a type and silent where a later version may have more to
//! say: unknown fields are skipped here and stay in the bytes, which alone are kept. Writing serves
//! what this hall itself originates; a submitter's bytes are never written again.

mod act;
mod body;
mod case;
mod credit;
mod head;
mod item;
mod material;
mod paired;

use std::fmt;

use bytes::Bytes;
use prost::Message;
use record::Hash;
use thiserror::Error;

pub use act::{
    act_from, act_from_open, act_to_open, act_to_parts, handover_to, member_to, ruling_to,
};
pub use body::{body_from_parts, body_to_parts};

pub use head::revision_kind_to;
pub use head::{head_from_bytes, head_to_bytes};
pub(crate) use head::{revision_kind_from, stamp_to};

/// Bytes that are not what the domain expects.
#[derive(Clone, Debug, Error)]
pub enum ReadError {
    /// Not protobuf of the schema.
    #[error("decode {part}")]
    Decode {
        /// The part.
        part: &'static str,
        /// What prost says.
        #[source]
        source: prost::DecodeError,
    },
    /// A field without a value the domain has.
    #[error("read {field}: {what}")]
    Field {
        /// The field's path in the part.
        field: &'static str,
        /// Why not.
        what: String,
    },
}

impl ReadError {
    /// The field or part that could not be read.
    pub fn field(&self) -> &'static str {
        match self {
            Self::Decode { part, .. } => part,
            Self::Field { field, .. } => field,
        }
    }
}

fn decode<M: Message + Default>(part: &'static str, bytes: &[u8]) -> Result<M, ReadError> {
    M::decode(bytes).map_err(|source| ReadError::Decode { part, source })
}

fn wrong(field: &'static str, what: impl fmt::Display) -> ReadError {
    ReadError::Field { field, what: what.to_string() }
}

fn parsed<T>(field: &'static str, text: &str) -> Result<T, ReadError>
where
    T: std::str::FromStr<Err: fmt::Display>,
{
    text.parse().map_err(|error| wrong(field, error))
}

fn hash(field: &'static str, bytes: &[u8]) -> Result<Hash, ReadError> {
    bytes.try_into().map_err(|_| wrong(field, "a SHA-256 value has 32 bytes"))
}

fn to_bytes(message: &impl Message) -> Bytes {
    message.encode_to_vec().into()
}

#[cfg(test)]
mod tests;
