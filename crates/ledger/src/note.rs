//! C2SP signed notes: a text, a blank line, and one line per signature.
//!
//! ```text
//! <text, one or more lines>
//!
//! — <key name> <base64(key id ‖ signature)>
//! ```
//!
//! Parsing is strict, so a note has exactly one spelling: what [`Note::parse`] accepts,
//! [`std::fmt::Display`] gives back byte for byte. That makes notes comparable as strings, and keeps
//! two halls from holding two spellings of one seal.
//!
//! Absent on purpose: trust. A parsed note says who claims to have signed; only seals, receipts and
//! tlog proofs, which know the keys, say whether they did.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use record::Class;
use thiserror::Error;

use crate::keys::{ALGORITHM_ED25519, VerifierKey, is_key_name, key_id};
use crate::signer::{SignError, Signer};

/// Longest note in bytes: room for sixteen post-quantum signatures of other houses.
pub const NOTE_BYTES_MAX: usize = 128 << 10;
/// Most signatures on one note, which C2SP says must be accepted.
pub const NOTE_SIGNATURES_MAX: usize = 16;

const DASH: &str = "\u{2014} ";

/// A text and the signatures it claims to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The signed text, with its last newline.
    pub text: String,
    /// The signature lines, in their order.
    pub signatures: Vec<SignatureLine>,
}

impl Note {
    /// Reads a note of any origin.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLong { bytes: note.len() });
        }
        if note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return Err(NoteError::ControlCharacter);
        }
        let (text, lines) = note.rsplit_once("\n\n").ok_or(NoteError::NoBlankLine)?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::NoSignature)?;
        if text.is_empty() {
            return Err(NoteError::NoText);
        }
        let mut signatures: Vec<SignatureLine> = Vec::new();
        for (number, line) in lines.split('\n').enumerate() {
            if number == NOTE_SIGNATURES_MAX {
                return Err(NoteError::TooManySignatures);
            }
            let line = SignatureLine::parse(line).ok_or(NoteError::Signature { number })?;
            if signatures.iter().any(|known| known.is_of(&line.name, line.key_id)) {
                return Err(NoteError::Repeated { number });
            }
            signatures.push(line);
        }
        Ok(Self { text: format!("{text}\n"), signatures })
    }

    /// Signs `text` under `name` as a plain Ed25519 note.
    pub(crate) fn sign(text: String, name: &str, signer: &dyn Signer) -> Result<Self, SignError> {
        let signature = signer.sign(text.as_bytes())?.to_vec();
        let key_id = key_id(name, ALGORITHM_ED25519, &signer.public());
        let line = SignatureLine { name: name.to_owned(), key_id, signature };
        Ok(Self { text, signatures: vec![line] })
    }

    /// What `key` is said to have signed with; none when it has no line here.
    pub fn signature_by(&self, key: &VerifierKey) -> Option<&[u8]> {
        let id = key.key_id();
        let mut lines = self.signatures.iter();
        lines.find(|line| line.is_of(&key.name, id)).map(|line| line.signature.as_slice())
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// One signature of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureLine {
    /// The key's name.
    pub name: String,
    /// Its id.
    pub key_id: [u8; 4],
    /// What the key made of the text, in the form of its algorithm.
    pub signature: Vec<u8>,
}

impl SignatureLine {
    /// Whether the line claims to be of the key with this name and id.
    pub fn is_of(&self, name: &str, key_id: [u8; 4]) -> bool {
        self.name == name && self.key_id == key_id
    }

    fn parse(line: &str) -> Option<Self> {
        let (name, signature) = line.strip_prefix(DASH)?.split_once(' ')?;
        let bytes = BASE64_STANDARD.decode(signature).ok()?;
        let (key_id, signature) = bytes.split_first_chunk()?;
        if !is_key_name(name) || signature.is_empty() {
            return None;
        }
        Some(Self { name: name.to_owned(), key_id: *key_id, signature: signature.to_vec() })
    }
}

impl fmt::Display for SignatureLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.key_id.to_vec();
        bytes.extend_from_slice(&self.signature);
        write!(f, "{DASH}{} {}", self.name, BASE64_STANDARD.encode(bytes))
    }
}

/// Why a text is no signed note.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum NoteError {
    /// Longer than [`NOTE_BYTES_MAX`].
    #[error("note has {bytes} bytes, the limit NOTE_BYTES_MAX is {NOTE_BYTES_MAX}")]
    TooLong {
        /// Bytes found.
        bytes: usize,
    },
    /// A control character other than newline.
    #[error("note has a control character")]
    ControlCharacter,
    /// Nothing parts text and signatures.
    #[error("note has no blank line")]
    NoBlankLine,
    /// No text before the blank line.
    #[error("note has no text")]
    NoText,
    /// No complete line after the blank line.
    #[error("note has no signature")]
    NoSignature,
    /// More than [`NOTE_SIGNATURES_MAX`].
    #[error("note has more signatures than NOTE_SIGNATURES_MAX, {NOTE_SIGNATURES_MAX}")]
    TooManySignatures,
    /// A line that is no signature.
    #[error("signature line {number} of the note is malformed")]
    Signature {
        /// Which line, from 0.
        number: usize,
    },
    /// The same key twice.
    #[error("signature line {number} of the note repeats a key")]
    Repeated {
        /// Which line, from 0.
        number: usize,
    },
}

impl NoteError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        Class::Invalid
    }
}

/// Strict base64 of a hash.
pub(crate) fn parse_hash(text: &str) -> Option<record::Hash> {
    BASE64_STANDARD.decode(text).ok()?.try_into().ok()
}

/// Base64 of a hash.
pub(crate) fn format_hash(hash: &record::Hash) -> String {
    BASE64_STANDARD.encode(hash)
}

/// A decimal without sign or leading zeros.
pub(crate) fn parse_decimal(text: &str) -> Option<u64> {
    let canonical = text == "0" || !text.starts_with(['0', '+']);
    if canonical { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
