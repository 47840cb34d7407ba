//! Floors and fences: a crate may use lower floors only, and some libraries have one home.

use serde_json::Value;

use super::{File, Finding};

/// The floor of each crate (`ARCHITECTURE.md`). Crates on one floor never see each other. `telemetry`
/// stands half a step above `record`, whose `Timestamp` its clock speaks; hence the gap.
const FLOORS: &[(&str, u32)] = &[
    ("record", 0),
    ("telemetry", 1),
    ("wire", 10),
    ("policy", 10),
    ("pki", 10),
    ("ledger", 10),
    ("files", 10),
    ("outbox", 20),
    ("view", 20),
    ("materials", 20),
    ("link", 30),
    ("intake", 30),
    ("inquiry", 30),
    ("alarm", 30),
    ("portal", 40),
    ("console", 40),
    ("hallway", 50),
    ("suites", 60),
    ("xtask", 60),
];

/// Libraries that only these crates may know.
const FENCES: &[(&str, &[&str])] = &[
    ("sled", &["outbox"]),
    ("rusqlite", &["view"]),
    ("cedar-policy", &["policy"]),
    ("calamine", &["files"]),
    ("tokio-rustls", &["pki"]),
    ("axum", &["portal", "console"]),
];

/// Edges between our crates that do not lead down, and dependencies that climb a fence.
pub(super) fn edges(metadata: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in members(metadata) {
        let name = text(package, "name");
        let mut find = |rule, what, way_out| {
            let file = format!("{name} (Cargo.toml)");
            findings.push(Finding { file, line: 1, rule, what, way_out });
        };
        let Some(floor) = floor(name) else {
            let what = format!("crate {name} stands on no floor");
            find("floor", what, "give it one in xtask/src/tidy/floors.rs and ARCHITECTURE.md");
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let used = text(dependency, "name");
            if let Some(other) = self::floor(used).filter(|_| dependency["path"].is_string())
                && other >= floor
            {
                let what = format!("{name} (floor {floor}) uses {used} (floor {other})");
                find("floor", what, "state a small port and let the binary join them");
            }
            if let Some(homes) = fence(used).filter(|homes| !homes.contains(&name)) {
                let what = format!("{name} uses {used}, fenced in {}", homes.join(", "));
                find("fence", what, "go through the crate that knows it");
            }
        }
    }
    findings
}

/// Paths into a fenced library outside its home.
pub(super) fn mentions(file: &File) -> Vec<Finding> {
    let home = file.path.strip_prefix("crates/").and_then(|rest| rest.split('/').next());
    let mut findings = Vec::new();
    for (library, homes) in FENCES {
        if home.is_some_and(|home| homes.contains(&home)) {
            continue;
        }
        let module = library.replace('-', "_");
        let (path, import) = (format!("{module}::"), format!("use {module};"));
        for (line, code) in file.code() {
            let bare = code.match_indices(&path).any(|(at, _)| starts_word(code, at));
            if (bare || code.contains(&import)) && !code.contains('"') {
                let what = format!("{library} is fenced in {}", homes.join(", "));
                findings.push(file.find(line, "fence", &what, "go through that crate"));
            }
        }
    }
    findings
}

fn floor(name: &str) -> Option<u32> {
    FLOORS.iter().find(|(known, _)| *known == name).map(|(_, floor)| *floor)
}

fn fence(name: &str) -> Option<&'static [&'static str]> {
    FENCES.iter().find(|(known, _)| *known == name).map(|(_, homes)| *homes)
}

/// Our own packages in `cargo metadata`.
pub(super) fn members(metadata: &Value) -> impl Iterator<Item = &Value> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages.filter(|package| package["source"].is_null())
}

/// A string in `cargo metadata`; empty when absent.
pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// Whether no identifier runs into the one that starts at `at`.
pub(super) fn starts_word(code: &str, at: usize) -> bool {
    !code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_')
}

#[cfg(test)]
mod tests {
    use super::super::{fixture, rules};
    use super::*;

    fn uses(name: &str, used: &str, ours: bool) -> Value {
        let path = if ours { Value::from("somewhere") } else { Value::Null };
        let dependency = serde_json::json!({ "name": used, "path": path });
        let package = serde_json::json!({ "name": name, "dependencies": [dependency] });
        serde_json::json!({ "packages": [package] })
    }

    #[test]
    fn edges_lead_down() {
        let table = [
            ("link", "ledger", true, None),
            ("telemetry", "record", true, None),
            ("ledger", "link", true, Some("floor")),
            ("ledger", "pki", true, Some("floor")),
            ("mystery", "record", true, Some("floor")),
            ("outbox", "sled", false, None),
            ("ledger", "sled", false, Some("fence")),
            ("suites", "tokio-rustls", false, Some("fence")),
        ];
        for (name, used, ours, wanted) in table {
            let found = edges(&uses(name, used, ours));
            assert_eq!(found.first().map(|finding| finding.rule), wanted, "{name} -> {used}");
        }
    }

    #[test]
    fn paths_stay_behind_fences() {
        let text = "use sled::Db;\n// sled::Db is fine in prose\nlet d: sled::Db = bobsled::new();";
        let outside = fixture("crates/link/src/a.rs", text);
        assert_eq!(rules(&mentions(&outside)), [(1, "fence"), (3, "fence")]);
        assert!(mentions(&fixture("crates/outbox/src/a.rs", text)).is_empty());
    }
}
