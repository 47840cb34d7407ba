//! Who sees what of the feed, where it goes on, when it ends.

use std::time::Duration;

use record::{PartSet, SharingClass};
use tokio_stream::StreamExt;
use tonic::Code;

use super::*;

mod life;
mod town;

use town::{Hall, SYSTEM, Town, audience, closed, label, ledger, open};

const DEPARTMENT: &str = "spiffe://d/department/11220000MB1234567X";
const OPERATOR: &str = "spiffe://d/operator/wang";
const OTHER_SYSTEM: &str = "spiffe://d/system/a/permits";
/// Longest wait for something that must come.
const SOON: Duration = Duration::from_secs(20);

fn places(items: &[v1::FollowResponse]) -> Vec<(&str, u64)> {
    items.iter().map(|item| (item.ledger.as_str(), item.index)).collect()
}

fn live() -> v1::FollowRequest {
    v1::FollowRequest::default()
}

/// The county has an open, an unconditional and, for county b alone, a conditional record.
fn busy_town() -> Town {
    let mut town = Town::new();
    town.county.act(&audience(&["b"]));
    town.county.record(1, label(SharingClass::Open, 0));
    town.county.record(2, label(SharingClass::Unconditional, 0));
    town.county.record(3, label(SharingClass::Conditional, 5));
    town.take(PartSet::ALL);
    town
}

#[tokio::test]
async fn each_caller_sees_what_it_may_and_bytes_are_untouched() {
    let town = busy_town();
    let records = ledger("a", "records").to_string();
    let system = town.seen(SYSTEM, "", &[]).await;
    assert_eq!(
        places(&system),
        [(records.as_str(), 0), (records.as_str(), 1)],
        "b's is carried only"
    );
    assert_eq!((&system[1].open, &system[1].closed), (&open(2), &closed(2)));
    assert_eq!(system[1].sharing_class, "unconditional");
    let seal = ledger::Seal::parse(&system[1].seal).unwrap();
    assert!(seal.ledger.to_string() == records && seal.size > 1);

    let department = town.seen(DEPARTMENT, "", &[]).await;
    assert_eq!(places(&department), [(records.as_str(), 0)]);
    assert_eq!(department[0].open, open(1));
    assert!(department[0].closed.is_empty(), "公开部分 only");

    for who in [OPERATOR, OTHER_SYSTEM] {
        assert!(town.seen(who, "", &[]).await.is_empty(), "{who}");
        assert_eq!(town.seen(who, "", &["act"]).await.len(), 4, "{who}");
    }
}

#[tokio::test]
async fn kinds_narrow_and_tokens_resume_behind_each_item() {
    let town = busy_town();
    assert_eq!(town.seen(SYSTEM, "", &["permit"]).await.len(), 2);
    assert!(town.seen(SYSTEM, "", &["penalty"]).await.is_empty());
    let all = town.seen(SYSTEM, "", &["permit", "act"]).await;
    assert_eq!(all.len(), 6);
    for (at, item) in all.iter().enumerate() {
        let rest = town.seen(SYSTEM, &item.resume_token, &["permit", "act"]).await;
        let missing = all[at + 1..].iter().find(|after| !rest.contains(after));
        assert!(missing.is_none(), "behind {at}: {missing:?}");
    }
    let last = &all.last().unwrap().resume_token;
    assert!(town.seen(SYSTEM, last, &["permit", "act"]).await.is_empty());
}

#[tokio::test]
async fn parts_that_come_later_are_handed_on_when_they_come() {
    let mut town = Town::new();
    town.county.record(1, label(SharingClass::Unconditional, 0));
    town.take(PartSet::NONE);
    let mut feed = town.follow(SYSTEM, live()).await.unwrap();
    town.fill(0);
    let item = tokio::time::timeout(SOON, feed.next()).await.unwrap().unwrap().unwrap();
    assert_eq!((item.index, item.closed), (0, closed(1)));
}

/// A carried entry is on disk already when its audience widens: nothing new arrives but the act.
#[tokio::test]
async fn an_act_that_widens_hands_on_what_stands_before_it() {
    let mut town = busy_town();
    let before = town.seen(SYSTEM, "", &[]).await;
    let token = before.last().unwrap().resume_token.clone();
    let request = v1::FollowRequest { resume_token: token.clone(), ..live() };
    let mut feed = town.follow(SYSTEM, request).await.unwrap();
    town.county.act(&audience(&["b", "p"]));
    town.take(PartSet::ALL);
    let item = tokio::time::timeout(SOON, feed.next()).await.unwrap().unwrap().unwrap();
    assert_eq!((item.index, &item.closed), (2, &closed(3)));
    // Who was away meanwhile is told the same from its old token.
    let away = town.seen(SYSTEM, &token, &[]).await;
    assert_eq!(away.iter().map(|item| item.index).collect::<Vec<_>>(), [2]);
    let later = town.seen(SYSTEM, &away[0].resume_token, &[]).await;
    assert_eq!(later, away, "the item came before the act was passed: once more");
}

#[tokio::test]
async fn a_live_feed_waits_and_ends_with_the_hall() {
    let mut town = busy_town();
    let mut feed = town.follow(SYSTEM, live()).await.unwrap();
    for _ in 0..2 {
        tokio::time::timeout(SOON, feed.next()).await.unwrap().unwrap().unwrap();
    }
    town.province.record(9, label(SharingClass::Withheld, 0));
    town.tell();
    let item = tokio::time::timeout(SOON, feed.next()).await.unwrap().unwrap().unwrap();
    assert_eq!((item.ledger, item.closed), (ledger("p", "records").to_string(), closed(9)));
    town.stop.cancel();
    let end = tokio::time::timeout(SOON, feed.next()).await.unwrap().unwrap();
    assert_eq!(end.unwrap_err().code(), Code::Unavailable);
    assert!(tokio::time::timeout(SOON, feed.next()).await.unwrap().is_none());
}

#[tokio::test]
async fn limits_have_names_and_strangers_no_feed() {
    let town = busy_town();
    let feeds =
        [town.follow(SYSTEM, live()).await.unwrap(), town.follow(SYSTEM, live()).await.unwrap()];
    let refused = town.follow(SYSTEM, live()).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    assert!(refused.message().contains("feeds"));
    drop(feeds);
    town.face.tasks.close();
    tokio::time::timeout(SOON, town.face.tasks.wait()).await.expect("their places are free again");

    let stranger = town.follow("spiffe://elsewhere/system/p/permits", live()).await.unwrap_err();
    assert_eq!(stranger.code(), Code::PermissionDenied);
    let kinds = vec!["permit".to_owned(); FEED_KINDS_MAX + 1];
    let many = town.follow(SYSTEM, v1::FollowRequest { kinds, ..live() }).await.unwrap_err();
    assert_eq!(many.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn a_token_of_another_log_begins_anew_and_a_false_one_is_refused() {
    let town = busy_town();
    let all = town.seen(SYSTEM, "", &[]).await;
    let other = Hall::new("p", 77).store.reader().log_id();
    let end = town.province.store.reader().durable().position;
    let foreign = Token { log_id: other, position: end }.to_string();
    assert_eq!(town.seen(SYSTEM, &foreign, &[]).await, all);

    let log_id = town.province.store.reader().log_id();
    let beyond = Token { log_id, position: Position(end.0 + 1) }.to_string();
    for resume_token in [beyond, "nonsense".to_owned()] {
        let refused = town.follow(SYSTEM, v1::FollowRequest { resume_token, ..live() }).await;
        assert_eq!(refused.unwrap_err().code(), Code::InvalidArgument);
    }
}
