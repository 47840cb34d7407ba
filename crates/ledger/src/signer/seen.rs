//! Signatures that were found good before.
//!
//! One seal comes many times: with its batch, in a greeting, inside the receipt of each of seventy
//! holders, in a proof. Ed25519 says the same each time and takes 50 µs for it, a look-up takes less
//! than one. Only good signatures are remembered, under the SHA-256 of key, signature and message, so
//! a remembered answer is the answer. The table is small and forgets by being overwritten.

use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

/// Signatures remembered in one process: 256 KiB of fingerprints.
pub(super) const SEEN_MAX: usize = 8192;

static SEEN: Mutex<Vec<[u8; 32]>> = Mutex::new(Vec::new());

/// What a signature is remembered by.
pub(super) struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(super) fn of(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> Self {
        // Two fields of fixed length first: no message can pass as part of a key or a signature.
        Self(
            Sha256::new()
                .chain_update(public)
                .chain_update(signature)
                .chain_update(message)
                .finalize()
                .into(),
        )
    }

    /// Whether it was found good before.
    pub(super) fn is_known(&self) -> bool {
        let seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(self.slot()).is_some_and(|known| *known == self.0)
    }

    /// Remembers it as good.
    pub(super) fn remember(&self) {
        let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.is_empty() {
            seen.resize(SEEN_MAX, [0; 32]);
        }
        if let Some(slot) = seen.get_mut(self.slot()) {
            *slot = self.0;
        }
    }

    fn slot(&self) -> usize {
        let [a, b, ..] = self.0;
        usize::from(u16::from_be_bytes([a, b])) % SEEN_MAX
    }
}
