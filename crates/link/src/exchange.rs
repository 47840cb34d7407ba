//! The exchange: the task that owns a hall's replication machine. It waits for what happens, asks the
//! machine, and has done what the machine wants; it decides nothing.
//!
//! ```text
//!   pumps of connections ──┐                       ┌──► frames to pumps
//!   answers of the desk  ──┼─► inbox ─► machine ───┼──► reads and proofs (blocking threads, bounded)
//!   the ledger's head    ──┘   (one    `on(event,  ├──► batches to the one door, in order per peer
//!   its own timer        ──┘    task)    now)`     └──► dials, notes to the outbox, alarms
//! ```
//!
//! Nothing here is awaited but the next event. Whatever takes time runs beside it and answers through
//! the inbox; a hall with a slow disk or a slow peer still hears everybody.

mod acts;
mod answer;
mod door;
mod perform;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ledger::{Appender, Disk, Durable, Reader, Signer};
use outbox::Applier;
use policy::Rights;
use record::{HallId, LedgerName, Timestamp, TrustDomain};
use telemetry::{Board, Clock, metric};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::frame::Frame;

use crate::dial::Dialler;
use crate::inbox::{Inbox, Message, View};
use crate::line::Line;
use crate::machine::{Connection, Event, Head, Machine};

pub use acts::{ActsError, ActsFollower};

/// Reads and proofs under way at once.
pub const DESK_TASKS_MAX: usize = 8;
/// How long lines may take to send what they hold when the hall goes down.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// Longest the exchange sleeps when nothing happens.
const IDLE: Duration = Duration::from_hours(1);

/// What an exchange works with.
pub struct Tools<D: Disk> {
    /// This hall.
    pub hall: HallId,
    /// Its trust domain.
    pub domain: TrustDomain,
    /// The ledger's reading end.
    pub reader: Reader<D>,
    /// The ledger's one door.
    pub appender: Appender,
    /// Tells that something new is durable.
    pub durable: watch::Receiver<Durable>,
    /// What links remember.
    pub outbox: Applier,
    /// Signs receipts.
    pub holder: Arc<dyn Signer>,
    /// Where alarms go.
    pub board: Board,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Connects to peers.
    pub dialler: Dialler,
}

/// The task, not yet running.
pub struct Exchange<D: Disk> {
    tools: Arc<Tools<D>>,
    machine: Machine,
    inbox: Inbox,
    messages: mpsc::Receiver<Message>,
    lines: BTreeMap<Connection, Line>,
    doors: BTreeMap<HallId, door::Door>,
    known: BTreeMap<LedgerName, Head>,
    durable: watch::Receiver<Durable>,
    acts: acts::Seat<D>,
    rights: watch::Sender<Rights>,
    level: watch::Sender<bool>,
    desk: Arc<Semaphore>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl<D: Disk> Exchange<D> {
    /// An exchange around a machine; `follower` has read the acts that are durable now, `rights` is
    /// where everybody else reads what they say.
    pub fn new(
        tools: Tools<D>,
        machine: Machine,
        follower: ActsFollower<D>,
        rights: watch::Sender<Rights>,
        stop: CancellationToken,
    ) -> (Self, Inbox) {
        let (inbox, messages) = Inbox::new();
        let (level, _) = watch::channel(machine.acts_are_level());
        let exchange = Self {
            machine,
            messages,
            inbox: inbox.clone(),
            lines: BTreeMap::new(),
            doors: BTreeMap::new(),
            known: BTreeMap::new(),
            durable: tools.durable.clone(),
            acts: acts::Seat::new(follower),
            rights,
            level,
            desk: Arc::new(Semaphore::new(DESK_TASKS_MAX)),
            tasks: TaskTracker::new(),
            tools: Arc::new(tools),
            stop,
        };
        (exchange, inbox)
    }

    /// Whether the acts held here are level with those of the peers this hall dials, as it changes.
    pub fn level(&self) -> watch::Receiver<bool> {
        self.level.subscribe()
    }

    /// Runs until the hall stops; says goodbye to peers first.
    pub async fn run(mut self) {
        let _changed = self.heads_moved();
        self.step(Event::Tick);
        while let Some(message) = self.next().await {
            self.take(message);
        }
        self.step(Event::Drain);
        self.end().await;
    }

    /// Lets every line send what it holds, then ends it; nothing is taken in any more.
    async fn end(self) {
        let Self { lines, doors, mut messages, tasks, .. } = self;
        messages.close();
        let stops: Vec<_> = lines.values().map(|line| line.stop.clone()).collect();
        drop((lines, doors));
        tasks.close();
        if tokio::time::timeout(LAST_WORDS, tasks.wait()).await.is_err() {
            stops.iter().for_each(CancellationToken::cancel);
            tasks.wait().await;
        }
        stops.iter().for_each(CancellationToken::cancel);
    }

    /// The only place that waits.
    async fn next(&mut self) -> Option<Heard<D>> {
        let sleep = self.machine.wakes_at().map_or(IDLE, |at| at.since(self.now())).min(IDLE);
        tokio::select! {
            biased;
            () = self.stop.cancelled() => None,
            changed = self.durable.changed() => changed.ok().map(|()| Heard::Durable),
            message = self.messages.recv() => message.map(Heard::Message),
            follower = self.acts.finished() => Some(Heard::Acts(Box::new(follower))),
            () = tokio::time::sleep(sleep) => Some(Heard::Message(Message::Event(Event::Tick))),
        }
    }

    fn take(&mut self, heard: Heard<D>) {
        match heard {
            Heard::Durable => {
                for event in self.heads_moved() {
                    self.step(event);
                }
                self.acts.start();
            }
            Heard::Acts(finished) => {
                if let Some(rights) = self.acts.put_back(*finished) {
                    self.rights.send_replace(rights.clone());
                    self.step(Event::ActsMoved { rights });
                }
            }
            Heard::Message(Message::Opened { peer, connection, dialled, line }) => {
                self.lines.insert(connection, line);
                self.step(Event::Opened { peer, connection, dialled });
            }
            Heard::Message(Message::Event(event)) => self.step(event),
            Heard::Message(Message::Look(answer)) => {
                // Who asked may be gone.
                let _gone = answer.send(View::of(&self.machine, self.now()));
            }
        }
    }

    fn step(&mut self, event: Event) {
        if let Event::Lost { peer, connection, .. } = &event {
            self.lines.remove(connection);
            perform::count(metric::LINK_RECONNECTS_TOTAL, peer, 1);
        }
        if let Event::Arrived { peer, frame, .. } = &event {
            perform::count(metric::LINK_RECEIVED_BYTES_TOTAL, peer, frame.cost());
        }
        // While the acts are level, only word of more of them or a new line can change that.
        let telling = matches!(
            &event,
            Event::Arrived { frame: Frame::Hello(_) | Frame::Heads(_), .. }
                | Event::Opened { .. }
                | Event::Reloaded { .. }
        );
        let now = self.now();
        for action in self.machine.on(event, now) {
            self.perform(action);
        }
        if telling || !*self.level.borrow() {
            let level = self.machine.acts_are_level();
            self.level.send_if_modified(|was| std::mem::replace(was, level) != level);
        }
    }

    /// The ledgers that grew since this was asked last.
    fn heads_moved(&mut self) -> Vec<Event> {
        let mut moved = Vec::new();
        for (ledger, head) in self.tools.reader.heads() {
            let head = Head { size: head.size, root: head.root };
            if self.known.get(&ledger) != Some(&head) {
                self.known.insert(ledger.clone(), head);
                moved.push(Event::Grown { ledger, head });
            }
        }
        moved
    }

    fn now(&self) -> Timestamp {
        self.tools.clock.now()
    }
}

/// What `next` heard.
enum Heard<D: Disk> {
    Durable,
    Message(Message),
    Acts(Box<acts::Finished<D>>),
}
