//! The two queues in front of the writer: own submissions, and what peers bring.
//!
//! Each is bounded in bytes by a semaphore whose permits an append holds until it is answered; a
//! commit takes from both by weight, so neither a child's catch-up nor a busy counter starves the
//! other.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use record::{COMMIT_BYTES_MAX, COMMIT_ENTRIES_MAX};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::Limits;
use crate::append::Append;
use crate::outcome::Outcome;

/// Which queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    Own,
    Peer,
}

/// What one caller asks for, at most one commit.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) appends: Vec<Append>,
    pub(super) weight: usize,
}

/// What the writer took, with the way to answer it.
pub(super) struct Taken {
    pub(super) asked: Asked,
    pub(super) answer: oneshot::Sender<Vec<Outcome>>,
    pub(super) room: OwnedSemaphorePermit,
}

/// Both queues.
pub(super) struct Queues {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
    own_room: Arc<Semaphore>,
    peer_room: Arc<Semaphore>,
    limits: Limits,
}

#[derive(Default)]
struct Waiting {
    own: VecDeque<Taken>,
    peer: VecDeque<Taken>,
    closed: bool,
}

impl Queues {
    pub(super) fn new(limits: Limits) -> Self {
        let room = |bytes: usize| Arc::new(Semaphore::new(bytes.clamp(1, PERMITS_MAX)));
        Self {
            waiting: Mutex::default(),
            arrived: Condvar::new(),
            own_room: room(limits.own_bytes),
            peer_room: room(limits.peer_bytes),
            limits,
        }
    }

    /// Waits for room and enqueues; none when the writer has stopped.
    pub(super) async fn put(
        &self,
        lane: Lane,
        asked: Asked,
    ) -> Option<oneshot::Receiver<Vec<Outcome>>> {
        let (room, bound) = match lane {
            Lane::Own => (&self.own_room, self.limits.own_bytes),
            Lane::Peer => (&self.peer_room, self.limits.peer_bytes),
        };
        let permits = asked.weight.min(bound).clamp(1, PERMITS_MAX);
        let permits = u32::try_from(permits).unwrap_or(u32::MAX);
        let room = Arc::clone(room).acquire_many_owned(permits).await.ok()?;
        let (answer, answered) = oneshot::channel();
        let mut waiting = self.lock();
        if waiting.closed {
            return None;
        }
        let taken = Taken { asked, answer, room };
        match lane {
            Lane::Own => waiting.own.push_back(taken),
            Lane::Peer => waiting.peer.push_back(taken),
        }
        drop(waiting);
        self.arrived.notify_one();
        Some(answered)
    }

    /// Blocks for the next commit's worth; none when the queues are closed and empty.
    pub(super) fn take(&self) -> Option<Vec<Taken>> {
        let mut waiting = self.lock();
        while waiting.own.is_empty() && waiting.peer.is_empty() {
            if waiting.closed {
                return None;
            }
            waiting = self.arrived.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        let share = usize::from(self.limits.own_share.min(100));
        let alone = waiting.peer.is_empty();
        let own_share = |whole: usize| if alone { whole } else { whole / 100 * share };
        let own_bytes = own_share(COMMIT_BYTES_MAX);
        let own_entries = own_share(COMMIT_ENTRIES_MAX);
        let mut commit = Commit::default();
        commit.take(&mut waiting.own, own_bytes, own_entries);
        commit.take(&mut waiting.peer, COMMIT_BYTES_MAX, COMMIT_ENTRIES_MAX);
        commit.take(&mut waiting.own, COMMIT_BYTES_MAX, COMMIT_ENTRIES_MAX);
        Some(commit.taken)
    }

    /// Lets nobody in any more.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.own_room.close();
        self.peer_room.close();
        self.arrived.notify_all();
    }

    /// Closes, and lets go of whoever waits: nobody will answer.
    pub(super) fn abandon(&self) {
        self.close();
        let mut waiting = self.lock();
        let left = (std::mem::take(&mut waiting.own), std::mem::take(&mut waiting.peer));
        drop(waiting);
        drop(left);
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A commit as it is put together.
#[derive(Default)]
struct Commit {
    taken: Vec<Taken>,
    bytes: usize,
    entries: usize,
    /// A key change must be the last of its commit.
    last: bool,
}

impl Commit {
    fn take(&mut self, queue: &mut VecDeque<Taken>, bytes: usize, entries: usize) {
        while let Some(next) = queue.front() {
            let count = next.asked.appends.iter().map(entries_of).sum::<usize>();
            let fits = self.bytes + next.asked.weight <= bytes && self.entries + count <= entries;
            if self.last || !fits && !self.taken.is_empty() {
                return;
            }
            self.bytes += next.asked.weight;
            self.entries += count;
            self.last = next.asked.appends.iter().any(|append| matches!(append, Append::Rotate(_)));
            self.taken.extend(queue.pop_front());
        }
    }
}

fn entries_of(append: &Append) -> usize {
    match append {
        Append::Peer(peer) => peer.entries.len(),
        Append::Fill(fill) => fill.entries.len(),
        Append::Own(entry) => 1 + usize::from(entry.behind.is_some()),
        Append::Receipt(_) | Append::Rotate(_) | Append::NextGeneration(_) => 1,
    }
}

const PERMITS_MAX: usize = 1 << 28;
