//! `cargo xtask tidy`: the habits of the house that clippy cannot see.
//!
//! Floors and fences ([`floors`]), the shape of a source file ([`source`]), what must be written
//! down ([`docs`]), what may come in from outside ([`supply`]). Each rule is a function from text
//! to findings and is tested on small fixtures; only this file touches git, cargo and the disk. A
//! finding names file, line, rule and the way out. There is no list of exceptions: a rule that makes
//! the code worse is changed here, with a decision record.

mod docs;
mod floors;
mod source;
mod supply;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use serde_json::Value;

use crate::cargo::{self, Tree};
use crate::{answer, say};

/// How to tell.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Ends with one JSON object on stdout.
    #[arg(long)]
    json: bool,
}

/// One broken habit.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Finding {
    file: String,
    line: usize,
    rule: &'static str,
    what: String,
    way_out: &'static str,
}

/// One file of the tree: its path from the root, with `/`, and its text.
struct File {
    path: String,
    text: String,
}

impl File {
    fn find(&self, line: usize, rule: &'static str, what: &str, way_out: &'static str) -> Finding {
        Finding { file: self.path.clone(), line, rule, what: what.to_owned(), way_out }
    }

    fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|extension| extension == "rs")
    }

    /// The lines, from 1, with comments cut off.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(at, line)| {
            let code = if line.trim_start().starts_with("//") { "" } else { line };
            (at + 1, code.split_once(" // ").map_or(code, |(code, _)| code))
        })
    }

    /// The line from which on everything is test code.
    fn tests_from(&self) -> usize {
        if self.path.starts_with("tests/") || self.path.ends_with("tests.rs") {
            return 1;
        }
        let marked = self.text.lines().position(|line| line.trim() == "#[cfg(test)]");
        marked.map_or(usize::MAX, |at| at + 1)
    }
}

/// Checks the tree.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let tree = Tree::locate()?;
    let files = files(&tree.root)?;
    let platform = cargo::host()?;
    let findings = check(&files, &cargo::metadata(&["--filter-platform", &platform])?);
    for Finding { file, line, rule, what, way_out } in &findings {
        say(&format!("{file}:{line}: {rule}: {what}; {way_out}"));
    }
    let report = serde_json::json!({ "files": files.len(), "findings": findings });
    if arguments.json {
        answer(&report.to_string());
    } else {
        answer(&format!("tidy: {} files, {} findings", files.len(), findings.len()));
    }
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn check(files: &[File], metadata: &Value) -> Vec<Finding> {
    let mut findings = floors::edges(metadata);
    findings.extend(supply::packages(metadata));
    findings.extend(docs::dependencies(files, metadata));
    findings.extend(docs::decisions(files));
    findings.extend(docs::queues(files));
    findings.extend(docs::metrics(files));
    findings.extend(docs::alarms(files));
    for file in files {
        findings.extend(supply::text(file));
        if file.is_rust() {
            findings.extend(source::check(file));
            findings.extend(floors::mentions(file));
        }
    }
    findings
}

/// What git tracks or would track.
fn files(root: &Path) -> Result<Vec<File>> {
    let words = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").args(words).current_dir(root).output();
    let output = output.context("start git: tidy reads the list of files from it")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
    let names = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;
    let mut files = Vec::new();
    for path in names.split('\0').filter(|name| !name.is_empty()) {
        match fs::read(root.join(path)) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                files.push(File { path: path.to_owned(), text });
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {} // deleted, not yet committed
            Err(error) => return Err(error).with_context(|| format!("read {path}")),
        }
    }
    Ok(files)
}

#[cfg(test)]
fn fixture(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned() }
}

#[cfg(test)]
fn rules(findings: &[Finding]) -> Vec<(usize, &'static str)> {
    findings.iter().map(|finding| (finding.line, finding.rule)).collect()
}
