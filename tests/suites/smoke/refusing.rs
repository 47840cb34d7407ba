//! What is malformed, wrong or over a limit gets a clear error, and nothing acknowledged is touched.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use record::Kind;
use suites::caller::{Caller, Papers, acknowledged, refusal};
use suites::halls::{self, DEADLINE, Grounds, configured};
use suites::process::Hall;
use tokio_stream::StreamExt;
use tonic::{Code, Request};
use tonic_prost::ProstCodec;
use wire::v1;

/// A hall that serves and holds ten records; they must still be there in the end.
async fn with_ten(hall: &Path) -> Caller {
    let caller = Caller::dial(hall, "system").await.unwrap();
    let ten = wire::generated(&Kind::Permit, 10, 1).collect();
    let outcomes = caller.submit(ten).await.unwrap();
    assert!(outcomes.iter().all(|one| acknowledged(one).is_some()));
    caller
}

/// The ten are there, an eleventh is taken, and the directory verifies.
async fn still_serves(serving: Hall, caller: &Caller) {
    assert_eq!(caller.seen().await.unwrap().len(), 10);
    let eleventh = wire::generated(&Kind::Permit, 1, 2).next().unwrap();
    assert!(acknowledged(&caller.submit_one(eleventh).await.unwrap()).is_some());
    let hall = serving.directory().to_owned();
    serving.down();
    halls::verify(&hall).ok();
}

#[tokio::test]
async fn malformed_and_wrong_records_are_refused_with_every_violation() {
    let grounds = Grounds::new();
    let hall = grounds.found("220000");
    let serving = Hall::serve(&hall).unwrap();
    let caller = with_ten(&hall).await;
    let good = wire::generated(&Kind::Permit, 1, 3).next().unwrap();

    let broken = v1::Submission { head: Bytes::from_static(b"\xff\xff\xff"), ..good.clone() };
    let wrong = v1::Submission { sharing_class: "everybody".to_owned(), ..good.clone() };
    let empty = v1::Submission::default();
    let large = v1::Submission { closed: Bytes::from(vec![b' '; 2 << 20]), ..good };
    for (what, submission) in
        [("broken", broken), ("wrong", wrong), ("empty", empty), ("large", large)]
    {
        let outcome = caller.submit_one(submission).await.unwrap();
        let (code, violations) = refusal(&outcome).expect(what);
        assert_eq!(code, Code::InvalidArgument, "{what}: {outcome:?}");
        assert!(!violations.is_empty(), "{what} names what is violated");
    }
    let many = caller.submit_one(v1::Submission::default()).await.unwrap();
    assert!(refusal(&many).unwrap().1.len() > 3, "all violations at once: {many:?}");
    still_serves(serving, &caller).await;
}

#[tokio::test]
async fn messages_over_a_limit_are_refused_by_the_name_of_the_limit() {
    let grounds = Grounds::new();
    let hall = grounds.found("220000");
    let serving = Hall::serve(&hall).unwrap();
    let caller = with_ten(&hall).await;

    let too_many = caller.submit(wire::generated(&Kind::Permit, 65, 4).collect()).await;
    let too_many = too_many.unwrap_err();
    assert_eq!(too_many.code(), Code::InvalidArgument);
    assert!(too_many.message().contains("65") && too_many.message().contains("64"), "{too_many}");
    assert!(!too_many.details().is_empty(), "google.rpc details");
    assert_eq!(caller.submit(Vec::new()).await.unwrap_err().code(), Code::InvalidArgument);

    let fat = |submission| v1::Submission { closed: Bytes::from(vec![0; 512 << 10]), ..submission };
    let too_large = caller.submit(wire::generated(&Kind::Permit, 30, 5).map(fat).collect()).await;
    let code = too_large.unwrap_err().code();
    assert!(matches!(code, Code::OutOfRange | Code::ResourceExhausted), "{code:?}");

    let over =
        v1::SubmitStreamRequest { submissions: wire::generated(&Kind::Permit, 65, 4).collect() };
    let stream = caller.submission().submit_stream(tokio_stream::iter([over])).await;
    let refused = stream.unwrap().into_inner().next().await.unwrap().unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    still_serves(serving, &caller).await;
}

#[tokio::test]
async fn what_is_no_message_at_all_ends_the_call_and_nothing_else() {
    let grounds = Grounds::new();
    let hall = grounds.found("220000");
    let serving = Hall::serve(&hall).unwrap();
    let caller = with_ten(&hall).await;

    // A varint where the schema has a message.
    let mut raw = tonic::client::Grpc::new(caller.dialled.channel.clone());
    raw.ready().await.unwrap();
    let path = tonic::codegen::http::uri::PathAndQuery::from_static(
        "/hallway.v1.SubmissionService/Submit",
    );
    let codec = ProstCodec::<v1::Range, v1::SubmitResponse>::default();
    let request = Request::new(v1::Range { start: 7, end: 9 });
    let refused = raw.unary(request, path, codec).await.unwrap_err();
    assert!(matches!(refused.code(), Code::Internal | Code::InvalidArgument), "{refused}");

    // No TLS at all: the door hangs up, and says so in `status`.
    for face in ["grpc", "link"] {
        let mut line = TcpStream::connect(configured(&hall, face, "listen")).unwrap();
        line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        line.write_all(b"GET / HTTP/1.1\r\nhost: hall\r\n\r\n").unwrap();
        // An alert, or nothing; in any case the end, and an error is one too.
        drop(line.read_to_end(&mut Vec::new()));
    }
    halls::awaited(&hall, "both doors name who spoke no TLS", |status| {
        let named = halls::rows(status, "refusals").filter(|row| row["reason"] == "wrong-protocol");
        (named.count() >= 2).then_some(())
    });
    still_serves(serving, &caller).await;
}

#[tokio::test]
async fn frames_that_break_the_protocol_end_the_link_and_are_named() {
    let grounds = Grounds::new();
    let hall = grounds.found("220000");
    let neighbour = grounds.join("220100", &hall);
    let serving = Hall::serve(&hall).unwrap();
    let caller = with_ten(&hall).await;
    let address = configured(&hall, "link", "listen");
    let papers = Papers::of(&neighbour, "hall");

    let empty = v1::LinkRequest { frame: None };
    let unasked = v1::frame::Frame::Durable(v1::Durable { ledger: "no/such".into(), size: 1 });
    let unasked = v1::LinkRequest { frame: Some(v1::Frame { frame: Some(unasked) }) };
    for (what, request) in [("an empty frame", empty), ("a frame before Hello", unasked)] {
        let link = Caller::dial_at(&address, &hall, &papers).await.unwrap();
        let stream = tokio_stream::iter([request]).chain(tokio_stream::pending());
        let mut answers = link.replication().link(stream).await.unwrap().into_inner();
        let ended = async { while let Some(Ok(_)) = answers.next().await {} };
        tokio::time::timeout(DEADLINE, ended).await.expect(what);
    }
    still_serves(serving, &caller).await;
}

#[tokio::test]
async fn a_file_with_a_broken_line_is_named_by_line_and_the_rest_is_not_lost() {
    let grounds = Grounds::new();
    let hall = grounds.found("220000");
    let serving = Hall::serve(&hall).unwrap();
    let caller = with_ten(&hall).await;
    let file = grounds.path().join("broken.jsonl");
    std::fs::write(&file, "{\"head\":{\"messageId\":\"x\"},\"spelt_wrong\":1}\n").unwrap();
    let answer = halls::submit_file(&hall, &file);
    assert!(matches!(answer.code, Some(1 | 2 | 4)), "{}{}", answer.stdout, answer.stderr);
    assert!(answer.stderr.contains("spelt_wrong"), "{}", answer.stderr);
    still_serves(serving, &caller).await;
}
