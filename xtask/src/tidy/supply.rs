//! What may come in from outside: licences, sources, and nothing that belongs to one machine.

use std::path::Path;

use serde_json::Value;

use super::floors::{starts_word, text as field};
use super::{File, Finding};

/// Licences and sources of every package that is built.
pub(super) fn packages(metadata: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let (name, licence) = (field(package, "name"), field(package, "license"));
        let mut find = |rule, what, way_out| {
            findings.push(Finding { file: "Cargo.lock".to_owned(), line: 1, rule, what, way_out });
        };
        if !allowed(licence) {
            let what = format!("{name} is under {licence:?}");
            find("licence", what, "do without it, or allow the licence in tidy/supply.rs");
        }
        if let Some(source) = package["source"].as_str().filter(|source| *source != REGISTRY) {
            let what = format!("{name} comes from {source}");
            find("source", what, "use the released crate of the public registry");
        }
    }
    findings
}

/// Keys, machine paths and registry hosts in one file.
pub(super) fn text(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let extension = Path::new(&file.path).extension().and_then(|extension| extension.to_str());
    if extension.is_some_and(|extension| SECRETS.contains(&extension)) {
        let way_out = "generate it in the test or by `hallway ca`";
        findings.push(file.find(1, "secret", "a key or certificate is committed", way_out));
    }
    if file.path == "Cargo.lock" || file.path.ends_with("/Cargo.lock") {
        return findings; // names the registry in every stanza
    }
    for (at, line) in file.text.lines().enumerate() {
        let holds =
            |needle: &&str| line.match_indices(*needle).any(|(start, _)| starts_word(line, start));
        if line.contains(PEM) && file.text.lines().nth(at + 1).is_some_and(is_base64) {
            let way_out = "generate it in the test or by `hallway ca`";
            findings.push(file.find(at + 1, "secret", "a key or certificate in text", way_out));
        }
        if let Some(path) = PATHS.iter().copied().find(|path| holds(path)) {
            let way_out = "derive the path: tempfile, current_exe, a flag";
            findings.push(file.find(at + 1, "machine-path", path, way_out));
        }
        if let Some(host) = HOSTS.iter().copied().find(|host| holds(host)) {
            let way_out = "leave registries to the clients' own settings";
            findings.push(file.find(at + 1, "registry-host", host, way_out));
        }
    }
    findings
}

/// A line as it follows the head of a PEM block.
fn is_base64(line: &str) -> bool {
    let line = line.trim().trim_end_matches(['\\', 'n', '"']);
    line.len() >= 40 && line.chars().all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c))
}

/// Whether an SPDX expression can be met with the allowed licences. `/` is an old way to write OR.
fn allowed(expression: &str) -> bool {
    split(&expression.replace('/', " OR "), " OR ").iter().any(|choice| {
        split(choice, " AND ").iter().all(|term| {
            let inner = term.strip_prefix('(').and_then(|term| term.strip_suffix(')'));
            inner.map_or(LICENCES.contains(term), allowed)
        })
    })
}

/// Splits at an operator outside parentheses.
fn split<'a>(expression: &'a str, operator: &str) -> Vec<&'a str> {
    let (mut terms, mut start, mut depth) = (Vec::new(), 0, 0_u32);
    for (at, character) in expression.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 && at >= start && expression[at..].starts_with(operator) => {
                terms.push(expression[start..at].trim());
                start = at + operator.len();
            }
            _ => {}
        }
    }
    terms.push(expression[start..].trim());
    terms
}

const LICENCES: [&str; 10] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];
const REGISTRY: &str = concat!("registry+https://github.com/rust-lang/", "crates", ".io-index");
const SECRETS: [&str; 8] = ["key", "pem", "crt", "cer", "der", "p12", "pfx", "jks"];
const PEM: &str = concat!("-----", "BEGIN ");
const PATHS: [&str; 5] = [
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/wo", "rk/"),
    concat!("../sha", "red"),
];
const HOSTS: [&str; 8] = [
    concat!("crates", ".io"),
    concat!("pypi", ".org"),
    concat!("files.python", "hosted.org"),
    concat!("registry.npm", "js.org"),
    concat!("proxy.go", "lang.org"),
    concat!("deb.deb", "ian.org"),
    concat!("rsproxy", ".cn"),
    concat!("mirrors.", "tuna"),
];

#[cfg(test)]
mod tests {
    use super::super::{fixture, rules};
    use super::*;

    #[test]
    fn licences() {
        let table = [
            ("MIT OR Apache-2.0", true),
            ("Apache-2.0 / MIT", true),
            ("MIT/GPL-3.0", true),
            ("(MIT OR GPL-3.0) AND Unicode-3.0", true),
            ("MIT AND GPL-3.0", false),
            ("(MIT OR Apache-2.0) AND (GPL-3.0)", false),
            ("GPL-3.0", false),
            ("", false),
        ];
        for (expression, wanted) in table {
            assert_eq!(allowed(expression), wanted, "{expression}");
        }
    }

    #[test]
    fn sources() {
        let package =
            |source| serde_json::json!({ "name": "a", "license": "MIT", "source": source });
        let git = Value::from("git+https://example.invalid/a");
        let list = [package(Value::Null), package(Value::from(REGISTRY)), package(git)];
        let found = packages(&serde_json::json!({ "packages": list }));
        assert_eq!(rules(&found), [(1, "source")]);
    }

    #[test]
    fn nothing_of_one_machine() {
        let path = concat!("see /ho", "me/me/a or docs/ho", "me/a");
        let (head, body) = (concat!("-----", "BEGIN X-----"), "a/+A".repeat(16));
        let lines = [path, concat!("from py", "pi.org"), head, &body, head, "fine"];
        let found = text(&fixture("docs/a.md", &lines.join("\n")));
        assert_eq!(rules(&found), [(1, "machine-path"), (2, "registry-host"), (3, "secret")]);
        assert_eq!(rules(&text(&fixture("certs/ca.pem", ""))), [(1, "secret")]);
    }
}
