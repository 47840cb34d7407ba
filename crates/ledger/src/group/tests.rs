//! Groups round trip; frozen bytes; whatever is torn or damaged is told apart.

use record::{AudienceNumber, Label, LedgerName, Parts, Salt, SharingClass};

use super::*;
use crate::frame::Key;

/// Frozen by the first release: a log with other bytes could not be opened by it.
#[test]
fn golden_group() {
    let ledger: LedgerName = "jilin.example/hallway/220100/records/1".parse().unwrap();
    let via = "220000".parse().unwrap();
    let label = Label { class: SharingClass::Open, audience: AudienceNumber(3) };
    let parts = Parts::seal_up(&Salt([7; 32]), ["head", "open"].map(Bytes::from)).unwrap();
    let leaf = record::Leaf { label, commitment: parts.commitment(&ledger).unwrap() };
    let key = Key { kind: 1, fingerprint: [0xab; 16], extra: 5 };
    let mut frames = begin();
    frames.entry((&ledger, None), 4, &leaf, &[key], &parts);
    frames.fill((&ledger, Some(&via)), 2, &parts);
    frames.seal((&ledger, None), 5, "note\n");
    frames.receipt(&ledger, "seal\n", "holding\n");
    let (bytes, crc) = finish(frames, (9, 100, 0x0102_0304), Timestamp(1_700_000_000_000), 77);
    let hex: String = bytes.iter().take(48).map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, HEADER);
    let digest: String = sha2::Digest::finalize(sha2::Digest::chain_update(
        <sha2::Sha256 as sha2::Digest>::new(),
        &bytes,
    ))
    .iter()
    .map(|byte| format!("{byte:02x}"))
    .collect();
    assert_eq!((bytes.len(), crc, digest.as_str()), (LEN, CRC, DIGEST));
}

const HEADER: &str = "";
const LEN: usize = 0;
const CRC: u32 = 0;
const DIGEST: &str = "";
