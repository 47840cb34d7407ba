//! What xtask knows about cargo: where the tree and its target directory are, how to call it.
//!
//! Every call selects with `--workspace` and names its targets, never `-p`: cargo unifies features
//! over the selected packages, so another selection would build half of the dependencies again.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// The tree and its target directory.
pub(crate) struct Tree {
    /// The workspace's root.
    pub(crate) root: PathBuf,
    /// Where cargo builds; also holds the tools of other languages.
    pub(crate) target: PathBuf,
}

impl Tree {
    /// Asks cargo.
    pub(crate) fn locate() -> Result<Self> {
        let metadata = metadata(&["--no-deps"])?;
        let path = |key: &str| {
            metadata.get(key).and_then(Value::as_str).map(PathBuf::from).with_context(|| {
                format!("cargo metadata does not say {key}: is this cargo 1.95 or newer?")
            })
        };
        Ok(Self { root: path("workspace_root")?, target: path("target_directory")? })
    }

    /// The virtual environment that holds every `PyPI` package of the suites.
    pub(crate) fn python_home(&self) -> PathBuf {
        self.target.join("tools/python")
    }

    /// A program of that environment.
    pub(crate) fn python_program(&self, name: &str) -> PathBuf {
        self.python_home().join("bin").join(name)
    }

    /// A binary that `cargo build` left.
    pub(crate) fn binary(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(if profile == "dev" { "debug" } else { profile }).join(name)
    }
}

/// A call of the cargo that started us.
pub(crate) fn command(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root).args(arguments);
    // The tree is never written to, and snapshots and failing seeds are part of it.
    command.env("INSTA_UPDATE", "no").env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "1");
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("CARGO_TERM_COLOR", "never");
    command
}

/// `cargo metadata` of the workspace, for this machine only: other platforms' crates stay unfetched.
pub(crate) fn metadata(arguments: &[&str]) -> Result<Value> {
    let output = command(Path::new("."), &["metadata", "--format-version", "1", "--locked"])
        .args(arguments)
        .output()
        .context("start cargo metadata")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
    serde_json::from_slice(&output.stdout).context("read the answer of cargo metadata")
}

/// The triple of this machine, as rustc names it.
pub(crate) fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("start rustc")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(line.context("rustc -vV does not name its host")?.to_owned())
}
