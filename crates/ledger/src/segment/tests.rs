//! Segments: headers, chains, ends.

use record::Lane;

use super::*;
use crate::disk::{Disk, Faulty};
use crate::seal::Seal;
use crate::signer::Software;

fn header() -> SegmentHeader {
    let domain = "jilin.example".parse().unwrap();
    let hall = "220100".parse().unwrap();
    let identity = Identity::new(&[9; 32], &domain, &hall);
    let ledger = LedgerName::new(domain, hall, Lane::Records, record::Generation(1));
    let mut frontier = Frontier::new();
    (0..5).for_each(|n| frontier.push([n; 32]));
    let seal = Seal::sign(&ledger, 5, frontier.root(), &Software::from_seed(&[1; 32])).unwrap();
    let at = Timestamp(1_700_000_000_000);
    SegmentHeader {
        number: 3,
        nonce: identity.nonce(3),
        identity,
        position: 17,
        last_group: 8,
        last_crc: 0x0102_0304,
        at,
        heads: vec![SegmentHead {
            ledger: ledger.clone(),
            frontier,
            whole: 4,
            partly: 1,
            seal: Some(Arc::new(seal)),
            sealed_at: at,
        }],
        receipts: vec![ReceiptPlace {
            holder: "220000".parse().unwrap(),
            ledger,
            size: 5,
            at,
            segment: 2,
            offset: 4096,
            len: 900,
        }],
    }
}

/// Frozen by the first release: a segment with another header could not be opened by it.
#[test]
fn golden_header() {
    let bytes = header().to_bytes();
    let hash: [u8; 32] = Sha256::digest(&bytes).into();
    let hex = hash.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    assert_eq!((bytes.len(), hex.as_str()), (LEN, DIGEST));
}

#[test]
fn headers_round_trip_and_name_every_flipped_byte() {
    let bytes = header().to_bytes();
    assert_eq!(SegmentHeader::length(&bytes), Some(bytes.len()));
    assert_eq!(SegmentHeader::read(&bytes), Some(header()));
    for at in 0..bytes.len() - 4 {
        let mut broken = bytes.clone();
        broken[at] ^= 4;
        assert_eq!(SegmentHeader::read(&broken), None, "{at}");
        assert_eq!(SegmentHeader::read(&bytes[..at]), None, "{at}");
    }
}

#[test]
fn a_segment_has_its_name_only_when_it_is_durable() {
    for call in 0..6 {
        let disk = Faulty::new(call);
        disk.crash_at(call);
        drop(create(&disk, &header(), 8192, None));
        disk.restart();
        if let Ok(file) = disk.open(&file_name(3)) {
            assert_eq!(Scan::new(&file).unwrap().unwrap().header, header());
        }
    }
    assert_eq!(number_in(&file_name(3)), Some(3));
    assert_eq!(number_in("3.seg"), None);
    assert_eq!(number_in("0000000003.seg.new"), None);
}

const LEN: usize = 592;
const DIGEST: &str = "b9c7f5f6439ad63e5168e176886a5117cf6e445bf5236d893ec0ef9db6bfdf78";
