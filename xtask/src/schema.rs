//! Writes `docs/schema.md`: a binary of the crate `suites` prints the page, here it becomes a file.
//!
//! A test of crate `wire` fails when the page is stale; nothing but this task writes it.

use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};

use crate::cargo::Tree;
use crate::drill::build;

const PAGE: &str = "docs/schema.md";

/// Builds the printer and writes what it prints.
pub(crate) fn run() -> Result<ExitCode> {
    let tree = Tree::locate()?;
    build(&tree.root, "dev", &["schema"])?;
    let output = Command::new(tree.binary("dev", "schema")).output().context("start schema")?;
    ensure!(output.status.success(), "schema: {}", String::from_utf8_lossy(&output.stderr));
    fs::write(tree.root.join(PAGE), output.stdout).with_context(|| format!("write {PAGE}"))?;
    crate::say(&format!("{PAGE} written"));
    Ok(ExitCode::SUCCESS)
}
