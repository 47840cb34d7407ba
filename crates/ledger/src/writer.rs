//! The thread `ledger-writer` and the asynchronous door in front of it.
//!
//! Two bounded queues, own submissions and what peers bring, are served by weight into commits. An
//! answer comes after the fdatasync; a caller that went away changes nothing, its entry stays. After
//! a failed commit nothing is answered and the thread ends with the reason: the process must follow.

mod queue;

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;

use record::{COMMIT_BYTES_MAX, COMMIT_ENTRIES_MAX, Class};
use telemetry::{Clock, metric};
use thiserror::Error;
use tokio::sync::{oneshot, watch};

use crate::append::{Append, NextGeneration, OwnEntry, PeerEntries, PeerFill, RotateKey};
use crate::disk::Disk;
use crate::outcome::Outcome;
use crate::reader::{Durable, Reader};
use crate::receipt::Receipt;
use crate::store::{CommitError, Store};

use queue::{Asked, Lane, Queues, Taken};

/// The door into the ledger for asynchronous callers; clones share the queues.
#[derive(Clone)]
pub struct Appender {
    door: Arc<Door>,
}

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

/// What a started writer is reached by: the door, a reader, news of durable groups, and the thread.
pub type Started<D> =
    (Appender, Reader<D>, watch::Receiver<Durable>, JoinHandle<Result<Durable, CommitError>>);

/// Starts the thread. It ends cleanly when [`Appender::close`] was called or every appender is
/// gone, after committing what was queued; with an error after a failed commit.
pub fn start<D: Disk>(store: Store<D>, clock: Arc<dyn Clock>, limits: Limits) -> Started<D> {
    let reader = store.reader();
    let (heads, durable) = watch::channel(reader.durable());
    let queues = Arc::new(Queues::new(limits));
    let appender = Appender { door: Arc::new(Door { queues: Arc::clone(&queues) }) };
    let writer = Writer { store, clock, queues, heads };
    let thread = std::thread::Builder::new()
        .name("ledger-writer".to_owned())
        .spawn(move || writer.run())
        .expect("a process that cannot start its first threads cannot go on");
    (appender, reader, durable, thread)
}

impl Appender {
    /// Appends own entries; one outcome each, in order. More than one commit holds is split; each
    /// outcome stands for itself.
    pub async fn own(&self, entries: Vec<OwnEntry>) -> Result<Vec<Outcome>, AppendError> {
        self.enqueue(entries).await?.outcomes().await
    }

    /// Queues own entries and does not wait for the disk: who enqueues again before the outcomes
    /// are known keeps the order and shares commits.
    pub async fn enqueue(&self, entries: Vec<OwnEntry>) -> Result<Queued, AppendError> {
        let mut waiting = Vec::new();
        let mut asked = Asked::default();
        let mut asked_entries = 0;
        for entry in entries {
            let (weight, count) = (entry.weight(), 1 + usize::from(entry.behind.is_some()));
            let full = asked.weight + weight > COMMIT_BYTES_MAX
                || asked_entries + count > COMMIT_ENTRIES_MAX;
            if full && !asked.appends.is_empty() {
                let whole = std::mem::take(&mut asked);
                asked_entries = 0;
                waiting.push(self.door.ask(Lane::Own, whole).await?);
            }
            asked.weight += weight;
            asked_entries += count;
            asked.appends.push(Append::Own(entry));
        }
        if !asked.appends.is_empty() {
            waiting.push(self.door.ask(Lane::Own, asked).await?);
        }
        Ok(Queued { waiting })
    }

    /// Appends a peer's batch.
    pub async fn peer(&self, entries: PeerEntries) -> Result<Outcome, AppendError> {
        let weight = entries.weight();
        self.one(Lane::Peer, Append::Peer(entries), weight).await
    }

    /// Adds parts to leaves that are here.
    pub async fn fill(&self, fill: PeerFill) -> Result<Outcome, AppendError> {
        let weight = fill.weight();
        self.one(Lane::Peer, Append::Fill(fill), weight).await
    }

    /// Logs a receipt for a ledger of ours.
    pub async fn log_receipt(&self, receipt: Receipt) -> Result<Outcome, AppendError> {
        let weight = receipt.cosigned_seal.len() + receipt.holding_note.len();
        self.one(Lane::Peer, Append::Receipt(receipt), weight).await
    }

    /// Changes the log key.
    pub async fn rotate(&self, rotate: RotateKey) -> Result<Outcome, AppendError> {
        self.one(Lane::Own, Append::Rotate(rotate), COMMIT_BYTES_MAX / 2).await
    }

    /// Opens the next generation of a lane.
    pub async fn next_generation(&self, next: NextGeneration) -> Result<Outcome, AppendError> {
        self.one(Lane::Own, Append::NextGeneration(next), COMMIT_BYTES_MAX / 2).await
    }

    /// Lets the thread commit what is queued and end; later calls fail.
    pub fn close(&self) {
        self.door.queues.close();
    }

    async fn one(&self, lane: Lane, append: Append, weight: usize) -> Result<Outcome, AppendError> {
        let asked = Asked { appends: vec![append], weight };
        let answer = self.door.ask(lane, asked).await?;
        let outcomes = answer.await.map_err(|_| AppendError::Stopped)?;
        outcomes.into_iter().next().ok_or(AppendError::Stopped)
    }
}

/// Own entries on their way. Who drops it changes nothing: they enter.
#[must_use = "nothing is known to be durable before the outcomes are"]
pub struct Queued {
    waiting: Vec<oneshot::Receiver<Vec<Outcome>>>,
}

impl Queued {
    /// One outcome for each entry, in order, after the fdatasync.
    pub async fn outcomes(self) -> Result<Vec<Outcome>, AppendError> {
        let mut outcomes = Vec::new();
        for answer in self.waiting {
            outcomes.extend(answer.await.map_err(|_| AppendError::Stopped)?);
        }
        Ok(outcomes)
    }
}

/// What the appenders share; the last one to go closes the queues.
struct Door {
    queues: Arc<Queues>,
}

impl Door {
    async fn ask(
        &self,
        lane: Lane,
        asked: Asked,
    ) -> Result<oneshot::Receiver<Vec<Outcome>>, AppendError> {
        self.queues.put(lane, asked).await.ok_or(AppendError::Stopped)
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.queues.close();
    }
}

/// The thread: the only place that waits for the disk on the way to an answer.
struct Writer<D: Disk> {
    store: Store<D>,
    clock: Arc<dyn Clock>,
    queues: Arc<Queues>,
    heads: watch::Sender<Durable>,
}

impl<D: Disk> Writer<D> {
    fn run(mut self) -> Result<Durable, CommitError> {
        let _gate = Gate(Arc::clone(&self.queues));
        while let Some(taken) = self.queues.take() {
            self.commit(taken)?;
        }
        self.store.close()
    }

    fn commit(&mut self, taken: Vec<Taken>) -> Result<(), CommitError> {
        let mut appends = Vec::new();
        let mut answers = Vec::new();
        for Taken { asked, answer, room } in taken {
            answers.push((asked.appends.len(), answer, room));
            appends.extend(asked.appends);
        }
        let (started, count) = (Instant::now(), u32::try_from(appends.len()).unwrap_or(u32::MAX));
        let mut outcomes = self.store.commit(appends, self.clock.now())?.into_iter();
        metrics::histogram!(metric::LEDGER_COMMIT_SECONDS).record(started.elapsed());
        metrics::histogram!(metric::LEDGER_COMMIT_ENTRIES).record(f64::from(count));
        let durable = self.store.reader().durable();
        self.heads.send_if_modified(|known| std::mem::replace(known, durable) != durable);
        for (count, answer, room) in answers {
            drop(room);
            // A caller that went away changes nothing: its entry stays.
            drop(answer.send(outcomes.by_ref().take(count).collect()));
        }
        Ok(())
    }
}

/// However the thread ends, by a panic too, nobody waits for it in vain.
struct Gate(Arc<Queues>);

impl Drop for Gate {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

/// Why nothing is known of an append.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AppendError {
    /// The writer has ended; what was asked may or may not be in the log.
    #[error("append to a ledger whose writer has stopped")]
    Stopped,
}

impl AppendError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        match self {
            Self::Stopped => Class::Unavailable,
        }
    }
}

#[cfg(test)]
mod tests;
