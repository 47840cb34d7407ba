//! Submissions against a real ledger on a real disk: acknowledged once, repeated equally, refused with
//! reasons, never stored when refused.

use std::sync::Arc;

use ledger::{Limits, Options, Os, Software, Store};
use policy::{Acts, Rights};
use record::{
    Act, Audience, AudienceNumber, Kind, Lane, Profile, SharingClass, Term, Timestamp, Who,
};
use telemetry::{Clock, Manual};
use tempfile::TempDir;
use tokio::sync::watch;
use wire::v1;
use wire::v1::outcome::Outcome;

use super::*;

const NOW: Timestamp = Timestamp(1_790_000_000_000);
const ROOT: &str = "jilin.example/hallway/220000/acts/1";

struct House {
    intake: Intake<Os>,
    rights: watch::Sender<Rights>,
    _dir: TempDir,
}

fn house() -> House {
    let dir = tempfile::tempdir().unwrap();
    let signer = Arc::new(Software::from_seed(&[1; 32]));
    let key = ledger::VerifierKey::log(
        &"jilin.example".parse().unwrap(),
        &"220000".parse().unwrap(),
        ledger::Signer::public(&*signer),
    );
    let options =
        Options::new("jilin.example".parse().unwrap(), "220000".parse().unwrap(), [2; 32]);
    let disk = Os::new(dir.path().join("ledger")).unwrap();
    let (store, _) = Store::open(disk, options, signer, NOW).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(Manual::new(NOW));
    let (appender, reader, _, _) = ledger::start(store, Arc::clone(&clock), Limits::default());
    let acts = Acts::new(ROOT.parse().unwrap(), &key.to_string(), |_, _| false).unwrap();
    let (sender, rights) = watch::channel(Rights::new(acts));
    let profiles = vec![Profile::Cn21, Profile::CnLegacy];
    let bounds = Bounds { classes: vec![SharingClass::Open], audiences: vec![7], profiles };
    let intake = Intake::new("220000".parse().unwrap(), (reader, appender), rights, clock, bounds);
    House { intake, rights: sender, _dir: dir }
}

fn permits(rows: usize) -> Vec<v1::Submission> {
    wire::generated(&Kind::Permit, rows, 5)
        .map(|one| v1::Submission { sharing_class: "open".to_owned(), audience: 0, ..one })
        .collect()
}

async fn submit(house: &House, submissions: Vec<v1::Submission>) -> Vec<Outcome> {
    let outcomes = house.intake.submit("system/220000/hall", submissions).await.unwrap();
    outcomes.into_iter().map(|one| one.outcome.unwrap()).collect()
}

fn acknowledged(outcome: &Outcome) -> &v1::Acknowledgement {
    match outcome {
        Outcome::Acknowledgement(acknowledgement) => acknowledgement,
        Outcome::Refusal(refusal) => panic!("{refusal:?}"),
    }
}

fn refused(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Refusal(refusal) => &refusal.violations[0].code,
        Outcome::Acknowledgement(acknowledgement) => panic!("{acknowledgement:?}"),
    }
}

fn size(house: &House) -> u64 {
    let ledger = house.intake.reader.own_ledger(Lane::Records);
    house.intake.reader.head(&ledger).map_or(0, |head| head.size)
}

#[tokio::test]
async fn a_repeated_message_gets_the_same_acknowledgement() {
    let house = house();
    let first = submit(&house, permits(3)).await;
    let again = submit(&house, permits(3)).await;
    for (first, again) in first.iter().zip(&again) {
        let (first, again) = (acknowledged(first), acknowledged(again));
        assert!(!first.repeated_message && again.repeated_message);
        assert_eq!((&first.record_id, first.index), (&again.record_id, again.index));
    }
    assert_eq!(size(&house), 3);
}

#[tokio::test]
async fn other_content_under_a_known_message_id_is_refused() {
    let house = house();
    submit(&house, permits(1)).await;
    let mut other = permits(2).remove(1);
    let mut head = wire::head_from_bytes(&other.head).unwrap();
    head.message_id = wire::check::message_id(&permits(1)[0]);
    other.head = wire::head_to_bytes(&head);
    assert_eq!(refused(&submit(&house, vec![other]).await[0]), "message-id-taken");
    assert_eq!(size(&house), 1);
}

#[tokio::test]
async fn a_revision_chains_and_a_stale_one_is_refused_by_name() {
    let house = house();
    let original = permits(1).remove(0);
    let outcome = submit(&house, vec![original.clone()]).await;
    let record = acknowledged(&outcome[0]).record_id.clone();
    let revision = |message_id: &str, revision: u32| {
        let mut head = wire::head_from_bytes(&original.head).unwrap();
        head.message_id = message_id.to_owned();
        head.revises = Some(record::Revises {
            record: record.parse().unwrap(),
            revision,
            kind: record::RevisionKind::Correction,
            reason: "更正许可内容".to_owned(),
            successor: None,
            successor_number: String::new(),
        });
        v1::Submission { head: wire::head_to_bytes(&head), ..original.clone() }
    };
    let outcome = submit(&house, vec![revision("second", 1)]).await;
    assert_eq!(acknowledged(&outcome[0]).revision, 2);
    let entry = acknowledged(&outcome[0]);
    let stored = house.intake.reader.entry(&entry.ledger.parse().unwrap(), entry.index).unwrap();
    let head = wire::head_from_bytes(stored.unwrap().parts.part(0).unwrap()).unwrap();
    assert!(head.stamp.unwrap().previous_commitment.is_some());
    // The same message again is a repetition, though its revision is stale by now.
    let again = submit(&house, vec![revision("second", 1)]).await;
    assert!(acknowledged(&again[0]).repeated_message);
    assert_eq!(refused(&submit(&house, vec![revision("third", 1)]).await[0]), "revision-stale");
    assert_eq!(size(&house), 2);
}

#[tokio::test]
async fn a_second_original_under_one_natural_key_needs_an_ordinal() {
    let house = house();
    let original = permits(1).remove(0);
    submit(&house, vec![original.clone()]).await;
    let twin = |ordinal: u32, message_id: &str| {
        let mut head = wire::head_from_bytes(&original.head).unwrap();
        head.message_id = message_id.to_owned();
        if let Some(key) = &mut head.natural_key {
            key.ordinal = ordinal;
        }
        v1::Submission { head: wire::head_to_bytes(&head), ..original.clone() }
    };
    let outcome = submit(&house, vec![twin(0, "twin"), twin(1, "other-fact")]).await;
    assert_eq!(refused(&outcome[0]), "natural-key-taken");
    let Outcome::Refusal(refusal) = &outcome[0] else { panic!("it was refused") };
    let told = &refusal.violations[0];
    assert_eq!(told.field, "head.natural_key.ordinal");
    assert!([&told.rule, &told.remedy_zh, &told.remedy_en].iter().all(|text| !text.is_empty()));
    acknowledged(&outcome[1]);
}

#[tokio::test]
async fn bounds_and_violations_refuse_one_by_one() {
    let house = house();
    let mut batch = permits(6);
    batch[1].sharing_class = "withheld".to_owned();
    batch[2].audience = 8;
    batch[3].audience = 7;
    batch[4].profile = "generic".to_owned();
    batch[5].head = "not a head".into();
    let outcomes = submit(&house, batch).await;
    acknowledged(&outcomes[0]);
    let words: Vec<&str> = outcomes[1..].iter().map(refused).collect();
    let expected = [
        "sharing-class-not-allowed",
        "audience-not-allowed",
        "audience-undefined",
        "profile-not-allowed",
    ];
    assert_eq!(words[..4], expected);
    let Outcome::Refusal(refusal) = &outcomes[4] else { panic!("it was refused") };
    assert!(refusal.violations[0].message_en.ends_with("which are: cn-2.1, cn-legacy"));
    assert_eq!(refusal.violations[0].field, "profile");
    let of = |profile: &str| v1::ImportSettings {
        profile: profile.to_owned(),
        ..v1::ImportSettings::default()
    };
    let refused = house.intake.import_settings(&of("generic")).unwrap_err();
    assert_eq!(refused.reason(), "profile-not-allowed");
    assert!(house.intake.import_settings(&of("")).is_ok());
    assert_eq!(size(&house), 1);
}

#[tokio::test]
async fn only_acts_of_an_operator_are_entered_by_hand() {
    let house = house();
    let audience = |number| {
        let terms = vec![Term { who: Who::PathUp, parts: record::PartSet::ALL }];
        Act::Audience(Audience {
            number: AudienceNumber(number), title: "上级".to_owned(), terms
        })
    };
    assert_eq!(house.intake.enact(audience(7), "operator/anna").await.unwrap(), 0);
    assert!(matches!(
        house.intake.enact(audience(0), "operator/anna").await,
        Err(EnactError::AudienceZero)
    ));
    assert!(matches!(
        house.intake.enact(Act::Unknown, "operator/anna").await,
        Err(EnactError::NotByHand(_))
    ));
}

mod birth;
mod import;
mod life;
mod search;
