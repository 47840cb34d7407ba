//! Suite `corrupt`: damage to synced bytes is named by segment and offset, with what is affected; the
//! hall serves what it can read and takes nothing new. A torn last group, never acknowledged, is cut
//! without a word.

#![cfg(test)]

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use record::Kind;
use serde_json::Value;
use suites::caller::{Caller, acknowledged, refusal};
use suites::halls::{self, Grounds};
use suites::process::{Answer, Hall};
use tonic::Code;
use wire::v1;

/// Five groups of eight records each, as submissions and what was acknowledged.
async fn groups(hall: &Path) -> Vec<(v1::Submission, v1::Acknowledgement)> {
    let caller = Caller::dial(hall, "system").await.unwrap();
    let mut all = Vec::new();
    for seed in 1..=5 {
        let eight: Vec<_> = wire::generated(&Kind::Permit, 8, seed).collect();
        let outcomes = caller.submit(eight.clone()).await.unwrap();
        let outcomes = outcomes.iter().map(|one| acknowledged(one).unwrap().clone());
        all.extend(eight.into_iter().zip(outcomes));
    }
    all
}

/// Where in the segment the record's open part stands.
fn place_of(segment: &Path, submission: &v1::Submission) -> usize {
    let bytes = fs::read(segment).unwrap();
    let part = &submission.open[..];
    bytes.windows(part.len()).position(|window| window == part).expect("stored byte for byte")
}

fn problems(report: &Answer) -> &[Value] {
    report.json["problems"].as_array().expect("a list of problems")
}

#[tokio::test]
async fn a_flipped_byte_is_named_and_the_hall_reads_but_takes_nothing() {
    let grounds = Grounds::new();
    let hall = grounds.found("220000");
    let serving = Hall::serve(&hall).unwrap();
    let all = groups(&hall).await;
    serving.down();
    assert_eq!(halls::verify(&hall).ok().json["holds"], true);
    let segments = halls::segments(&hall);
    let segment = &segments[0];
    let name = segment.file_name().unwrap().to_str().unwrap();

    // The first record, one in the middle of a group, and the first of the last group but one.
    for row in [0, 12, 24] {
        let (submission, acknowledgement) = &all[row];
        let offset = place_of(segment, submission) + 5;
        halls::flip(segment, offset);
        let report = halls::verify(&hall);
        assert_eq!((report.code, &report.json["holds"]), (Some(5), &Value::Bool(false)));
        let about = problems(&report);
        let names = |problem: &Value| problem["file"].as_str().is_some_and(|it| it.contains(name));
        let at = about.iter().filter(|one| names(one)).filter_map(|one| one["offset"].as_u64());
        let near = at.filter(|at| at.abs_diff(u64::try_from(offset).unwrap()) < 64 << 10).count();
        assert!(near > 0, "no problem near {offset} of {name}: {}", report.stdout);
        let affected = about.iter().any(|one| {
            one["ledger"] == acknowledgement.ledger.as_str()
                && one["index"] == acknowledgement.index
        });
        assert!(affected, "entry {} is not named: {}", acknowledgement.index, report.stdout);

        let serving = Hall::serve(&hall).unwrap();
        let alarmed = halls::status(&hall);
        assert!(halls::alarmed(&alarmed, "ledger"), "{}", alarmed["alarms"]);
        let caller = Caller::dial(&hall, "system").await.unwrap();
        let new = wire::generated(&Kind::Permit, 1, 99).next().unwrap();
        let refused = caller.submit_one(new).await.unwrap();
        assert_eq!(refusal(&refused), Some((Code::Unavailable, vec!["ledger-damaged"])));
        // What lies before the damage can still be read and proven.
        if row > 0 {
            let record = &all[0].1.record_id;
            let proof = grounds.path().join(format!("proof-{row}.json"));
            let out = proof.to_str().unwrap();
            halls::ask(&hall, &["prove", record, "--out", out]).ok();
            halls::verify(&proof).ok();
        }
        serving.down();
        halls::flip(segment, offset);
        assert_eq!(halls::verify(&hall).ok().json["holds"], true, "nothing else was touched");
    }

    let _serving = Hall::serve(&hall).unwrap();
    let caller = Caller::dial(&hall, "system").await.unwrap();
    let new = wire::generated(&Kind::Permit, 1, 99).next().unwrap();
    assert!(acknowledged(&caller.submit_one(new).await.unwrap()).is_some());
    assert_eq!(caller.seen().await.unwrap().len(), all.len() + 1);
}

#[tokio::test]
async fn a_flipped_byte_in_the_last_acknowledged_group_is_not_taken_for_a_torn_one() {
    let grounds = Grounds::new();
    let hall = grounds.found("220000");
    let serving = Hall::serve(&hall).unwrap();
    let all = groups(&hall).await;
    serving.down();
    let segment = &halls::segments(&hall)[0];
    let (submission, _) = all.last().unwrap();
    let offset = place_of(segment, submission) + 5;
    halls::flip(segment, offset);
    assert_eq!(halls::verify(&hall).code, Some(5));
    for start in ["the first", "the second"] {
        let serving = Hall::serve(&hall).unwrap();
        assert!(halls::alarmed(&halls::status(&hall), "ledger"), "{start} start");
        serving.down();
    }
    halls::flip(segment, offset);
    assert_eq!(halls::verify(&hall).ok().json["holds"], true, "it was not cut");
}

#[tokio::test]
async fn a_torn_group_that_nobody_was_told_of_is_cut_silently() {
    let grounds = Grounds::new();
    let hall = grounds.found("220000");
    let mut serving = Hall::serve(&hall).unwrap();
    let all = groups(&hall).await;
    serving.kill().unwrap();

    // What a power cut leaves of a group that was being written: some of its sectors.
    let segment = &halls::segments(&hall)[0];
    let bytes = fs::read(segment).unwrap();
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    let sector = end.next_multiple_of(512);
    let mut file = fs::File::options().write(true).open(segment).unwrap();
    file.seek(SeekFrom::Start(u64::try_from(sector).unwrap())).unwrap();
    file.write_all(&bytes[end - 3 * 512..end - 512]).unwrap();
    file.sync_all().unwrap();

    let serving = Hall::serve(&hall).unwrap();
    let status = halls::status(&hall);
    assert!(!halls::alarmed(&status, "ledger"), "{}", status["alarms"]);
    let caller = Caller::dial(&hall, "system").await.unwrap();
    assert_eq!(caller.seen().await.unwrap().len(), all.len());
    let again: Vec<_> = all.iter().take(40).map(|(submission, _)| submission.clone()).collect();
    let again = caller.submit(again).await.unwrap();
    assert!(again.iter().all(|one| acknowledged(one).is_some_and(|it| it.repeated_message)));
    serving.down();
    assert_eq!(halls::verify(&hall).ok().json["holds"], true);
}
