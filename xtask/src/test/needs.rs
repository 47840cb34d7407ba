//! What the suites need besides Rust, looked for and fetched before anything starts.
//!
//! Debian packages: as root the missing ones are installed, otherwise the one line that installs
//! them is printed and the tests fail. `PyPI` packages live in one virtual environment under the
//! target directory; nothing is put into the tree or the system.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::suites::Suite;
use crate::cargo::Tree;
use crate::{child, say};

/// A Debian package and how to see that what it brings is there, whoever brought it.
pub(super) struct Apt {
    /// Its name.
    package: &'static str,
    /// A call that succeeds when it is there.
    probe: &'static [&'static str],
}

/// Python with virtual environments.
pub(super) const APT_PYTHON: Apt =
    Apt { package: "python3-venv", probe: &["python3", "-c", "import ensurepip, venv"] };

/// Go.
pub(super) const APT_GO: Apt = Apt { package: "golang-go", probe: &["/usr/bin/go", "version"] };

/// Go's `sumdb/note` and `sumdb/tlog`.
pub(super) const APT_GO_MOD: Apt = Apt {
    package: "golang-golang-x-mod-dev",
    probe: &["test", "-d", "/usr/share/gocode/src/golang.org/x/mod/sumdb/note"],
};

/// Whether `cargo nextest` can be used.
pub(super) fn has_nextest() -> bool {
    succeeds(&["cargo", "nextest", "--version"])
}

/// Fetches what the suites lack, or says how.
pub(super) fn supply(tree: &Tree, suites: &[&Suite]) -> Result<()> {
    let missing: BTreeSet<_> = suites
        .iter()
        .flat_map(|suite| suite.apt)
        .filter(|apt| !succeeds(apt.probe))
        .map(|apt| apt.package)
        .collect();
    if !missing.is_empty() {
        install(&missing)?;
    }
    let packages: BTreeSet<_> = suites.iter().flat_map(|suite| suite.pypi).copied().collect();
    if packages.is_empty() { Ok(()) } else { python(tree, &packages) }
}

fn install(missing: &BTreeSet<&str>) -> Result<()> {
    let packages: Vec<_> = missing.iter().copied().collect();
    let line = format!("apt-get install -y --no-install-recommends {}", packages.join(" "));
    if !rustix::process::geteuid().is_root() {
        bail!("the suites need packages that are not here; install them with: sudo {line}");
    }
    say(&format!("installing for the suites: {}", packages.join(" ")));
    let apt = |words: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        child::run(&mut command, FETCH_LIMIT)
    };
    apt(&["update"])?;
    let words = [&["install", "-y", "--no-install-recommends"], packages.as_slice()].concat();
    ensure!(apt(&words)?.success(), "apt-get did not install; by hand: {line}");
    Ok(())
}

/// Brings the environment to hold these packages; a list beside it says what it holds.
fn python(tree: &Tree, packages: &BTreeSet<&str>) -> Result<()> {
    let home = tree.python_home();
    let list = home.join("hallway-packages.txt");
    let held = fs::read_to_string(&list).unwrap_or_default();
    let lacking: Vec<_> =
        packages.iter().copied().filter(|name| !held.lines().any(|line| line == *name)).collect();
    if lacking.is_empty() {
        return Ok(());
    }
    say(&format!("fetching for the suites: {}", lacking.join(" ")));
    if !tree.python_program("pip").exists() {
        let words = ["-m", "venv", "--clear"];
        fetch(Command::new("python3").args(words).arg(&home), "python3 -m venv")?;
    }
    // aics-tlog says it needs a newer Python than Debian 12 has; it does not.
    let words = ["install", "--quiet", "--disable-pip-version-check", "--ignore-requires-python"];
    let pip = tree.python_program("pip");
    fetch(Command::new(pip).args(words).args(&lacking), "pip install")?;
    remember(&list, held, &lacking)
}

fn fetch(command: &mut Command, what: &str) -> Result<()> {
    ensure!(child::run(command, FETCH_LIMIT)?.success(), "{what} failed");
    Ok(())
}

fn remember(list: &Path, mut held: String, packages: &[&str]) -> Result<()> {
    for package in packages {
        held.push_str(package);
        held.push('\n');
    }
    fs::write(list, held).with_context(|| format!("write {}", list.display()))
}

fn succeeds(call: &[&str]) -> bool {
    let Some((program, words)) = call.split_first() else { return false };
    let quiet = Command::new(program)
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    quiet.is_ok_and(|status| status.success())
}

/// A fetch from a registry ends after this.
const FETCH_LIMIT: Duration = Duration::from_mins(10);
