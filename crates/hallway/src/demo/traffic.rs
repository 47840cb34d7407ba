//! Submitting as a service-hall system should: over a stream, a bounded number of records without an
//! answer, and whatever a broken line left unanswered once more under the same message ids. The last
//! that were answered go along, as from a system that is not sure: each must get the very
//! acknowledgement it had.
//!
//! An acknowledgement is noted together with the bytes that were submitted; that list, and nothing
//! that a hall says of itself, is what the check compares the ledgers with.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::time::Duration;

use record::{LedgerName, NameError, RecordId, RecordIdError};
use thiserror::Error;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use wire::v1::outcome::Outcome as Answer;
use wire::v1::{Acknowledgement, Outcome, Refusal, SubmitStreamRequest};

use super::plan::Letter;
use super::scene::Stage;
use crate::client::{Access, ClientError, Role};

/// A letter that a hall has acknowledged.
#[derive(Clone, Debug)]
pub(super) struct Acknowledged {
    /// What was submitted.
    pub(super) letter: Letter,
    /// The record's id.
    pub(super) record: RecordId,
    /// Its revision.
    pub(super) revision: u32,
    /// The ledger it stands in.
    pub(super) ledger: LedgerName,
    /// At which index.
    pub(super) index: u64,
}

impl Acknowledged {
    fn place(&self) -> (RecordId, u32, &LedgerName, u64) {
        (self.record, self.revision, &self.ledger, self.index)
    }
}

/// Submits `letters` to the hall in `directory`, spread over `span`; returns when every one of them
/// is acknowledged, in no particular order.
pub(super) async fn submit(
    hall: &'static str,
    directory: &Path,
    letters: Vec<Letter>,
    span: Duration,
    stage: &Stage,
) -> Result<Vec<Acknowledged>, TrafficError> {
    let messages = letters.len().div_ceil(MESSAGE_RECORDS).max(1);
    let pause = span / u32::try_from(messages).unwrap_or(u32::MAX);
    let mut desk = Desk {
        hall,
        system: Access::new(directory, Role::System),
        pause: pause.max(PAUSE_MIN),
        waiting: letters.into(),
        flying: BTreeMap::new(),
        done: Vec::new(),
        stage: stage.clone(),
    };
    let mut moved = (0, Instant::now());
    while !desk.is_done() {
        let broken = match desk.session().await {
            Ok(()) => continue,
            Err(SessionError::Broken(status)) => {
                desk.take_back();
                status.to_string()
            }
            Err(SessionError::Dial(error)) => error.to_string(),
            Err(SessionError::Refused(error)) => return Err(error),
        };
        if desk.done.len() > moved.0 {
            moved = (desk.done.len(), Instant::now());
        } else if moved.1.elapsed() > GIVE_UP_AFTER {
            let left = desk.waiting.len();
            return Err(TrafficError::Unreachable { hall, left, broken });
        }
        tokio::time::sleep(DIAL_AGAIN).await;
    }
    Ok(desk.done)
}

/// One system at one hall.
struct Desk {
    hall: &'static str,
    system: Access,
    pause: Duration,
    waiting: VecDeque<Letter>,
    flying: BTreeMap<String, Letter>,
    done: Vec<Acknowledged>,
    stage: Stage,
}

impl Desk {
    fn is_done(&self) -> bool {
        self.waiting.is_empty() && self.flying.is_empty()
    }

    /// One stream, until everything is acknowledged or the line breaks.
    async fn session(&mut self) -> Result<(), SessionError> {
        let line = self.system.dial().await.map_err(SessionError::Dial)?;
        let (out, requests) = mpsc::channel(MESSAGES_IN_FLIGHT);
        let mut again = interval(self.pause);
        again.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let answers = line.submission().submit_stream(ReceiverStream::new(requests)).await;
        let mut answers = answers.map_err(SessionError::Broken)?.into_inner();
        while !self.is_done() {
            let room = self.flying.len() < FLYING_MAX && !self.waiting.is_empty();
            tokio::select! {
                _ = again.tick(), if room => {
                    // A closed stream says why in its answers.
                    if let Ok(place) = out.try_reserve() {
                        place.send(self.next_message());
                    }
                }
                answer = answers.message() => match answer.map_err(SessionError::Broken)? {
                    Some(answer) => {
                        for outcome in answer.outcomes {
                            self.take(outcome)?;
                        }
                    }
                    None => return Err(SessionError::Broken(Status::unavailable("stream ended"))),
                },
            }
        }
        Ok(())
    }

    fn next_message(&mut self) -> SubmitStreamRequest {
        let count = self.waiting.len().min(MESSAGE_RECORDS);
        let letters: Vec<Letter> = self.waiting.drain(..count).collect();
        let submissions = letters.iter().map(|letter| letter.submission.clone()).collect();
        self.flying.extend(letters.into_iter().map(|letter| (letter.id.clone(), letter)));
        SubmitStreamRequest { submissions }
    }

    fn take(&mut self, outcome: Outcome) -> Result<(), SessionError> {
        let Some(letter) = self.flying.remove(&outcome.message_id) else { return Ok(()) };
        match outcome.outcome {
            Some(Answer::Acknowledgement(acknowledgement)) => {
                let acknowledged = self.read(letter, &acknowledgement)?;
                let fresh = self.enter(acknowledged)?;
                self.stage.change(|scene| {
                    scene.acknowledged += u64::from(fresh);
                    scene.repeated += u64::from(acknowledgement.repeated_message);
                    scene.note(&acknowledgement.ledger, acknowledgement.index);
                });
                Ok(())
            }
            Some(Answer::Refusal(refusal)) if may_pass(&refusal) => {
                self.waiting.push_back(letter);
                Ok(())
            }
            Some(Answer::Refusal(refusal)) => Err(SessionError::Refused(TrafficError::Refused {
                hall: self.hall,
                id: letter.id,
                why: told(&refusal),
            })),
            None => Err(SessionError::Broken(Status::internal("an outcome without one"))),
        }
    }

    fn read(
        &self,
        letter: Letter,
        acknowledgement: &Acknowledgement,
    ) -> Result<Acknowledged, SessionError> {
        let Acknowledgement { record_id, revision, ledger, index, .. } = acknowledgement;
        let unread = |error| SessionError::Refused(TrafficError::Unread { hall: self.hall, error });
        Ok(Acknowledged {
            letter,
            record: record_id.parse().map_err(|error| unread(Unread::Record(error)))?,
            revision: *revision,
            ledger: ledger.parse().map_err(|error| unread(Unread::Ledger(error)))?,
            index: *index,
        })
    }

    /// Notes an acknowledgement; false for one that was there before, which must be the same.
    fn enter(&mut self, acknowledged: Acknowledged) -> Result<bool, SessionError> {
        let known = self.done.iter().rev().take(SENT_AGAIN + FLYING_MAX);
        let Some(first) = known.into_iter().find(|one| one.letter.id == acknowledged.letter.id)
        else {
            self.done.push(acknowledged);
            return Ok(true);
        };
        if first.place() == acknowledged.place() {
            return Ok(false);
        }
        let (hall, id) = (self.hall, acknowledged.letter.id);
        Err(SessionError::Refused(TrafficError::Changed { hall, id }))
    }

    /// What has no answer waits again, in the order it was sent, after the last that had one.
    fn take_back(&mut self) {
        let mut letters: Vec<Letter> = std::mem::take(&mut self.flying).into_values().collect();
        letters.sort_by_key(|letter| letter.row);
        for letter in letters.into_iter().rev() {
            self.waiting.push_front(letter);
        }
        for one in self.done.iter().rev().take(SENT_AGAIN) {
            if !self.waiting.iter().any(|letter| letter.id == one.letter.id) {
                self.waiting.push_front(one.letter.clone());
            }
        }
    }
}

/// Whether the same message may be taken a little later.
fn may_pass(refusal: &Refusal) -> bool {
    let code = tonic::Code::from_i32(refusal.code);
    code == tonic::Code::ResourceExhausted || code == tonic::Code::Unavailable
}

fn told(refusal: &Refusal) -> String {
    let code = tonic::Code::from_i32(refusal.code);
    let told = refusal.violations.iter().map(|one| format!("{}: {}", one.code, one.message_en));
    format!("{code:?} {}", told.collect::<Vec<_>>().join("; "))
}

/// How a session ended early.
enum SessionError {
    Dial(ClientError),
    Broken(Status),
    Refused(TrafficError),
}

/// Why something could not be submitted.
#[derive(Debug, Error)]
pub(super) enum TrafficError {
    /// No acknowledgement for too long.
    #[error("submit {left} records at {hall}, in vain for {GIVE_UP_AFTER:?}: {broken}")]
    Unreachable { hall: &'static str, left: usize, broken: String },
    /// A valid record was refused.
    #[error("submit {id} at {hall}: {why}")]
    Refused { hall: &'static str, id: String, why: String },
    /// The same message got another acknowledgement.
    #[error("submit {id} at {hall} again: it got another acknowledgement than before")]
    Changed { hall: &'static str, id: String },
    /// An acknowledgement that says nothing.
    #[error("read an acknowledgement of {hall}")]
    Unread {
        hall: &'static str,
        #[source]
        error: Unread,
    },
}

/// What is unreadable in an acknowledgement.
#[derive(Debug, Error)]
pub(super) enum Unread {
    /// The record id.
    #[error(transparent)]
    Record(RecordIdError),
    /// The ledger's name.
    #[error(transparent)]
    Ledger(NameError),
}

/// Records in one message.
const MESSAGE_RECORDS: usize = 16;
/// Messages between the desk and the wire.
const MESSAGES_IN_FLIGHT: usize = 4;
/// Records without an answer.
const FLYING_MAX: usize = 256;
/// Shortest pause between two messages.
const PAUSE_MIN: Duration = Duration::from_millis(1);
/// Acknowledged records that are sent again after a broken line.
const SENT_AGAIN: usize = 16;
/// Before a line that broke is dialled again.
const DIAL_AGAIN: Duration = Duration::from_millis(200);
/// Without a single acknowledgement for so long, the demonstration gives up.
const GIVE_UP_AFTER: Duration = Duration::from_secs(30);
