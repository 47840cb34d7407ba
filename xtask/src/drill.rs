//! The long drills: binaries of the crate `suites`, built for speed and run with the arguments as given.
//!
//! They are tasks of their own because they take minutes; `cargo xtask test` runs their short forms
//! (the suites `sim-short`, `crash-short`, `bench-short`) in the profile of the tests.

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, ensure};

use crate::cargo::{self, Tree};

/// Handed to the drill as they are.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Arguments of the drill; `--help` lists them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

/// Builds the drill with the halls it starts and becomes its answer.
pub(crate) fn run(drill: &str, arguments: &Arguments) -> Result<ExitCode> {
    let tree = Tree::locate()?;
    build(&tree.root, "release", &["hallway", drill])?;
    let status = Command::new(tree.binary("release", drill))
        .args(&arguments.rest)
        .current_dir(&tree.root)
        .status()
        .with_context(|| format!("start the drill {drill}"))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Builds binaries of the workspace in a profile.
pub(crate) fn build(root: &Path, profile: &str, binaries: &[&str]) -> Result<()> {
    let mut command = cargo::command(root, &["build", "--locked", "--workspace"]);
    command.args(["--profile", profile]).stdin(Stdio::null());
    for binary in binaries {
        command.args(["--bin", binary]);
    }
    // Cargo's own stdout is empty here; its progress goes to stderr, where it belongs.
    let status = command.status().context("start cargo build")?;
    ensure!(status.success(), "{} did not build", binaries.join(", "));
    Ok(())
}
