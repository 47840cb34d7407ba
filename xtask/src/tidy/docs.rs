//! What must be written down: queues, metrics, decisions, dependencies.

use std::collections::BTreeSet;

use serde_json::Value;

use super::floors::{members, starts_word, text};
use super::{File, Finding};

/// Every bounded channel of the crates: its bound has a name, and the name a row in `docs/queues.md`.
pub(super) fn queues(files: &[File]) -> Vec<Finding> {
    let table = page(files, "docs/queues.md");
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.is_rust() && file.path.starts_with("crates/")) {
        let shipped = file.tests_from();
        for (line, code) in file.code().take_while(|(line, _)| *line < shipped) {
            let Some(bound) = CHANNELS.iter().find_map(|call| argument(code, call)) else {
                continue;
            };
            let name = bound.rsplit(['.', ':']).next().unwrap_or_default().trim_end_matches("()");
            if !table.contains(&format!("`{name}`")) {
                let what = format!("the queue bounded by {bound} has no row");
                let way_out = "name its bound and give the name a row in docs/queues.md";
                findings.push(file.find(line, "queue", &what, way_out));
            }
        }
    }
    findings
}

/// Every metric name in `telemetry` or in a metrics macro.
pub(super) fn metrics(files: &[File]) -> Vec<Finding> {
    let table = page(files, "docs/metrics.md");
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.is_rust() && file.path.starts_with("crates/")) {
        let list = file.path.starts_with("crates/telemetry/src/metric");
        let shipped = file.tests_from();
        for (line, code) in file.code().take_while(|(line, _)| *line < shipped) {
            if !list && !MACROS.iter().any(|call| code.contains(call)) {
                continue;
            }
            for name in code.split('"').skip(1).step_by(2).filter(|name| is_metric(name)) {
                if !table.contains(&format!("`{name}`")) && !table.contains(&format!("`{name}{{")) {
                    let what = format!("metric {name} is not documented");
                    let way_out = "give it a row in docs/metrics.md";
                    findings.push(file.find(line, "metric", &what, way_out));
                }
            }
        }
    }
    findings
}

/// Every alarm's code: raised in place, or a word of the links' `AlarmCode`.
pub(super) fn alarms(files: &[File]) -> Vec<Finding> {
    let table = page(files, "docs/alarms.md");
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.is_rust() && file.path.starts_with("crates/")) {
        let shipped = file.tests_from();
        let (mut raised, mut words) = (false, false);
        for (line, code) in file.code().take_while(|(line, _)| *line < shipped) {
            words = (words || code.contains("impl AlarmCode")) && code != "}";
            let names = raised && code.contains("code: \"") || words && code.contains("=> \"");
            raised = code.contains("Alarm {") || code.contains("AlarmStatus {");
            let Some(name) = code.split('"').nth(1).filter(|_| names) else { continue };
            if !table.contains(&format!("| `{name}` |")) {
                let what = format!("alarm {name} is not documented");
                let way_out = "give it a row in docs/alarms.md: what is the matter, what to do";
                findings.push(file.find(line, "alarm", &what, way_out));
            }
        }
    }
    findings
}

/// Every decision is linked from code that obeys it, or from ARCHITECTURE.md.
pub(super) fn decisions(files: &[File]) -> Vec<Finding> {
    let linked = |number: &str| {
        let link = format!("decisions/{number}");
        files.iter().any(|file| {
            (file.is_rust() || file.path == "ARCHITECTURE.md") && file.text.contains(&link)
        })
    };
    let mut findings = Vec::new();
    for file in files {
        let name = file.path.strip_prefix("docs/decisions/");
        let Some((number, _)) = name.and_then(|name| name.split_once('-')) else { continue };
        if !linked(number) {
            let way_out = "link it from the code that obeys it, or from ARCHITECTURE.md";
            findings.push(file.find(1, "decision", "no code links this decision", way_out));
        }
        for heading in HEADINGS.iter().filter(|heading| !file.text.contains(*heading)) {
            let what = format!("{heading:?} is absent");
            findings.push(file.find(1, "decision", &what, "a decision has four sections"));
        }
    }
    findings
}

/// Every dependency has its one line of reason.
pub(super) fn dependencies(files: &[File], metadata: &Value) -> Vec<Finding> {
    let page = page(files, "ARCHITECTURE.md");
    let used: BTreeSet<&str> = members(metadata)
        .flat_map(|package| package["dependencies"].as_array().into_iter().flatten())
        .filter(|dependency| dependency["path"].is_null())
        .map(|dependency| text(dependency, "name"))
        .collect();
    let silent = used.into_iter().filter(|name| !page.contains(&format!("| `{name}` |")));
    let find = |name: &str| Finding {
        file: "ARCHITECTURE.md".to_owned(),
        line: 1,
        rule: "dependency",
        what: format!("no reason for {name}"),
        way_out: "add a row | `name` | why |, or do without it",
    };
    silent.map(find).collect()
}

fn page<'a>(files: &'a [File], path: &str) -> &'a str {
    files.iter().find(|file| file.path == path).map_or("", |file| &file.text)
}

/// The first argument of a call in this line; empty when it stands in the next one.
fn argument<'a>(code: &'a str, call: &str) -> Option<&'a str> {
    let (at, _) = code.match_indices(call).find(|(at, _)| starts_word(code, *at))?;
    let rest = code[at + call.len()..].split_once('(')?.1;
    Some(rest.split([')', ',']).next().unwrap_or_default().trim())
}

/// `<crate>_<noun>_<unit>`: two underscores or more, lower case.
fn is_metric(name: &str) -> bool {
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    plain && name.matches('_').count() >= 1
}

const CHANNELS: [&str; 3] = ["mpsc::channel", "broadcast::channel", "sync_channel"];
const MACROS: [&str; 3] = ["counter!(", "gauge!(", "histogram!("];
const HEADINGS: [&str; 4] =
    ["## Context", "## Decision", "## Consequences", "## What would change our mind"];

#[cfg(test)]
mod tests {
    use super::super::{fixture, rules};
    use super::*;

    #[test]
    fn queues_have_rows() {
        let code = "let a = mpsc::channel(OWN_MAX);\nlet b = mpsc::channel::<u8>(limits.peers);\n\
                    let c = mpsc::channel(7);\n#[cfg(test)]\nlet d = mpsc::channel(8);";
        let code = fixture("crates/ledger/src/a.rs", code);
        let page = fixture("docs/queues.md", "| own | `OWN_MAX` |\n| peers | `peers` |");
        assert_eq!(rules(&queues(&[code, page])), [(3, "queue")]);
    }

    #[test]
    fn metrics_have_rows() {
        let list = fixture(
            "crates/telemetry/src/metric.rs",
            "const A: &str = \"ledger_fsync_seconds\";\nconst B: &str = \"link_state\";\n\
             const C: &str = \"outbox_pending_entries\";",
        );
        let page =
            fixture("docs/metrics.md", "| `ledger_fsync_seconds` |\n| `link_state{link,state}` |");
        assert_eq!(rules(&metrics(&[list, page])), [(3, "metric")]);
    }

    #[test]
    fn alarms_have_rows() {
        let code = "board.raise(Alarm {\n    code: \"disk-full\",\n});\nlet code = other {\n\
                    code: \"no-alarm\",\nimpl AlarmCode {\nSelf::A => \"link-refused\",\n\
                    Self::B => \"ledger-held\",\n}\nB => \"no-alarm\",";
        let code = fixture("crates/hallway/src/a.rs", code);
        let page = fixture("docs/alarms.md", "| `link-refused` | 链路被拒绝 |");
        assert_eq!(rules(&alarms(&[code, page])), [(2, "alarm"), (8, "alarm")]);
    }

    #[test]
    fn decisions_are_linked_and_whole() {
        let whole = HEADINGS.join("\n");
        let files = [
            fixture("docs/decisions/0001-a.md", &whole),
            fixture("docs/decisions/0002-b.md", &whole),
            fixture("docs/decisions/0003-c.md", "## Context"),
            fixture("crates/ledger/src/lib.rs", "//! See docs/decisions/0001-a.md."),
            fixture("ARCHITECTURE.md", "[0003](docs/decisions/0003-c.md)"),
        ];
        let found = decisions(&files);
        assert_eq!(found[0].file, "docs/decisions/0002-b.md");
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn dependencies_have_reasons() {
        let dependency = |name: &str| serde_json::json!({ "name": name, "path": null });
        let list = [dependency("sled"), dependency("tokio")];
        let package = serde_json::json!({ "name": "outbox", "dependencies": list });
        let metadata = serde_json::json!({ "packages": [package] });
        let page = fixture("ARCHITECTURE.md", "| `sled` | the outbox |");
        let found = dependencies(&[page], &metadata);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].what, "no reason for tokio");
    }
}
