//! Drill `bench`: how small a hall is, at rest and before a peer that is away for long.
//!
//! * `idle`: a province and a prefecture, linked and level, without traffic.
//! * `backlog --entries N`: a hall whose parent never answers takes N records, and starts again with
//!   them.
//!
//! * `import --rows N`: a file of N rows into a hall and out again: `rows, rows_per_s, importer_rss_mb,
//!   hall_rss_mb, export_rows_per_s, exporter_rss_mb, start_ms, first_item_ms, seconds`; memory,
//!   counts and every cell are judged.
//!
//! * `validate`: reading, validating and encoding permits on one core, beside the SHA-256 of their
//!   bytes in the same run: `records_per_s, sha256_ratio`.
//!
//! `idle` and `backlog` end with `rss_mb, start_ms, binary_mb`: resident memory (for `backlog` also its peak and that
//! after the restart), time from starting the process to its ready line, size of the program. Nothing
//! is judged of them but that they ran; figures depend on the machine and belong to who reads them.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a drill talks to who runs it")]

use std::fmt::Debug;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

#[path = "bench/import.rs"]
mod import;
#[path = "bench/validate.rs"]
mod validate;

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand};
use record::Kind;
use serde::Serialize;
use suites::caller::{Caller, acknowledged, refusal};
use suites::halls::{self, Grounds};
use suites::process::{Hall, binary};
use tokio_stream::StreamExt;
use wire::v1;

/// Measures a hall.
#[derive(Debug, Parser)]
struct Arguments {
    /// What is measured.
    #[command(subcommand)]
    measure: Measure,
    /// One JSON object on the last line of stdout.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Measure {
    /// Two linked halls without traffic.
    Idle,
    /// Reading, validating and encoding a permit under cn-2.1, on one core.
    Validate {
        /// How many permits a round has.
        #[arg(long, default_value_t = 20_000)]
        records: usize,
    },
    /// A file of permits into a hall and out again.
    Import {
        /// How many rows.
        #[arg(long, default_value_t = 1_000_000)]
        rows: u64,
    },
    /// A hall with records for a peer that is away.
    Backlog {
        /// How many records.
        #[arg(long, default_value_t = 1_000_000)]
        entries: usize,
    },
}

#[derive(Debug, Serialize)]
struct Report {
    measure: &'static str,
    rss_mb: f64,
    peak_mb: f64,
    start_ms: u128,
    binary_mb: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    backlog: Option<Backlog>,
}

#[derive(Debug, Serialize)]
struct Backlog {
    entries: usize,
    records_per_second: u64,
    ledger_mb: f64,
    rss_mb_after_restart: f64,
    lag_entries: u64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    match arguments.measure {
        Measure::Idle => tell(arguments.json, &idle()?),
        Measure::Backlog { entries } => tell(arguments.json, &backlog(entries).await?),
        Measure::Import { rows } => tell(arguments.json, &import::measure(rows).await?),
        Measure::Validate { records } => tell(arguments.json, &validate::measure(records)?),
    }
}

fn tell(json: bool, report: &(impl Serialize + Debug)) -> Result<()> {
    if json {
        println!("{}", serde_json::to_string(report)?);
    } else {
        println!("{report:#?}");
    }
    Ok(())
}

fn idle() -> Result<Report> {
    let grounds = Grounds::new();
    let province = grounds.found("220000");
    let prefecture = grounds.join("220100", &province);
    let _above = Hall::serve(&province)?;
    let first = Hall::serve(&prefecture)?;
    halls::level(&prefecture);
    first.stop(STOP_WITHIN)?;
    // Measured on a hall that is as it will be every day: it has been there before.
    let (hall, start_ms) = start(&prefecture)?;
    halls::level(&prefecture);
    let memory = Memory::of(&hall)?;
    let Memory { rss_mb, peak_mb } = memory;
    Ok(Report {
        measure: "idle",
        rss_mb,
        peak_mb,
        start_ms,
        binary_mb: binary_mb()?,
        backlog: None,
    })
}

async fn backlog(entries: usize) -> Result<Report> {
    let grounds = Grounds::new();
    enough_room(grounds.path(), entries, BYTES_AN_ENTRY)?;
    let province = grounds.found("220000");
    let prefecture = grounds.join("220100", &province);
    let hall = Hall::serve(&prefecture)?;
    let started = Instant::now();
    submit(&prefecture, entries).await?;
    let millis = u64::try_from(started.elapsed().as_millis().max(1))?;
    let records_per_second = u64::try_from(entries)? * 1_000 / millis;
    let Memory { rss_mb, peak_mb } = Memory::of(&hall)?;
    ensure!(hall.stop(STOP_WITHIN)?.success(), "the hall stops in order");

    let (hall, start_ms) = start(&prefecture)?;
    let link = halls::link(&halls::status(&prefecture), "220000").cloned().context("the link")?;
    let lag_entries =
        link.get("lag_entries").and_then(serde_json::Value::as_u64).context("the lag")?;
    ensure!(lag_entries >= u64::try_from(entries)?, "the peer is away, so it lacks all: {link}");
    let after = Memory::of(&hall)?;
    let ledger_mb = megabytes(used(&prefecture.join("ledger"))?);
    let rss_mb_after_restart = after.rss_mb;
    let backlog =
        Backlog { entries, records_per_second, ledger_mb, rss_mb_after_restart, lag_entries };
    let peak_mb = peak_mb.max(after.peak_mb);
    let binary_mb = binary_mb()?;
    Ok(Report { measure: "backlog", rss_mb, peak_mb, start_ms, binary_mb, backlog: Some(backlog) })
}

/// Submits invented records over one stream as fast as the hall takes them.
async fn submit(hall: &Path, entries: usize) -> Result<()> {
    let caller = Caller::dial(hall, "system").await?;
    let (sender, messages) = tokio::sync::mpsc::channel(MESSAGES_IN_FLIGHT);
    let writer = tokio::task::spawn_blocking(move || {
        let mut records = wire::generated(&Kind::Permit, entries, 1).peekable();
        while records.peek().is_some() {
            let submissions = records.by_ref().take(RECORDS_A_MESSAGE).collect();
            if sender.blocking_send(v1::SubmitStreamRequest { submissions }).is_err() {
                return; // the hall ended the stream, and says why below
            }
        }
    });
    let stream = tokio_stream::wrappers::ReceiverStream::new(messages);
    let mut answers = caller.submission().submit_stream(stream).await?.into_inner();
    let (mut done, mut said) = (0, 0);
    while let Some(answer) = answers.next().await {
        for outcome in answer?.outcomes {
            ensure!(acknowledged(&outcome).is_some(), "refused: {:?}", refusal(&outcome));
            done += 1;
        }
        if done - said >= SAY_EVERY {
            said = done;
            eprintln!("{done} of {entries} acknowledged");
        }
    }
    writer.await?;
    ensure!(done == entries, "{done} of {entries} records were acknowledged");
    Ok(())
}

/// Starts a hall and says after how many milliseconds it was ready.
fn start(hall: &Path) -> Result<(Hall, u128)> {
    let started = Instant::now();
    let serving = Hall::serve(hall)?;
    Ok((serving, started.elapsed().as_millis()))
}

/// Memory of a process as the system sees it.
struct Memory {
    rss_mb: f64,
    peak_mb: f64,
}

impl Memory {
    fn of(hall: &Hall) -> Result<Self> {
        let text = fs::read_to_string(format!("/proc/{}/status", hall.ready().pid))?;
        let field = |name: &str| -> Result<f64> {
            let line =
                text.lines().find_map(|line| line.strip_prefix(name)).context("its memory")?;
            let kib: u64 = line.trim().trim_end_matches(" kB").trim().parse()?;
            Ok(megabytes(kib * 1024))
        };
        Ok(Self { rss_mb: field("VmRSS:")?, peak_mb: field("VmHWM:")? })
    }
}

fn binary_mb() -> Result<f64> {
    Ok(megabytes(fs::metadata(binary("hallway"))?.len()))
}

/// MiB with one decimal.
fn megabytes(bytes: u64) -> f64 {
    let tenths = u32::try_from(bytes * 10 / (1 << 20)).unwrap_or(u32::MAX);
    f64::from(tenths) / 10.0
}

fn used(directory: &Path) -> Result<u64> {
    let sizes =
        halls::files(directory)?.into_iter().map(|file| fs::metadata(file).map(|it| it.len()));
    Ok(sizes.sum::<Result<u64, _>>()?)
}

/// Refuses to fill somebody's disk.
fn enough_room(directory: &Path, entries: usize, bytes_an_entry: u64) -> Result<()> {
    let about = rustix::fs::statvfs(directory)?;
    let free = about.f_bavail * about.f_frsize;
    let needed = u64::try_from(entries)? * bytes_an_entry + ROOM_TO_SPARE;
    ensure!(
        free > needed,
        "{entries} entries need about {} MiB below {}, {} MiB are free; set TMPDIR to another disk",
        needed >> 20,
        directory.display(),
        free >> 20,
    );
    Ok(())
}

/// Messages of the stream under way.
const MESSAGES_IN_FLIGHT: usize = 32;
/// Records of a message: as many as one may have.
const RECORDS_A_MESSAGE: usize = 64;
/// Progress is told this often.
const SAY_EVERY: usize = 50_000;
/// A generated record with all that is written about it, generously.
const BYTES_AN_ENTRY: u64 = 4_096;
/// Segments ahead, outbox, the rest.
const ROOM_TO_SPARE: u64 = 1 << 30;
/// A hall stops within this.
const STOP_WITHIN: Duration = Duration::from_mins(2);
