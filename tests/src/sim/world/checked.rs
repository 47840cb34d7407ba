//! Receipts that were verified before, by all that went into it: both texts and the keys.
//!
//! Verifying is a pure function, and all of Jilin hands ten thousand receipts over four halls each;
//! remembering what it gave is what makes such a world affordable. Nothing is taken on trust: another
//! byte or another key is another question.

use std::collections::BTreeMap;

use ledger::Receipt;
use link::desk::evidence;
use policy::{Acts, KeyVerdict};
use sha2::{Digest, Sha256};
use wire::frame::SignedReceipt;

/// What verifying gave.
#[derive(Debug, Default)]
pub(super) struct Checked {
    known: BTreeMap<[u8; 32], Option<Receipt>>,
}

impl Checked {
    /// The receipt, if it verifies by these acts.
    pub(super) fn check(&mut self, acts: &Acts, signed: &SignedReceipt) -> Option<Receipt> {
        let found = self.known.entry(question(acts, signed));
        found.or_insert_with(|| evidence::check(acts, signed)).clone()
    }
}

fn question(acts: &Acts, signed: &SignedReceipt) -> [u8; 32] {
    let mut hash = Sha256::new();
    for text in [
        signed.holder.as_str(),
        &signed.ledger.to_string(),
        &signed.cosigned_seal,
        &signed.holding_note,
    ] {
        hash.update(text.len().to_be_bytes());
        hash.update(text);
    }
    hash.update(signed.size.to_be_bytes());
    match acts.key_for(&signed.ledger, signed.size) {
        KeyVerdict::Key(key) => hash.update(key),
        KeyVerdict::UnknownHall
        | KeyVerdict::UnknownKey
        | KeyVerdict::Pinned { .. }
        | KeyVerdict::Revoked => hash.update([0]),
    }
    for key in acts.holder_keys(&signed.holder) {
        hash.update(key);
    }
    hash.finalize().into()
}
