//! Suite `demo`: the main job, seven halls under faults, nothing lost; and its data verifies afterwards.

#![cfg(test)]

use suites::halls::{self, Grounds};
use suites::process::{Hall, hallway};

#[test]
fn seven_halls_under_faults_lose_double_and_leak_nothing() {
    let grounds = Grounds::new();
    let keep = grounds.path().join("kept");
    let words = ["demo", "--json", "--records", "600", "--seed", "7", "--keep"];
    let mut words: Vec<_> = words.map(Into::into).to_vec();
    words.push(keep.clone().into_os_string());
    let answer = hallway(&words).unwrap().ok();
    for zero in ["lost", "duplicated", "out_of_order", "diverged", "starved", "leaked"] {
        assert_eq!(answer.json[zero], 0, "{zero}: {}", answer.stdout);
    }
    for some in ["withheld", "filled", "kills", "cuts", "replicated", "receipts_final"] {
        assert!(answer.number(some) > 0, "{some}: {}", answer.stdout);
    }
    assert_eq!((answer.number("halls"), answer.number("records")), (7, 600));
    assert!(answer.number("submitted") >= 600, "{}", answer.stdout);
    assert_eq!(answer.json["verified"], true);
    assert!(answer.json["seconds"].is_number());

    let kept = std::fs::read_dir(&keep).unwrap().map(|entry| entry.unwrap().path());
    let kept: Vec<_> = kept.filter(|path| path.join("hallway.toml").exists()).collect();
    assert_eq!(kept.len(), 7, "a directory for each hall");
    for hall in &kept {
        halls::verify(hall).ok();
    }
    // What is kept can be served again.
    let served = Hall::serve(&kept[0]).unwrap();
    assert!(halls::rows(&halls::status(served.directory()), "ledgers").count() > 7);
}
