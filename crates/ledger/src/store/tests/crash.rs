//! A crash at every disk call: what was acknowledged is there, nothing is doubled, no seal that was
//! shown is contradicted.

use super::model::{Model, Step};
use super::*;

/// Runs the same steps again and again, each time losing power one call later.
fn at_every_call(seed: u64) {
    let steps: Vec<Step> = model::steps(seed, 24);
    let mut call = 0;
    loop {
        let disk = Faulty::new(seed ^ call << 16);
        let mut model = Model::default();
        disk.crash_at(call);
        let survived = model.run(&disk, &steps);
        if survived {
            assert!(call > 100, "the steps ended after {call} calls");
            return;
        }
        // Opening may crash too, at any of its calls, and again.
        for again in 0..3 {
            disk.restart();
            disk.crash_at(call % 41 + again * 7);
            drop(Store::open(disk.clone(), options(), signer(), NOW));
        }
        disk.restart();
        disk.calm();
        let (mut store, report) = Store::open(disk.clone(), options(), signer(), NOW)
            .unwrap_or_else(|error| panic!("call {call}: {error:?}"));
        assert!(report.damage.is_empty(), "call {call}: {:?}", report.damage);
        model.check(&store, &format!("seed {seed} call {call}"));
        model.resume(&mut store, &steps);
        model.check(&store, &format!("seed {seed} call {call}, resumed"));
        call += 1;
    }
}

#[test]
fn acknowledged_entries_survive_a_crash_at_every_call() {
    (0..2).for_each(at_every_call);
}

#[test]
fn a_killed_process_loses_nothing_and_copies_the_newest_segment() {
    let steps = model::steps(7, 40);
    let disk = Faulty::new(7);
    let mut model = Model::default();
    assert!(model.run(&disk, &steps));
    disk.kill();
    let (store, report) = open(&disk);
    assert!(!report.clean && report.copied.is_some() && report.cut.is_none());
    model.check(&store, "killed");
    let durable = store.close().unwrap();
    disk.kill();
    let (store, report) = open(&disk);
    assert!(report.clean && report.copied.is_none());
    assert_eq!(report.durable, durable);
    model.check(&store, "closed");
}

/// The simulator's own proof: without the fdatasync some crash loses what was acknowledged.
#[test]
fn acknowledging_before_the_fdatasync_is_noticed() {
    let lost = (0..40).filter(|seed| {
        let disk = Faulty::new(*seed);
        let options = Options { fault: Fault::AckBeforeFsync, ..options() };
        let (mut store, _) = Store::open(disk.clone(), options.clone(), signer(), NOW).unwrap();
        store.commit(vec![Append::Own(own(Lane::Records, 1, message(1)))], NOW).unwrap();
        disk.crash();
        drop(store);
        disk.restart();
        let (store, _) = Store::open(disk, options, signer(), NOW).unwrap();
        let ledger = store.reader().own_ledger(Lane::Records);
        store.reader().head(&ledger).is_none_or(|head| head.size == 0)
    });
    assert!(lost.count() > 5);
}

#[test]
fn a_disk_error_is_fatal_and_never_retried() {
    let disk = Faulty::new(3);
    let (mut store, _) = open(&disk);
    disk.fail_at(1);
    let entry = || Append::Own(own(Lane::Records, 1, message(1)));
    assert!(matches!(store.commit(vec![entry()], NOW), Err(CommitError::Disk { .. })));
    assert!(matches!(store.commit(vec![entry()], NOW), Err(CommitError::Poisoned)));
    let ledger = store.reader().own_ledger(Lane::Records);
    assert!(store.reader().head(&ledger).is_none(), "nothing unsynced is visible");
}

/// Flips bits all over the durable groups of the newest segment: named, never cut, never repaired by
/// forgetting; only the last group may be taken for torn.
#[test]
fn damage_to_a_durable_group_is_named_and_not_cut() {
    let disk = Faulty::new(5);
    let (mut store, _) = open(&disk);
    let mut ends = Vec::new();
    for n in 0..6 {
        store.commit(vec![Append::Own(own(Lane::Records, n, message(n)))], NOW).unwrap();
        ends.push(store.shared.read().mark().offset);
    }
    let start = ends[0] - (ends[1] - ends[0]);
    drop(store);
    disk.kill();
    for offset in (start + 8..ends[4]).step_by(37) {
        let image = disk.image(offset);
        assert!(image.flip(&segment::file_name(1), offset, 3));
        let (mut store, report) = open(&image);
        let group = ends.iter().position(|end| offset < *end).unwrap();
        let begins = if group == 0 { start } else { ends[group - 1] };
        assert_eq!(report.damage.len(), 1, "{offset}");
        assert_eq!((report.damage[0].segment, report.damage[0].offset), (1, begins), "{offset}");
        assert!(report.cut.is_none() && report.copied.is_none());
        let ledger = store.reader().own_ledger(Lane::Records);
        let size = store.reader().head(&ledger).map_or(0, |head| head.size);
        assert_eq!(size, len_u64(group), "what stands before it is served");
        let again = store.commit(vec![Append::Own(own(Lane::Records, 9, message(9)))], NOW);
        assert_eq!(again.unwrap(), [Outcome::Refused(Refusal::Damaged)]);
    }
    let image = disk.image(1);
    image.flip(&segment::file_name(1), ends[5] - 3, 0);
    let (_, report) = open(&image);
    assert_eq!(report.cut.unwrap().group, 6, "the last group looks torn");
    let image = disk.image(1);
    image.flip(&segment::file_name(1), ends[5] - 3, 0);
    let known = Options { acknowledged: Some(6), ..options() };
    let (store, report) = Store::open(image.clone(), known, signer(), NOW).unwrap();
    assert!(report.cut.is_none() && report.damage[0].offset == ends[4]);
    drop(store);
    let (_, report) = open(&image);
    assert_eq!(report.damage.len(), 1, "what was promised is remembered though nobody says it");
    let image = disk.image(1);
    image.flip(&segment::file_name(1), ends[5] - 3, 0);
    let others = Options { acknowledged: Some(6), acknowledged_in: Some([7; 16]), ..options() };
    let (_, report) = Store::open(image, others, signer(), NOW).unwrap();
    assert_eq!(report.cut.unwrap().group, 6, "another log's mark says nothing");
}

#[test]
fn a_newer_format_is_refused_and_left_alone() {
    let disk = Faulty::new(1);
    drop(open(&disk));
    let name = segment::file_name(1);
    assert!(disk.flip(&name, 7, 1));
    let before = disk.bytes(&name);
    let refused = Store::open(disk.clone(), options(), signer(), NOW).err().unwrap();
    assert!(matches!(refused, OpenError::Newer { segment: 1, version: 3 }), "{refused}");
    assert_eq!(disk.bytes(&name), before);
}

#[test]
fn two_runs_with_equal_seeds_write_equal_bytes() {
    let run = |seed| {
        let disk = Faulty::new(seed);
        assert!(Model::default().run(&disk, &model::steps(11, 60)));
        let names = [disk.list("").unwrap(), disk.list(DIRECTORY).unwrap()];
        let path = |name: &String| {
            let path = if segment::number_in(name).is_some() {
                name.clone()
            } else {
                format!("derived/{name}")
            };
            (path.clone(), disk.bytes(&path))
        };
        names.iter().flatten().map(path).collect::<Vec<_>>()
    };
    assert!(run(1) == run(2));
}
