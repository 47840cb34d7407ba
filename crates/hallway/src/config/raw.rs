//! What `hallway.toml` may say, with every default in one place.

use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Raw {
    /// Who this hall is.
    pub hall: Hall,
    /// What it trusts from birth.
    pub trust: Trust,
    /// The face to systems, departments and operators.
    pub grpc: Grpc,
    /// The face to other halls.
    pub link: Link,
    /// Neighbours.
    pub peer: Vec<Peer>,
    /// Certificates.
    pub tls: Tls,
    /// Signing keys.
    pub keys: Keys,
    /// What systems may submit.
    pub submission: Submission,
    /// Logs.
    pub log: Log,
}

/// `[hall]`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hall {
    /// Hall id.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Trust domain.
    pub trust_domain: String,
}

/// `[trust]`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Trust {
    /// The root hall's acts ledger.
    pub root_ledger: String,
    /// The first log key of the root hall, as a C2SP verifier key.
    pub root_key: String,
}

/// `[grpc]`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Grpc {
    /// Address and port.
    pub listen: String,
    /// Requests under way at once, over all callers.
    pub concurrent_requests: usize,
    /// Longest a unary call may take, in seconds.
    pub deadline_seconds: u64,
    /// Records a second that one caller may submit; 0 is no limit.
    pub records_per_second: u32,
    /// Feeds open at once.
    pub feeds: usize,
}

impl Default for Grpc {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:7400".to_owned(),
            concurrent_requests: 256,
            deadline_seconds: 30,
            records_per_second: 0,
            feeds: 64,
        }
    }
}

/// `[link]`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Link {
    /// Address and port.
    pub listen: String,
    /// Carry every ledger that peers have; otherwise this hall's subtree and `carry`.
    pub carry_everything: bool,
    /// Further halls whose records are carried.
    pub carry: Vec<String>,
    /// Least time between two receipts for a neighbour's ledger, in milliseconds.
    pub receipt_neighbour_ms: u64,
    /// Least time between two receipts for any other ledger, in milliseconds.
    pub receipt_onward_ms: u64,
    /// Longest pause between two dials, in milliseconds.
    pub backoff_max_ms: u64,
    /// Pause before a peer that refused is asked again, in milliseconds.
    pub refused_retry_ms: u64,
    /// Silence after which a connection is probed, in milliseconds.
    pub keepalive_ms: u64,
}

impl Default for Link {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:7401".to_owned(),
            carry_everything: true,
            carry: Vec::new(),
            receipt_neighbour_ms: 1_000,
            receipt_onward_ms: 10_000,
            backoff_max_ms: 30_000,
            refused_retry_ms: 300_000,
            keepalive_ms: 10_000,
        }
    }
}

/// `[[peer]]`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Peer {
    /// Hall id.
    pub hall: String,
    /// `host:port` of its link face; without one this hall waits to be dialled.
    pub endpoint: Option<String>,
}

/// `[tls]`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tls {
    /// The hall's certificate chain.
    pub certificate: String,
    /// Its private key.
    pub key: String,
    /// Roots for other halls.
    pub link_roots: String,
    /// Roots for systems, departments, operators.
    pub client_roots: String,
    /// Revocation lists; files that are absent are no error until they appear.
    pub crls: Vec<String>,
    /// How long an expired revocation list goes on counting, in hours.
    pub crl_grace_hours: u64,
    /// How often certificates, roots and revocation lists are looked at, in milliseconds.
    pub watch_ms: u64,
}

impl Default for Tls {
    fn default() -> Self {
        Self {
            certificate: "certs/hall.pem".to_owned(),
            key: "keys/hall.key".to_owned(),
            link_roots: "certs/ca.pem".to_owned(),
            client_roots: "certs/ca.pem".to_owned(),
            crls: vec!["certs/crl.pem".to_owned()],
            crl_grace_hours: 7 * 24,
            watch_ms: 300,
        }
    }
}

/// `[keys]`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Keys {
    /// Seals this hall's ledgers.
    pub log: String,
    /// Signs receipts and nothing else.
    pub holder: String,
}

impl Default for Keys {
    fn default() -> Self {
        Self { log: "keys/log.key".to_owned(), holder: "keys/holder.key".to_owned() }
    }
}

/// `[submission]`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Submission {
    /// Sharing classes that systems may name.
    pub classes: Vec<String>,
    /// Audience numbers that systems may name, besides 0.
    pub audiences: Vec<u32>,
    /// Profiles that submissions and imports may name.
    pub profiles: Vec<String>,
}

impl Default for Submission {
    fn default() -> Self {
        let classes = ["open", "unconditional", "conditional", "withheld"];
        let profiles = ["cn-2.1", "cn-legacy", "generic"];
        Self {
            classes: classes.map(str::to_owned).to_vec(),
            audiences: Vec::new(),
            profiles: profiles.map(str::to_owned).to_vec(),
        }
    }
}

/// `[log]`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// Filter, such as `info` or `info,link=debug`.
    pub filter: String,
    /// `text` or `json`.
    pub format: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { filter: "info".to_owned(), format: "text".to_owned() }
    }
}
