//! Chains of stewards, and what each may still revise.

use record::{Act, Handover, Member, MemberState, RecordId};

use super::*;
use crate::sample::{empty, hall, ledger, member};

fn id(byte: u8) -> RecordId {
    RecordId::from_bytes([byte; 16])
}

fn handover(from: &str, to: &str, records: &[u8], entry: u64) -> Act {
    Act::Handover(Handover {
        from_hall: hall(from),
        to_hall: hall(to),
        records: records.iter().map(|byte| id(*byte)).collect(),
        from: vec![(ledger(&format!("{from}/records/1")), entry)],
        reason: "撤并".into(),
    })
}

fn admitted(name: &str, state: MemberState, powers: &[&str]) -> Member {
    let mut member = member(name, Some("root"));
    member.state = state;
    member.powers = powers.iter().map(|power| (*power).to_owned()).collect();
    member
}

/// Halls a, b, c with the power; d without.
fn world() -> Acts {
    let mut acts = empty("root");
    for (index, name) in (0..).zip(["a", "b", "c"]) {
        let member = admitted(name, MemberState::Active, &["hand-over"]);
        acts.apply(&ledger("root/acts/1"), index, &Act::Member(member));
    }
    let without = admitted("d", MemberState::Active, &[]);
    acts.apply(&ledger("root/acts/1"), 3, &Act::Member(without));
    acts
}

fn chain(acts: &Acts, origin: &str, record: u8) -> Vec<String> {
    let chain = acts.stewards().chain(&hall(origin), id(record));
    chain.into_iter().map(|tenure| tenure.hall.to_string()).collect()
}

#[test]
fn stewardship_moves_from_the_named_entry_on() {
    let mut acts = world();
    assert_eq!(chain(&acts, "a", 1), ["a"]);
    acts.apply(&ledger("a/acts/1"), 0, &handover("a", "b", &[1, 2], 5));
    acts.apply(&ledger("a/acts/1"), 1, &handover("a", "c", &[], 9));
    assert_eq!(chain(&acts, "a", 1), ["a", "b"], "given once, it cannot be given again");
    assert_eq!(chain(&acts, "a", 3), ["a", "c"]);
    assert_eq!(acts.stewards().steward(&hall("a"), id(1)), hall("b"));
    assert_eq!(acts.stewards().origins(&hall("b"), id(1)), [hall("b"), hall("a")]);
    assert_eq!(acts.stewards().origins(&hall("b"), id(3)), [hall("b")]);

    let tenures = acts.stewards().chain(&hall("a"), id(1));
    let records = ledger("a/records/1");
    assert!(tenures[0].covers(&records, 4) && !tenures[0].covers(&records, 5));
    assert!(!tenures[0].covers(&ledger("a/records/2"), 0), "a later generation is past it");
    assert!(tenures[1].covers(&ledger("b/records/1"), 0) && !tenures[1].covers(&records, 4));

    // It comes back, and moves on.
    acts.apply(&ledger("b/acts/1"), 0, &handover("b", "a", &[1], 0));
    assert_eq!(chain(&acts, "a", 1), ["a", "b", "a", "c"]);
}

#[test]
fn only_the_steward_or_the_root_for_a_closed_hall_hands_over() {
    let mut acts = world();
    acts.apply(&ledger("d/acts/1"), 0, &handover("d", "b", &[], 0));
    acts.apply(&ledger("b/acts/1"), 0, &handover("a", "b", &[], 0));
    acts.apply(&ledger("root/acts/1"), 10, &handover("a", "c", &[], 0));
    assert_eq!(chain(&acts, "a", 1), ["a"]);
    assert_eq!(chain(&acts, "d", 1), ["d"], "without the power");
    let closed = admitted("a", MemberState::Closed, &["hand-over"]);
    acts.apply(&ledger("root/acts/1"), 11, &Act::Member(closed));
    assert_eq!(chain(&acts, "a", 1), ["a", "c"]);
}
