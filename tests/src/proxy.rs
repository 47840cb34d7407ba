//! A line between two halls that fails on command: a TCP proxy on loopback.
//!
//! It stands where the network would and knows nothing of TLS or frames. What it does can be
//! switched while connections run, and holds for old and new ones alike:
//!
//! | mode | the line … |
//! |---|---|
//! | [`Mode::Pass`] | carries bytes both ways |
//! | [`Mode::Cut`] | drops every connection and each new one at once |
//! | [`Mode::Stall`] | keeps connections open and carries nothing |
//! | [`Mode::Throttle`] | carries so many bytes a second, each way and connection |
//! | [`Mode::Delay`] | carries each byte so much later, as fast as before |
//! | [`Mode::Flip`] | inverts one bit of the next chunk in one direction, then passes |
//!
//! Each direction of a connection is a reader and a writer with a small queue between them; faults
//! are the writer's, so a stalled line fills its queue and TCP holds the sender back, as a real one
//! would. The proxy lives on a thread of its own with its own runtime: a test may block as it likes.
//! A cut accepts and drops instead of closing its port, because another process could take the port.

use std::future::pending;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

/// What the line does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Carries bytes both ways.
    Pass,
    /// Drops every connection and each new one.
    Cut,
    /// Keeps connections open and carries nothing.
    Stall,
    /// Carries this many bytes a second.
    Throttle(u32),
    /// Carries each byte this much later.
    Delay(Duration),
    /// Inverts one bit of the next chunk in this direction, then passes.
    Flip(Direction),
}

/// A direction of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the side that dialled.
    Up,
    /// To the side that dialled.
    Down,
}

/// The line. It ends when dropped.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    mode: watch::Sender<Mode>,
    counters: Arc<Counters>,
    thread: Option<JoinHandle<()>>,
}

impl FaultProxy {
    /// Listens on a free port of loopback and carries to `upstream`.
    pub fn start(upstream: SocketAddr) -> io::Result<Self> {
        Self::start_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), upstream)
    }

    /// Listens at `address`.
    pub fn start_at(address: SocketAddr, upstream: SocketAddr) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (mode, seen) = watch::channel(Mode::Pass);
        let counters = Arc::new(Counters::default());
        let line = Line { upstream, mode: mode.clone(), counters: Arc::clone(&counters) };
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = thread::Builder::new().name("fault-proxy".to_owned()).spawn(move || {
            // An error here is a listener that broke: the test sees connections refused.
            drop(runtime.block_on(line.accept(listener, seen)));
        })?;
        Ok(Self { address, mode, counters, thread: Some(thread) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Switches what the line does.
    pub fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }

    /// What the line does. A flip that happened has become a pass.
    pub fn mode(&self) -> Mode {
        *self.mode.borrow()
    }

    /// Connections that were carried so far.
    pub fn connections(&self) -> u64 {
        self.counters.connections.load(Ordering::Relaxed)
    }

    /// Bytes carried so far in a direction.
    pub fn carried(&self, direction: Direction) -> u64 {
        self.counters.carried(direction).load(Ordering::Relaxed)
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.counters.stopped.notify_one();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

#[derive(Debug, Default)]
struct Counters {
    connections: AtomicU64,
    up: AtomicU64,
    down: AtomicU64,
    stopped: tokio::sync::Notify,
}

impl Counters {
    fn carried(&self, direction: Direction) -> &AtomicU64 {
        match direction {
            Direction::Up => &self.up,
            Direction::Down => &self.down,
        }
    }
}

#[derive(Clone)]
struct Line {
    upstream: SocketAddr,
    mode: watch::Sender<Mode>,
    counters: Arc<Counters>,
}

impl Line {
    /// The proxy's one loop; ends, and all connections with it, when the handle is dropped.
    async fn accept(
        self,
        listener: std::net::TcpListener,
        mut seen: watch::Receiver<Mode>,
    ) -> io::Result<()> {
        let listener = TcpListener::from_std(listener)?;
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                () = self.counters.stopped.notified() => return Ok(()),
                accepted = listener.accept() => {
                    let (near, _) = accepted?;
                    if *seen.borrow_and_update() != Mode::Cut {
                        connections.spawn(self.clone().carry(near));
                    }
                }
                Some(_) = connections.join_next() => {}
            }
        }
    }

    /// One connection, until either side closes or the line is cut.
    async fn carry(self, near: TcpStream) {
        let Ok(far) = TcpStream::connect(self.upstream).await else { return };
        if near.set_nodelay(true).and(far.set_nodelay(true)).is_err() {
            return;
        }
        self.counters.connections.fetch_add(1, Ordering::Relaxed);
        let mut mode = self.mode.subscribe();
        let (near_read, near_write) = near.into_split();
        let (far_read, far_write) = far.into_split();
        tokio::select! {
            _ = mode.wait_for(|mode| *mode == Mode::Cut) => {}
            () = async {
                tokio::join!(
                    self.pump(Direction::Up, near_read, far_write),
                    self.pump(Direction::Down, far_read, near_write),
                );
            } => {}
        }
    }

    async fn pump(&self, direction: Direction, from: OwnedReadHalf, to: OwnedWriteHalf) {
        let (sender, receiver) = mpsc::channel(CHUNKS_IN_FLIGHT);
        tokio::join!(read(from, sender), self.write(direction, receiver, to));
    }

    async fn write(
        &self,
        direction: Direction,
        mut receiver: mpsc::Receiver<(Instant, Bytes)>,
        mut to: OwnedWriteHalf,
    ) {
        let mut mode = self.mode.subscribe();
        while let Some((read_at, mut chunk)) = receiver.recv().await {
            while !chunk.is_empty() {
                let Some(piece) = self.release(direction, &mut mode, read_at, &mut chunk).await
                else {
                    return;
                };
                if to.write_all(&piece).await.is_err() {
                    return;
                }
                let count = u64::try_from(piece.len()).unwrap_or(u64::MAX);
                self.counters.carried(direction).fetch_add(count, Ordering::Relaxed);
            }
        }
        // Dropping the half closes this direction, as the reader's end did.
    }

    /// Waits until the line lets go of the next piece; none when the line has ended.
    async fn release(
        &self,
        direction: Direction,
        mode: &mut watch::Receiver<Mode>,
        read_at: Instant,
        chunk: &mut Bytes,
    ) -> Option<Bytes> {
        loop {
            let now = *mode.borrow_and_update();
            let (piece, due) = match now {
                Mode::Flip(which) if which == direction => return Some(self.flip(chunk)),
                Mode::Pass | Mode::Flip(_) => return Some(chunk.split_to(chunk.len())),
                Mode::Cut => return pending().await, // `carry` ends the connection
                Mode::Stall => (0, None),
                Mode::Throttle(rate) => {
                    let piece = THROTTLE_PIECE.min(chunk.len());
                    let rate = f64::from(rate.max(1));
                    let seconds = f64::from(u32::try_from(piece).unwrap_or(u32::MAX)) / rate;
                    (piece, Some(Instant::now() + Duration::from_secs_f64(seconds)))
                }
                Mode::Delay(delay) => (chunk.len(), Some(read_at + delay)),
            };
            let waited = async {
                match due {
                    Some(due) => sleep_until(due).await,
                    None => pending().await,
                }
            };
            tokio::select! {
                () = waited => return Some(chunk.split_to(piece)),
                changed = mode.changed() => changed.ok()?,
            }
        }
    }

    /// Damages one chunk and lets the line pass again.
    fn flip(&self, chunk: &mut Bytes) -> Bytes {
        let mut damaged = BytesMut::from(chunk.split_to(chunk.len()).as_ref());
        let middle = damaged.len() / 2;
        if let Some(byte) = damaged.get_mut(middle) {
            *byte ^= 0x10;
        }
        self.mode.send_if_modified(|mode| match *mode {
            Mode::Flip(_) => {
                *mode = Mode::Pass;
                true
            }
            Mode::Pass | Mode::Cut | Mode::Stall | Mode::Throttle(_) | Mode::Delay(_) => false,
        });
        damaged.freeze()
    }
}

async fn read(mut from: OwnedReadHalf, sender: mpsc::Sender<(Instant, Bytes)>) {
    loop {
        let mut chunk = BytesMut::with_capacity(CHUNK_BYTES);
        match from.read_buf(&mut chunk).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {
                if sender.send((Instant::now(), chunk.freeze())).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// One read.
const CHUNK_BYTES: usize = 16 * 1024;
/// Chunks between reader and writer of one direction: what a delayed line holds.
const CHUNKS_IN_FLIGHT: usize = 256;
/// A throttled line lets go of this much at a time.
const THROTTLE_PIECE: usize = 512;

#[cfg(test)]
mod tests;
