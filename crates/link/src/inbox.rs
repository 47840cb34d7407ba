//! The exchange's one queue: everything that happens to links waits here, in order.

use tokio::sync::{mpsc, oneshot};

use crate::line::Line;
use crate::machine::{Connection, Event, LedgerView, LinkView, Machine, ParkedView, ReceiptView};
use record::{HallId, Timestamp};

/// Events that may wait for the exchange. A pump that finds it full stops reading its socket until
/// there is room; the exchange itself never waits, so there soon is.
pub const EVENTS_QUEUE_ITEMS: usize = 4_096;

/// What reaches the exchange.
#[derive(Debug)]
pub(crate) enum Message {
    /// A connection stands.
    Opened {
        /// With whom.
        peer: HallId,
        /// Which.
        connection: Connection,
        /// Whether this hall dialled.
        dialled: bool,
        /// The exchange's end of it.
        line: Line,
    },
    /// Something happened.
    Event(Event),
    /// Somebody wants to see how links stand.
    Look(oneshot::Sender<View>),
}

/// How all links of a hall stand at one moment.
#[derive(Clone, Debug)]
pub struct View {
    /// Links, by peer.
    pub links: Vec<LinkView>,
    /// Ledgers that travel, by name.
    pub ledgers: Vec<LedgerView>,
    /// Ledgers that wait or are frozen on one link.
    pub parked: Vec<ParkedView>,
    /// Newest receipts, by ledger and holder.
    pub receipts: Vec<ReceiptView>,
}

impl View {
    pub(crate) fn of(machine: &Machine, now: Timestamp) -> Self {
        Self {
            links: machine.links(now),
            ledgers: machine.ledgers(),
            parked: machine.parked(),
            receipts: machine.receipts(),
        }
    }
}

/// The door to the exchange; clones share the queue.
#[derive(Clone, Debug)]
pub struct Inbox {
    messages: mpsc::Sender<Message>,
}

impl Inbox {
    /// A queue and its door.
    pub(crate) fn new() -> (Self, mpsc::Receiver<Message>) {
        let (messages, receiver) = mpsc::channel(EVENTS_QUEUE_ITEMS);
        (Self { messages }, receiver)
    }

    /// Hands over an event; false when the exchange has ended.
    pub async fn tell(&self, event: Event) -> bool {
        self.messages.send(Message::Event(event)).await.is_ok()
    }

    /// How links stand; none when the exchange has ended.
    pub async fn look(&self) -> Option<View> {
        let (answer, view) = oneshot::channel();
        self.messages.send(Message::Look(answer)).await.ok()?;
        view.await.ok()
    }

    /// Events waiting now.
    pub fn depth(&self) -> usize {
        EVENTS_QUEUE_ITEMS - self.messages.capacity()
    }

    pub(crate) async fn opened(
        &self,
        peer: HallId,
        connection: Connection,
        dialled: bool,
        line: Line,
    ) -> bool {
        let opened = Message::Opened { peer, connection, dialled, line };
        self.messages.send(opened).await.is_ok()
    }
}
