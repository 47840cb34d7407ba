//! One import under way: messages overlap, the order of rows stays.
//!
//! ```text
//! rows ─ read, judged, drafted ─► originals queued ─► durable; revisions, then quarantine ─► results
//!        some messages at once    in order            in order, one message after the other
//! ```
//!
//! While one message waits for the disk, the next ones are read, and their originals wait in the
//! writer's queue: they share its next commit. Originals stand in the ledger in the order of the rows;
//! the revisions of a message are made when those of every message before it are durable. So a row
//! that revises finds what the rows before it have left, as if it had come alone.
//!
//! A message is taken when there is room for its answer: whoever reads no answers holds nothing up but
//! his own import, and memory is that of [`IMPORT_UNDER_WAY`] messages.

use std::sync::Arc;

use ledger::Disk;
use tokio::sync::{OwnedRwLockReadGuard, mpsc};
use tokio::task::JoinHandle;
use wire::status::Failure;
use wire::v1;

use super::{ImportSettings, Reading, Seat, Way};
use crate::draft::Draft;
use crate::submit::{Intake, Queued, failed};

/// Messages of one import that are read and not yet queued for the ledger.
pub const IMPORT_READ_AHEAD: usize = 2;
/// Messages of one import on their way, until their answers are taken.
pub const IMPORT_UNDER_WAY: usize = 8;

/// The way back to an importer. Its errors are the face's own.
pub type Answers<E> = mpsc::Sender<Result<v1::ImportResponse, E>>;

/// What a message holds as long as it is on its way.
struct Place<E> {
    /// Room for its answer.
    answer: mpsc::OwnedPermit<Result<v1::ImportResponse, E>>,
    /// Nothing is handed over meanwhile.
    _steward: OwnedRwLockReadGuard<()>,
}

/// A message being read, on a thread for such work.
struct Opened<E> {
    place: Place<E>,
    read: JoinHandle<Opening>,
}

/// Rows that were read, and the originals among them as entries.
struct Opening {
    ways: Vec<Way>,
    drafts: Vec<Result<Draft, Failure>>,
}

/// A message whose originals wait for the disk.
struct Entering<E> {
    place: Place<E>,
    ways: Vec<Way>,
    queued: Queued,
}

impl<D: Disk> Intake<D> {
    /// Imports messages of rows until there are no more, or nobody takes answers; answers each in
    /// order, after everything its rows tell of is durable. Fails only when the hall cannot go on:
    /// then what was entered is known again when the rows come again.
    pub async fn import<E>(
        &self,
        submitter: &str,
        settings: &ImportSettings,
        rows: mpsc::Receiver<Vec<v1::ImportRow>>,
        answers: &Answers<E>,
    ) -> Result<(), Failure> {
        let (opened_in, opened) = mpsc::channel(IMPORT_READ_AHEAD);
        let (entering_in, entering) = mpsc::channel(IMPORT_UNDER_WAY);
        let open = self.open_each(submitter, settings, rows, answers, opened_in);
        let enter = self.enter_each(opened, entering_in);
        let conclude = self.conclude_each(submitter, settings, entering);
        let ((), entered, concluded) = tokio::join!(open, enter, conclude);
        concluded.and(entered)
    }

    /// Begins to read each message.
    async fn open_each<E>(
        &self,
        submitter: &str,
        settings: &ImportSettings,
        mut messages: mpsc::Receiver<Vec<v1::ImportRow>>,
        answers: &Answers<E>,
        opened: mpsc::Sender<Opened<E>>,
    ) {
        loop {
            // When nothing can be entered any more, no further rows are waited for.
            let rows = tokio::select! {
                () = opened.closed() => return,
                rows = messages.recv() => rows,
            };
            let Some(rows) = rows else { return };
            let Ok(answer) = answers.clone().reserve_owned().await else { return };
            let steward = Arc::clone(&self.handing).read_owned().await;
            let place = Place { answer, _steward: steward };
            let (this, submitter) = (self.clone(), submitter.to_owned());
            let profile = settings.profile;
            let read = tokio::task::spawn_blocking(move || {
                let seat = Seat { hall: &this.hall, now: this.clock.now() };
                let read = |row| Way::new(Reading::of(row, profile, &seat));
                let ways: Vec<_> = rows.into_iter().map(read).collect();
                let drafts = this.originals(&submitter, &ways);
                Opening { ways, drafts }
            });
            if opened.send(Opened { place, read }).await.is_err() {
                return;
            }
        }
    }

    /// Queues the originals of each message, in order.
    async fn enter_each<E>(
        &self,
        mut opened: mpsc::Receiver<Opened<E>>,
        entering: mpsc::Sender<Entering<E>>,
    ) -> Result<(), Failure> {
        loop {
            let next = tokio::select! {
                () = entering.closed() => return Ok(()),
                next = opened.recv() => next,
            };
            let Some(Opened { place, read }) = next else { return Ok(()) };
            let Opening { ways, drafts } = read.await.map_err(|_| failed())?;
            let queued = self.queue_all(drafts).await?;
            if entering.send(Entering { place, ways, queued }).await.is_err() {
                return Ok(());
            }
        }
    }

    /// Waits for the disk, enters what follows the originals, answers.
    async fn conclude_each<E>(
        &self,
        submitter: &str,
        settings: &ImportSettings,
        mut entering: mpsc::Receiver<Entering<E>>,
    ) -> Result<(), Failure> {
        while let Some(Entering { place, mut ways, queued }) = entering.recv().await {
            let entered = self.answered(queued).await?;
            self.settle(&mut ways, entered)?;
            let results = self.conclude(submitter, settings, ways).await?;
            // An importer that went away changes nothing: its rows stay.
            drop(place.answer.send(Ok(v1::ImportResponse { results })));
        }
        Ok(())
    }
}
