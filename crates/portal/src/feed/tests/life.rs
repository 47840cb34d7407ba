//! How records stand in a feed: withdrawals, rulings, and the gate after a reconnect.

use record::{Effect, RecordId, RevisionKind};
use v1::EffectiveState;

use super::*;

fn record(number: u8) -> String {
    RecordId::from_bytes([number; 16]).to_string()
}

fn effective(item: &v1::FollowResponse) -> &v1::Effective {
    item.effective.as_ref().expect("an item with a head says how its record stands")
}

/// The county has two open records; the province may rule.
fn town() -> Town {
    let mut town = Town::new();
    town.province.empower();
    town.county.record(1, label(SharingClass::Open, 0));
    town.county.record(2, label(SharingClass::Open, 0));
    town.take(PartSet::ALL);
    town
}

#[tokio::test]
async fn a_withdrawn_record_says_so_in_every_item_of_it() {
    let mut town = town();
    let before = town.seen(SYSTEM, "", &[]).await;
    assert_eq!(effective(&before[0]).state(), EffectiveState::InForce);
    assert!(effective(&before[0]).published);
    town.county.revise(1, 2, RevisionKind::Withdrawal);
    town.county.revise(1, 3, RevisionKind::Correction);
    town.take(PartSet::ALL);
    let items = town.seen(SYSTEM, "", &[]).await;
    let states: Vec<_> = items.iter().map(|item| (item.index, effective(item).state())).collect();
    let (withdrawn, in_force) = (EffectiveState::Withdrawn, EffectiveState::InForce);
    assert_eq!(states, [(0, withdrawn), (1, in_force), (2, withdrawn), (3, withdrawn)]);
    assert_eq!(items[0].open, open(1), "a system of the hall sees what it is entitled to");
    let public = town.seen(DEPARTMENT, "", &[]).await;
    assert!(public[0].open.is_empty() && public[1].open == open(2), "the public does not");
}

#[tokio::test]
async fn a_replaced_record_names_the_document_that_takes_its_place() {
    let mut town = town();
    town.county.revise(1, 2, RevisionKind::Replacement);
    town.county.revise(1, 3, RevisionKind::Correction);
    town.take(PartSet::ALL);
    for item in town.seen(DEPARTMENT, "", &[]).await.iter().filter(|item| item.index != 1) {
        let said = effective(item);
        assert_eq!((said.state(), &*said.successor_record_id), (EffectiveState::Replaced, ""));
        assert_eq!(said.successor_document_number, "新1");
    }
}

#[tokio::test]
async fn a_part_that_comes_late_does_not_bring_a_withdrawn_record_back() {
    let mut town = Town::new();
    town.county.record(1, label(SharingClass::Unconditional, 0));
    town.take(PartSet::NONE);
    town.county.revise(1, 2, RevisionKind::Withdrawal);
    town.take(PartSet::ALL);
    let seen = town.seen(SYSTEM, "", &[]).await;
    let token = &seen.last().unwrap().resume_token;
    town.fill(0);
    let late = town.seen(SYSTEM, token, &[]).await;
    assert_eq!(late.iter().map(|item| item.index).collect::<Vec<_>>(), [0]);
    assert_eq!(effective(&late[0]).state(), EffectiveState::Withdrawn);
}

#[tokio::test]
async fn a_ruling_is_an_item_and_counts_until_it_ends() {
    let mut town = town();
    town.province.rule(1, Effect::Unpublished, false);
    town.tell();
    let public = town.seen(DEPARTMENT, "", &["penalty"]).await;
    assert_eq!(places(&public), [("d/hallway/p/acts/1", 4)], "whatever kinds are wanted");
    assert_eq!(
        (&*effective(&public[0]).record_id, effective(&public[0]).published),
        (&*record(1), false)
    );
    let public = town.seen(DEPARTMENT, "", &[]).await;
    assert!(public[0].open.is_empty() && !public[0].head.is_empty());
    assert_eq!(effective(&public[0]).ruling_ids, [record(101)]);
    assert_eq!(public[1].open, open(2));

    town.province.rule(1, Effect::Unpublished, true);
    town.tell();
    let public = town.seen(DEPARTMENT, "", &[]).await;
    assert_eq!(public[0].open, open(1));
    assert!(public.iter().all(|item| effective(item).published));

    // The county may not rule: nothing changes, and there is no item of it.
    town.county.rule(2, Effect::Withdrawn, false);
    town.take(PartSet::ALL);
    let after = town.seen(DEPARTMENT, "", &[]).await;
    assert_eq!(after.len(), public.len());
    assert!(after.iter().all(|item| effective(item).state() == EffectiveState::InForce));
}

#[tokio::test]
async fn behind_the_gate_nothing_is_shown_before_the_ruling_counts() {
    let mut town = town();
    town.gate.send_replace(false);
    let mut feed = town.follow(DEPARTMENT, live()).await.unwrap();
    let early = tokio::time::timeout(Duration::from_millis(200), feed.next()).await;
    assert!(early.is_err(), "{early:?}");
    town.province.rule(1, Effect::Unpublished, false);
    town.tell();
    town.gate.send_replace(true);
    let first = tokio::time::timeout(SOON, feed.next()).await.unwrap().unwrap().unwrap();
    assert_eq!((first.index, first.open.is_empty()), (0, true));
    assert!(!effective(&first).published);
}
