//! When the acts count as level: not before the first dial has come to something, not between a
//! greeting and the last act that was lacking, and always for a hall that reaches nobody.

use wire::frame::{BUCKETS, Carries, Frame, Heads, Hello, LedgerHead};

use super::super::*;
use super::world::*;

const NOW: Timestamp = Timestamp(5_000_000);
const ON: Connection = Connection(1);

fn dialling(dial: &[&str]) -> Machine {
    let rights = Rights::new(tree(&[("p", None), ("a", Some("p"))]));
    let dial = dial.iter().map(|peer| hall(peer)).collect();
    Machine::new(Config::new([1; 16]), hall("a"), rights, Vec::new(), dial, 3)
}

fn heads(names: &[(&str, u64)]) -> Frame {
    let head =
        |(name, size): &(&str, u64)| LedgerHead { ledger: named(name), size: *size, root: [7; 32] };
    Frame::Heads(Heads { heads: names.iter().map(head).collect(), last: true })
}

/// A ledger of a hall, in any lane.
fn named(name: &str) -> LedgerName {
    format!("d/hallway/{name}").parse().unwrap()
}

fn hello() -> Frame {
    Frame::Hello(Hello {
        versions: vec![1],
        record_bytes: 1 << 20,
        credit_bytes: 8 << 20,
        clock_ms: NOW.0,
        log_id: [2; 16],
        carries: Carries::Everything,
        buckets: Box::new([[9; 8]; BUCKETS]),
    })
}

fn arrive(machine: &mut Machine, frame: Frame) {
    machine.on(Event::Arrived { peer: hall("p"), connection: ON, frame }, NOW);
}

#[test]
fn acts_are_level_when_what_the_peer_has_is_durable_here() {
    let mut machine = dialling(&["p"]);
    assert!(!machine.acts_are_level(), "nothing is known yet");
    machine.on(Event::Tick, NOW);
    assert!(!machine.acts_are_level(), "the first dial is under way");
    machine.on(Event::Opened { peer: hall("p"), connection: ON, dialled: true }, NOW);
    arrive(&mut machine, hello());
    assert!(!machine.acts_are_level(), "heads are being compared");
    arrive(&mut machine, heads(&[("p/acts/1", 3), ("p/records/1", 9)]));
    assert!(!machine.acts_are_level(), "three acts are lacking");
    let grown = |size| {
        let head = Head { size, root: [7; 32] };
        Event::Grown { ledger: named("p/acts/1"), head }
    };
    machine.on(grown(2), NOW);
    assert!(!machine.acts_are_level());
    machine.on(grown(3), NOW);
    assert!(machine.acts_are_level(), "records need not be");
    machine.on(Event::Lost { peer: hall("p"), connection: ON, reason: "reset".to_owned() }, NOW);
    assert!(machine.acts_are_level(), "a hall alone serves what it has");
}

#[test]
fn who_reaches_nobody_or_only_listens_is_level() {
    assert!(dialling(&[]).acts_are_level());
    let mut machine = dialling(&["p"]);
    machine.on(Event::Tick, NOW);
    let reason = "unreachable".to_owned();
    machine.on(Event::DialFailed { peer: hall("p"), refused: false, reason }, NOW);
    assert!(machine.acts_are_level());

    let mut listening = dialling(&[]);
    listening.on(Event::Opened { peer: hall("p"), connection: ON, dialled: false }, NOW);
    arrive(&mut listening, hello());
    arrive(&mut listening, heads(&[("p/acts/1", 3)]));
    assert!(listening.acts_are_level(), "whoever dials in closes nothing");
}
