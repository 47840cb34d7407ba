//! The bundle `hallway-proof/v1`: one JSON file that proves one record to anybody, offline.
//!
//! ```text
//! root_key ─► acts (each with its inclusion proof and seal) ─► log keys, holder keys
//!                        entry: parts with salts, inclusion proof, newest seal ◄──┤
//!                     receipts: the entry under each holder's cosigned seal    ◄──┤
//!                       status: what this hall knew of the record, signed      ◄──┘
//! ```
//!
//! Everything in it is either signed, hashed into something signed, or compared with something that
//! is; so no character can change unnoticed. Proofs are C2SP `tlog-proof` texts that other houses'
//! tools read as they are. An inclusion proof never says that a record is current: that is the
//! [`StatusNote`], with its date.
//!
//! Absent on purpose: the verifier, which belongs to the command that runs offline, and trust. The
//! root key in a bundle is a claim until somebody who knows the key compares it.

mod proven;
mod status;

use std::str::FromStr;

use ledger::{ParseTlogProofError, VerifyTlogProofError};
use record::{Class, LabelError, NameError, PartsError};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use proven::{Evidence, LabelText, PartText, Proven, ProvenReceipt};
pub(crate) use status::place;
pub use status::{Standing, StatusNote, StatusNoteError};

/// The first field of every bundle.
pub const FORMAT: &str = "hallway-proof/v1";
/// Longest bundle in bytes: a record of the largest size, its acts and receipts; one gRPC message.
pub const BUNDLE_BYTES_MAX: usize = 8 << 20;

/// What proves one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// [`FORMAT`].
    pub format: String,
    /// Record id.
    pub record: String,
    /// The root hall's acts ledger, where trust begins.
    pub root_ledger: String,
    /// The key of its first seals, as a C2SP verifier key.
    pub root_key: String,
    /// The record's entry.
    pub entry: Proven,
    /// The acts that give the keys, by ledger and index.
    pub acts: Vec<Proven>,
    /// Receipts that cover the entry, by holder.
    pub receipts: Vec<ProvenReceipt>,
    /// The signed status note, see [`StatusNote`].
    pub status: String,
}

impl Bundle {
    /// The file's text.
    pub fn to_json(&self) -> Result<String, BundleError> {
        let mut json = serde_json::to_string_pretty(self).map_err(BundleError::Json)?;
        json.push('\n');
        if json.len() > BUNDLE_BYTES_MAX {
            return Err(BundleError::TooLong { bytes: json.len() });
        }
        Ok(json)
    }
}

impl FromStr for Bundle {
    type Err = BundleError;

    fn from_str(json: &str) -> Result<Self, BundleError> {
        if json.len() > BUNDLE_BYTES_MAX {
            return Err(BundleError::TooLong { bytes: json.len() });
        }
        let bundle: Self = serde_json::from_str(json).map_err(BundleError::Json)?;
        if bundle.format != FORMAT {
            return Err(BundleError::Format { found: bundle.format.chars().take(40).collect() });
        }
        Ok(bundle)
    }
}

/// Why a text is no bundle, or an entry in it does not agree with itself.
#[derive(Debug, Error)]
pub enum BundleError {
    /// Longer than [`BUNDLE_BYTES_MAX`].
    #[error("bundle has {bytes} bytes, the limit BUNDLE_BYTES_MAX is {BUNDLE_BYTES_MAX}")]
    TooLong {
        /// Bytes found.
        bytes: usize,
    },
    /// Not JSON of this form.
    #[error("read or write a bundle as JSON")]
    Json(#[source] serde_json::Error),
    /// Another format, or a later version.
    #[error("bundle has the format {found:?}, not {FORMAT}")]
    Format {
        /// What it says, shortened.
        found: String,
    },
    /// A ledger's name is malformed.
    #[error("read the ledger's name")]
    Ledger(#[source] NameError),
    /// The leaf is no base64 of 40 bytes.
    #[error("leaf is not base64 of 40 bytes")]
    Leaf,
    /// The leaf has a label that this version cannot read.
    #[error("read the label in the leaf")]
    Label(#[source] LabelError),
    /// The label for people is not the one in the leaf.
    #[error("label is not the one in the leaf")]
    OtherLabel,
    /// A part is misnamed, has neither bytes nor digest, or both, or is no base64.
    #[error("part {index} is misnamed, or not salt and bytes or a digest in base64")]
    Part {
        /// Which, from 0.
        index: usize,
    },
    /// The parts are too many or too large.
    #[error("read the parts")]
    Parts(#[source] PartsError),
    /// The parts do not give the commitment in the leaf.
    #[error("parts and salts do not give the commitment in the leaf")]
    OtherParts,
    /// The proof is malformed.
    #[error("read the tlog proof")]
    Proof(#[source] ParseTlogProofError),
    /// The proof is about another index, or carries extra data.
    #[error("tlog proof is about another index or carries extra data")]
    OtherIndex,
    /// The proof does not prove it.
    #[error("verify the tlog proof")]
    Verify(#[source] VerifyTlogProofError),
}

impl BundleError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        Class::Invalid
    }
}
