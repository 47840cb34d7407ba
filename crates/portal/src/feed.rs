//! `FeedService`: what reaches this hall, handed on to who may see it, at least once.
//!
//! A feed reads the log itself, in the log's own order; what wakes it is the durable head. Its
//! [resume token](token) is a place in that log, so a follower that kept its last token misses
//! nothing: entries and parts that came later stand behind it, and what became visible by a later act
//! is handed on when the feed passes that act ([`walk`]). Each item says how its record stands, by all
//! that is known here when it is handed on; a ruling is an item of its own. Parts are the bytes of their submitter,
//! unknown fields included.
//!
//! Each feed reads on blocking threads, one step at a time, and never runs ahead of its follower by
//! more than a step. Deliberately absent: cursors kept by the hall; Cedar, which will narrow what a
//! department sees by purpose ([`viewer`]).

mod reading;
mod token;
mod viewer;
mod walk;

use std::sync::Arc;

use ledger::{Disk, Durable, Position, ReadError, Reader};
use pki::Identity;
use policy::Acts;
use record::{Class, HallId, TrustDomain};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::{Request, Response, Status};
use wire::status::Failure;
use wire::v1;
use wire::v1::feed_service_server::{FeedService, FeedServiceServer};

use crate::gate::{ACTS_LEVEL_WAIT, Gate};
use crate::limits::{Limits, MESSAGE_BYTES_MAX};
use crate::marks::Marks;
use token::Token;
use viewer::Viewer;
use walk::{Walk, WalkError};

/// Feeds open at once, unless configured.
pub const FEEDS_MAX: usize = 64;
/// Items that wait for a follower; beyond it the feed reads no further.
pub const FEED_ITEMS_MAX: usize = 16;
/// Kinds that a follower may name.
pub const FEED_KINDS_MAX: usize = 64;

/// The face to those who follow what reaches this hall.
pub struct FeedFace<D: Disk> {
    /// This hall's trust domain; nobody else's callers follow here.
    pub domain: TrustDomain,
    /// This hall.
    pub hall: HallId,
    /// Its log.
    pub reader: Reader<D>,
    /// How far the log is durable; what wakes a feed.
    pub durable: watch::Receiver<Durable>,
    /// Trust's beginning, `Acts::new` with no act applied: each feed reads the acts by itself, as of
    /// its own place in the log, so that no right can come too late for the entry behind it.
    pub anchor: Acts,
    /// What revisions have ended, shared by all feeds.
    pub marks: Marks<D>,
    /// Whether the acts are level with those of the peers above; feeds wait for it.
    pub level: watch::Receiver<bool>,
    /// A place for each open feed, [`FEEDS_MAX`] by default.
    pub places: Arc<Semaphore>,
    /// Limits; those turned away are noted here.
    pub limits: Limits,
    /// Where feeds run.
    pub tasks: TaskTracker,
    /// Ends feeds; their followers come back with their tokens.
    pub stop: CancellationToken,
}

impl<D: Disk> FeedFace<D> {
    /// The service for tonic's server.
    pub fn into_server(self) -> FeedServiceServer<Self> {
        FeedServiceServer::new(self)
            .max_decoding_message_size(MESSAGE_BYTES_MAX)
            .max_encoding_message_size(MESSAGE_BYTES_MAX)
    }

    fn place(&self) -> Result<OwnedSemaphorePermit, Status> {
        Arc::clone(&self.places).try_acquire_owned().map_err(|_| {
            Failure::new(Class::Exhausted, "limit-reached", "limit feeds is reached; try again")
                .in_chinese("同时打开的订阅数已达上限，请稍后再试")
                .with("limit", "feeds")
                .status()
        })
    }
}

#[tonic::async_trait]
impl<D: Disk> FeedService for FeedFace<D> {
    type FollowStream = ReceiverStream<Result<v1::FollowResponse, Status>>;

    async fn follow(
        &self,
        request: Request<v1::FollowRequest>,
    ) -> Result<Response<Self::FollowStream>, Status> {
        let ours = |identity: &Identity| *identity.domain() == self.domain;
        let who = "callers of this hall's trust domain";
        let caller = self.limits.caller(request.extensions(), ours, who)?;
        let place = self.place()?;
        let v1::FollowRequest { resume_token, kinds, until_now } = request.into_inner();
        if kinds.len() > FEED_KINDS_MAX {
            return Err(too_many_kinds(kinds.len()));
        }
        let token = match resume_token.as_str() {
            "" => None,
            text => Some(text.parse::<Token>().map_err(|_| unreadable_token())?),
        };
        let viewer = Viewer::of(&caller, &self.hall);
        let log = (self.reader.clone(), self.marks.clone());
        let anchor = self.anchor.clone();
        let gate = Gate::new(self.level.clone(), ACTS_LEVEL_WAIT);
        let walk = blocking(move || Walk::start(log, anchor, viewer, kinds, token)).await?;
        let walk = walk.map_err(|error| told(&error))?;
        let (items, stream) = mpsc::channel(FEED_ITEMS_MAX);
        let (durable, stop) = (self.durable.clone(), self.stop.clone());
        let feed = Feed { items, durable, until_now, end: None, gate, stop };
        self.tasks.spawn(async move {
            feed.run(walk).await;
            drop(place);
        });
        Ok(Response::new(ReceiverStream::new(stream)))
    }
}

/// One open feed.
struct Feed {
    items: mpsc::Sender<Result<v1::FollowResponse, Status>>,
    durable: watch::Receiver<Durable>,
    /// Whether it ends instead of waiting.
    until_now: bool,
    /// Where a feed that does not wait ends, once it may begin.
    end: Option<Position>,
    gate: Gate,
    stop: CancellationToken,
}

impl Feed {
    async fn run(mut self, walk: Walk<impl Disk>) {
        if let Err(status) = self.pump(walk).await {
            // A follower that went away needs no reason.
            let _gone = self.items.send(Err(status)).await;
        }
    }

    /// Steps until the end, the stop, or the follower's leave.
    async fn pump(&mut self, mut walk: Walk<impl Disk>) -> Result<(), Status> {
        loop {
            tokio::select! {
                () = self.stop.cancelled() => return Err(going_down()),
                () = self.items.closed() => return Ok(()),
                () = self.gate.passed() => {}
            }
            if self.until_now && self.end.is_none() {
                self.end = Some(walk.durable_end());
            }
            self.durable.borrow_and_update();
            let (walked, step) = blocking(move || {
                let step = walk.step();
                (walk, step)
            })
            .await?;
            walk = walked;
            let step = step.map_err(|error| told(&error))?;
            for item in step.items {
                tokio::select! {
                    () = self.stop.cancelled() => return Err(going_down()),
                    sent = self.items.send(Ok(item)) => if sent.is_err() { return Ok(()) },
                }
            }
            let at_end = self.end.is_some_and(|end| walk.is_past(end));
            if at_end || (step.waits && self.end.is_some()) {
                return Ok(());
            }
            if step.waits {
                tokio::select! {
                    () = self.stop.cancelled() => return Err(going_down()),
                    () = self.items.closed() => return Ok(()),
                    moved = self.durable.changed() => if moved.is_err() { return Err(going_down()) },
                }
            }
        }
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Status> {
    tokio::task::spawn_blocking(work).await.map_err(|_| {
        Failure::new(Class::Internal, "task-failed", "the hall failed; see its log").status()
    })
}

fn told(error: &WalkError) -> Status {
    match error {
        WalkError::Beyond => unreadable_token(),
        WalkError::Read(error) => unreadable(error),
    }
}

fn unreadable(error: &ReadError) -> Status {
    tracing::error!(%error, cause = ?error, "a feed cannot read the log");
    Failure::new(
        Class::Corrupt,
        "ledger-unreadable",
        "the log cannot be read; see `hallway verify`",
    )
    .status()
}

fn unreadable_token() -> Status {
    let message = "resume_token is not one that this service gave; leave it empty to begin anew";
    Failure::new(Class::Invalid, "resume-token", message)
        .in_chinese("续传标记不是本服务给出的；留空则从头开始")
        .status()
}

fn too_many_kinds(kinds: usize) -> Status {
    let message = format!("kinds has {kinds} names, the limit FEED_KINDS_MAX is {FEED_KINDS_MAX}");
    Failure::new(Class::Invalid, "kinds-count", message).with("limit", "kinds").status()
}

fn going_down() -> Status {
    Failure::new(Class::Unavailable, "going-down", "the hall is going down; follow again later")
        .status()
}

#[cfg(test)]
mod tests;
