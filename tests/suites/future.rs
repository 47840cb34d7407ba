//! Suite `future`: a record with fields from a later version passes three real halls byte for byte, and
//! each of them tells its followers that it has no word for all of it.
//!
//! The later version is played by bytes: field numbers that no schema of today has, at the end of each
//! part and inside a message within it. Whoever reads and writes a record again on the way loses them.

#![cfg(test)]

use std::path::{Path, PathBuf};

use record::{Draft, Generator, Kind, SharingClass};
use suites::caller::{Caller, Seen, acknowledged};
use suites::eventually::eventually_async;
use suites::halls::{self, DEADLINE, Grounds};
use suites::process::Hall;
use wire::v1;

/// A county below a prefecture below a province, all serving.
struct Tree {
    _grounds: Grounds,
    halls: [PathBuf; 3],
    _serving: [Hall; 3],
}

impl Tree {
    fn new() -> Self {
        let grounds = Grounds::new();
        let province = grounds.found("220000");
        let prefecture = grounds.join("220100", &province);
        let county = grounds.join("220122", &prefecture);
        let halls = [province, prefecture, county];
        for hall in &halls {
            halls::hurry(hall);
        }
        let serving = halls.each_ref().map(|hall| Hall::serve(hall).unwrap());
        halls::level(&halls[2]);
        Self { _grounds: grounds, halls, _serving: serving }
    }

    fn county(&self) -> &Path {
        &self.halls[2]
    }
}

/// What a hall's own system is fed, once there is so much of it.
async fn fed(hall: &Path, records: usize) -> Vec<Seen> {
    let caller = Caller::dial(hall, "system").await.unwrap();
    eventually_async(DEADLINE, "the county's records", async || {
        Some(caller.seen().await.unwrap()).filter(|seen| seen.len() == records)
    })
    .await
}

fn invented(kind: &Kind) -> Draft {
    let mut draft = Generator::new(kind, 11).unwrap().draft(0);
    draft.label.class = SharingClass::Open;
    draft
}

/// The submission as a later version would have made it.
fn of_a_later_version(one: &v1::Submission) -> v1::Submission {
    // A part that carries a body begins with the body's key.
    let body = |part: &[u8]| part.first().copied();
    v1::Submission {
        head: later(&one.head, Some(AUTHORITY_KEY)),
        open: later(&one.open, body(&one.open)),
        closed: later(&one.closed, body(&one.closed)),
        ..one.clone()
    }
}

/// The part with a later field at its end and in the message of this key. To protobuf two messages of
/// one field are one message, so a second one that has the later field alone adds it to the first.
fn later<P: AsRef<[u8]> + From<Vec<u8>>>(part: &P, inside: Option<u8>) -> P {
    let mut bytes = part.as_ref().to_vec();
    if let Some(key) = inside {
        bytes.extend([key, u8::try_from(LATER.len()).unwrap()]);
        bytes.extend(LATER);
    }
    bytes.extend(LATER);
    bytes.into()
}

#[tokio::test]
async fn later_fields_pass_three_halls_byte_for_byte_and_are_told_of() {
    let tree = Tree::new();
    let system = Caller::dial(tree.county(), "system").await.unwrap();
    let mut sent = Vec::new();
    for kind in Generator::KINDS {
        let one = of_a_later_version(&wire::submission(&invented(&kind)));
        let outcome = system.submit_one(one.clone()).await.unwrap();
        assert!(acknowledged(&outcome).is_some(), "{kind}: {outcome:?}");
        sent.push(one);
    }
    halls::level(tree.county());
    for hall in &tree.halls {
        let seen = fed(hall, sent.len()).await;
        for (one, sent) in seen.iter().zip(&sent) {
            let head = wire::unstamped(&one.head.clone().into());
            assert_eq!(head, sent.head, "the head, before its stamp, at {}", hall.display());
            assert_eq!(one.open, sent.open, "the open part at {}", hall.display());
            assert_eq!(one.closed, sent.closed, "the closed part at {}", hall.display());
            assert!(one.not_fully_understood, "{} says so", hall.display());
        }
        let followed = halls::follow(hall);
        let told = followed.iter().filter(|item| item["notFullyUnderstood"] == true);
        assert_eq!(told.count(), sent.len(), "{followed:?}");
        assert_eq!(halls::verify(hall).ok().json["holds"], true);
    }
}

#[tokio::test]
async fn todays_records_are_understood() {
    let tree = Tree::new();
    let rows = 20;
    assert_eq!(halls::submit(tree.county(), "case", rows, 3).ok().number("acknowledged"), rows);
    halls::level(tree.county());
    for item in halls::follow(tree.county()) {
        assert!(item.get("notFullyUnderstood").is_none(), "{item}");
    }
}

/// Field 1000, a text.
const LATER: &[u8] = b"\xc2\x3e\x03new";
/// Key of the head's authority.
const AUTHORITY_KEY: u8 = 5 << 3 | 2;
