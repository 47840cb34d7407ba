//! Receipts: making this hall's own, verifying those that arrive.
//!
//! Only for what is held at a seal, and never for receipts: they are no entries. That sizes and
//! times do not go back is for the machine, which remembers.

use ledger::{Disk, ReadError, Reader, Receipt, SignReceiptError, Signer};
use policy::{Acts, KeyVerdict};
use record::{HallId, LedgerName, Timestamp, TrustDomain};
use thiserror::Error;
use wire::frame::SignedReceipt;

/// Who signs receipts.
#[derive(Clone, Copy)]
pub struct Holder<'a> {
    /// Its trust domain.
    pub domain: &'a TrustDomain,
    /// Its name.
    pub hall: &'a HallId,
    /// Its holder key, used for nothing else.
    pub signer: &'a dyn Signer,
}

/// Why no receipt was made.
#[derive(Debug, Error)]
pub enum MakeReceiptError {
    /// The holding could not be read.
    #[error("read what is held for a receipt")]
    Read(#[from] ReadError),
    /// It could not be signed.
    #[error("sign what is held")]
    Sign(#[from] SignReceiptError),
}

/// A receipt for what is held of a ledger now; none while nothing is held at a seal.
pub fn make<D: Disk>(
    reader: &Reader<D>,
    holder: Holder<'_>,
    ledger: &LedgerName,
    now: Timestamp,
) -> Result<Option<SignedReceipt>, MakeReceiptError> {
    let Some(holding) = reader.holding(ledger)? else { return Ok(None) };
    let receipt = Receipt::sign(&holding, holder.hall, holder.domain, now, holder.signer)?;
    Ok(Some(SignedReceipt {
        holder: receipt.holder,
        ledger: receipt.ledger,
        size: receipt.size,
        cosigned_seal: receipt.cosigned_seal,
        holding_note: receipt.holding_note,
    }))
}

/// Reads and verifies a receipt with the keys that the acts give; none when anything is amiss.
pub fn check(acts: &Acts, signed: &SignedReceipt) -> Option<Receipt> {
    let receipt = Receipt::parse(&signed.cosigned_seal, &signed.holding_note).ok()?;
    let says = (&receipt.holder, &receipt.ledger, receipt.size);
    if says != (&signed.holder, &signed.ledger, signed.size)
        || receipt.domain != *signed.ledger.domain()
    {
        return None;
    }
    let KeyVerdict::Key(log) = acts.key_for(&receipt.ledger, receipt.size) else { return None };
    let holders = acts.holder_keys(&receipt.holder);
    holders.iter().any(|holder| receipt.verify(holder, &log).is_ok()).then_some(receipt)
}
