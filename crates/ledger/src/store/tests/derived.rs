//! Derived files are derived: deleted, rolled back, flipped or another log's, no answer changes.

use super::model::Model;
use super::*;
use crate::pages::DIRECTORY;

fn filled() -> (Faulty, Model) {
    let disk = Faulty::new(1);
    let mut model = Model::default();
    assert!(model.run(&disk, &model::steps(21, 160)));
    disk.kill();
    (disk, model)
}

fn derived(disk: &Faulty) -> Vec<String> {
    let names = disk.list(DIRECTORY).unwrap();
    names.into_iter().map(|name| format!("{DIRECTORY}/{name}")).collect()
}

#[test]
fn segments_close_into_files_and_runs_are_merged() {
    let (disk, model) = filled();
    let names = derived(&disk);
    assert!(
        names.iter().filter(|name| name.strip_suffix(".idx").is_some()).count() > 8,
        "{names:?}"
    );
    assert!(names.contains(&format!("{DIRECTORY}/0000000001-0000000016.run")), "{names:?}");
    let (store, report) = open(&disk);
    assert!(report.rebuilt.is_empty(), "{:?}", report.rebuilt);
    model.check(&store, "reopened");
}

#[test]
fn files_that_are_gone_or_flipped_before_opening_are_built_again() {
    let (disk, model) = filled();
    for (turn, path) in (0_u64..).zip(derived(&disk)) {
        let image = disk.image(turn);
        if turn % 2 == 0 {
            image.remove(&path).unwrap();
        } else {
            image.flip(&path, 20, 4);
        }
        let (mut store, _) = open(&image);
        model.check(&store, &path);
        let again = Append::Own(own(Lane::Records, 1, message(1)));
        let outcome = store.commit(vec![again], NOW).unwrap().remove(0);
        assert!(!matches!(outcome, Outcome::Appended { .. }), "{path}: {outcome:?}");
    }
    let image = disk.image(0);
    for path in derived(&image) {
        image.remove(&path).unwrap();
    }
    let (store, report) = open(&image);
    assert!(report.rebuilt.len() > 8);
    model.check(&store, "all gone");
}

#[test]
fn files_that_break_while_open_are_built_again_when_read() {
    let (disk, model) = filled();
    let (store, _) = open(&disk);
    for path in derived(&disk) {
        let len = len_u64(disk.bytes(&path).unwrap().len());
        for offset in (0..len).step_by(1500) {
            disk.flip(&path, offset, 1);
        }
    }
    model.check(&store, "flipped while open");
    for path in derived(&disk).iter().filter(|path| path.strip_suffix(".idx").is_some()) {
        disk.remove(path).unwrap();
        store.shared.handles.forget(path);
    }
    model.check(&store, "removed while open");
}

#[test]
fn files_of_another_time_or_log_count_for_nothing() {
    let (disk, model) = filled();
    let stranger = Faulty::new(2);
    let options = Options { seed: [8; 32], ..options() };
    let (mut store, _) = Store::open(stranger.clone(), options, signer(), NOW).unwrap();
    for n in 0..120 {
        store.commit(vec![Append::Own(own(Lane::Records, n, message(n)))], NOW).unwrap();
    }
    for path in derived(&stranger) {
        disk.put(&path, stranger.bytes(&path).unwrap());
    }
    let (store, report) = open(&disk);
    assert!(!report.rebuilt.is_empty());
    model.check(&store, "a stranger's files");

    // The log goes back to an older copy; files that are ahead of it are dropped.
    let young = Faulty::new(3);
    let mut older = Model::default();
    assert!(older.run(&young, &model::steps(21, 60)));
    young.kill();
    for path in derived(&disk) {
        young.put(&path, disk.bytes(&path).unwrap());
    }
    let (store, _) = open(&young);
    older.check(&store, "ahead");
    assert!(derived(&young).len() < derived(&disk).len());
}

#[test]
fn a_fault_that_drops_late_parts_is_visible() {
    let disk = Faulty::new(1);
    let options = Options { fault: Fault::StubWins, ..options() };
    let (mut store, _) = Store::open(disk, options, signer(), NOW).unwrap();
    let other = Other::new("220200", 4);
    store.commit(vec![Append::Peer(other.batch(0, 4, PartSet::NONE))], NOW).unwrap();
    store.commit(vec![Append::Peer(other.batch(0, 4, PartSet::ALL))], NOW).unwrap();
    assert_eq!(store.reader().head(&other.ledger).unwrap().stubs, 4);
}
