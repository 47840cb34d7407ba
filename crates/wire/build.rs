//! Compiles `proto/` with protox: no system `protoc`.
//!
//! Reflection and JSON see the schema as published. The Rust types see the parts of a record as
//! bytes: on the wire an embedded message and a bytes field are the same, so a part is taken from
//! its submitter and handed on without ever being re-encoded, unknown fields included.

use std::env;
use std::fs;
use std::path::PathBuf;

use prost::Message;
use prost_types::FileDescriptorSet;
use prost_types::field_descriptor_proto::Type;

/// Message fields whose bytes are kept: message, field.
const KEPT_AS_BYTES: [(&str, &str); 6] = [
    ("Submission", "head"),
    ("Submission", "open"),
    ("Submission", "closed"),
    ("FollowResponse", "head"),
    ("FollowResponse", "open"),
    ("FollowResponse", "closed"),
];

#[expect(clippy::disallowed_methods, reason = "cargo talks to build scripts by environment")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../proto");
    let files = ["submission", "import", "quarantine", "feed", "replication", "operations"]
        .map(|name| format!("hallway/v1/{name}.proto"));
    println!("cargo:rerun-if-changed={}", root.display());

    let published = protox::compile(files, [&root])?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("hallway.v1.bin"), published.encode_to_vec())?;

    tonic_prost_build::configure()
        .bytes(".hallway.v1")
        // A case is larger than any other body; nobody else pays for it.
        .boxed(".hallway.v1.Open.body.case")
        .boxed(".hallway.v1.Closed.body.case")
        .compile_fds(with_parts_as_bytes(published))?;
    Ok(())
}

fn with_parts_as_bytes(mut set: FileDescriptorSet) -> FileDescriptorSet {
    let mut left = KEPT_AS_BYTES.len();
    for message in set.file.iter_mut().flat_map(|file| &mut file.message_type) {
        let name = message.name().to_owned();
        for field in &mut message.field {
            if KEPT_AS_BYTES.contains(&(&name, field.name())) {
                field.set_type(Type::Bytes);
                field.type_name = None;
                left -= 1;
            }
        }
    }
    assert_eq!(left, 0, "each kept field is in the schema");
    set
}
