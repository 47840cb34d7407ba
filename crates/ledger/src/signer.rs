//! The signer port: who holds a private key signs, everybody else asks.
//!
//! A port because the key may live elsewhere: in this process ([`Software`]), nowhere
//! ([`Refusing`]: a hall that may read but must not seal, and the failing signer of the tests), and
//! later in a hardware module. Ed25519 only: C2SP notes and cosignatures know no other key of ours.
//!
//! Absent on purpose: what is signed. Seals, cosignatures and holding notes each begin with their
//! own first line, which keeps a signature of one kind from passing as another.

mod seen;

use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use record::Class;
use thiserror::Error;

use seen::Fingerprint;

/// Signs with one Ed25519 key.
pub trait Signer: Send + Sync {
    /// The public key.
    fn public(&self) -> [u8; 32];

    /// Signs a message, or says why it cannot.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError>;
}

/// A key in this process's memory, wiped when dropped.
pub struct Software(SigningKey);

impl Software {
    /// The key of a 32-byte seed.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// A new random key.
    pub fn generate() -> Result<Self, KeyError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(KeyError::Random)?;
        Ok(Self::from_seed(&seed))
    }

    /// Reads a PKCS#8 key file, as `openssl genpkey -algorithm ed25519` writes it.
    pub fn from_pkcs8_pem(pem: &str) -> Result<Self, KeyError> {
        SigningKey::from_pkcs8_pem(pem).map(Self).map_err(KeyError::Read)
    }

    /// The text of a PKCS#8 key file.
    pub fn to_pkcs8_pem(&self) -> Result<String, KeyError> {
        // Version 1, without the public key: the form that OpenSSL itself writes.
        let pair = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        let pem = pair.to_pkcs8_pem(LineEnding::LF).map_err(KeyError::Write)?;
        Ok(pem.as_str().to_owned())
    }
}

impl Signer for Software {
    fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
        Ok(self.0.sign(message).to_bytes())
    }
}

impl std::fmt::Debug for Software {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Software(…)")
    }
}

/// Knows the public key and signs nothing.
#[derive(Clone, Copy, Debug)]
pub struct Refusing {
    public: [u8; 32],
}

impl Refusing {
    /// Stands in for the holder of `public`.
    pub const fn new(public: [u8; 32]) -> Self {
        Self { public }
    }
}

impl Signer for Refusing {
    fn public(&self) -> [u8; 32] {
        self.public
    }

    fn sign(&self, _message: &[u8]) -> Result<[u8; 64], SignError> {
        Err(SignError::Refused)
    }
}

/// Whether `signature` is the key's signature of `message`; weak keys sign nothing.
pub(crate) fn is_signed(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    let fingerprint = Fingerprint::of(public, message, signature);
    if fingerprint.is_known() {
        return true;
    }
    let good = VerifyingKey::from_bytes(public)
        .and_then(|key| key.verify_strict(message, &Signature::from_bytes(signature)))
        .is_ok();
    if good {
        fingerprint.remember();
    }
    good
}

/// Whether these bytes are a public key that can be trusted with anything.
pub(crate) fn is_sound(public: &[u8; 32]) -> bool {
    VerifyingKey::from_bytes(public).is_ok_and(|key| !key.is_weak())
}

/// Why nothing was signed.
#[derive(Debug, Error)]
pub enum SignError {
    /// This signer does not sign.
    #[error("sign with a key that is not here")]
    Refused,
    /// The device that holds the key did not answer as it should.
    #[error("sign with an external key")]
    Device(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl SignError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        Class::Unavailable
    }
}

/// Why there is no key.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The operating system gave no random bytes.
    #[error("draw a random key")]
    Random(#[source] getrandom::Error),
    /// Not a PKCS#8 Ed25519 key.
    #[error("read a PKCS#8 Ed25519 key")]
    Read(#[source] ed25519_dalek::pkcs8::Error),
    /// The key could not be written as PKCS#8.
    #[error("write a PKCS#8 Ed25519 key")]
    Write(#[source] ed25519_dalek::pkcs8::Error),
}

impl KeyError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        match self {
            Self::Read(_) => Class::Invalid,
            Self::Random(_) | Self::Write(_) => Class::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, Engine as _};

    use super::*;

    /// What every signer owes its callers, run on each.
    fn conforms(signer: &dyn Signer, signs: bool) {
        assert_eq!(signer.public(), signer.public());
        assert!(is_sound(&signer.public()));
        for message in [&b""[..], b"cosignature/v1\n", &[0xff; 4096]] {
            match signer.sign(message) {
                Ok(signature) => {
                    assert!(signs);
                    assert!(is_signed(&signer.public(), message, &signature));
                    assert!(is_signed(&signer.public(), message, &signature), "remembered");
                    let mut other = signature;
                    other[63] ^= 1;
                    assert!(!is_signed(&signer.public(), message, &other));
                    assert!(!is_signed(&signer.public(), b"another message", &signature));
                    assert_eq!(signer.sign(message).unwrap(), signature, "Ed25519 has no nonce");
                }
                Err(error) => assert!(!signs, "{error}"),
            }
        }
    }

    #[test]
    fn every_signer_conforms() {
        let software = Software::from_seed(&[7; 32]);
        conforms(&software, true);
        conforms(&Software::generate().unwrap(), true);
        conforms(&Refusing::new(software.public()), false);
    }

    #[test]
    fn key_files_round_trip_and_hide_from_debug() {
        let seed = [7; 32];
        let software = Software::from_seed(&seed);
        let pem = software.to_pkcs8_pem().unwrap();
        // RFC 8410 as OpenSSL writes it: version 0, id-Ed25519, the seed twice in an octet string.
        let head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
        let base64 = BASE64_STANDARD.encode([&head[..], &seed].concat());
        let [first, body, last] = pem.lines().collect::<Vec<_>>()[..] else { panic!("{pem}") };
        assert_eq!(body, base64);
        assert_eq!(Software::from_pkcs8_pem(&pem).unwrap().public(), software.public());
        assert!(Software::from_pkcs8_pem(first).is_err());
        assert!(Software::from_pkcs8_pem(&format!("{first}\n{last}\n")).is_err());
        assert_eq!(format!("{software:?}"), "Software(…)");
    }

    #[test]
    fn the_neutral_point_is_no_key() {
        let mut neutral = [0; 32];
        neutral[0] = 1;
        assert!(!is_sound(&neutral));
        assert!(!is_signed(&neutral, b"anything", &[0; 64]));
    }
}
