//! Suite `grpcio`: Python, from reflection alone, submits, follows, reads status; refused with a wrong
//! certificate it sees `UNAVAILABLE`, and the hall names it with the reason.

#![cfg(test)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use pki::{Authority, CRL_LIFE, Identity, Order};
use serde_json::Value;
use suites::caller::{Papers, bearer};
use suites::halls::{self, Grounds, configured, now};
use suites::process::{Hall, python_program, tree_root};

/// Runs the walk in Python; its exit code and the object on its last line.
fn python(hall: &Path, papers: &Papers, command: &str, input: &str) -> (Option<i32>, Value) {
    let mut child = Command::new(python_program("python"))
        .arg(tree_root().join("tests/python/walk.py"))
        .arg(configured(hall, "grpc", "listen"))
        .args([&papers.roots, &papers.certificate, &papers.key])
        .arg(command)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("`cargo xtask test --suite grpcio` makes the environment");
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let last = stdout.lines().next_back().unwrap_or_default();
    let answer = serde_json::from_str(last);
    let said = String::from_utf8_lossy(&output.stderr);
    (output.status.code(), answer.unwrap_or_else(|_| unreachable!("no JSON: {stdout}\n{said}")))
}

#[test]
fn python_submits_follows_and_reads_status_from_reflection_alone() {
    let grounds = Grounds::new();
    let province = grounds.found("220000");
    let prefecture = grounds.join("220100", &province);
    let _serving = (Hall::serve(&province).unwrap(), Hall::serve(&prefecture).unwrap());
    halls::level(&prefecture);
    let system = Papers::of(&prefecture, "system");
    let operator = Papers::of(&prefecture, "operator");

    let (_, answer) = python(&prefecture, &system, "services", "");
    let services: Vec<_> = answer["services"].as_array().unwrap().iter().collect();
    for name in ["SubmissionService", "FeedService", "OperationsService"] {
        assert!(services.iter().any(|one| **one == format!("hallway.v1.{name}")), "{services:?}");
    }

    let lines: Vec<_> = wire::generated(&record::Kind::Permit, 12, 1)
        .map(|submission| wire::submission_to_json(&submission).unwrap())
        .collect();
    let lines = lines.join("\n") + "\n";
    let (code, first) = python(&prefecture, &system, "submit", &lines);
    assert_eq!((code, &first["acknowledged"]), (Some(0), &Value::from(12)), "{first}");
    let (_, second) = python(&prefecture, &system, "submit", &lines);
    assert_eq!((&second["acknowledged"], &second["repeated"]), (&0.into(), &12.into()));
    assert_eq!(second["records"], first["records"]);

    halls::level(&prefecture);
    for (hall, papers) in [(&prefecture, &system), (&province, &Papers::of(&province, "system"))] {
        let (code, seen) = python(hall, papers, "follow", "");
        assert_eq!((code, &seen["items"]), (Some(0), &Value::from(12)), "{seen}");
        assert_eq!(seen["kinds"], serde_json::json!(["permit"]));
        assert_eq!(seen["sealed"], true);
        assert_eq!(seen["records"], first["records"]);
        assert!(seen["titles"].as_array().unwrap().iter().all(|title| title != ""), "{seen}");
    }

    let (code, status) = python(&prefecture, &operator, "status", "");
    assert_eq!((code, &status["hall"]), (Some(0), &Value::from("220100")), "{status}");
    assert_eq!(halls::link(&status, "220000").unwrap()["state"], "live");
    let (code, denied) = python(&prefecture, &system, "status", "");
    assert_eq!((code, &denied["code"]), (Some(4), &Value::from("PERMISSION_DENIED")));
}

#[test]
fn python_with_a_wrong_certificate_sees_unavailable_and_is_named() {
    let grounds = Grounds::new();
    let hall = grounds.found("220000");
    let _serving = Hall::serve(&hall).unwrap();
    let mut authority = halls::authority(&hall);
    let domain = authority.domain().clone();
    let identity: Identity = format!("spiffe://{domain}/system/220000/python").parse().unwrap();
    let issue = |name: &str, by: &Authority, days: u32, ago: i64| {
        let order = Order { days, ..Order::new(identity.clone()) };
        let at = record::Timestamp(now().0 - ago);
        let papers = Papers {
            certificate: grounds.path().join(format!("{name}.pem")),
            key: grounds.path().join(format!("{name}.key")),
            roots: hall.join("certs/ca.pem"),
        };
        by.issue(&order, at).unwrap().save(&papers.certificate, &papers.key).unwrap();
        papers
    };
    let good = issue("good", &authority, 1, 0);
    let foreign = Authority::new(domain.clone(), now()).unwrap();
    let foreign = issue("foreign", &foreign, 1, 0);
    let expired = issue("expired", &authority, 1, 3 * 24 * 3_600_000);
    let revoked = issue("revoked", &authority, 1, 0);
    assert_eq!(python(&hall, &good, "follow", "").0, Some(0));
    authority.revoke(&bearer(&revoked.certificate).serial, now());
    authority.write_crl(&hall.join("certs/crl.pem"), now(), CRL_LIFE).unwrap();
    halls::ask(&hall, &["status"]).ok();

    for (papers, reason) in [(foreign, "unknown-ca"), (expired, "expired"), (revoked, "revoked")] {
        // The list of the revoked is read within a second of its writing.
        let named = |status: &Value| halls::refused(status, "python", reason).then_some(());
        halls::awaited(&hall, &format!("Python is refused and named: {reason}"), |status| {
            let (code, answer) = python(&hall, &papers, "follow", "");
            if code == Some(4) {
                assert_eq!(answer["code"], "UNAVAILABLE", "{reason}: {answer}");
            }
            named(status)
        });
    }
    assert_eq!(python(&hall, &good, "follow", "").0, Some(0), "the good one is still welcome");
    drop(fs::remove_file(good.key));
}
