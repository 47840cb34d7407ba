//! The order in which acts arrive is nobody's business; where they stand is.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use record::{Act, AudienceNumber, Continuation, ForkProof, KeyChange, LedgerName, Member, Pin};

use super::{ACTS_PER_LEDGER_MAX, Acts, AnchorError, Applied, Ignored};
use crate::rights::parts;
use crate::sample::{
    NAMED, arbitrary_audience, arbitrary_label, arbitrary_members, empty, hall, ledger, log_key,
    member, numbered, verifier, world,
};
use crate::vkey::Vkey;

#[test]
fn acts_count_only_where_they_belong() {
    let mut acts = world(&[("p", None), ("a", Some("p"))]);
    let join = Act::Member(member("b", Some("p")));
    let nobody =
        record::Audience { number: AudienceNumber(0), title: String::new(), terms: Vec::new() };
    let foreign: LedgerName = "elsewhere/hallway/p/acts/1".parse().unwrap();
    for (place, index, act, reason) in [
        (ledger("a/acts/1"), 0, &join, Ignored::MemberOutsideRoot),
        (ledger("p/records/1"), 0, &join, Ignored::WrongLane),
        (foreign, 0, &join, Ignored::ForeignDomain),
        (ledger("a/acts/1"), 1, &Act::Audience(nobody), Ignored::AudienceZero),
        (ledger("a/acts/1"), 2, &Act::Unknown, Ignored::Unknown),
        (ledger("p/acts/1"), ACTS_PER_LEDGER_MAX, &join, Ignored::BeyondLimit),
    ] {
        assert_eq!(acts.apply(&place, index, act), Applied::Ignored(reason), "{place} {index}");
    }
    assert!(!acts.directory().is_active(&hall("b")));
    assert_eq!(acts.ignored().get(&Ignored::WrongLane), Some(&1));
    // In a second life of the root's acts, a Member counts once the life is known to continue.
    let second = ledger("p/acts/2");
    assert_eq!(acts.apply(&second, 1, &join), Applied::Counted);
    assert!(!acts.directory().is_active(&hall("b")));
    assert_eq!(acts.ignored().get(&Ignored::NotContinued), Some(&1));
    acts.apply(&second, 0, &continuation(&ledger("p/acts/1"), 2));
    assert!(acts.directory().is_active(&hall("b")));
    assert_eq!(acts.apply(&second, 1, &join), Applied::Repeated);
}

#[test]
fn a_snapshot_stays_as_it_was() {
    let mut acts = world(&[("p", None)]);
    let snapshot = acts.clone();
    acts.apply(&ledger("p/acts/1"), 5, &Act::Member(member("a", Some("p"))));
    assert!(acts.directory().is_active(&hall("a")));
    assert!(!snapshot.directory().is_active(&hall("a")));
    assert_ne!(acts, snapshot);
}

#[test]
fn what_the_root_disowns_of_itself_is_void() {
    let mut acts = world(&[("p", None)]);
    let stray = Act::Member(member("stray", Some("p")));
    acts.apply(&ledger("p/acts/1"), 5, &stray);
    assert!(acts.directory().is_active(&hall("stray")));
    let mut root = member("p", None);
    root.pins = vec![Pin { ledger: ledger("p/acts/1"), size: 5, root: [9; 32] }];
    acts.apply(&ledger("p/acts/2"), 0, &continuation(&ledger("p/acts/1"), 5));
    acts.apply(&ledger("p/acts/2"), 1, &Act::Member(root));
    assert!(!acts.directory().is_active(&hall("stray")));
    assert_eq!(acts.ignored().get(&Ignored::Pinned), Some(&1));
}

#[test]
fn a_root_cannot_pin_the_ground_it_stands_on() {
    let mut acts = world(&[("p", None), ("a", Some("p"))]);
    let mut root = member("p", None);
    root.pins = vec![Pin { ledger: ledger("p/acts/1"), size: 1, root: [9; 32] }];
    acts.apply(&ledger("p/acts/1"), 7, &Act::Member(root));
    assert!(acts.directory().is_active(&hall("a")));
    assert_eq!(acts.pin(&ledger("p/acts/1")), None);
}

#[test]
fn operators_may_begin_trust_at_a_later_generation() {
    let key = Vkey { name: "d/hallway/p".to_owned(), algorithm: 1, public: [8; 32] }.to_string();
    let mut acts = Acts::new(ledger("p/acts/2"), &key, verifier).unwrap();
    for (index, name) in [(0, "a"), (1, "stray")] {
        acts.apply(&ledger("p/acts/1"), index, &Act::Member(member(name, Some("p"))));
    }
    acts.apply(&ledger("p/acts/2"), 0, &continuation(&ledger("p/acts/1"), 1));
    assert!(acts.directory().is_active(&hall("a")));
    assert!(!acts.directory().is_active(&hall("stray")));
}

#[test]
fn trust_begins_with_a_log_key_of_the_root() {
    let key = |name: &str, algorithm| {
        Vkey { name: name.to_owned(), algorithm, public: [8; 32] }.to_string()
    };
    let root = ledger("p/acts/1");
    assert!(Acts::new(root.clone(), &key("d/hallway/p/acts/1", 1), verifier).is_ok());
    for (root, key) in [
        (ledger("p/records/1"), key("d/hallway/p", 1)),
        (root.clone(), key("d/hallway/a", 1)),
        (root.clone(), key("d/hallway/p", 4)),
        (root, "p".to_owned()),
    ] {
        assert!(matches!(
            Acts::new(root, &key, verifier),
            Err(AnchorError::Lane { .. }
                | AnchorError::Key { .. }
                | AnchorError::KeyOfAnother { .. })
        ));
    }
}

fn continuation(previous: &LedgerName, size: u64) -> Act {
    Act::Continuation(Continuation {
        previous_ledger: previous.clone(),
        previous_size: size,
        previous_root: [9; 32],
        reason: String::new(),
    })
}

/// Any act of any hall, most of them where they may count.
fn arbitrary_act() -> impl Strategy<Value = Act> {
    let name = (0..NAMED, 0..3usize, 1..4u32).prop_map(|(number, lane, generation)| {
        let lane = ["acts", "records", "private"][lane];
        ledger(&format!("h{number}/{lane}/{generation}"))
    });
    let pins = vec((name.clone(), 0..9u64), 0..3);
    let pinned = (0..NAMED, vec(0..4u8, 0..3), pins).prop_map(|(number, keys, pins)| {
        let name = format!("h{number}");
        let pin = |(ledger, size)| Pin { ledger, size, root: [9; 32] };
        Act::Member(Member {
            log_keys: keys.into_iter().map(|byte| log_key(&name, byte)).collect(),
            pins: pins.into_iter().map(pin).collect(),
            ..member(&name, Some("h0"))
        })
    });
    let change =
        (0..NAMED, 0..4u8, vec((name.clone(), 0..9u64), 0..3)).prop_map(|(number, byte, from)| {
            Act::KeyChange(KeyChange { new_key: log_key(&format!("h{number}"), byte), from })
        });
    let fork = (name.clone(), 0..4u8).prop_map(|(ledger, byte)| {
        Act::ForkProof(ForkProof {
            ledger,
            seal: format!("good {byte}"),
            other_seal: String::new(),
            other_root: [0; 32],
            consistency: Vec::new(),
        })
    });
    prop_oneof![
        3 => pinned,
        2 => arbitrary_audience().prop_map(Act::Audience),
        2 => change,
        1 => fork,
        2 => (name, 0..9u64).prop_map(|(previous, size)| continuation(&previous, size)),
        1 => Just(Act::Unknown),
    ]
}

type Placed = (LedgerName, u64, Act);

/// Several acts ledgers, the root's above all, and a few continuations of records.
fn arbitrary_ledgers() -> impl Strategy<Value = Vec<Placed>> {
    let anywhere = vec((0..4usize, 1..4u32, 0..12u64, arbitrary_act()), 0..40);
    let continued = vec((0..4usize, 0..3usize, 0..9u64), 0..6);
    (arbitrary_members(), anywhere, continued).prop_map(|(members, anywhere, continued)| {
        let mut placed: Vec<Placed> = Vec::new();
        for (number, lane, size) in continued {
            let lane = ["acts", "records", "private"][lane];
            let at = |generation: u32| ledger(&format!("h{number}/{lane}/{generation}"));
            placed.push((at(2), 0, continuation(&at(1), size)));
        }
        placed.extend((0..).zip(members).map(|(index, act)| (ledger("h0/acts/1"), index, act)));
        for (number, generation, index, act) in anywhere {
            placed.push((ledger(&format!("h{number}/acts/{generation}")), index, act));
        }
        // A verified ledger has one act at an index.
        placed.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        placed.dedup_by(|a, b| (&a.0, a.1) == (&b.0, b.1));
        placed
    })
}

/// Everything that can be asked, as text.
fn answers(acts: &Acts) -> Vec<String> {
    let mut out = vec![format!("{:?} {:?} {:?}", acts.ignored(), acts.frozen(), acts.directory())];
    for number in 0..NAMED {
        for place in ["acts/1", "acts/2", "records/1", "records/2"] {
            let ledger = ledger(&format!("h{number}/{place}"));
            let keys: Vec<_> = (0..10).map(|size| acts.key_for(&ledger, size)).collect();
            out.push(format!("{keys:?} {:?} {:?}", acts.standing(&ledger), acts.pin(&ledger)));
        }
    }
    out
}

proptest! {
    #[test]
    fn any_order_of_arrival_gives_the_same_answers(
        placed in arbitrary_ledgers(),
        swaps in vec((any::<Index>(), any::<Index>()), 0..60),
        label in arbitrary_label(),
    ) {
        let mut shuffled = placed.clone();
        if !shuffled.is_empty() {
            for (a, b) in swaps {
                let (a, b) = (a.index(shuffled.len()), b.index(shuffled.len()));
                shuffled.swap(a, b);
            }
        }
        let (mut one, mut other) = (empty("h0"), empty("h0"));
        for (ledger, index, act) in &placed {
            one.apply(ledger, *index, act);
        }
        for (ledger, index, act) in &shuffled {
            other.apply(ledger, *index, act);
            // A question in between leaves nothing behind.
            let _frozen = other.frozen();
            let _snapshot = other.clone();
            prop_assert_eq!(other.apply(ledger, *index, act), Applied::Repeated);
        }
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(answers(&one), answers(&other));
        for (origin, reader) in (0..NAMED).flat_map(|a| (0..NAMED).map(move |b| (a, b))) {
            let origin = ledger(&format!("h{origin}/records/1"));
            let reader = numbered(reader);
            prop_assert_eq!(
                parts(label, &origin, &one, &reader),
                parts(label, &origin, &other, &reader)
            );
        }
    }
}
