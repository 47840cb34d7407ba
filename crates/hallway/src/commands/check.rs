//! `hallway check`: the configuration as it holds in the end, or every problem with its line.
//!
//! Secrets are never printed: a key file shows as its path and the fingerprint of its public half.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use ledger::VerifierKey;
use pki::{Identity, Tls};
use serde_json::{Value, json};
use telemetry::System;

use crate::birth::hall_keys;
use crate::cli::Check;
use crate::config::{self, Raw, Settings};
use crate::exit::{Exit, Failure, with_causes};
use crate::output::Output;

/// Runs the command.
pub fn run(arguments: &Check, output: Output) -> Result<Exit, Failure> {
    let settings = config::read(&arguments.hall).map_err(Failure::of_configuration)?;
    let raw = effective(&settings.directory)?;
    let (keys, mut problems) = keys(&settings);
    problems.extend(crossed(&settings));
    let text = toml::to_string(&raw).map_err(|error| Failure::new(Exit::Usage, error))?;
    output.text(&format!("{text}\n# 密钥与证书 · keys and certificates"));
    for (what, shown) in &keys {
        output.text(&format!("# {what}: {shown}"));
    }
    for problem in &problems {
        output.note(
            format_args!("有误：{}", problem.key),
            format_args!("{}: {}", problem.key, problem.what),
        );
    }
    if problems.is_empty() {
        output.note("配置可用", "the configuration can be used");
    }
    let shown: Vec<Value> =
        problems.iter().map(|one| json!({ "key": one.key, "what": one.what })).collect();
    output.answer(&json!({
        "holds": problems.is_empty(),
        "hall": settings.hall.as_str(),
        "effective": raw,
        "keys": keys.iter().map(|(what, shown)| json!({ "what": what, "is": shown })).collect::<Vec<_>>(),
        "problems": shown,
    }));
    Ok(if problems.is_empty() { Exit::Holds } else { Exit::Usage })
}

/// Something wrong that stands on no single line.
struct Problem {
    key: &'static str,
    what: String,
}

impl Problem {
    fn of(key: &'static str, what: impl Into<String>) -> Self {
        Self { key, what: what.into() }
    }
}

fn effective(directory: &Path) -> Result<Raw, Failure> {
    let text = fs::read_to_string(directory.join("hallway.toml"));
    let text = text.map_err(|error| Failure::new(Exit::Usage, error))?;
    config::effective(&text).map_err(|error| Failure::new(Exit::Usage, error))
}

/// What the key files hold, in public, and what is wrong with them.
fn keys(settings: &Settings) -> (Vec<(String, String)>, Vec<Problem>) {
    let (mut shown, mut problems) = (Vec::new(), Vec::new());
    match hall_keys(settings) {
        Ok(keys) => {
            shown.push((settings.log_key.display().to_string(), keys.log));
            shown.push((settings.holder_key.display().to_string(), keys.holder));
        }
        Err(error) => problems.push(Problem::of("keys", with_causes(&error))),
    }
    match Tls::open(trust_material(settings), Arc::new(System)) {
        Ok(tls) => {
            let bearer = tls.bearer();
            shown.push((settings.tls.certificate.display().to_string(), bearer.to_string()));
            let ours = Identity::hall(settings.domain.clone(), settings.hall.clone());
            if bearer.identity != ours {
                let what = format!("names {}, this hall is {ours}", bearer.identity);
                problems.push(Problem::of("tls.certificate", what));
            }
        }
        Err(error) => problems.push(Problem::of("tls", with_causes(&error))),
    }
    for (key, path) in [
        ("keys.log", &settings.log_key),
        ("keys.holder", &settings.holder_key),
        ("tls.key", &settings.tls.key),
    ] {
        if fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0) {
            let what = format!("{} is readable by others; chmod 600", path.display());
            problems.push(Problem::of(key, what));
        }
    }
    (shown, problems)
}

/// Values that are each legal and do not fit together.
fn crossed(settings: &Settings) -> Vec<Problem> {
    let mut problems = Vec::new();
    let root = &settings.trust.root_ledger;
    match settings.trust.root_key.parse::<VerifierKey>() {
        Ok(key) if key.name == ledger::log_key_name(root.domain(), root.hall()) => {}
        Ok(key) => problems.push(Problem::of(
            "trust.root_key",
            format!("is of {}, the root ledger of {}", key.name, root.hall()),
        )),
        Err(error) => problems.push(Problem::of("trust.root_key", with_causes(&error))),
    }
    if *root.domain() != settings.domain {
        let what = format!("{root} is not of {}", settings.domain);
        problems.push(Problem::of("trust.root_ledger", what));
    }
    if settings.grpc_listen == settings.link_listen && settings.grpc_listen.port() != 0 {
        problems.push(Problem::of("link.listen", "is the same as grpc.listen"));
    }
    for (at, peer) in settings.peers.iter().enumerate() {
        if peer.hall == settings.hall {
            problems.push(Problem::of("peer.hall", "a hall is no neighbour of itself"));
        }
        if settings.peers.iter().take(at).any(|other| other.hall == peer.hall) {
            problems.push(Problem::of("peer.hall", format!("{} stands there twice", peer.hall)));
        }
    }
    problems
}

fn trust_material(settings: &Settings) -> pki::Config {
    let tls = &settings.tls;
    let mut material =
        pki::Config::new(tls.certificate.clone(), tls.key.clone(), tls.link_roots.clone());
    material.client_roots = vec![tls.client_roots.clone()];
    material.crls = tls.crls.iter().filter(|path| path.exists()).cloned().collect();
    material
}
