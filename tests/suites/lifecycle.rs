//! Suite `lifecycle`: what happens to records after they were accepted. Revisions made while a hall is
//! away reach it in order; a ruling takes effect at a county before anything newer is shown there;
//! stewardship moves, and whoever no longer has it is refused by name.

#![cfg(test)]

use std::fs;
use std::path::Path;

use record::{Draft, Generator, Kind, RecordId, Revises, RevisionKind};
use serde_json::Value;
use suites::caller::{Caller, Seen, acknowledged, refusal};
use suites::eventually::eventually_async;
use suites::halls::{self, DEADLINE, Grounds};
use suites::process::Hall;
use tokio_stream::StreamExt;
use tonic::Code;
use wire::v1;
use wire::v1::EffectiveState;

fn penalty(seed: u64, row: u64) -> Draft {
    Generator::new(&Kind::Penalty, seed).unwrap().draft(row)
}

/// The submission of a draft, publicly shared.
fn public(draft: &Draft) -> v1::Submission {
    v1::Submission { sharing_class: "open".to_owned(), audience: 0, ..wire::submission(draft) }
}

/// A revision of `record` at `revision`.
fn revised(draft: &Draft, record: &str, revision: u32, kind: RevisionKind) -> v1::Submission {
    let mut draft = draft.clone();
    draft.head.message_id = format!("{record}-{revision}-{}", kind.as_str());
    draft.head.revises = Some(Revises {
        record: record.parse().unwrap(),
        revision,
        kind,
        reason: "复核".to_owned(),
        successor: None,
        successor_number: String::new(),
    });
    public(&draft)
}

async fn enter(caller: &Caller, one: v1::Submission) -> v1::Acknowledgement {
    let outcome = caller.submit_one(one).await.unwrap();
    acknowledged(&outcome).unwrap_or_else(|| panic!("{outcome:?}")).clone()
}

async fn system(hall: &Path) -> Caller {
    Caller::dial(hall, "system").await.unwrap()
}

/// What the hall's feed shows of a record, once it shows `revisions` of it.
async fn revisions(hall: &Path, record: &str, revisions: usize) -> Vec<Seen> {
    let caller = system(hall).await;
    eventually_async(DEADLINE, "the revisions of the record", async || {
        let mut seen = caller.seen().await.unwrap();
        seen.retain(|one| one.stamp.record_id == record);
        Some(seen).filter(|seen| seen.len() == revisions)
    })
    .await
}

fn state(seen: &Seen) -> EffectiveState {
    seen.effective.as_ref().expect("a record with a head has a standing").state()
}

#[tokio::test]
async fn revisions_made_while_the_prefecture_is_away_reach_it_in_order() {
    let grounds = Grounds::new();
    let province = grounds.found("220000");
    let prefecture = grounds.join("220100", &province);
    let county = grounds.join("220122", &prefecture);
    for hall in [&prefecture, &county] {
        halls::hurry(hall);
    }
    let _province = Hall::serve(&province).unwrap();
    let serving = Hall::serve(&prefecture).unwrap();
    let _county = Hall::serve(&county).unwrap();
    halls::level(&county);
    let caller = system(&county).await;
    let draft = penalty(1, 0);
    let record = enter(&caller, public(&draft)).await.record_id;
    let first = revisions(&province, &record, 1).await;
    assert_eq!(state(&first[0]), EffectiveState::InForce);

    serving.down();
    let correction = revised(&draft, &record, 1, RevisionKind::Correction);
    assert_eq!(enter(&caller, correction).await.revision, 2);
    let withdrawal = revised(&draft, &record, 2, RevisionKind::Withdrawal);
    assert_eq!(enter(&caller, withdrawal).await.revision, 3);
    let stale = revised(&draft, &record, 1, RevisionKind::CreditRepair);
    let stale = caller.submit_one(stale).await.unwrap();
    assert_eq!(refusal(&stale), Some((Code::FailedPrecondition, vec!["revision-stale"])));

    let _prefecture = Hall::serve(&prefecture).unwrap();
    for hall in [&prefecture, &province] {
        let seen = revisions(hall, &record, 3).await;
        let order: Vec<_> = seen.iter().map(|one| one.stamp.revision).collect();
        assert_eq!(order, [1, 2, 3]);
        for one in &seen {
            assert_eq!(state(one), EffectiveState::Withdrawn, "revision {}", one.stamp.revision);
        }
    }
}

/// Follows from the beginning, has the hall take a new record meanwhile, and gives what is shown up to
/// that.
async fn up_to_a_new_record(hall: &Path, department: &Caller) -> Vec<v1::FollowResponse> {
    let mut feed =
        department.feed().follow(v1::FollowRequest::default()).await.unwrap().into_inner();
    let newer = enter(&system(hall).await, public(&penalty(2, 1))).await;
    let mut items = Vec::new();
    while let Some(item) = feed.next().await {
        let item = item.unwrap();
        let is_newer = (&item.ledger, item.index) == (&newer.ledger, newer.index);
        items.push(item);
        if is_newer {
            break;
        }
    }
    items
}

#[tokio::test]
async fn a_credit_repair_takes_effect_before_anything_newer_is_shown() {
    let grounds = Grounds::new();
    let province = grounds.found("220000");
    let county = grounds.join("220122", &province);
    halls::hurry(&county);
    let _province = Hall::serve(&province).unwrap();
    let serving = Hall::serve(&county).unwrap();
    halls::level(&county);
    let record = enter(&system(&county).await, public(&penalty(2, 0))).await.record_id;
    let _there = revisions(&province, &record, 1).await;
    let department = Caller::dial(&county, "department").await.unwrap();
    let shown = department.seen().await.unwrap();
    assert!(!shown[0].open.is_empty(), "the public sees the penalty");
    drop(department);
    serving.down();

    let repair = ["rule", &record, "--effect", "unpublished", "--reason", "已修复"];
    let repair = [&repair[..], &["--basis", "信用修复管理办法"]].concat();
    let ruling = halls::ask(&province, &repair).ok();
    assert_eq!((&ruling.json["origin"], &ruling.json["ended"]), (&"220122".into(), &false.into()));
    let id = ruling.json["ruling"].as_str().unwrap().to_owned();

    // The very first that the county shows after its start already knows.
    let _county = Hall::serve(&county).unwrap();
    let department = Caller::dial(&county, "department").await.unwrap();
    let items = up_to_a_new_record(&county, &department).await;
    let repaired = &items[0];
    let effective = repaired.effective.as_ref().unwrap();
    assert_eq!((&effective.record_id, effective.published), (&record, false));
    assert_eq!(effective.ruling_ids.first(), Some(&id));
    assert!(repaired.open.is_empty(), "its content is no longer published");
    assert!(!items.last().unwrap().open.is_empty(), "other records are");

    // The ruling itself is an item; the proof says it with its date; its own hall ends it.
    let seen = department.seen().await.unwrap();
    assert!(seen.iter().any(|one| one.ledger.contains("/220000/acts/")), "{seen:?}");
    let proof = grounds.path().join("proof.json");
    let out = proof.to_str().unwrap();
    let proven = halls::ask(&county, &["prove", &record, "--out", out]).ok();
    assert_eq!(
        (&proven.json["state"], &proven.json["published"]),
        (&"in-force".into(), &false.into())
    );
    let report = halls::verify(&proof).ok();
    assert_eq!(report.json["status"]["rulings"][0], id, "{}", report.stdout);
    let mut bundle: Value = serde_json::from_slice(&fs::read(&proof).unwrap()).unwrap();
    let acts = bundle["acts"].as_array_mut().unwrap();
    let _ruling = acts.pop().expect("the ruling is the province's last act");
    fs::write(&proof, bundle.to_string()).unwrap();
    let report = halls::verify(&proof);
    assert!(report.code == Some(1) && report.stdout.contains(&id), "{}", report.stdout);

    let end = ["rule", &record, "--end", &id, "--reason", "裁定有误"];
    let refused = halls::ask(&county, &end);
    assert_eq!(refused.code, Some(4), "a county without the power: {}", refused.stderr);
    assert!(refused.stderr.contains("power"), "{}", refused.stderr);
    assert_eq!(halls::ask(&province, &end).ok().json["ended"], true);
    eventually_async(DEADLINE, "the record published again", async || {
        let seen = department.seen().await.unwrap();
        let again = seen.iter().find(|one| one.stamp.record_id == record).unwrap();
        (!again.open.is_empty()).then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_new_steward_revises_and_the_old_one_is_refused() {
    let grounds = Grounds::new();
    let province = grounds.found("220000");
    let prefecture = grounds.join("220100", &province);
    let county = grounds.join("220122", &prefecture);
    for hall in [&prefecture, &county] {
        halls::hurry(hall);
    }
    let _serving = (
        Hall::serve(&province).unwrap(),
        Hall::serve(&prefecture).unwrap(),
        Hall::serve(&county).unwrap(),
    );
    halls::level(&county);
    let (old, new) = (system(&county).await, system(&prefecture).await);
    let draft = penalty(3, 0);
    let record = enter(&old, public(&draft)).await.record_id;
    let _there = revisions(&prefecture, &record, 1).await;
    let early =
        new.submit_one(revised(&draft, &record, 1, RevisionKind::Correction)).await.unwrap();
    assert_eq!(refusal(&early), Some((Code::FailedPrecondition, vec!["record-unknown"])));

    let over = ["handover", "--to", "220100", "--reason", "撤并"];
    assert_eq!(halls::ask(&county, &over).code, Some(4), "without the power");
    let power = ["directory", "admit", "--id", "220122", "--power", "hand-over"];
    halls::ask(&province, &power).ok();
    let handed = eventually_async(DEADLINE, "the power at the county", async || {
        Some(halls::ask(&county, &over)).filter(|answer| answer.code == Some(0))
    })
    .await;
    assert_eq!(handed.json["from_entries"][0]["entry"], 1, "{}", handed.stdout);

    let late = revised(&draft, &record, 1, RevisionKind::CreditRepair);
    let late = old.submit_one(late).await.unwrap();
    assert_eq!(refusal(&late), Some((Code::FailedPrecondition, vec!["steward-moved"])));
    let second = eventually_async(DEADLINE, "the handover at the prefecture", async || {
        let one = revised(&draft, &record, 1, RevisionKind::Correction);
        acknowledged(&new.submit_one(one).await.unwrap()).cloned()
    })
    .await;
    assert_eq!((second.revision, second.ledger.contains("/220100/records/")), (2, true));
    let stale = revised(&draft, &record, 1, RevisionKind::Withdrawal);
    let stale = new.submit_one(stale).await.unwrap();
    assert_eq!(refusal(&stale), Some((Code::FailedPrecondition, vec!["revision-stale"])));
    let third = enter(&new, revised(&draft, &record, 2, RevisionKind::Withdrawal)).await;
    assert_eq!(third.revision, 3);

    let seen = revisions(&province, &record, 3).await;
    assert!(seen.iter().all(|one| state(one) == EffectiveState::Withdrawn), "{seen:?}");
    let origin: RecordId = record.parse().unwrap();
    let proof = grounds.path().join("proof.json");
    let out = proof.to_str().unwrap();
    let proven = halls::ask(&province, &["prove", &origin.to_string(), "--out", out]).ok();
    assert_eq!(proven.json["ledger"], second.ledger, "the newest revision is the new steward's");
    assert_eq!(halls::verify(&proof).ok().json["status"]["revision"], 3);
}
