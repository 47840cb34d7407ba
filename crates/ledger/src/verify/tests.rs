//! A whole log verifies; every damage is named by file, offset, ledger and index.

use super::*;
use crate::append::Append;
use crate::disk::Faulty;
use crate::octets::len_u64;
use crate::signer::Signer;
use crate::store::tests::{NOW, Other, message, open, own, signer, via};
use crate::{PeerFill, Software};
use record::{Lane, PartSet};

fn log() -> (Faulty, Other) {
    let disk = Faulty::new(1);
    let (mut store, _) = open(&disk);
    let other = Other::new("220200", 60);
    for n in 0..40 {
        store.commit(vec![Append::Own(own(Lane::Records, n, message(n)))], NOW).unwrap();
    }
    store.commit(vec![Append::Peer(other.batch(0, 30, PartSet::HEAD))], NOW).unwrap();
    let overlap = other.batch(20, 60, PartSet::PUBLIC);
    store.commit(vec![Append::Peer(overlap)], NOW).unwrap();
    let entries = vec![(3, other.entries[3].1.clone())];
    let fill = PeerFill { ledger: other.ledger.clone(), entries, via: via() };
    store.commit(vec![Append::Fill(fill)], NOW).unwrap();
    (disk, other)
}

fn verify(disk: &Faulty) -> Report {
    directory(disk, &|ledger, _| {
        let own = ledger.hall().as_str() == "220100";
        Some(if own { signer().public() } else { Software::from_seed(&[2; 32]).public() })
    })
}

#[test]
fn a_good_log_has_no_problems_and_unknown_keys_are_one() {
    let (disk, _) = log();
    let report = verify(&disk);
    assert_eq!(report.problems, []);
    assert_eq!((report.entries, report.seals), (100, 42));
    let report = directory(&disk, &|ledger, _| {
        (ledger.hall().as_str() == "220100").then(|| signer().public())
    });
    assert_eq!(report.problems.len(), 2);
    assert!(report.problems.iter().all(|problem| problem.ledger.is_some()));
}

#[test]
fn a_flipped_bit_is_named_by_file_and_offset() {
    let (disk, _) = log();
    let names: Vec<_> = disk
        .list("")
        .unwrap()
        .into_iter()
        .filter(|name| segment::number_in(name).is_some())
        .collect();
    assert!(names.len() > 1, "closed segments are tried too");
    for name in &names[..names.len() - 1] {
        let len = disk.bytes(name).unwrap().len();
        for offset in (0..len).step_by(97) {
            let image = disk.image(1);
            assert!(image.flip(name, len_u64(offset), 5));
            let report = verify(&image);
            let found = report
                .problems
                .iter()
                .any(|problem| problem.file == *name && problem.offset <= len_u64(offset));
            assert!(found, "{name} {offset}: {:?}", report.problems);
        }
    }
}

/// Every flipped bit in a part names the very entry, and nothing behind it is taken for damaged.
#[test]
fn a_damaged_part_names_its_entry_and_no_other() {
    let (disk, _) = log();
    let name = segment::file_name(1);
    let bytes = disk.bytes(&name).unwrap();
    for entry in 0..5_u64 {
        let part = format!("open {entry}");
        let offset = bytes.windows(part.len()).position(|it| it == part.as_bytes()).unwrap();
        let image = disk.image(1);
        assert!(image.flip(&name, len_u64(offset), 3));
        let report = verify(&image);
        let named: Vec<_> = report.problems.iter().filter_map(|one| one.index).collect();
        assert_eq!(named, [entry], "{:?}", report.problems);
        assert_eq!(report.entries, 100, "all entries were looked at");
    }
}

/// Without a mark the last group is torn; with the mark of a clean stop it was acknowledged.
#[test]
fn damage_in_the_last_group_is_named_after_a_clean_stop() {
    let disk = Faulty::new(1);
    let (mut store, _) = open(&disk);
    for n in 0..3 {
        store.commit(vec![Append::Own(own(Lane::Records, n, message(n)))], NOW).unwrap();
    }
    let name = segment::file_name(1);
    let bytes = disk.bytes(&name).unwrap();
    let offset = bytes.windows(6).position(|it| it == b"open 2").unwrap();
    let torn = disk.image(1);
    store.close().unwrap();
    let image = disk.image(1);
    for image in [&torn, &image] {
        assert!(image.flip(&name, len_u64(offset), 3));
    }
    assert_eq!(verify(&torn).problems, []);
    let report = verify(&image);
    assert!(report.problems.iter().any(|one| one.index == Some(2)), "{:?}", report.problems);
}

/// The door stores a seal behind the entry that it ends on; one that stands later proves nothing.
#[test]
fn a_seal_stands_where_its_size_was_reached() {
    let (disk, other) = log();
    let mut frames = crate::group::begin(256);
    let seal = other.seal(50);
    frames.seal((&seal.ledger, Some(&via())), seal.size, seal.note());
    let name = disk.list("").unwrap().into_iter().rfind(|name| segment::number_in(name).is_some());
    let name = name.unwrap();
    let file = disk.open(&name).unwrap();
    let mut scan = Scan::new(&file).unwrap().unwrap();
    while scan.next_group().unwrap().is_some() {}
    let place = (scan.group + 1, scan.position, scan.crc);
    let (bytes, _) = crate::group::finish(frames, place, NOW, scan.header.seed());
    let mut image = disk.bytes(&name).unwrap();
    image.splice(to_usize(scan.offset).., bytes);
    disk.put(&name, image);
    let report = verify(&disk);
    let [problem] = &report.problems[..] else { panic!("{:?}", report.problems) };
    assert_eq!((problem.ledger.as_ref(), problem.index), (Some(&other.ledger), Some(50)));
}
