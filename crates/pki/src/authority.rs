//! A development authority (开发用证书颁发机构): issues and revokes the certificates of one trust
//! domain, from the profiles in `certs/profiles.toml`, all ECDSA P-256.
//!
//! Its state is its newest CRL: number and revoked serials are read back from there, so there is no
//! list beside it that could disagree. Its own certificate carries `spiffe://<trust-domain>`, and it
//! signs for nobody outside. Deliberately absent: signing requests from elsewhere, OCSP,
//! intermediates; a production domain brings its own authority and gives us its files.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, RevokedCertParams, SanType, SerialNumber,
};
use record::{NameError, Timestamp, TrustDomain};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use thiserror::Error;
use time::OffsetDateTime;
use x509_parser::extensions::GeneralName;
use x509_parser::parse_x509_certificate;

use crate::files::{self, FileError};
use crate::identity::{Bearer, Identity, IdentityError, Serial};
use crate::profile::Profile;
use crate::revocation::{RevocationError, RevocationList};

/// How long before its making a certificate or CRL is valid, for machines whose clocks are behind.
pub const BACKDATE: Duration = Duration::from_hours(1);
/// The next update a CRL promises unless told otherwise.
pub const CRL_LIFE: Duration = Duration::from_hours(30 * 24);

/// A trust domain's authority, with its key in memory.
pub struct Authority {
    domain: TrustDomain,
    certificate: CertificateDer<'static>,
    pem: String,
    key: KeyPair,
    revoked: BTreeMap<Serial, Timestamp>,
    crl_number: u64,
}

impl Authority {
    /// A new authority for `domain` with a new key.
    pub fn new(domain: TrustDomain, now: Timestamp) -> Result<Self, AuthorityError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::default();
        // Verifiers find CRLs by this name: two authorities must never share one.
        let distinct = Serial::from_bytes(key.public_key_raw().get(1..5).unwrap_or_default());
        let name = format!("Hallway development CA {distinct}");
        params.distinguished_name.push(DnType::CommonName, name);
        params.subject_alt_names = vec![uri(&format!("spiffe://{domain}"))?];
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        (params.not_before, params.not_after) = validity(now, Profile::authority().days)?;
        let certificate = params.self_signed(&key)?;
        Ok(Self {
            domain,
            certificate: certificate.der().clone(),
            pem: certificate.pem(),
            key,
            revoked: BTreeMap::new(),
            crl_number: 0,
        })
    }

    /// Reads an authority back from its files; an absent CRL means that none was made yet.
    pub fn load(at: &AuthorityFiles) -> Result<Self, AuthorityError> {
        let certificate = files::read_certificates(&at.certificate)?.remove(0);
        let PrivateKeyDer::Pkcs8(key) = files::read_key(&at.key)? else {
            return Err(AuthorityError::Key { path: at.key.clone() });
        };
        let key = KeyPair::from_pkcs8_der_and_sign_algo(&key, &PKCS_ECDSA_P256_SHA256)?;
        let mut authority = Self {
            domain: domain_of(&certificate, &at.certificate)?,
            pem: String::from_utf8_lossy(&files::read(&at.certificate)?).into_owned(),
            certificate,
            key,
            revoked: BTreeMap::new(),
            crl_number: 0,
        };
        if at.crl.exists() {
            for der in files::read_crls(&at.crl)? {
                let list = RevocationList::read(&at.crl, &der)?;
                authority.crl_number = authority.crl_number.max(list.number);
                authority.revoked.extend(list.revoked(&der)?);
            }
        }
        Ok(authority)
    }

    /// Writes certificate, key (mode 0600) and a new CRL.
    pub fn save(&mut self, at: &AuthorityFiles, now: Timestamp) -> Result<(), AuthorityError> {
        files::write_secret(&at.key, &self.key.serialize_pem())?;
        files::write_public(&at.certificate, &self.pem)?;
        self.write_crl(&at.crl, now, CRL_LIFE)
    }

    /// Issues a certificate with a new key; the order's days run from `now`.
    pub fn issue(&self, order: &Order, now: Timestamp) -> Result<Issued, AuthorityError> {
        let Order { identity, dns_names, ips, days, server, client } = order;
        if identity.domain() != &self.domain {
            return Err(AuthorityError::Domain { identity: identity.clone() });
        }
        let named = !dns_names.is_empty() || !ips.is_empty();
        if named && !Profile::of(identity).names {
            return Err(AuthorityError::Names { identity: identity.clone() });
        }
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::default();
        let name: String = identity.path().chars().take(COMMON_NAME_MAX).collect();
        params.distinguished_name.push(DnType::CommonName, name);
        params.subject_alt_names.push(uri(&identity.to_string())?);
        for name in dns_names {
            params.subject_alt_names.push(SanType::DnsName(name.as_str().try_into()?));
        }
        params.subject_alt_names.extend(ips.iter().copied().map(SanType::IpAddress));
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        if *server {
            params.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
        }
        if *client {
            params.extended_key_usages.push(ExtendedKeyUsagePurpose::ClientAuth);
        }
        (params.not_before, params.not_after) = validity(now, *days)?;
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(&key, &self.issuer()?)?;
        Ok(Issued {
            bearer: Bearer::read(certificate.der())?,
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        })
    }

    /// Puts a serial on the list; it takes effect with the next CRL. False if it was there already.
    pub fn revoke(&mut self, serial: &Serial, now: Timestamp) -> bool {
        self.revoked.insert(serial.clone(), now).is_none()
    }

    /// Writes a CRL with the next number, valid for `life`.
    pub fn write_crl(
        &mut self,
        path: &Path,
        now: Timestamp,
        life: Duration,
    ) -> Result<(), AuthorityError> {
        let revoked = self.revoked.iter().map(|(serial, at)| {
            Ok(RevokedCertParams {
                serial_number: SerialNumber::from_slice(&serial.to_bytes()),
                revocation_time: calendar(*at)?,
                reason_code: None,
                invalidity_date: None,
            })
        });
        let number = self.crl_number + 1;
        let list = CertificateRevocationListParams {
            this_update: calendar(before(now))?,
            next_update: calendar(now.after(life))?,
            crl_number: number.into(),
            issuing_distribution_point: None,
            revoked_certs: revoked.collect::<Result<_, AuthorityError>>()?,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        files::write_public(path, &list.signed_by(&self.issuer()?)?.pem()?)?;
        self.crl_number = number;
        Ok(())
    }

    /// The trust domain it signs for.
    pub fn domain(&self) -> &TrustDomain {
        &self.domain
    }

    /// Its certificate: the trust root of the domain.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The number of its newest CRL; 0 before the first.
    pub fn crl_number(&self) -> u64 {
        self.crl_number
    }

    /// The serials revoked so far, and when.
    pub fn revoked(&self) -> &BTreeMap<Serial, Timestamp> {
        &self.revoked
    }

    fn issuer(&self) -> Result<Issuer<'static, &KeyPair>, AuthorityError> {
        Ok(Issuer::from_ca_cert_der(&self.certificate, &self.key)?)
    }
}

/// Where an authority lives.
#[derive(Clone, Debug)]
pub struct AuthorityFiles {
    /// Its certificate, public.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// Its newest CRL, public.
    pub crl: PathBuf,
}

/// What to issue; starts as its profile says.
#[derive(Clone, Debug)]
pub struct Order {
    /// For whom.
    pub identity: Identity,
    /// Host names of its endpoints.
    pub dns_names: Vec<String>,
    /// Addresses of its endpoints.
    pub ips: Vec<IpAddr>,
    /// Days of validity.
    pub days: u32,
    /// May serve.
    pub server: bool,
    /// May dial.
    pub client: bool,
}

impl Order {
    /// What the profile of `identity` says, without host names.
    pub fn new(identity: Identity) -> Self {
        let Profile { days, server, client, .. } = *Profile::of(&identity);
        Self { identity, dns_names: Vec::new(), ips: Vec::new(), days, server, client }
    }

    /// The same with the host names and addresses of its endpoints.
    #[must_use]
    pub fn reachable_at(mut self, dns_names: &[&str], ips: &[IpAddr]) -> Self {
        self.dns_names = dns_names.iter().map(ToString::to_string).collect();
        self.ips = ips.to_vec();
        self
    }
}

/// A new certificate and its key.
pub struct Issued {
    /// What the certificate says.
    pub bearer: Bearer,
    /// The certificate as PEM.
    pub certificate: String,
    /// The private key as PEM; secret.
    pub key: String,
}

impl Issued {
    /// Writes certificate and key (mode 0600).
    pub fn save(&self, certificate: &Path, key: &Path) -> Result<(), FileError> {
        files::write_secret(key, &self.key)?;
        files::write_public(certificate, &self.certificate)
    }
}

/// X.509 allows no longer one; nobody reads an identity from it.
const COMMON_NAME_MAX: usize = 64;

fn domain_of(certificate: &CertificateDer<'_>, path: &Path) -> Result<TrustDomain, AuthorityError> {
    let nameless = || AuthorityError::NotAnAuthority { path: path.into() };
    let (_, parsed) = parse_x509_certificate(certificate).map_err(|_| nameless())?;
    let names = parsed.subject_alternative_name().map_err(|_| nameless())?.ok_or_else(nameless)?;
    let [GeneralName::URI(uri)] = names.value.general_names[..] else { return Err(nameless()) };
    Ok(uri.strip_prefix("spiffe://").ok_or_else(nameless)?.parse()?)
}

fn uri(text: &str) -> Result<SanType, rcgen::Error> {
    Ok(SanType::URI(text.try_into()?))
}

fn validity(now: Timestamp, days: u32) -> Result<(OffsetDateTime, OffsetDateTime), AuthorityError> {
    let end = now.after(Duration::from_hours(u64::from(days) * 24));
    Ok((calendar(before(now))?, calendar(end)?))
}

fn before(now: Timestamp) -> Timestamp {
    let backdate = i64::try_from(BACKDATE.as_millis()).unwrap_or(i64::MAX);
    Timestamp(now.0.saturating_sub(backdate))
}

fn calendar(at: Timestamp) -> Result<OffsetDateTime, AuthorityError> {
    OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1000))
        .map_err(|source| AuthorityError::Time { at, source })
}

/// Why the authority could not do it.
#[derive(Debug, Error)]
pub enum AuthorityError {
    /// A file of it cannot be read or written.
    #[error("keep the authority's files")]
    File(#[from] FileError),
    /// Its CRL is not one.
    #[error("read the authority's CRL")]
    Crl(#[from] RevocationError),
    /// The key is not PKCS#8.
    #[error("read {}: not a PKCS#8 key", path.display())]
    Key {
        /// Which file.
        path: PathBuf,
    },
    /// The certificate lacks `spiffe://<trust-domain>`.
    #[error("{} is not the certificate of a Hallway authority", path.display())]
    NotAnAuthority {
        /// Which file.
        path: PathBuf,
    },
    /// An identity of another trust domain.
    #[error("{identity} belongs to another trust domain")]
    Domain {
        /// Which.
        identity: Identity,
    },
    /// Only who serves carries names.
    #[error("{identity} does not serve, so it carries no host names or addresses")]
    Names {
        /// Which.
        identity: Identity,
    },
    /// Before or after the calendar.
    #[error("write the time {at} into a certificate")]
    Time {
        /// Which time.
        at: Timestamp,
        /// What is wrong with it.
        #[source]
        source: time::error::ComponentRange,
    },
    /// The trust domain in its certificate is not one.
    #[error("read the authority's trust domain")]
    Name(#[from] NameError),
    /// What it issued names nobody.
    #[error("read what was issued")]
    Identity(#[from] IdentityError),
    /// Encoding or signing failed.
    #[error("make a certificate or CRL")]
    Make(#[from] rcgen::Error),
}
