//! Suite `limits`: a caller over the rate, in a full house, with too large a message, too late; each is
//! told the limit by its name, nothing acknowledged is touched, and others are served meanwhile.

#![cfg(test)]

use std::path::Path;

use bytes::Bytes;
use pki::{Identity, Order};
use record::Kind;
use suites::caller::{Caller, Papers, acknowledged, refusal};
use suites::eventually::eventually_async;
use suites::halls::{self, DEADLINE, Grounds, configure, configured, now};
use suites::process::Hall;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{StreamExt, pending};
use tonic::{Code, Request, Status};
use tonic_prost::ProstCodec;
use tonic_types::StatusExt;
use wire::v1;

fn permits(rows: usize, seed: u64) -> Vec<v1::Submission> {
    wire::generated(&Kind::Permit, rows, seed).collect()
}

/// Another system of the hall, with a certificate of its own.
async fn another(grounds: &Grounds, hall: &Path) -> Caller {
    let authority = halls::authority(hall);
    let domain = authority.domain();
    let identity: Identity = format!("spiffe://{domain}/system/220000/another").parse().unwrap();
    let papers = Papers {
        certificate: grounds.path().join("another.pem"),
        key: grounds.path().join("another.key"),
        roots: hall.join("certs/ca.pem"),
    };
    let issued = authority.issue(&Order::new(identity), now()).unwrap();
    issued.save(&papers.certificate, &papers.key).unwrap();
    Caller::dial_at(&configured(hall, "grpc", "listen"), hall, &papers).await.unwrap()
}

/// The refusal names the limit in `ErrorInfo`, and speaks Chinese.
fn named(status: &Status, code: Code, limit: &str) {
    assert_eq!(status.code(), code, "{status}");
    let info = status.get_details_error_info().expect("an ErrorInfo");
    assert_eq!((info.domain.as_str(), info.reason.as_str()), ("hallway", "limit-reached"));
    assert_eq!(info.metadata.get("limit").map(String::as_str), Some(limit));
    assert!(status.message().contains(limit), "{status}");
    assert_eq!(status.get_details_localized_message().unwrap().locale, "zh-CN");
}

async fn took(caller: &Caller, rows: usize, seed: u64) {
    let outcomes = caller.submit(permits(rows, seed)).await.unwrap();
    let taken = outcomes.iter().filter(|one| acknowledged(one).is_some()).count();
    assert_eq!(taken, rows, "{:?}", outcomes.iter().find_map(refusal));
}

/// What was acknowledged is there, once, and the directory verifies.
async fn untouched(serving: Hall, caller: &Caller, records: usize) {
    assert_eq!(caller.seen().await.unwrap().len(), records);
    let hall = serving.directory().to_owned();
    serving.down();
    halls::verify(&hall).ok();
}

#[tokio::test]
async fn over_its_rate_a_caller_is_told_when_to_come_back_and_others_are_served() {
    let grounds = Grounds::new();
    let hall = grounds.found("220000");
    configure(&hall, "grpc", "records_per_second", "20");
    let serving = Hall::serve(&hall).unwrap();
    let caller = Caller::dial(&hall, "system").await.unwrap();
    let other = another(&grounds, &hall).await;

    took(&caller, 64, 1).await;
    let refused = caller.submit(permits(64, 2)).await.unwrap_err();
    named(&refused, Code::ResourceExhausted, "records_per_second");
    let wait = refused.get_details_retry_info().unwrap().retry_delay.unwrap();
    assert!((300..=3_200).contains(&wait.as_millis()), "64 records at 20 a second: {wait:?}");
    took(&other, 64, 3).await;

    // A stream is held to the same, and ends with the name of the limit.
    let over = v1::SubmitStreamRequest { submissions: permits(64, 2) };
    let stream = caller.submission().submit_stream(tokio_stream::iter([over])).await.unwrap();
    let ended = stream.into_inner().next().await.unwrap().unwrap_err();
    named(&ended, Code::ResourceExhausted, "records_per_second");

    // Later, the same message is taken.
    eventually_async(DEADLINE, "the rate has grown back", async || {
        let outcomes = caller.submit(permits(64, 2)).await.ok()?;
        outcomes.iter().all(|one| acknowledged(one).is_some()).then_some(())
    })
    .await;
    untouched(serving, &other, 192).await;
}

#[tokio::test]
async fn in_a_full_house_callers_are_sent_away_and_those_inside_are_served() {
    let grounds = Grounds::new();
    let hall = grounds.found("220000");
    configure(&hall, "grpc", "concurrent_requests", "1");
    let serving = Hall::serve(&hall).unwrap();
    let caller = Caller::dial(&hall, "system").await.unwrap();
    let other = another(&grounds, &hall).await;

    // A stream holds the only place until it ends.
    let (messages, stream) = mpsc::channel(1);
    let answers = caller.submission().submit_stream(ReceiverStream::new(stream)).await.unwrap();
    let mut answers = answers.into_inner();
    let refused = other.submit(permits(1, 5)).await.unwrap_err();
    named(&refused, Code::ResourceExhausted, "concurrent_requests");
    assert!(refused.get_details_retry_info().unwrap().retry_delay.is_some());

    messages.send(v1::SubmitStreamRequest { submissions: permits(3, 4) }).await.unwrap();
    let told = answers.next().await.unwrap().unwrap();
    assert!(told.outcomes.iter().all(|one| acknowledged(one).is_some()), "{told:?}");
    let operator = Caller::dial(&hall, "operator").await.unwrap();
    assert_eq!(operator.status().await.unwrap().hall, "220000", "who watches is not kept waiting");
    assert_eq!(other.seen().await.unwrap().len(), 3, "nor who follows");

    drop(messages);
    assert!(answers.next().await.is_none());
    took(&other, 1, 5).await;
    untouched(serving, &other, 4).await;
}

#[tokio::test]
async fn too_large_or_too_late_ends_that_call_and_nothing_else() {
    let grounds = Grounds::new();
    let hall = grounds.found("220000");
    configure(&hall, "grpc", "deadline_seconds", "3");
    let serving = Hall::serve(&hall).unwrap();
    let caller = Caller::dial(&hall, "system").await.unwrap();
    let other = another(&grounds, &hall).await;
    took(&caller, 10, 6).await;

    let fat = |one| v1::Submission { closed: Bytes::from(vec![0; 512 << 10]), ..one };
    let large = caller.submit(permits(30, 7).into_iter().map(fat).collect()).await.unwrap_err();
    assert_eq!(large.code(), Code::OutOfRange, "gRPC itself refuses 15 MiB: {large}");

    // A call whose message never comes.
    let mut raw = tonic::client::Grpc::new(caller.dialled.channel.clone());
    raw.ready().await.unwrap();
    let path = tonic::codegen::http::uri::PathAndQuery::from_static(
        "/hallway.v1.SubmissionService/Submit",
    );
    let codec = ProstCodec::<v1::SubmitRequest, v1::SubmitResponse>::default();
    let silent = raw.client_streaming(Request::new(pending()), path, codec);
    let (late, ()) = tokio::join!(silent, took(&other, 10, 8));
    named(&late.unwrap_err(), Code::DeadlineExceeded, "deadline_seconds");

    took(&caller, 10, 9).await;
    untouched(serving, &caller, 30).await;
}
