//! Suite `outbox`: what links remember may be deleted, damaged, taken from another hall or be ahead of
//! the log; it is rebuilt at start with an alarm, nothing is lost or doubled, and links go on.

#![cfg(test)]

use std::fs;
use std::path::PathBuf;

use suites::halls::{self, Grounds};
use suites::process::Hall;

/// A province that serves and a prefecture whose outbox is maltreated while it is down.
struct Pair {
    grounds: Grounds,
    province: PathBuf,
    prefecture: PathBuf,
    above: Hall,
    expected: usize,
    seed: u64,
}

impl Pair {
    fn new() -> Self {
        let grounds = Grounds::new();
        let province = grounds.found("220000");
        let prefecture = grounds.join("220100", &province);
        halls::hurry(&prefecture);
        let serving = Hall::serve(&province).unwrap();
        let pair = Self { grounds, province, prefecture, above: serving, expected: 0, seed: 0 };
        pair.grown()
    }

    /// Serves, submits, waits until all is above, looks for the alarm if there must be one, stops.
    fn grown(mut self) -> Self {
        self.grow(Alarm::No);
        self
    }

    fn grow(&mut self, alarm: Alarm) {
        let serving = Hall::serve(&self.prefecture).unwrap();
        if matches!(alarm, Alarm::Yes) {
            let status = halls::status(&self.prefecture);
            assert!(halls::alarmed(&status, "outbox"), "{status}");
        }
        self.seed += 1;
        let rows = 25;
        let answer = halls::submit(&self.prefecture, "permit", rows, self.seed).ok();
        assert_eq!(answer.number("acknowledged"), rows);
        self.expected += 25;
        halls::level(&self.prefecture);
        for hall in [&self.prefecture, &self.province] {
            let seen = halls::follow(hall).into_iter();
            let own = seen.filter(|one| one["ledger"].as_str().unwrap().contains("/220100/"));
            assert_eq!(own.count(), self.expected, "each record once at {}", hall.display());
        }
        serving.down();
    }

    fn outbox(&self) -> PathBuf {
        self.prefecture.join("outbox")
    }

    fn verifies(self) {
        drop(self.above);
        for hall in [&self.province, &self.prefecture] {
            halls::verify(hall).ok();
        }
    }
}

/// Whether a rebuild must be announced. A flipped byte may hit one that is never read.
#[derive(Clone, Copy)]
enum Alarm {
    Yes,
    No,
}

#[test]
fn a_deleted_outbox_is_rebuilt() {
    let mut pair = Pair::new();
    fs::remove_dir_all(pair.outbox()).unwrap();
    pair.grow(Alarm::Yes);
    pair.grow(Alarm::No);
    pair.verifies();
}

#[test]
fn each_deleted_file_of_the_outbox_is_rebuilt() {
    let mut pair = Pair::new();
    for file in halls::files(&pair.outbox()).unwrap() {
        // A file may be named anew at each start.
        if fs::remove_file(&file).is_ok() {
            pair.grow(Alarm::No);
        }
    }
    pair.verifies();
}

#[test]
fn a_flipped_byte_in_any_file_of_the_outbox_does_no_harm() {
    let mut pair = Pair::new();
    let files = halls::files(&pair.outbox()).unwrap();
    assert!(!files.is_empty());
    for file in files {
        for place in [0, 1, 2] {
            let Ok(bytes) = fs::metadata(&file).map(|about| about.len()) else { continue };
            let Some(last) = usize::try_from(bytes).unwrap().checked_sub(1) else { continue };
            halls::flip(&file, last * place / 2);
            pair.grow(Alarm::No);
        }
    }
    pair.verifies();
}

#[test]
fn an_outbox_that_sled_does_not_open_is_rebuilt() {
    let mut pair = Pair::new();
    for file in halls::files(&pair.outbox()).unwrap() {
        let bytes = fs::metadata(&file).unwrap().len();
        fs::write(&file, vec![0xa5; usize::try_from(bytes.min(1 << 20)).unwrap()]).unwrap();
    }
    pair.grow(Alarm::Yes);
    pair.verifies();
}

#[test]
fn the_outbox_of_another_hall_is_rebuilt() {
    let mut pair = Pair::new();
    let other = pair.grounds.join("220200", &pair.province);
    let serving = Hall::serve(&other).unwrap();
    halls::submit(&other, "penalty", 5, 7).ok();
    halls::level(&other);
    serving.down();
    fs::remove_dir_all(pair.outbox()).unwrap();
    halls::copy(&other.join("outbox"), &pair.outbox()).unwrap();
    pair.grow(Alarm::Yes);
    pair.verifies();
}

/// The hall's log is an older copy than its outbox, so entries that were acknowledged are gone: the
/// outbox is rebuilt, and the hall shows what it has but does not write on as if nothing were missing.
#[test]
fn an_outbox_ahead_of_the_log_is_rebuilt_and_what_is_missing_is_named() {
    let grounds = Grounds::new();
    let hall = grounds.found("220000");
    let serving = Hall::serve(&hall).unwrap();
    halls::submit(&hall, "permit", 10, 1).ok();
    serving.down();
    let older = grounds.path().join("older");
    halls::copy(&hall.join("ledger"), &older).unwrap();
    let serving = Hall::serve(&hall).unwrap();
    halls::submit(&hall, "permit", 10, 2).ok();
    serving.down();

    fs::remove_dir_all(hall.join("ledger")).unwrap();
    halls::copy(&older, &hall.join("ledger")).unwrap();
    let serving = Hall::serve(&hall).unwrap();
    let status = halls::status(&hall);
    assert!(halls::alarmed(&status, "outbox") && halls::alarmed(&status, "ledger"), "{status}");
    assert_eq!(halls::follow(&hall).len(), 10);
    assert_eq!(halls::submit(&hall, "permit", 10, 2).number("refused"), 10);
    serving.down();
}
