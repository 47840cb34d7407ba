//! Small trees of halls, made as an operator makes them: `hallway init --dev`, then asked and told
//! through `hallway`'s own commands.
//!
//! [`Grounds`] is a directory to throw away with halls in it. What is asked of a hall that serves
//! stands below as plain functions on its directory, since every command finds the rest there.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use pki::{Authority, AuthorityFiles, Order};
use record::Timestamp;
use serde_json::Value;
use telemetry::{Clock, System};
use tempfile::TempDir;

use crate::eventually::eventually;
use crate::process::{Answer, hallway};

/// Halls in a directory to throw away.
#[derive(Debug)]
pub struct Grounds {
    directory: TempDir,
}

impl Grounds {
    /// An empty directory.
    #[expect(clippy::new_without_default, reason = "it makes a directory")]
    pub fn new() -> Self {
        let directory = tempfile::Builder::new().prefix("hallway-").tempdir();
        Self { directory: directory.expect("the system has room for a directory") }
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Makes a root hall.
    #[track_caller]
    pub fn found(&self, hall: &str) -> PathBuf {
        self.init(hall, None)
    }

    /// Makes a hall below another.
    #[track_caller]
    pub fn join(&self, hall: &str, parent: &Path) -> PathBuf {
        self.init(hall, Some(parent))
    }

    #[track_caller]
    fn init(&self, hall: &str, parent: Option<&Path>) -> PathBuf {
        let directory = self.path().join(hall);
        let mut words = vec!["init".into(), directory.clone().into_os_string(), "--dev".into()];
        if let Some(parent) = parent {
            words.extend(["--parent".into(), parent.as_os_str().to_owned()]);
        }
        hallway(&words).expect("`hallway init` starts").ok();
        directory
    }
}

/// The development authority of a tree of halls, as its root hall keeps it.
#[track_caller]
pub fn authority(root: &Path) -> Authority {
    let files = AuthorityFiles {
        certificate: root.join("certs/ca.pem"),
        key: root.join("keys/ca.key"),
        crl: root.join("certs/crl.pem"),
    };
    Authority::load(&files).expect("the root hall keeps the authority")
}

/// The time.
pub fn now() -> Timestamp {
    System.now()
}

/// An order that can serve on loopback.
pub fn on_loopback(order: Order) -> Order {
    order.reachable_at(&["localhost"], &[Ipv4Addr::LOCALHOST.into()])
}

/// Changes the hall's `hallway.toml`: the first line that begins with `key =` (commented or not)
/// under `[table]` says `value` from now on.
#[track_caller]
pub fn configure(hall: &Path, table: &str, key: &str, value: &str) {
    let path = hall.join("hallway.toml");
    let text = fs::read_to_string(&path).expect("a hall has a configuration");
    let mut inside = false;
    let mut set = false;
    let lines = text.lines().map(|line| {
        let bare = line.trim_start_matches(['#', ' ']);
        if line.starts_with('[') {
            inside = line.trim_matches(['[', ']']) == table;
        }
        let here = inside && !set && bare.split('=').next().is_some_and(|left| left.trim() == key);
        if here && bare.contains('=') {
            set = true;
            return format!("{key} = {value}\n");
        }
        format!("{line}\n")
    });
    let changed: String = lines.collect();
    assert!(set, "[{table}] {key} is not in {}", path.display());
    fs::write(&path, changed).expect("a configuration can be written");
}

/// What the hall's `hallway.toml` says of a key, without quotes.
#[track_caller]
pub fn configured(hall: &Path, table: &str, key: &str) -> String {
    let text = fs::read_to_string(hall.join("hallway.toml")).expect("a hall has a configuration");
    let mut inside = false;
    let found = text.lines().find_map(|line| {
        if line.starts_with('[') {
            inside = line.trim_matches(['[', ']']) == table;
        }
        let (left, right) = line.split_once('=').filter(|_| inside)?;
        (left.trim() == key).then(|| right.trim().trim_matches('"').to_owned())
    });
    found.unwrap_or_else(|| unreachable!("[{table}] {key} is not said in {}", hall.display()))
}

/// Makes the hall dial its parent at another address, such as that of a fault proxy, and gives the
/// address it dialled before.
#[track_caller]
pub fn reroute(hall: &Path, through: SocketAddr) -> SocketAddr {
    let before = configured(hall, "peer", "endpoint");
    configure(hall, "peer", "endpoint", &format!("\"{through}\""));
    before.parse().expect("an endpoint on loopback is an address")
}

/// Makes links of a hall quick to try again: what tests wait for.
#[track_caller]
pub fn hurry(hall: &Path) {
    configure(hall, "link", "backoff_max_ms", "500");
    configure(hall, "link", "refused_retry_ms", "1000");
    configure(hall, "link", "receipt_neighbour_ms", "200");
    configure(hall, "link", "receipt_onward_ms", "200");
}

/// Runs `hallway WORD… --hall DIR --json`.
#[track_caller]
pub fn ask(hall: &Path, words: &[&str]) -> Answer {
    let mut all: Vec<_> = words.iter().map(|word| (*word).into()).collect();
    all.extend(["--hall".into(), hall.as_os_str().to_owned(), "--json".into()]);
    hallway(&all).expect("`hallway` starts")
}

/// The hall's status.
#[track_caller]
pub fn status(hall: &Path) -> Value {
    ask(hall, &["status"]).ok().json
}

/// Looks at the hall's status until `look` finds what it wants.
#[track_caller]
pub fn awaited<T>(hall: &Path, what: &str, mut look: impl FnMut(&Value) -> Option<T>) -> T {
    let mut last = Value::Null;
    eventually(DEADLINE, &format!("{what} (at {})", hall.display()), || {
        let answer = ask(hall, &["status"]);
        if answer.code != Some(0) {
            return None;
        }
        last = answer.json;
        look(&last)
    })
}

/// The link to a peer in a status.
pub fn link<'a>(status: &'a Value, peer: &str) -> Option<&'a Value> {
    rows(status, "links").find(|link| link["peer"] == peer)
}

/// Whether a status shows a refusal of this peer for this reason.
pub fn refused(status: &Value, peer: &str, reason: &str) -> bool {
    let named = |row: &Value| row["peer"].as_str().is_some_and(|who| who.contains(peer));
    rows(status, "refusals").any(|row| named(row) && row["reason"] == reason)
}

/// Whether a status shows an alarm whose code begins so.
pub fn alarmed(status: &Value, code: &str) -> bool {
    rows(status, "alarms").any(|row| row["code"].as_str().is_some_and(|it| it.starts_with(code)))
}

/// A list in a status.
pub fn rows<'a>(status: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    status[key].as_array().into_iter().flatten()
}

/// Waits until the hall's links are live and level.
#[track_caller]
pub fn level(hall: &Path) {
    ask(hall, &["status", "--wait", "60"]).ok();
}

/// Submits `rows` invented records of a kind to a hall.
#[track_caller]
pub fn submit(hall: &Path, kind: &str, rows: u64, seed: u64) -> Answer {
    let file = hall.with_extension(format!("{kind}-{seed}.jsonl"));
    let (rows, seed) = (rows.to_string(), seed.to_string());
    let words = ["generate", "--kind", kind, "--rows", &rows, "--seed", &seed, "--out"];
    let mut words: Vec<_> = words.map(Into::into).to_vec();
    words.push(file.clone().into_os_string());
    hallway(&words).expect("`hallway generate` starts").ok();
    submit_file(hall, &file)
}

/// Submits a file to a hall.
#[track_caller]
pub fn submit_file(hall: &Path, file: &Path) -> Answer {
    ask(hall, &["submit", file.to_str().expect("names in tests are text")])
}

/// All entries that the hall's feed shows to its system now, one JSON object each. A feed hands on at
/// least once (an entry comes again when parts of it came later); here the last one counts.
#[track_caller]
pub fn follow(hall: &Path) -> Vec<Value> {
    let words = ["follow".as_ref(), "--until-now".as_ref(), "--hall".as_ref(), hall.as_os_str()];
    let answer = hallway(&words).expect("`hallway follow` starts").ok();
    let items = answer.stdout.lines().map(|line| {
        let item: Value = serde_json::from_str(line).expect("each line of a feed is JSON");
        let text = |key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default();
        let place = (text("ledger").to_owned(), text("index").parse::<u64>().unwrap_or_default());
        (place, item)
    });
    items.collect::<BTreeMap<_, _>>().into_values().collect()
}

/// Verifies a directory or a file offline.
#[track_caller]
pub fn verify(path: &Path) -> Answer {
    hallway(&["verify".as_ref(), path.as_os_str(), "--json".as_ref()])
        .expect("`hallway verify` starts")
}

/// The hall's segments, oldest first.
#[track_caller]
pub fn segments(hall: &Path) -> Vec<PathBuf> {
    let mut found = files(&hall.join("ledger")).expect("a hall has a ledger");
    found.retain(|path| path.extension().is_some_and(|it| it == "seg"));
    found
}

/// All files below a directory, sorted.
pub fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.extend(files(&entry.path())?);
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Copies a directory with all below it.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Inverts the bits of one byte of a file.
#[track_caller]
pub fn flip(file: &Path, offset: usize) {
    let mut bytes = fs::read(file).expect("the file can be read");
    let byte = bytes.get_mut(offset).expect("the offset is within the file");
    *byte ^= 0xff;
    fs::write(file, bytes).expect("the file can be written");
}

/// What a suite waits for comes within this, or never.
pub const DEADLINE: Duration = Duration::from_secs(90);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_is_changed_under_its_table() {
        let hall = tempfile::tempdir().unwrap();
        let text = "[grpc]\nlisten = \"a:1\"\n[link]\nlisten = \"b:2\"\n# backoff_max_ms = 30\n";
        fs::write(hall.path().join("hallway.toml"), text).unwrap();
        configure(hall.path(), "link", "backoff_max_ms", "5");
        configure(hall.path(), "link", "listen", "\"c:3\"");
        assert_eq!(configured(hall.path(), "link", "listen"), "c:3");
        assert_eq!(configured(hall.path(), "grpc", "listen"), "a:1");
        assert_eq!(configured(hall.path(), "link", "backoff_max_ms"), "5");
    }

    #[test]
    fn a_status_is_searched_by_name() {
        let status = serde_json::json!({
            "links": [{"peer": "220100", "state": "live"}],
            "refusals": [{"peer": "spiffe://jilin.example/hall/220200", "reason": "expired"}],
            "alarms": [{"code": "outbox-rebuilt"}],
        });
        assert_eq!(link(&status, "220100").unwrap()["state"], "live");
        assert!(refused(&status, "220200", "expired") && !refused(&status, "220100", "expired"));
        assert!(alarmed(&status, "outbox") && !alarmed(&status, "ledger"));
    }
}
