//! The schema on the wire: generated `hallway.v1` types and the only conversions between them and
//! the domain.
//!
//! The schema is published with messages inside messages; reflection, JSON and foreign clients see
//! it so. In Rust the three parts of a record are *bytes* ([`v1::Submission`], [`v1::FollowResponse`];
//! on the wire an embedded message and a bytes field are the same). So a part goes from its submitter
//! to every hall without being encoded again, and fields that a later version added survive halls
//! that do not know them.
//!
//! ```text
//! submission ── check ──► Checked { head, body, label, content }   or every violation
//!                            │ parts(stamp)
//!                            ▼
//!            head ‖ stamp (field 15)   open   closed                an entry's parts
//!                            │ unstamped_content
//!                            ▼
//!            the same content as before: a repetition is recognised from the ledger alone
//! ```
//!
//! # In which order to read
//!
//! 1. `build.rs`: how one schema gives messages to the world and bytes to us.
//! 2. [`check`](mod@check): a submission read once and judged once.
//! 3. `stamp`: the accepting hall's words behind the submitter's, no byte before them changed.
//! 4. [`convert`]: heads, acts and bodies, read strictly, later versions' words without effect.
//! 5. [`frame`]: what halls say to each other on a link.
//! 6. [`json`]: proto3 JSON by the line; unknown keys are errors there.
//! 7. [`status`]: the one place where an error becomes a gRPC status.
//! 8. `future`: whether a record says more than this schema has words for.
//! 9. `generate`: invented submissions.
//! 10. [`schema`]: `docs/schema.md`, from the tables of crate `record`.
//!
//! # What holds everywhere
//!
//! * Bytes from outside never panic; lists, texts and lines have limits with names.
//! * Unknown protobuf fields are kept, unknown JSON keys refused, unknown acts without effect.
//! * No other crate names a gRPC code for an error, and no cause inside a hall leaves it.
//!
//! ```
//! use record::{Kind, Timestamp};
//!
//! let now = Timestamp(1_800_000_000_000);
//! for submission in wire::generated(&Kind::Permit, 3, 1) {
//!     let line = wire::submission_to_json(&submission)?;
//!     let again = wire::submission_from_json(&line)?;
//!     assert_eq!(wire::check(&again, now).map(|checked| checked.head.kind), Ok(Kind::Permit));
//! }
//! # Ok::<(), wire::JsonError>(())
//! ```

pub mod check;
pub mod convert;
pub mod frame;
mod future;
mod generate;
#[cfg(test)]
mod golden;
pub mod json;
pub mod schema;
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

pub use check::{Checked, Judged, check, judge};
pub use convert::{
    ReadError, act_from, act_from_open, act_to_open, act_to_parts, body_from_parts, body_to_parts,
    handover_to, head_from_bytes, head_to_bytes, member_to, ruling_to,
};
pub use future::{WALK_DEPTH_MAX, not_fully_understood};
pub use generate::{generated, generated_at, submission};
pub use json::{JsonError, follow_response_to_json, submission_from_json, submission_to_json};
pub use stamp::{entry_parts, is_stamped, naming_permit, stamped, unstamped, unstamped_content};
pub use status::Failure;
