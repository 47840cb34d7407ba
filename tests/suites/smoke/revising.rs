//! Repetition, revision and natural keys, as a system meets them.

use record::{Draft, Generator, Kind, RecordId, Revises, RevisionKind};
use suites::caller::{Caller, acknowledged, refusal};
use suites::halls::{self, Grounds};
use suites::process::Hall;
use tonic::Code;
use wire::v1;

fn permit(seed: u64, row: u64) -> Draft {
    Generator::new(&Kind::Permit, seed).unwrap().draft(row)
}

/// The same fact again under a new message id, as a revision of `record` at `revision`.
fn revised(draft: &Draft, message: &str, record: RecordId, revision: u32) -> v1::Submission {
    let mut draft = draft.clone();
    message.clone_into(&mut draft.head.message_id);
    draft.head.revises = Some(Revises {
        record,
        revision,
        kind: RevisionKind::Correction,
        reason: "笔误".to_owned(),
        successor: None,
        successor_number: String::new(),
    });
    wire::submission(&draft)
}

#[tokio::test]
async fn a_known_message_gets_the_same_acknowledgement_for_ever() {
    let grounds = Grounds::new();
    let hall = grounds.found("220000");
    let serving = Hall::serve(&hall).unwrap();
    let caller = Caller::dial(&hall, "system").await.unwrap();
    let one = wire::submission(&permit(1, 0));
    let first = caller.submit_one(one.clone()).await.unwrap();
    let first = acknowledged(&first).expect("a valid record is acknowledged").clone();
    assert_eq!((first.revision, first.repeated_message), (1, false));

    // Twice in one message, then after a restart: the same place, and nothing new.
    let twice = caller.submit(vec![one.clone(), one.clone()]).await.unwrap();
    serving.down();
    let _serving = Hall::serve(&hall).unwrap();
    let caller = Caller::dial(&hall, "system").await.unwrap();
    let later = caller.submit_one(one.clone()).await.unwrap();
    for outcome in twice.iter().chain([&later]) {
        let again = acknowledged(outcome).unwrap();
        assert!(again.repeated_message);
        assert_eq!(
            (&again.record_id, &again.ledger, again.index, again.revision),
            (&first.record_id, &first.ledger, first.index, first.revision),
        );
    }
    assert_eq!(caller.seen().await.unwrap().len(), 1);

    let mut other = permit(1, 1);
    permit(1, 0).head.message_id.clone_into(&mut other.head.message_id);
    let other = caller.submit_one(wire::submission(&other)).await.unwrap();
    assert_eq!(refusal(&other), Some((Code::AlreadyExists, vec!["message-id-taken"])));
}

#[tokio::test]
async fn revisions_form_one_chain_and_a_stale_one_is_refused() {
    let grounds = Grounds::new();
    let province = grounds.found("220000");
    let prefecture = grounds.join("220100", &province);
    let _serving = (Hall::serve(&province).unwrap(), Hall::serve(&prefecture).unwrap());
    halls::level(&prefecture);
    let caller = Caller::dial(&prefecture, "system").await.unwrap();
    let draft = permit(2, 0);
    let original = caller.submit_one(wire::submission(&draft)).await.unwrap();
    let record: RecordId = acknowledged(&original).unwrap().record_id.parse().unwrap();

    let second = caller.submit_one(revised(&draft, "second", record, 1)).await.unwrap();
    let second = acknowledged(&second).expect("the latest revision can be revised");
    assert_eq!((second.revision, second.record_id.as_str()), (2, record.to_string().as_str()));
    let stale = caller.submit_one(revised(&draft, "stale", record, 1)).await.unwrap();
    assert_eq!(refusal(&stale), Some((Code::FailedPrecondition, vec!["revision-stale"])));
    let third = caller.submit_one(revised(&draft, "third", record, 2)).await.unwrap();
    assert_eq!(acknowledged(&third).map(|third| third.revision), Some(3));

    halls::level(&prefecture);
    let above = Caller::dial(&province, "system").await.unwrap();
    let seen = above.seen().await.unwrap();
    let chain: Vec<_> = seen.iter().map(|one| one.stamp.revision).collect();
    assert_eq!(chain, [1, 2, 3]);
    assert!(seen.iter().all(|one| one.stamp.record_id == record.to_string()));
    let links: Vec<_> = seen.iter().map(|one| one.stamp.previous_commitment.len()).collect();
    assert_eq!(links, [0, 32, 32], "each revision commits to the one before");
}

#[tokio::test]
async fn two_originals_under_one_natural_key_need_an_ordinal() {
    let grounds = Grounds::new();
    let hall = grounds.found("220000");
    let _serving = Hall::serve(&hall).unwrap();
    let caller = Caller::dial(&hall, "system").await.unwrap();
    let mut draft = permit(3, 0);
    assert!(acknowledged(&caller.submit_one(wire::submission(&draft)).await.unwrap()).is_some());

    "another-message".clone_into(&mut draft.head.message_id);
    let second = caller.submit_one(wire::submission(&draft)).await.unwrap();
    assert_eq!(refusal(&second), Some((Code::AlreadyExists, vec!["natural-key-taken"])));
    draft.head.natural_key.as_mut().unwrap().ordinal = 1;
    let told_apart = caller.submit_one(wire::submission(&draft)).await.unwrap();
    assert!(acknowledged(&told_apart).is_some(), "{told_apart:?}");
}
