//! The table of the module, hall by hall; random trees against an oracle that walks every path.

use proptest::collection::vec;
use proptest::prelude::*;
use record::{
    Act, Audience, AudienceNumber, HallId, Label, LedgerName, MemberState, PartSet, SharingClass,
    Term, Who,
};

use super::{entitled, parts};
use crate::acts::Acts;
use crate::sample::{
    NAMED, arbitrary_acts, arbitrary_label, arbitrary_term, hall, ledger, member, numbered, world,
};
use crate::table::Rights;

const ALL: PartSet = PartSet::ALL;
const PUBLIC: PartSet = PartSet::PUBLIC;
const NONE: PartSet = PartSet::NONE;
const HALLS: [&str; 6] = ["p", "c", "a", "b", "s", "x"];

/// Province p; prefecture c with counties a and b; prefecture s with county x.
fn jilin() -> Acts {
    world(&[
        ("p", None),
        ("c", Some("p")),
        ("a", Some("c")),
        ("b", Some("c")),
        ("s", Some("p")),
        ("x", Some("s")),
    ])
}

fn label(class: SharingClass, audience: u32) -> Label {
    Label { class, audience: AudienceNumber(audience) }
}

fn audience(number: u32, terms: Vec<(Who, PartSet)>) -> Act {
    let terms = terms.into_iter().map(|(who, parts)| Term { who, parts }).collect();
    Act::Audience(Audience { number: AudienceNumber(number), title: String::new(), terms })
}

/// Entitled and carried parts of records of county a, in the order of [`HALLS`].
fn both(acts: &Acts, label: Label) -> ([PartSet; 6], [PartSet; 6]) {
    let origin = ledger("a/records/1");
    (
        HALLS.map(|name| entitled(label, &origin, acts, &hall(name))),
        HALLS.map(|name| parts(label, &origin, acts, &hall(name))),
    )
}

#[test]
fn classes_have_defaults() {
    let acts = jilin();
    for (class, expected) in [
        (SharingClass::Open, [ALL, ALL, ALL, PUBLIC, PUBLIC, PUBLIC]),
        (SharingClass::Unconditional, [ALL; 6]),
        (SharingClass::Conditional, [ALL, ALL, ALL, NONE, NONE, NONE]),
        (SharingClass::Withheld, [NONE, NONE, ALL, NONE, NONE, NONE]),
    ] {
        assert_eq!(both(&acts, label(class, 0)), (expected, expected), "{class:?}");
    }
}

#[test]
fn an_audience_replaces_the_default_and_the_way_to_it_carries() {
    let mut acts = jilin();
    let terms = vec![(Who::Hall(hall("x")), PUBLIC), (Who::Subtree(hall("s")), PartSet::HEAD)];
    acts.apply(&ledger("a/acts/1"), 0, &audience(1, terms));
    for class in [SharingClass::Unconditional, SharingClass::Conditional, SharingClass::Withheld] {
        let (own, carried) = both(&acts, label(class, 1));
        assert_eq!(own, [NONE, NONE, ALL, NONE, PartSet::HEAD, PUBLIC], "{class:?}");
        assert_eq!(carried, [PUBLIC, PUBLIC, ALL, NONE, PUBLIC, PUBLIC], "{class:?}");
    }
    let open = [PUBLIC, PUBLIC, ALL, PUBLIC, PUBLIC, PUBLIC];
    assert_eq!(both(&acts, label(SharingClass::Open, 1)), (open, open));
}

#[test]
fn the_newest_revision_of_the_origin_counts_and_nobody_elses() {
    let mut acts = jilin();
    let conditional = label(SharingClass::Conditional, 7);
    let silent = [NONE, NONE, ALL, NONE, NONE, NONE];
    acts.apply(&ledger("b/acts/1"), 0, &audience(7, vec![(Who::Everyone, ALL)]));
    assert_eq!(both(&acts, conditional), (silent, silent), "an unknown audience is nobody");
    acts.apply(&ledger("a/acts/1"), 4, &audience(7, vec![(Who::PathUp, ALL)]));
    acts.apply(&ledger("a/acts/1"), 3, &audience(7, vec![(Who::Everyone, ALL)]));
    assert_eq!(both(&acts, conditional).0, [ALL, ALL, ALL, NONE, NONE, NONE]);
    acts.apply(&ledger("a/acts/1"), 5, &audience(7, Vec::new()));
    assert_eq!(both(&acts, conditional), (silent, silent));
}

#[test]
fn acts_go_to_all_and_private_stays() {
    let acts = jilin();
    let any = label(SharingClass::Open, 0);
    for name in HALLS {
        assert_eq!(parts(any, &ledger("a/acts/1"), &acts, &hall(name)), ALL);
        let own = if name == "a" { ALL } else { NONE };
        assert_eq!(parts(any, &ledger("a/private/1"), &acts, &hall(name)), own);
    }
    for name in ["a/acts/1", "a/records/1", "a/private/1"] {
        let foreign: LedgerName = format!("elsewhere/hallway/{name}").parse().unwrap();
        assert_eq!(parts(any, &foreign, &acts, &hall("a")), NONE);
        assert_eq!(parts(any, &ledger(name), &acts, &hall("nobody")), NONE);
    }
    assert_eq!(parts(any, &ledger("nobody/acts/1"), &acts, &hall("p")), NONE);
}

#[test]
fn a_closed_hall_gets_nothing_and_is_no_road() {
    let mut acts = jilin();
    let mut closed = member("c", Some("p"));
    closed.state = MemberState::Closed;
    acts.apply(&ledger("p/acts/1"), 90, &Act::Member(closed));
    let (own, carried) = both(&acts, label(SharingClass::Unconditional, 0));
    assert_eq!((own, carried), ([ALL, NONE, ALL, ALL, ALL, ALL], [ALL, NONE, ALL, ALL, ALL, ALL]));
    assert_eq!(parts(label(SharingClass::Open, 0), &ledger("c/acts/1"), &acts, &hall("c")), NONE);
    assert_eq!(
        parts(label(SharingClass::Conditional, 0), &ledger("c/records/1"), &acts, &hall("p")),
        ALL,
        "what a closed hall wrote stays where it belongs"
    );
}

/// `wide` has every part that `narrow` has.
fn within(narrow: PartSet, wide: PartSet) -> bool {
    narrow.without(wide).is_empty()
}

fn oracle(acts: &Acts, origin: &LedgerName, label: Label, carrier: &HallId) -> PartSet {
    let directory = acts.directory();
    if !directory.is_active(carrier) {
        return NONE;
    }
    directory
        .active()
        .filter(|reader| {
            let way = directory.path(origin.hall(), reader);
            *reader == carrier || way.is_some_and(|way| way.contains(carrier))
        })
        .map(|reader| entitled(label, origin, acts, reader))
        .fold(NONE, PartSet::union)
}

proptest! {
    #[test]
    fn carriers_are_the_halls_on_the_way_and_no_others(
        acts in arbitrary_acts(),
        label in arbitrary_label(),
        origin in 0..NAMED,
    ) {
        let origin = ledger(&format!("h{origin}/records/1"));
        let rights = Rights::new((*acts).clone());
        for hall in (0..NAMED).map(numbered) {
            let (own, carried) =
                (entitled(label, &origin, &acts, &hall), parts(label, &origin, &acts, &hall));
            prop_assert!(within(own, carried));
            prop_assert_eq!(carried, oracle(&acts, &origin, label, &hall));
            for _ in 0..2 {
                prop_assert_eq!(rights.parts(&origin, label, &hall), carried);
                prop_assert_eq!(rights.entitled(&origin, label, &hall), own);
            }
            if let Some(way) = acts.directory().path(origin.hall(), &hall) {
                let active = way.iter().filter(|hall| acts.directory().is_active(hall));
                for carrier in active {
                    prop_assert!(within(own, parts(label, &origin, &acts, carrier)));
                }
            }
        }
    }

    #[test]
    fn a_wider_audience_narrows_nobody(
        acts in arbitrary_acts(),
        label in arbitrary_label(),
        origin in 0..NAMED,
        mut terms in vec(arbitrary_term(), 0..4),
        more in arbitrary_term(),
        bits in 0..16u8,
    ) {
        let acts_ledger = ledger(&format!("h{origin}/acts/1"));
        let number = label.audience;
        let revision = |terms: &[Term]| {
            let (title, terms) = (String::new(), terms.to_vec());
            Act::Audience(Audience { number, title, terms })
        };
        let mut narrow = (*acts).clone();
        narrow.apply(&acts_ledger, 2000, &revision(&terms));
        for term in &mut terms {
            term.parts = term.parts.union(PartSet::from_bits(bits));
        }
        terms.push(more);
        let mut wide = (*acts).clone();
        wide.apply(&acts_ledger, 2000, &revision(&terms));
        let origin = ledger(&format!("h{origin}/records/1"));
        for hall in (0..NAMED).map(numbered) {
            let (before, after) = (
                parts(label, &origin, &narrow, &hall),
                parts(label, &origin, &wide, &hall),
            );
            prop_assert!(within(before, after));
            let (before, after) = (
                entitled(label, &origin, &narrow, &hall),
                entitled(label, &origin, &wide, &hall),
            );
            prop_assert!(within(before, after));
        }
    }
}
