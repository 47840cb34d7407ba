//! What two or three halls do together: entries travel, receipts come back, late rights are served.

use std::time::Duration;

use record::{SharingClass, Who};

use super::super::*;
use super::world::*;

const SOON: Duration = Duration::from_secs(3);
const LATER: Duration = Duration::from_mins(20);

fn chain() -> policy::Acts {
    tree(&[("p", None), ("c", Some("p")), ("t", Some("c"))])
}

#[test]
fn entries_reach_the_province_and_receipts_come_back() {
    let mut world = World::new(&chain(), &[("c", "p"), ("t", "c")]);
    world.run(SOON);
    world.submit("t", 3, OPEN_TO_ALL);
    world.submit("p", 2, OPEN_TO_ALL);
    world.run(LATER);
    world.complete().unwrap();
    let t = world.at("t");
    assert_eq!(t.kept[&(hall("c"), ledger("t"))], 3);
    assert_eq!(t.kept[&(hall("p"), ledger("t"))], 3);
    assert_eq!(t.remembered[&(hall("c"), ledger("t"))], 3);
    assert!(t.alarms.is_empty());
    assert_eq!(world.link("t", "c").state, LinkState::Live);
    assert_eq!(world.link("t", "c").lag_entries, 0);
    assert_eq!(world.link("t", "c").oldest_unacknowledged, Duration::ZERO);
    assert_eq!(world.fills, 0, "everything came with its leaf");
}

#[test]
fn receipts_are_few() {
    let mut world = World::new(&chain(), &[("c", "p"), ("t", "c")]);
    world.run(SOON);
    for _ in 0..200 {
        world.submit("t", 1, OPEN_TO_ALL);
        world.run(Duration::from_millis(100));
    }
    world.run(LATER);
    assert!((18..=23).contains(&world.at("c").signed), "near: {}", world.at("c").signed);
    assert!((2..=4).contains(&world.at("p").signed), "far: {}", world.at("p").signed);
    assert_eq!(world.at("t").kept[&(hall("p"), ledger("t"))], 200);
}

#[test]
fn a_backlog_comes_after_a_cut_and_a_restart_from_where_the_receiver_is() {
    let mut world = World::new(&chain(), &[("c", "p"), ("t", "c")]);
    world.submit("t", 10, OPEN_TO_ALL);
    world.run(SOON);
    world.cut("c", "p");
    world.submit("t", 9_000, OPEN_TO_ALL);
    world.run(SOON);
    assert_eq!(world.link("c", "p").lag_entries, 9_000);
    world.restart("c", &["p"]);
    world.mend("c", "p");
    world.batches.clear();
    world.run(LATER);
    world.complete().unwrap();
    let up: Vec<_> = world
        .batches
        .iter()
        .filter(|(from, to, ..)| (from, to) == (&hall("c"), &hall("p")))
        .collect();
    assert_eq!(up.first().unwrap().3.start, 10);
    for pair in up.windows(2) {
        assert_eq!(pair[0].3.end, pair[1].3.start, "no gap, nothing twice");
    }
}

#[test]
fn an_audience_widened_later_brings_what_is_old() {
    let mut acts = tree(&[("p", None), ("a", Some("p")), ("b", Some("p"))]);
    let mut world = World::new(&acts, &[("a", "p"), ("b", "p")]);
    world.submit("a", 5, label(SharingClass::Withheld, 4));
    world.run(SOON);
    world.complete().unwrap();
    allow(&mut acts, 0, "a", 4, Who::Hall(hall("b")));
    world.acts_move(&acts, &[]);
    world.run(LATER);
    world.complete().unwrap();
    assert!(world.wants > 0);
    assert!(!world.at("b").ledgers[&ledger("a")][0].1.is_stub());
}

#[test]
fn without_wants_it_does_not() {
    let mut acts = tree(&[("p", None), ("a", Some("p")), ("b", Some("p"))]);
    let mut world = World::with(&acts, &[("a", "p"), ("b", "p")], |_, config| {
        config.fault = Fault::NoWant;
    });
    world.submit("a", 5, label(SharingClass::Withheld, 4));
    world.run(SOON);
    allow(&mut acts, 0, "a", 4, Who::Hall(hall("b")));
    world.acts_move(&acts, &[]);
    world.run(LATER);
    assert!(world.complete().is_err());
    let wanted = (AlarmCode::PartsWanted, ledger("a").to_string());
    assert!(world.at("b").alarms.contains(&wanted), "withholding is not silent");
}

#[test]
fn parts_that_come_late_are_pushed_on_unasked() {
    let mut acts = tree(&[("p", None), ("a", Some("p")), ("b", Some("p"))]);
    let mut world = World::with(&acts, &[("a", "p"), ("b", "p")], |me, config| {
        if me.as_str() == "b" {
            config.fault = Fault::NoWant;
        }
    });
    world.submit("a", 5, label(SharingClass::Withheld, 4));
    world.run(SOON);
    allow(&mut acts, 0, "a", 4, Who::Hall(hall("b")));
    world.acts_move(&acts, &[]);
    world.run(SOON);
    world.complete().unwrap();
}

#[test]
fn acts_that_reach_the_hub_late_only_delay() {
    let mut acts = tree(&[("p", None), ("a", Some("p")), ("b", Some("p"))]);
    let mut world = World::new(&acts, &[("a", "p"), ("b", "p")]);
    world.submit("a", 600, label(SharingClass::Withheld, 4));
    world.run(SOON);
    allow(&mut acts, 0, "a", 4, Who::Hall(hall("b")));
    for one in ["b", "p"] {
        world.acts_move(&acts, &[one]);
        world.run(Duration::from_secs(40));
    }
    world.acts_move(&acts, &["a"]);
    world.run(Duration::from_millis(100));
    world.complete().unwrap();
}

#[test]
fn acts_handed_over_as_stubs_before_admission_get_their_bytes_after() {
    let admitted = tree(&[("p", None), ("t", Some("p"))]);
    let before = tree(&[("p", None)]);
    let mut world = World::new(&admitted, &[("p", "t")]);
    world.acts_move(&before, &["p", "t"]);
    let acts: LedgerName = "d/hallway/p/acts/1".parse().unwrap();
    world.write("p", &acts, 4, OPEN_TO_ALL, "");
    world.run(SOON);
    assert!(world.at("t").ledgers[&acts][0].1.is_stub());
    world.acts_move(&admitted, &["p"]);
    world.run(SOON);
    assert!(world.at("t").ledgers[&acts].iter().all(|(_, parts)| !parts.is_stub()));
}

#[test]
fn a_ledger_that_waits_for_a_key_stops_nothing_else() {
    let acts = chain();
    let mut world = World::new(&acts, &[("c", "p"), ("t", "c")]);
    world.at("c").puzzled.insert(ledger("t"));
    world.submit("t", 3, OPEN_TO_ALL);
    world.submit("p", 3, OPEN_TO_ALL);
    world.run(SOON);
    let held = (AlarmCode::LedgerHeld, ledger("t").to_string());
    assert!(world.at("c").alarms.contains(&held));
    assert_eq!(world.at("t").ledgers[&ledger("p")].len(), 3);
    let parked = world.at("t").machine.parked();
    assert_eq!((parked.len(), parked[0].reason), (1, "unknown-key"));
    world.at("c").puzzled.clear();
    world.acts_move(&acts, &["c"]);
    world.run(SOON);
    world.complete().unwrap();
    assert!(world.at("c").alarms.is_empty());
    assert!(world.at("t").machine.parked().is_empty());
}

#[test]
fn a_small_peer_gets_large_records_as_stubs_and_says_so() {
    let mut world = World::with(&chain(), &[("c", "p"), ("t", "c")], |me, config| {
        if me.as_str() == "t" {
            config.record_bytes = 10;
        }
    });
    world.submit("p", 2, OPEN_TO_ALL);
    world.run(LATER);
    let held = &world.at("t").ledgers[&ledger("p")];
    assert!(held.len() == 2 && held[0].1.is_stub());
    assert_eq!(world.fills, 0);
    let wanted = (AlarmCode::PartsWanted, ledger("p").to_string());
    assert!(world.at("t").alarms.contains(&wanted));
}
