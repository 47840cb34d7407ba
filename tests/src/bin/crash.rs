//! Drill `crash`: halls killed where they stand (SIGKILL) while systems submit, round after round.
//!
//! A prefecture takes records from several systems at once over `SubmitStream`; it is killed at a
//! random moment, its province now and then too, and started again. The systems send what was not
//! acknowledged again under the same message ids, as systems do. In the end every acknowledged message
//! must be there exactly once, at its ledger and index, at the prefecture and at the province, and
//! both directories must verify.
//!
//! `--json` ends with `rounds, acknowledged, missing, duplicated, verified`. Exit 0 when nothing is
//! missing or doubled and all verifies, otherwise 1.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a drill talks to who runs it")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use record::{Generator, Kind};
use serde::Serialize;
use suites::caller::{Caller, Seen, acknowledged, refusal};
use suites::eventually::eventually_async;
use suites::halls::{self, Grounds};
use suites::process::Hall;
use tokio::task::JoinSet;
use tokio_stream::StreamExt;
use wire::v1;

/// Kills halls while systems submit, and counts what is missing.
#[derive(Debug, Parser)]
struct Arguments {
    /// How often a hall is killed.
    #[arg(long, default_value_t = 100)]
    rounds: u32,
    /// Systems that submit at once.
    #[arg(long, default_value_t = 3)]
    clients: u32,
    /// Draws the moments.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// One JSON object on the last line of stdout.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    rounds: u32,
    acknowledged: usize,
    missing: usize,
    duplicated: usize,
    verified: bool,
    kills: u32,
    seconds: u64,
}

/// Where each message was acknowledged to be.
type Places = BTreeMap<String, (String, u64)>;

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let report = drill(&arguments).await?;
    if arguments.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        println!("{report:?}");
    }
    let holds = report.missing == 0 && report.duplicated == 0 && report.verified;
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

async fn drill(arguments: &Arguments) -> Result<Report> {
    let started = Instant::now();
    let mut dice = StdRng::seed_from_u64(arguments.seed);
    let grounds = Grounds::new();
    let province = grounds.found("220000");
    let prefecture = grounds.join("220100", &province);
    halls::hurry(&province);
    halls::hurry(&prefecture);
    let mut above = Hall::serve(&province)?;
    let mut below = Hall::serve(&prefecture)?;
    let mut clients: Vec<_> = (0..arguments.clients).map(Client::new).collect();
    let mut kills = 0;
    for round in 1..=arguments.rounds {
        let moment = Duration::from_micros(dice.random_range(0..ROUND_MICROS_MAX));
        clients = submit_and_kill(clients, &prefecture, &mut below, moment).await?;
        kills += 1;
        if dice.random_range(0..4) == 0 {
            above.kill()?;
            above = Hall::serve(&province)?;
            kills += 1;
        }
        below = Hall::serve(&prefecture).context("start again after a kill")?;
        if round % 10 == 0 {
            let count: usize = clients.iter().map(|client| client.places.len()).sum();
            eprintln!("round {round}: {count} acknowledged");
        }
    }
    // What was under way when the last kill came is sent once more: known or new, it is acknowledged.
    for client in &mut clients {
        let caller = Caller::dial(&prefecture, "system").await?;
        client.settle(&caller).await?;
    }
    let places: Places = clients.into_iter().flat_map(|client| client.places).collect();
    let (missing, duplicated) = compare(&places, &[&prefecture, &province]).await?;
    ensure!(below.stop(STOP_WITHIN)?.success() & above.stop(STOP_WITHIN)?.success(), "stop");
    let verified = [&prefecture, &province].iter().all(|hall| holds(hall));
    let seconds = started.elapsed().as_secs();
    let (rounds, acknowledged) = (arguments.rounds, places.len());
    Ok(Report { rounds, acknowledged, missing, duplicated, verified, kills, seconds })
}

/// All clients submit until the hall is killed, `moment` after the first acknowledgement.
async fn submit_and_kill(
    clients: Vec<Client>,
    prefecture: &Path,
    hall: &mut Hall,
    moment: Duration,
) -> Result<Vec<Client>> {
    let count = clients.len();
    let (first, mut acknowledged) = tokio::sync::mpsc::channel(1);
    let mut running = JoinSet::new();
    for mut client in clients {
        let (prefecture, first) = (prefecture.to_owned(), first.clone());
        running.spawn(async move {
            // It ends with the hall; what it says then is of no interest.
            drop(client.submit(&prefecture, &first).await);
            client
        });
    }
    drop(first);
    acknowledged.recv().await.context("an acknowledgement before the kill")?;
    tokio::time::timeout(moment, std::future::pending::<()>()).await.ok();
    hall.kill()?;
    let mut back = Vec::with_capacity(count);
    while let Some(client) = running.join_next().await {
        back.push(client?);
    }
    back.sort_by_key(|client| client.number);
    Ok(back)
}

/// A system: an endless row of records, and what of it was acknowledged.
struct Client {
    number: u32,
    rows: Generator,
    /// Sent, not answered yet; sent again after a restart.
    open: BTreeMap<String, v1::Submission>,
    places: Places,
}

impl Client {
    fn new(number: u32) -> Self {
        let rows = Generator::new(&Kind::Permit, 1_000 + u64::from(number));
        let rows = rows.expect("permits can be invented");
        Self { number, rows, open: BTreeMap::new(), places: Places::new() }
    }

    /// The next records of this system's row.
    fn draw(&mut self, count: usize) -> Vec<v1::Submission> {
        let rows = self.rows.by_ref().take(count);
        let drawn: Vec<_> = rows.map(|draft| wire::submission(&draft)).collect();
        for submission in &drawn {
            self.open.insert(message_id(submission), submission.clone());
        }
        drawn
    }

    /// Submits over one stream until it breaks.
    async fn submit(&mut self, hall: &Path, first: &tokio::sync::mpsc::Sender<()>) -> Result<()> {
        let caller = Caller::dial(hall, "system").await?;
        let (sender, messages) = tokio::sync::mpsc::channel(MESSAGES_IN_FLIGHT);
        let stream = tokio_stream::wrappers::ReceiverStream::new(messages);
        let mut answers = caller.submission().submit_stream(stream).await?.into_inner();
        let again: Vec<_> = self.open.values().cloned().collect();
        for submissions in again.chunks(RECORDS_A_MESSAGE) {
            let submissions = submissions.to_vec();
            sender
                .try_send(v1::SubmitStreamRequest { submissions })
                .context("room for what was open")?;
        }
        loop {
            while self.open.len() < MESSAGES_IN_FLIGHT * RECORDS_A_MESSAGE / 2 {
                let submissions = self.draw(RECORDS_A_MESSAGE);
                sender.try_send(v1::SubmitStreamRequest { submissions }).context("room for new")?;
            }
            let Some(answer) = answers.next().await else { return Ok(()) };
            for outcome in answer?.outcomes {
                self.note(&outcome)?;
                // Full means that somebody was first already.
                let _full = first.try_send(());
            }
        }
    }

    /// Sends what is open in single calls until each has its answer.
    async fn settle(&mut self, caller: &Caller) -> Result<()> {
        let open: Vec<_> = self.open.values().cloned().collect();
        for submissions in open.chunks(RECORDS_A_MESSAGE) {
            for outcome in caller.submit(submissions.to_vec()).await? {
                self.note(&outcome)?;
            }
        }
        ensure!(self.open.is_empty(), "each record has an answer");
        Ok(())
    }

    fn note(&mut self, outcome: &v1::Outcome) -> Result<()> {
        let Some(acknowledgement) = acknowledged(outcome) else {
            anyhow::bail!("a valid record was refused: {:?}", refusal(outcome));
        };
        let place = (acknowledgement.ledger.clone(), acknowledgement.index);
        let before = self.places.insert(outcome.message_id.clone(), place.clone());
        ensure!(before.is_none_or(|before| before == place), "acknowledged at two places");
        self.open.remove(&outcome.message_id);
        Ok(())
    }
}

fn message_id(submission: &v1::Submission) -> String {
    let head = <v1::Head as prost::Message>::decode(&*submission.head);
    head.map(|head| head.message_id).unwrap_or_default()
}

/// Messages missing and doubled, over all halls. Waits until all halls have as many entries as were
/// acknowledged, or nothing more comes.
async fn compare(places: &Places, halls: &[&PathBuf]) -> Result<(usize, usize)> {
    let (mut missing, mut duplicated) = (0, 0);
    for hall in halls {
        let caller = Caller::dial(hall, "system").await?;
        let mut last = Vec::new();
        let waited = Instant::now();
        let seen: Vec<Seen> = eventually_async(GIVE_UP_AFTER * 2, "the feed ends", async || {
            last = caller.seen().await.ok()?;
            let done = last.len() >= places.len() || waited.elapsed() > GIVE_UP_AFTER;
            done.then(|| std::mem::take(&mut last))
        })
        .await;
        let mut found: BTreeMap<&str, BTreeSet<(&str, u64)>> = BTreeMap::new();
        for one in &seen {
            found.entry(&one.message_id).or_default().insert((&one.ledger, one.index));
        }
        duplicated += found.values().filter(|places| places.len() > 1).count();
        let there = |(message, (ledger, index)): (&String, &(String, u64))| {
            found.get(message.as_str()).is_some_and(|at| at.contains(&(ledger.as_str(), *index)))
        };
        missing += places.iter().filter(|place| !there(*place)).count();
    }
    Ok((missing, duplicated))
}

fn holds(hall: &Path) -> bool {
    let report = halls::verify(hall);
    if report.code != Some(0) {
        eprintln!("{}{}", report.stdout, report.stderr);
    }
    report.code == Some(0)
}

/// A kill comes at most this long after the first acknowledgement of its round.
const ROUND_MICROS_MAX: u64 = 400_000;
/// Messages of one client under way.
const MESSAGES_IN_FLIGHT: usize = 64;
/// Records of a message.
const RECORDS_A_MESSAGE: usize = 16;
/// Links catch up within this, or something is missing.
const GIVE_UP_AFTER: Duration = Duration::from_mins(2);
/// A hall stops within this.
const STOP_WITHIN: Duration = Duration::from_mins(1);
