//! Whose rulings stand, and for how long.

use proptest::prelude::*;
use record::{Act, Effect, RecordId, Ruling};

use crate::acts::{Acts, Ignored};
use crate::sample::{empty, hall, ledger, member};

fn ruling(number: u8, record: u8, effect: Effect, ended: bool) -> Act {
    Act::Ruling(Ruling {
        id: RecordId::from_bytes([number; 16]),
        record: RecordId::from_bytes([record; 16]),
        origin: hall("county"),
        effect,
        authority_code: String::new(),
        authority_name: "省高级人民法院".into(),
        basis: "行政诉讼法".into(),
        reason: "撤销原判".into(),
        document_number: "1".into(),
        from: "2026-01-02".parse().unwrap(),
        ended,
    })
}

fn with_power(name: &str, parent: Option<&str>, power: bool) -> Act {
    let mut member = member(name, parent);
    member.powers = if power { vec!["rule".into()] } else { Vec::new() };
    Act::Member(member)
}

fn about(acts: &Acts, record: u8, origin: &str) -> Vec<(String, Effect)> {
    let origin = hall(origin);
    let rulings = acts.rulings(RecordId::from_bytes([record; 16]), &origin);
    rulings.map(|(hall, ruling)| (hall.to_string(), ruling.effect)).collect()
}

#[test]
fn a_ruling_stands_until_its_own_hall_ends_it() {
    let mut acts = empty("root");
    acts.apply(&ledger("root/acts/1"), 0, &with_power("root", None, true));
    acts.apply(&ledger("root/acts/1"), 1, &with_power("court", Some("root"), true));
    acts.apply(&ledger("root/acts/1"), 2, &ruling(1, 7, Effect::Unpublished, false));
    let stands = vec![("root".to_owned(), Effect::Unpublished)];
    assert_eq!(about(&acts, 7, "county"), stands);
    assert_eq!(about(&acts, 7, "elsewhere"), [], "another hall's record of the same id");
    assert_eq!(about(&acts, 8, "county"), []);

    // Another hall's end under the same number is that hall's own affair.
    acts.apply(&ledger("court/acts/1"), 0, &ruling(1, 7, Effect::Unpublished, true));
    assert_eq!(about(&acts, 7, "county"), stands);
    acts.apply(&ledger("root/acts/1"), 3, &ruling(1, 7, Effect::Unpublished, true));
    assert_eq!(about(&acts, 7, "county"), []);
    let id = RecordId::from_bytes([1; 16]);
    assert!(acts.ruling(&hall("root"), id).is_some_and(|ruling| ruling.ended));
}

#[test]
fn without_the_power_a_ruling_has_no_effect() {
    let mut acts = empty("root");
    acts.apply(&ledger("root/acts/1"), 0, &with_power("city", Some("root"), false));
    acts.apply(&ledger("city/acts/1"), 0, &ruling(1, 7, Effect::Withdrawn, false));
    assert_eq!(about(&acts, 7, "county"), []);
    assert_eq!(acts.ignored().get(&Ignored::PowerMissing), Some(&1));
    // The power comes late: so does the effect.
    acts.apply(&ledger("root/acts/1"), 1, &with_power("city", Some("root"), true));
    assert_eq!(about(&acts, 7, "county"), [("city".to_owned(), Effect::Withdrawn)]);
    assert_eq!(acts.ignored().get(&Ignored::PowerMissing), None);
}

proptest! {
    #[test]
    fn the_order_of_arrival_does_not_matter(
        rows in proptest::collection::vec((0..3u8, 0..3u8, 0..3usize, any::<bool>(), any::<bool>()), 1..12),
        order in any::<u64>(),
    ) {
        let mut all = Vec::new();
        for (index, (number, record, effect, ended, court)) in rows.into_iter().enumerate() {
            let name = if court { "court/acts/1" } else { "root/acts/1" };
            let act = ruling(number, record, Effect::ALL[effect], ended);
            all.push((ledger(name), u64::try_from(index).unwrap() + 10, act));
        }
        all.push((ledger("root/acts/1"), 0, with_power("court", Some("root"), true)));
        all.push((ledger("root/acts/1"), 1, with_power("root", None, true)));
        let (mut straight, mut other) = (empty("root"), empty("root"));
        for (ledger, index, act) in &all {
            straight.apply(ledger, *index, act);
        }
        let cut = usize::try_from(order).unwrap_or(0) % all.len();
        for (ledger, index, act) in all[cut..].iter().rev().chain(&all[..cut]) {
            other.apply(ledger, *index, act);
            // Reading in between must not matter either.
            let _now = about(&other, 1, "county");
        }
        for record in 0..3 {
            prop_assert_eq!(about(&other, record, "county"), about(&straight, record, "county"));
        }
    }
}
