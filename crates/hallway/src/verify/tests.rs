//! Bundles and directories verified offline; every changed byte is named.

use std::fs;

use portal::bundle::Bundle;
use portal::prove::ProveRecordError;
use record::{RevisionKind, SharingClass};
use serde_json::Value;

use super::*;

mod town;

use town::{COUNTY, Hall, NOW, PROVINCE, Town, ledger, root_key};

/// Verified with the right root key pinned.
fn pinned(proof: &Bundle) -> Report {
    bundle("proof.json", &proof.to_json().unwrap(), Some(&root_key()))
}

/// A town in which three permits stand: the first corrected, the second withdrawn, the third for
/// nobody but its county.
fn busy_town() -> (Town, [String; 3]) {
    let mut town = Town::new();
    let county = &mut town.county;
    let first = county.record(1, SharingClass::Unconditional, None);
    let second = county.record(2, SharingClass::Open, None);
    county.record(1, SharingClass::Unconditional, Some((1, RevisionKind::Correction)));
    county.record(2, SharingClass::Open, Some((1, RevisionKind::Withdrawal)));
    let third = county.record(3, SharingClass::Withheld, None);
    town.exchange();
    (town, [first, second, third].map(|id| id.to_string()))
}

#[test]
fn the_origin_proves_with_parts_receipt_and_status() {
    let (town, [first, second, third]) = busy_town();
    let report = pinned(&town.county.prove(&first).unwrap());
    assert!(report.holds, "{report:#?}");
    assert_eq!((report.receipts, report.root_key_pinned), (1, true));
    assert!(report.entries >= 3 && report.seals >= 2, "{report:#?}");
    let status = report.status.unwrap();
    assert_eq!((status.current, &*status.state, status.revision), (true, "in-force", 2));
    assert_eq!(status.latest, format!("{}#2", ledger(COUNTY, "records")));

    let withdrawn = pinned(&town.county.prove(&second).unwrap());
    assert!(withdrawn.holds, "{withdrawn:#?}");
    assert_eq!(withdrawn.status.unwrap().state, "withdrawn");
    assert!(pinned(&town.county.prove(&third).unwrap()).holds, "its own, for itself");
}

/// An inclusion proof is never called current: the old revision is proven, and said to be old.
#[test]
fn an_old_revision_is_proven_and_not_called_current() {
    let (town, _) = busy_town();
    for hall in [&town.county, &town.province] {
        let wanted = format!("{}#0", ledger(COUNTY, "records"));
        let report = pinned(&hall.prove(&wanted).unwrap());
        assert!(report.holds, "{report:#?}");
        let status = report.status.unwrap();
        assert_eq!((status.current, status.revision), (false, 2));
    }
}

#[test]
fn a_hall_that_is_not_the_origin_proves_what_it_may_show() {
    let (town, [first, _, third]) = busy_town();
    let proof = town.province.prove(&first).unwrap();
    let report = pinned(&proof);
    assert!(report.holds, "{report:#?}");
    let status = report.status.unwrap();
    assert_eq!((&*status.hall, status.current, status.unseen), (PROVINCE, true, 1));

    assert!(matches!(town.province.prove(&third), Err(ProveRecordError::NotFound)));
    let place = format!("{}#4", ledger(COUNTY, "records"));
    assert!(matches!(town.province.prove(&place), Err(ProveRecordError::Withheld)));
    let beyond = format!("{}#5", ledger(COUNTY, "records"));
    assert!(matches!(town.province.prove(&beyond), Err(ProveRecordError::NotFound)));
}

#[test]
fn a_changed_log_key_comes_with_the_acts_that_changed_it() {
    let (mut town, [first, ..]) = busy_town();
    town.rotate_county();
    let fourth = town.county.record(4, SharingClass::Open, None).to_string();
    town.exchange();
    for wanted in [first, fourth] {
        for hall in [&town.county, &town.province] {
            let report = pinned(&hall.prove(&wanted).unwrap());
            assert!(report.holds, "{report:#?}");
        }
    }
}

#[test]
fn trust_begins_at_the_root_key_and_nowhere_else() {
    let (town, [first, ..]) = busy_town();
    let proof = town.county.prove(&first).unwrap();
    let json = proof.to_json().unwrap();
    let unpinned = bundle("proof.json", &json, None);
    assert!(unpinned.holds && !unpinned.root_key_pinned);

    let other = ledger::Software::from_seed(&[99; 32]);
    let other = ledger::VerifierKey::log(
        &town::domain(),
        &town.province.id,
        ledger::Signer::public(&other),
    )
    .to_string();
    let report = bundle("proof.json", &json, Some(&other));
    assert!(!report.holds);
    assert_eq!(report.exit(), Exit::No);
    assert!(report.problems.iter().any(|problem| problem.what.starts_with("root key:")));
    assert!(report.problems.iter().any(|problem| problem.what.starts_with("entry:")));

    // The same, when the forger writes his own key into the bundle.
    let forged = Bundle { root_key: other, ..proof };
    let forged = bundle("proof.json", &forged.to_json().unwrap(), None);
    assert!(forged.problems.iter().any(|problem| problem.what.starts_with("acts[0]:")));
}

#[test]
fn what_is_left_out_is_missed() {
    let (town, [first, ..]) = busy_town();
    let proof = town.county.prove(&first).unwrap();
    for number in 0..proof.acts.len() {
        let mut less = proof.clone();
        less.acts.remove(number);
        // The province's own Member gives its holder key, the county's its log key.
        assert!(!pinned(&less).holds, "without act {number}");
    }
    let mut twice = proof.clone();
    twice.acts.push(proof.acts[0].clone());
    twice.receipts.push(proof.receipts[0].clone());
    assert_eq!(pinned(&twice).problems.len(), 2);
}

/// Every text in the bundle is spoilt, a character at a time, and each time the part concerned is
/// named.
#[test]
fn every_changed_character_is_rejected_by_name() {
    let (town, [first, ..]) = busy_town();
    let good = serde_json::to_value(town.county.prove(&first).unwrap()).unwrap();
    let mut texts = Vec::new();
    pointers(&good, String::new(), &mut texts);
    assert!(texts.len() > 30);
    for pointer in texts {
        let text = good.pointer(&pointer).unwrap().as_str().unwrap();
        let count = text.chars().count();
        for place in (0..count).step_by((count / 24).max(1)).chain([count - 1]) {
            let mut spoilt = good.clone();
            *spoilt.pointer_mut(&pointer).unwrap() = Value::from(changed(text, place));
            let report = bundle("proof.json", &spoilt.to_string(), Some(&root_key()));
            assert!(!report.holds, "{pointer} changed at {place}");
            assert_eq!(report.exit(), Exit::No);
            let name = expected(&pointer);
            let named = |problem: &Problem| name.iter().any(|name| problem.what.starts_with(name));
            assert!(report.problems.iter().any(named), "{pointer} at {place}: {report:#?}");
        }
    }
    for pointer in ["/entry/index", "/entry/label/audience", "/acts/0/index"] {
        let mut spoilt = good.clone();
        *spoilt.pointer_mut(pointer).unwrap() = Value::from(7);
        assert!(!bundle("proof.json", &spoilt.to_string(), None).holds, "{pointer}");
    }
}

/// How problems with what stands at a JSON pointer begin.
fn expected(pointer: &str) -> &'static [&'static str] {
    let word = pointer.split('/').nth(1).unwrap();
    match word {
        "format" => &["bundle:"],
        "record" => &["record:"],
        "root_ledger" => &["root key:", "acts["],
        "root_key" => &["root key:"],
        "entry" => &["entry:"],
        "acts" => &["acts["],
        "receipts" => &["receipts["],
        "status" => &["status note:"],
        other => panic!("a new field {other}"),
    }
}

fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::String(text) if !text.is_empty() => found.push(at),
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(n, item)| pointers(item, format!("{at}/{n}"), found));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(key, item)| pointers(item, format!("{at}/{key}"), found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn changed(text: &str, place: usize) -> String {
    let spoil = |(at, c): (usize, char)| match c {
        _ if at != place => c,
        'A' => 'Q',
        _ => 'A',
    };
    text.chars().enumerate().map(spoil).collect()
}

fn trust(hall: &Hall, root_key: String) -> Trust {
    Trust { hall: hall.id.clone(), root_ledger: ledger(PROVINCE, "acts"), root_key, pinned: true }
}

#[test]
fn a_directory_verifies_beside_its_living_hall() {
    let (mut town, _) = busy_town();
    town.rotate_county();
    town.county.record(4, SharingClass::Open, None);
    town.exchange();
    for hall in [&town.province, &town.county] {
        let before = listing(hall);
        let report = directory(hall.directory.path(), &trust(hall, root_key()), NOW);
        assert!(report.holds, "{report:#?}");
        let entries: u64 = hall.reader().heads().iter().map(|(_, head)| head.size).sum();
        assert_eq!(report.entries, entries);
        assert!(report.seals > 0);
        assert_eq!(listing(hall), before, "the directory is untouched");
    }
}

#[test]
fn another_root_key_and_a_flipped_byte_are_told_apart() {
    let (town, _) = busy_town();
    let other = ledger::Software::from_seed(&[99; 32]);
    let public = ledger::Signer::public(&other);
    let other = ledger::VerifierKey::log(&town::domain(), &town.province.id, public).to_string();
    let county = &town.county;
    let report = directory(county.directory.path(), &trust(county, other), NOW);
    assert_eq!(report.exit(), Exit::No, "{report:#?}");

    let segment = county.directory.path().join("ledger/0000000001.seg");
    let mut bytes = fs::read(&segment).unwrap();
    let text = "/system/220102/permits";
    let found = bytes.windows(text.len()).position(|some| some == text.as_bytes()).unwrap();
    bytes[found] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let report = directory(county.directory.path(), &trust(county, root_key()), NOW);
    assert_eq!(report.exit(), Exit::Corrupt, "{report:#?}");
    let named = |problem: &Problem| problem.file == "ledger/0000000001.seg";
    assert!(report.problems.iter().any(named), "{report:#?}");
}

fn listing(hall: &Hall) -> Vec<(String, u64)> {
    let entries = fs::read_dir(hall.directory.path().join("ledger")).unwrap();
    let mut files: Vec<(String, u64)> = entries
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.metadata().unwrap().len()))
        .collect();
    files.sort();
    files
}
