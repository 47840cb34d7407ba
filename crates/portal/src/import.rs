//! `ImportService`: forms of rows in, results out, in order. For systems of this hall.

use std::pin::Pin;

use intake::{IMPORT_ROWS_MAX, IMPORT_UNDER_WAY, Intake};
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

/// Messages of one import that are read and wait for the intake.
pub const IMPORT_MESSAGES_MAX: usize = 1;

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
        let (answers, stream) = mpsc::channel(IMPORT_UNDER_WAY);
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

/// One import: its messages go to the intake in the order they came.
struct Run<D: Disk> {
    intake: Intake<D>,
    limits: Limits,
    submitter: String,
    answers: mpsc::Sender<Result<v1::ImportResponse, Status>>,
    stop: CancellationToken,
}

impl<D: Disk> Run<D> {
    async fn through(self, mut messages: Streaming<v1::ImportRequest>) {
        if let Err(status) = self.work(&mut messages).await {
            // An importer that went away needs no reason.
            drop(self.answers.send(Err(status)).await);
        }
    }

    /// Rows are read until the importer ends, the hall goes down or something is wrong; what was read
    /// is answered before that is told.
    async fn work(&self, messages: &mut Streaming<v1::ImportRequest>) -> Result<(), Status> {
        let settings = match self.next(messages).await? {
            Some(Asked::Settings(said)) => {
                self.intake.import_settings(&said).map_err(Status::from)?
            }
            Some(Asked::Rows(_)) => return Err(out_of_order().into()),
            None => return Ok(()),
        };
        let (rows_in, rows) = mpsc::channel(IMPORT_MESSAGES_MAX);
        let entering = self.intake.import(&self.submitter, &settings, rows, &self.answers);
        let (read, entered) = tokio::join!(self.read(messages, rows_in), entering);
        entered.map_err(Status::from).and(read)
    }

    /// Hands on rows, or ends when nobody takes them any more.
    async fn read(
        &self,
        messages: &mut Streaming<v1::ImportRequest>,
        rows_in: mpsc::Sender<Vec<v1::ImportRow>>,
    ) -> Result<(), Status> {
        loop {
            let message = tokio::select! {
                () = rows_in.closed() => return Ok(()),
                message = self.next(messages) => message?,
            };
            let rows = match message {
                Some(Asked::Rows(rows)) => rows.rows,
                Some(Asked::Settings(_)) => return Err(out_of_order().into()),
                None => return Ok(()),
            };
            if rows.is_empty() || rows.len() > IMPORT_ROWS_MAX {
                return Err(count(rows.len()).into());
            }
            self.pace(rows.len()).await;
            if rows_in.send(rows).await.is_err() {
                return Ok(());
            }
        }
    }

    /// The next message; none when the importer has sent all.
    async fn next(
        &self,
        messages: &mut Streaming<v1::ImportRequest>,
    ) -> Result<Option<Asked>, Status> {
        let message = tokio::select! {
            () = self.stop.cancelled() => return Err(going_down()),
            message = messages.next() => message.transpose()?,
        };
        message.map(|message| message.request.ok_or_else(|| out_of_order().into())).transpose()
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
