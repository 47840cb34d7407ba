//! The seal (签封) of a ledger: a C2SP `tlog-checkpoint` signed by the ledger's log key.
//!
//! ```text
//! jilin.example/hallway/220100/records/1          origin: the ledger's name
//! 70000                                           size
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=    root
//!
//! — jilin.example/hallway/220100/records/1 <base64(key id ‖ Ed25519 signature)>
//! ```
//!
//! No extension lines, one signature, under the origin's own name: a seal has one spelling, is
//! stored and sent as it was signed, and is compared as a string. A checkpoint that others have
//! cosigned is read with [`Seal::parse_cosigned`], which gives back the bare seal.
//!
//! Absent on purpose: which key is valid at which size. That is the directory's knowledge; here a
//! key either made the signature or did not, and an unknown key is told apart from a bad signature.

use record::{Class, Hash, LedgerName};
use thiserror::Error;

use crate::keys::{ALGORITHM_ED25519, key_id};
use crate::note::{Note, NoteError, SignatureLine, format_hash, parse_decimal, parse_hash};
use crate::proof::verify_consistency;
use crate::signer::{SignError, Signer, is_signed};
use crate::tree::TREE_SIZE_MAX;

/// A ledger's signed head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// The ledger, and the checkpoint's origin.
    pub ledger: LedgerName,
    /// How many entries it had.
    pub size: u64,
    /// RFC 6962 root over them.
    pub root: Hash,
    key_id: [u8; 4],
    signature: [u8; 64],
    note: String,
}

impl Seal {
    /// Signs a head.
    pub fn sign(
        ledger: &LedgerName,
        size: u64,
        root: Hash,
        signer: &dyn Signer,
    ) -> Result<Self, SignError> {
        let name = ledger.to_string();
        let note = Note::sign(seal_text(ledger, size, &root), &name, signer)?;
        let (seal, _) = Self::from_note(note).expect("a head signed under its own name is a seal");
        Ok(seal)
    }

    /// Reads a seal that nobody else has signed: the form in which ledgers store and send it.
    pub fn parse(note: &str) -> Result<Self, ParseSealError> {
        let (seal, others) = Self::parse_cosigned(note)?;
        if others.is_empty() { Ok(seal) } else { Err(ParseSealError::Signatures) }
    }

    /// Reads a checkpoint with any further signatures; gives the bare seal and the others' lines.
    pub fn parse_cosigned(note: &str) -> Result<(Self, Vec<SignatureLine>), ParseSealError> {
        Self::from_note(Note::parse(note).map_err(ParseSealError::Note)?)
    }

    /// Checks that the holder of `public` signed this head.
    pub fn verify(&self, public: &[u8; 32]) -> Result<(), VerifySealError> {
        if self.key_id != key_id(&self.ledger.to_string(), ALGORITHM_ED25519, public) {
            return Err(VerifySealError::OtherKey);
        }
        if is_signed(public, self.text().as_bytes(), &self.signature) {
            Ok(())
        } else {
            Err(VerifySealError::Signature)
        }
    }

    /// Whether this seal and `newer`, of the same ledger, cannot both be true: the tree under
    /// `newer` has, by this consistency proof, the root `other_root` where this seal has its own.
    /// That both are signed by the ledger's key is for the caller to see.
    pub fn is_contradicted(&self, newer: &Self, other_root: &Hash, consistency: &[Hash]) -> bool {
        let proven =
            verify_consistency(self.size, other_root, newer.size, &newer.root, consistency);
        self.ledger == newer.ledger && *other_root != self.root && proven.is_ok()
    }

    /// The seal as it was signed, byte for byte.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// The signed text alone: origin, size and root.
    pub fn text(&self) -> String {
        seal_text(&self.ledger, self.size, &self.root)
    }

    /// The id of the key that claims to have signed.
    pub fn key_id(&self) -> [u8; 4] {
        self.key_id
    }

    fn from_note(note: Note) -> Result<(Self, Vec<SignatureLine>), ParseSealError> {
        let (ledger, size, root) = parse_text(&note.text)?;
        let name = ledger.to_string();
        let (mut own, others): (Vec<_>, Vec<_>) =
            note.signatures.into_iter().partition(|line| line.name == name);
        let (Some(line), true) = (own.pop(), own.is_empty()) else {
            return Err(ParseSealError::Signatures);
        };
        let signature: [u8; 64] =
            line.signature.as_slice().try_into().map_err(|_| ParseSealError::Signatures)?;
        let key_id = line.key_id;
        let note = Note { text: note.text, signatures: vec![line] }.to_string();
        Ok((Self { ledger, size, root, key_id, signature, note }, others))
    }
}

fn seal_text(ledger: &LedgerName, size: u64, root: &Hash) -> String {
    format!("{ledger}\n{size}\n{}\n", format_hash(root))
}

fn parse_text(text: &str) -> Result<(LedgerName, u64, Hash), ParseSealError> {
    let lines: Vec<&str> = text.split('\n').take(5).collect();
    let [origin, size, root, ""] = lines.as_slice() else {
        return Err(ParseSealError::Lines);
    };
    let ledger = origin.parse().map_err(ParseSealError::Origin)?;
    let size =
        parse_decimal(size).filter(|size| *size <= TREE_SIZE_MAX).ok_or(ParseSealError::Size)?;
    let root = parse_hash(root).ok_or(ParseSealError::Root)?;
    Ok((ledger, size, root))
}

/// Why a text is no seal.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ParseSealError {
    /// Not a signed note at all.
    #[error("read seal as a signed note")]
    Note(#[source] NoteError),
    /// Not exactly origin, size and root.
    #[error("seal does not have exactly three lines of text")]
    Lines,
    /// The origin is not a ledger's name.
    #[error("read origin of seal")]
    Origin(#[source] record::NameError),
    /// Not a canonical decimal, or beyond [`TREE_SIZE_MAX`].
    #[error("seal has a malformed size")]
    Size,
    /// Not 32 bytes of canonical base64.
    #[error("seal has a malformed root")]
    Root,
    /// Not exactly one Ed25519 signature under the ledger's name, or others where none may be.
    #[error("seal is not signed once under its ledger's name")]
    Signatures,
}

impl ParseSealError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        Class::Invalid
    }
}

/// Why a seal does not count.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum VerifySealError {
    /// Another key claims to have signed: perhaps one we do not know yet.
    #[error("seal names another key")]
    OtherKey,
    /// The key is named, the signature is not its own.
    #[error("seal has a bad signature")]
    Signature,
}

impl VerifySealError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        match self {
            Self::OtherKey => Class::Precondition,
            Self::Signature => Class::Invalid,
        }
    }
}

#[cfg(test)]
mod tests;
