//! C2SP `tlog-proof@v1`: one text that proves to anybody, offline, that an entry is in a ledger.
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra <base64>                 optional, proves nothing
//! index 73894
//! <base64 of a hash>             inclusion proof, the leaf's sibling first
//!
//! <checkpoint, verbatim: the seal, with cosignatures if there are any>
//! ```
//!
//! What it takes besides is the leaf data (label and commitment), the ledger's name and its log key.
//! Absent on purpose: where these come from. A bundle for people carries them around this text.

use std::fmt;
use std::str::FromStr;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use record::{Class, Hash, LedgerName};
use thiserror::Error;

use crate::note::{NOTE_BYTES_MAX, format_hash, parse_decimal, parse_hash};
use crate::proof::{PROOF_HASHES_MAX, ProofError, ProveError, inclusion_proof, verify_inclusion};
use crate::seal::{ParseSealError, Seal, VerifySealError};
use crate::tree::{Nodes, leaf_hash};

/// Longest extra data in bytes.
pub const PROOF_EXTRA_MAX: usize = 64 << 10;

const TITLE: &str = "c2sp.org/tlog-proof@v1";

/// A proof that travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlogProof {
    /// The entry's index.
    pub index: u64,
    /// The inclusion proof.
    pub hashes: Vec<Hash>,
    /// The checkpoint, verbatim, with whatever cosignatures it has.
    pub checkpoint: String,
    /// Data for the application; not authenticated, and empty when there is none.
    pub extra: Vec<u8>,
}

impl TlogProof {
    /// Proves that entry `index` is under `seal`.
    pub fn prove(nodes: &dyn Nodes, index: u64, seal: &Seal) -> Result<Self, ProveError> {
        let hashes = inclusion_proof(nodes, index, seal.size)?;
        Ok(Self { index, hashes, checkpoint: seal.note().to_owned(), extra: Vec::new() })
    }

    /// Checks that `leaf` (the leaf data, not its hash) is in `ledger` under a seal by `public`;
    /// gives that seal.
    pub fn verify(
        &self,
        leaf: &[u8],
        ledger: &LedgerName,
        public: &[u8; 32],
    ) -> Result<Seal, VerifyTlogProofError> {
        let (seal, _) =
            Seal::parse_cosigned(&self.checkpoint).map_err(VerifyTlogProofError::Checkpoint)?;
        if seal.ledger != *ledger {
            return Err(VerifyTlogProofError::OtherLedger);
        }
        seal.verify(public).map_err(VerifyTlogProofError::Seal)?;
        verify_inclusion(&leaf_hash(leaf), self.index, seal.size, &self.hashes, &seal.root)
            .map_err(VerifyTlogProofError::Inclusion)?;
        Ok(seal)
    }
}

impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{TITLE}")?;
        if !self.extra.is_empty() {
            writeln!(f, "extra {}", BASE64_STANDARD.encode(&self.extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.hashes {
            writeln!(f, "{}", format_hash(hash))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for TlogProof {
    type Err = ParseTlogProofError;

    fn from_str(text: &str) -> Result<Self, ParseTlogProofError> {
        if text.len() > NOTE_BYTES_MAX + 2 * PROOF_EXTRA_MAX {
            return Err(ParseTlogProofError::TooLong { bytes: text.len() });
        }
        let (head, checkpoint) =
            text.split_once("\n\n").ok_or(ParseTlogProofError::NoCheckpoint)?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(TITLE) {
            return Err(ParseTlogProofError::Title);
        }
        let mut extra = Vec::new();
        if let Some(data) = lines.peek().and_then(|line| line.strip_prefix("extra ")) {
            extra = BASE64_STANDARD.decode(data).map_err(|_| ParseTlogProofError::Extra)?;
            if extra.is_empty() || extra.len() > PROOF_EXTRA_MAX {
                return Err(ParseTlogProofError::Extra);
            }
            lines.next();
        }
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index = index.and_then(parse_decimal).ok_or(ParseTlogProofError::Index)?;
        let mut hashes = Vec::new();
        for line in lines {
            if hashes.len() == PROOF_HASHES_MAX {
                return Err(ParseTlogProofError::Hash);
            }
            hashes.push(parse_hash(line).ok_or(ParseTlogProofError::Hash)?);
        }
        Ok(Self { index, hashes, checkpoint: checkpoint.to_owned(), extra })
    }
}

/// Why a text is no tlog proof.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ParseTlogProofError {
    /// Longer than any we would make.
    #[error("tlog proof has {bytes} bytes, too many")]
    TooLong {
        /// Bytes found.
        bytes: usize,
    },
    /// The first line is another.
    #[error("tlog proof does not begin with {TITLE}")]
    Title,
    /// No blank line, and so no checkpoint.
    #[error("tlog proof has no checkpoint")]
    NoCheckpoint,
    /// Extra data that is empty, overlong or no base64.
    #[error("tlog proof has malformed extra data")]
    Extra,
    /// No index where it belongs.
    #[error("tlog proof has no index")]
    Index,
    /// A line that is no hash, or one too many.
    #[error("tlog proof has a malformed hash or too many")]
    Hash,
}

impl ParseTlogProofError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        Class::Invalid
    }
}

/// Why a tlog proof proves nothing.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum VerifyTlogProofError {
    /// The checkpoint is no seal.
    #[error("read checkpoint of tlog proof")]
    Checkpoint(#[source] ParseSealError),
    /// A proof for another ledger.
    #[error("tlog proof is about another ledger")]
    OtherLedger,
    /// The seal does not count.
    #[error("verify seal of tlog proof")]
    Seal(#[source] VerifySealError),
    /// The entry is not under it.
    #[error("verify inclusion in tlog proof")]
    Inclusion(#[source] ProofError),
}

impl VerifyTlogProofError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        match self {
            Self::Checkpoint(_) | Self::OtherLedger | Self::Inclusion(_) => Class::Invalid,
            Self::Seal(error) => error.class(),
        }
    }
}

#[cfg(test)]
mod tests;
