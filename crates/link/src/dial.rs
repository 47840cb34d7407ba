//! Dialling a peer: TLS to its endpoint with its identity pinned, then the link's stream. Every dial
//! has a deadline and ends in an event; when to dial again is the machine's decision.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use pki::{Dial, Identity, Tls};
use record::{HallId, TrustDomain};
use tokio_stream::StreamExt;
use tonic::{Code, Status, Streaming};
use wire::v1;
use wire::v1::replication_service_client::ReplicationServiceClient;

use crate::inbox::Inbox;
use crate::line::{LINK_MESSAGE_BYTES_MAX, Line, Outgoing, Seat, reason_of};
use crate::machine::{Connection, Event};

/// How long the peer may take to answer the link call once TLS stands.
const CALL_DEADLINE: Duration = Duration::from_secs(10);

/// Hands out the names of connections of one process.
#[derive(Clone, Debug, Default)]
pub struct Connections(Arc<AtomicU64>);

impl Connections {
    /// A name never given before.
    pub fn next(&self) -> Connection {
        Connection(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// Connects to peers.
#[derive(Clone)]
pub struct Dialler {
    tls: Tls,
    domain: TrustDomain,
    keepalive: Duration,
    connections: Connections,
    endpoints: Arc<RwLock<BTreeMap<HallId, String>>>,
}

impl Dialler {
    /// A dialler for the halls of one trust domain; `endpoints` says where each listens.
    pub fn new(
        tls: Tls,
        domain: TrustDomain,
        keepalive: Duration,
        connections: Connections,
        endpoints: BTreeMap<HallId, String>,
    ) -> Self {
        let endpoints = Arc::new(RwLock::new(endpoints));
        Self { tls, domain, keepalive, connections, endpoints }
    }

    /// Dials and, when the link stands, listens until it ends.
    pub async fn dial(&self, peer: HallId, inbox: Inbox) {
        let failed = match self.connect(&peer).await {
            Ok(up) => return up.listen(peer, self.connections.next(), inbox).await,
            Err(failed) => failed,
        };
        let Failed { refused, reason } = failed;
        tracing::info!(%peer, reason, "dial failed");
        let _told = inbox.tell(Event::DialFailed { peer, refused, reason }).await;
    }

    /// Replaces what is known of where peers listen.
    pub fn redirect(&self, endpoints: BTreeMap<HallId, String>) {
        *self.endpoints.write().unwrap_or_else(PoisonError::into_inner) = endpoints;
    }

    async fn connect(&self, peer: &HallId) -> Result<Up, Failed> {
        let endpoints = self.endpoints.read().unwrap_or_else(PoisonError::into_inner).clone();
        let address = endpoints.get(peer).ok_or_else(|| Failed::road("no-endpoint"))?;
        let mut dial = Dial::new(Identity::hall(self.domain.clone(), peer.clone()));
        dial.endpoint = dial
            .endpoint
            .http2_keep_alive_interval(self.keepalive)
            .keep_alive_timeout(self.keepalive)
            .initial_stream_window_size(WINDOW_BYTES)
            .initial_connection_window_size(WINDOW_BYTES);
        let dialled = self.tls.dial(address, &dial).await.map_err(|error| Failed {
            refused: error.refusal().is_some(),
            reason: error.reason().to_owned(),
        })?;
        let (line, frames) = Line::new();
        let requests = Outgoing::new(frames, line.stop.clone())
            .map(|frame| v1::LinkRequest { frame: Some(frame) });
        let mut client = ReplicationServiceClient::new(dialled.channel)
            .max_decoding_message_size(LINK_MESSAGE_BYTES_MAX)
            .max_encoding_message_size(LINK_MESSAGE_BYTES_MAX);
        match tokio::time::timeout(CALL_DEADLINE, client.link(requests)).await {
            Ok(Ok(response)) => Ok(Up { line, stream: response.into_inner() }),
            Ok(Err(status)) => Err(Failed::of(&status)),
            Err(_) => Err(Failed::road("timeout")),
        }
    }
}

/// Bytes in flight that HTTP/2 lets through before it waits; the link's own credit bounds data.
pub(crate) const WINDOW_BYTES: u32 = 8 << 20;

/// A link that stands.
struct Up {
    line: Line,
    stream: Streaming<v1::LinkResponse>,
}

impl Up {
    async fn listen(self, peer: HallId, connection: Connection, inbox: Inbox) {
        let Self { line, stream } = self;
        let stop = line.stop.clone();
        let seat = Seat { peer: peer.clone(), connection, inbox: inbox.clone(), stop };
        if inbox.opened(peer, connection, true, line).await {
            seat.listen(stream.map(|one| one.map(|response| response.frame))).await;
        }
    }
}

/// A dial that came to nothing.
struct Failed {
    refused: bool,
    reason: String,
}

impl Failed {
    fn road(reason: &str) -> Self {
        Self { refused: false, reason: reason.to_owned() }
    }

    fn of(status: &Status) -> Self {
        let refused = matches!(status.code(), Code::PermissionDenied | Code::Unauthenticated);
        Self { refused, reason: reason_of(status) }
    }
}
