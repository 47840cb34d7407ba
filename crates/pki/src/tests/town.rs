//! A trust domain in a temporary directory, and the doors of its halls.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use record::Timestamp;
use telemetry::{Clock, Manual};
use tempfile::TempDir;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::transport::{Channel, Server};
use tonic::{Request, Status};
use tonic_health::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};
use tonic_health::server::{HealthReporter, HealthService};

use crate::{
    Authority, AuthorityFiles, Config, Dial, DialError, Dialled, Face, Identity, Listener, Order,
    PeerId, Serial, Tls,
};

/// The moment at which every town is founded.
pub(crate) const FOUNDED: Timestamp = Timestamp(1_772_323_200_000);
/// Older than any certificate lives.
pub(crate) const LONG_AGO: Timestamp = Timestamp(FOUNDED.0 - 100 * 24 * 3_600_000);
pub(crate) const DAY: Duration = Duration::from_hours(24);

pub(crate) struct Town {
    pub(crate) dir: TempDir,
    pub(crate) clock: Manual,
    pub(crate) authority: Authority,
}

impl Town {
    pub(crate) fn new(domain: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let authority = Authority::new(domain.parse().unwrap(), FOUNDED).unwrap();
        let mut town = Self { dir, clock: Manual::new(FOUNDED), authority };
        town.authority.save(&town.files(), FOUNDED).unwrap();
        town
    }

    pub(crate) fn files(&self) -> AuthorityFiles {
        AuthorityFiles {
            certificate: self.path("ca.pem"),
            key: self.path("ca.key"),
            crl: self.path("ca.crl"),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn id(&self, path: &str) -> Identity {
        format!("spiffe://{}{path}", self.authority.domain()).parse().unwrap()
    }

    /// Issues a certificate for `/hall/a` or another path, as of `at`.
    pub(crate) fn issue_at(&self, path: &str, at: Timestamp) -> Config {
        let identity = self.id(path);
        let mut order = Order::new(identity);
        if path.starts_with("/hall/") {
            order = order.reachable_at(&["localhost"], &[IpAddr::V4(Ipv4Addr::LOCALHOST)]);
        }
        let name = path.replace('/', "-");
        let (pem, key) = (self.path(&format!("{name}.pem")), self.path(&format!("{name}.key")));
        self.authority.issue(&order, at).unwrap().save(&pem, &key).unwrap();
        let mut config = Config::new(pem, key, self.path("ca.pem"));
        config.crls = vec![self.path("ca.crl")];
        config.watch_interval = Duration::from_millis(50);
        config
    }

    pub(crate) fn issue(&self, path: &str) -> Config {
        self.issue_at(path, self.clock.now())
    }

    pub(crate) fn open(&self, config: Config) -> Tls {
        Tls::open(config, Arc::new(self.clock.clone())).unwrap()
    }

    /// A hall, or whoever, with a certificate of its own.
    pub(crate) fn member(&self, path: &str) -> Tls {
        self.open(self.issue(path))
    }

    /// One that asks no list, so that it cannot refuse first.
    pub(crate) fn open_without_crl(&self, path: &str) -> Tls {
        let mut config = self.issue(path);
        config.crls.clear();
        self.open(config)
    }

    pub(crate) fn revoke(&mut self, serial: &Serial) {
        assert!(self.authority.revoke(serial, self.clock.now()));
        self.write_crl(30 * DAY);
    }

    pub(crate) fn write_crl(&mut self, life: Duration) {
        let path = self.path("ca.crl");
        self.authority.write_crl(&path, self.clock.now(), life).unwrap();
    }
}

/// A running door that answers health checks and notes who asked.
pub(crate) struct Door {
    pub(crate) tls: Tls,
    pub(crate) address: SocketAddr,
    pub(crate) seen: Arc<Mutex<Vec<PeerId>>>,
    pub(crate) health: HealthReporter,
    stop: CancellationToken,
}

impl Drop for Door {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Door {
    pub(crate) async fn open(tls: &Tls, face: Face) -> Self {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = Listener::bind(address, face, tls.clone()).await.unwrap();
        let (address, stop, tasks) =
            (listener.address(), CancellationToken::new(), TaskTracker::new());
        let incoming = listener.open(&tasks, stop.clone());
        let health = HealthReporter::new();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let note = Arc::clone(&seen);
        let service = HealthServer::with_interceptor(
            HealthService::from_health_reporter(health.clone()),
            move |request: Request<()>| {
                let peer = request.extensions().get::<PeerId>().cloned();
                note.lock().unwrap().push(peer.ok_or(Status::unauthenticated("nobody"))?);
                Ok(request)
            },
        );
        tasks.spawn(Server::builder().add_service(service).serve_with_incoming(incoming));
        Self { tls: tls.clone(), address, seen, health, stop }
    }

    pub(crate) async fn dial(&self, from: &Tls) -> Result<Dialled, DialError> {
        self.dial_as(from, &self.tls.identity()).await
    }

    pub(crate) async fn dial_as(
        &self,
        from: &Tls,
        expected: &Identity,
    ) -> Result<Dialled, DialError> {
        from.dial(&self.address.to_string(), &Dial::new(expected.clone())).await
    }

    /// Waits until this door has noted the refusal.
    pub(crate) async fn refused(&self, peer: &str, reason: &str) {
        noted(&self.tls, peer, reason).await;
    }

    pub(crate) async fn announce(&self, status: ServingStatus) {
        self.health.set_service_status("", status).await;
    }
}

pub(crate) async fn noted(tls: &Tls, peer: &str, reason: &str) {
    eventually(&format!("{peer} refused for {reason}"), || {
        let rows = tls.refusals().list();
        rows.iter().any(|row| row.peer == peer && row.reason == reason)
    })
    .await;
}

pub(crate) async fn check(channel: &Channel) -> Result<(), Status> {
    HealthClient::new(channel.clone()).check(HealthCheckRequest::default()).await.map(drop)
}

pub(crate) async fn watch(channel: &Channel) -> tonic::Streaming<HealthCheckResponse> {
    let watched = HealthClient::new(channel.clone()).watch(HealthCheckRequest::default()).await;
    let mut stream = watched.unwrap().into_inner();
    stream.message().await.unwrap().unwrap();
    stream
}

/// Waits for a level, not an edge.
pub(crate) async fn eventually(what: &str, level: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(5);
    let mut again = tokio::time::interval(Duration::from_millis(5));
    while !level() {
        assert!(Instant::now() < until, "never came: {what}");
        again.tick().await;
    }
}
