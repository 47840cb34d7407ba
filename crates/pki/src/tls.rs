//! The TLS side of a hall: what it trusts now, who is connected, who was refused.
//!
//! Every connection gets a rustls configuration of its own, around the material of the moment and a
//! witness. **Sessions are never resumed**, on either side: rustls does not judge a certificate again
//! when a session is resumed, so a ticket would carry a revoked or expired peer past every list.
//! Without tickets and session stores that trap does not exist; a link is dialled seldom, and a full
//! handshake costs half a millisecond.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::{ArcSwap, ArcSwapOption};
use record::{HallId, Timestamp, TrustDomain};
use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::server::NoServerSessionStorage;
use rustls::time_provider::TimeProvider;
use rustls::version::TLS13;
use rustls::{ClientConfig, ServerConfig};
use rustls_pki_types::UnixTime;
use telemetry::Clock;

use crate::demand::Demand;
use crate::identity::{Bearer, Identity, PeerId};
use crate::live::{Connection, Connections, Place};
use crate::material::{Config, Material, MaterialError};
use crate::refusals::{Face, Refusals};
use crate::reload::{Failure, Stamp};
use crate::witness::Witness;

/// The handle; clones share everything.
#[derive(Clone)]
pub struct Tls(pub(crate) Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) material: ArcSwap<Material>,
    pub(crate) admitted: ArcSwapOption<BTreeSet<HallId>>,
    /// Grows whenever an older judgement may not hold any more.
    pub(crate) generation: AtomicU64,
    pub(crate) connections: Connections,
    pub(crate) refusals: Refusals,
    /// The files as they were when last read; also what makes reloads take turns.
    pub(crate) seen: Mutex<Vec<Stamp>>,
    pub(crate) failure: Mutex<Option<Failure>>,
}

impl Tls {
    /// Reads the trust material.
    pub fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Self, MaterialError> {
        let seen = Stamp::of(&config);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let material = Material::read(&config, &provider)?;
        for line in &material.read {
            tracing::info!(read = line, "trust material read");
        }
        Ok(Self(Arc::new(Shared {
            config,
            clock,
            material: ArcSwap::from_pointee(material),
            admitted: ArcSwapOption::empty(),
            generation: AtomicU64::new(0),
            connections: Connections::default(),
            refusals: Refusals::default(),
            seen: Mutex::new(seen),
            failure: Mutex::new(None),
        })))
    }

    /// Lets only these halls in at the link door; without a list, any hall of the trust domain.
    /// Halls that are connected and not on the list are cut. Returns who was cut.
    pub fn admit_halls(&self, halls: Option<BTreeSet<HallId>>) -> Vec<PeerId> {
        self.0.admitted.store(halls.map(Arc::new));
        self.judge_again()
    }

    /// Who we are.
    pub fn identity(&self) -> Identity {
        self.bearer().identity
    }

    /// Our trust domain.
    pub fn domain(&self) -> TrustDomain {
        self.identity().domain().clone()
    }

    /// What our own certificate says.
    pub fn bearer(&self) -> Bearer {
        self.0.material.load().bearer.clone()
    }

    /// Who was turned away, by them or by us.
    pub fn refusals(&self) -> &Refusals {
        &self.0.refusals
    }

    /// Who is connected now, by which door.
    pub fn connected(&self) -> Vec<(PeerId, Face)> {
        let all = self.0.connections.all();
        all.into_iter().map(|one| (one.peer, one.demand.face())).collect()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Grows with every reload and every change of the halls let in.
    pub fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::SeqCst)
    }

    /// What a door asks of its callers now.
    pub(crate) fn demand(&self, face: Face, expected: Option<&Identity>) -> Demand {
        let own = self.identity();
        match (face, expected) {
            (Face::Portal, _) => Demand::Portal { own },
            (Face::Dial, Some(expected)) => Demand::Exactly { expected: expected.clone() },
            (Face::Link | Face::Dial, _) => {
                let admitted = self.0.admitted.load_full();
                Demand::Link { own, admitted: admitted.as_deref().cloned() }
            }
        }
    }

    /// Takes a connection in and judges it once more if a reload came in between; cut if so.
    pub(crate) fn enter(&self, connection: &Connection, judged_at: u64) -> Place {
        let place = self.0.connections.enter(connection.clone());
        if self.generation() != judged_at {
            self.cut_if_refused(connection);
        }
        place
    }

    /// Judges every live connection with what is trusted now; cuts and returns the refused.
    pub(crate) fn judge_again(&self) -> Vec<PeerId> {
        self.0.generation.fetch_add(1, Ordering::SeqCst);
        let all = self.0.connections.all();
        all.into_iter().filter(|one| self.cut_if_refused(one)).map(|one| one.peer).collect()
    }

    fn cut_if_refused(&self, connection: &Connection) -> bool {
        let Connection { peer, testimony, demand, cut } = connection;
        let expected = match demand {
            Demand::Exactly { expected } => Some(expected),
            Demand::Link { .. } | Demand::Portal { .. } => None,
        };
        let demand = self.demand(demand.face(), expected);
        let verdict = self.0.material.load().judge(&testimony.chain, &demand, testimony.at);
        let Err(refused) = verdict else { return false };
        if !refused.reason.cuts() || cut.is_cancelled() {
            return false;
        }
        cut.cancel();
        let peer = peer.identity.to_string();
        self.0.refusals.note(peer, refused.reason.as_str(), demand.face(), self.now());
        true
    }

    /// A configuration for one incoming handshake, and the witness of it.
    pub(crate) fn server(&self, face: Face) -> (Arc<ServerConfig>, Arc<Witness>) {
        let material = self.0.material.load_full();
        let witness = Witness::new(Arc::clone(&material), self.demand(face, None));
        let (verifier, credential) = (Arc::clone(&witness), Arc::clone(&material.credential));
        let mut config = ServerConfig::builder_with_details(self.provider(), self.time())
            .with_protocol_versions(&[&TLS13])
            .expect("the ring provider speaks TLS 1.3")
            .with_client_cert_verifier(verifier)
            .with_cert_resolver(credential);
        config.alpn_protocols = vec![ALPN.to_vec()];
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        (Arc::new(config), witness)
    }

    /// A configuration for one handshake with `expected`, and the witness of it.
    pub(crate) fn client(&self, expected: &Identity) -> (Arc<ClientConfig>, Arc<Witness>) {
        let material = self.0.material.load_full();
        let demand = self.demand(Face::Dial, Some(expected));
        let witness = Witness::new(Arc::clone(&material), demand);
        let (verifier, credential) = (Arc::clone(&witness), Arc::clone(&material.credential));
        let mut config = ClientConfig::builder_with_details(self.provider(), self.time())
            .with_protocol_versions(&[&TLS13])
            .expect("the ring provider speaks TLS 1.3")
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_client_cert_resolver(credential);
        config.alpn_protocols = vec![ALPN.to_vec()];
        config.resumption = Resumption::disabled();
        (Arc::new(config), witness)
    }

    fn provider(&self) -> Arc<CryptoProvider> {
        Arc::clone(self.0.material.load().provider())
    }

    fn time(&self) -> Arc<dyn TimeProvider> {
        Arc::new(HallTime(Arc::clone(&self.0.clock)))
    }

    pub(crate) fn failed(&self) -> Option<Failure> {
        self.0.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// All that is spoken.
pub(crate) const ALPN: &[u8] = b"h2";

/// An error with its causes, for a log line or an alarm.
pub fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// The house's clock, as rustls asks for the time.
struct HallTime(Arc<dyn Clock>);

impl fmt::Debug for HallTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HallTime")
    }
}

impl TimeProvider for HallTime {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_secs(self.0.now().seconds())))
    }
}
