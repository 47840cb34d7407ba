//! `cargo xtask fuzz`: lets libFuzzer look for bytes that break a parser, for a bounded time.
//!
//! The targets stand in `fuzz/`, a workspace of its own. cargo-fuzz runs them without a sanitizer
//! (`-s none`), which a stable toolchain can; there is no `unsafe` of ours for one to watch. It is
//! fetched into the target directory when it is missing. What libFuzzer finds interesting goes to a
//! scratch corpus there, never into the tree; bytes that broke something are named, to be put into
//! `fuzz/corpus` by hand with the fix. Whole campaigns are deliberately absent: `--seconds` is all.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Serialize;

use crate::cargo::{self, Tree};
use crate::{answer, child, say};

/// What to run and how long.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Runs this target only; may be given more than once.
    #[arg(long, value_name = "NAME")]
    target: Vec<String>,
    /// Seconds for each target, after building.
    #[arg(long, value_name = "N", default_value_t = 20)]
    seconds: u64,
    /// Ends with one JSON object on stdout.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct TargetReport {
    name: String,
    runs: u64,
    broken: bool,
}

/// Runs the targets asked for.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let tree = Tree::locate()?;
    let known = targets(&tree.root)?;
    if let Some(name) = arguments.target.iter().find(|name| !known.contains(name)) {
        say(&format!("xtask: no target {name}; there are {}", known.join(", ")));
        return Ok(ExitCode::from(2));
    }
    let chosen = if arguments.target.is_empty() { &known } else { &arguments.target };
    let tool = tool(&tree)?;
    let reports = chosen
        .iter()
        .map(|name| fuzz(&tree, &tool, name, arguments.seconds))
        .collect::<Result<Vec<_>>>()?;
    let broken = reports.iter().any(|report| report.broken);
    if arguments.json {
        let report = serde_json::json!({ "targets": reports, "broken": broken });
        answer(&report.to_string());
    } else {
        for TargetReport { name, runs, broken } in &reports {
            answer(&format!("{name}: {runs} runs, {}", if *broken { "BROKEN" } else { "holds" }));
        }
    }
    Ok(if broken { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The targets, by their files.
fn targets(root: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root.join("fuzz/fuzz_targets")).context("list the targets")? {
        let path = entry?.path();
        names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

/// cargo-fuzz, fetched when it is not there.
fn tool(tree: &Tree) -> Result<PathBuf> {
    let home = tree.target.join("tools/cargo-fuzz");
    let program = home.join("bin/cargo-fuzz");
    if !program.exists() {
        say("fetching cargo-fuzz");
        let mut command = cargo::command(&tree.root, &["install", "--locked", "--debug", "--root"]);
        command.arg(&home).arg(CARGO_FUZZ);
        ensure!(child::run(&mut command, BUILD_LIMIT)?.success(), "cargo-fuzz did not install");
    }
    Ok(program)
}

fn fuzz(tree: &Tree, tool: &Path, name: &str, seconds: u64) -> Result<TargetReport> {
    say(&format!("── fuzz {name}: {seconds} s"));
    let scratch = tree.target.join("fuzz/found").join(name);
    std::fs::create_dir_all(&scratch).context("make the scratch corpus")?;
    let artifacts = tree.target.join("fuzz/broken").join(name);
    std::fs::create_dir_all(&artifacts).context("make the folder of findings")?;
    let mut command = Command::new(tool);
    command.current_dir(&tree.root).args(["fuzz", "run", "-s", "none", "--target-dir"]);
    command.arg(tree.target.join("fuzz/build")).arg(name);
    command.arg(&scratch).arg(tree.root.join("fuzz/corpus").join(name));
    command.arg("--").arg(format!("-max_total_time={seconds}")).arg("-max_len=4096");
    command.arg("-timeout=10").arg("-print_final_stats=1");
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    let ended = child::run(&mut command, BUILD_LIMIT + Duration::from_secs(seconds))?;
    let runs = ended.lines.iter().find_map(|line| line.strip_prefix(RUNS)?.trim().parse().ok());
    Ok(TargetReport { name: name.to_owned(), runs: runs.unwrap_or(0), broken: !ended.success() })
}

const CARGO_FUZZ: &str = "cargo-fuzz@0.13.2";
const RUNS: &str = "stat::number_of_executed_units:";
/// Ends what hangs; the first build takes minutes.
const BUILD_LIMIT: Duration = Duration::from_mins(20);
