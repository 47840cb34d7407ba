//! A hall's two signing keys: the log key seals, the holder key signs receipts and nothing else.
//! Both are PKCS#8 PEM files, Ed25519, readable by their owner only.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use ledger::{KeyError, Signer, Software, VerifierKey};
use record::{HallId, TrustDomain};

use super::BirthError;
use crate::config::Settings;

/// The public halves of a hall's signing keys, as C2SP verifier keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPair {
    /// The log key.
    pub log: String,
    /// The holder key.
    pub holder: String,
}

impl KeyPair {
    /// Makes both keys in a new data directory.
    pub(super) fn make(
        directory: &Path,
        domain: &TrustDomain,
        hall: &HallId,
    ) -> Result<Self, BirthError> {
        let keys = directory.join("keys");
        if !keys.is_dir() {
            let made = fs::DirBuilder::new().mode(0o700).create(&keys);
            made.map_err(|source| BirthError::Directory { path: keys.clone(), source })?;
        }
        let log = make_key(&keys.join("log.key"))?;
        let holder = make_key(&keys.join("holder.key"))?;
        Ok(Self::of(domain, hall, &log, &holder))
    }

    fn of(domain: &TrustDomain, hall: &HallId, log: &Software, holder: &Software) -> Self {
        Self {
            log: VerifierKey::log(domain, hall, log.public()).to_string(),
            holder: VerifierKey::holder(domain, hall, holder.public()).to_string(),
        }
    }
}

/// The public halves of the keys of a hall that lives.
pub fn hall_keys(settings: &Settings) -> Result<KeyPair, BirthError> {
    let (log, holder) = (signer(&settings.log_key)?, signer(&settings.holder_key)?);
    Ok(KeyPair::of(&settings.domain, &settings.hall, &log, &holder))
}

/// Reads a signing key.
pub fn signer(path: &Path) -> Result<Software, BirthError> {
    let text = fs::read_to_string(path)
        .map_err(|source| pki::FileError::Read { path: path.to_owned(), source })?;
    Software::from_pkcs8_pem(&text).map_err(wrong(path))
}

fn make_key(path: &Path) -> Result<Software, BirthError> {
    let key = Software::generate().map_err(wrong(path))?;
    pki::write_secret(path, &key.to_pkcs8_pem().map_err(wrong(path))?)?;
    Ok(key)
}

fn wrong(path: &Path) -> impl Fn(KeyError) -> BirthError {
    move |source| BirthError::Key { path: path.to_owned(), source }
}
