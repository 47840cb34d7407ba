//! `ImportService`: forms of rows in, results out, in order. For systems of this hall.

use std::pin::Pin;

use intake::{IMPORT_ROWS_MAX, ImportSettings, Intake};
use ledger::Disk;
use pki::Identity;
use record::{Class, HallId};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::{Request, Response, Status, Streaming};
use wire::status::Failure;
use wire::v1;
use wire::v1::import_request::Request as Asked;
use wire::v1::import_service_server::{ImportService, ImportServiceServer};

use crate::limits::{Limits, MESSAGE_BYTES_MAX, WAIT};

/// Answers of one import that wait to be read; beyond, no more rows are taken.
pub const IMPORT_ANSWERS_MAX: usize = 4;

/// The face to importers.
pub struct ImportFace<D: Disk> {
    /// This hall; only its own systems import here.
    pub hall: HallId,
    /// Where rows go.
    pub intake: Intake<D>,
    /// Limits.
    pub limits: Limits,
    /// Where imports run.
    pub tasks: TaskTracker,
    /// Ends imports, after the rows under way.
    pub stop: CancellationToken,
}

impl<D: Disk> ImportFace<D> {
    /// The service for tonic's server.
    pub fn into_server(self) -> ImportServiceServer<Self> {
        ImportServiceServer::new(self)
            .max_decoding_message_size(MESSAGE_BYTES_MAX)
            .max_encoding_message_size(MESSAGE_BYTES_MAX)
    }
}

#[tonic::async_trait]
impl<D: Disk> ImportService for ImportFace<D> {
    type ImportStream = Pin<Box<dyn Stream<Item = Result<v1::ImportResponse, Status>> + Send>>;

    async fn import(
        &self,
        request: Request<Streaming<v1::ImportRequest>>,
    ) -> Result<Response<Self::ImportStream>, Status> {
        let own = |identity: &Identity| matches!(identity, Identity::System { hall, .. } if *hall == self.hall);
        let caller = self.limits.caller(request.extensions(), own, "systems of this hall")?;
        let place = self.limits.place().await?;
        let (answers, stream) = mpsc::channel(IMPORT_ANSWERS_MAX);
        let run = Run {
            intake: self.intake.clone(),
            limits: self.limits.clone(),
            submitter: caller.path(),
            answers,
            stop: self.stop.clone(),
        };
        let messages = request.into_inner();
        self.tasks.spawn(async move {
            run.through(messages).await;
            drop(place);
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(stream))))
    }
}

/// One import: message after message, each answered before the next is taken, so that a row that
/// revises comes after the row it revises.
struct Run<D: Disk> {
    intake: Intake<D>,
    limits: Limits,
    submitter: String,
    answers: mpsc::Sender<Result<v1::ImportResponse, Status>>,
    stop: CancellationToken,
}

impl<D: Disk> Run<D> {
    async fn through(self, mut messages: Streaming<v1::ImportRequest>) {
        let mut settings = None;
        loop {
            let message = tokio::select! {
                () = self.stop.cancelled() => Some(Err(going_down())),
                message = messages.next() => message,
            };
            let Some(message) = message else { return };
            let answer = match message {
                Ok(message) => self.answer(message, &mut settings).await,
                Err(status) => Err(status),
            };
            let over = answer.is_err();
            match answer {
                Ok(None) => {}
                Ok(Some(response)) => {
                    // An importer that went away changes nothing: its rows stay.
                    if self.answers.send(Ok(response)).await.is_err() {
                        return;
                    }
                }
                Err(status) => drop(self.answers.send(Err(status)).await),
            }
            if over {
                return;
            }
        }
    }

    async fn answer(
        &self,
        message: v1::ImportRequest,
        settings: &mut Option<ImportSettings>,
    ) -> Result<Option<v1::ImportResponse>, Status> {
        match (message.request, &settings) {
            (Some(Asked::Settings(said)), None) => {
                *settings = Some(self.intake.import_settings(&said).map_err(Status::from)?);
                Ok(None)
            }
            (Some(Asked::Rows(rows)), Some(settings)) => {
                let rows = rows.rows;
                if rows.is_empty() || rows.len() > IMPORT_ROWS_MAX {
                    return Err(count(rows.len()).into());
                }
                self.pace(rows.len()).await;
                let results = self.intake.import(&self.submitter, settings, rows).await;
                let results = results.map_err(Status::from)?;
                Ok(Some(v1::ImportResponse { results }))
            }
            (Some(Asked::Settings(_)), Some(_)) | (Some(Asked::Rows(_)) | None, _) => {
                Err(out_of_order().into())
            }
        }
    }

    /// An import waits for its rate; nobody has to send rows again.
    async fn pace(&self, rows: usize) {
        while self.limits.spend(&self.submitter, rows).is_err() {
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = tokio::time::sleep(WAIT) => {}
            }
        }
    }
}

fn going_down() -> Status {
    Status::unavailable("the hall is going down; import the file again, nothing is doubled")
}

fn count(rows: usize) -> Failure {
    let message = format!("a message has {rows} rows, it must have 1 to {IMPORT_ROWS_MAX}");
    Failure::new(Class::Invalid, "rows-count", message)
        .in_chinese(format!("一条消息须含 1 至 {IMPORT_ROWS_MAX} 行，实有 {rows} 行"))
        .with("limit", "rows")
}

fn out_of_order() -> Failure {
    Failure::new(
        Class::Invalid,
        "import-order",
        "the first message says the settings, every later one has rows",
    )
    .in_chinese("第一条消息须为导入设置，其后均为数据行")
}
