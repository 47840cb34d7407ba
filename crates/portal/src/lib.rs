//! The gRPC faces of a hall: to systems ([`SubmissionFace`], [`FeedFace`]) and to operators
//! ([`OperationsFace`]). They carry and decide nothing: who calls is in the certificate, what may be
//! submitted is the intake's, what may be seen the policy's, how links stand the exchange's.
//!
//! [`routes`] joins services with health and reflection (v1 and v1alpha), [`serve`] runs them to an
//! orderly end, [`Limits`] holds the named limits of the face.

pub mod bundle;
mod deadline;
mod feed;
mod gate;
mod import;
mod limits;
mod marks;
mod operations;
pub mod prove;
mod quarantine;
mod server;
mod submit;

pub use deadline::{Deadline, DeadlineLayer};
pub use feed::{FEED_ITEMS_MAX, FEED_KINDS_MAX, FEEDS_MAX, FeedFace};
pub use gate::ACTS_LEVEL_WAIT;
pub use import::{IMPORT_MESSAGES_MAX, ImportFace};
pub use limits::{Limits, MESSAGE_BYTES_MAX, WAIT};
pub use marks::Marks;
pub use operations::{OperationsFace, Proving, Rotation};
pub use quarantine::QuarantineFace;
pub use server::{Faces, GRACE, STREAMS_PER_CONNECTION_MAX, ServeError, routes, serve};
pub use submit::{STREAM_MESSAGES_MAX, SubmissionFace};
