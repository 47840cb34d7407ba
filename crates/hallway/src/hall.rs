//! One hall, put together and run. The list of acts is the order of floors: keys, outbox, ledger,
//! acts, identity, links, faces. Shutdown is that list read backwards.
//!
//! ```text
//! outbox ─► ledger (recover) ─► writer thread ─► acts read ─► TLS, ports bound ─► exchange ─► faces
//!    └─ the acknowledged mark tells torn from corrupt           "ready" is said here ──────────┘
//! ```

mod assemble;
mod keys;
mod proving;
mod rotate;
mod run;
mod shutdown;

use std::net::SocketAddr;

use record::HallId;
use serde::Serialize;
use thiserror::Error;

use crate::config::Settings;
use assemble::Hall;

pub use keys::{KeyFileError, signer};

/// What `serve` says when the hall takes callers.
#[derive(Clone, Debug, Serialize)]
pub struct Ready {
    /// Hall id.
    pub hall: String,
    /// Process id.
    pub pid: u32,
    /// Address of the gRPC face.
    pub grpc: SocketAddr,
    /// Address of the link face.
    pub link: SocketAddr,
}

/// Why a hall could not start, or had to end.
#[derive(Debug, Error)]
pub enum HallError {
    /// A signing key.
    #[error("read signing keys")]
    Keys(#[from] KeyFileError),
    /// The outbox.
    #[error("open the outbox")]
    Outbox(#[from] outbox::OpenError),
    /// The ledger.
    #[error("open the ledger")]
    Ledger(#[from] ledger::OpenError),
    /// The directory of the ledger.
    #[error("prepare {what}")]
    Prepare {
        /// What was being prepared.
        what: String,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// What is trusted from birth.
    #[error("read [trust] of hallway.toml")]
    Anchor(#[from] policy::AnchorError),
    /// The acts.
    #[error("read the acts")]
    Acts(#[from] link::ActsError),
    /// Certificates.
    #[error("read certificates")]
    Tls(#[from] pki::MaterialError),
    /// The certificate is another hall's.
    #[error("serve {hall} with a certificate of {certificate}")]
    OtherCertificate {
        /// This hall.
        hall: HallId,
        /// Whose certificate it is.
        certificate: String,
    },
    /// A port.
    #[error("bind a port")]
    Bind(#[from] pki::BindError),
    /// A face.
    #[error("serve a face")]
    Serve(#[from] portal::ServeError),
    /// Metrics.
    #[error("start metrics twice in one process")]
    Metrics(#[from] telemetry::metric::StartError),
    /// The writer failed: a write or sync did, and nothing was answered since.
    #[error("write the ledger")]
    Writer(#[from] ledger::CommitError),
    /// The writer is gone without a word.
    #[error("the thread ledger-writer panicked")]
    WriterPanicked,
}

/// Runs a hall until SIGTERM or Ctrl-C; `ready` is called once callers are taken.
pub async fn serve(settings: Settings, ready: impl FnOnce(&Ready)) -> Result<(), HallError> {
    let hall = Hall::assemble(settings).await?;
    ready(&hall.ready());
    hall.run().await
}
