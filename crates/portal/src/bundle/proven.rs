//! One entry in a bundle: its leaf, its parts as far as they may be shown, its inclusion proof.
//!
//! Reading is strict: base64 has one spelling, names and label for people must be those of the leaf,
//! and the parts must give its commitment before anybody looks into them.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ledger::{Seal, TlogProof};
use record::{AudienceNumber, Label, Leaf, LedgerName, Parts, Slot};
use serde::{Deserialize, Serialize};

use super::BundleError;

/// The names of parts, by index.
const PART_NAMES: [&str; record::PARTS_MAX] = ["head", "open", "closed", "reserved"];

/// An entry with its proof, as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proven {
    /// Ledger name.
    pub ledger: String,
    /// Index in the ledger, from 0.
    pub index: u64,
    /// The label in the leaf, for people.
    pub label: LabelText,
    /// Leaf data, label and commitment, in base64.
    pub leaf: String,
    /// The parts, in order.
    pub parts: Vec<PartText>,
    /// C2SP tlog-proof: index, inclusion proof, and the seal verbatim.
    pub proof: String,
}

/// A label for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelText {
    /// Sharing class.
    pub class: String,
    /// Audience number.
    pub audience: u32,
}

/// A part: salt and bytes, or a digest in their place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartText {
    /// head, open or closed.
    pub name: String,
    /// Its salt, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// Its bytes, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<String>,
    /// Its digest, in base64, when the part itself is not shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// A receipt, and that it covers the entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvenReceipt {
    /// C2SP tlog-proof of the entry under the holder's cosigned seal, verbatim in it.
    pub proof: String,
    /// The holding note.
    pub holding_note: String,
}

/// An entry read from a bundle; it agrees with itself, nothing about it is verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The ledger.
    pub ledger: LedgerName,
    /// The index.
    pub index: u64,
    /// The leaf.
    pub leaf: Leaf,
    /// The parts, which give the leaf's commitment.
    pub parts: Parts,
    /// The proof.
    pub proof: TlogProof,
}

impl Evidence {
    /// Checks that a key has sealed it; gives the seal.
    pub fn verify(&self, public: &[u8; 32]) -> Result<Seal, BundleError> {
        self.proof.verify(&self.leaf.to_bytes(), &self.ledger, public).map_err(BundleError::Verify)
    }

    /// The entry as text.
    pub fn to_text(&self) -> Proven {
        let Self { ledger, index, leaf, parts, proof } = self;
        let class = leaf.label.class.as_str().to_owned();
        Proven {
            ledger: ledger.to_string(),
            index: *index,
            label: LabelText { class, audience: leaf.label.audience.0 },
            leaf: BASE64_STANDARD.encode(leaf.to_bytes()),
            parts: parts.slots().iter().zip(PART_NAMES).map(part_text).collect(),
            proof: proof.to_string(),
        }
    }
}

impl Proven {
    /// Reads the entry; everything but seal and inclusion is checked.
    pub fn read(&self) -> Result<Evidence, BundleError> {
        let ledger: LedgerName = self.ledger.parse().map_err(BundleError::Ledger)?;
        let leaf: [u8; Leaf::LEN] = fixed(&self.leaf).ok_or(BundleError::Leaf)?;
        let leaf = Leaf::from_bytes(&leaf).map_err(BundleError::Label)?;
        let class = self.label.class.parse().map_err(|_| BundleError::OtherLabel)?;
        if leaf.label != (Label { class, audience: AudienceNumber(self.label.audience) }) {
            return Err(BundleError::OtherLabel);
        }
        if self.parts.len() > PART_NAMES.len() {
            return Err(BundleError::Part { index: PART_NAMES.len() });
        }
        let slots = self.parts.iter().zip(PART_NAMES).enumerate();
        let slots = slots
            .map(|(index, (part, name))| slot(part, name).ok_or(BundleError::Part { index }))
            .collect::<Result<Vec<_>, _>>()?;
        let parts = Parts::from_slots(slots).map_err(BundleError::Parts)?;
        if parts.commitment(&ledger) != Some(leaf.commitment) {
            return Err(BundleError::OtherParts);
        }
        let proof: TlogProof = self.proof.parse().map_err(BundleError::Proof)?;
        if proof.index != self.index || !proof.extra.is_empty() {
            return Err(BundleError::OtherIndex);
        }
        Ok(Evidence { ledger, index: self.index, leaf, parts, proof })
    }
}

fn part_text((slot, name): (&Slot, &str)) -> PartText {
    let name = name.to_owned();
    match slot {
        Slot::Present { salt, bytes } => PartText {
            name,
            salt: Some(BASE64_STANDARD.encode(salt)),
            bytes: Some(BASE64_STANDARD.encode(bytes)),
            digest: None,
        },
        Slot::Absent { digest } => {
            let digest = Some(BASE64_STANDARD.encode(digest));
            PartText { name, salt: None, bytes: None, digest }
        }
    }
}

fn slot(part: &PartText, name: &str) -> Option<Slot> {
    if part.name != name {
        return None;
    }
    match (&part.salt, &part.bytes, &part.digest) {
        (Some(salt), Some(bytes), None) => Some(Slot::Present {
            salt: fixed(salt)?,
            bytes: BASE64_STANDARD.decode(bytes).ok()?.into(),
        }),
        (None, None, Some(digest)) => Some(Slot::Absent { digest: fixed(digest)? }),
        _ => None,
    }
}

fn fixed<const N: usize>(text: &str) -> Option<[u8; N]> {
    BASE64_STANDARD.decode(text).ok()?.try_into().ok()
}
