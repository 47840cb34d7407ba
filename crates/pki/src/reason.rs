//! Why somebody is turned away: a stable word for `status` and log, and the alert that says it to
//! the other side.
//!
//! TLS has fewer words than we have: who is believed but stands at the wrong door hears
//! `access_denied`, an unusable revocation list sounds like `unknown_ca`.

use rustls::CertificateError;

/// Why somebody is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Showed no certificate.
    NoCertificate,
    /// The certificate cannot be read, or breaks its own rules.
    BadCertificate,
    /// The certificate names nobody, or several.
    NoIdentity,
    /// The certificate is past its time.
    Expired,
    /// The certificate's time has not come.
    NotYetValid,
    /// The certificate, or one that vouches for it, is revoked.
    Revoked,
    /// No trust root vouches for it.
    UnknownCa,
    /// The revocation list is past its grace or unusable, so revocation is unknown.
    CrlExpired,
    /// The certificate is not for this side of a connection.
    WrongUsage,
    /// Another trust domain.
    WrongDomain,
    /// A hall, but not the one expected, or not one that is admitted.
    WrongHall,
    /// Only halls come in here.
    NotAHall,
    /// The handshake took too long.
    HandshakeTimeout,
    /// No TLS 1.3, no `h2`, or not TLS at all.
    WrongProtocol,
    /// The connection broke during the handshake.
    Broken,
    /// The peer refused us: an alert, or the line closed.
    RefusedUs,
    /// As many connections as allowed.
    TooManyConnections,
}

impl Reason {
    /// A stable word, kebab-case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoCertificate => "no-certificate",
            Self::BadCertificate => "bad-certificate",
            Self::NoIdentity => "no-identity",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::Revoked => "revoked",
            Self::UnknownCa => "unknown-ca",
            Self::CrlExpired => "crl-expired",
            Self::WrongUsage => "wrong-usage",
            Self::WrongDomain => "wrong-domain",
            Self::WrongHall => "wrong-hall",
            Self::NotAHall => "not-a-hall",
            Self::HandshakeTimeout => "handshake-timeout",
            Self::WrongProtocol => "wrong-protocol",
            Self::Broken => "broken",
            Self::RefusedUs => "refused-us",
            Self::TooManyConnections => "too-many-connections",
        }
    }

    /// Whether a live connection is cut for it. Time alone never cuts: clocks jump.
    pub(crate) fn cuts(self) -> bool {
        match self {
            Self::Revoked
            | Self::UnknownCa
            | Self::WrongDomain
            | Self::WrongHall
            | Self::NotAHall => true,
            Self::NoCertificate
            | Self::BadCertificate
            | Self::NoIdentity
            | Self::Expired
            | Self::NotYetValid
            | Self::CrlExpired
            | Self::WrongUsage
            | Self::HandshakeTimeout
            | Self::WrongProtocol
            | Self::Broken
            | Self::RefusedUs
            | Self::TooManyConnections => false,
        }
    }

    /// The error that makes rustls send the alert which says it best.
    pub(crate) fn certificate_error(self) -> CertificateError {
        match self {
            Self::Expired => CertificateError::Expired,
            Self::NotYetValid => CertificateError::NotValidYet,
            Self::Revoked => CertificateError::Revoked,
            Self::UnknownCa => CertificateError::UnknownIssuer,
            Self::CrlExpired => CertificateError::ExpiredRevocationList,
            Self::WrongUsage => CertificateError::InvalidPurpose,
            Self::BadCertificate => CertificateError::BadEncoding,
            Self::NoCertificate
            | Self::NoIdentity
            | Self::WrongDomain
            | Self::WrongHall
            | Self::NotAHall
            | Self::HandshakeTimeout
            | Self::WrongProtocol
            | Self::Broken
            | Self::RefusedUs
            | Self::TooManyConnections => CertificateError::ApplicationVerificationFailure,
        }
    }
}

impl From<&webpki::Error> for Reason {
    fn from(error: &webpki::Error) -> Self {
        use webpki::Error as E;
        if matches!(error, E::CertRevoked) {
            Self::Revoked
        } else if matches!(error, E::CertExpired { .. }) {
            Self::Expired
        } else if matches!(error, E::CertNotValidYet { .. }) {
            Self::NotYetValid
        } else if matches!(error, E::UnknownIssuer | E::InvalidSignatureForPublicKey) {
            Self::UnknownCa
        } else if matches!(error, E::RequiredEkuNotFoundContext(_)) {
            Self::WrongUsage
        } else if matches!(
            error,
            E::CrlExpired { .. }
                | E::InvalidCrlSignatureForPublicKey
                | E::IssuerNotCrlSigner
                | E::UnknownRevocationStatus
        ) {
            Self::CrlExpired
        } else {
            Self::BadCertificate
        }
    }
}
