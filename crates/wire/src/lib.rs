//! The schema on the wire: generated `hallway.v1` types and the only conversions between them and
//! the domain.

pub mod check;
pub mod convert;
pub mod frame;
mod generate;
pub mod json;
mod stamp;
pub mod status;

/// Generated from `proto/hallway/v1`; parts of records are bytes here (see `build.rs`).
pub mod v1 {
    #![allow(
        missing_docs,
        clippy::pedantic,
        clippy::as_conversions,
        clippy::clone_on_ref_ptr,
        clippy::allow_attributes_without_reason,
        unused_qualifications,
        reason = "generated code"
    )]
    tonic::include_proto!("hallway.v1");
}

/// The schema as published, for reflection and JSON.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/hallway.v1.bin"));

pub use check::{Checked, check};
pub use convert::{
    ReadError, act_from_open, act_to_open, act_to_parts, body_from_parts, body_to_parts,
    head_from_bytes, head_to_bytes,
};
pub use generate::{generated, generated_at, submission};
pub use json::{JsonError, follow_response_to_json, submission_from_json, submission_to_json};
pub use stamp::{entry_parts, is_stamped, stamped, unstamped, unstamped_content};
pub use status::Failure;
