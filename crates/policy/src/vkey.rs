//! A C2SP verifier key as text: `<name>+<8 hex>+<base64(algorithm ‖ 32 bytes)>`.
//!
//! Members and key changes name keys in this form. The eight digits are the start of
//! `SHA-256(name ‖ "\n" ‖ algorithm ‖ key)`, so a slip of the pen in any field is refused here.
//!
//! Deliberately absent: checking signatures. A key is 32 bytes for this crate and nothing more.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use record::ACT_TEXT_MAX;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Algorithm byte of an Ed25519 log key.
pub const LOG_ALGORITHM: u8 = 0x01;
/// Algorithm byte of an Ed25519 cosignature (holder) key.
pub const HOLDER_ALGORITHM: u8 = 0x04;

/// A verifier key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Vkey {
    /// Key name: `<trust-domain>/hallway/<hall>`, with `/holder` behind it for a holder key.
    pub name: String,
    /// [`LOG_ALGORITHM`] or [`HOLDER_ALGORITHM`]; others parse and are used for nothing.
    pub algorithm: u8,
    /// The public key.
    pub public: [u8; 32],
}

impl Vkey {
    /// The four bytes that stand before signatures of this key.
    pub fn id(&self) -> [u8; 4] {
        let mut hash = Sha256::new();
        hash.update(&self.name);
        hash.update([b'\n', self.algorithm]);
        hash.update(self.public);
        let digest: [u8; 32] = hash.finalize().into();
        let [a, b, c, d, ..] = digest;
        [a, b, c, d]
    }
}

impl FromStr for Vkey {
    type Err = VkeyError;

    fn from_str(text: &str) -> Result<Self, VkeyError> {
        if text.len() > ACT_TEXT_MAX {
            return Err(VkeyError::Shape);
        }
        // The name has no `+`; Base64 may.
        let mut fields = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (fields.next(), fields.next(), fields.next())
        else {
            return Err(VkeyError::Shape);
        };
        if name.is_empty() || name.chars().any(char::is_whitespace) {
            return Err(VkeyError::Shape);
        }
        let bytes = STANDARD.decode(key).map_err(|_| VkeyError::Shape)?;
        let (algorithm, public) = bytes.split_first().ok_or(VkeyError::Shape)?;
        let public = public.try_into().map_err(|_| VkeyError::Shape)?;
        let key = Self { name: name.to_owned(), algorithm: *algorithm, public };
        if id != hex(key.id()) {
            return Err(VkeyError::Id);
        }
        Ok(key)
    }
}

impl fmt::Display for Vkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![self.algorithm];
        bytes.extend_from_slice(&self.public);
        write!(f, "{}+{}+{}", self.name, hex(self.id()), STANDARD.encode(bytes))
    }
}

/// Why a verifier key was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum VkeyError {
    /// Not three fields, or the last is not Base64 of 33 bytes.
    #[error("verifier key is not <name>+<8 hex digits>+<base64 of 33 bytes>")]
    Shape,
    /// The digits belong to another name, algorithm or key.
    #[error("key id of the verifier key does not match its name and key")]
    Id,
}

fn hex(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example key of golang.org/x/mod/sumdb/note: written by somebody else's code.
    const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    #[test]
    fn keys_of_others_are_read_and_written_alike() {
        let key: Vkey = PETER.parse().unwrap();
        assert_eq!((key.name.as_str(), key.algorithm), ("PeterNeumann", LOG_ALGORITHM));
        assert_eq!(key.to_string(), PETER);
    }

    #[test]
    fn slips_are_refused() {
        for (bad, why) in [
            ("", VkeyError::Shape),
            ("PeterNeumann+c74f20a3", VkeyError::Shape),
            ("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", VkeyError::Shape),
            ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T", VkeyError::Shape),
            ("PeterNeumann+c74f20a3+ARpc", VkeyError::Shape),
            ("PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", VkeyError::Id),
            ("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", VkeyError::Id),
        ] {
            assert_eq!(bad.parse::<Vkey>(), Err(why), "{bad}");
        }
    }
}
