//! Verifier keys: the public half of a key with the name it signs under, as C2SP `vkey` text.
//!
//! ```text
//! <name>+<key id, 8 hex digits>+<base64(algorithm ‖ public key)>
//! key id = SHA-256(name ‖ "\n" ‖ algorithm ‖ public key)[:4]
//! ```
//!
//! | who signs | name | algorithm |
//! |---|---|---|
//! | a hall's log key, in the directory | `<domain>/hallway/<hall>` | 0x01 |
//! | the same key on a seal | the ledger's name | 0x01 |
//! | a holder's cosignature | `<domain>/hallway/<hall>/holder` | 0x04 |
//! | the same key on a holding note | `<domain>/hallway/<hall>/holding` | 0x01 |
//!
//! Absent on purpose: other algorithms. A suite is fixed per generation; a second one brings its own.

use std::fmt;
use std::str::FromStr;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use record::{Class, HallId, TrustDomain};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::signer::is_sound;

/// Signature type of a plain Ed25519 note signature.
pub const ALGORITHM_ED25519: u8 = 0x01;
/// Signature type of a timestamped Ed25519 cosignature.
pub const ALGORITHM_COSIGNATURE: u8 = 0x04;
/// Longest key name in bytes; ledger names are at most 200.
pub const KEY_NAME_MAX: usize = 255;

/// A public key and the name it signs under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerifierKey {
    /// The key name, as it stands in signature lines.
    pub name: String,
    /// The signature type, [`ALGORITHM_ED25519`] or [`ALGORITHM_COSIGNATURE`].
    pub algorithm: u8,
    /// The Ed25519 public key.
    pub public: [u8; 32],
}

impl VerifierKey {
    /// Joins the three, when they can be a key.
    pub fn new(name: &str, algorithm: u8, public: [u8; 32]) -> Result<Self, VerifierKeyError> {
        if !is_key_name(name) {
            return Err(VerifierKeyError::Name);
        }
        if !matches!(algorithm, ALGORITHM_ED25519 | ALGORITHM_COSIGNATURE) {
            return Err(VerifierKeyError::Algorithm { algorithm });
        }
        if !is_sound(&public) {
            return Err(VerifierKeyError::Public);
        }
        Ok(Self { name: name.to_owned(), algorithm, public })
    }

    /// A hall's log key as the directory writes it.
    pub fn log(domain: &TrustDomain, hall: &HallId, public: [u8; 32]) -> Self {
        Self { name: log_key_name(domain, hall), algorithm: ALGORITHM_ED25519, public }
    }

    /// A hall's holder key as the directory writes it.
    pub fn holder(domain: &TrustDomain, hall: &HallId, public: [u8; 32]) -> Self {
        Self { name: holder_key_name(domain, hall), algorithm: ALGORITHM_COSIGNATURE, public }
    }

    /// The four bytes that name the key in a signature line.
    pub fn key_id(&self) -> [u8; 4] {
        key_id(&self.name, self.algorithm, &self.public)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.key_id());
        let mut key = vec![self.algorithm];
        key.extend_from_slice(&self.public);
        write!(f, "{}+{id:08x}+{}", self.name, BASE64_STANDARD.encode(key))
    }
}

impl FromStr for VerifierKey {
    type Err = VerifierKeyError;

    fn from_str(text: &str) -> Result<Self, VerifierKeyError> {
        if text.len() > 2 * KEY_NAME_MAX {
            return Err(VerifierKeyError::Malformed);
        }
        // Base64 may hold a plus, a name and an id cannot.
        let mut words = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (words.next(), words.next(), words.next()) else {
            return Err(VerifierKeyError::Malformed);
        };
        let key = BASE64_STANDARD.decode(key).map_err(|_| VerifierKeyError::Malformed)?;
        let (algorithm, public) = key.split_first().ok_or(VerifierKeyError::Malformed)?;
        let public = <[u8; 32]>::try_from(public).map_err(|_| VerifierKeyError::Public)?;
        let parsed = Self::new(name, *algorithm, public)?;
        if format!("{:08x}", u32::from_be_bytes(parsed.key_id())) != id {
            return Err(VerifierKeyError::KeyId);
        }
        Ok(parsed)
    }
}

/// The name of a hall's log key in the directory.
pub fn log_key_name(domain: &TrustDomain, hall: &HallId) -> String {
    format!("{domain}/hallway/{hall}")
}

/// The name that a hall's cosignatures stand under.
pub fn holder_key_name(domain: &TrustDomain, hall: &HallId) -> String {
    format!("{domain}/hallway/{hall}/holder")
}

/// The name that a hall's holding notes stand under.
pub fn holding_key_name(domain: &TrustDomain, hall: &HallId) -> String {
    format!("{domain}/hallway/{hall}/holding")
}

/// C2SP key id of an Ed25519 key under a name.
pub(crate) fn key_id(name: &str, algorithm: u8, public: &[u8; 32]) -> [u8; 4] {
    let mut hash = Sha256::new();
    hash.update(name);
    hash.update([b'\n', algorithm]);
    hash.update(public);
    let [a, b, c, d, ..]: [u8; 32] = hash.finalize().into();
    [a, b, c, d]
}

/// Whether a note may be signed under this name.
pub(crate) fn is_key_name(name: &str) -> bool {
    let legal = |c: char| !c.is_whitespace() && !c.is_control() && c != '+';
    !name.is_empty() && name.len() <= KEY_NAME_MAX && name.chars().all(legal)
}

/// Why a text is no verifier key.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum VerifierKeyError {
    /// Not three words joined by plus signs, the last of them base64.
    #[error("verifier key is not <name>+<key id>+<base64>")]
    Malformed,
    /// A name that no note can be signed under.
    #[error("verifier key has an empty, overlong or illegal name")]
    Name,
    /// A signature type of somebody else.
    #[error("verifier key has the unknown algorithm {algorithm:#04x}")]
    Algorithm {
        /// The type found.
        algorithm: u8,
    },
    /// Not a point on the curve, or one of the weak ones.
    #[error("verifier key is not an Ed25519 public key")]
    Public,
    /// The id does not belong to name, algorithm and key.
    #[error("verifier key has an id that does not belong to it")]
    KeyId,
}

impl VerifierKeyError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        Class::Invalid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signer::{Signer, Software};

    fn names() -> (TrustDomain, HallId) {
        ("jilin.example".parse().unwrap(), "220100".parse().unwrap())
    }

    #[test]
    fn golden_text() {
        let (domain, hall) = names();
        let public = Software::from_seed(&[7; 32]).public();
        let log = VerifierKey::log(&domain, &hall, public).to_string();
        let holder = VerifierKey::holder(&domain, &hall, public).to_string();
        assert_eq!(
            log,
            "jilin.example/hallway/220100+2a3815f9+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs"
        );
        assert_eq!(
            holder,
            "jilin.example/hallway/220100/holder+fa6d8771+BOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs"
        );
        for text in [log, holder] {
            assert_eq!(text.parse::<VerifierKey>().unwrap().to_string(), text);
        }
    }

    /// The key of the Go checksum database, as shipped with Go.
    #[test]
    fn reads_a_key_of_another_house() {
        let text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
        let key: VerifierKey = text.parse().unwrap();
        assert_eq!(key.name, "sum.golang.org");
        assert_eq!(key.key_id(), [0x03, 0x3d, 0xe0, 0xae]);
        assert_eq!(key.to_string(), text);
    }

    #[test]
    fn refuses_what_is_no_key() {
        let (domain, hall) = names();
        let public = Software::from_seed(&[7; 32]).public();
        let good = VerifierKey::log(&domain, &hall, public).to_string();
        for bad in [
            String::new(),
            "+".repeat(600),
            good.replace("220100", "220101"),
            good.replace("220100", ""),
            good.replace("jilin", "ji lin"),
            good.replace("jilin", "ji\u{3000}lin"),
            format!("{good}="),
            good.to_uppercase(),
            format!("{good} "),
            format!("{good}\n"),
        ] {
            assert!(bad.parse::<VerifierKey>().is_err(), "{bad}");
        }
        assert_eq!(
            VerifierKey::new("a", 2, public),
            Err(VerifierKeyError::Algorithm { algorithm: 2 })
        );
        assert_eq!(VerifierKey::new("a", 1, [0; 32]), Err(VerifierKeyError::Public));
    }
}
