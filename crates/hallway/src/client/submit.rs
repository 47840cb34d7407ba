//! Submitting rows: 64 a message, a bounded number unanswered, every outcome told with its line.
//!
//! The stream is fed and read at once by one loop, so neither side ever waits for the other to read.
//! When the line breaks, what is unanswered is unknown, not lost: the same message ids submitted
//! again bring the same acknowledgements.

use std::collections::{BTreeMap, VecDeque};

use thiserror::Error;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;
use wire::v1;

use super::{CallError, Line, request};
use crate::exit::Exit;

/// Most records in one message, as the schema says.
pub const MESSAGE_RECORDS: usize = 64;
/// Bytes of records after which a message is sent though it has fewer.
pub const MESSAGE_BYTES: usize = 1 << 20;
/// Most records on their way without an outcome.
pub const IN_FLIGHT_RECORDS: usize = 2_048;

/// One submission and where it came from.
#[derive(Clone, Debug)]
pub struct Row {
    /// Line in its file, from 1.
    pub line: u64,
    /// Its message id, as in its head.
    pub message_id: String,
    /// What is submitted.
    pub submission: v1::Submission,
}

/// Submits batches over one stream until `batches` ends, each of at most [`MESSAGE_RECORDS`] rows;
/// `told` gets every outcome with its line, in the order of completion.
pub async fn streamed(
    line: &Line,
    mut batches: mpsc::Receiver<Vec<Row>>,
    told: &mut (dyn FnMut(u64, v1::Outcome) + Send),
) -> Result<(), SubmitError> {
    let (sender, receiver) = mpsc::channel(MESSAGES_QUEUED);
    let mut sender = Some(sender);
    let mut waiting = Waiting::default();
    let mut next: Option<Vec<v1::Submission>> = None;
    let mut client = line.submission();
    let opened = client.submit_stream(ReceiverStream::new(receiver)).await;
    let mut outcomes: Streaming<v1::SubmitStreamResponse> =
        opened.map_err(|status| waiting.broken(status))?.into_inner();
    loop {
        tokio::select! {
            batch = batches.recv(), if next.is_none() && sender.is_some() && waiting.has_room() => {
                match batch {
                    Some(rows) => next = Some(waiting.expect(rows)),
                    None => sender = None,
                }
            }
            permit = reserve(sender.clone()), if next.is_some() => match (permit, next.take()) {
                (Some(permit), Some(submissions)) => {
                    // The sender that comes back is a clone of ours.
                    drop(permit.send(v1::SubmitStreamRequest { submissions }));
                }
                // The hall closed its side; the stream says why.
                (None, _) | (_, None) => sender = None,
            },
            answer = outcomes.message() => match answer {
                Ok(Some(answer)) => {
                    for outcome in answer.outcomes {
                        if let Some(line) = waiting.answered(&outcome.message_id) {
                            told(line, outcome);
                        }
                    }
                }
                Ok(None) if waiting.records == 0 => return Ok(()),
                Ok(None) => return Err(SubmitError::Ended(waiting.unanswered())),
                Err(status) => return Err(waiting.broken(status)),
            },
        }
    }
}

/// Submits batch after batch with unary calls, each answered before the next is sent.
pub async fn one_by_one(
    line: &Line,
    mut batches: mpsc::Receiver<Vec<Row>>,
    told: &mut (dyn FnMut(u64, v1::Outcome) + Send),
) -> Result<(), SubmitError> {
    let mut client = line.submission();
    while let Some(rows) = batches.recv().await {
        let mut waiting = Waiting::default();
        let submissions = waiting.expect(rows);
        let answer = client.submit(request(v1::SubmitRequest { submissions })).await;
        let answer = answer.map_err(|status| waiting.broken(status))?.into_inner();
        for outcome in answer.outcomes {
            if let Some(line) = waiting.answered(&outcome.message_id) {
                told(line, outcome);
            }
        }
        if waiting.records > 0 {
            return Err(SubmitError::Ended(waiting.unanswered()));
        }
    }
    Ok(())
}

/// Room for one more message; none when the other side has closed.
async fn reserve(
    sender: Option<mpsc::Sender<v1::SubmitStreamRequest>>,
) -> Option<mpsc::OwnedPermit<v1::SubmitStreamRequest>> {
    sender?.reserve_owned().await.ok()
}

/// Messages between this loop and the socket.
const MESSAGES_QUEUED: usize = 4;

/// Lines without an outcome, by message id. One id may stand in several lines of a file.
#[derive(Default)]
struct Waiting {
    lines: BTreeMap<String, VecDeque<u64>>,
    records: usize,
}

impl Waiting {
    fn has_room(&self) -> bool {
        self.records + MESSAGE_RECORDS <= IN_FLIGHT_RECORDS
    }

    fn expect(&mut self, rows: Vec<Row>) -> Vec<v1::Submission> {
        self.records += rows.len();
        let expect = |row: Row| {
            self.lines.entry(row.message_id).or_default().push_back(row.line);
            row.submission
        };
        rows.into_iter().map(expect).collect()
    }

    fn answered(&mut self, message_id: &str) -> Option<u64> {
        let lines = self.lines.get_mut(message_id)?;
        let line = lines.pop_front();
        if lines.is_empty() {
            self.lines.remove(message_id);
        }
        self.records = self.records.saturating_sub(usize::from(line.is_some()));
        line
    }

    fn unanswered(&self) -> Unanswered {
        let first = self.lines.values().flatten().min().copied().unwrap_or_default();
        Unanswered { records: self.records, first_line: first }
    }

    fn broken(&self, status: tonic::Status) -> SubmitError {
        let call = CallError::of("submit")(status);
        SubmitError::Broken { unanswered: self.unanswered(), source: call }
    }
}

/// Records whose outcome is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unanswered {
    /// How many.
    pub records: usize,
    /// The first of their lines; 0 when there is none.
    pub first_line: u64,
}

/// Why submitting ended early.
#[derive(Debug, Error)]
pub enum SubmitError {
    /// The call failed or the line broke.
    #[error(
        "submit with {} records unanswered from line {} on; submit them again, repeated ones are recognised",
        unanswered.records, unanswered.first_line
    )]
    Broken {
        /// What is not known.
        unanswered: Unanswered,
        /// What happened.
        #[source]
        source: CallError,
    },
    /// The hall closed the stream before it had answered everything.
    #[error(
        "submit: the hall ended the stream with {} records unanswered from line {} on; submit them again",
        .0.records, .0.first_line
    )]
    Ended(Unanswered),
}

impl SubmitError {
    /// What is not known.
    pub fn unanswered(&self) -> Unanswered {
        match self {
            Self::Broken { unanswered, .. } | Self::Ended(unanswered) => *unanswered,
        }
    }

    /// How a command ends for it.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Broken { source, .. } => source.exit(),
            Self::Ended(_) => Exit::Unreachable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: u64, message_id: &str) -> Row {
        let message_id = message_id.to_owned();
        Row { line, message_id, submission: v1::Submission::default() }
    }

    #[test]
    fn outcomes_find_their_lines_even_when_ids_repeat() {
        let mut waiting = Waiting::default();
        assert_eq!(waiting.expect(vec![row(3, "a"), row(4, "b"), row(9, "a")]).len(), 3);
        assert_eq!(waiting.unanswered(), Unanswered { records: 3, first_line: 3 });
        assert_eq!(waiting.answered("a"), Some(3));
        assert_eq!(waiting.answered("a"), Some(9));
        assert_eq!(waiting.answered("a"), None, "answered twice already");
        assert_eq!(waiting.answered("stranger"), None);
        assert_eq!(waiting.unanswered(), Unanswered { records: 1, first_line: 4 });
        assert_eq!(waiting.answered("b"), Some(4));
        assert_eq!(waiting.unanswered(), Unanswered::default());
    }

    #[test]
    fn a_message_always_fits_into_the_room_that_is_left() {
        let mut waiting = Waiting::default();
        let mut line = 0;
        while waiting.has_room() {
            waiting.expect(
                (0..MESSAGE_RECORDS)
                    .map(|_| {
                        line += 1;
                        row(line, "x")
                    })
                    .collect(),
            );
        }
        assert_eq!(waiting.records, IN_FLIGHT_RECORDS);
    }
}
