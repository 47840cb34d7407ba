//! The house's tasks: `cargo xtask <task>`.
//!
//! Everything a person or `.ci/run` does with the tree beyond plain cargo stands here, in Rust, so
//! that a fresh machine needs no shell tricks: the tests ([`mod@test`]), the habits clippy cannot check
//! ([`tidy`]), the page of the schema
//! ([`schema`]), the long drills ([`drill`]), and the fuzzer ([`fuzz`]). Each task takes `--json`: then stdout's last line is
//! one object and all else goes to stderr. Exit codes: 0 it holds, 1 it ran and the answer is no,
//! 2 usage.
//!
//! Absent on purpose: building and formatting. Cargo does these.

mod cargo;
mod child;
mod drill;
mod fuzz;
mod schema;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The house's tasks", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Runs the suites; first checks what they need and fetches it.
    Test(test::Arguments),
    /// Checks the habits of the house that clippy cannot see.
    Tidy(tidy::Arguments),
    /// Simulates trees of halls under faults (`--seeds N --from K --break RULE --json`).
    #[command(disable_help_flag = true)]
    Sim(drill::Arguments),
    /// Kills real processes while records are submitted (`--rounds N --json`).
    #[command(disable_help_flag = true)]
    Crash(drill::Arguments),
    /// Measures a hall (`idle`, `backlog`, `validate`, `import --rows N`, `--json`).
    #[command(disable_help_flag = true)]
    Bench(drill::Arguments),
    /// Writes docs/schema.md from the tables of fields.
    Schema,
    /// Lets a fuzzer at everything that reads somebody else's bytes (`--seconds N --json`).
    Fuzz(fuzz::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Test(arguments) => test::run(&arguments),
        Task::Tidy(arguments) => tidy::run(&arguments),
        Task::Sim(arguments) => drill::run("sim", &arguments),
        Task::Crash(arguments) => drill::run("crash", &arguments),
        Task::Bench(arguments) => drill::run("bench", &arguments),
        Task::Schema => schema::run(),
        Task::Fuzz(arguments) => fuzz::run(&arguments),
    };
    outcome.unwrap_or_else(|error| {
        say(&format!("xtask: {error:#}"));
        ExitCode::FAILURE
    })
}

/// Prints one line to stderr.
#[expect(clippy::print_stderr, reason = "xtask speaks to a terminal; this is its one voice")]
fn say(line: &str) {
    eprintln!("{line}");
}

/// Prints one line to stdout: a task's answer.
#[expect(clippy::print_stdout, reason = "stdout carries the answer and nothing else")]
fn answer(line: &str) {
    println!("{line}");
}
