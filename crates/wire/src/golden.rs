//! Golden records: bytes of the first version that every later one must read, for ever.
//!
//! Each file of `tests/golden` has a record's parts as they stood in a ledger, the commitment that binds
//! them, and what they said: as JSON of the schema and as a form. A later version may say more about a
//! record, never less and never otherwise. Files are only ever added (`examples/golden.rs`); a change
//! to one is a change to somebody's ledger.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use bytes::Bytes;
use record::{Act, Form, Label, LedgerName, Masking, Parts, Salt};
use serde_json::Value;

use crate::convert::{act_from_open, act_to_parts, body_from_parts, head_from_bytes};
use crate::json::follow_response_to_json;
use crate::{not_fully_understood, v1};

/// One golden file.
struct Golden {
    name: String,
    file: Value,
}

impl Golden {
    fn all() -> BTreeMap<String, Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
        let files = fs::read_dir(folder).unwrap().map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let file = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            (name.clone(), Self { name, file })
        });
        files.collect()
    }

    fn text(&self, key: &str) -> &str {
        self.file[key].as_str().unwrap_or_else(|| panic!("{} has no {key}", self.name))
    }

    fn bytes<const N: usize>(&self, key: &str) -> [u8; N] {
        hex::decode(self.text(key)).unwrap().try_into().unwrap()
    }

    fn parts(&self) -> Vec<Bytes> {
        let parts = self.file["parts"].as_array().unwrap().iter();
        parts.map(|part| hex::decode(part.as_str().unwrap()).unwrap().into()).collect()
    }

    fn part(&self, place: usize) -> Bytes {
        self.parts().get(place).cloned().unwrap_or_default()
    }
}

#[test]
fn every_kind_and_edition_is_there() {
    let all = Golden::all();
    for name in NAMES {
        assert!(all.contains_key(name), "tests/golden/{name}.json is gone");
    }
    assert_eq!(all.len(), NAMES.len(), "a new golden record is named here");
}

#[test]
fn the_commitment_to_the_same_bytes_is_the_same() {
    for (name, golden) in Golden::all() {
        let ledger: LedgerName = golden.text("ledger").parse().unwrap();
        let parts = Parts::seal_up(&Salt(golden.bytes("salt")), golden.parts()).unwrap();
        let commitment = parts.commitment(&ledger).unwrap();
        assert_eq!(commitment, golden.bytes("commitment"), "{name}");
    }
}

#[test]
fn the_schema_shows_the_same_and_understands_all_of_it() {
    for (name, golden) in Golden::all() {
        let [head, open, closed] = [0, 1, 2].map(|place| golden.part(place));
        assert!(!not_fully_understood(&head, &open, &closed), "{name}");
        let item = v1::FollowResponse { head, open, closed, ..v1::FollowResponse::default() };
        let view: Value = serde_json::from_str(&follow_response_to_json(&item).unwrap()).unwrap();
        assert_eq!(view, golden.file["view"], "{name}");
    }
}

#[test]
fn a_form_says_at_least_what_it_said() {
    for (name, golden) in Golden::all().into_iter().filter(|(name, _)| !ACTS.contains(&&**name)) {
        let head = head_from_bytes(&golden.part(0)).unwrap();
        let body = body_from_parts(&golden.part(1), &golden.part(2)).unwrap().unwrap();
        let label = Label::from_bytes(golden.bytes("label")).unwrap();
        let form = Form::of(&head, &body, label, Masking::Full);
        let said = golden.file["form"].as_object().unwrap();
        assert!(said.len() > 5, "{name}");
        for (field, text) in said {
            assert_eq!(form.value(field), text.as_str().unwrap(), "{name}: {field}");
        }
    }
}

#[test]
fn an_act_means_what_it_meant() {
    for (name, golden) in Golden::all().into_iter().filter(|(name, _)| ACTS.contains(&&**name)) {
        let act = act_from_open(&golden.part(1)).unwrap();
        let meant = match act {
            Act::Member(_) => "member",
            Act::Ruling(_) => "ruling",
            Act::Handover(_) => "handover",
            Act::KeyChange(_)
            | Act::Audience(_)
            | Act::Continuation(_)
            | Act::ForkProof(_)
            | Act::Unknown => "another act",
        };
        assert_eq!(meant, name);
        let stamp = head_from_bytes(&golden.part(0)).unwrap().stamp.unwrap();
        assert_eq!(act_to_parts(&act, &stamp).to_vec(), golden.parts(), "{name}");
    }
}

const ACTS: [&str; 3] = ["member", "ruling", "handover"];
const NAMES: [&str; 13] = [
    "permit-v1",
    "permit-v2",
    "permit-v2.1",
    "penalty-v1",
    "penalty-v2",
    "penalty-v2.1",
    "case",
    "material",
    "item",
    "power-list",
    "member",
    "ruling",
    "handover",
];
