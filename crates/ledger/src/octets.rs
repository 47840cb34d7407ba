//! Big-endian fields in and out of byte strings: the alphabet of every format in this crate.
//!
//! Reading never panics and never allocates for a length it has not seen the bytes of; a field that
//! is not there is `None`, and the format decides what that means.

use bytes::{Buf, Bytes};
use record::{HallId, Hash, LedgerName};

/// Fields read from the front of shared bytes; what is cut out stays shared.
#[derive(Clone, Debug)]
pub(crate) struct Fields(pub(crate) Bytes);

impl Fields {
    pub(crate) fn take(&mut self, len: usize) -> Option<Bytes> {
        (self.0.len() >= len).then(|| self.0.split_to(len))
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let found = *self.0.first_chunk::<N>()?;
        self.0.advance(N);
        Some(found)
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    pub(crate) fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_be_bytes)
    }

    pub(crate) fn hash(&mut self) -> Option<Hash> {
        self.array()
    }

    /// A text behind its length in one byte.
    pub(crate) fn short_text(&mut self) -> Option<String> {
        let len = usize::from(self.u8()?);
        String::from_utf8(self.take(len)?.to_vec()).ok()
    }

    /// A text behind its length in four bytes.
    pub(crate) fn long_text(&mut self) -> Option<String> {
        let len = usize::try_from(self.u32()?).ok()?;
        String::from_utf8(self.take(len)?.to_vec()).ok()
    }

    pub(crate) fn ledger(&mut self) -> Option<LedgerName> {
        self.short_text()?.parse().ok()
    }

    pub(crate) fn hall(&mut self) -> Option<HallId> {
        self.short_text()?.parse().ok()
    }
}

/// Appends a text of at most 255 bytes behind its length.
pub(crate) fn put_short_text(out: &mut Vec<u8>, text: &str) {
    out.push(u8::try_from(text.len()).expect("names have at most 200 bytes"));
    out.extend_from_slice(text.as_bytes());
}

/// Appends a text behind its length in four bytes.
pub(crate) fn put_long_text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&len_u32(text.len()).to_be_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// A length as it stands on disk; nothing this crate writes comes near 4 GiB.
pub(crate) fn len_u32(len: usize) -> u32 {
    u32::try_from(len).expect("everything written at once is far below 4 GiB")
}

/// A length in memory as a count of bytes or entries.
pub(crate) fn len_u64(len: usize) -> u64 {
    u64::try_from(len).expect("a length in memory fits 64 bits")
}

/// A length or index on disk as one in memory; too large ones find nothing.
pub(crate) fn to_usize(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}
