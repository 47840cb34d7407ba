//! A file of many rows into a hall and out again: how fast, in how much memory, and whether what
//! comes out is what went in.
//!
//! Real processes do it, as a clerk would: `init --dev`, `serve`, `generate --format csv`, `import`,
//! `export --masking full`. The file's beginning is imported alone before the whole, so that memory can
//! be compared between few rows and many, and known rows are met again. Then the hall starts anew with
//! all that it holds, and a feed is opened.
//!
//! Speed is told and not judged. Everything else is: counts, the memory of importer, exporter and hall,
//! and every cell of every row.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use files::{Mapping, Table};
use serde::Serialize;
use suites::caller::Caller;
use suites::halls::{self, Grounds};
use suites::process::{Answer, Hall, hallway};
use tokio_stream::StreamExt;
use wire::v1;

use super::{Memory, STOP_WITHIN, enough_room, start};

#[derive(Debug, Serialize)]
pub(super) struct Report {
    measure: &'static str,
    rows: u64,
    rows_per_s: u64,
    importer_rss_mb: u64,
    /// The importer's memory when it had [`BEGINNING_ROWS`] rows at most.
    importer_rss_mb_beginning: u64,
    hall_rss_mb: f64,
    export_rows_per_s: u64,
    exporter_rss_mb: u64,
    /// From starting the process to its ready line, with all rows in the ledger.
    start_ms: u128,
    /// From there to the first item of a feed.
    first_item_ms: u128,
    seconds: f64,
}

pub(super) async fn measure(rows: u64) -> Result<Report> {
    ensure!(rows > 0, "at least one row");
    let started = Instant::now();
    let grounds = Grounds::new();
    enough_room(grounds.path(), usize::try_from(rows)?, BYTES_A_ROW)?;
    let directory = grounds.found("220100");
    let hall = Hall::serve(&directory)?;
    let place = |name| grounds.path().join(name);
    let (beginning, whole, out) = (place("beginning.csv"), place("whole.csv"), place("out.csv"));

    let known = rows.min(BEGINNING_ROWS);
    generate(&beginning, known)?;
    generate(&whole, rows)?;
    let few = import(&directory, &beginning)?;
    ensure!(counts(&few) == [known, 0, 0, 0], "the beginning: {}", few.json);
    eprintln!("{known} rows imported; now all {rows}, these among them");
    let all = import(&directory, &whole)?;
    ensure!(counts(&all) == [rows - known, 0, known, 0], "the whole: {}", all.json);
    let (few_mb, all_mb) = (few.number("rss_mb"), all.number("rss_mb"));
    let allowed = few_mb + GROWTH_MB + ((rows * GROWTH_BYTES_A_ROW) >> 20);
    ensure!(all_mb <= allowed, "{all_mb} MiB for {rows} rows, {few_mb} MiB for {known}");

    eprintln!("imported; now out again");
    let exported = export(&directory, &out)?;
    ensure!(exported.number("rows") == rows, "the export: {}", exported.json);
    let hall_rss_mb = Memory::of(&hall)?.peak_mb;
    let exporter_rss_mb = exported.number("rss_mb");
    for (who, mb) in [("importer", all_mb), ("exporter", exporter_rss_mb)] {
        ensure!(mb < MEMORY_MAX_MB, "the {who} had {mb} MiB");
    }
    ensure!(hall_rss_mb < f64::from(u32::try_from(MEMORY_MAX_MB)?), "hall: {hall_rss_mb} MiB");
    ensure!(hall.stop(STOP_WITHIN)?.success(), "the hall stops in order");

    eprintln!("exported; now row by row");
    equal(&whole, &out)?;
    let (_hall, start_ms) = start(&directory)?;
    let first_item_ms = first_item(&directory).await?;
    Ok(Report {
        measure: "import",
        rows,
        rows_per_s: all.number("rows_per_s"),
        importer_rss_mb: all_mb,
        importer_rss_mb_beginning: few_mb,
        hall_rss_mb,
        export_rows_per_s: exported.number("rows_per_s"),
        exporter_rss_mb,
        start_ms,
        first_item_ms,
        seconds: started.elapsed().as_secs_f64().round(),
    })
}

fn generate(out: &Path, rows: u64) -> Result<()> {
    let rows = rows.to_string();
    let words = ["generate", "--kind", "permit", "--rows", &rows, "--seed", "1"];
    let mut words: Vec<_> = words.map(Into::into).to_vec();
    words.extend(["--format".into(), "csv".into(), "--out".into(), out.as_os_str().to_owned()]);
    held("generate", hallway(&words)?).map(drop)
}

fn import(hall: &Path, file: &Path) -> Result<Answer> {
    let file = file.to_str().context("a name that is text")?;
    held("import", halls::ask(hall, &["import", file, "--mapping", MAPPING]))
}

fn export(hall: &Path, file: &Path) -> Result<Answer> {
    let file = file.to_str().context("a name that is text")?;
    let words = ["export", "--kind", "permit", "--masking", "full", "--out", file];
    held("export", halls::ask(hall, &words))
}

/// An answer of a command that held.
fn held(what: &str, answer: Answer) -> Result<Answer> {
    ensure!(answer.code == Some(0), "{what} ended with {:?}: {}", answer.code, answer.stderr);
    Ok(answer)
}

fn counts(answer: &Answer) -> [u64; 4] {
    ["imported", "revised", "unchanged", "quarantined"].map(|key| answer.number(key))
}

/// Both files say the same of the same records, in the same order.
fn equal(one: &Path, other: &Path) -> Result<()> {
    let mapping = Mapping::builtin(MAPPING).context("a built-in mapping")?;
    let mut tables: Vec<Table> =
        [one, other].into_iter().map(files::open).collect::<Result<_, _>>()?;
    let [one, other] = &mut tables[..] else { unreachable!("two files were opened") };
    let bindings = [mapping.bind(one.columns()), mapping.bind(other.columns())];
    let (mut left, mut right) = (one.rows()?, other.rows()?);
    loop {
        let (left, right) = (left.next().transpose()?, right.next().transpose()?);
        match (left, right) {
            (None, None) => return Ok(()),
            (Some(left), Some(right)) => {
                let [one, other] = &bindings;
                let same = one.apply(&left).form == other.apply(&right).form;
                ensure!(same, "line {} came out otherwise in line {}", left.line, right.line);
            }
            (left, right) => {
                let line = left.or(right).map_or(0, |row| row.line);
                anyhow::bail!("one file has a row more, in line {line}");
            }
        }
    }
}

/// How long a feed opened now waits for its first item, in milliseconds.
async fn first_item(hall: &Path) -> Result<u128> {
    let caller = Caller::dial(hall, "system").await?;
    let asked = Instant::now();
    let request = v1::FollowRequest { until_now: true, ..v1::FollowRequest::default() };
    let mut items = caller.feed().follow(request).await?.into_inner();
    items.next().await.context("a feed of what was imported")??;
    Ok(asked.elapsed().as_millis())
}

const MAPPING: &str = "permit-v2.1";
/// Rows of the file's beginning.
const BEGINNING_ROWS: u64 = 5_000;
/// Importer, exporter and hall stay below this, whatever the rows.
const MEMORY_MAX_MB: u64 = 200;
/// What an importer's memory may differ by between few rows and many.
const GROWTH_MB: u64 = 12;
/// What it keeps of each row: half a digest, to tell rows that are alike.
const GROWTH_BYTES_A_ROW: u64 = 64;
/// A row in both files and in the ledger, generously.
const BYTES_A_ROW: u64 = 6_144;
