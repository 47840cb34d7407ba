//! An entry: 1–4 parts, each kept byte for byte, bound by one commitment.
//!
//! ```text
//! salt_i     = H("hallway/v1/salt\0" ‖ salt ‖ i)
//! digest_i   = H("hallway/v1/part\0" ‖ i ‖ salt_i ‖ bytes_i)
//! commitment = H("hallway/v1/entry\0" ‖ u16 len ‖ ledger name ‖ u8 n ‖ digest_0 … digest_n-1)
//! leaf data  = label ‖ commitment                                             (40 bytes)
//! ```
//!
//! H is SHA-256. Whoever has some of the parts verifies them against the same tree; the digests of
//! the parts he lacks stand in for them. Naming the ledger keeps a commitment from being copied into
//! another. Only the `salt_i` of parts handed over travel; the entry's own salt never leaves its hall.

use bytes::Bytes;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::label::{Label, LabelError, PartSet};
use crate::name::LedgerName;

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// Most parts an entry may have.
pub const PARTS_MAX: usize = 4;
/// Most bytes of all parts of one record together.
pub const RECORD_BYTES_MAX: usize = 1 << 20;
/// Most entries in one commit, and so in one batch.
pub const COMMIT_ENTRIES_MAX: usize = 4096;
/// Most bytes in one commit (or one record).
pub const COMMIT_BYTES_MAX: usize = 4 << 20;

/// The place of a part that only this hall's salt opens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 32]);

impl Salt {
    /// The salt of one part.
    pub fn of_part(&self, index: usize) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"hallway/v1/salt\0");
        hash.update(self.0);
        hash.update([part_number(index)]);
        hash.finalize().into()
    }
}

impl std::fmt::Debug for Salt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Salt(…)")
    }
}

/// One part of an entry as a holder has it.
#[derive(Clone, PartialEq, Eq)]
pub enum Slot {
    /// The bytes, and the salt that binds them.
    Present {
        /// `salt_i`.
        salt: [u8; 32],
        /// The serialized message, never re-encoded.
        bytes: Bytes,
    },
    /// Only what the commitment needs.
    Absent {
        /// `digest_i`.
        digest: Hash,
    },
}

impl Slot {
    /// `digest_i` of the part at `index`.
    pub fn digest(&self, index: usize) -> Hash {
        match self {
            Self::Present { salt, bytes } => part_digest(index, salt, bytes),
            Self::Absent { digest } => *digest,
        }
    }

    /// The bytes, when held.
    pub fn bytes(&self) -> Option<&Bytes> {
        match self {
            Self::Present { bytes, .. } => Some(bytes),
            Self::Absent { .. } => None,
        }
    }
}

impl std::fmt::Debug for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Present { bytes, .. } => write!(f, "Present({} bytes)", bytes.len()),
            Self::Absent { .. } => f.write_str("Absent"),
        }
    }
}

/// What the tree holds of an entry: 40 bytes, present at every hall that carries the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Leaf {
    /// The public label.
    pub label: Label,
    /// The commitment to all parts.
    pub commitment: Hash,
}

impl Leaf {
    /// Bytes of leaf data.
    pub const LEN: usize = Label::LEN + 32;

    /// Leaf data, as in a C2SP entry bundle.
    pub fn to_bytes(&self) -> [u8; Self::LEN] {
        let mut out = [0; Self::LEN];
        let (label, commitment) = out.split_at_mut(Label::LEN);
        label.copy_from_slice(&self.label.to_bytes());
        commitment.copy_from_slice(&self.commitment);
        out
    }

    /// Reads leaf data.
    pub fn from_bytes(bytes: &[u8; Self::LEN]) -> Result<Self, LabelError> {
        let mut label = [0; Label::LEN];
        let mut commitment = [0; 32];
        label.copy_from_slice(bytes.split_at(Label::LEN).0);
        commitment.copy_from_slice(bytes.split_at(Label::LEN).1);
        Ok(Self { label: Label::from_bytes(label)?, commitment })
    }

    /// RFC 6962 leaf hash of the leaf data.
    pub fn hash(&self) -> Hash {
        let mut hash = Sha256::new();
        hash.update([0]);
        hash.update(self.to_bytes());
        hash.finalize().into()
    }
}

/// The parts of one entry as somebody holds them. Empty slots stand for a withheld entry (a stub):
/// its leaf is known, nothing of its inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts(Vec<Slot>);

impl Parts {
    /// A withheld entry: no slots at all.
    pub const fn stub() -> Self {
        Self(Vec::new())
    }

    /// Salts and wraps the parts of a new entry at its origin.
    pub fn seal_up(
        salt: &Salt,
        parts: impl IntoIterator<Item = Bytes>,
    ) -> Result<Self, PartsError> {
        let slots = parts
            .into_iter()
            .enumerate()
            .map(|(index, bytes)| Slot::Present { salt: salt.of_part(index), bytes })
            .collect();
        Self::from_slots(slots)
    }

    /// Takes slots as they came; 0 slots are a stub, more than [`PARTS_MAX`] an error.
    pub fn from_slots(slots: Vec<Slot>) -> Result<Self, PartsError> {
        if slots.len() > PARTS_MAX {
            return Err(PartsError::Count { count: slots.len() });
        }
        let bytes: usize = slots.iter().filter_map(Slot::bytes).map(Bytes::len).sum();
        if bytes > RECORD_BYTES_MAX {
            return Err(PartsError::TooLarge { bytes });
        }
        Ok(Self(slots))
    }

    /// The slots, in order.
    pub fn slots(&self) -> &[Slot] {
        &self.0
    }

    /// Whether nothing but the leaf is known.
    pub fn is_stub(&self) -> bool {
        self.held().is_empty()
    }

    /// Which parts are held.
    pub fn held(&self) -> PartSet {
        self.0
            .iter()
            .enumerate()
            .filter(|(_, slot)| slot.bytes().is_some())
            .fold(PartSet::NONE, |set, (index, _)| {
                set.union(PartSet::from_bits(1 << part_number(index)))
            })
    }

    /// How many parts the entry has, when known.
    pub fn count(&self) -> Option<usize> {
        (!self.0.is_empty()).then_some(self.0.len())
    }

    /// Bytes of the parts held.
    pub fn len_bytes(&self) -> usize {
        self.0.iter().filter_map(Slot::bytes).map(Bytes::len).sum()
    }

    /// The bytes of one part, when held.
    pub fn part(&self, index: usize) -> Option<&Bytes> {
        self.0.get(index).and_then(Slot::bytes)
    }

    /// The commitment these parts have in `ledger`; none for a stub without slots.
    pub fn commitment(&self, ledger: &LedgerName) -> Option<Hash> {
        if self.0.is_empty() {
            return None;
        }
        let name = ledger.to_string();
        let len = u16::try_from(name.len()).expect("ledger names have at most 200 bytes");
        let mut hash = Sha256::new();
        hash.update(b"hallway/v1/entry\0");
        hash.update(len.to_be_bytes());
        hash.update(name.as_bytes());
        hash.update([part_number(self.0.len())]);
        for (index, slot) in self.0.iter().enumerate() {
            hash.update(slot.digest(index));
        }
        Some(hash.finalize().into())
    }

    /// A copy that hands over only `allowed`; a copy without any part is a stub.
    #[must_use]
    pub fn narrowed(&self, allowed: PartSet) -> Self {
        if self.held().intersection(allowed).is_empty() {
            return Self::stub();
        }
        let slots = self.0.iter().enumerate().map(|(index, slot)| match slot {
            Slot::Present { .. } if !allowed.contains(index) => {
                Slot::Absent { digest: slot.digest(index) }
            }
            Slot::Present { .. } | Slot::Absent { .. } => slot.clone(),
        });
        Self(slots.collect())
    }

    /// Both holders' parts together; they must have equal digests, which the caller has verified
    /// against the leaf.
    #[must_use]
    pub fn merged(&self, other: &Self) -> Self {
        if self.0.is_empty() {
            return other.clone();
        }
        let slots =
            self.0.iter().enumerate().map(|(index, mine)| match (mine, other.0.get(index)) {
                (Slot::Absent { .. }, Some(theirs @ Slot::Present { .. })) => theirs.clone(),
                _ => mine.clone(),
            });
        Self(slots.collect())
    }
}

/// Parts that cannot be an entry.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PartsError {
    /// More parts than [`PARTS_MAX`].
    #[error("an entry has {count} parts, the limit PARTS_MAX is {PARTS_MAX}")]
    Count {
        /// Parts found.
        count: usize,
    },
    /// More bytes than [`RECORD_BYTES_MAX`].
    #[error("a record has {bytes} bytes, the limit RECORD_BYTES_MAX is {RECORD_BYTES_MAX}")]
    TooLarge {
        /// Bytes found.
        bytes: usize,
    },
}

fn part_digest(index: usize, salt: &[u8; 32], bytes: &[u8]) -> Hash {
    let mut hash = Sha256::new();
    hash.update(b"hallway/v1/part\0");
    hash.update([part_number(index)]);
    hash.update(salt);
    hash.update(bytes);
    hash.finalize().into()
}

fn part_number(index: usize) -> u8 {
    u8::try_from(index).expect("an entry has at most four parts")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(hall: &str) -> LedgerName {
        format!("jilin.example/hallway/{hall}/records/1").parse().unwrap()
    }

    fn whole() -> Parts {
        Parts::seal_up(&Salt([7; 32]), ["head", "open", "closed"].map(Bytes::from)).unwrap()
    }

    /// Frozen by the first release: another value means that every ledger on earth stops verifying.
    #[test]
    fn golden_commitment() {
        let commitment = whole().commitment(&ledger("220100")).unwrap();
        let hex = commitment.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        assert_eq!(hex, "1adcce0254ac9526607a4990d8f6b002e5d0b42ce40c4782455afa4f81a3f950");
    }

    #[test]
    fn narrowed_copies_commit_to_the_same_value() {
        let whole = whole();
        for bits in 1..8 {
            let allowed = PartSet::from_bits(bits);
            let copy = whole.narrowed(allowed);
            assert_eq!(copy.held(), allowed);
            assert_eq!(copy.commitment(&ledger("220100")), whole.commitment(&ledger("220100")));
            assert_eq!(copy.merged(&whole), whole);
        }
        assert_eq!(whole.narrowed(PartSet::NONE), Parts::stub());
        assert_eq!(Parts::stub().merged(&whole), whole);
    }

    #[test]
    fn a_commitment_belongs_to_one_ledger_and_one_set_of_bytes() {
        let one = whole().commitment(&ledger("220100"));
        assert_ne!(one, whole().commitment(&ledger("220200")));
        let other =
            Parts::seal_up(&Salt([7; 32]), ["head", "open", "closeD"].map(Bytes::from)).unwrap();
        assert_ne!(one, other.commitment(&ledger("220100")));
    }

    #[test]
    fn leaves_round_trip() {
        let label = Label { class: crate::SharingClass::Open, audience: crate::AudienceNumber(3) };
        let leaf = Leaf { label, commitment: [9; 32] };
        assert_eq!(Leaf::from_bytes(&leaf.to_bytes()), Ok(leaf));
    }
}
