//! One machine, hand-made events: the returned actions say it all.

use std::iter;
use std::time::Duration;

use record::Parts;
use wire::frame::{
    BUCKETS, Batch, Carries, Durable, Fill, Frame, Heads, Hello, LedgerHead, Want, WantAnswer,
};

use super::super::*;
use super::world::*;

const NOW: Timestamp = Timestamp(5_000_000);
const ON: Connection = Connection(1);

/// Differs from every bucket of ours.
fn strange() -> Frame {
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

fn rights() -> Rights {
    Rights::new(tree(&[("p", None), ("a", Some("p")), ("b", Some("p"))]))
}

fn head(size: u64) -> Head {
    Head { size, root: [u8::try_from(size % 250).unwrap(); 32] }
}

fn machine(heads: &[(&str, u64)]) -> Machine {
    let heads = heads.iter().map(|(name, size)| (ledger(name), head(*size))).collect();
    Machine::new(Config::new([1; 16]), hall("p"), rights(), heads, Vec::new(), 3)
}

fn arrive(machine: &mut Machine, frame: Frame) -> Vec<Action> {
    machine.on(Event::Arrived { peer: hall("b"), connection: ON, frame }, NOW)
}

fn greet(machine: &mut Machine) -> Vec<Action> {
    greet_with(machine, strange())
}

fn greet_with(machine: &mut Machine, hello: Frame) -> Vec<Action> {
    machine.on(Event::Opened { peer: hall("b"), connection: ON, dialled: false }, NOW);
    let mut actions = arrive(machine, hello);
    actions.extend(arrive(machine, Frame::Heads(Heads { heads: Vec::new(), last: true })));
    actions
}

fn loads(actions: &[Action]) -> Vec<(Ticket, LedgerName, u64, u64)> {
    let load = |action: &Action| match action {
        Action::Load { ticket, ledger, from, bytes, .. } => {
            Some((*ticket, ledger.clone(), *from, *bytes))
        }
        _ => None,
    };
    actions.iter().filter_map(load).collect()
}

fn sent(actions: &[Action]) -> Vec<Frame> {
    let frame = |action: &Action| match action {
        Action::Send { frame, .. } => Some(frame.clone()),
        _ => None,
    };
    actions.iter().filter_map(frame).collect()
}

fn batch(name: &str, first: u64, count: usize, bytes: usize) -> Batch {
    let entry = |index: usize| {
        let text = bytes::Bytes::from(vec![u8::try_from(index % 9).unwrap(); bytes]);
        let parts = Parts::seal_up(&record::Salt([3; 32]), [text]).unwrap();
        let commitment = parts.commitment(&ledger(name)).unwrap();
        (record::Leaf { label: OPEN_TO_ALL, commitment }, parts)
    };
    let entries = (0..count).map(entry).collect();
    Batch { ledger: ledger(name), first, entries, seal: "seal".to_owned() }
}

#[test]
fn the_first_tick_dials_and_failures_wait_longer_and_longer() {
    let mut machine =
        Machine::new(Config::new([1; 16]), hall("b"), rights(), Vec::new(), vec![hall("p")], 3);
    let mut now = NOW;
    let mut waits = Vec::new();
    for _ in 0..12 {
        assert!(machine.wakes_at().unwrap() <= now);
        let actions = machine.on(Event::Tick, now);
        assert!(matches!(&actions[..], [Action::Dial { .. }]), "{actions:?}");
        assert_eq!(machine.links(now)[0].state, LinkState::Dialing);
        let reason = "unreachable".to_owned();
        machine.on(Event::DialFailed { peer: hall("p"), refused: false, reason }, now);
        assert_eq!(machine.links(now)[0].state, LinkState::Backoff);
        let next = machine.wakes_at().unwrap();
        waits.push(next.since(now));
        now = next;
    }
    assert!(waits[0] <= Duration::from_millis(250), "{waits:?}");
    assert!(waits[11] >= Duration::from_secs(15) && waits[11] <= Duration::from_secs(30));
    machine.on(Event::Tick, now);
    let reason = "CertificateRevoked".to_owned();
    let actions = machine.on(Event::DialFailed { peer: hall("p"), refused: true, reason }, now);
    assert!(matches!(&actions[..], [Action::Alarm { code: AlarmCode::LinkRefused, .. }]));
    assert_eq!(machine.links(now)[0].state, LinkState::Refused);
    assert_eq!(machine.wakes_at().unwrap().since(now), Duration::from_mins(5));
    let actions = machine.on(Event::ActsMoved { rights: rights() }, now);
    assert!(matches!(&actions[..], [Action::Dial { .. }]), "{actions:?}");
}

#[test]
fn equal_digests_say_nothing_and_many_heads_come_in_pages() {
    let names: Vec<String> = (0..2_500).map(|n| format!("h{n}")).collect();
    let heads: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 7)).collect();
    let pages = |actions: &[Action]| -> Vec<(usize, bool)> {
        let page = |frame: &Frame| match frame {
            Frame::Heads(heads) => Some((heads.heads.len(), heads.last)),
            _ => None,
        };
        sent(actions).iter().filter_map(page).collect()
    };
    let mut one = machine(&heads);
    assert_eq!(pages(&greet(&mut one)), [(1_000, false), (1_000, false), (500, true)]);
    let mut same = machine(&heads);
    let said = same.on(Event::Opened { peer: hall("b"), connection: ON, dialled: false }, NOW);
    let Frame::Hello(ours) = sent(&said)[0].clone() else { panic!("no Hello first") };
    // The ledger grows between our Hello and the peer's: only that is listed.
    same.on(Event::Grown { ledger: ledger("h9"), head: head(8) }, NOW);
    let actions = arrive(&mut same, Frame::Hello(ours));
    assert_eq!(pages(&actions), [(1, true)]);
    let actions = arrive(&mut same, Frame::Heads(Heads { heads: Vec::new(), last: true }));
    let found = loads(&actions);
    assert_eq!(found.len(), 1, "the peer holds what it has in common with us");
    assert_eq!((&found[0].1, found[0].2), (&ledger("h9"), 7));
}

#[test]
fn acts_go_before_the_tail_and_the_tail_before_the_past() {
    let mut machine = machine(&[("q", 1_000_000), ("z", 5)]);
    let acts: LedgerName = "d/hallway/z/acts/1".parse().unwrap();
    machine.on(Event::Grown { ledger: acts.clone(), head: head(3) }, NOW);
    let found = loads(&greet(&mut machine));
    let order: Vec<&LedgerName> = found.iter().map(|(_, name, ..)| name).collect();
    assert_eq!(order[..2], [&acts, &ledger("z")]);
}

#[test]
fn credit_bounds_what_is_under_way_and_control_passes() {
    let mut machine = machine(&[("q", 1_000_000)]);
    let mut ready = loads(&greet(&mut machine));
    let (mut at, mut cost, mut out) = (0, 0, Vec::new());
    while let Some((ticket, _, from, _)) = ready.pop() {
        assert_eq!(from, at);
        let batch = batch("q", from, 1_000, 400);
        at += 1_000;
        out = machine.on(Event::Loaded { ticket, batch: Some(batch) }, NOW);
        let frames = sent(&out);
        cost += frames.iter().map(Frame::cost).sum::<u64>();
        ready.extend(loads(&out));
    }
    assert!(cost <= 8 << 20, "{cost} bytes under way");
    assert!(cost > 7 << 20, "{cost} bytes under way");
    assert!(loads(&out).is_empty(), "nothing is read for a peer without credit");
    let view = machine.links(NOW.after(Duration::from_secs(4))).pop().unwrap();
    assert_eq!(view.oldest_unacknowledged, Duration::from_secs(4));
    assert_eq!((view.state, view.lag_entries), (LinkState::CatchingUp, 1_000_000));
    machine.on(Event::Grown { ledger: ledger("a"), head: head(2) }, NOW);
    let actions = arrive(&mut machine, Frame::Credit(4 << 20));
    assert!(!loads(&actions).is_empty());
    let actions =
        arrive(&mut machine, Frame::Durable(Durable { ledger: ledger("q"), size: 3_000 }));
    assert!(actions.iter().any(|action| matches!(action, Action::Remember { size: 3_000, .. })));
}

#[test]
fn a_frame_above_the_whole_window_goes_alone() {
    let mut machine = machine(&[("q", 100_000)]);
    let Frame::Hello(mut small) = strange() else { panic!() };
    small.credit_bytes = 1_000;
    let found = loads(&greet_with(&mut machine, Frame::Hello(small)));
    let big = batch("q", 0, 100, 400);
    let cost = Frame::Batch(big.clone()).cost();
    let actions = machine.on(Event::Loaded { ticket: found[0].0, batch: Some(big) }, NOW);
    assert_eq!(sent(&actions).len(), 1);
    assert!(loads(&actions).is_empty());
    let actions = arrive(&mut machine, Frame::Credit(cost));
    assert_eq!(loads(&actions).len(), 1);
}

#[test]
fn a_peer_that_oversteps_its_credit_is_sent_away() {
    let mut machine = machine(&[]);
    greet(&mut machine);
    let frame = || Frame::Batch(batch("a", 0, 4_000, 700));
    arrive(&mut machine, frame());
    arrive(&mut machine, frame());
    let actions = arrive(&mut machine, frame());
    assert!(matches!(&sent(&actions)[..], [Frame::Bye(why)] if why == "over-credit"));
    assert!(actions.iter().any(|action| matches!(action, Action::Close { .. })));
}

#[test]
fn durable_is_said_after_the_fsync_and_to_every_carrier() {
    let mut machine = machine(&[]);
    greet(&mut machine);
    let other = |frame| Event::Arrived { peer: hall("a"), connection: Connection(2), frame };
    machine.on(Event::Opened { peer: hall("a"), connection: Connection(2), dialled: false }, NOW);
    machine.on(other(strange()), NOW);
    machine.on(other(Frame::Heads(Heads { heads: Vec::new(), last: true })), NOW);
    let actions = arrive(&mut machine, Frame::Batch(batch("b", 0, 2, 9)));
    let [Action::Take { ticket, .. }] = &actions[..] else { panic!("{actions:?}") };
    let outcome = Taken::Durable { head: head(2), fills: Vec::new() };
    let actions = machine.on(Event::Taken { ticket: *ticket, outcome }, NOW);
    let durable = Frame::Durable(Durable { ledger: ledger("b"), size: 2 });
    let told: Vec<&HallId> = actions
        .iter()
        .filter_map(|action| match action {
            Action::Send { peer, frame, .. } if *frame == durable => Some(peer),
            _ => None,
        })
        .collect();
    assert_eq!(told, [&hall("a"), &hall("b")]);
    assert_eq!(loads(&actions).len(), 1, "and it goes on to the one who lacks it");
    // The planted fault says it before.
    machine.config.fault = Fault::DurableBeforeFsync;
    let actions = arrive(&mut machine, Frame::Batch(batch("b", 2, 2, 9)));
    assert_eq!(sent(&actions), [Frame::Durable(Durable { ledger: ledger("b"), size: 4 })]);
}

#[test]
fn a_batch_beyond_our_end_is_answered_with_our_head_once() {
    let mut machine = machine(&[("a", 5)]);
    greet(&mut machine);
    let heads = |actions: &[Action]| -> Vec<u64> {
        let size = |frame: &Frame| match frame {
            Frame::Heads(heads) => Some(heads.heads[0].size),
            _ => None,
        };
        sent(actions).iter().filter_map(size).collect()
    };
    assert_eq!(heads(&arrive(&mut machine, Frame::Batch(batch("a", 7, 1, 9)))), [5]);
    assert!(heads(&arrive(&mut machine, Frame::Batch(batch("a", 8, 1, 9)))).is_empty());
    let actions = arrive(&mut machine, Frame::Batch(batch("a", 5, 2, 9)));
    assert!(matches!(actions[..], [Action::Take { .. }]));
    // What follows a batch at the door is no gap.
    let actions = arrive(&mut machine, Frame::Batch(batch("a", 7, 1, 9)));
    assert!(matches!(actions[..], [Action::Take { .. }]));
}

#[test]
fn a_head_said_again_rewinds_the_sender() {
    let mut machine = machine(&[("q", 50)]);
    let found = loads(&greet(&mut machine));
    let lead = LedgerHead { ledger: ledger("q"), size: 20, root: [0; 32] };
    let again = Frame::Heads(Heads { heads: vec![lead], last: true });
    let next = loads(&arrive(&mut machine, again));
    assert_eq!(next[0].2, 20);
    let late =
        machine.on(Event::Loaded { ticket: found[0].0, batch: Some(batch("q", 0, 9, 9)) }, NOW);
    assert!(sent(&late).is_empty(), "what was read for the old place is not sent");
    let actions =
        machine.on(Event::Loaded { ticket: next[0].0, batch: Some(batch("q", 20, 9, 9)) }, NOW);
    assert_eq!(sent(&actions).len(), 1);
}

#[test]
fn a_want_is_served_in_pieces_and_answered_last() {
    let mut machine = machine(&[("q", 50)]);
    let lead = LedgerHead { ledger: ledger("q"), size: 50, root: head(50).root };
    machine.on(Event::Opened { peer: hall("b"), connection: ON, dialled: false }, NOW);
    arrive(&mut machine, strange());
    arrive(&mut machine, Frame::Heads(Heads { heads: vec![lead], last: true }));
    let ranges = vec![0..10, 45..60];
    let actions = arrive(&mut machine, Frame::Want(Want { id: 8, ledger: ledger("q"), ranges }));
    let [Action::LoadParts { ticket, ranges, .. }] = &actions[..] else { panic!("{actions:?}") };
    assert_eq!(ranges[..], [0..10, 45..50]);
    let (_, parts) = batch("q", 0, 1, 9).entries.remove(0);
    let entries = vec![(0, parts.clone()), (1, parts)];
    let done =
        Event::LoadedParts { ticket: *ticket, entries, refused: 8, rest: ranges[1..].to_vec() };
    let actions = machine.on(done, NOW);
    assert!(
        matches!(&sent(&actions)[..], [Frame::Fill(Fill { entries, .. })] if entries.len() == 2)
    );
    let [.., Action::LoadParts { ticket, .. }] = &actions[..] else { panic!("{actions:?}") };
    let done = Event::LoadedParts { ticket: *ticket, entries: vec![], refused: 5, rest: vec![] };
    let actions = machine.on(done, NOW);
    let [Frame::WantAnswer(answer)] = &sent(&actions)[..] else { panic!("{actions:?}") };
    assert_eq!((answer.id, answer.sent, answer.refused), (8, 2, 23));
}

#[test]
fn a_want_closes_when_the_last_fill_at_the_door_is_another_peer_s() {
    let mut machine = machine(&[("q", 50)]);
    let lead = LedgerHead { ledger: ledger("q"), size: 50, root: head(50).root };
    let from = |peer: &str, frame: Frame| {
        let connection = if peer == "b" { ON } else { Connection(2) };
        Event::Arrived { peer: hall(peer), connection, frame }
    };
    for (peer, connection) in [("b", ON), ("a", Connection(2))] {
        machine.on(Event::Opened { peer: hall(peer), connection, dialled: false }, NOW);
        machine.on(from(peer, strange()), NOW);
        let heads = Heads { heads: vec![lead.clone()], last: true };
        machine.on(from(peer, Frame::Heads(heads)), NOW);
    }
    let lacking = Event::Lacking { ledger: ledger("q"), ranges: iter::once(0..1).collect() };
    let actions = machine.on(lacking, NOW);
    let [Action::Send { peer: asked, frame: Frame::Want(want), .. }] = &actions[..] else {
        panic!("{actions:?}")
    };
    let other = if *asked == hall("a") { "b" } else { "a" };
    let (_, parts) = batch("q", 0, 1, 9).entries.remove(0);
    let fill = Fill { ledger: ledger("q"), entries: vec![(0, parts)] };
    let actions = machine.on(from(other, Frame::Fill(fill)), NOW);
    let [Action::TakeFill { ticket, .. }] = &actions[..] else { panic!("{actions:?}") };
    let answer = WantAnswer { id: want.id, ledger: ledger("q"), sent: 0, refused: 0 };
    machine.on(from(asked.as_str(), Frame::WantAnswer(answer)), NOW);
    let took = Event::TookFill { ticket: *ticket, new: Vec::new(), refused: 0 };
    let actions = machine.on(took, NOW);
    let looks = |action: &Action| matches!(action, Action::FindLacking { .. });
    assert!(actions.iter().any(looks), "{actions:?}");
}

#[test]
fn an_origin_that_has_not_said_how_far_it_is_is_asked_for_all() {
    let mut machine = machine(&[("b", 50)]);
    greet(&mut machine);
    let lacking = Event::Lacking { ledger: ledger("b"), ranges: iter::once(3..4).collect() };
    let actions = machine.on(lacking, NOW);
    let [Action::Send { frame: Frame::Want(want), .. }] = &actions[..] else {
        panic!("{actions:?}")
    };
    assert_eq!(want.ranges, iter::once(3..4).collect::<Vec<_>>());
}

#[test]
fn clocks_apart_are_an_alarm_and_pause_receipts() {
    let mut machine = machine(&[("b", 5)]);
    let Frame::Hello(mut early) = strange() else { panic!() };
    early.clock_ms -= 121_000;
    let actions = greet_with(&mut machine, Frame::Hello(early));
    assert!(
        actions
            .iter()
            .any(|action| { matches!(action, Action::Alarm { code: AlarmCode::ClockApart, .. }) })
    );
    let receipt = |action: &Action| matches!(action, Action::MakeReceipt { .. });
    assert!(!actions.iter().any(receipt));
    machine.on(Event::Lost { peer: hall("b"), connection: ON, reason: "cut".to_owned() }, NOW);
    let actions = greet(&mut machine);
    assert!(actions.iter().any(receipt), "a clock that is right again ends the pause");
    assert!(actions.iter().any(|action| matches!(action, Action::Settle { .. })));
}

#[test]
fn draining_finishes_what_is_at_the_door() {
    let mut machine = machine(&[]);
    greet(&mut machine);
    let actions = arrive(&mut machine, Frame::Batch(batch("b", 0, 2, 9)));
    let [Action::Take { ticket, .. }] = &actions[..] else { panic!("{actions:?}") };
    assert!(machine.on(Event::Drain, NOW).is_empty());
    assert_eq!(machine.links(NOW)[0].state, LinkState::Draining);
    let outcome = Taken::Durable { head: head(2), fills: Vec::new() };
    let actions = machine.on(Event::Taken { ticket: *ticket, outcome }, NOW);
    let frames = sent(&actions);
    assert!(matches!(frames.first(), Some(Frame::Durable(_))), "{frames:?}");
    assert!(matches!(frames.last(), Some(Frame::Bye(why)) if why == "draining"), "{frames:?}");
    assert!(matches!(actions.last(), Some(Action::Close { .. })));
}

#[test]
fn frames_and_tickets_of_a_replaced_connection_are_ignored() {
    let mut machine = machine(&[("q", 50)]);
    let old = loads(&greet(&mut machine));
    machine.on(Event::Opened { peer: hall("b"), connection: Connection(5), dialled: false }, NOW);
    let newer = |frame| Event::Arrived { peer: hall("b"), connection: Connection(5), frame };
    let actions = machine.on(newer(strange()), NOW);
    assert!(
        actions.iter().any(|action| { matches!(action, Action::Close { connection: ON, .. }) })
    );
    machine.on(newer(Frame::Heads(Heads { heads: Vec::new(), last: true })), NOW);
    assert!(arrive(&mut machine, Frame::Batch(batch("a", 0, 1, 9))).is_empty());
    let stale = Event::Loaded { ticket: old[0].0, batch: Some(batch("q", 0, 9, 9)) };
    assert!(machine.on(stale, NOW).is_empty());
    let lost = Event::Lost { peer: hall("b"), connection: ON, reason: "cut".to_owned() };
    assert!(machine.on(lost, NOW).is_empty());
    assert_eq!(machine.links(NOW)[0].state, LinkState::Live);
}
