//! A frame: one fact in the log. Entry, fill, seal or receipt, each with its ledger and the link it
//! came by.
//!
//! ```text
//! frame    u32 length of what follows ‖ u8 kind ‖ u16 ledger ‖ u16 via ‖ body
//! entry    u64 index ‖ leaf (40) ‖ u8 n ‖ n × key ‖ parts
//! key      u8 kind ‖ fingerprint (16) ‖ u64 extra
//! fill     u64 index ‖ parts
//! parts    u8 n ‖ n × (0 ‖ digest (32)  |  1 ‖ salt (32) ‖ u32 length ‖ bytes)
//! seal     u64 size ‖ u32 length ‖ note
//! receipt  u32 length ‖ cosigned seal ‖ u32 length ‖ holding note
//! ```
//!
//! `ledger` and `via` number the names in the group's own table; via 0 is this hall itself. Kinds 5
//! (fence) and 6 (escrow) are reserved and skipped by readers that do not know them. Keys let the
//! register be rebuilt without a look into any part.

use bytes::Bytes;
use record::{HallId, Label, Leaf, LedgerName, PartSet, Parts, Slot};

use crate::octets::{Fields, len_u32, put_long_text, to_usize};

/// One decoded frame, with its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) ledger: LedgerName,
    pub(crate) via: Option<HallId>,
    pub(crate) body: Body,
}

/// What a frame says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    Entry { index: u64, leaf: Leaf, keys: Vec<Key>, parts: Parts },
    Fill { index: u64, parts: Parts },
    Seal { size: u64, note: String },
    Receipt { cosigned_seal: String, holding_note: String },
    Unknown { kind: u8 },
}

/// What the register keeps of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) kind: u8,
    pub(crate) fingerprint: [u8; 16],
    pub(crate) extra: u64,
}

/// Which parts are held, and how many there are when known: held parts in the low half, the count in
/// the high half.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mask(pub(crate) u8);

impl Mask {
    pub(crate) fn of(parts: &Parts) -> Self {
        let count = u8::try_from(parts.count().unwrap_or(0)).unwrap_or(0);
        Self(parts.held().bits() | count << 4)
    }

    pub(crate) fn held(self) -> PartSet {
        PartSet::from_bits(self.0)
    }

    /// Every part an entry like this can have, as far as known.
    pub(crate) fn possible(self) -> PartSet {
        match self.0 >> 4 {
            0 => PartSet::ALL,
            count => PartSet::first(usize::from(count)),
        }
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self((self.0 | other.0) & 0x0f | (self.0 & 0xf0).max(other.0 & 0xf0))
    }

    pub(crate) fn is_whole(self) -> bool {
        self.0 >> 4 != 0 && self.held() == self.possible()
    }

    pub(crate) fn is_stub(self) -> bool {
        self.held().is_empty()
    }
}

impl Frame {
    pub(crate) fn is_fill(&self) -> bool {
        matches!(self.body, Body::Fill { .. })
    }

    /// Reads the frame at the front; `names` are the group's.
    pub(crate) fn read(fields: &mut Fields, names: &Names) -> Option<Self> {
        let len = to_usize(u64::from(fields.u32()?));
        let mut frame = Fields(fields.take(len)?);
        let kind = frame.u8()?;
        let ledger = names.ledgers.get(usize::from(frame.u16()?))?.clone();
        let via = match frame.u16()? {
            0 => None,
            number => Some(names.halls.get(usize::from(number) - 1)?.clone()),
        };
        Some(Self { ledger, via, body: Body::read(kind, frame)? })
    }
}

impl Body {
    /// Reads a frame alone, without its group: what lies at an entry's place.
    pub(crate) fn alone(bytes: Bytes) -> Option<Self> {
        let mut frame = Fields(bytes);
        let len = to_usize(u64::from(frame.u32()?));
        if frame.0.len() != len {
            return None;
        }
        let kind = frame.u8()?;
        frame.u32()?;
        Self::read(kind, frame)
    }

    fn read(kind: u8, mut frame: Fields) -> Option<Self> {
        let body = match kind {
            ENTRY => {
                let index = frame.u64()?;
                let leaf = Leaf::from_bytes(&frame.array::<{ Leaf::LEN }>()?).ok()?;
                let count = frame.u8()?;
                let keys = (0..count).map(|_| Key::read(&mut frame)).collect::<Option<_>>()?;
                Self::Entry { index, leaf, keys, parts: read_parts(&mut frame)? }
            }
            FILL => Self::Fill { index: frame.u64()?, parts: read_parts(&mut frame)? },
            SEAL => Self::Seal { size: frame.u64()?, note: frame.long_text()? },
            RECEIPT => Self::Receipt {
                cosigned_seal: frame.long_text()?,
                holding_note: frame.long_text()?,
            },
            kind => return Some(Self::Unknown { kind }),
        };
        frame.0.is_empty().then_some(body)
    }
}

impl Key {
    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { kind: fields.u8()?, fingerprint: fields.array()?, extra: fields.u64()? })
    }
}

fn read_parts(fields: &mut Fields) -> Option<Parts> {
    let count = fields.u8()?;
    let mut slots = Vec::with_capacity(usize::from(count.min(4)));
    for _ in 0..count {
        slots.push(match fields.u8()? {
            0 => Slot::Absent { digest: fields.hash()? },
            1 => {
                let salt = fields.array()?;
                let len = to_usize(u64::from(fields.u32()?));
                Slot::Present { salt, bytes: fields.take(len)? }
            }
            _ => return None,
        });
    }
    Parts::from_slots(slots).ok()
}

/// The names a group's frames speak of, numbered as they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) ledgers: Vec<LedgerName>,
    pub(crate) halls: Vec<HallId>,
}

impl Names {
    fn ledger(&mut self, name: &LedgerName) -> u16 {
        number_of(&mut self.ledgers, name)
    }

    fn via(&mut self, hall: Option<&HallId>) -> u16 {
        hall.map_or(0, |hall| number_of(&mut self.halls, hall) + 1)
    }
}

fn number_of<T: PartialEq + Clone>(known: &mut Vec<T>, wanted: &T) -> u16 {
    let at = known.iter().rposition(|name| name == wanted).unwrap_or_else(|| {
        known.push(wanted.clone());
        known.len() - 1
    });
    u16::try_from(at).expect("a group names fewer than 65,535 ledgers")
}

/// Writes frames one after another and numbers their names.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    pub(crate) bytes: Vec<u8>,
    pub(crate) names: Names,
    pub(crate) count: u32,
}

impl Frames {
    /// Frames that will stand behind `room` bytes of header.
    pub(crate) fn behind(room: usize, expected: usize) -> Self {
        let mut bytes = Vec::with_capacity(room + expected);
        bytes.resize(room, 0);
        Self { bytes, ..Self::default() }
    }

    pub(crate) fn entry(
        &mut self,
        (ledger, via): (&LedgerName, Option<&HallId>),
        index: u64,
        leaf: &Leaf,
        keys: &[Key],
        parts: &Parts,
    ) -> Span {
        self.frame(ENTRY, ledger, via, |out| {
            out.extend_from_slice(&index.to_be_bytes());
            out.extend_from_slice(&leaf.to_bytes());
            out.push(u8::try_from(keys.len()).expect("an entry has at most three keys"));
            for key in keys {
                out.push(key.kind);
                out.extend_from_slice(&key.fingerprint);
                out.extend_from_slice(&key.extra.to_be_bytes());
            }
            put_parts(out, parts);
        })
    }

    pub(crate) fn fill(
        &mut self,
        (ledger, via): (&LedgerName, Option<&HallId>),
        index: u64,
        parts: &Parts,
    ) -> Span {
        self.frame(FILL, ledger, via, |out| {
            out.extend_from_slice(&index.to_be_bytes());
            put_parts(out, parts);
        })
    }

    pub(crate) fn seal(
        &mut self,
        (ledger, via): (&LedgerName, Option<&HallId>),
        size: u64,
        note: &str,
    ) -> Span {
        self.frame(SEAL, ledger, via, |out| {
            out.extend_from_slice(&size.to_be_bytes());
            put_long_text(out, note);
        })
    }

    pub(crate) fn receipt(&mut self, ledger: &LedgerName, seal: &str, holding: &str) -> Span {
        self.frame(RECEIPT, ledger, None, |out| {
            put_long_text(out, seal);
            put_long_text(out, holding);
        })
    }

    fn frame(
        &mut self,
        kind: u8,
        ledger: &LedgerName,
        via: Option<&HallId>,
        body: impl FnOnce(&mut Vec<u8>),
    ) -> Span {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
        self.bytes.push(kind);
        self.bytes.extend_from_slice(&self.names.ledger(ledger).to_be_bytes());
        self.bytes.extend_from_slice(&self.names.via(via).to_be_bytes());
        body(&mut self.bytes);
        let len = self.bytes.len() - start;
        if let Some(field) = self.bytes.get_mut(start..start + 4) {
            field.copy_from_slice(&len_u32(len - 4).to_be_bytes());
        }
        self.count += 1;
        Span { offset: len_u32(start), len: len_u32(len) }
    }
}

fn put_parts(out: &mut Vec<u8>, parts: &Parts) {
    out.push(u8::try_from(parts.slots().len()).expect("an entry has at most four parts"));
    for slot in parts.slots() {
        match slot {
            Slot::Absent { digest } => {
                out.push(0);
                out.extend_from_slice(digest);
            }
            Slot::Present { salt, bytes } => {
                out.push(1);
                out.extend_from_slice(salt);
                out.extend_from_slice(&len_u32(bytes.len()).to_be_bytes());
                out.extend_from_slice(bytes);
            }
        }
    }
}

/// Where a frame lies in its segment (or, while a group is built, in its group).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) offset: u32,
    pub(crate) len: u32,
}

/// A stub's label decides as much as any other's.
pub(crate) fn lacks(mask: Mask, label: Label, entitled: &dyn Fn(Label) -> PartSet) -> bool {
    !entitled(label).intersection(mask.possible()).without(mask.held()).is_empty()
}

const ENTRY: u8 = 1;
const FILL: u8 = 2;
const SEAL: u8 = 3;
const RECEIPT: u8 = 4;

#[cfg(test)]
mod tests;
