//! `sim`: runs seeds of the simulator and says on the last line of stdout what came of them.
//! Exit 0 when nothing is wrong, 1 when something is, 2 on a wrong command line.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};
use serde_json::json;
use suites::sim::{self, Break, Sum};

/// Simulates service halls under faults.
#[derive(Parser)]
struct Args {
    /// How many seeds.
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// One seed alone.
    #[arg(long)]
    seed: Option<u64>,
    /// Plants a defect that must be found.
    #[arg(long = "break", value_enum)]
    planted: Option<Planted>,
    /// Writes what happened in one seed, line by line.
    #[arg(long, requires = "seed")]
    trace_out: Option<PathBuf>,
    /// Threads; as many as there are cores when not said.
    #[arg(long)]
    threads: Option<usize>,
    /// Goes on after the first seed that fails.
    #[arg(long)]
    keep_going: bool,
    /// Accepted for uniformity; the answer is always one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Planted {
    AckBeforeFsync,
    DurableBeforeFsync,
    StubWins,
    NoWant,
}

impl From<Planted> for Break {
    fn from(planted: Planted) -> Self {
        match planted {
            Planted::AckBeforeFsync => Self::AckBeforeFsync,
            Planted::DurableBeforeFsync => Self::DurableBeforeFsync,
            Planted::StubWins => Self::StubWins,
            Planted::NoWant => Self::NoWant,
        }
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    let started = Instant::now();
    let sum = match &args.trace_out {
        None => many(&args, started),
        Some(path) => match File::create(path) {
            Ok(file) => {
                let planted = args.planted.map(Break::from);
                let lines = Box::new(BufWriter::new(file));
                Sum::from(sim::run_seed(args.seed.unwrap_or(args.from), planted, Some(lines)))
            }
            Err(error) => {
                say(&format!("write {}: {error}", path.display()));
                return ExitCode::from(2);
            }
        },
    };
    for line in &sum.tally.said {
        say(line);
    }
    print(&answer(&sum, started.elapsed()));
    if sum.holds() { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

fn many(args: &Args, started: Instant) -> Sum {
    let planted = args.planted.map(Break::from);
    let (first, count) = args.seed.map_or((args.from, args.seeds), |seed| (seed, 1));
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = args.threads.unwrap_or_else(cores);
    let mut told = started;
    sim::run_seeds(first, count, planted, threads, &mut |sum| {
        if told.elapsed() > Duration::from_secs(5) {
            told = Instant::now();
            let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            let rate = sum.seeds.saturating_mul(60_000) / millis.max(1);
            let Sum { seeds, failing, .. } = sum;
            say(&format!("{seeds} of {count} seeds, {rate} a minute, {failing} failing"));
        }
        args.keep_going || sum.holds()
    })
}

fn answer(sum: &Sum, took: Duration) -> String {
    let tally = &sum.tally;
    json!({
        "seeds": sum.seeds,
        "events": tally.events,
        "crashes": tally.crashes,
        "partitions": tally.partitions,
        "forks": tally.forks,
        "rotations": tally.rotations,
        "entries": tally.entries,
        "withheld": tally.withheld,
        "lost": tally.lost,
        "duplicated": tally.duplicated,
        "out_of_order": tally.out_of_order,
        "diverged": tally.diverged,
        "starved": tally.starved,
        "leaked": tally.leaked,
        "false_forks": tally.false_forks,
        "receipts_missing": tally.receipts_missing,
        "broken": tally.broken,
        "failing": sum.failing,
        "first_failing": sum.first_failing,
        "trace": sum.trace,
        "seconds": took.as_secs(),
    })
    .to_string()
}

fn say(line: &str) {
    // Nobody is left to tell when stderr is gone.
    drop(writeln!(std::io::stderr(), "{line}"));
}

fn print(line: &str) {
    drop(writeln!(std::io::stdout(), "{line}"));
}
