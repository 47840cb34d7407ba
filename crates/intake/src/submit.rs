//! Taking submissions. Judging and hashing run on a blocking thread, many records at a time; waiting
//! for the fdatasync is all that is asynchronous.

use std::sync::{Arc, Mutex};

use ledger::{Appender, Disk, Outcome, Reader};
use policy::Rights;
use record::{Class, HallId, Kind, LedgerName, RecordId};
use telemetry::{Clock, metric};
use tokio::sync::{RwLock, watch};
use wire::check::{check, message_id, profile_of};
use wire::status::Failure;
use wire::v1;

use crate::bounds::Bounds;
use crate::draft::{Draft, Here};
use crate::next::follows;
use crate::outcome::{acknowledgement, failure};
use crate::quarantine::Shelf;

/// Most submissions in one message.
pub const SUBMISSIONS_MAX: usize = 64;

/// The way into this hall's ledgers. Clones share it.
pub struct Intake<D: Disk> {
    pub(crate) hall: HallId,
    pub(crate) reader: Reader<D>,
    pub(crate) appender: Appender,
    pub(crate) rights: watch::Receiver<Rights>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) bounds: Arc<Bounds>,
    /// Submissions pass together; a handover of this hall's records passes alone.
    pub(crate) handing: Arc<RwLock<()>>,
    /// What waits in quarantine, as far as it has been read.
    pub(crate) shelf: Arc<Mutex<Shelf>>,
}

impl<D: Disk> Clone for Intake<D> {
    fn clone(&self) -> Self {
        Self {
            hall: self.hall.clone(),
            reader: self.reader.clone(),
            appender: self.appender.clone(),
            rights: self.rights.clone(),
            clock: Arc::clone(&self.clock),
            bounds: Arc::clone(&self.bounds),
            handing: Arc::clone(&self.handing),
            shelf: Arc::clone(&self.shelf),
        }
    }
}

/// What an acknowledgement will name.
struct Promised {
    record: RecordId,
    revision: u32,
    marks: Vec<v1::Violation>,
    /// What is said instead of it unless the message is repeated.
    unless_repeated: Option<Failure>,
    born: Option<RecordId>,
}

/// What was judged and waits for the disk.
pub(crate) struct Queued {
    promised: Vec<Result<Promised, Failure>>,
    queued: ledger::Queued,
}

/// What became of a record: durable here, or refused.
pub(crate) type Entered = Result<v1::Acknowledgement, Failure>;

impl<D: Disk> Intake<D> {
    /// An intake in front of a ledger.
    pub fn new(
        hall: HallId,
        (reader, appender): (Reader<D>, Appender),
        rights: watch::Receiver<Rights>,
        clock: Arc<dyn Clock>,
        bounds: Bounds,
    ) -> Self {
        Self {
            hall,
            reader,
            appender,
            rights,
            clock,
            bounds: Arc::new(bounds),
            handing: Arc::default(),
            shelf: Arc::default(),
        }
    }

    /// Answers each submission, in order, when all are durable or refused. `submitter` is the path of
    /// the system's identity. Fails only when the writer has stopped: then nothing is known.
    pub async fn submit(
        &self,
        submitter: &str,
        submissions: Vec<v1::Submission>,
    ) -> Result<Vec<v1::Outcome>, Failure> {
        let _nothing_is_handed_over = self.handing.read().await;
        let (this, who) = (self.clone(), submitter.to_owned());
        let (message_ids, judged): (Vec<_>, Vec<_>) =
            blocking(move || this.judge(&who, &submissions)).await?.into_iter().unzip();
        let entered = self.enter_all(judged).await?;
        Ok(message_ids.into_iter().zip(entered).map(outcome).collect())
    }

    /// Enters what was judged, together; what became of each, in order.
    pub(crate) async fn enter_all(
        &self,
        judged: Vec<Result<Draft, Failure>>,
    ) -> Result<Vec<Entered>, Failure> {
        if judged.is_empty() {
            return Ok(Vec::new());
        }
        let queued = self.queue_all(judged).await?;
        self.answered(queued).await
    }

    /// Queues what was judged, behind everything queued before, without waiting for the disk.
    pub(crate) async fn queue_all(
        &self,
        judged: Vec<Result<Draft, Failure>>,
    ) -> Result<Queued, Failure> {
        let mut entries = Vec::with_capacity(judged.len());
        let mut promise = |draft: Draft| {
            let Draft { entry, record, revision, marks, unless_repeated, born } = draft;
            entries.push(entry);
            Promised { record, revision, marks, unless_repeated, born }
        };
        let promised = judged.into_iter().map(|one| one.map(&mut promise)).collect();
        let queued = self.appender.enqueue(entries).await.map_err(|_| stopped())?;
        Ok(Queued { promised, queued })
    }

    /// Waits for the disk; what became of each, in order.
    pub(crate) async fn answered(&self, queued: Queued) -> Result<Vec<Entered>, Failure> {
        let Queued { promised, queued } = queued;
        let outcomes = queued.outcomes().await.map_err(|_| stopped())?;
        let this = self.clone();
        blocking(move || this.answer(promised, outcomes)).await
    }

    fn judge(
        &self,
        submitter: &str,
        submissions: &[v1::Submission],
    ) -> Vec<(String, Result<Draft, Failure>)> {
        let now = self.clock.now();
        let rights = self.rights.borrow().clone();
        let judge = |submission: &v1::Submission| {
            let checked = check(submission, now).map_err(Failure::of_violations)?;
            let profile =
                profile_of(submission).map_err(|one| Failure::of_violations(vec![one]))?;
            self.bounds.admit(profile)?;
            self.bounds.judge(checked.label, &self.hall, rights.acts())?;
            follows(&checked, &self.reader, now)?;
            let here = Here { hall: &self.hall, acts: rights.acts(), now };
            Draft::bearing(profile, &checked, submitter, &self.reader, &here)
        };
        submissions.iter().map(|one| (message_id(one), judge(one))).collect()
    }

    fn answer(
        &self,
        waiting: Vec<Result<Promised, Failure>>,
        outcomes: Vec<Outcome>,
    ) -> Vec<Entered> {
        let mut outcomes = outcomes.into_iter();
        let answer = |promised: Result<Promised, Failure>| {
            let Promised { record, revision, marks, unless_repeated, born } = promised?;
            let acknowledged = match outcomes.next() {
                Some(Outcome::Stale { .. } | Outcome::UnknownRecord)
                    if let Some(failure) = unless_repeated =>
                {
                    return Err(failure);
                }
                Some(Outcome::Appended { ledger, index }) => {
                    let born = born.map(|permit| v1::Born {
                        record_id: permit.to_string(),
                        index: index.saturating_add(1),
                    });
                    let told = acknowledgement(record, revision, (ledger, index), false);
                    v1::Acknowledgement { born, ..told }
                }
                Some(Outcome::Behind(why)) => return Err(self.unborn(&why)),
                Some(Outcome::Repeated { ledger, index }) => self.first_answer(ledger, index)?,
                Some(other) => return Err(failure(&other)),
                None => return Err(stopped()),
            };
            Ok(v1::Acknowledgement { marks, ..acknowledged })
        };
        let counted = |entered: Entered| {
            metrics::counter!(metric::INTAKE_RECORDS_TOTAL, "outcome" => word(&entered))
                .increment(1);
            entered
        };
        waiting.into_iter().map(answer).map(counted).collect()
    }

    /// What the first message of this id was told, read back from its stamp.
    pub(crate) fn first_answer(
        &self,
        ledger: LedgerName,
        index: u64,
    ) -> Result<v1::Acknowledgement, Failure> {
        let unreadable =
            || Failure::new(Class::Corrupt, "ledger-unreadable", "the first entry cannot be read");
        let stored = self.reader.entry(&ledger, index).ok().flatten().ok_or_else(unreadable)?;
        let head = stored.parts.part(0).ok_or_else(unreadable)?;
        let head = wire::head_from_bytes(head).map_err(|_| unreadable())?;
        let stamp = head.stamp.ok_or_else(unreadable)?;
        let of_case = head.kind == Kind::Case;
        let born = of_case.then(|| self.born_behind((&ledger, index), &stored.parts)).flatten();
        let told = acknowledgement(stamp.record, stamp.revision, (ledger, index), true);
        Ok(v1::Acknowledgement { born, ..told })
    }
}

fn outcome((message_id, entered): (String, Entered)) -> v1::Outcome {
    let outcome = match entered {
        Ok(acknowledged) => v1::outcome::Outcome::Acknowledgement(acknowledged),
        Err(failure) => v1::outcome::Outcome::Refusal(failure.refusal()),
    };
    v1::Outcome { message_id, outcome: Some(outcome) }
}

fn word(outcome: &Result<v1::Acknowledgement, Failure>) -> &'static str {
    match outcome {
        Ok(acknowledged) if acknowledged.repeated_message => "repeated",
        Ok(_) => "acknowledged",
        Err(_) => "refused",
    }
}

pub(crate) fn stopped() -> Failure {
    Failure::new(Class::Unavailable, "writer-stopped", "the hall is going down; submit again later")
}

pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|_| failed())
}

/// Work on a thread for it ended without an answer.
pub(crate) fn failed() -> Failure {
    Failure::new(Class::Internal, "task-failed", "the hall failed; see its log")
}
