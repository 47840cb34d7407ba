//! The connections that are up, ours and theirs, so that a reload can cut those it no longer
//! believes.
//!
//! Each keeps the chain it came with and the moment it was believed. Judged again *at that moment*
//! with today's roots and lists, only revocation or a root that is gone can change the verdict: an
//! expired certificate or a clock that jumped never cuts a line.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use crate::demand::Demand;
use crate::identity::PeerId;
use crate::witness::{Testimony, Witness};

/// All of them.
#[derive(Clone, Default)]
pub(crate) struct Connections(Arc<Mutex<Registry>>);

#[derive(Default)]
struct Registry {
    next: u64,
    live: BTreeMap<u64, Connection>,
}

/// One of them, as the reload sees it.
#[derive(Clone)]
pub(crate) struct Connection {
    pub(crate) peer: PeerId,
    pub(crate) testimony: Arc<Testimony>,
    pub(crate) demand: Demand,
    pub(crate) cut: CancellationToken,
}

impl Connection {
    /// A connection whose handshake ended well, as its witness saw it.
    pub(crate) fn of(witness: &Witness, remote: SocketAddr) -> Option<Self> {
        let testimony = witness.testimony()?;
        let bearer = testimony.verdict.as_ref().ok()?;
        let (identity, serial) = (bearer.identity.clone(), bearer.serial.clone());
        Some(Self {
            peer: PeerId { identity, serial, remote: Some(remote) },
            testimony: Arc::new(testimony.clone()),
            demand: witness.demand().clone(),
            cut: CancellationToken::new(),
        })
    }
}

impl Connections {
    /// Takes a connection in, until the place returned is dropped.
    pub(crate) fn enter(&self, connection: Connection) -> Place {
        let mut registry = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = registry.next;
        registry.next += 1;
        registry.live.insert(number, connection);
        Place { connections: self.clone(), number, ended: CancellationToken::new() }
    }

    /// A copy of what is up now.
    pub(crate) fn all(&self) -> Vec<Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).live.values().cloned().collect()
    }
}

/// A connection's place among the others.
pub(crate) struct Place {
    connections: Connections,
    number: u64,
    ended: CancellationToken,
}

impl Place {
    /// Cancelled when the connection is gone.
    pub(crate) fn ended(&self) -> CancellationToken {
        self.ended.clone()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut registry = self.connections.0.lock().unwrap_or_else(PoisonError::into_inner);
        registry.live.remove(&self.number);
        self.ended.cancel();
    }
}

/// A stream that can be cut, and that may begin with bytes read ahead.
pub(crate) struct Cuttable<S> {
    stream: S,
    ahead: Bytes,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
    _place: Place,
}

impl<S> Cuttable<S> {
    pub(crate) fn new(stream: S, ahead: Bytes, cut: CancellationToken, place: Place) -> Self {
        Self { stream, ahead, cut: Box::pin(cut.cancelled_owned()), _place: place }
    }

    fn poll_cut(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        match self.cut.as_mut().poll(cx) {
            Poll::Ready(()) => Err(io::Error::new(io::ErrorKind::ConnectionAborted, CUT)),
            Poll::Pending => Ok(()),
        }
    }
}

const CUT: &str = "the peer's certificate is no longer believed";

impl<S: AsyncRead + Unpin> AsyncRead for Cuttable<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.poll_cut(cx)?;
        if self.ahead.is_empty() {
            return Pin::new(&mut self.stream).poll_read(cx, into);
        }
        let n = self.ahead.len().min(into.remaining());
        into.put_slice(&self.ahead.split_to(n));
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Cuttable<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_cut(cx)?;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_cut(cx)?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_cut(cx)?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_cut(cx)?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
