//! Signing keys from PKCS#8 files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ledger::{KeyError, Signer, Software};
use thiserror::Error;

/// Why a key file is no key.
#[derive(Debug, Error)]
pub enum KeyFileError {
    /// It cannot be read.
    #[error("read key file {path}; `hallway init` makes one")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is no Ed25519 key in PKCS#8.
    #[error("read key file {path} as PKCS#8 Ed25519")]
    Parse {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: KeyError,
    },
}

/// The signer of a key file.
pub fn signer(path: &Path) -> Result<Arc<dyn Signer>, KeyFileError> {
    let text = fs::read_to_string(path)
        .map_err(|source| KeyFileError::Read { path: path.to_owned(), source })?;
    let key = Software::from_pkcs8_pem(&text)
        .map_err(|source| KeyFileError::Parse { path: path.to_owned(), source })?;
    Ok(Arc::new(key))
}
