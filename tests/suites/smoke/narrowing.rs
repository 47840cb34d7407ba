//! A right that is narrowed ends showing at once; what was held stays, and its holder can count it.

use record::{Generator, Kind};
use serde_json::Value;
use suites::caller::{Caller, acknowledged};
use suites::halls::{self, Grounds};
use suites::process::Hall;
use wire::v1;

const RECORDS: &str = "jilin.example/hallway/220000/records/1";

/// What the hall retains of the province's records; none when nobody asked for the count.
fn retained(hall: &std::path::Path, words: &[&str]) -> Option<u64> {
    let status = halls::ask(hall, words).ok().json;
    let ledger = halls::rows(&status, "ledgers").find(|one| one["name"] == RECORDS);
    ledger.and_then(|one| one.get("retained")).and_then(Value::as_u64)
}

#[tokio::test]
async fn what_is_held_beyond_a_narrowed_right_is_counted_and_not_shown() {
    let grounds = Grounds::new();
    let province = grounds.found("220000");
    let prefecture = grounds.join("220100", &province);
    halls::configure(&province, "submission", "audiences", "[1]");
    let _province = Hall::serve(&province).unwrap();
    let _prefecture = Hall::serve(&prefecture).unwrap();
    let audience = ["directory", "audience", "--number", "1"];
    halls::ask(&province, &[&audience[..], &["--hall-id", "220100"]].concat()).ok();

    let caller = Caller::dial(&province, "system").await.unwrap();
    let generator = Generator::new(&Kind::Permit, 1).unwrap();
    let label = |row| match row {
        0..3 => ("withheld", 1),
        _ => ("open", 0),
    };
    for row in 0..5 {
        let (class, audience) = label(row);
        let draft = wire::submission(&generator.draft(row));
        let one = v1::Submission { sharing_class: class.to_owned(), audience, ..draft };
        let outcome = caller.submit_one(one).await.unwrap();
        assert!(acknowledged(&outcome).is_some(), "{outcome:?}");
    }
    halls::awaited(&prefecture, "all five records", |status| {
        let ledger = halls::rows(status, "ledgers").find(|one| one["name"] == RECORDS)?;
        (ledger["size"] == 5 && ledger["stubs"] == 0 && ledger["wanted"] == 0).then_some(())
    });
    assert_eq!(retained(&prefecture, &["status", "--retained"]), Some(0));
    assert_eq!(retained(&prefecture, &["status"]), None, "it is counted when asked for");
    assert_eq!(halls::follow(&prefecture).len(), 5);

    halls::ask(&province, &[&audience[..], &["--path-up"]].concat()).ok();
    halls::awaited(&prefecture, "the narrower audience", |_| {
        (halls::follow(&prefecture).len() == 2).then_some(())
    });
    assert_eq!(retained(&prefecture, &["status", "--retained"]), Some(3));
}
