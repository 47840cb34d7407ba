//! Suite `smoke`: two and three real halls link, submit, follow, prove, stop; and what a system may
//! count on when it sends a message again, revises, or sends what it should not.
//!
//! `smoke/revising.rs` has repetition, revision and natural keys, `smoke/refusing.rs` what is
//! malformed or over a limit, `smoke/narrowing.rs` rights that shrink, `smoke/disk.rs` the full disk and the directory of a newer version.

#![cfg(test)]

#[path = "smoke/disk.rs"]
mod disk;
#[path = "smoke/narrowing.rs"]
mod narrowing;
#[path = "smoke/refusing.rs"]
mod refusing;
#[path = "smoke/revising.rs"]
mod revising;

use std::collections::BTreeSet;

use suites::caller::{Caller, Seen};
use suites::eventually::eventually_async;
use suites::halls::{self, DEADLINE, Grounds};
use suites::process::Hall;

/// Every entry of a feed is there once, under a seal of its own ledger.
fn assert_once(seen: &[Seen]) {
    let places: BTreeSet<_> = seen.iter().map(|one| (&one.ledger, one.index)).collect();
    let messages: BTreeSet<_> = seen.iter().map(|one| &one.message_id).collect();
    assert_eq!((places.len(), messages.len()), (seen.len(), seen.len()), "each entry once");
    for one in seen {
        assert_eq!(one.seal.lines().next(), Some(one.ledger.as_str()), "the seal of its ledger");
    }
}

#[tokio::test]
async fn what_a_county_acknowledges_reaches_prefecture_and_province_unchanged() {
    let grounds = Grounds::new();
    let province = grounds.found("220000");
    let prefecture = grounds.join("220100", &province);
    let county = grounds.join("220122", &prefecture);
    for hall in [&province, &prefecture, &county] {
        halls::hurry(hall);
    }
    let _province = Hall::serve(&province).unwrap();
    let serving_prefecture = Hall::serve(&prefecture).unwrap();
    let _county = Hall::serve(&county).unwrap();
    halls::level(&county);
    for hall in [&province, &prefecture, &county] {
        let alarms = halls::status(hall)["alarms"].clone();
        assert_eq!(alarms.as_array().map(Vec::len), Some(0), "a new hall is calm: {alarms}");
    }

    let answer = halls::submit(&county, "permit", 120, 1).ok();
    assert_eq!((answer.number("acknowledged"), answer.number("refused")), (120, 0));
    halls::level(&county);
    halls::level(&prefecture);
    let origin = Caller::dial(&county, "system").await.unwrap().seen().await.unwrap();
    assert_once(&origin);
    assert_eq!(origin.len(), 120);

    // The prefecture goes and comes back in between; what is new meanwhile arrives as well.
    serving_prefecture.down();
    assert_eq!(halls::submit(&county, "penalty", 30, 2).ok().number("acknowledged"), 30);
    let down = halls::status(&county);
    assert_ne!(halls::link(&down, "220100").unwrap()["state"], "live");
    assert!(halls::link(&down, "220100").unwrap()["lag_entries"].as_u64() >= Some(30), "{down}");
    let _prefecture = Hall::serve(&prefecture).unwrap();

    let origin = Caller::dial(&county, "system").await.unwrap().seen().await.unwrap();
    for hall in [&prefecture, &province] {
        let caller = Caller::dial(hall, "system").await.unwrap();
        let seen = eventually_async(DEADLINE, "150 records above the county", async || {
            Some(caller.seen().await.unwrap()).filter(|seen| seen.len() >= 150)
        })
        .await;
        assert_once(&seen);
        for (there, here) in seen.iter().zip(&origin) {
            assert_eq!((&there.ledger, there.index), (&here.ledger, here.index));
            assert_eq!(there.head, here.head);
            assert_eq!(there.open, here.open);
            assert!(there.closed == here.closed || there.closed.is_empty());
        }
    }
    let lag = halls::awaited(&county, "no lag", |status| {
        halls::link(status, "220100").filter(|link| link["lag_entries"] == 0).cloned()
    });
    assert_eq!(lag["state"], "live");
}

#[tokio::test]
async fn a_stopped_tree_verifies_and_goes_on_where_it_was() {
    let grounds = Grounds::new();
    let province = grounds.found("220000");
    let prefecture = grounds.join("220100", &province);
    let first = (Hall::serve(&province).unwrap(), Hall::serve(&prefecture).unwrap());
    halls::level(&prefecture);
    halls::submit(&prefecture, "permit", 40, 3).ok();
    halls::level(&prefecture);
    let before = Caller::dial(&prefecture, "system").await.unwrap().seen().await.unwrap();
    first.1.down();
    first.0.down();
    for hall in [&province, &prefecture] {
        let report = halls::verify(hall).ok();
        assert_eq!(report.json["holds"], true, "{}", report.stdout);
        assert!(report.number("entries") >= 40 && report.number("seals") > 0);
    }

    let second = (Hall::serve(&province).unwrap(), Hall::serve(&prefecture).unwrap());
    halls::level(&prefecture);
    let again = halls::submit(&prefecture, "permit", 40, 3).ok();
    assert_eq!((again.number("acknowledged"), again.number("repeated")), (0, 40));
    assert_eq!(halls::submit(&prefecture, "permit", 10, 4).ok().number("acknowledged"), 10);
    let after = Caller::dial(&prefecture, "system").await.unwrap().seen().await.unwrap();
    assert_once(&after);
    assert_eq!(after.len(), 50);
    for (was, is) in before.iter().zip(&after) {
        assert_eq!((was.index, &was.head), (is.index, &is.head));
    }
    drop(second);
}

#[tokio::test]
async fn a_record_is_proven_offline_and_a_changed_proof_is_not() {
    let grounds = Grounds::new();
    let province = grounds.found("220000");
    let prefecture = grounds.join("220100", &province);
    let _serving = (Hall::serve(&province).unwrap(), Hall::serve(&prefecture).unwrap());
    halls::level(&prefecture);
    halls::submit(&prefecture, "permit", 20, 5).ok();
    halls::level(&prefecture);
    let caller = Caller::dial(&province, "system").await.unwrap();
    let seen = eventually_async(DEADLINE, "20 records at the province", async || {
        Some(caller.seen().await.unwrap()).filter(|seen| seen.len() == 20)
    })
    .await;
    let proof = grounds.path().join("proof.json");
    let out = proof.to_str().unwrap();
    halls::ask(&province, &["prove", &seen[7].stamp.record_id, "--out", out]).ok();
    let report = halls::verify(&proof).ok();
    assert_eq!(report.json["holds"], true, "{}", report.stdout);

    let text = std::fs::read_to_string(&proof).unwrap();
    let root = text.find("\\n").expect("texts of several lines in the proof") + 20;
    let mut changed = text.into_bytes();
    changed[root] ^= 1;
    std::fs::write(&proof, changed).unwrap();
    let report = halls::verify(&proof);
    assert_eq!(report.code, Some(1), "{}{}", report.stdout, report.stderr);
}
