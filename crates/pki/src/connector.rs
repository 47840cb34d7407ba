//! Dialling a hall, from another hall or with the certificate of a system, department or operator.
//!
//! The identity of the server is pinned; its address is free, so a proxy may stand in between. With
//! TLS 1.3 a client thinks itself connected before the server has judged its certificate, so the
//! connector waits for the server's first bytes (its HTTP/2 settings, or the alert) before it calls
//! the line up, and gives those bytes to HTTP/2 afterwards. No step waits longer than the deadline.
//!
//! A channel is one connection. When it ends it stays ended, and whoever owns it dials again: how
//! often is the link's decision, not that of a hidden reconnect.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use hyper_util::rt::TokioIo;
use rustls_pki_types::ServerName;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::sync::CancellationToken;
use tonic::transport::{Channel, Endpoint};

use crate::dial_error::{DialError, Stage};
use crate::identity::{Identity, PeerId};
use crate::live::{Connection, Cuttable};
use crate::refusals::Face;
use crate::tls::Tls;
use crate::witness::Witness;

/// Whom to dial, and how.
#[derive(Clone, Debug)]
pub struct Dial {
    /// Who must answer: a hall.
    pub expected: Identity,
    /// For everything up to the server's first bytes.
    pub deadline: Duration,
    /// HTTP/2 settings of the channel; starts with [`KEEP_ALIVE`] pings.
    pub endpoint: Endpoint,
}

impl Dial {
    /// Dials `expected` with the default deadline and keep-alive.
    pub fn new(expected: Identity) -> Self {
        let endpoint = Endpoint::from_static("http://hall")
            .http2_keep_alive_interval(KEEP_ALIVE)
            .keep_alive_timeout(KEEP_ALIVE)
            .keep_alive_while_idle(true)
            .tcp_nodelay(true);
        Self { expected, deadline: DIAL_DEADLINE, endpoint }
    }
}

/// The default of [`Dial::deadline`].
pub const DIAL_DEADLINE: Duration = Duration::from_secs(10);
/// How often an idle channel is probed, and how long an answer may take.
pub const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// A line that is up.
#[derive(Clone, Debug)]
pub struct Dialled {
    /// For tonic's clients.
    pub channel: Channel,
    /// Who answered.
    pub peer: PeerId,
    /// Cancelled when the connection is gone.
    pub ended: CancellationToken,
}

impl Tls {
    /// Dials `address`, `host:port`.
    pub async fn dial(&self, address: &str, dial: &Dial) -> Result<Dialled, DialError> {
        let until = Instant::now() + dial.deadline;
        let tcp = match timeout_at(until, TcpStream::connect(address)).await {
            Ok(connected) => connected
                .map_err(|source| DialError::Unreachable { address: address.to_owned(), source })?,
            Err(_) => return Err(late(dial, Stage::Connect)),
        };
        self.dial_until(tcp, dial, until).await
    }

    /// The same over a stream that is connected already.
    pub async fn dial_over(&self, tcp: TcpStream, dial: &Dial) -> Result<Dialled, DialError> {
        self.dial_until(tcp, dial, Instant::now() + dial.deadline).await
    }

    async fn dial_until(
        &self,
        tcp: TcpStream,
        dial: &Dial,
        until: Instant,
    ) -> Result<Dialled, DialError> {
        let outcome = self.shake(tcp, dial, until).await;
        if let Err(error) = &outcome
            && let Some(reason) = error.refusal()
        {
            let who = error.peer().unwrap_or(&dial.expected).to_string();
            self.refusals().note(who, reason, Face::Dial, self.now());
        }
        outcome
    }

    async fn shake(
        &self,
        tcp: TcpStream,
        dial: &Dial,
        until: Instant,
    ) -> Result<Dialled, DialError> {
        let judged_at = self.generation();
        let (config, witness) = self.client(&dial.expected);
        let failed = |stage, error| DialError::from_tls(dial, &witness, stage, error);
        let remote = tcp.peer_addr().map_err(|error| failed(Stage::Handshake, error))?;
        tcp.set_nodelay(true).map_err(|error| failed(Stage::Handshake, error))?;

        let name = ServerName::IpAddress(remote.ip().into());
        let handshake = TlsConnector::from(config).connect(name, tcp);
        let mut stream = match timeout_at(until, handshake).await {
            Ok(shaken) => shaken.map_err(|error| failed(Stage::Handshake, error))?,
            Err(_) => return Err(late(dial, Stage::Handshake)),
        };
        let mut ahead = BytesMut::with_capacity(AHEAD_BYTES);
        match timeout_at(until, stream.read_buf(&mut ahead)).await {
            Ok(Ok(1..)) => {}
            Ok(Ok(0)) => {
                return Err(failed(Stage::FirstBytes, io::ErrorKind::UnexpectedEof.into()));
            }
            Ok(Err(error)) => return Err(failed(Stage::FirstBytes, error)),
            Err(_) => return Err(late(dial, Stage::FirstBytes)),
        }
        self.raise(stream, ahead.freeze(), &witness, (remote, judged_at), dial).await
    }

    /// Gives the line to HTTP/2.
    async fn raise(
        &self,
        stream: TlsStream<TcpStream>,
        ahead: Bytes,
        witness: &Witness,
        (remote, judged_at): (SocketAddr, u64),
        dial: &Dial,
    ) -> Result<Dialled, DialError> {
        let broken = || io::Error::from(io::ErrorKind::NotConnected);
        let Some(connection) = Connection::of(witness, remote) else {
            return Err(DialError::from_tls(dial, witness, Stage::Handshake, broken()));
        };
        let place = self.enter(&connection, judged_at);
        let Connection { peer, cut, .. } = connection;
        let ended = place.ended();
        let line = TokioIo::new(Cuttable::new(stream, ahead, cut, place));
        let once = Arc::new(Mutex::new(Some(line)));
        let connector = tower::service_fn(move |_| {
            let line = once.lock().unwrap_or_else(PoisonError::into_inner).take();
            std::future::ready(line.ok_or_else(broken))
        });
        let channel = dial.endpoint.connect_with_connector(connector).await;
        let channel = channel
            .map_err(|source| DialError::Http2 { expected: dial.expected.clone(), source })?;
        Ok(Dialled { channel, peer, ended })
    }
}

fn late(dial: &Dial, stage: Stage) -> DialError {
    DialError::Timeout { expected: dial.expected.clone(), stage, deadline: dial.deadline }
}

/// Room for a server's HTTP/2 settings.
const AHEAD_BYTES: usize = 1024;
