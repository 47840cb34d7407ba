//! A revocation list (吊销列表, CRL) as read: whose it is, its number, when the next one is due.
//!
//! A hall goes on when the place that makes the lists does not: a list past its time is still used
//! for a grace, under an alarm, and only then stands for "unknown". A list whose signature does not
//! fit the trust root of its name is refused when it is read, so that a bad file never takes the
//! place of a good one.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use record::Timestamp;
use rustls_pki_types::CertificateDer;
use thiserror::Error;
use webpki::{CertRevocationList, OwnedCertRevocationList};
use x509_parser::{parse_x509_certificate, parse_x509_crl};

use crate::identity::Serial;

/// One list.
pub(crate) struct RevocationList {
    /// The file it came from.
    pub(crate) path: PathBuf,
    /// The issuer's name in DER.
    pub(crate) issuer: Vec<u8>,
    /// Its number; 0 when it has none.
    pub(crate) number: u64,
    /// When the next one is due.
    pub(crate) next_update: Timestamp,
    /// How many certificates it names.
    pub(crate) revoked_count: usize,
    /// What the verifier reads.
    pub(crate) list: CertRevocationList<'static>,
}

impl RevocationList {
    /// Reads one list.
    pub(crate) fn read(path: &Path, der: &[u8]) -> Result<Self, RevocationError> {
        let malformed = || RevocationError::Malformed { path: path.into() };
        let list = OwnedCertRevocationList::from_der(der)
            .map_err(|source| RevocationError::Unsupported { path: path.into(), source })?;
        let (_, parsed) = parse_x509_crl(der).map_err(|_| malformed())?;
        let next_update = parsed.next_update().ok_or_else(malformed)?;
        let number = parsed.crl_number().and_then(|n| n.to_u64_digits().first().copied());
        Ok(Self {
            path: path.into(),
            issuer: parsed.issuer().as_raw().to_vec(),
            number: number.unwrap_or(0),
            next_update: Timestamp(next_update.timestamp().saturating_mul(1000)),
            revoked_count: parsed.iter_revoked_certificates().count(),
            list: list.into(),
        })
    }

    /// The serials on the list, with their times.
    pub(crate) fn revoked(&self, der: &[u8]) -> Result<Vec<(Serial, Timestamp)>, RevocationError> {
        let malformed = |_| RevocationError::Malformed { path: self.path.clone() };
        let (_, parsed) = parse_x509_crl(der).map_err(malformed)?;
        let entry = parsed.iter_revoked_certificates().map(|entry| {
            let at = Timestamp(entry.revocation_date.timestamp().saturating_mul(1000));
            (Serial::from_bytes(entry.raw_serial()), at)
        });
        Ok(entry.collect())
    }

    /// Refuses a list that names a root as its issuer without that root's signature.
    pub(crate) fn check_signature(
        &self,
        der: &[u8],
        roots: &[CertificateDer<'_>],
    ) -> Result<(), RevocationError> {
        let malformed = |_| RevocationError::Malformed { path: self.path.clone() };
        let (_, parsed) = parse_x509_crl(der).map_err(malformed)?;
        let mut named = false;
        for root in roots {
            let Ok((_, root)) = parse_x509_certificate(root) else { continue };
            if root.subject().as_raw() == self.issuer.as_slice() {
                named = true;
                if parsed.verify_signature(root.public_key()).is_ok() {
                    return Ok(());
                }
            }
        }
        if named { Err(RevocationError::Signature { path: self.path.clone() }) } else { Ok(()) }
    }

    /// How it stands at `now`.
    pub(crate) fn freshness(&self, now: Timestamp, grace: Duration) -> Freshness {
        if now <= self.next_update {
            Freshness::Fresh
        } else if now <= self.next_update.after(grace) {
            Freshness::Grace
        } else {
            Freshness::Expired
        }
    }
}

impl fmt::Display for RevocationList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, revoked_count, next_update, .. } = self;
        write!(f, "CRL {number}, {revoked_count} revoked, next update {next_update}")
    }
}

/// Whether a revocation list may still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Within its time.
    Fresh,
    /// Past its time, used under an alarm.
    Grace,
    /// Past the grace: whoever it could revoke is refused.
    Expired,
}

/// Why a CRL file was not taken.
#[derive(Debug, Error)]
pub enum RevocationError {
    /// Not a CRL with a next update.
    #[error("{} is not a revocation list with a next update", path.display())]
    Malformed {
        /// Which file.
        path: PathBuf,
    },
    /// A delta or indirect list, or not DER.
    #[error("read the revocation list {}", path.display())]
    Unsupported {
        /// Which file.
        path: PathBuf,
        /// What the verifier said.
        #[source]
        source: webpki::Error,
    },
    /// Signed by another key than the root of its name.
    #[error("{} is not signed by the trust root it names", path.display())]
    Signature {
        /// Which file.
        path: PathBuf,
    },
}
