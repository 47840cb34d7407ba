//! One connection to a peer: a pump between its gRPC stream and the exchange. It carries and decides
//! nothing.
//!
//! Data on a line is bounded by the credit both sides gave each other. Control is bounded by
//! [`FRAMES_QUEUE_ITEMS`]: a peer that does not read what it is told loses the connection, never the
//! hall its memory.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use record::HallId;
use tokio::sync::mpsc;
use tokio_stream::{Stream, StreamExt};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::{Code, Status};
use wire::frame::Frame;
use wire::v1;

use crate::inbox::Inbox;
use crate::machine::{Connection, Event};

/// Frames that may wait for the network on one connection.
pub const FRAMES_QUEUE_ITEMS: usize = 8_192;
/// Largest message of a link: a batch is at most one commit of 4 MiB, with room for leaves and salts.
pub const LINK_MESSAGE_BYTES_MAX: usize = 16 << 20;

/// The exchange's end of a connection.
#[derive(Debug)]
pub(crate) struct Line {
    /// Frames on their way out; dropping it ends the connection after what it holds.
    pub(crate) frames: mpsc::Sender<Frame>,
    /// Ends the connection at once.
    pub(crate) stop: CancellationToken,
}

impl Line {
    /// The exchange's end, and the frames for the network's end.
    pub(crate) fn new() -> (Self, mpsc::Receiver<Frame>) {
        let (frames, outgoing) = mpsc::channel(FRAMES_QUEUE_ITEMS);
        (Self { frames, stop: CancellationToken::new() }, outgoing)
    }
}

/// A connection as the pump sees it.
#[derive(Clone, Debug)]
pub(crate) struct Seat {
    /// Who is at the other end.
    pub(crate) peer: HallId,
    /// Which connection it is.
    pub(crate) connection: Connection,
    /// Where what is heard goes.
    pub(crate) inbox: Inbox,
    /// Cancelled when the exchange or the hall is done with the connection.
    pub(crate) stop: CancellationToken,
}

impl Seat {
    /// Hands every frame that arrives to the exchange until the stream ends, then says why it ended.
    pub(crate) async fn listen<M>(self, mut stream: impl Stream<Item = Result<M, Status>> + Unpin)
    where
        M: Into<Option<v1::Frame>>,
    {
        let reason = loop {
            let arrived = tokio::select! {
                () = self.stop.cancelled() => break "closed-here".to_owned(),
                arrived = stream.next() => arrived,
            };
            let event = match arrived {
                None => break "closed-by-peer".to_owned(),
                Some(Err(status)) => break reason_of(&status),
                Some(Ok(message)) => self.read(message.into()),
            };
            if !self.inbox.tell(event).await {
                break "shutting-down".to_owned();
            }
        };
        self.stop.cancel();
        let Self { peer, connection, .. } = self;
        let _told = self.inbox.tell(Event::Lost { peer, connection, reason }).await;
    }

    fn read(&self, frame: Option<v1::Frame>) -> Event {
        let (peer, connection) = (self.peer.clone(), self.connection);
        match Frame::try_from(frame.unwrap_or_default()) {
            Ok(frame) => Event::Arrived { peer, connection, frame },
            Err(error) => Event::Unreadable { peer, connection, what: error.to_string() },
        }
    }
}

/// A stable word for how a stream ended.
pub(crate) fn reason_of(status: &Status) -> String {
    let code = status.code();
    let lost = [Code::Unavailable, Code::Unknown, Code::Cancelled];
    if lost.contains(&code) { "connection-lost".to_owned() } else { kebab(code) }
}

/// A gRPC code as a stable word: `PermissionDenied` is `permission-denied`.
fn kebab(code: Code) -> String {
    let mut word = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_uppercase() && !word.is_empty() {
            word.push('-');
        }
        word.extend(letter.to_lowercase());
    }
    word
}

/// What the pump sends: frames until the exchange drops its end or the connection is stopped.
#[derive(Debug)]
pub(crate) struct Outgoing {
    frames: mpsc::Receiver<Frame>,
    stopped: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl Outgoing {
    pub(crate) fn new(frames: mpsc::Receiver<Frame>, stop: CancellationToken) -> Self {
        Self { frames, stopped: Box::pin(stop.cancelled_owned()) }
    }
}

impl Stream for Outgoing {
    type Item = v1::Frame;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<v1::Frame>> {
        if self.stopped.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        self.frames.poll_recv(context).map(|frame| frame.map(v1::Frame::from))
    }
}
