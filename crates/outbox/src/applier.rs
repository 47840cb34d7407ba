//! The thread `outbox-applier`: the one writer of the outbox. Links hand it notes and never wait; a
//! note that finds the queue full is dropped, for everything here comes back by itself.

use std::io;
use std::thread::{self, JoinHandle};

use tokio::sync::mpsc;

use crate::note::Note;
use crate::store::Outbox;

/// Notes that may wait for the thread.
pub const NOTES_QUEUE_ITEMS: usize = 4_096;
/// Notes written in one batch.
const BATCH_MAX: usize = 512;

/// The door to the outbox's thread.
#[derive(Clone, Debug)]
pub struct Applier {
    notes: mpsc::Sender<Note>,
}

impl Applier {
    /// Starts the thread; it ends, synced, when the last `Applier` is gone.
    pub fn start(outbox: Outbox) -> io::Result<(Self, JoinHandle<()>)> {
        let (notes, inbox) = mpsc::channel(NOTES_QUEUE_ITEMS);
        let thread = thread::Builder::new()
            .name("outbox-applier".to_owned())
            .spawn(move || run(&outbox, inbox))?;
        Ok((Self { notes }, thread))
    }

    /// Hands over a note; false when the queue is full and the note is dropped.
    pub fn note(&self, note: Note) -> bool {
        self.notes.try_send(note).is_ok()
    }

    /// Notes waiting now.
    pub fn depth(&self) -> usize {
        NOTES_QUEUE_ITEMS - self.notes.capacity()
    }
}

fn run(outbox: &Outbox, mut inbox: mpsc::Receiver<Note>) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    while inbox.blocking_recv_many(&mut batch, BATCH_MAX) > 0 {
        if let Err(error) = outbox.apply(&batch).and_then(|()| outbox.sync()) {
            tracing::warn!(%error, notes = batch.len(), "outbox did not take notes");
        }
        batch.clear();
    }
}
