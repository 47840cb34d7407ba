//! Taking submissions. Judging and hashing run on a blocking thread, many records at a time; waiting
//! for the fdatasync is all that is asynchronous.

use std::sync::Arc;

use ledger::{Appender, Disk, Outcome, Reader};
use policy::Rights;
use record::{Class, HallId, LedgerName, RecordId};
use telemetry::{Clock, metric};
use tokio::sync::{RwLock, watch};
use wire::check::{check, message_id};
use wire::status::Failure;
use wire::v1;

use crate::bounds::Bounds;
use crate::draft::{Draft, Here};
use crate::outcome::{acknowledgement, failure};

/// Most submissions in one message.
pub const SUBMISSIONS_MAX: usize = 64;

/// The way into this hall's ledgers. Clones share it.
pub struct Intake<D: Disk> {
    pub(crate) hall: HallId,
    pub(crate) reader: Reader<D>,
    pub(crate) appender: Appender,
    pub(crate) rights: watch::Receiver<Rights>,
    pub(crate) clock: Arc<dyn Clock>,
    bounds: Arc<Bounds>,
    /// Submissions pass together; a handover of this hall's records passes alone.
    pub(crate) handing: Arc<RwLock<()>>,
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
        }
    }
}

/// A submission that has been judged: on its way, or refused.
type Judged = (String, Result<Draft, Failure>);
/// What the answer to a judged submission will name, once its entry is durable.
type Waiting = (String, Result<Promised, Failure>);

/// What an acknowledgement will name, or what is said instead of it unless the message is repeated.
type Promised = (RecordId, u32, Option<Failure>);

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
        let judged = blocking(move || this.judge(&who, &submissions)).await?;
        let mut waiting = Vec::with_capacity(judged.len());
        let mut entries = Vec::with_capacity(judged.len());
        for (message_id, draft) in judged {
            waiting.push((
                message_id,
                draft.map(|draft| {
                    entries.push(draft.entry);
                    (draft.record, draft.revision, draft.unless_repeated)
                }),
            ));
        }
        let outcomes = if entries.is_empty() {
            Vec::new()
        } else {
            self.appender.own(entries).await.map_err(|_| stopped())?
        };
        let this = self.clone();
        blocking(move || this.answer(waiting, outcomes)).await
    }

    fn judge(&self, submitter: &str, submissions: &[v1::Submission]) -> Vec<Judged> {
        let now = self.clock.now();
        let rights = self.rights.borrow().clone();
        let judge = |submission: &v1::Submission| {
            let checked = check(submission, now).map_err(Failure::of_violations)?;
            self.bounds.judge(checked.label, &self.hall, rights.acts())?;
            let here = Here { hall: &self.hall, acts: rights.acts(), now };
            Draft::new(&checked, submitter, &self.reader, &here)
        };
        submissions.iter().map(|one| (message_id(one), judge(one))).collect()
    }

    fn answer(&self, waiting: Vec<Waiting>, outcomes: Vec<Outcome>) -> Vec<v1::Outcome> {
        let mut outcomes = outcomes.into_iter();
        let mut answer = |draft: Result<Promised, Failure>| {
            let (record, revision, unless_repeated) = draft?;
            match outcomes.next() {
                Some(Outcome::Stale { .. } | Outcome::UnknownRecord)
                    if let Some(failure) = unless_repeated =>
                {
                    Err(failure)
                }
                Some(Outcome::Appended { ledger, index }) => {
                    Ok(acknowledgement(record, revision, (ledger, index), false))
                }
                Some(Outcome::Repeated { ledger, index }) => self.first_answer(ledger, index),
                Some(other) => Err(failure(&other)),
                None => Err(stopped()),
            }
        };
        let said = |(message_id, draft)| {
            let outcome = answer(draft);
            metrics::counter!(metric::INTAKE_RECORDS_TOTAL, "outcome" => word(&outcome))
                .increment(1);
            let outcome = match outcome {
                Ok(acknowledged) => v1::outcome::Outcome::Acknowledgement(acknowledged),
                Err(failure) => v1::outcome::Outcome::Refusal(failure.refusal()),
            };
            v1::Outcome { message_id, outcome: Some(outcome) }
        };
        waiting.into_iter().map(said).collect()
    }

    /// What the first message of this id was told, read back from its stamp.
    fn first_answer(&self, ledger: LedgerName, index: u64) -> Result<v1::Acknowledgement, Failure> {
        let unreadable =
            || Failure::new(Class::Corrupt, "ledger-unreadable", "the first entry cannot be read");
        let stored = self.reader.entry(&ledger, index).ok().flatten().ok_or_else(unreadable)?;
        let head = stored.parts.part(0).ok_or_else(unreadable)?;
        let head = wire::head_from_bytes(head).map_err(|_| unreadable())?;
        let stamp = head.stamp.ok_or_else(unreadable)?;
        Ok(acknowledgement(stamp.record, stamp.revision, (ledger, index), true))
    }
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
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Failure::new(Class::Internal, "task-failed", "the hall failed; see its log"))
}
