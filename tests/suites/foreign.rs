//! Suite `foreign`: verifiers that nobody here wrote accept what halls signed and prove, and reject it
//! after any one changed character.
//!
//! The evidence comes from two halls that really ran: the inclusion proof and the receipt from
//! `hallway prove`, the consistency proof between the seals of two proofs from the ledger itself. The
//! verifiers are `golang.org/x/mod/sumdb` in Go and `aics-tlog` in Python (`tests/foreign`).

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ledger::{Options, Os, Seal, Software, Store, VerifierKey};
use record::{LedgerName, TrustDomain};
use serde_json::{Value, json};
use suites::halls::{self, Grounds, now};
use suites::process::{Answer, Hall, python_program, run, tree_root};

/// A C2SP tlog-proof, taken apart: the hashes of the proof, and the checkpoint.
fn taken_apart(proof: &str) -> (Vec<&str>, &str) {
    let (before, checkpoint) = proof.split_once("\n\n").unwrap();
    let hashes = before.lines().skip_while(|line| !line.starts_with("index ")).skip(1);
    (hashes.collect(), checkpoint)
}

/// The verifier key of a Member in the bundle's acts, under another name.
fn key_named(text: &str, name: &str) -> String {
    let key: VerifierKey = text.parse().unwrap();
    VerifierKey::new(name, key.algorithm, key.public).unwrap().to_string()
}

fn member(hall: &Path, id: &str) -> Value {
    let answer = halls::ask(hall, &["directory", "show"]).ok();
    let members = answer.json["members"].as_array().unwrap();
    members.iter().find(|member| member["hall"] == id).unwrap().clone()
}

/// Proves the record at the province and gives the bundle.
fn prove(grounds: &Grounds, hall: &Path, record: &str, name: &str) -> Value {
    let out = grounds.path().join(name);
    halls::ask(hall, &["prove", record, "--out", out.to_str().unwrap()]).ok();
    serde_json::from_str(&fs::read_to_string(out).unwrap()).unwrap()
}

/// The consistency proof between two sizes, from a copy of a stopped hall's ledger.
fn consistency(hall: &Path, ledger: &LedgerName, old: u64, new: u64) -> Vec<String> {
    let disk = Os::new(hall.join("ledger")).unwrap();
    let domain: TrustDomain = ledger.domain().clone();
    let id = hall.file_name().unwrap().to_str().unwrap().parse().unwrap();
    let signer = Arc::new(Software::from_seed(&[1; 32]));
    let (store, _) = Store::open(disk, Options::new(domain, id, [2; 32]), signer, now()).unwrap();
    let proof = store.reader().consistency(ledger, old, new).unwrap();
    proof.iter().map(|hash| BASE64_STANDARD.encode(hash)).collect()
}

/// Evidence of two halls for one record, as the verifiers take it.
fn evidence(grounds: &Grounds) -> Value {
    let province = grounds.found("220000");
    let prefecture = grounds.join("220100", &province);
    halls::hurry(&province);
    halls::hurry(&prefecture);
    let serving = (Hall::serve(&province).unwrap(), Hall::serve(&prefecture).unwrap());
    halls::level(&prefecture);
    halls::submit(&prefecture, "permit", 70, 1).ok();
    let record = halls::follow(&prefecture)[5].pointer("/head/stamp/recordId").cloned();
    let record = record.unwrap_or_else(|| {
        halls::follow(&prefecture)[5].pointer("/head/stamp/record_id").unwrap().clone()
    });
    let record = record.as_str().unwrap();
    let old = prove(grounds, &prefecture, record, "old.json");
    halls::submit(&prefecture, "permit", 200, 2).ok();
    let covered = |status: &Value| {
        let mut receipts = halls::rows(status, "receipts");
        receipts
            .any(|one| one["holder"] == "220000" && one["size"].as_u64() >= Some(270))
            .then_some(())
    };
    halls::awaited(&prefecture, "the province's receipt for all", covered);
    let new = prove(grounds, &prefecture, record, "new.json");
    let (origin, holder) = (member(&prefecture, "220100"), member(&prefecture, "220000"));
    serving.1.down();

    let proof = new["entry"]["proof"].as_str().unwrap();
    let (inclusion, checkpoint) = taken_apart(proof);
    let (_, old_checkpoint) = taken_apart(old["entry"]["proof"].as_str().unwrap());
    let seals = [old_checkpoint, checkpoint].map(|note| Seal::parse(note).unwrap());
    assert!(seals[0].size < seals[1].size);
    let receipts = new["receipts"].as_array().unwrap();
    let receipt = receipts.first().expect("a receipt of the province");
    let (_, cosigned) = taken_apart(receipt["proof"].as_str().unwrap());
    let holding_note = receipt["holding_note"].as_str().unwrap();
    let first = |member: &Value, key: &str| member[key][0].as_str().unwrap().to_owned();
    let holder_key = first(&holder, "holder_keys");
    let name = &seals[1].ledger;
    let holding_name = ledger::holding_key_name(name.domain(), &"220000".parse().unwrap());
    let holding_key: VerifierKey = holder_key.parse().unwrap();
    let holding_key = VerifierKey::new(&holding_name, 1, holding_key.public).unwrap();
    json!({
        "vkey": key_named(&first(&origin, "log_keys"), &name.to_string()),
        "checkpoint": checkpoint,
        "index": new["entry"]["index"],
        "leaf": new["entry"]["leaf"],
        "inclusion": inclusion,
        "old_checkpoint": old_checkpoint,
        "consistency": consistency(&prefecture, name, seals[0].size, seals[1].size),
        "cosignature_vkey": holder_key,
        "cosigned": cosigned,
        "holding_vkey": holding_key.to_string(),
        "holding_note": holding_note,
        "tlog_proof": proof,
    })
}

/// A verifier: how it is called.
enum Verifier {
    Go(PathBuf),
    Python,
}

impl Verifier {
    /// Go's, built once.
    fn go(into: &Path) -> Self {
        let program = into.join("tlog_verify");
        let mut build = Command::new("/usr/bin/go");
        build
            .args(["build", "-o"])
            .arg(&program)
            .arg(tree_root().join("tests/foreign/tlog_verify.go"));
        build.env("GO111MODULE", "off").env("GOPATH", "/usr/share/gocode");
        run(build.env("GOCACHE", into.join("go-cache"))).unwrap().ok();
        Self::Go(program)
    }

    /// The verdicts on files, and the exit code.
    fn judge(&self, files: &[PathBuf]) -> Answer {
        let mut command = match self {
            Self::Go(program) => Command::new(program),
            Self::Python => {
                let mut python = Command::new(python_program("python"));
                python.arg(tree_root().join("tests/foreign/aics_verify.py"));
                python
            }
        };
        run(command.env("PYTHONDONTWRITEBYTECODE", "1").args(files)).unwrap()
    }
}

fn accepted(answer: &Answer) -> Vec<Value> {
    let verdicts = answer.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    verdicts.filter(|verdict| verdict["accepted"] == true).collect()
}

/// Both accept the bundle, with every check, and reject it after each single change.
fn judged(grounds: &Grounds, bundle: &Path) {
    let spoilt = grounds.path().join("spoilt");
    let mut spoil = Command::new(python_program("python"));
    spoil.arg(tree_root().join("tests/foreign/spoil.py")).arg(bundle).arg(&spoilt);
    run(spoil.env("PYTHONDONTWRITEBYTECODE", "1")).unwrap().ok();
    let spoilt = halls::files(&spoilt).unwrap();
    assert!(spoilt.len() > 500, "one file for each place");
    for verifier in [Verifier::go(grounds.path()), Verifier::Python] {
        let answer = verifier.judge(&[bundle.to_owned()]).ok();
        let verdict = &accepted(&answer)[0];
        let names: Vec<_> =
            verdict["checks"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
        let all =
            ["checkpoint", "inclusion", "consistency", "cosignature", "holding", "tlog-proof"];
        assert_eq!(names, all, "nothing was left out");
        for some in spoilt.chunks(FILES_A_CALL) {
            let answer = verifier.judge(some);
            assert_ne!(answer.code, Some(0));
            assert_eq!(answer.stdout.lines().count(), some.len(), "{}", answer.stderr);
            assert!(accepted(&answer).is_empty(), "accepted: {:?}", accepted(&answer));
        }
    }
}

#[test]
fn two_other_verifiers_accept_what_halls_prove_and_reject_each_change() {
    let grounds = Grounds::new();
    let bundle = grounds.path().join("bundle.json");
    fs::write(&bundle, evidence(&grounds).to_string()).unwrap();
    judged(&grounds, &bundle);
}

#[test]
fn seals_tiles_and_bundles_of_the_ledger_are_those_of_the_standard() {
    let grounds = Grounds::new();
    let mut example = Command::new(env!("CARGO"));
    example.current_dir(tree_root()).args(["run", "--quiet", "--locked", "--package", "ledger"]);
    example.args(["--example", "foreign_bundle", "--"]).arg(grounds.path()).arg("1000");
    run(&mut example).unwrap().ok();
    let bundle = grounds.path().join("bundle.json");
    let tiles = grounds.path().join("tiles");
    let files = [bundle.clone(), "--tiles".into(), tiles];
    assert_eq!(accepted(&Verifier::Python.judge(&files).ok()).len(), 1);
    judged(&grounds, &bundle);
}

/// Command lines have a limit.
const FILES_A_CALL: usize = 500;
