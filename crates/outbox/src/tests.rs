//! The outbox against a map, and against everything that can be wrong with its directory.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;

const LOG: Mark = Mark { log_id: [1; 16], group: 9, crc: 77 };

fn filled(path: &Path) {
    let (outbox, condition) = Outbox::open(path).unwrap();
    assert_eq!(condition, Condition::New);
    outbox
        .apply(&[durable("220100", 5), Note::Receipt(receipt(3)), Note::Acknowledged(LOG)])
        .unwrap();
    outbox.sync().unwrap();
}

fn durable(peer: &str, size: u64) -> Note {
    let ledger = "jilin.example/hallway/220000/records/1".parse().unwrap();
    Note::Durable { peer: peer.parse().unwrap(), ledger, size }
}

fn receipt(size: u64) -> KeptReceipt {
    KeptReceipt {
        holder: "220100".parse().unwrap(),
        ledger: "jilin.example/hallway/220000/records/1".parse().unwrap(),
        size,
        at_ms: -4,
        cosigned_seal: "seal\n".repeat(100),
        holding_note: "note\n".to_owned(),
    }
}

fn reopened(path: &Path, log: Mark) -> (Outbox, Condition) {
    let (outbox, condition) = Outbox::open(path).unwrap();
    outbox.adopt(log, condition, |_| Some(77)).unwrap()
}

#[test]
fn what_was_noted_is_there_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox");
    filled(&path);
    let (outbox, condition) = reopened(&path, LOG);
    assert_eq!(condition, Condition::Kept);
    assert_eq!(outbox.sizes().unwrap().len(), 1);
    assert_eq!(outbox.passing().receipts().unwrap(), [receipt(3)]);
    assert_eq!(outbox.mark().unwrap(), Some(LOG));
}

#[test]
fn another_log_ahead_or_absent_begins_anew() {
    for (log, reason) in [
        (Mark { log_id: [2; 16], ..LOG }, Reason::Different),
        (Mark { group: 8, ..LOG }, Reason::Ahead),
        (Mark { crc: 78, ..LOG }, Reason::Different),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("outbox");
        filled(&path);
        let (outbox, condition) = reopened(&path, log);
        assert_eq!(condition, Condition::Rebuilt(reason));
        assert!(outbox.sizes().unwrap().is_empty());
        assert!(dir.path().join("outbox.aside-1").is_dir());
    }
    let dir = tempfile::tempdir().unwrap();
    let (_outbox, condition) = reopened(&dir.path().join("outbox"), LOG);
    assert_eq!(condition, Condition::Rebuilt(Reason::Absent));
}

#[test]
fn a_leftover_of_a_killed_snapshot_is_no_obstacle() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox");
    filled(&path);
    fs::write(path.join("snap.0000000000000001.generating"), b"half").unwrap();
    assert_eq!(reopened(&path, LOG).1, Condition::Kept);
}

#[test]
fn a_damaged_file_is_moved_aside_and_nothing_panics() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox");
    filled(&path);
    for name in ["db", "conf"] {
        let mut bytes = fs::read(path.join(name)).unwrap();
        for byte in &mut bytes {
            *byte ^= 0x5a;
        }
        fs::write(path.join(name), bytes).unwrap();
        let (outbox, condition) = reopened(&path, LOG);
        assert!(matches!(condition, Condition::Rebuilt(_)), "{name}: {condition:?}");
        outbox.apply(&[durable("220100", 5), Note::Acknowledged(LOG)]).unwrap();
        outbox.sync().unwrap();
    }
}

#[test]
fn an_outbox_in_use_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("outbox");
    let (first, _) = Outbox::open(&path).unwrap();
    let second = Outbox::open(&path).err().unwrap();
    assert!(matches!(second, OpenError::Locked { .. }), "{second}");
    drop(first);
    assert!(path.join("db").exists() && !directory.path().join("outbox.aside-1").exists());
    assert!(Outbox::open(&path).is_ok());
}

#[test]
fn only_the_newest_directories_moved_aside_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox");
    for group in 1..=6 {
        let (outbox, _) = reopened(&path, Mark { group, ..LOG });
        let beyond = Mark { group: group + 100, ..LOG };
        outbox.apply(&[Note::Acknowledged(beyond)]).unwrap();
        outbox.sync().unwrap();
    }
    let aside = fs::read_dir(dir.path()).unwrap().count() - 1;
    assert_eq!(aside, 3);
}

#[test]
fn the_thread_writes_what_it_was_handed_before_it_ends() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox");
    let (outbox, _) = Outbox::open(&path).unwrap();
    let (applier, thread) = Applier::start(outbox).unwrap();
    assert!((0..100).all(|size| applier.note(durable("220100", size))));
    drop(applier);
    thread.join().unwrap();
    let (outbox, _) = Outbox::open(&path).unwrap();
    assert_eq!(outbox.sizes().unwrap().first().map(|(_, _, size)| *size), Some(99));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn like_a_map(notes in prop::collection::vec((0..5_u32, any::<u64>(), any::<bool>()), 1..60)) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("outbox");
        let mut model = BTreeMap::new();
        let (mut outbox, _) = Outbox::open(&path).unwrap();
        for (peer, size, reopen) in notes {
            let peer = format!("peer-{peer}");
            outbox.apply(&[durable(&peer, size)]).unwrap();
            model.insert(peer, size);
            if reopen {
                drop(outbox);
                outbox = Outbox::open(&path).unwrap().0;
            }
            let held: BTreeMap<_, _> =
                outbox.sizes().unwrap().into_iter().map(|(p, _, s)| (p.to_string(), s)).collect();
            prop_assert_eq!(&held, &model);
        }
    }
}
