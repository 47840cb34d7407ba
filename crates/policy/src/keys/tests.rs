//! Rotations, strikings-off and pins, as tables of (ledger, size, verdict).

use record::{Act, Continuation, KeyChange, Member, MemberState, Pin};

use super::KeyVerdict::{self, Key, Pinned, Revoked, UnknownHall, UnknownKey};
use crate::acts::{Acts, Applied, Ignored};
use crate::sample::{ROOT_KEY, empty, hall, ledger, log_key, member, world};
use crate::vkey::Vkey;

const K1: KeyVerdict = Key([1; 32]);
const K2: KeyVerdict = Key([2; 32]);
const K3: KeyVerdict = Key([3; 32]);

fn two_halls() -> Acts {
    world(&[("p", None), ("a", Some("p"))])
}

fn approved(keys: &[u8], pins: &[(&str, u64)]) -> Member {
    let mut member = member("a", Some("p"));
    member.log_keys = keys.iter().map(|byte| log_key("a", *byte)).collect();
    let pin = |(name, size): &(&str, u64)| Pin { ledger: ledger(name), size: *size, root: [9; 32] };
    member.pins = pins.iter().map(pin).collect();
    member
}

fn approve(acts: &mut Acts, index: u64, member: Member) {
    assert_eq!(acts.apply(&ledger("p/acts/1"), index, &Act::Member(member)), Applied::Counted);
}

fn change(key: u8, from: &[(&str, u64)]) -> Act {
    let from = from.iter().map(|(name, size)| (ledger(name), *size)).collect();
    Act::KeyChange(KeyChange { new_key: log_key("a", key), from })
}

fn check(acts: &Acts, rows: &[(&str, u64, KeyVerdict)]) {
    for (name, size, expected) in rows {
        assert_eq!(acts.key_for(&ledger(name), *size), *expected, "{name} at {size}");
    }
}

#[test]
fn the_configured_key_reads_the_roots_first_acts() {
    let acts = empty("p");
    check(
        &acts,
        &[
            ("p/acts/1", 7, Key(ROOT_KEY)),
            ("p/records/1", 7, UnknownHall),
            ("a/acts/1", 7, UnknownHall),
        ],
    );
    let acts = two_halls();
    check(&acts, &[("p/acts/1", 7, Key(ROOT_KEY)), ("p/records/1", 7, K1), ("a/acts/1", 1, K1)]);
    let foreign = "elsewhere/hallway/a/acts/1".parse().unwrap();
    assert_eq!(acts.key_for(&foreign, 1), UnknownHall);
}

#[test]
fn a_change_takes_over_where_it_says_once_approved() {
    let mut acts = two_halls();
    let open = [("a/acts/1", 6), ("a/records/1", 100), ("a/records/2", 3)];
    acts.apply(&ledger("a/acts/1"), 4, &change(2, &open));
    check(&acts, &[("a/records/2", 2, K1), ("a/records/2", 3, UnknownKey)]);
    approve(&mut acts, 10, approved(&[1, 2], &[]));
    check(
        &acts,
        &[
            ("a/acts/1", 5, K1),
            ("a/acts/1", 6, K2),
            ("a/records/1", 99, K1),
            ("a/records/1", 100, K2),
            ("a/records/2", 2, K1),
            ("a/records/2", 3, K2),
            ("a/records/3", 0, K2),
            ("a/acts/2", 1, K2),
            ("a/private/1", 1, K2),
        ],
    );
}

#[test]
fn a_generation_that_had_ended_keeps_its_key() {
    let mut acts = two_halls();
    approve(&mut acts, 10, approved(&[1, 2], &[]));
    acts.apply(&ledger("a/acts/1"), 4, &change(2, &[("a/acts/1", 6), ("a/records/2", 3)]));
    check(&acts, &[("a/records/1", 1_000_000, K1), ("a/records/2", 3, K2)]);
}

#[test]
fn a_change_reaches_back_neither_over_itself_nor_over_another() {
    let mut acts = two_halls();
    approve(&mut acts, 10, approved(&[1, 2, 3], &[]));
    acts.apply(&ledger("a/acts/1"), 4, &change(2, &[("a/acts/1", 0), ("a/records/1", 50)]));
    acts.apply(&ledger("a/acts/1"), 8, &change(3, &[("a/records/1", 20)]));
    check(
        &acts,
        &[
            ("a/acts/1", 5, K1),
            ("a/acts/1", 6, K2),
            ("a/acts/1", 9, K2),
            ("a/acts/1", 10, K3),
            ("a/records/1", 49, K1),
            ("a/records/1", 50, K3),
        ],
    );
}

#[test]
fn keys_of_others_are_ignored() {
    let mut acts = two_halls();
    let theirs = Act::KeyChange(KeyChange { new_key: log_key("p", 7), from: Vec::new() });
    let ignored = Applied::Ignored(Ignored::KeyOfAnother);
    assert_eq!(acts.apply(&ledger("a/acts/1"), 0, &theirs), ignored);
    let garbage = Act::KeyChange(KeyChange { new_key: "x".to_owned(), from: Vec::new() });
    assert_eq!(acts.apply(&ledger("a/acts/1"), 1, &garbage), ignored);
    acts.apply(&ledger("a/acts/1"), 2, &change(2, &[("p/records/1", 0)]));
    approve(&mut acts, 10, approved(&[1, 2], &[]));
    check(&acts, &[("p/records/1", 5, K1), ("a/acts/1", 3, K1), ("a/acts/1", 4, K2)]);
}

#[test]
fn a_compromised_key_counts_up_to_the_pin_and_the_next_generation_has_the_new_one() {
    let mut acts = two_halls();
    let pins = [("a/acts/1", 5), ("a/records/1", 40)];
    approve(&mut acts, 10, approved(&[2], &pins));
    // The thief rotates to his own key beyond the pin.
    acts.apply(&ledger("a/acts/1"), 7, &change(3, &[("a/records/2", 0)]));
    let beyond = |size| Pinned { size, root: [9; 32] };
    check(
        &acts,
        &[
            ("a/records/1", 40, K1),
            ("a/records/1", 41, beyond(40)),
            ("a/acts/1", 5, K1),
            ("a/acts/1", 6, beyond(5)),
            ("a/records/2", 1, K2),
            ("a/acts/2", 1, K2),
        ],
    );
    assert_eq!(acts.ignored().get(&Ignored::Pinned), Some(&1));
    // Later the hall rotates again; what opened under the second key stays so.
    approve(&mut acts, 11, approved(&[2, 3], &pins));
    let opened = Continuation {
        previous_ledger: ledger("a/acts/1"),
        previous_size: 5,
        previous_root: [9; 32],
        reason: String::new(),
    };
    acts.apply(&ledger("a/acts/2"), 3, &change(3, &[("a/acts/2", 5), ("a/records/2", 20)]));
    check(&acts, &[("a/records/2", 30, K2)]);
    acts.apply(&ledger("a/acts/2"), 0, &Act::Continuation(opened));
    check(
        &acts,
        &[
            ("a/records/2", 19, K2),
            ("a/records/2", 20, K3),
            ("a/acts/2", 4, K2),
            ("a/acts/2", 5, K3),
            ("a/records/3", 1, K3),
            ("a/records/1", 40, K1),
        ],
    );
}

#[test]
fn struck_off_without_a_pin_counts_nowhere() {
    let mut acts = two_halls();
    approve(&mut acts, 10, approved(&[1, 2], &[]));
    acts.apply(&ledger("a/acts/1"), 4, &change(2, &[("a/acts/1", 6), ("a/records/1", 100)]));
    approve(&mut acts, 11, approved(&[2], &[]));
    check(&acts, &[("a/records/1", 99, Revoked), ("a/records/1", 100, K2)]);
    approve(&mut acts, 12, approved(&[1], &[]));
    check(&acts, &[("a/records/1", 99, K1), ("a/records/1", 100, Revoked)]);
}

#[test]
fn a_mistake_in_the_first_member_can_be_mended() {
    let mut acts = two_halls();
    approve(&mut acts, 10, approved(&[], &[]));
    check(&acts, &[("a/records/1", 1, Revoked)]);
    approve(&mut acts, 11, approved(&[3], &[]));
    check(&acts, &[("a/records/1", 1, K3)]);
}

#[test]
fn of_a_revoked_hall_only_what_is_pinned_counts() {
    let mut acts = two_halls();
    let mut revoked = approved(&[1], &[("a/records/1", 40)]);
    revoked.state = MemberState::Revoked;
    approve(&mut acts, 10, revoked);
    check(
        &acts,
        &[
            ("a/records/1", 40, K1),
            ("a/records/1", 41, Pinned { size: 40, root: [9; 32] }),
            ("a/acts/1", 1, Revoked),
        ],
    );
    let mut closed = approved(&[1], &[]);
    closed.state = MemberState::Closed;
    approve(&mut acts, 11, closed);
    check(&acts, &[("a/acts/1", 1, K1)]);
}

#[test]
fn the_root_rotates_its_own_key() {
    let mut acts = two_halls();
    let mut root = member("p", None);
    root.log_keys = vec![log_key("p", 2)];
    acts.apply(&ledger("p/acts/1"), 10, &Act::Member(root));
    let change = KeyChange { new_key: log_key("p", 2), from: vec![(ledger("p/acts/1"), 15)] };
    acts.apply(&ledger("p/acts/1"), 12, &Act::KeyChange(change));
    check(&acts, &[("p/acts/1", 14, Key(ROOT_KEY)), ("p/acts/1", 15, K2), ("p/acts/2", 1, K2)]);
}

#[test]
fn holder_keys_are_those_named_after_the_holder() {
    let mut acts = two_halls();
    let key = |name: &str, algorithm| {
        Vkey { name: format!("d/hallway/{name}"), algorithm, public: [6; 32] }.to_string()
    };
    let mut member = member("a", Some("p"));
    member.holder_keys =
        vec![key("a/holder", 4), key("a/holder", 1), key("a", 4), key("p/holder", 4)];
    approve(&mut acts, 10, member);
    assert_eq!(acts.holder_keys(&hall("a")), [[6; 32]]);
    assert!(acts.holder_keys(&hall("nobody")).is_empty());
}
