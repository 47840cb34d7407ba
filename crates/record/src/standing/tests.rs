//! What revisions and rulings make of a record, in any order.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn id(byte: u8) -> RecordId {
    RecordId::from_bytes([byte; 16])
}

fn unnamed() -> Successor {
    Successor::default()
}

fn record(byte: u8) -> Successor {
    Successor { record: Some(id(byte)), ..Successor::default() }
}

fn document(number: &str) -> Successor {
    Successor { number: number.to_owned(), ..Successor::default() }
}

/// The reading of a revision, as halls meet it.
#[test]
fn a_replacement_names_its_successor_on_one_line() {
    let mut revises = Revises {
        record: id(1),
        revision: 1,
        kind: RevisionKind::Replacement,
        reason: "併案".into(),
        successor: None,
        successor_number: " 40-109-\n070012\u{0}".into(),
    };
    assert_eq!(Successor::of(&revises), document("40-109- 070012"));
    revises.successor = Some(id(9));
    revises.successor_number.clear();
    assert_eq!(Successor::of(&revises), record(9));
    assert!(unnamed().is_unnamed() && !record(9).is_unnamed());
}

const KINDS: [RevisionKind; 6] = [
    RevisionKind::Correction,
    RevisionKind::Withdrawal,
    RevisionKind::Replacement,
    RevisionKind::CreditRepair,
    RevisionKind::Progress,
    RevisionKind::Expiry,
];

#[test]
fn each_revision_and_ruling_has_its_effect() {
    let mut standing = Standing::default();
    let fresh = standing.effective();
    assert_eq!((&fresh.state, fresh.suspended, fresh.published), (&State::InForce, false, true));
    standing.revise(RevisionKind::Correction, 2, unnamed());
    standing.revise(RevisionKind::Progress, 3, unnamed());
    assert_eq!(standing.effective(), fresh);

    standing.revise(RevisionKind::Expiry, 4, unnamed());
    assert!(!standing.effective().published && !standing.effective().is_public());
    standing.rule(id(1), Effect::Suspended);
    assert!(standing.effective().suspended);
    standing.revise(RevisionKind::Replacement, 6, document("40-109-070012"));
    standing.revise(RevisionKind::Replacement, 5, record(9));
    let successor = document("40-109-070012");
    assert_eq!(standing.effective().state, State::Replaced { successor });
    standing.rule(id(2), Effect::Withdrawn);
    assert_eq!(standing.effective().state, State::Withdrawn);
    assert_eq!(standing.effective().rulings, [id(1), id(2)]);
}

#[test]
fn nothing_later_undoes_a_withdrawal_or_the_end_of_a_publication() {
    for (ends, then) in [
        (RevisionKind::Withdrawal, RevisionKind::Correction),
        (RevisionKind::CreditRepair, RevisionKind::Correction),
        (RevisionKind::Withdrawal, RevisionKind::Replacement),
        (RevisionKind::Expiry, RevisionKind::Progress),
    ] {
        let mut standing = Standing::default();
        standing.revise(ends, 2, unnamed());
        let ended = standing.effective();
        standing.revise(then, 3, unnamed());
        assert_eq!(standing.effective(), ended, "{ends:?} then {then:?}");
        assert!(!ended.is_public());
        assert!(Standing::is_marked_by(ends));
    }
    assert!(!Standing::is_marked_by(RevisionKind::Correction));
}

#[derive(Clone, Debug)]
enum News {
    Revision(RevisionKind, u32, Successor),
    Ruling(RecordId, Effect),
}

fn told(standing: &mut Standing, news: &News) {
    match news {
        News::Revision(kind, revision, successor) => {
            standing.revise(*kind, *revision, successor.clone());
        }
        News::Ruling(ruling, effect) => standing.rule(*ruling, *effect),
    }
}

fn news() -> impl Strategy<Value = News> {
    let successor = prop_oneof![
        Just(unnamed()),
        (0..4u8).prop_map(record),
        (0..4u8).prop_map(|number| document(&format!("罚〔2024〕{number}号"))),
    ];
    let revision = (0..KINDS.len(), 2..9u32, successor)
        .prop_map(|(kind, revision, successor)| News::Revision(KINDS[kind], revision, successor));
    let ruling = (0..4u8, 0..3usize)
        .prop_map(|(ruling, effect)| News::Ruling(id(ruling), Effect::ALL[effect]));
    prop_oneof![revision, ruling]
}

proptest! {
    #[test]
    fn the_order_of_arrival_does_not_matter(
        all in vec(news(), 0..12),
        shuffled in vec(any::<prop::sample::Index>(), 0..12),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut straight = Standing::default();
        for news in &all {
            told(&mut straight, news);
        }
        // In another order, some of it twice.
        let mut other = Standing::default();
        for index in shuffled.iter().filter(|_| !all.is_empty()) {
            told(&mut other, index.get(&all));
        }
        for news in all.iter().rev() {
            told(&mut other, news);
        }
        prop_assert_eq!(&other, &straight);
        // By two roads.
        let cut = if all.is_empty() { 0 } else { cut.index(all.len()) };
        let (mut one, mut two) = (Standing::default(), Standing::default());
        all[..cut].iter().for_each(|news| told(&mut one, news));
        all[cut..].iter().for_each(|news| told(&mut two, news));
        one.join(&two);
        prop_assert_eq!(one.effective(), straight.effective());
    }
}
