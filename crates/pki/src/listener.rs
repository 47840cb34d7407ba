//! A door of the hall: accepts, shakes hands, and hands over connections whose peer is known.
//!
//! Handshakes run in tasks of their own, so that one slow caller never keeps the next one waiting;
//! they are bounded in number and in time. Who is refused still gets to read the alert: the line is
//! closed gently, after what they had sent was read. tonic's own TLS is not used: it takes neither
//! revocation lists nor new certificates while it runs.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use rustls::AlertDescription;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::transport::server::Connected;

use crate::identity::{Identity, PeerId};
use crate::live::{Connection, Cuttable};
use crate::reason::Reason;
use crate::refusals::Face;
use crate::tls::{ALPN, Tls};
use crate::witness::Witness;

/// A bound door that accepts nobody yet.
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    door: Door,
}

/// Connections that passed, for tonic's `serve_with_incoming`; ends when the door is stopped.
pub type Incoming = ReceiverStream<io::Result<TlsConnection>>;

impl Listener {
    /// Binds the link door or the portal.
    pub async fn bind(address: SocketAddr, face: Face, tls: Tls) -> Result<Self, BindError> {
        let failed = |source| BindError { address, source };
        let socket = TcpListener::bind(address).await.map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        let connections = Arc::new(Semaphore::new(tls.0.config.connections_max));
        Ok(Self { socket, address, door: Door { tls, face, connections } })
    }

    /// The address it is bound to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Opens the door: accepts in a task of `tasks` until `stop`.
    pub fn open(self, tasks: &TaskTracker, stop: CancellationToken) -> Incoming {
        let (ready, incoming) = mpsc::channel(READY_MAX);
        tasks.spawn(accept(self.socket, self.door, ready, tasks.clone(), stop));
        ReceiverStream::new(incoming)
    }
}

/// Connections that shook hands and wait for the server to take them.
pub const READY_MAX: usize = 64;

#[derive(Clone)]
struct Door {
    tls: Tls,
    face: Face,
    connections: Arc<Semaphore>,
}

type Ready = mpsc::Sender<io::Result<TlsConnection>>;

async fn accept(
    socket: TcpListener,
    door: Door,
    ready: Ready,
    tasks: TaskTracker,
    stop: CancellationToken,
) {
    let handshakes = Arc::new(Semaphore::new(door.tls.0.config.handshakes_max));
    let next = async || {
        let permit = Arc::clone(&handshakes).acquire_owned().await;
        (permit.expect("this semaphore is never closed"), socket.accept().await)
    };
    while let Some((permit, accepted)) = stop.run_until_cancelled(next()).await {
        match accepted {
            Ok((tcp, remote)) => {
                let greet = greet(door.clone(), tcp, remote, ready.clone(), permit);
                let stop = stop.clone();
                tasks.spawn(async move { stop.run_until_cancelled(greet).await });
            }
            Err(error) => {
                tracing::warn!(%error, face = %door.face, "accept failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// How long the door rests when the system has no descriptor left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

async fn greet(
    door: Door,
    tcp: TcpStream,
    remote: SocketAddr,
    ready: Ready,
    handshake: OwnedSemaphorePermit,
) {
    match door.shake(tcp, remote).await {
        Ok(connection) => {
            drop(handshake);
            // A server that is gone takes no connections: closing this one is the answer.
            drop(ready.send(Ok(connection)).await);
        }
        Err(Rejected { who, reason, line }) => {
            // The port changes with every try: without it, repeats are one row.
            let who = who.map_or_else(|| remote.ip().to_string(), |who| who.to_string());
            let at = door.tls.now();
            door.tls.refusals().note(who, reason.as_str(), door.face, at);
            if let Some(line) = line {
                linger(line).await;
            }
        }
    }
}

/// Whom the door turned away, with the line if they may still read the alert.
struct Rejected {
    who: Option<Identity>,
    reason: Reason,
    line: Option<TcpStream>,
}

impl Rejected {
    fn stranger(reason: Reason) -> Self {
        Self { who: None, reason, line: None }
    }

    /// Named as well as can be: the witness knows best, then `reason`.
    fn seen(witness: &Witness, reason: Reason, line: Option<TcpStream>) -> Self {
        match witness.testimony().map(|seen| &seen.verdict) {
            Some(Ok(bearer)) => Self { who: Some(bearer.identity.clone()), reason, line },
            Some(Err(refused)) => {
                Self { who: refused.identity.clone(), reason: refused.reason, line }
            }
            None => Self { line, ..Self::stranger(reason) },
        }
    }
}

impl Door {
    async fn shake(&self, tcp: TcpStream, remote: SocketAddr) -> Result<TlsConnection, Rejected> {
        let permit = Arc::clone(&self.connections).try_acquire_owned();
        let permit = permit.map_err(|_| Rejected::stranger(Reason::TooManyConnections))?;
        tcp.set_nodelay(true).map_err(|_| Rejected::stranger(Reason::Broken))?;

        let judged_at = self.tls.generation();
        let (config, witness) = self.tls.server(self.face);
        let handshake = TlsAcceptor::from(config).accept(tcp).into_fallible();
        let stream = match timeout(self.tls.0.config.handshake_timeout, handshake).await {
            Ok(Ok(stream)) => stream,
            Ok(Err((error, tcp))) => {
                return Err(Rejected::seen(&witness, why(&error), Some(tcp)));
            }
            Err(_) => return Err(Rejected::seen(&witness, Reason::HandshakeTimeout, None)),
        };
        if stream.get_ref().1.alpn_protocol() != Some(ALPN) {
            return Err(Rejected::seen(&witness, Reason::WrongProtocol, None));
        }
        let Some(connection) = Connection::of(&witness, remote) else {
            return Err(Rejected::seen(&witness, Reason::NoCertificate, None));
        };
        let place = self.tls.enter(&connection, judged_at);
        let Connection { peer, cut, .. } = connection;
        tracing::debug!(peer = %peer.identity, face = %self.face, "connection accepted");
        let io = Cuttable::new(stream, Bytes::new(), cut, place);
        Ok(TlsConnection { io, peer, _permit: permit })
    }
}

/// Why a handshake failed that no certificate explains.
fn why(error: &io::Error) -> Reason {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match tls {
        None => Reason::Broken,
        Some(rustls::Error::NoCertificatesPresented) => Reason::NoCertificate,
        Some(rustls::Error::AlertReceived(AlertDescription::CertificateRequired)) => {
            Reason::NoCertificate
        }
        Some(rustls::Error::AlertReceived(_)) => Reason::RefusedUs,
        Some(_) => Reason::WrongProtocol,
    }
}

/// Closes a refused line so that the alert arrives: bytes left unread would turn the close into a
/// reset, and a reset discards what the other side has not read yet.
async fn linger(mut tcp: TcpStream) {
    let drained = async {
        tcp.shutdown().await?;
        let mut rest = tcp.take(LINGER_BYTES);
        tokio::io::copy(&mut rest, &mut tokio::io::sink()).await
    };
    // Whatever goes wrong here, the line is closed next.
    drop(timeout(LINGER, drained).await);
}

const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: u64 = 64 * 1024;

/// A connection whose peer is known.
pub struct TlsConnection {
    io: Cuttable<TlsStream<TcpStream>>,
    peer: PeerId,
    _permit: OwnedSemaphorePermit,
}

impl TlsConnection {
    /// Who is on the other end.
    pub fn peer(&self) -> &PeerId {
        &self.peer
    }
}

impl Connected for TlsConnection {
    type ConnectInfo = PeerId;

    fn connect_info(&self) -> PeerId {
        self.peer.clone()
    }
}

impl AsyncRead for TlsConnection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, into)
    }
}

impl AsyncWrite for TlsConnection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

/// A door could not be bound.
#[derive(Debug, Error)]
#[error("listen on {address}")]
pub struct BindError {
    address: SocketAddr,
    #[source]
    source: io::Error,
}
