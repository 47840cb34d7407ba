//! Settings that cannot be invalid: names parsed, addresses resolved to sockets, words to enums.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use policy::{Acts, AnchorError};
use record::{HallId, Lane, LedgerName, Profile, SharingClass, TrustDomain};
use telemetry::LogFormat;

use super::raw::Raw;
use super::read::ConfigError;

/// What a hall runs on.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The data directory.
    pub directory: PathBuf,
    /// Hall id.
    pub hall: HallId,
    /// Name for people.
    pub name: String,
    /// Trust domain.
    pub domain: TrustDomain,
    /// What it trusts from birth.
    pub trust: Trust,
    /// Where systems, departments and operators call.
    pub grpc_listen: SocketAddr,
    /// Requests under way at once.
    pub concurrent_requests: usize,
    /// Longest a unary call may take.
    pub deadline: Duration,
    /// Records a second per caller, when limited.
    pub records_per_second: Option<u32>,
    /// Feeds open at once.
    pub feeds: usize,
    /// Where halls call.
    pub link_listen: SocketAddr,
    /// Carry every ledger.
    pub carry_everything: bool,
    /// Further halls whose records are carried.
    pub carry: Vec<HallId>,
    /// Least time between receipts for a neighbour's ledger.
    pub receipt_neighbour: Duration,
    /// Least time between receipts for any other ledger.
    pub receipt_onward: Duration,
    /// Longest pause between dials.
    pub backoff_max: Duration,
    /// Pause before a peer that refused is asked again.
    pub refused_retry: Duration,
    /// Silence after which a connection is probed.
    pub keepalive: Duration,
    /// Neighbours.
    pub peers: Vec<Peer>,
    /// Certificates.
    pub tls: Tls,
    /// Key that seals.
    pub log_key: PathBuf,
    /// Key that signs receipts.
    pub holder_key: PathBuf,
    /// What systems may submit.
    pub bounds: Bounds,
    /// Log filter.
    pub log_filter: String,
    /// Log format.
    pub log_format: LogFormat,
}

/// What a hall trusts from birth.
#[derive(Clone, Debug)]
pub struct Trust {
    /// The root hall's acts ledger.
    pub root_ledger: LedgerName,
    /// Its first log key, as a C2SP verifier key.
    pub root_key: String,
}

impl Trust {
    /// Where reading the acts begins: no act applied yet.
    pub fn acts(&self) -> Result<Acts, AnchorError> {
        Acts::new(self.root_ledger.clone(), &self.root_key, link::desk::doubt::is_fork)
    }
}

/// A neighbour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Hall id.
    pub hall: HallId,
    /// Where to dial it, if we dial.
    pub endpoint: Option<String>,
}

/// Certificates, roots, revocation lists, as absolute paths.
#[derive(Clone, Debug)]
pub struct Tls {
    /// The hall's certificate chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// Roots for other halls.
    pub link_roots: PathBuf,
    /// Roots for systems, departments, operators.
    pub client_roots: PathBuf,
    /// Revocation lists.
    pub crls: Vec<PathBuf>,
    /// How long an expired revocation list goes on counting.
    pub crl_grace: Duration,
    /// How often files are looked at.
    pub watch: Duration,
}

/// What systems may name in a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Sharing classes.
    pub classes: Vec<SharingClass>,
    /// Audience numbers besides 0.
    pub audiences: Vec<u32>,
    /// Profiles by which records may be judged.
    pub profiles: Vec<Profile>,
}

impl Settings {
    /// Makes settings of what a file says; every error names its key.
    pub fn of(directory: PathBuf, raw: &Raw) -> Result<Self, Vec<ConfigError>> {
        let mut wrong = Vec::new();
        let settings = Self::collect(directory, raw, &mut wrong);
        match settings {
            Some(settings) if wrong.is_empty() => Ok(settings),
            _ => Err(wrong),
        }
    }

    fn collect(directory: PathBuf, raw: &Raw, wrong: &mut Vec<ConfigError>) -> Option<Self> {
        let at = |path: &str| directory.join(path);
        let millis = Duration::from_millis;
        let hall = parse("hall.id", &raw.hall.id, wrong);
        let domain = parse("hall.trust_domain", &raw.hall.trust_domain, wrong);
        let trust = trust(raw, wrong);
        let grpc_listen = parse("grpc.listen", &raw.grpc.listen, wrong);
        let link_listen = parse("link.listen", &raw.link.listen, wrong);
        let carry = raw.link.carry.iter().map(|hall| parse("link.carry", hall, wrong));
        let carry = carry.collect::<Option<Vec<HallId>>>();
        let peers = peers(raw, wrong);
        let bounds = bounds(raw, wrong);
        let log_format = log_format(raw, wrong);
        Some(Self {
            hall: hall?,
            name: raw.hall.name.clone(),
            domain: domain?,
            trust: trust?,
            grpc_listen: grpc_listen?,
            concurrent_requests: raw.grpc.concurrent_requests.max(1),
            deadline: Duration::from_secs(raw.grpc.deadline_seconds.max(1)),
            records_per_second: Some(raw.grpc.records_per_second).filter(|limit| *limit > 0),
            feeds: raw.grpc.feeds.max(1),
            link_listen: link_listen?,
            carry_everything: raw.link.carry_everything,
            carry: carry?,
            receipt_neighbour: millis(raw.link.receipt_neighbour_ms),
            receipt_onward: millis(raw.link.receipt_onward_ms),
            backoff_max: millis(raw.link.backoff_max_ms.max(100)),
            refused_retry: millis(raw.link.refused_retry_ms.max(1_000)),
            keepalive: millis(raw.link.keepalive_ms.max(100)),
            peers: peers?,
            tls: Tls {
                certificate: at(&raw.tls.certificate),
                key: at(&raw.tls.key),
                link_roots: at(&raw.tls.link_roots),
                client_roots: at(&raw.tls.client_roots),
                crls: raw.tls.crls.iter().map(|path| at(path)).collect(),
                crl_grace: Duration::from_secs(raw.tls.crl_grace_hours * 3_600),
                watch: millis(raw.tls.watch_ms.max(50)),
            },
            log_key: at(&raw.keys.log),
            holder_key: at(&raw.keys.holder),
            bounds: bounds?,
            log_filter: raw.log.filter.clone(),
            log_format: log_format?,
            directory,
        })
    }
}

fn trust(raw: &Raw, wrong: &mut Vec<ConfigError>) -> Option<Trust> {
    let root_ledger: LedgerName = parse("trust.root_ledger", &raw.trust.root_ledger, wrong)?;
    if root_ledger.lane() != Lane::Acts {
        wrong.push(ConfigError::of(
            "trust.root_ledger",
            &raw.trust.root_ledger,
            "is not an acts ledger; it reads <domain>/hallway/<root hall>/acts/<generation>",
        ));
    }
    if raw.trust.root_key.split('+').count() < 3 {
        wrong.push(ConfigError::of(
            "trust.root_key",
            &raw.trust.root_key,
            "is no C2SP verifier key <name>+<8 hex digits>+<base64>",
        ));
        return None;
    }
    Some(Trust { root_ledger, root_key: raw.trust.root_key.clone() })
}

fn peers(raw: &Raw, wrong: &mut Vec<ConfigError>) -> Option<Vec<Peer>> {
    let peers = raw.peer.iter().map(|peer| {
        let hall = parse("peer.hall", &peer.hall, wrong)?;
        if peer.endpoint.as_ref().is_some_and(|text| !text.contains(':')) {
            let text = peer.endpoint.as_deref().unwrap_or_default();
            wrong.push(ConfigError::of("peer.endpoint", text, "is not host:port"));
        }
        Some(Peer { hall, endpoint: peer.endpoint.clone() })
    });
    peers.collect()
}

fn bounds(raw: &Raw, wrong: &mut Vec<ConfigError>) -> Option<Bounds> {
    let classes = raw.submission.classes.iter().map(|text| {
        let class = SharingClass::ALL.into_iter().find(|class| class.as_str() == text);
        if class.is_none() {
            let what = "is not open, unconditional, conditional or withheld";
            wrong.push(ConfigError::of("submission.classes", text, what));
        }
        class
    });
    let classes = classes.collect::<Option<Vec<_>>>()?;
    let profiles = raw.submission.profiles.iter().map(|text| {
        let profile = text.parse().ok();
        if profile.is_none() {
            let what = "is not cn-2.1, cn-legacy or generic";
            wrong.push(ConfigError::of("submission.profiles", text, what));
        }
        profile
    });
    let profiles = profiles.collect::<Option<Vec<Profile>>>()?;
    if profiles.is_empty() {
        wrong.push(ConfigError::of("submission.profiles", "[]", "names no profile"));
    }
    Some(Bounds { classes, audiences: raw.submission.audiences.clone(), profiles })
}

fn log_format(raw: &Raw, wrong: &mut Vec<ConfigError>) -> Option<LogFormat> {
    match raw.log.format.as_str() {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        other => {
            wrong.push(ConfigError::of("log.format", other, "is not text or json"));
            None
        }
    }
}

fn parse<T>(key: &'static str, text: &str, wrong: &mut Vec<ConfigError>) -> Option<T>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    match text.parse() {
        Ok(value) => Some(value),
        Err(error) => {
            wrong.push(ConfigError::of(key, text, &error.to_string()));
            None
        }
    }
}
