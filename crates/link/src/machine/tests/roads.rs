//! Several roads, bad relays, forks, and connections that come twice.

use std::time::Duration;

use record::{MemberState, SharingClass, Who};
use wire::frame::{Frame, HeldReason};

use super::super::*;
use super::store::spoil;
use super::world::*;

const SOON: Duration = Duration::from_secs(3);
const LATER: Duration = Duration::from_mins(20);

fn ring() -> (policy::Acts, [(&'static str, &'static str); 4]) {
    let acts = tree(&[("p", None), ("a", Some("p")), ("b", Some("p"))]);
    (acts, [("a", "p"), ("b", "p"), ("a", "b"), ("b", "a")])
}

#[test]
fn of_two_connections_the_smaller_hall_s_stays() {
    let (acts, dials) = ring();
    let mut world = World::new(&acts, &dials);
    world.submit("a", 1, OPEN_TO_ALL);
    world.run(SOON);
    let between = |(near, _): &(HallId, Connection), (far, _): &(HallId, Connection)| {
        *near == hall("a") && *far == hall("b")
    };
    assert_eq!(world.wires.iter().filter(|(near, far)| between(near, far)).count(), 1);
    assert_eq!(world.link("a", "b").state, LinkState::Live);
    assert_eq!(world.link("b", "a").state, LinkState::Live);
    let session = world.at("a").machine.session(&hall("b")).unwrap();
    assert!(session.dialled);
    world.complete().unwrap();
}

#[test]
fn two_roads_share_the_work_and_lose_nothing() {
    let (mut acts, dials) = ring();
    let mut world = World::new(&acts, &dials);
    allow(&mut acts, 0, "a", 1, Who::Hall(hall("p")));
    world.acts_move(&acts, &[]);
    world.run(SOON);
    for round in 0..50 {
        world.submit(
            "a",
            1 + round % 3,
            label(SharingClass::Withheld, 1 + u32::from(round % 2 == 0)),
        );
        world.submit("p", 1, OPEN_TO_ALL);
        world.run(Duration::from_millis(50));
    }
    allow(&mut acts, 1, "a", 2, Who::Hall(hall("b")));
    world.acts_move(&acts, &[]);
    world.run(LATER);
    world.complete().unwrap();
    let total: u64 = world.batches.iter().map(|(.., range)| range.end - range.start).sum();
    let needed = 2 * u64::try_from(world.at("a").ledgers[&ledger("a")].len() + 50).unwrap();
    assert!(total <= needed * 2, "{total} leaves sent for {needed}");
}

#[test]
fn a_spoilt_batch_is_the_relay_s_fault_and_heals() {
    let acts = tree(&[("p", None), ("a", Some("p")), ("b", Some("p"))]);
    let mut world = World::new(&acts, &[("a", "p"), ("b", "p")]);
    world.meddler = |from, to, frame| match frame {
        Frame::Batch(batch) if from.as_str() == "p" && to.as_str() == "b" => {
            Some(Frame::Batch(spoil(batch)))
        }
        frame => Some(frame),
    };
    world.submit("a", 3, OPEN_TO_ALL);
    world.run(LATER);
    let damaged = (AlarmCode::RelayDamaged, "p".to_owned());
    assert!(world.at("b").alarms.contains(&damaged));
    assert!(world.at("b").forks.is_empty(), "no relay can make a fork");
    assert!(world.batches.len() < 30, "{}", world.batches.len());
    world.meddler = |_, _, frame| Some(frame);
    world.run(LATER);
    world.complete().unwrap();
    assert!(world.at("b").alarms.is_empty());
}

#[test]
fn a_fork_freezes_that_ledger_alone() {
    let (acts, dials) = ring();
    let mut world = World::new(&acts, &dials);
    for (one, other) in [("a", "b"), ("p", "a"), ("p", "b")] {
        world.cut(one, other);
    }
    let x = ledger("x");
    world.write("a", &x, 3, OPEN_TO_ALL, "left");
    world.write("b", &x, 5, OPEN_TO_ALL, "right");
    world.submit("a", 1, OPEN_TO_ALL);
    world.submit("b", 1, OPEN_TO_ALL);
    world.run(SOON);
    world.mend("a", "b");
    world.run(LATER);
    assert!(world.at("a").forks.contains(&x) || world.at("b").forks.contains(&x));
    assert!(world.at("a").forks.len() <= 1 && world.at("b").forks.len() <= 1);
    assert_eq!(world.at("a").ledgers[&ledger("b")].len(), 1);
    assert_eq!(world.at("b").ledgers[&ledger("a")].len(), 1);
    let forked = world.at("a").machine.ledgers().into_iter().find(|view| view.ledger == x).unwrap();
    let reason = world.at("b").machine.parked().first().map(|parked| parked.reason);
    assert!(forked.state == LedgerState::Frozen || reason == Some(HeldReason::Frozen.as_str()));
}

#[test]
fn being_ahead_is_normal_but_not_in_our_own_ledger() {
    let (acts, dials) = ring();
    let mut world = World::new(&acts, &dials);
    world.submit("a", 4, OPEN_TO_ALL);
    world.run(SOON);
    world.at("p").ledgers.remove(&ledger("a"));
    world.restart("p", &[]);
    world.run(LATER);
    world.complete().unwrap();
    world.at("a").ledgers.get_mut(&ledger("a")).unwrap().truncate(2);
    world.restart("a", &["p", "b"]);
    world.run(SOON);
    let ahead = (AlarmCode::OwnLedgerAhead, ledger("a").to_string());
    assert!(world.at("a").alarms.contains(&ahead));
    assert!(world.places.values().all(|place| place.forks.is_empty()));
    assert_eq!(world.at("a").ledgers[&ledger("a")].len(), 2, "nobody writes it for us");
    assert!(world.at("p").alarms.is_empty(), "its seal fits ours, so no road is to blame");
}

#[test]
fn an_origin_that_is_behind_on_another_branch_is_a_fork() {
    let (acts, dials) = ring();
    let mut world = World::new(&acts, &dials);
    for (one, other) in [("a", "b"), ("p", "a"), ("p", "b")] {
        world.cut(one, other);
    }
    let forked = ledger("a");
    world.write("a", &forked, 3, OPEN_TO_ALL, "left");
    world.write("b", &forked, 5, OPEN_TO_ALL, "right");
    world.run(SOON);
    world.mend("a", "b");
    world.run(SOON);
    assert!(world.at("b").forks.contains(&forked), "nothing is sent to an origin, so ask it");
}

#[test]
fn an_origin_that_writes_what_a_peer_has_already_is_a_fork() {
    let (acts, dials) = ring();
    let mut world = World::new(&acts, &dials);
    world.cut("p", "a");
    world.cut("p", "b");
    world.run(SOON);
    let forked = ledger("a");
    world.write("b", &forked, 5, OPEN_TO_ALL, "right");
    world.run(SOON);
    assert!(world.at("b").forks.is_empty(), "the origin has written nothing yet");
    world.write("a", &forked, 1, OPEN_TO_ALL, "left");
    world.run(SOON);
    assert!(world.at("b").forks.contains(&forked), "the origin's entry is not the one held");
}

#[test]
fn a_revoked_hall_is_sent_away_and_an_unknown_one_too() {
    let (mut acts, dials) = ring();
    let mut world = World::new(&acts, &dials);
    world.run(SOON);
    admit(&mut acts, 9, "b", Some("p"), MemberState::Revoked);
    world.acts_move(&acts, &["p"]);
    world.run(SOON);
    assert_eq!(world.link("p", "b").state, LinkState::Refused);
    assert_eq!(world.link("b", "p").state, LinkState::Refused);
    let refused = (AlarmCode::LinkRefused, "b".to_owned());
    assert!(world.at("p").alarms.contains(&refused));
    admit(&mut acts, 10, "b", Some("p"), MemberState::Active);
    world.acts_move(&acts, &[]);
    world.run(Duration::from_mins(6));
    assert_eq!(world.link("b", "p").state, LinkState::Live);
    assert!(world.at("p").alarms.is_empty());
    let stranger = Event::Opened { peer: hall("q"), connection: Connection(999), dialled: false };
    let actions = world.at("p").machine.on(stranger, Timestamp(2_000_000));
    assert!(
        matches!(&actions[0], Action::Send { frame: Frame::Bye(why), .. } if why == "unknown-hall")
    );
}
