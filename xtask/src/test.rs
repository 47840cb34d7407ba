//! `cargo xtask test`: passes the tests of the house.
//!
//! Read [`suites`] first: one table of everything that is run, what it needs and how it runs. Then
//! [`needs`], which fetches what is missing before anything starts, and [`count`], which reads what
//! a runner said. Nothing is ever skipped: a suite whose tools cannot be had has failed. Each suite
//! ends with one line of what passed and its seconds; a suite that ended badly without a failing
//! test (it did not compile, hung, or ran nothing) counts as one failure.

mod count;
mod needs;
mod suites;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::cargo::{self, Tree};
use crate::{answer, child, drill, say};
use count::Count;
use suites::{Run, SUITES, Suite};

/// What to run and how to tell.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Runs this suite only; may be given more than once.
    #[arg(long, value_name = "NAME")]
    suite: Vec<String>,
    /// Lists the suites.
    #[arg(long)]
    list: bool,
    /// Ends with one JSON object on stdout.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    passed: u64,
    failed: u64,
    suites: Vec<SuiteReport>,
}

#[derive(Serialize)]
struct SuiteReport {
    name: &'static str,
    seconds: u64,
    passed: u64,
    failed: u64,
}

/// Runs the suites asked for.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    if arguments.list {
        return list(arguments.json);
    }
    let Some(chosen) = choose(&arguments.suite) else {
        say("xtask: no such suite; `cargo xtask test --list` names them");
        return Ok(ExitCode::from(2));
    };
    let outcome = Tree::locate().and_then(|tree| {
        needs::supply(&tree, &chosen)?;
        Ok(chosen.iter().map(|suite| report(&tree, suite)).collect::<Vec<_>>())
    });
    let report = match outcome {
        Ok(suites) => Report {
            passed: suites.iter().map(|suite| suite.passed).sum(),
            failed: suites.iter().map(|suite| suite.failed).sum(),
            suites,
        },
        Err(error) => {
            say(&format!("xtask: {error:#}"));
            Report { passed: 0, failed: u64::try_from(chosen.len())?, suites: Vec::new() }
        }
    };
    if arguments.json {
        answer(&serde_json::to_string(&report).context("write the report")?);
    } else {
        answer(&format!("{} passed, {} failed", report.passed, report.failed));
    }
    Ok(if report.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn list(json: bool) -> Result<ExitCode> {
    if json {
        let names: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
        answer(&serde_json::to_string(&serde_json::json!({ "suites": names }))?);
    } else {
        for suite in SUITES {
            answer(&format!("{:<12} {}", suite.name, suite.what));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The suites of these names, all when there are none; nothing when a name is unknown.
fn choose(names: &[String]) -> Option<Vec<&'static Suite>> {
    if names.is_empty() {
        return Some(SUITES.iter().collect());
    }
    names.iter().map(|name| SUITES.iter().find(|suite| suite.name == name)).collect()
}

fn report(tree: &Tree, suite: &'static Suite) -> SuiteReport {
    say(&format!("── suite {}: {}", suite.name, suite.what));
    let started = Instant::now();
    let count = execute(tree, suite).unwrap_or_else(|error| {
        say(&format!("xtask: suite {}: {error:#}", suite.name));
        Count { passed: 0, failed: 1 }
    });
    let seconds = started.elapsed().as_secs();
    let Count { passed, failed } = count;
    say(&format!("── suite {}: {passed} passed, {failed} failed in {seconds} s", suite.name));
    SuiteReport { name: suite.name, seconds, passed, failed }
}

fn execute(tree: &Tree, suite: &Suite) -> Result<Count> {
    match suite.run {
        Run::Unit => {
            let mut count = Count::default();
            for call in suites::unit_calls(needs::has_nextest()) {
                count += cargo_tests(tree, suite, &call)?;
            }
            Ok(count)
        }
        Run::Tests => {
            drill::build(&tree.root, "dev", &["hallway"])?;
            let call = ["test", "--locked", "--workspace", "--test", suite.name];
            cargo_tests(tree, suite, &call)
        }
        Run::Python(program, words) => {
            let mut command = std::process::Command::new(tree.python_program(program));
            let ended = child::run(command.args(words).current_dir(&tree.root), suite.limit())?;
            Ok(Count::of_exit(ended.success()))
        }
        Run::Drill(binary, rounds) => {
            drill::build(&tree.root, "dev", &["hallway", binary])?;
            let mut count = Count::default();
            for round in rounds {
                let mut command = std::process::Command::new(tree.binary("dev", binary));
                command.args(round.words).current_dir(&tree.root);
                let ended = child::run(&mut command, suite.limit())?;
                let code = ended.status.and_then(|status| status.code());
                let as_wanted = code == Some(round.exit);
                if !as_wanted {
                    let words = round.words.join(" ");
                    say(&format!("{binary} {words}: exit {code:?}, wanted {}", round.exit));
                }
                count += Count::of_exit(as_wanted);
            }
            Ok(count)
        }
    }
}

fn cargo_tests(tree: &Tree, suite: &Suite, call: &[&str]) -> Result<Count> {
    let ended = child::run(&mut cargo::command(&tree.root, call), suite.limit())?;
    Ok(Count::of_lines(&ended.lines, ended.success()))
}
