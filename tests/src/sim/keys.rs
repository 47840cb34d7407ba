//! Keys of simulated halls: real Ed25519, derived from the seed, worth nothing outside.

use std::sync::Arc;

use ledger::{Signer, Software, VerifierKey};
use record::{HallId, TrustDomain};
use sha2::{Digest, Sha256};

/// One hall's keys.
#[derive(Clone)]
pub struct Keys {
    domain: TrustDomain,
    hall: HallId,
    log: Arc<Software>,
    next: Arc<Software>,
    /// Signs receipts.
    pub holder: Arc<Software>,
}

impl Keys {
    /// The keys of a hall in the world of a seed.
    pub fn of(seed: u64, domain: &TrustDomain, hall: &HallId) -> Self {
        let key = |purpose| Arc::new(Software::from_seed(&secret(seed, hall, purpose)));
        Self {
            domain: domain.clone(),
            hall: hall.clone(),
            log: key("log"),
            next: key("next log"),
            holder: key("holder"),
        }
    }

    /// The log key of the start.
    pub fn log(&self) -> Arc<dyn Signer> {
        Arc::<Software>::clone(&self.log)
    }

    /// The log key of a rotation.
    pub fn next_log(&self) -> Arc<dyn Signer> {
        Arc::<Software>::clone(&self.next)
    }

    /// The first log key as the directory writes it.
    pub fn log_text(&self) -> String {
        VerifierKey::log(&self.domain, &self.hall, self.log.public()).to_string()
    }

    /// The next log key as the directory writes it.
    pub fn next_log_text(&self) -> String {
        VerifierKey::log(&self.domain, &self.hall, self.next.public()).to_string()
    }

    /// The holder key as the directory writes it.
    pub fn holder_text(&self) -> String {
        VerifierKey::holder(&self.domain, &self.hall, self.holder.public()).to_string()
    }
}

/// Thirty-two bytes that only this seed, hall and purpose have.
pub fn secret(seed: u64, hall: &HallId, purpose: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    hash.update(hall.as_str().as_bytes());
    hash.update([0]);
    hash.update(purpose.as_bytes());
    hash.finalize().into()
}
