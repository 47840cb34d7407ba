//! The one judgement of a certificate: by chain, revocation and usage first, then by who it names
//! and at which door it stands.
//!
//! It uses the verifier inside rustls directly, so that clients and servers are judged by the same
//! lines, a server's DNS name plays no part (we pin the SPIFFE identity), and a live connection can
//! be judged again. A list past its next update is our own business: see `revocation`.

use std::collections::BTreeSet;
use std::time::Duration;

use record::Timestamp;
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{
    EndEntityCert, ExpirationPolicy, KeyUsage, RevocationCheckDepth, RevocationOptionsBuilder,
    UnknownStatusPolicy,
};
use x509_parser::parse_x509_certificate;

use crate::identity::{Bearer, Identity};
use crate::reason::Reason;
use crate::revocation::{Freshness, RevocationList};

/// Trust roots and lists of one door.
pub(crate) struct Judge<'a> {
    pub(crate) anchors: &'a [TrustAnchor<'static>],
    pub(crate) lists: &'a [RevocationList],
    pub(crate) grace: Duration,
    pub(crate) algorithms: WebPkiSupportedAlgorithms,
}

impl Judge<'_> {
    /// Whether `chain`, leaf first, may be believed at `now`.
    pub(crate) fn believe(
        &self,
        chain: &[CertificateDer<'_>],
        role: Role,
        now: Timestamp,
    ) -> Result<(), Reason> {
        let (leaf, intermediates) = chain.split_first().ok_or(Reason::NoCertificate)?;
        let leaf = EndEntityCert::try_from(leaf).map_err(|_| Reason::BadCertificate)?;
        let lists: Vec<_> = self.lists.iter().map(|known| &known.list).collect();
        let revocation = RevocationOptionsBuilder::new(&lists).ok().map(|options| {
            options
                .with_depth(RevocationCheckDepth::Chain)
                .with_status_policy(UnknownStatusPolicy::Allow)
                .with_expiration_policy(ExpirationPolicy::Ignore)
                .build()
        });
        let usage = match role {
            Role::Client => KeyUsage::client_auth(),
            Role::Server => KeyUsage::server_auth(),
        };
        let moment = UnixTime::since_unix_epoch(Duration::from_secs(now.seconds()));
        leaf.verify_for_usage(
            self.algorithms.all,
            self.anchors,
            intermediates,
            moment,
            usage,
            revocation,
            None,
        )
        .map(drop)
        .map_err(|error| Reason::from(&error))
    }

    /// Whether a list that could revoke someone in `chain` is past its grace.
    pub(crate) fn blind(&self, chain: &[CertificateDer<'_>], now: Timestamp) -> bool {
        let expired =
            self.lists.iter().filter(|l| l.freshness(now, self.grace) == Freshness::Expired);
        let issuers: BTreeSet<&[u8]> = expired.map(|list| list.issuer.as_slice()).collect();
        chain.iter().any(|certificate| {
            parse_x509_certificate(certificate)
                .is_ok_and(|(_, parsed)| issuers.contains(parsed.issuer().as_raw()))
        })
    }
}

/// Which side of the handshake showed the certificate.
#[derive(Clone, Copy)]
pub(crate) enum Role {
    Client,
    Server,
}

/// What the judgement of one handshake was.
pub(crate) type Verdict = Result<Bearer, Refused>;

/// Who was refused, if it could be read, and why.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    pub(crate) identity: Option<Identity>,
    pub(crate) reason: Reason,
}
