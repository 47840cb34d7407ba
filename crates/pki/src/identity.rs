//! Who a certificate names: one SPIFFE URI, `spiffe://<trust-domain>/hall/<hall>`,
//! `/system/<hall>/<name>`, `/department/<code>` or `/operator/<name>`.
//!
//! A certificate carries exactly one URI, so that nobody can be two at once. Host names and IP
//! addresses may stand beside it for foreign clients; no identity is ever read from them, nor from
//! the subject.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;

use record::{HallId, NameError, Timestamp, TrustDomain};
use rustls_pki_types::CertificateDer;
use thiserror::Error;
use x509_parser::extensions::GeneralName;
use x509_parser::parse_x509_certificate;

/// Longest serial number in bytes.
pub const SERIAL_MAX: usize = 32;
/// Longest free word of an identity in bytes.
pub const WORD_MAX: usize = 64;

/// Who is on the other end (对方身份).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identity {
    /// A hall's gateway (大厅).
    Hall {
        /// Its trust domain.
        domain: TrustDomain,
        /// Its permanent name.
        hall: HallId,
    },
    /// A system of one hall (业务系统).
    System {
        /// Its trust domain.
        domain: TrustDomain,
        /// The hall it belongs to.
        hall: HallId,
        /// Its name within the hall.
        name: Word,
    },
    /// A department (部门).
    Department {
        /// Its trust domain.
        domain: TrustDomain,
        /// Its unified social credit code or another code.
        code: Word,
    },
    /// An operator (运维人员).
    Operator {
        /// Their trust domain.
        domain: TrustDomain,
        /// Their name.
        name: Word,
    },
}

impl Identity {
    /// The identity of a hall.
    pub fn hall(domain: TrustDomain, hall: HallId) -> Self {
        Self::Hall { domain, hall }
    }

    /// The trust domain.
    pub fn domain(&self) -> &TrustDomain {
        match self {
            Self::Hall { domain, .. }
            | Self::System { domain, .. }
            | Self::Department { domain, .. }
            | Self::Operator { domain, .. } => domain,
        }
    }

    /// The hall it is, or is a system of.
    pub fn hall_id(&self) -> Option<&HallId> {
        match self {
            Self::Hall { hall, .. } | Self::System { hall, .. } => Some(hall),
            Self::Department { .. } | Self::Operator { .. } => None,
        }
    }

    /// The path of the URI, `/hall/220100`.
    pub fn path(&self) -> String {
        match self {
            Self::Hall { hall, .. } => format!("/hall/{hall}"),
            Self::System { hall, name, .. } => format!("/system/{hall}/{name}"),
            Self::Department { code, .. } => format!("/department/{code}"),
            Self::Operator { name, .. } => format!("/operator/{name}"),
        }
    }
}

/// The whole URI.
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "spiffe://{}{}", self.domain(), self.path())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Identity {
    type Err = IdentityError;

    fn from_str(uri: &str) -> Result<Self, IdentityError> {
        let foreign = || IdentityError::Uri { uri: uri.chars().take(80).collect() };
        let (domain, path) = uri
            .strip_prefix("spiffe://")
            .and_then(|rest| rest.split_once('/'))
            .ok_or_else(foreign)?;
        let domain: TrustDomain = domain.parse()?;
        let words: Vec<&str> = path.split('/').take(4).collect();
        match words[..] {
            ["hall", hall] => Ok(Self::Hall { domain, hall: hall.parse()? }),
            ["system", hall, name] => {
                Ok(Self::System { domain, hall: hall.parse()?, name: name.parse()? })
            }
            ["department", code] => Ok(Self::Department { domain, code: code.parse()? }),
            ["operator", name] => Ok(Self::Operator { domain, name: name.parse()? }),
            _ => Err(foreign()),
        }
    }
}

/// A free word of an identity: `[A-Za-z0-9._-]{1,64}`, not `.` or `..`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(Arc<str>);

impl Word {
    /// The word as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Word {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        let legal = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
        let dots = text == "." || text == "..";
        if text.is_empty() || text.len() > WORD_MAX || dots || !text.bytes().all(legal) {
            return Err(IdentityError::Word { text: text.chars().take(80).collect() });
        }
        Ok(Self(text.into()))
    }
}

/// A certificate's serial number in lower-case hexadecimal without leading zero bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial(Arc<str>);

impl Serial {
    /// From the number's big-endian bytes.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let number: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
        Self(hex::encode(number).into())
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number's big-endian bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        hex::decode(self.as_str()).expect("both constructors hold hexadecimal of whole bytes")
    }
}

/// Upper or lower case, with or without colons, as other tools print it.
impl FromStr for Serial {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        let bytes = hex::decode(text.replace(':', "")).ok();
        bytes
            .filter(|bytes| (1..=SERIAL_MAX).contains(&bytes.len()))
            .map(|bytes| Self::from_bytes(&bytes))
            .ok_or_else(|| IdentityError::Serial { text: text.chars().take(80).collect() })
    }
}

/// What a certificate says of its bearer (持证者).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// Who it names.
    pub identity: Identity,
    /// The certificate's serial number.
    pub serial: Serial,
    /// The end of its validity.
    pub expires: Timestamp,
}

impl Bearer {
    /// Reads a certificate; says nothing about whether it may be believed.
    pub fn read(certificate: &CertificateDer<'_>) -> Result<Self, IdentityError> {
        let (_, parsed) = parse_x509_certificate(certificate).map_err(|_| IdentityError::Der)?;
        let names = parsed.subject_alternative_name().map_err(|_| IdentityError::Der)?;
        let uris: Vec<&str> = names
            .iter()
            .flat_map(|san| &san.value.general_names)
            .filter_map(|name| if let GeneralName::URI(uri) = name { Some(*uri) } else { None })
            .collect();
        let [uri] = uris[..] else { return Err(IdentityError::Uris { count: uris.len() }) };
        Ok(Self {
            identity: uri.parse()?,
            serial: Serial::from_bytes(parsed.raw_serial()),
            expires: Timestamp(parsed.validity().not_after.timestamp().saturating_mul(1000)),
        })
    }
}

impl fmt::Display for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, serial {}, expires {}", self.identity, self.serial, self.expires)
    }
}

/// The peer of one connection; handlers find it among a request's extensions (tonic `ConnectInfo`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerId {
    /// Who it is.
    pub identity: Identity,
    /// The serial number of the certificate it showed.
    pub serial: Serial,
    /// The address it is connected from, or was dialled at.
    pub remote: Option<SocketAddr>,
}

/// Why a certificate names nobody.
#[derive(Debug, Error)]
pub enum IdentityError {
    /// Not a certificate.
    #[error("certificate is not readable DER")]
    Der,
    /// No URI, or several.
    #[error("certificate carries {count} URIs, not exactly one")]
    Uris {
        /// How many.
        count: usize,
    },
    /// Another scheme or path.
    #[error("{uri:?} is no hall, system, department or operator of a trust domain")]
    Uri {
        /// What it carries, shortened.
        uri: String,
    },
    /// Not `[A-Za-z0-9._-]{1,64}`.
    #[error("{text:?} is not [A-Za-z0-9._-]{{1,64}}")]
    Word {
        /// What was given, shortened.
        text: String,
    },
    /// Not hexadecimal.
    #[error("serial number {text:?} is not hexadecimal")]
    Serial {
        /// What was given, shortened.
        text: String,
    },
    /// The trust domain or hall in it is not one.
    #[error("read the names of an identity")]
    Name(#[from] NameError),
}

macro_rules! shows_as_text {
    ($($name:ty),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}
shows_as_text!(Word, Serial);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_round_trip_and_strangers_are_refused() {
        for good in [
            "spiffe://jilin.example/hall/220100",
            "spiffe://jilin.example/system/220100/window-3",
            "spiffe://jilin.example/department/11220000MB1519938C",
            "spiffe://jilin.example/operator/wang.fang",
        ] {
            let identity: Identity = good.parse().unwrap();
            assert_eq!(identity.to_string(), good);
            assert!(good.ends_with(&identity.path()));
        }
        for bad in [
            "",
            "https://jilin.example/hall/220100",
            "spiffe://jilin.example",
            "spiffe:///hall/220100",
            "spiffe://jilin.example/hall/",
            "spiffe://jilin.example/hall/220100/",
            "spiffe://jilin.example/hall/220100/extra",
            "spiffe://jilin.example/hall/长春",
            "spiffe://jilin.example/system/220100",
            "spiffe://jilin.example/operator/..",
            "spiffe://jilin.example/operator/a b",
            "spiffe://user@jilin.example/hall/220100",
            "spiffe://jilin.example:1/hall/220100",
            "spiffe://jilin.example/hall/220100?x",
        ] {
            assert!(bad.parse::<Identity>().is_err(), "{bad}");
        }
    }

    #[test]
    fn serials_are_numbers_however_written() {
        let serial: Serial = "00:0A:ff".parse().unwrap();
        assert_eq!(serial.as_str(), "0aff");
        assert_eq!(serial.to_bytes(), [0x0a, 0xff]);
        assert_eq!(serial, Serial::from_bytes(&[0, 0, 0x0a, 0xff]));
        for bad in ["", "a", "xy", "长"] {
            assert!(bad.parse::<Serial>().is_err(), "{bad}");
        }
    }
}
