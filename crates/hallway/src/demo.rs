//! The demonstration, which is the main job: seven halls of Jilin on this machine, each its own
//! process, exchange records through cut lines and killed processes; then every ledger is checked from
//! outside against what was acknowledged.
//!
//! ```text
//! world ─► story ──────────────────────────► check ─► verdict
//!          │ processes  traffic  proxies       reads the directories, believes nobody
//!          └─► scene ─► picture
//!                ▲ watchers
//! ```
//!
//! To read: `world` (who and where), `plan` (what is submitted), `story` (what happens), `check` (what
//! is counted), `verdict`. `process`, `proxy`, `traffic`, `watcher` are the hands, `scene` is what every
//! wait looks at, `picture` what people see.
//!
//! What is submitted follows from the seed; when the faults strike follows from counts, not from
//! clocks. Deliberately absent: anything a hall has only for the demonstration. The processes are
//! `hallway serve`, configured by their `hallway.toml`.

mod check;
mod picture;
mod plan;
mod process;
mod proxy;
mod scene;
mod story;
mod traffic;
mod verdict;
mod watcher;
mod world;

use std::path::PathBuf;

use record::RecordId;
use thiserror::Error;
use tokio::task::JoinError;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::exit::Exit;
use check::{CheckError, Findings, check};
use plan::Source;
use scene::Stage;
use story::{Story, StoryError};
use traffic::Acknowledged;
use world::{HALLS, World, WorldError};

pub use verdict::Verdict;

/// How the demonstration is played.
#[derive(Clone, Debug)]
pub struct Options {
    /// Original records to submit.
    pub records: u64,
    /// The same seed gives the same records.
    pub seed: u64,
    /// Where the data stays; otherwise it goes when the demonstration ends.
    pub keep: Option<PathBuf>,
}

/// A demonstration on its stage.
pub struct Demonstration {
    options: Options,
    world: World,
    tasks: TaskTracker,
    started: Instant,
}

/// What came of it.
pub struct Outcome {
    /// The numbers.
    pub verdict: Verdict,
    /// The verdict for people.
    pub text: String,
    /// A record that every hall may show, to try things with.
    pub example: Option<RecordId>,
}

impl Demonstration {
    /// Builds the stage: directories, keys, certificates, ports.
    pub async fn prepare(options: Options) -> Result<Self, DemoError> {
        let started = Instant::now();
        let tasks = TaskTracker::new();
        let world = World::build(options.keep.as_deref(), &tasks).await?;
        Ok(Self { options, world, tasks, started })
    }

    /// Plays the story and checks what came of it. The halls' processes have ended afterwards,
    /// whatever happened.
    pub async fn play(&self) -> Result<Outcome, DemoError> {
        let stage = Stage::new();
        let drawn = CancellationToken::new();
        let picture = picture::draw(stage.clone(), self.started, drawn.clone());
        let picture = self.tasks.spawn(picture);
        let played = self.play_on(&stage).await;
        drawn.cancel();
        picture.await?;
        played
    }

    /// Serves the halls again, until `until` ends.
    pub async fn stay(&self, until: impl Future<Output = ()>) -> Result<(), DemoError> {
        let stage = Stage::new();
        let mut story = Story::begin(&self.world, 0, (&stage, &self.tasks)).await?;
        until.await;
        Ok(story.stop_all().await?)
    }

    /// The halls, where they are served, and their data directories.
    pub fn addresses(&self) -> Vec<Vec<String>> {
        let row = |hall: &&'static str| {
            let settings = self.world.halls.get(*hall)?;
            Some(vec![
                world::name_of(hall).to_owned(),
                (*hall).to_owned(),
                settings.grpc_listen.to_string(),
                settings.link_listen.to_string(),
                settings.directory.display().to_string(),
            ])
        };
        HALLS.iter().filter_map(row).collect()
    }

    /// A hall's data directory.
    pub fn directory(&self, hall: &str) -> PathBuf {
        self.world.directory(hall)
    }

    async fn play_on(&self, stage: &Stage) -> Result<Outcome, DemoError> {
        let sources = Source::all(self.options.records, self.options.seed);
        let mut story =
            Story::begin(&self.world, self.options.records, (stage, &self.tasks)).await?;
        let told = story.tell(&sources).await;
        // What was reached in vain is best explained by what the ledgers have.
        let in_vain = match told {
            Ok(()) => None,
            Err(StoryError::InVain(error)) => Some(error.to_string()),
            Err(error) => return Err(error.into()),
        };
        story.stop_all().await?;
        stage.say(
            "各厅已停；从外部逐条核对账本",
            "all halls have stopped; check their ledgers from outside",
        );
        let book = story.book().to_vec();
        let open = |one: &&Acknowledged| one.letter.submission.sharing_class == "open";
        let example = book.iter().find(open).map(|one| one.record);
        let halls: Vec<_> =
            HALLS.iter().filter_map(|hall| self.world.halls.get(hall).cloned()).collect();
        let findings = tokio::task::spawn_blocking(move || check(&halls, &book)).await?;
        let mut findings: Findings = findings?;
        findings.problems.extend(in_vain);
        self.world.straighten().map_err(WorldError::from)?;
        let scene = stage.scene();
        let took = self.started.elapsed();
        let verdict = Verdict::of(self.options.records, &findings, &scene, took);
        let text = verdict::text(&verdict, &findings, &scene);
        Ok(Outcome { verdict, text, example })
    }
}

/// Why the demonstration has no verdict.
#[derive(Debug, Error)]
#[error(transparent)]
pub struct DemoError(Box<Kind>);

#[derive(Debug, Error)]
enum Kind {
    #[error("build the stage")]
    World(#[from] WorldError),
    #[error("play the story")]
    Story(#[from] StoryError),
    #[error("check the ledgers")]
    Check(#[from] CheckError),
    #[error("run the demonstration")]
    Task(#[from] JoinError),
}

impl DemoError {
    /// How the command ends for it.
    pub fn exit(&self) -> Exit {
        match &*self.0 {
            Kind::World(WorldError::Birth(error)) => error.exit(),
            Kind::World(WorldError::Ground(_)) => Exit::Usage,
            Kind::Story(_) | Kind::Check(_) | Kind::Task(_) => Exit::No,
        }
    }
}

impl<E> From<E> for DemoError
where
    Kind: From<E>,
{
    fn from(error: E) -> Self {
        Self(Box::new(error.into()))
    }
}
