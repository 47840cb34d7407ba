//! What a peer brings goes through the one door in the order it came: one task per peer verifies a
//! seal's signature, hands the batch to the writer, waits for its fdatasync and answers. Peers wait
//! for each other only in the writer's queue.

use std::sync::Arc;

use ledger::Disk;
use policy::Rights;
use record::HallId;
use tokio::sync::{mpsc, watch};
use wire::frame::{Batch, Fill};

use super::{Exchange, Tools};
use crate::desk::door as desk;
use crate::inbox::Inbox;
use crate::machine::{Event, Head, Taken, Ticket};

/// Batches and fills of one peer that may wait; its credit keeps it far below.
const DOOR_QUEUE_ITEMS: usize = 65_536;

/// The way of one peer's data to the door.
pub(super) struct Door {
    queue: mpsc::Sender<Brought>,
}

enum Brought {
    Batch(Ticket, Batch),
    Fill(Ticket, Fill),
}

impl Door {
    pub(super) fn take(&self, ticket: Ticket, batch: Batch) {
        self.enqueue(Brought::Batch(ticket, batch));
    }

    pub(super) fn take_fill(&self, ticket: Ticket, fill: Fill) {
        self.enqueue(Brought::Fill(ticket, fill));
    }

    fn enqueue(&self, brought: Brought) {
        // Beyond the queue stands only a peer that ignores its credit: its data is dropped, and the
        // link with it when the machine misses the answer.
        if self.queue.try_send(brought).is_err() {
            tracing::warn!("a peer brings more than its credit");
        }
    }
}

impl<D: Disk> Exchange<D> {
    pub(super) fn door(&mut self, via: HallId) -> &Door {
        self.doors.entry(via.clone()).or_insert_with(|| {
            let (queue, brought) = mpsc::channel(DOOR_QUEUE_ITEMS);
            let rights = self.rights.subscribe();
            let keeper =
                Keeper { tools: Arc::clone(&self.tools), inbox: self.inbox.clone(), via, rights };
            self.tasks.spawn(keeper.run(brought));
            Door { queue }
        })
    }
}

struct Keeper<D: Disk> {
    tools: Arc<Tools<D>>,
    inbox: Inbox,
    via: HallId,
    rights: watch::Receiver<Rights>,
}

impl<D: Disk> Keeper<D> {
    async fn run(self, mut brought: mpsc::Receiver<Brought>) {
        while let Some(next) = brought.recv().await {
            let answer = match next {
                Brought::Batch(ticket, batch) => self.batch(ticket, batch).await,
                Brought::Fill(ticket, fill) => self.fill(ticket, fill).await,
            };
            let Some(event) = answer else { return };
            if !self.inbox.tell(event).await {
                return;
            }
        }
    }

    /// None when the writer has stopped: then nothing may be answered.
    async fn batch(&self, ticket: Ticket, batch: Batch) -> Option<Event> {
        let ledger = batch.ledger.clone();
        let rights = self.rights.borrow().clone();
        let outcome = match desk::batch(rights.acts(), &self.via, batch) {
            Err(doubt) => desk::refused(doubt),
            Ok(entries) => {
                let outcome = self.tools.appender.peer(entries).await.ok()?;
                let head = self.tools.reader.head(&ledger);
                let head = head.map(|head| Head { size: head.size, root: head.root });
                let empty = Head { size: 0, root: ledger::empty_root() };
                desk::taken(outcome, head.unwrap_or(empty))
            }
        };
        if let Taken::Damaged { what } = &outcome {
            tracing::warn!(peer = %self.via, %ledger, what, "batch is damaged");
        }
        Some(Event::Taken { ticket, outcome })
    }

    async fn fill(&self, ticket: Ticket, fill: Fill) -> Option<Event> {
        let sent = u64::try_from(fill.entries.len()).unwrap_or(u64::MAX);
        let outcome = self.tools.appender.fill(desk::fill(&self.via, fill)).await.ok()?;
        let (new, refused) = desk::took_fill(outcome, sent);
        Some(Event::TookFill { ticket, new, refused })
    }
}
