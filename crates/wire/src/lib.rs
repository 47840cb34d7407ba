//! The schema on the wire: generated `hallway.v1` types and the only conversions between them and
//! the domain.

pub mod frame;

/// Generated from `proto/hallway/v1`; parts of records are bytes here (see `build.rs`).
pub mod v1 {
    #![allow(
        missing_docs,
        clippy::pedantic,
        clippy::as_conversions,
        clippy::allow_attributes_without_reason,
        unused_qualifications,
        reason = "generated code"
    )]
    tonic::include_proto!("hallway.v1");
}

/// The schema as published, for reflection and JSON.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/hallway.v1.bin"));
