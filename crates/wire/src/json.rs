//! proto3 JSON, one object a line: submissions in and out, what a feed hands on, out.
//!
//! JSON goes through the schema as published, where a record's parts are messages; in Rust they are
//! bytes. An unknown key is refused by name: in JSON it is a slip of the hand, while an unknown
//! protobuf field is a later version's and is kept.

use std::fmt::Write;
use std::sync::LazyLock;

use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, SerializeOptions};
use serde_json::{Deserializer, Serializer};
use thiserror::Error;

use crate::{DESCRIPTORS, v1};

/// Longest line of JSON taken for one submission: four times a record's bytes.
pub const JSON_LINE_MAX: usize = 4 << 20;

/// Reads one submission from a line of JSON.
pub fn submission_from_json(line: &str) -> Result<v1::Submission, JsonError> {
    from_json("hallway.v1.Submission", line)
}

/// Writes a submission as one line of JSON, without the line's end.
pub fn submission_to_json(submission: &v1::Submission) -> Result<String, JsonError> {
    to_json("hallway.v1.Submission", submission)
}

/// Writes a feed's item as one line of JSON, without the line's end. proto3 JSON leaves out zeros, but
/// 0 is the place of a ledger's first entry, and who tells entries by (ledger, index) looks for it.
pub fn follow_response_to_json(response: &v1::FollowResponse) -> Result<String, JsonError> {
    let line = to_json("hallway.v1.FollowResponse", response)?;
    let first = response.index == 0 && !response.ledger.is_empty();
    Ok(if first { line.replacen('{', "{\"index\":\"0\",", 1) } else { line })
}

/// Reads any message of the schema from JSON, by its full name.
pub fn from_json<M: Message + Default>(name: &str, line: &str) -> Result<M, JsonError> {
    if line.len() > JSON_LINE_MAX {
        return Err(JsonError::TooLong { bytes: line.len() });
    }
    let mut json = Deserializer::from_str(line);
    let message = DynamicMessage::deserialize(descriptor(name)?, &mut json)
        .and_then(|message| json.end().map(|()| message))
        .map_err(|source| JsonError::Json { source })?;
    M::decode(&*message.encode_to_vec()).map_err(|source| JsonError::Decode { source })
}

/// Writes any message of the schema as JSON, by its full name. Unknown protobuf fields have no place
/// in JSON and are left out.
pub fn to_json(name: &str, message: &impl Message) -> Result<String, JsonError> {
    let message = DynamicMessage::decode(descriptor(name)?, &*message.encode_to_vec())
        .map_err(|source| JsonError::Decode { source })?;
    let mut line = Vec::new();
    message
        .serialize_with_options(&mut Serializer::new(&mut line), &SerializeOptions::new())
        .map_err(|source| JsonError::Json { source })?;
    String::from_utf8(line).map_err(|_| JsonError::Schema { name: name.to_owned() })
}

/// Why JSON was refused.
#[derive(Debug, Error)]
pub enum JsonError {
    /// Longer than [`JSON_LINE_MAX`].
    #[error("a line has {bytes} bytes, the limit JSON_LINE_MAX is {JSON_LINE_MAX}")]
    TooLong {
        /// Its bytes.
        bytes: usize,
    },
    /// No JSON, or none of the schema.
    #[error("read or write JSON of the schema")]
    Json {
        /// What is wrong, and in which column; names an unknown key.
        #[source]
        source: serde_json::Error,
    },
    /// The parts are not what the schema says.
    #[error("decode the message")]
    Decode {
        /// What prost says.
        #[source]
        source: prost::DecodeError,
    },
    /// No such message.
    #[error("the schema has no message {name}")]
    Schema {
        /// Its name.
        name: String,
    },
}

impl JsonError {
    /// The error and its cause in one line, for people who mend a file.
    pub fn explain(&self) -> String {
        let mut text = self.to_string();
        if let Some(source) = std::error::Error::source(self) {
            let _ = write!(text, ": {source}");
        }
        text
    }
}

pub(crate) fn descriptor(name: &str) -> Result<MessageDescriptor, JsonError> {
    static POOL: LazyLock<DescriptorPool> =
        LazyLock::new(|| DescriptorPool::decode(DESCRIPTORS).expect("the build made the schema"));
    POOL.get_message_by_name(name).ok_or_else(|| JsonError::Schema { name: name.to_owned() })
}

#[cfg(test)]
mod tests;
