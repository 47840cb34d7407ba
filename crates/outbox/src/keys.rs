//! Keys and values in sled, byte for byte.
//!
//! ```text
//! tree "sizes"     key  peer 0 ledger-name           value  u64 size, big endian
//! tree "receipts"  key  ledger-name 0 holder         value  u64 size ‖ i64 at_ms ‖ u32 len ‖ cosigned seal ‖ holding note
//! tree "state"     key  "mark"                       value  16 log id ‖ u64 group ‖ u32 crc
//! ```
//!
//! Hall ids and ledger names have no zero byte, so a key splits in one way.

use record::{HallId, LedgerName};

use crate::note::{KeptReceipt, Mark};

pub(crate) const MARK: &[u8] = b"mark";

pub(crate) fn size_key(peer: &HallId, ledger: &LedgerName) -> Vec<u8> {
    format!("{peer}\0{ledger}").into_bytes()
}

pub(crate) fn read_size(key: &[u8], value: &[u8]) -> Option<(HallId, LedgerName, u64)> {
    let (peer, ledger) = split(key)?;
    let size = u64::from_be_bytes(value.try_into().ok()?);
    Some((peer.parse().ok()?, ledger.parse().ok()?, size))
}

pub(crate) fn receipt_key(receipt: &KeptReceipt) -> Vec<u8> {
    format!("{}\0{}", receipt.ledger, receipt.holder).into_bytes()
}

pub(crate) fn receipt_value(receipt: &KeptReceipt) -> Vec<u8> {
    let len = u32::try_from(receipt.cosigned_seal.len()).unwrap_or(u32::MAX);
    let mut value = Vec::new();
    value.extend(receipt.size.to_be_bytes());
    value.extend(receipt.at_ms.to_be_bytes());
    value.extend(len.to_be_bytes());
    value.extend(receipt.cosigned_seal.as_bytes());
    value.extend(receipt.holding_note.as_bytes());
    value
}

pub(crate) fn read_receipt(key: &[u8], value: &[u8]) -> Option<KeptReceipt> {
    let (ledger, holder) = split(key)?;
    let (size, rest) = value.split_first_chunk::<8>()?;
    let (at_ms, rest) = rest.split_first_chunk::<8>()?;
    let (len, rest) = rest.split_first_chunk::<4>()?;
    let len = usize::try_from(u32::from_be_bytes(*len)).ok()?;
    let (seal, note) = rest.split_at_checked(len)?;
    Some(KeptReceipt {
        holder: holder.parse().ok()?,
        ledger: ledger.parse().ok()?,
        size: u64::from_be_bytes(*size),
        at_ms: i64::from_be_bytes(*at_ms),
        cosigned_seal: String::from_utf8(seal.to_vec()).ok()?,
        holding_note: String::from_utf8(note.to_vec()).ok()?,
    })
}

pub(crate) fn mark_value(mark: &Mark) -> Vec<u8> {
    [&mark.log_id[..], &mark.group.to_be_bytes(), &mark.crc.to_be_bytes()].concat()
}

pub(crate) fn read_mark(value: &[u8]) -> Option<Mark> {
    let (log_id, rest) = value.split_first_chunk::<16>()?;
    let (group, crc) = rest.split_first_chunk::<8>()?;
    Some(Mark {
        log_id: *log_id,
        group: u64::from_be_bytes(*group),
        crc: u32::from_be_bytes(crc.try_into().ok()?),
    })
}

fn split(key: &[u8]) -> Option<(&str, &str)> {
    std::str::from_utf8(key).ok()?.split_once('\0')
}
