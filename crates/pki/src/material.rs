//! All that one TLS configuration is made of, read from files in one go: either everything is read
//! and fits together, or nothing of it is used.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use record::Timestamp;
use rustls::crypto::CryptoProvider;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls_pki_types::{CertificateDer, TrustAnchor};
use thiserror::Error;

use crate::demand::Demand;
use crate::files::{self, FileError};
use crate::identity::{Bearer, IdentityError};
use crate::judge::{Judge, Refused, Verdict};
use crate::reason::Reason;
use crate::revocation::{RevocationError, RevocationList};

/// Where the trust material lies, and the limits of its use.
#[derive(Clone, Debug)]
pub struct Config {
    /// Our certificate, and the intermediates after it.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// Roots that vouch for halls, whether they dial us or we them.
    pub link_roots: Vec<PathBuf>,
    /// Roots that vouch for systems, departments and operators; empty for a tool that only dials.
    pub client_roots: Vec<PathBuf>,
    /// Revocation lists of any of these roots.
    pub crls: Vec<PathBuf>,
    /// How long a list is used past its next update.
    pub crl_grace: Duration,
    /// How long a handshake may take.
    pub handshake_timeout: Duration,
    /// How often the files are looked at.
    pub watch_interval: Duration,
    /// Handshakes in flight at one door; more wait in the socket's backlog.
    pub handshakes_max: usize,
    /// Connections at one door; more are refused.
    pub connections_max: usize,
}

impl Config {
    /// The defaults, with one bundle of roots for halls and clients.
    pub fn new(certificate: PathBuf, key: PathBuf, roots: PathBuf) -> Self {
        Self {
            certificate,
            key,
            link_roots: vec![roots.clone()],
            client_roots: vec![roots],
            crls: Vec::new(),
            crl_grace: CRL_GRACE,
            handshake_timeout: HANDSHAKE_TIMEOUT,
            watch_interval: WATCH_INTERVAL,
            handshakes_max: HANDSHAKES_MAX,
            connections_max: CONNECTIONS_MAX,
        }
    }

    /// Every file that is read.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let single = [&self.certificate, &self.key].into_iter();
        let lists = self.link_roots.iter().chain(&self.client_roots).chain(&self.crls);
        single.chain(lists).map(PathBuf::as_path)
    }
}

/// The default of [`Config::crl_grace`]: seven days.
pub const CRL_GRACE: Duration = Duration::from_hours(7 * 24);
/// The default of [`Config::handshake_timeout`].
pub const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);
/// The default of [`Config::watch_interval`]: with the reading, well under the second within which
/// a revoked peer is cut.
pub const WATCH_INTERVAL: Duration = Duration::from_millis(500);
/// The default of [`Config::handshakes_max`].
pub const HANDSHAKES_MAX: usize = 256;
/// The default of [`Config::connections_max`].
pub const CONNECTIONS_MAX: usize = 1024;

/// What was read, fitting together.
pub(crate) struct Material {
    pub(crate) bearer: Bearer,
    pub(crate) credential: Arc<SingleCertAndKey>,
    pub(crate) lists: Vec<RevocationList>,
    pub(crate) read: Vec<String>,
    link_anchors: Vec<TrustAnchor<'static>>,
    client_anchors: Vec<TrustAnchor<'static>>,
    grace: Duration,
    provider: Arc<CryptoProvider>,
}

impl Material {
    /// Reads every file of `config`.
    pub(crate) fn read(
        config: &Config,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Self, MaterialError> {
        let path = &config.certificate;
        let chain = files::read_certificates(path)?;
        let leaf = chain.first().expect("read_certificates returns at least one");
        let bearer = Bearer::read(leaf)
            .map_err(|source| MaterialError::Identity { path: path.clone(), source })?;
        let mut read = vec![format!("{}: {bearer}", path.display())];
        let key = CertifiedKey::from_der(chain, files::read_key(&config.key)?, provider)
            .map_err(|source| MaterialError::Key { path: config.key.clone(), source })?;
        read.push(format!("{}: private key", config.key.display()));

        let link_roots = roots(&config.link_roots, &mut read)?;
        let client_roots = roots(&config.client_roots, &mut read)?;
        let everyone: Vec<_> = link_roots.iter().chain(&client_roots).cloned().collect();
        let lists = lists(&config.crls, &everyone, &mut read)?;
        Ok(Self {
            bearer,
            credential: Arc::new(SingleCertAndKey::from(key)),
            lists,
            read,
            link_anchors: anchors(&config.link_roots, &link_roots)?,
            client_anchors: anchors(&config.client_roots, &client_roots)?,
            grace: config.crl_grace,
            provider: Arc::clone(provider),
        })
    }

    /// Judges a chain, leaf first, by chain, revocation, usage, identity and door.
    pub(crate) fn judge(
        &self,
        chain: &[CertificateDer<'_>],
        demand: &Demand,
        at: Timestamp,
    ) -> Verdict {
        let bearer = chain.first().ok_or(IdentityError::Der).and_then(Bearer::read);
        let identity = bearer.as_ref().ok().map(|bearer| bearer.identity.clone());
        let refused = |reason| Refused { identity: identity.clone(), reason };
        let judge = self.judge_of(demand);
        judge.believe(chain, demand.role(), at).map_err(refused)?;
        if judge.blind(chain, at) {
            return Err(refused(Reason::CrlExpired));
        }
        let bearer = bearer.map_err(|_| refused(Reason::NoIdentity))?;
        demand.met_by(&bearer.identity).map_err(refused)?;
        Ok(bearer)
    }

    fn judge_of(&self, demand: &Demand) -> Judge<'_> {
        let anchors = match demand {
            Demand::Link { .. } | Demand::Exactly { .. } => &self.link_anchors,
            Demand::Portal { .. } => &self.client_anchors,
        };
        let algorithms = self.provider.signature_verification_algorithms;
        Judge { anchors, lists: &self.lists, grace: self.grace, algorithms }
    }

    /// Who made the signature algorithms.
    pub(crate) fn provider(&self) -> &Arc<CryptoProvider> {
        &self.provider
    }
}

impl fmt::Debug for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Material").field("bearer", &self.bearer).finish_non_exhaustive()
    }
}

fn roots(
    paths: &[PathBuf],
    read: &mut Vec<String>,
) -> Result<Vec<CertificateDer<'static>>, MaterialError> {
    let mut all = Vec::new();
    for path in paths {
        let found = files::read_certificates(path)?;
        read.push(format!("{}: {} trust roots", path.display(), found.len()));
        all.extend(found);
    }
    Ok(all)
}

fn anchors(
    paths: &[PathBuf],
    roots: &[CertificateDer<'static>],
) -> Result<Vec<TrustAnchor<'static>>, MaterialError> {
    let anchor = |root| webpki::anchor_from_trusted_cert(root).map(|anchor| anchor.to_owned());
    let all: Result<Vec<_>, _> = roots.iter().map(anchor).collect();
    all.map_err(|source| MaterialError::Root { paths: paths.to_vec(), source })
}

/// The newest list of each issuer: the verifier takes the first that it finds.
fn lists(
    paths: &[PathBuf],
    roots: &[CertificateDer<'static>],
    read: &mut Vec<String>,
) -> Result<Vec<RevocationList>, MaterialError> {
    let mut all: Vec<RevocationList> = Vec::new();
    for path in paths {
        for der in files::read_crls(path)? {
            let list = RevocationList::read(path, &der)?;
            list.check_signature(&der, roots)?;
            read.push(format!("{}: {list}", path.display()));
            all.push(list);
        }
    }
    all.sort_by(|a, b| (&a.issuer, b.number).cmp(&(&b.issuer, a.number)));
    all.dedup_by(|later, first| later.issuer == first.issuer);
    Ok(all)
}

/// Why the trust material was not taken.
#[derive(Debug, Error)]
pub enum MaterialError {
    /// A file cannot be read.
    #[error("read the trust material")]
    File(#[from] FileError),
    /// A revocation list cannot be used.
    #[error("read the revocation lists")]
    Revocation(#[from] RevocationError),
    /// Our own certificate names nobody.
    #[error("read who {} names", path.display())]
    Identity {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: IdentityError,
    },
    /// The key is not the certificate's, or of an unknown kind.
    #[error("use the private key {} with its certificate", path.display())]
    Key {
        /// Which file.
        path: PathBuf,
        /// What rustls said.
        #[source]
        source: rustls::Error,
    },
    /// A root is not a certificate.
    #[error("use the trust roots {paths:?}")]
    Root {
        /// The files they came from.
        paths: Vec<PathBuf>,
        /// What the verifier said.
        #[source]
        source: webpki::Error,
    },
    /// The files name somebody else than we started as.
    #[error("become {now}: this process is {was}")]
    Renamed {
        /// Who we are.
        was: String,
        /// Who the new certificate names.
        now: String,
    },
}
