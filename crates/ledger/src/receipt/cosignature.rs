//! C2SP `tlog-cosignature`, the Ed25519 kind: a timestamped signature beside the log's own.
//!
//! ```text
//! signed message  cosignature/v1⏎  time <seconds>⏎  <text of the checkpoint>
//! signature line  — <key name> <base64(key id ‖ u64 seconds ‖ 64 bytes of Ed25519)>
//! ```
//!
//! Used by holders in their receipts, and by an origin that signs an old seal anew so that silence
//! shows as age. Absent on purpose: the post-quantum kind, which belongs to another suite.

use record::Class;
use thiserror::Error;

use crate::keys::{ALGORITHM_COSIGNATURE, VerifierKey, key_id};
use crate::note::{Note, NoteError, SignatureLine};
use crate::seal::Seal;
use crate::signer::{SignError, Signer, is_signed};

/// Cosigns a seal under `name` at `seconds` since 1970; the line goes below those already there.
pub fn cosign(
    seal: &Seal,
    name: &str,
    seconds: u64,
    signer: &dyn Signer,
) -> Result<SignatureLine, SignError> {
    let mut signature = seconds.to_be_bytes().to_vec();
    signature.extend_from_slice(&signer.sign(message(seconds, &seal.text()).as_bytes())?);
    let key_id = key_id(name, ALGORITHM_COSIGNATURE, &signer.public());
    Ok(SignatureLine { name: name.to_owned(), key_id, signature })
}

/// Checks the cosignature of `key` on a checkpoint; gives its time in seconds since 1970. What the
/// log itself signed is not looked at.
pub fn verify_cosignature(checkpoint: &str, key: &VerifierKey) -> Result<u64, CosignatureError> {
    if key.algorithm != ALGORITHM_COSIGNATURE {
        return Err(CosignatureError::OtherKey);
    }
    let note = Note::parse(checkpoint).map_err(CosignatureError::Note)?;
    let bytes = note.signature_by(key).ok_or(CosignatureError::OtherKey)?;
    let seconds = timestamp(bytes).ok_or(CosignatureError::Signature)?;
    let signature = bytes.last_chunk().ok_or(CosignatureError::Signature)?;
    if is_signed(&key.public, message(seconds, &note.text).as_bytes(), signature) {
        Ok(seconds)
    } else {
        Err(CosignatureError::Signature)
    }
}

/// The time a cosignature claims, when its bytes have the form of one.
pub(super) fn timestamp(signature: &[u8]) -> Option<u64> {
    let (seconds, rest) = signature.split_first_chunk()?;
    let seconds = u64::from_be_bytes(*seconds);
    (rest.len() == 64 && i64::try_from(seconds).is_ok()).then_some(seconds)
}

fn message(seconds: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {seconds}\n{text}")
}

/// Why a cosignature does not count.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum CosignatureError {
    /// The checkpoint is no signed note.
    #[error("read checkpoint as a signed note")]
    Note(#[source] NoteError),
    /// The key has no line here, or is no cosigner's key.
    #[error("checkpoint has no cosignature of the key")]
    OtherKey,
    /// The line is there, the signature is not the key's.
    #[error("checkpoint has a bad cosignature")]
    Signature,
}

impl CosignatureError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        match self {
            Self::OtherKey => Class::Precondition,
            Self::Note(_) | Self::Signature => Class::Invalid,
        }
    }
}
