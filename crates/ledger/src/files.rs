//! Work that no answer waits for: index files of closed segments, register runs, merges.
//!
//! In production it is done on the thread `ledger-files`; under the simulator at once, in the caller.
//! What fails here is only derived: it stays in memory, is tried again when the next segment begins,
//! and is built anew at the next opening.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use crate::disk::Disk;
use crate::handles::Handles;
use crate::index::{self, FileIndex, MemoryIndex};
use crate::options::Background;
use crate::pages::Derived;
use crate::register::{self, Cover, Run, Table};

/// A piece of work.
pub(crate) enum Job<D: Disk> {
    /// Write index and claims of a closed segment.
    Close { segment: u64, index: Arc<MemoryIndex>, table: Arc<Table> },
    /// Make one run of several.
    Merge(Vec<Arc<Run<D>>>),
}

/// What came of it.
pub(crate) enum Done<D: Disk> {
    /// A segment's derived files are there.
    Closed { segment: u64, index: FileIndex<D>, run: Run<D> },
    /// A run replaces others, whose files may go.
    Merged { run: Run<D>, replaced: Vec<Arc<Run<D>>> },
    /// It failed.
    Failed { segment: Option<u64>, error: Derived },
}

/// The worker, or its stand-in.
pub(crate) struct Files<D: Disk> {
    handles: Arc<Handles<D>>,
    log_id: [u8; 16],
    worker: Option<Worker<D>>,
    ready: Vec<Done<D>>,
    closing: BTreeSet<u64>,
    merging: bool,
    waiting: usize,
}

impl<D: Disk> Files<D> {
    pub(crate) fn new(handles: Arc<Handles<D>>, log_id: [u8; 16], background: Background) -> Self {
        let worker = match background {
            Background::Inline => None,
            Background::Thread => Worker::spawn(Arc::clone(&handles), log_id),
        };
        let (ready, closing) = (Vec::new(), BTreeSet::new());
        Self { handles, log_id, worker, ready, closing, merging: false, waiting: 0 }
    }

    /// Asks for a closed segment's files, unless that is under way.
    pub(crate) fn close(&mut self, segment: u64, index: Arc<MemoryIndex>, table: Arc<Table>) {
        if self.closing.insert(segment) {
            self.submit(Job::Close { segment, index, table });
        }
    }

    /// Asks for a merge, unless one is under way.
    pub(crate) fn merge(&mut self, runs: Vec<Arc<Run<D>>>) {
        if !self.merging {
            self.merging = true;
            self.submit(Job::Merge(runs));
        }
    }

    /// Whether anything is unfinished.
    pub(crate) fn is_busy(&self) -> bool {
        self.waiting > 0
    }

    /// What is finished; waits for one while more than `backlog` segments are unfinished.
    pub(crate) fn finished(&mut self, backlog: usize) -> Vec<Done<D>> {
        let mut done = std::mem::take(&mut self.ready);
        if let Some(Worker { results, .. }) = &self.worker {
            done.extend(results.try_iter());
            let busy = |done: &[Done<D>]| match backlog {
                0 => self.waiting > done.len(),
                _ => self.closing.len() > backlog + closed(done) && self.waiting > done.len(),
            };
            while busy(&done) {
                let Ok(one) = results.recv() else { break };
                done.push(one);
            }
        }
        self.waiting = self.waiting.saturating_sub(done.len());
        for one in &done {
            match one {
                Done::Closed { segment, .. } | Done::Failed { segment: Some(segment), .. } => {
                    self.closing.remove(segment);
                }
                Done::Merged { .. } | Done::Failed { segment: None, .. } => self.merging = false,
            }
        }
        done
    }

    fn submit(&mut self, job: Job<D>) {
        self.waiting += 1;
        let job = match &self.worker {
            Some(Worker { jobs: Some(jobs), .. }) => match jobs.send(job) {
                Ok(()) => return,
                Err(back) => back.0,
            },
            Some(Worker { jobs: None, .. }) | None => job,
        };
        self.ready.push(perform(&self.handles, &self.log_id, job));
    }
}

fn closed<D: Disk>(done: &[Done<D>]) -> usize {
    let closing = |one: &&Done<D>| match one {
        Done::Closed { .. } | Done::Failed { segment: Some(_), .. } => true,
        Done::Merged { .. } | Done::Failed { segment: None, .. } => false,
    };
    done.iter().filter(closing).count()
}

/// Does one piece of work.
pub(crate) fn perform<D: Disk>(
    handles: &Arc<Handles<D>>,
    log_id: &[u8; 16],
    job: Job<D>,
) -> Done<D> {
    match job {
        Job::Close { segment, index, table } => {
            match close(handles, log_id, segment, &index, &table) {
                Ok((index, run)) => Done::Closed { segment, index, run },
                Err(error) => Done::Failed { segment: Some(segment), error },
            }
        }
        Job::Merge(runs) => match register::merge(handles, log_id, &runs) {
            Ok(run) => Done::Merged { run, replaced: runs },
            Err(error) => Done::Failed { segment: None, error },
        },
    }
}

/// Writes a segment's index and run, and opens them.
pub(crate) fn close<D: Disk>(
    handles: &Arc<Handles<D>>,
    log_id: &[u8; 16],
    segment: u64,
    index: &MemoryIndex,
    table: &Table,
) -> Result<(FileIndex<D>, Run<D>), Derived> {
    index::write(handles, log_id, segment, index).map_err(Derived::Disk)?;
    let mark = index.mark;
    let cover = Cover { from: segment, to: segment, group: mark.group, crc: mark.crc };
    let mut rows = table.sorted().into_iter();
    let most = u64::try_from(table.len()).unwrap_or(u64::MAX);
    register::write(handles, log_id, cover, most, || Ok(rows.next()))?;
    let index = FileIndex::open(handles, log_id, segment)?;
    Ok((index, Run::open(handles, log_id, (segment, segment))?))
}

/// The thread. Dropping it waits for the work in hand, so that nobody writes into a directory whose
/// lock is gone.
struct Worker<D: Disk> {
    jobs: Option<Sender<Job<D>>>,
    results: Receiver<Done<D>>,
    thread: Option<JoinHandle<()>>,
}

impl<D: Disk> Worker<D> {
    /// None when the system gives no more threads; the work is then done by the caller.
    fn spawn(handles: Arc<Handles<D>>, log_id: [u8; 16]) -> Option<Self> {
        let (jobs, inbox) = channel::<Job<D>>();
        let (outbox, results) = channel();
        let work = move || {
            for job in inbox {
                if outbox.send(perform(&handles, &log_id, job)).is_err() {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("ledger-files".to_owned()).spawn(work);
        thread.ok().map(|thread| Self { jobs: Some(jobs), results, thread: Some(thread) })
    }
}

impl<D: Disk> Drop for Worker<D> {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread ledger-files ended in a panic");
        }
    }
}
