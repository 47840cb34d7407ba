//! The `hallway.toml` that `init` writes: what this hall needs, and every default as a comment.

use super::raw::{Peer, Raw};

/// What differs from hall to hall.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// Hall id.
    pub hall: String,
    /// Name for people.
    pub name: String,
    /// Trust domain.
    pub domain: String,
    /// The root hall's acts ledger.
    pub root_ledger: String,
    /// Its first key.
    pub root_key: String,
    /// gRPC address.
    pub grpc: String,
    /// Link address.
    pub link: String,
    /// Neighbours.
    pub peers: Vec<Peer>,
}

/// The file's text.
pub fn render(template: &Template) -> String {
    let Template { hall, name, domain, root_ledger, root_key, grpc, link, peers } = template;
    let defaults = Raw::default();
    let peers: String = peers.iter().map(render_peer).collect();
    let listed = |words: &[String]| {
        words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ")
    };
    format!(
        "# Hallway 贯通: configuration of one hall. A commented line shows the default.\n\
         # `hallway check --hall DIR` shows what holds in the end; HALLWAY_LINK__LISTEN replaces [link] listen.\n\
         \n[hall]\nid = {hall:?}\nname = {name:?}\ntrust_domain = {domain:?}\n\
         \n# What this hall trusts from birth: the root hall's acts ledger and its first log key.\n\
         [trust]\nroot_ledger = {root_ledger:?}\nroot_key = {root_key:?}\n\
         \n# The face to systems, departments and operators.\n[grpc]\nlisten = {grpc:?}\n\
         # concurrent_requests = {}\n# deadline_seconds = {}\n# records_per_second = {}    # per caller; 0 is no limit\n# feeds = {}\n\
         \n# The face to other halls.\n[link]\nlisten = {link:?}\n\
         # carry_everything = {}\n# carry = []\n# receipt_neighbour_ms = {}\n# receipt_onward_ms = {}\n\
         # backoff_max_ms = {}\n# refused_retry_ms = {}\n# keepalive_ms = {}\n\
         {peers}\
         \n[tls]\n# certificate = {:?}\n# key = {:?}\n# link_roots = {:?}\n# client_roots = {:?}\n# crls = [{}]\n\
         # crl_grace_hours = {}\n# watch_ms = {}\n\
         \n[keys]\n# log = {:?}\n# holder = {:?}\n\
         \n# What systems may name in a submission.\n[submission]\n# classes = [{}]\n# audiences = []\n\
         # profiles = [{}]    # imports too\n\
         \n[log]\n# filter = {:?}\n# format = {:?}\n",
        defaults.grpc.concurrent_requests,
        defaults.grpc.deadline_seconds,
        defaults.grpc.records_per_second,
        defaults.grpc.feeds,
        defaults.link.carry_everything,
        defaults.link.receipt_neighbour_ms,
        defaults.link.receipt_onward_ms,
        defaults.link.backoff_max_ms,
        defaults.link.refused_retry_ms,
        defaults.link.keepalive_ms,
        defaults.tls.certificate,
        defaults.tls.key,
        defaults.tls.link_roots,
        defaults.tls.client_roots,
        listed(&defaults.tls.crls),
        defaults.tls.crl_grace_hours,
        defaults.tls.watch_ms,
        defaults.keys.log,
        defaults.keys.holder,
        listed(&defaults.submission.classes),
        listed(&defaults.submission.profiles),
        defaults.log.filter,
        defaults.log.format,
    )
}

fn render_peer(peer: &Peer) -> String {
    let endpoint =
        peer.endpoint.as_ref().map(|text| format!("endpoint = {text:?}\n")).unwrap_or_default();
    format!("\n[[peer]]\nhall = {:?}\n{endpoint}", peer.hall)
}
