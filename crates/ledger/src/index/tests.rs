//! Index rows against a model, and what happens when their file lies.

use record::{AudienceNumber, Label, SharingClass};

use super::*;
use crate::disk::Faulty;
use crate::handles::Handles;
use crate::pages::DIRECTORY;
use crate::segment::Identity;
use record::Timestamp;

fn leaf(n: u64) -> Leaf {
    let label = Label { class: SharingClass::Open, audience: AudienceNumber(0) };
    let mut commitment = [0; 32];
    commitment[..8].copy_from_slice(&n.to_be_bytes());
    Leaf { label, commitment }
}

/// The file answers every question as the memory it was written from.
#[test]
fn the_file_says_what_the_memory_said() {
    let hall = "220100".parse().unwrap();
    let identity = Identity::new(&[9; 32], &"jilin.example".parse().unwrap(), &hall);
    let header = SegmentHeader::first(identity, Timestamp(0));
    let mut memory = MemoryIndex::new(&header);
    let a: LedgerName = "jilin.example/hallway/a/records/1".parse().unwrap();
    let b: LedgerName = "jilin.example/hallway/b/records/1".parse().unwrap();
    let span = |n: u64| Span { offset: u32::try_from(n * 10).unwrap(), len: 9 };
    for n in 0..700 {
        let mark = Mark { group: n + 1, crc: 1, position: n + 1, offset: n * 10 };
        memory.group(GroupRow { position: n, number: n + 1, offset: span(n).offset }, mark);
        assert!(memory.entry(&a, n, leaf(n), span(n), Mask(u8::try_from(n % 16).unwrap())));
        assert!(!memory.entry(&a, n, leaf(n), span(n), Mask(0)), "not twice");
        if n % 7 == 0 {
            memory.fill(&b, FillRow { index: n * 3, span: span(n), mask: Mask(0x31) });
            memory.fill(&b, FillRow { index: n * 3, span: span(n + 1), mask: Mask(0x32) });
            memory.seal(&a, SealRow { size: n + 1, span: span(n) });
        }
    }
    let disk = Faulty::new(1);
    let handles = Arc::new(Handles::new(disk.clone()));
    let log_id = [7; 16];
    write(&handles, &log_id, 1, &memory).unwrap();
    let file = Index::File(Arc::new(FileIndex::open(&handles, &log_id, 1).unwrap()));
    let memory = Index::Memory(Arc::new(memory));
    assert_eq!(file.contents(), memory.contents());
    assert_eq!(file.mark(), memory.mark());
    for ledger in [&a, &b] {
        for range in [0..1, 0..700, 85..86, 250..260, 699..900, 2000..2100, 5..5] {
            let ask = |index: &Index<Faulty>| {
                (
                    index.rows(ledger, range.clone()).unwrap(),
                    index.masks(ledger, range.clone()).unwrap(),
                    index.fills(ledger, range.clone()).unwrap(),
                    index.seals(ledger, range.clone()).unwrap(),
                )
            };
            assert_eq!(ask(&file), ask(&memory), "{ledger} {range:?}");
        }
        for (level, node) in [(8, 0), (8, 1), (8, 2), (16, 0)] {
            let ask = |index: &Index<Faulty>| index.node(ledger, level, node).unwrap();
            assert_eq!(ask(&file), ask(&memory));
            assert_eq!(ask(&file).is_some(), ledger == &a && level == 8 && node < 2);
        }
    }
    for position in [0, 1, 350, 699, 10_000] {
        assert_eq!(file.group_at(position).unwrap(), memory.group_at(position).unwrap());
    }
    assert!(FileIndex::open(&handles, &[8; 16], 1).is_err(), "another log's");
    disk.rename(&path(1), &path(2)).unwrap();
    assert!(FileIndex::open(&handles, &log_id, 2).is_err(), "another segment's");
    assert_eq!(disk.list(DIRECTORY).unwrap().len(), 1);
}
