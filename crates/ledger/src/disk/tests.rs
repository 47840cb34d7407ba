//! The conformance suite of the disk port, run on both disks, and the crashes that only the faulty one has.

use std::io;

use super::{Disk, DiskFile, Faulty, Os, read_up_to};

/// What both disks must do; a store is built on nothing else.
fn conforms(disk: &impl Disk) {
    let lock = disk.lock().unwrap();
    assert_eq!(disk.lock().err().unwrap().kind(), io::ErrorKind::WouldBlock);
    drop(lock);
    let _lock = disk.lock().unwrap();

    assert!(disk.list("derived").unwrap().is_empty());
    disk.make_dir("derived").unwrap();
    disk.make_dir("derived").unwrap();
    assert_eq!(disk.open("absent").err().unwrap().kind(), io::ErrorKind::NotFound);

    let file = disk.create("a.new", 1000).unwrap();
    assert_eq!(file.len().unwrap(), 1000);
    assert_eq!(read_up_to(&file, 0, 2000).unwrap(), vec![0; 1000]);
    file.write_at(b"hallway", 996).unwrap();
    assert_eq!(file.len().unwrap(), 1003);
    assert_eq!(read_up_to(&file, 995, 100).unwrap(), b"\0hallway");
    assert!(read_up_to(&file, 5000, 10).unwrap().is_empty());
    file.sync().unwrap();
    disk.rename("a.new", "a").unwrap();
    disk.sync_dir("").unwrap();
    disk.create("derived/b", 0).unwrap();
    disk.sync_dir("derived").unwrap();
    let names = |dir| {
        let mut names = disk.list(dir).unwrap();
        names.retain(|name| name != "lock");
        names
    };
    assert_eq!(names(""), ["a"]);
    assert_eq!(names("derived"), ["b"]);

    let again = disk.open("a").unwrap();
    assert_eq!(read_up_to(&again, 996, 7).unwrap(), b"hallway");
    again.set_len(10).unwrap();
    again.set_len(12).unwrap();
    assert_eq!(read_up_to(&file, 0, 100).unwrap(), vec![0; 12]);
    assert_eq!(disk.create("a", 3).unwrap().len().unwrap(), 3);
    disk.remove("a").unwrap();
    assert!(disk.remove("a").is_err());
    assert!(names("").is_empty());
}

#[test]
fn the_os_conforms() {
    let dir = tempfile::tempdir().unwrap();
    conforms(&Os::new(dir.path().join("ledger")).unwrap());
}

#[test]
fn the_faulty_disk_conforms() {
    conforms(&Faulty::new(1));
}

#[test]
fn a_power_cut_keeps_what_was_synced_and_a_subset_of_the_rest() {
    let mut seen = [false; 4];
    for seed in 0..40 {
        let disk = Faulty::new(seed);
        let file = disk.create("a", 1024).unwrap();
        file.write_at(&[1; 1024], 0).unwrap();
        file.sync().unwrap();
        disk.sync_dir("").unwrap();
        file.write_at(&[2; 1024], 0).unwrap();
        disk.crash_at(0);
        assert!(file.len().is_err() && disk.is_down() && disk.open("a").is_err());
        disk.restart();
        assert!(file.len().is_err(), "old handles are dead");
        let bytes = disk.bytes("a").unwrap();
        let (first, second) = (bytes[0], bytes[512]);
        assert!(bytes[..512].iter().all(|b| *b == first));
        assert!(bytes[512..].iter().all(|b| *b == second));
        seen[usize::from((first - 1) * 2 + second - 1)] = true;
    }
    assert_eq!(seen, [true; 4], "every subset happens");
}

#[test]
fn unsynced_names_may_vanish_and_synced_ones_do_not() {
    let mut survived = 0;
    for seed in 0..40 {
        let disk = Faulty::new(seed);
        disk.create("kept", 0).unwrap();
        disk.sync_dir("").unwrap();
        disk.create("perhaps", 0).unwrap();
        disk.crash();
        disk.restart();
        let names = disk.list("").unwrap();
        assert!(names.contains(&"kept".to_owned()));
        survived += usize::from(names.len() == 2);
    }
    assert!((5..35).contains(&survived), "{survived}");
}

#[test]
fn errors_and_full_disks_come_when_asked_for() {
    let disk = Faulty::new(3);
    disk.set_space(Some(100));
    assert_eq!(disk.create("a", 101).err().unwrap().kind(), io::ErrorKind::StorageFull);
    let file = disk.create("a", 100).unwrap();
    assert!(file.write_at(b"x", 99).is_ok());
    assert!(file.write_at(b"xx", 99).is_err());
    disk.fail_at(1);
    assert!(file.sync().is_ok());
    assert!(file.sync().is_err());
    assert!(file.sync().is_ok());
    assert!(disk.flip("a", 99, 0) && !disk.flip("a", 100, 0));
    assert_eq!(disk.bytes("a").unwrap()[99], b'x' ^ 1);
}
