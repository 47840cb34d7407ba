//! The receipt (签收证据): what a holder signs about a ledger it holds, offline evidence for anyone.
//!
//! Two notes of one key, made together and checked together:
//!
//! * the seal with the holder's C2SP cosignature, in the sense of tlog-mirror: every *leaf* below
//!   the size is durable here, and this head extends all earlier ones;
//! * the holding note `hallway-holding/v1`: how many entries are held whole, in part, as stubs, and
//!   the root over all held-part masks, which proves the *bytes*, entry by entry.
//!
//! Both carry the same time in whole seconds, the grain of C2SP cosignatures. They are kept as they
//! were signed; the fields beside them are read from the texts and cannot say anything else.
//!
//! Absent on purpose: when a receipt is due, and that sizes and times never go back. Both need
//! memory; the writer and the links have it. Receipts for receipts do not exist.

mod cosignature;
mod holding;

use record::{Class, HallId, LedgerName, Timestamp, TrustDomain};
use thiserror::Error;

pub use cosignature::{CosignatureError, cosign, verify_cosignature};
pub use holding::{Holding, HoldingError, MASK_BLOCK_ENTRIES, masks_root};

use crate::keys::{ALGORITHM_ED25519, VerifierKey, holder_key_name, holding_key_name};
use crate::note::{Note, NoteError};
use crate::seal::{ParseSealError, Seal, VerifySealError};
use crate::signer::{SignError, Signer, is_signed};

/// Evidence of one holder about one ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Who holds.
    pub holder: HallId,
    /// The holder's trust domain.
    pub domain: TrustDomain,
    /// What it holds.
    pub ledger: LedgerName,
    /// How far.
    pub size: u64,
    /// When, by the holder's clock, in whole seconds.
    pub at: Timestamp,
    /// The seal with the holder's cosignature.
    pub cosigned_seal: String,
    /// The holding note.
    pub holding_note: String,
    holding: Holding,
}

impl Receipt {
    /// Signs what is held, as `holder` of `domain`, at `at`.
    pub fn sign(
        holding: &Holding,
        holder: &HallId,
        domain: &TrustDomain,
        at: Timestamp,
        signer: &dyn Signer,
    ) -> Result<Self, SignReceiptError> {
        holding.check().map_err(SignReceiptError::Holding)?;
        let seconds = at.seconds();
        let name = holder_key_name(domain, holder);
        let line = cosign(&holding.seal, &name, seconds, signer)?;
        let text = holding.text(holder, domain, seconds);
        let note = Note::sign(text, &holding_key_name(domain, holder), signer)?;
        Ok(Self {
            holder: holder.clone(),
            domain: domain.clone(),
            ledger: holding.ledger.clone(),
            size: holding.size,
            at: from_seconds(seconds).ok_or(SignReceiptError::Time)?,
            cosigned_seal: format!("{}{line}\n", holding.seal.note()),
            holding_note: note.to_string(),
            holding: holding.clone(),
        })
    }

    /// Reads the two notes; everything but the signatures is checked.
    pub fn parse(cosigned_seal: &str, holding_note: &str) -> Result<Self, ParseReceiptError> {
        let (seal, others) =
            Seal::parse_cosigned(cosigned_seal).map_err(ParseReceiptError::Seal)?;
        let note = Note::parse(holding_note).map_err(ParseReceiptError::Note)?;
        let (holding, holder, domain, seconds) =
            Holding::parse(&note.text, seal).map_err(ParseReceiptError::Holding)?;
        let ([cosignature], [signature]) = (others.as_slice(), note.signatures.as_slice()) else {
            return Err(ParseReceiptError::Signatures);
        };
        let canonical = format!("{}{cosignature}\n", holding.seal.note()) == cosigned_seal;
        if !canonical
            || cosignature.name != holder_key_name(&domain, &holder)
            || signature.name != holding_key_name(&domain, &holder)
            || signature.signature.len() != 64
        {
            return Err(ParseReceiptError::Signatures);
        }
        let said = cosignature::timestamp(&cosignature.signature);
        let at = from_seconds(seconds).filter(|_| said == Some(seconds));
        Ok(Self {
            holder,
            domain,
            ledger: holding.ledger.clone(),
            size: holding.size,
            at: at.ok_or(ParseReceiptError::Times)?,
            cosigned_seal: cosigned_seal.to_owned(),
            holding_note: holding_note.to_owned(),
            holding,
        })
    }

    /// Checks all three signatures: the log's on the seal, the holder's on seal and holding note.
    pub fn verify(&self, holder: &[u8; 32], log: &[u8; 32]) -> Result<(), VerifyReceiptError> {
        let signed = Self::parse(&self.cosigned_seal, &self.holding_note)?;
        if signed != *self {
            return Err(VerifyReceiptError::OtherFields);
        }
        self.holding.seal.verify(log).map_err(VerifyReceiptError::Seal)?;
        let key = VerifierKey::holder(&self.domain, &self.holder, *holder);
        verify_cosignature(&self.cosigned_seal, &key).map_err(VerifyReceiptError::Cosignature)?;
        let key = VerifierKey {
            name: holding_key_name(&self.domain, &self.holder),
            algorithm: ALGORITHM_ED25519,
            public: *holder,
        };
        let note = Note::parse(&self.holding_note)
            .map_err(|error| VerifyReceiptError::Parse(ParseReceiptError::Note(error)))?;
        let signature = note.signature_by(&key).and_then(|bytes| bytes.first_chunk::<64>());
        let signature = signature.ok_or(VerifyReceiptError::OtherKey)?;
        if is_signed(holder, note.text.as_bytes(), signature) {
            Ok(())
        } else {
            Err(VerifyReceiptError::HoldingSignature)
        }
    }

    /// What is held: seal, counts, and the root over the masks.
    pub fn holding(&self) -> &Holding {
        &self.holding
    }
}

/// Whole seconds as a point in time, while milliseconds can hold them.
fn from_seconds(seconds: u64) -> Option<Timestamp> {
    i64::try_from(seconds).ok()?.checked_mul(1000).map(Timestamp)
}

/// Why no receipt was made.
#[derive(Debug, Error)]
pub enum SignReceiptError {
    /// The numbers contradict each other.
    #[error("sign a holding that contradicts itself")]
    Holding(#[source] HoldingError),
    /// The time cannot be written.
    #[error("sign a receipt outside the calendar")]
    Time,
    /// The signer did not sign.
    #[error("sign a receipt")]
    Sign(#[from] SignError),
}

impl SignReceiptError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        match self {
            Self::Holding(_) | Self::Time => Class::Internal,
            Self::Sign(error) => error.class(),
        }
    }
}

/// Why two texts are no receipt.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ParseReceiptError {
    /// The first is no cosigned seal.
    #[error("read seal of receipt")]
    Seal(#[source] ParseSealError),
    /// The second is no signed note.
    #[error("read holding note of receipt as a signed note")]
    Note(#[source] NoteError),
    /// The second is no holding note about that seal.
    #[error("read holding note of receipt")]
    Holding(#[source] HoldingError),
    /// Not exactly one cosignature and one note signature of the holder, in their places.
    #[error("receipt is not signed once by its holder on either note")]
    Signatures,
    /// Cosignature and holding note differ in time, or name one that cannot be.
    #[error("receipt names two times, or one outside the calendar")]
    Times,
}

impl ParseReceiptError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        Class::Invalid
    }
}

/// Why a receipt proves nothing.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum VerifyReceiptError {
    /// The texts are no receipt.
    #[error("read receipt")]
    Parse(#[from] ParseReceiptError),
    /// The fields say something else than the signed texts.
    #[error("receipt's fields are not those of its texts")]
    OtherFields,
    /// The log's signature does not count.
    #[error("verify seal of receipt")]
    Seal(#[source] VerifySealError),
    /// The holder's cosignature does not count.
    #[error("verify cosignature of receipt")]
    Cosignature(#[source] CosignatureError),
    /// Another key claims to have signed the holding note.
    #[error("holding note names another key")]
    OtherKey,
    /// The holding note's signature is not the holder's.
    #[error("holding note has a bad signature")]
    HoldingSignature,
}

impl VerifyReceiptError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        match self {
            Self::Parse(_) | Self::OtherFields | Self::HoldingSignature => Class::Invalid,
            Self::Seal(error) => error.class(),
            Self::Cosignature(error) => error.class(),
            Self::OtherKey => Class::Precondition,
        }
    }
}

#[cfg(test)]
mod tests;
