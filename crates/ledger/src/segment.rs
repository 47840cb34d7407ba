//! A segment: 64 MiB of groups behind a header that says where the log stood when it began.
//!
//! ```text
//! "HWSEG\0\0\1" ‖ u32 length of the header ‖ u64 number ‖ log id (16) ‖ nonce (16)
//! ‖ fingerprint key (32) ‖ u8 length ‖ domain ‖ u8 length ‖ hall
//! ‖ u64 position ‖ u64 last group before ‖ u32 its checksum ‖ i64 time
//! ‖ u32 n ‖ n × head ‖ u32 m ‖ m × receipt ‖ zeros to a multiple of 8 ‖ u32 checksum ‖ u32 0
//!
//! head     u8 length ‖ ledger ‖ u64 size ‖ u64 whole ‖ u64 partly ‖ i64 sealed at
//!          ‖ u32 length ‖ newest seal ‖ u8 n ‖ n × subtree root (32)
//! receipt  u8 length ‖ holder ‖ u8 length ‖ ledger ‖ u64 size ‖ i64 at
//!          ‖ u64 segment ‖ u32 offset ‖ u32 length
//! ```
//!
//! A segment gets its name only when header and length are durable, so a named segment proves that
//! everything in the one before it is durable too. The heads make each segment self-sufficient: its
//! index, its share of the register and of every tree can be rebuilt from its bytes alone.
//! Deliberately absent: compression, and any change after the next segment exists.

use std::sync::Arc;

use bytes::Bytes;
use record::{HallId, LedgerName, Timestamp, TrustDomain};
use sha2::{Digest, Sha256};

use crate::octets::{Fields, len_u32, put_long_text, put_short_text, to_usize};
use crate::seal::Seal;
use crate::tree::Frontier;

mod create;
mod scan;

pub(crate) use create::create;
pub(crate) use scan::{End, Scan};

/// What never changes in the life of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) log_id: [u8; 16],
    pub(crate) fingerprint_key: [u8; 32],
    pub(crate) domain: TrustDomain,
    pub(crate) hall: HallId,
}

impl Identity {
    /// The identity of a new log.
    pub(crate) fn new(seed: &[u8; 32], domain: &TrustDomain, hall: &HallId) -> Self {
        let derive = |what: &[u8]| -> [u8; 32] {
            Sha256::new()
                .chain_update(b"hallway/v1/log\0")
                .chain_update(seed)
                .chain_update(what)
                .finalize()
                .into()
        };
        let mut log_id = [0; 16];
        log_id.iter_mut().zip(derive(b"id")).for_each(|(to, from)| *to = from);
        Self {
            log_id,
            fingerprint_key: derive(b"fingerprints"),
            domain: domain.clone(),
            hall: hall.clone(),
        }
    }

    /// The nonce of a segment: as unknown outside as the key it comes from.
    pub(crate) fn nonce(&self, segment: u64) -> [u8; 16] {
        let hash: [u8; 32] = Sha256::new()
            .chain_update(b"hallway/v1/nonce\0")
            .chain_update(self.fingerprint_key)
            .chain_update(segment.to_be_bytes())
            .finalize()
            .into();
        let mut nonce = [0; 16];
        nonce.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        nonce
    }
}

/// Where a ledger stood when a segment began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SegmentHead {
    pub(crate) ledger: LedgerName,
    pub(crate) frontier: Frontier,
    pub(crate) whole: u64,
    pub(crate) partly: u64,
    pub(crate) seal: Option<Arc<Seal>>,
    pub(crate) sealed_at: Timestamp,
}

/// Where the newest receipt of a holder was when a segment began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReceiptPlace {
    pub(crate) holder: HallId,
    pub(crate) ledger: LedgerName,
    pub(crate) size: u64,
    pub(crate) at: Timestamp,
    pub(crate) segment: u64,
    pub(crate) offset: u32,
    pub(crate) len: u32,
}

/// A segment's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SegmentHeader {
    pub(crate) number: u64,
    pub(crate) identity: Identity,
    pub(crate) nonce: [u8; 16],
    pub(crate) position: u64,
    /// Number of the last group before this segment.
    pub(crate) last_group: u64,
    /// Its trailer's checksum.
    pub(crate) last_crc: u32,
    pub(crate) at: Timestamp,
    pub(crate) heads: Vec<SegmentHead>,
    pub(crate) receipts: Vec<ReceiptPlace>,
}

impl SegmentHeader {
    /// The header of a log's first segment.
    pub(crate) fn first(identity: Identity, at: Timestamp) -> Self {
        let nonce = identity.nonce(1);
        let (heads, receipts) = (Vec::new(), Vec::new());
        let (position, last_group, last_crc) = (0, 0, 0);
        Self { number: 1, identity, nonce, position, last_group, last_crc, at, heads, receipts }
    }

    /// What the checksums of this segment begin from.
    pub(crate) fn seed(&self) -> u32 {
        let nonce = crc32c::crc32c(&self.nonce);
        crc32c::crc32c_append(nonce, &self.number.to_be_bytes())
    }

    /// The header's bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&self.number.to_be_bytes());
        out.extend_from_slice(&self.identity.log_id);
        out.extend_from_slice(&self.nonce);
        out.extend_from_slice(&self.identity.fingerprint_key);
        put_short_text(&mut out, self.identity.domain.as_str());
        put_short_text(&mut out, self.identity.hall.as_str());
        out.extend_from_slice(&self.position.to_be_bytes());
        out.extend_from_slice(&self.last_group.to_be_bytes());
        out.extend_from_slice(&self.last_crc.to_be_bytes());
        out.extend_from_slice(&self.at.0.to_be_bytes());
        out.extend_from_slice(&len_u32(self.heads.len()).to_be_bytes());
        self.heads.iter().for_each(|head| put_head(&mut out, head));
        out.extend_from_slice(&len_u32(self.receipts.len()).to_be_bytes());
        self.receipts.iter().for_each(|receipt| put_receipt(&mut out, receipt));
        out.resize(out.len().next_multiple_of(8), 0);
        let len = len_u32(out.len() + 8);
        if let Some(field) = out.get_mut(MAGIC.len()..MAGIC.len() + 4) {
            field.copy_from_slice(&len.to_be_bytes());
        }
        let crc = crc32c::crc32c(&out);
        out.extend_from_slice(&crc.to_be_bytes());
        out.extend_from_slice(&[0; 4]);
        out
    }

    /// The length a header says it has, from its first bytes.
    pub(crate) fn length(first: &[u8]) -> Option<usize> {
        let len = first.strip_prefix(MAGIC)?.first_chunk::<4>()?;
        let len = to_usize(u64::from(u32::from_be_bytes(*len)));
        (PREFIX..=HEADER_BYTES_MAX).contains(&len).then_some(len)
    }

    /// Reads a header from exactly its bytes.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        if Self::length(bytes)? != bytes.len() {
            return None;
        }
        let (covered, end) = bytes.split_at_checked(bytes.len() - 8)?;
        if crc32c::crc32c(covered).to_be_bytes() != *end.first_chunk::<4>()? {
            return None;
        }
        let mut fields = Fields(Bytes::copy_from_slice(covered));
        fields.take(MAGIC.len() + 4)?;
        let number = fields.u64()?;
        let log_id = fields.array()?;
        let nonce = fields.array()?;
        let fingerprint_key = fields.array()?;
        let domain = fields.short_text()?.parse().ok()?;
        let hall = fields.hall()?;
        let (position, last_group) = (fields.u64()?, fields.u64()?);
        let (last_crc, at) = (fields.u32()?, Timestamp(fields.i64()?));
        let count = fields.u32()?;
        let heads = (0..count).map(|_| read_head(&mut fields)).collect::<Option<_>>()?;
        let count = fields.u32()?;
        let receipts = (0..count).map(|_| read_receipt(&mut fields)).collect::<Option<_>>()?;
        let identity = Identity { log_id, fingerprint_key, domain, hall };
        Some(Self { number, identity, nonce, position, last_group, last_crc, at, heads, receipts })
    }
}

fn put_head(out: &mut Vec<u8>, head: &SegmentHead) {
    put_short_text(out, &head.ledger.to_string());
    out.extend_from_slice(&head.frontier.size().to_be_bytes());
    out.extend_from_slice(&head.whole.to_be_bytes());
    out.extend_from_slice(&head.partly.to_be_bytes());
    out.extend_from_slice(&head.sealed_at.0.to_be_bytes());
    put_long_text(out, head.seal.as_ref().map_or("", |seal| seal.note()));
    let nodes = head.frontier.nodes();
    out.push(u8::try_from(nodes.len()).expect("a tree has at most 63 subtree roots"));
    for node in nodes {
        out.extend_from_slice(node);
    }
}

fn read_head(fields: &mut Fields) -> Option<SegmentHead> {
    let ledger = fields.ledger()?;
    let (size, whole, partly) = (fields.u64()?, fields.u64()?, fields.u64()?);
    let sealed_at = Timestamp(fields.i64()?);
    let seal = match fields.long_text()?.as_str() {
        "" => None,
        note => Some(Arc::new(Seal::parse(note).ok()?)),
    };
    let count = fields.u8()?;
    let nodes = (0..count).map(|_| fields.hash()).collect::<Option<_>>()?;
    let frontier = Frontier::from_nodes(size, nodes).ok()?;
    Some(SegmentHead { ledger, frontier, whole, partly, seal, sealed_at })
}

fn put_receipt(out: &mut Vec<u8>, receipt: &ReceiptPlace) {
    put_short_text(out, receipt.holder.as_str());
    put_short_text(out, &receipt.ledger.to_string());
    out.extend_from_slice(&receipt.size.to_be_bytes());
    out.extend_from_slice(&receipt.at.0.to_be_bytes());
    out.extend_from_slice(&receipt.segment.to_be_bytes());
    out.extend_from_slice(&receipt.offset.to_be_bytes());
    out.extend_from_slice(&receipt.len.to_be_bytes());
}

fn read_receipt(fields: &mut Fields) -> Option<ReceiptPlace> {
    Some(ReceiptPlace {
        holder: fields.hall()?,
        ledger: fields.ledger()?,
        size: fields.u64()?,
        at: Timestamp(fields.i64()?),
        segment: fields.u64()?,
        offset: fields.u32()?,
        len: fields.u32()?,
    })
}

/// The format of a segment, from its first bytes; none when they are not those of a segment.
pub(crate) fn version(first: &[u8]) -> Option<u8> {
    let (version, name) = MAGIC.split_last()?;
    debug_assert_eq!(*version, VERSION, "the magic ends in the version");
    first.strip_prefix(name)?.first().copied()
}

/// The name of a segment's file.
pub(crate) fn file_name(number: u64) -> String {
    format!("{number:010}.seg")
}

/// The number in a segment's file name.
pub(crate) fn number_in(name: &str) -> Option<u64> {
    let number = name.strip_suffix(".seg")?.parse().ok()?;
    (file_name(number) == name).then_some(number)
}

/// Bytes that tell a header's length.
pub(crate) const PREFIX: usize = MAGIC.len() + 4;
const MAGIC: &[u8] = b"HWSEG\0\0\x01";
/// The format that this version writes, the last byte of a segment's first eight.
pub(crate) const VERSION: u8 = 1;
/// A header beyond this is damage: 100,000 ledgers fit.
const HEADER_BYTES_MAX: usize = 256 << 20;

#[cfg(test)]
mod tests;
