//! `SubmissionService`: bytes in, acknowledgements out. For systems of this hall.

use std::pin::Pin;

use intake::{Intake, SUBMISSIONS_MAX};
use ledger::Disk;
use pki::Identity;
use record::{Class, HallId};
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::{Extensions, Request, Response, Status, Streaming};
use wire::status::Failure;
use wire::v1;
use wire::v1::submission_service_server::{SubmissionService, SubmissionServiceServer};

use crate::limits::{Limits, MESSAGE_BYTES_MAX};

/// Messages of one stream that wait for their fdatasync at once; a faster client is not read.
pub const STREAM_MESSAGES_MAX: usize = 64;

/// The face to service-hall systems.
pub struct SubmissionFace<D: Disk> {
    /// This hall; only its own systems submit here.
    pub hall: HallId,
    /// Where submissions go.
    pub intake: Intake<D>,
    /// Limits.
    pub limits: Limits,
    /// Where streams run.
    pub tasks: TaskTracker,
    /// Ends streams, after the answers under way.
    pub stop: CancellationToken,
}

impl<D: Disk> SubmissionFace<D> {
    /// The service for tonic's server.
    pub fn into_server(self) -> SubmissionServiceServer<Self> {
        SubmissionServiceServer::new(self)
            .max_decoding_message_size(MESSAGE_BYTES_MAX)
            .max_encoding_message_size(MESSAGE_BYTES_MAX)
    }

    fn submitter(&self, extensions: &Extensions) -> Result<String, Status> {
        let own = |identity: &Identity| matches!(identity, Identity::System { hall, .. } if *hall == self.hall);
        let caller = self.limits.caller(extensions, own, "systems of this hall")?;
        Ok(caller.path())
    }
}

#[tonic::async_trait]
impl<D: Disk> SubmissionService for SubmissionFace<D> {
    type SubmitStreamStream =
        Pin<Box<dyn Stream<Item = Result<v1::SubmitStreamResponse, Status>> + Send>>;

    async fn submit(
        &self,
        request: Request<v1::SubmitRequest>,
    ) -> Result<Response<v1::SubmitResponse>, Status> {
        let submitter = self.submitter(request.extensions())?;
        let _place = self.limits.place().await?;
        let submissions = request.into_inner().submissions;
        admit(&self.limits, &submitter, submissions.len())?;
        let outcomes =
            self.intake.submit(&submitter, submissions).await.map_err(|error| error.status())?;
        Ok(Response::new(v1::SubmitResponse { outcomes }))
    }

    async fn submit_stream(
        &self,
        request: Request<Streaming<v1::SubmitStreamRequest>>,
    ) -> Result<Response<Self::SubmitStreamStream>, Status> {
        let submitter = self.submitter(request.extensions())?;
        let place = self.limits.place().await?;
        let (answers, stream) = mpsc::channel(STREAM_MESSAGES_MAX);
        let pump = Pump {
            intake: self.intake.clone(),
            limits: self.limits.clone(),
            submitter,
            answers,
            turns: Arc::new(Semaphore::new(STREAM_MESSAGES_MAX)),
            stop: self.stop.clone(),
        };
        let messages = request.into_inner();
        self.tasks.spawn(async move {
            pump.run(messages).await;
            drop(place);
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(stream))))
    }
}

/// One stream of submissions: reads messages while there are turns, answers each by itself.
struct Pump<D: Disk> {
    intake: Intake<D>,
    limits: Limits,
    submitter: String,
    answers: mpsc::Sender<Result<v1::SubmitStreamResponse, Status>>,
    turns: Arc<Semaphore>,
    stop: CancellationToken,
}

impl<D: Disk> Pump<D> {
    async fn run(self, mut messages: Streaming<v1::SubmitStreamRequest>) {
        let under_way = TaskTracker::new();
        let broken = loop {
            let Ok(turn) = Arc::clone(&self.turns).acquire_owned().await else { break None };
            let message = tokio::select! {
                () = self.stop.cancelled() => {
                    break Some(Status::unavailable("the hall is going down; submit the rest again"));
                }
                message = messages.next() => message,
            };
            match message {
                None => break None,
                Some(Err(status)) => break Some(status),
                Some(Ok(message)) => {
                    let count = message.submissions.len();
                    if let Err(status) = admit(&self.limits, &self.submitter, count) {
                        break Some(status);
                    }
                    let (intake, who) = (self.intake.clone(), self.submitter.clone());
                    let answers = self.answers.clone();
                    under_way.spawn(async move {
                        let outcomes = intake.submit(&who, message.submissions).await;
                        let answer = outcomes
                            .map(|outcomes| v1::SubmitStreamResponse { outcomes })
                            .map_err(|error| error.status());
                        // A caller that went away changes nothing: its records stay.
                        let _gone = answers.send(answer).await;
                        drop(turn);
                    });
                }
            }
        };
        under_way.close();
        under_way.wait().await;
        if let Some(status) = broken {
            let _gone = self.answers.send(Err(status)).await;
        }
    }
}

fn admit(limits: &Limits, submitter: &str, count: usize) -> Result<(), Status> {
    if count == 0 || count > SUBMISSIONS_MAX {
        return Err(Failure::new(
            Class::Invalid,
            "submissions-count",
            format!("a message has {count} submissions, it must have 1 to {SUBMISSIONS_MAX}"),
        )
        .in_chinese(format!("一条消息须含 1 至 {SUBMISSIONS_MAX} 条提交，实有 {count} 条"))
        .with("limit", "submissions")
        .status());
    }
    limits.spend(submitter, count).map_err(Status::from)
}
