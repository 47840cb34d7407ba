//! Certificates, trust roots, CRLs and keys as files. Every error names its file.
//!
//! Private keys are written readable by their owner only, and every file is replaced by a rename,
//! so that a reader sees the old one or the new one. Passwords on keys are deliberately absent: a
//! service that restarts by itself would have to keep the password beside the key.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use record::Timestamp;
use rustls_pki_types::pem::{self, PemObject};
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use thiserror::Error;

/// Most bytes read from one file; a CRL of a province fits many times.
pub const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Most certificates in one file.
pub const CERTIFICATES_MAX: usize = 64;

/// Reads the certificates of a PEM file: a chain, leaf first, or a bundle of roots.
pub fn read_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, FileError> {
    let bytes = read(path)?;
    let found = CertificateDer::pem_slice_iter(&bytes).collect::<Result<Vec<_>, _>>();
    let found = found.map_err(|source| FileError::Pem { path: path.into(), source })?;
    if found.is_empty() || found.len() > CERTIFICATES_MAX {
        return Err(FileError::Count {
            path: path.into(),
            what: "certificates",
            count: found.len(),
        });
    }
    Ok(found)
}

/// Reads the first private key of a PEM file.
pub fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>, FileError> {
    let bytes = read(path)?;
    PrivateKeyDer::from_pem_slice(&bytes)
        .map_err(|source| FileError::Pem { path: path.into(), source })
}

/// Reads the CRLs of a PEM file, or the one of a DER file.
pub fn read_crls(path: &Path) -> Result<Vec<CertificateRevocationListDer<'static>>, FileError> {
    let bytes = read(path)?;
    if bytes.first() == Some(&DER_SEQUENCE) {
        return Ok(vec![bytes.into()]);
    }
    let found = CertificateRevocationListDer::pem_slice_iter(&bytes).collect::<Result<Vec<_>, _>>();
    let found = found.map_err(|source| FileError::Pem { path: path.into(), source })?;
    if found.is_empty() || found.len() > CERTIFICATES_MAX {
        return Err(FileError::Count { path: path.into(), what: "CRLs", count: found.len() });
    }
    Ok(found)
}

/// Writes a private key, mode 0600.
pub fn write_secret(path: &Path, text: &str) -> Result<(), FileError> {
    replace(path, text, 0o600)
}

/// Writes a certificate or CRL, mode 0644.
pub fn write_public(path: &Path, text: &str) -> Result<(), FileError> {
    replace(path, text, 0o644)
}

/// Since when others than its owner may read a file; nobody reads an absent one.
pub(crate) fn readable_by_others(path: &Path) -> Option<Timestamp> {
    let meta = fs::metadata(path).ok().filter(|meta| meta.permissions().mode() & 0o077 != 0)?;
    Some(Timestamp(meta.ctime().saturating_mul(1000)))
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    let failed = |source| FileError::Read { path: path.into(), source };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(failed)?;
    if u64::try_from(bytes.len()).is_ok_and(|len| len > FILE_BYTES_MAX) {
        return Err(FileError::TooLarge { path: path.into() });
    }
    Ok(bytes)
}

fn replace(path: &Path, text: &str, mode: u32) -> Result<(), FileError> {
    let failed = |source| FileError::Write { path: path.into(), source };
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".new");
    let fresh = path.with_file_name(name);
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        Ok(()) | Err(_) => {}
    }
    let options = OpenOptions::new().write(true).create_new(true).mode(mode).open(&fresh);
    let mut file = options.map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    fs::rename(&fresh, path).map_err(failed)?;
    let directory = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    File::open(directory.unwrap_or(Path::new("."))).and_then(|dir| dir.sync_all()).map_err(failed)
}

/// What a DER file begins with; PEM begins with text.
const DER_SEQUENCE: u8 = 0x30;

/// Why a file of the trust material could not be read or written.
#[derive(Debug, Error)]
pub enum FileError {
    /// Not readable.
    #[error("read {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Larger than [`FILE_BYTES_MAX`].
    #[error("read {}: larger than {FILE_BYTES_MAX} bytes", path.display())]
    TooLarge {
        /// Which file.
        path: PathBuf,
    },
    /// Not PEM, or the wrong section in it.
    #[error("read the PEM text of {}", path.display())]
    Pem {
        /// Which file.
        path: PathBuf,
        /// What is wrong with the text.
        #[source]
        source: pem::Error,
    },
    /// None, or more than [`CERTIFICATES_MAX`].
    #[error("read {}: {count} {what} in it, not 1 to {CERTIFICATES_MAX}", path.display())]
    Count {
        /// Which file.
        path: PathBuf,
        /// Certificates or CRLs.
        what: &'static str,
        /// How many there are.
        count: usize,
    },
    /// Not writable.
    #[error("write {}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_for_their_owner_and_errors_name_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hall.key");
        write_public(&path, "first").unwrap();
        assert!(readable_by_others(&path).is_some());
        write_secret(&path, "second").unwrap();
        assert!(readable_by_others(&path).is_none());
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no temporary file stays");

        let error = read_key(&path).unwrap_err();
        assert!(error.to_string().contains("hall.key"), "{error}");
        let error = read_certificates(&dir.path().join("absent.pem")).unwrap_err();
        assert!(error.to_string().contains("absent.pem"), "{error}");
        let error = read_certificates(&path).unwrap_err();
        assert!(matches!(error, FileError::Count { count: 0, .. }), "{error}");
    }
}
