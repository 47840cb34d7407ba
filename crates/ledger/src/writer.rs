//! The thread `ledger-writer` and the asynchronous door in front of it.
//!
//! Two bounded queues, own submissions and what peers bring, are served by weight into commits. An
//! answer comes after the fdatasync; a caller that went away changes nothing, its entry stays. After
//! a failed commit nothing is answered and the thread ends with the reason: the process must follow.

use std::sync::Arc;
use std::thread::JoinHandle;

use telemetry::Clock;
use thiserror::Error;
use tokio::sync::watch;

use crate::append::{NextGeneration, OwnEntry, PeerEntries, PeerFill, RotateKey};
use crate::disk::Disk;
use crate::outcome::Outcome;
use crate::reader::{Durable, Reader};
use crate::receipt::Receipt;
use crate::store::{CommitError, Store};

/// The door into the ledger for asynchronous callers; clones share the queues.
#[derive(Clone)]
pub struct Appender {}

/// Bounds of the two queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of own submissions that may wait; a caller beyond waits itself.
    pub own_bytes: usize,
    /// Bytes of peers' entries that may wait.
    pub peer_bytes: usize,
    /// Share of a commit that own submissions get while peers wait, in percent.
    pub own_share: u8,
}

impl Default for Limits {
    fn default() -> Self {
        Self { own_bytes: 16 << 20, peer_bytes: 16 << 20, own_share: 60 }
    }
}

/// Starts the thread. It ends cleanly when [`Appender::close`] was called or every appender is
/// gone, after committing what was queued; with an error after a failed commit.
pub fn start<D: Disk>(
    store: Store<D>,
    clock: Arc<dyn Clock>,
    limits: Limits,
) -> (Appender, Reader<D>, watch::Receiver<Durable>, JoinHandle<Result<Durable, CommitError>>) {
    todo!("{:?}", (store.reader().durable(), clock.now(), limits))
}

impl Appender {
    /// Appends own entries; one outcome each, in order.
    pub async fn own(&self, entries: Vec<OwnEntry>) -> Result<Vec<Outcome>, AppendError> {
        todo!("{entries:?}")
    }

    /// Appends a peer's batch.
    pub async fn peer(&self, entries: PeerEntries) -> Result<Outcome, AppendError> {
        todo!("{entries:?}")
    }

    /// Adds parts to leaves that are here.
    pub async fn fill(&self, fill: PeerFill) -> Result<Outcome, AppendError> {
        todo!("{fill:?}")
    }

    /// Logs a receipt for a ledger of ours.
    pub async fn log_receipt(&self, receipt: Receipt) -> Result<Outcome, AppendError> {
        todo!("{receipt:?}")
    }

    /// Changes the log key.
    pub async fn rotate(&self, rotate: RotateKey) -> Result<Outcome, AppendError> {
        todo!("{rotate:?}")
    }

    /// Opens the next generation of a lane.
    pub async fn next_generation(&self, next: NextGeneration) -> Result<Outcome, AppendError> {
        todo!("{next:?}")
    }

    /// Lets the thread commit what is queued and end; later calls fail.
    pub fn close(&self) {
        todo!()
    }
}

/// Why nothing is known of an append.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AppendError {
    /// The writer has ended; what was asked may or may not be in the log.
    #[error("append to a ledger whose writer has stopped")]
    Stopped,
}
