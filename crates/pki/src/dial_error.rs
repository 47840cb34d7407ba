//! Why a dial failed, in words that an operator can act on.

use std::fmt;
use std::io;
use std::time::Duration;

use rustls::AlertDescription;
use thiserror::Error;

use crate::connector::Dial;
use crate::identity::Identity;
use crate::reason::Reason;
use crate::witness::Witness;

/// Why a dial failed.
#[derive(Debug, Error)]
pub enum DialError {
    /// No connection: name unknown, refused, no route.
    #[error("connect to {address}")]
    Unreachable {
        /// Where to.
        address: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The deadline passed.
    #[error("{stage} with {expected}: nothing within {deadline:?}")]
    Timeout {
        /// Whom we dialled.
        expected: Identity,
        /// What was waited for.
        stage: Stage,
        /// How long.
        deadline: Duration,
    },
    /// Who answered is not to be believed, or not who was expected.
    #[error("refuse {}, dialled as {expected}: {}", Answered(peer.as_ref()), reason.as_str())]
    Refused {
        /// Whom we dialled.
        expected: Identity,
        /// Who answered, if their certificate could be read.
        peer: Option<Identity>,
        /// Why.
        reason: Reason,
    },
    /// They refused our certificate, and said so.
    #[error("{expected} refuses our certificate: {alert}")]
    RefusedByPeer {
        /// Whom we dialled.
        expected: Identity,
        /// The TLS alert, kebab-case.
        alert: &'static str,
    },
    /// The line broke, or the other side does not speak our protocol.
    #[error("{stage} with {expected}")]
    Broken {
        /// Whom we dialled.
        expected: Identity,
        /// What was going on.
        stage: Stage,
        /// What the system or rustls said.
        #[source]
        source: io::Error,
    },
    /// HTTP/2 did not start.
    #[error("start HTTP/2 with {expected}")]
    Http2 {
        /// Whom we dialled.
        expected: Identity,
        /// What tonic said.
        #[source]
        source: tonic::transport::Error,
    },
}

impl DialError {
    /// A stable word: the alert, our reason, or `unreachable`, `timeout`, `closed`, `broken`.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "unreachable",
            Self::Timeout { .. } => "timeout",
            Self::Refused { reason, .. } => reason.as_str(),
            Self::RefusedByPeer { alert, .. } => alert,
            Self::Broken { source, .. } if source.kind() == io::ErrorKind::UnexpectedEof => {
                "closed"
            }
            Self::Broken { .. } | Self::Http2 { .. } => "broken",
        }
    }

    /// The alert by which the other side refused us.
    pub fn alert(&self) -> Option<&'static str> {
        match self {
            Self::RefusedByPeer { alert, .. } => Some(alert),
            Self::Unreachable { .. }
            | Self::Timeout { .. }
            | Self::Refused { .. }
            | Self::Broken { .. }
            | Self::Http2 { .. } => None,
        }
    }

    /// The reason, if one side refused the other: trying again soon will not help.
    pub fn refusal(&self) -> Option<&'static str> {
        match self {
            Self::Refused { .. } | Self::RefusedByPeer { .. } => Some(self.reason()),
            Self::Unreachable { .. }
            | Self::Timeout { .. }
            | Self::Broken { .. }
            | Self::Http2 { .. } => None,
        }
    }

    /// Who answered, if it was not who was expected.
    pub fn peer(&self) -> Option<&Identity> {
        match self {
            Self::Refused { peer, .. } => peer.as_ref(),
            Self::Unreachable { .. }
            | Self::Timeout { .. }
            | Self::RefusedByPeer { .. }
            | Self::Broken { .. }
            | Self::Http2 { .. } => None,
        }
    }

    pub(crate) fn from_tls(
        dial: &Dial,
        witness: &Witness,
        stage: Stage,
        source: io::Error,
    ) -> Self {
        let expected = dial.expected.clone();
        if let Some(Err(refused)) = witness.testimony().map(|seen| &seen.verdict) {
            let peer = refused.identity.clone();
            return Self::Refused { expected, peer, reason: refused.reason };
        }
        let tls = source.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
        match tls {
            Some(rustls::Error::AlertReceived(alert)) => {
                Self::RefusedByPeer { expected, alert: alert_word(*alert) }
            }
            Some(_) | None => Self::Broken { expected, stage, source },
        }
    }
}

/// What a dial was waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The TCP connection.
    Connect,
    /// The TLS handshake.
    Handshake,
    /// The server's judgement of us.
    FirstBytes,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connect",
            Self::Handshake => "shake hands",
            Self::FirstBytes => "wait for the first bytes",
        })
    }
}

struct Answered<'a>(Option<&'a Identity>);

impl fmt::Display for Answered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(identity) => write!(f, "{identity}"),
            None => f.write_str("somebody unnamed"),
        }
    }
}

fn alert_word(alert: AlertDescription) -> &'static str {
    ALERTS.iter().find(|(known, _)| *known == alert).map_or("other-alert", |(_, word)| word)
}

const ALERTS: [(AlertDescription, &str); 16] = [
    (AlertDescription::CertificateRevoked, "certificate-revoked"),
    (AlertDescription::CertificateExpired, "certificate-expired"),
    (AlertDescription::CertificateUnknown, "certificate-unknown"),
    (AlertDescription::CertificateRequired, "certificate-required"),
    (AlertDescription::BadCertificate, "bad-certificate"),
    (AlertDescription::UnsupportedCertificate, "unsupported-certificate"),
    (AlertDescription::UnknownCA, "unknown-ca"),
    (AlertDescription::AccessDenied, "access-denied"),
    (AlertDescription::HandshakeFailure, "handshake-failure"),
    (AlertDescription::ProtocolVersion, "protocol-version"),
    (AlertDescription::NoApplicationProtocol, "no-application-protocol"),
    (AlertDescription::DecryptError, "decrypt-error"),
    (AlertDescription::DecodeError, "decode-error"),
    (AlertDescription::IllegalParameter, "illegal-parameter"),
    (AlertDescription::InternalError, "internal-error"),
    (AlertDescription::CloseNotify, "close-notify"),
];
