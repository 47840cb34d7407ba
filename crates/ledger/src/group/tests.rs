//! Groups round trip; frozen bytes; whatever is torn or damaged is told apart.

use record::{AudienceNumber, Label, LedgerName, Parts, Salt, SharingClass};

use sha2::{Digest, Sha256};

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
    let mut frames = begin(0);
    frames.entry((&ledger, None), 4, &leaf, &[key], &parts);
    frames.fill((&ledger, Some(&via)), 2, &parts);
    frames.seal((&ledger, None), 5, "note\n");
    frames.receipt(&ledger, "seal\n", "holding\n");
    let (bytes, crc) = finish(frames, (9, 100, 0x0102_0304), Timestamp(1_700_000_000_000), 77);
    assert_eq!(hex(&bytes[..48]), HEADER);
    let hash: [u8; 32] = Sha256::digest(&bytes).into();
    assert_eq!((bytes.len(), crc, hex(&hash).as_str()), (LEN, CRC, DIGEST));
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

const HEADER: &str = "48574731000001780000000000000009000000000000006400000004010203040000018bcfe5680000000142ace3d0a9";
const LEN: usize = 432;
const CRC: u32 = 3_468_439_648;
const DIGEST: &str = "8a401706527d42ba093c5354f1c608c0c7d7c7d607a030e9775f959d81fd6bc8";
