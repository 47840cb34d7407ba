//! The story, in order: who does what to the halls while records flow. Every step says what it does,
//! does it, and waits for a level of the scene, with a deadline that names what is missing.
//!
//! 1. Seven halls start; acts reach everybody.
//! 2. Each submitting hall publishes two audiences.
//! 3. Four halls take records at once. Meanwhile two links are cut, one with a way round and one
//!    without, and the prefecture is killed with SIGKILL and started again.
//! 4. A county is killed. While it is away, records are corrected and withdrawn, and an audience is
//!    widened: what was withheld from another prefecture may now go there.
//! 5. Everything heals: the links, the county. Then the halls have until the deadline to be level,
//!    to want nothing and to have receipted everything.

use std::collections::BTreeMap;
use std::time::Duration;

use record::{Generation, Lane, LedgerName};
use thiserror::Error;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use wire::v1::{Audience, AudienceTerm, SetAudienceRequest, audience_term::Who};

use super::plan::{ACROSS, Letter, Source, WIDENED};
use super::process::{Process, ProcessError};
use super::scene::{InVain, Scene, Stage};
use super::traffic::{Acknowledged, TrafficError, submit};
use super::watcher::watch;
use super::world::{BREAKABLE, HALLS, Road, SOURCES, World, name_of};
use crate::client::{Access, CallError, ClientError, Role, request};

/// The halls while they live.
pub(super) struct Story<'a> {
    world: &'a World,
    stage: Stage,
    processes: BTreeMap<&'static str, Process>,
    book: Vec<Acknowledged>,
    patience: Duration,
    _watchers: DropGuard,
}

impl<'a> Story<'a> {
    /// Starts all halls and waits until everybody knows everybody.
    pub(super) async fn begin(
        world: &'a World,
        records: u64,
        (stage, tasks): (&Stage, &TaskTracker),
    ) -> Result<Self, StoryError> {
        let stop = CancellationToken::new();
        for hall in HALLS {
            tasks.spawn(watch(hall, world.directory(hall), stage.clone(), stop.clone()));
        }
        let mut story = Self {
            world,
            stage: stage.clone(),
            processes: BTreeMap::new(),
            book: Vec::new(),
            patience: PATIENCE + Duration::from_secs(records / RECORDS_PER_SECOND),
            _watchers: stop.drop_guard(),
        };
        story.stage.say(
            "启动七个厅：省、两个市、四个县，横向一条链路",
            "start seven halls: province, two prefectures, four counties, a link across",
        );
        story.start_all().await?;
        story.level(&HALLS, "all halls are linked and know each other").await?;
        Ok(story)
    }

    /// Tells the whole story; what was acknowledged meanwhile.
    pub(super) async fn tell(&mut self, sources: &[Source]) -> Result<(), StoryError> {
        self.publish_audiences().await?;
        self.submit_through_faults(sources).await?;
        self.revise_while_one_is_away(sources).await?;
        self.heal().await?;
        self.stage.say(
            "等待各厅一致、补齐缺件、收齐最终签收",
            "wait until halls are level, parts are filled, receipts are final",
        );
        self.final_level().await
    }

    /// What was acknowledged.
    pub(super) fn book(&self) -> &[Acknowledged] {
        &self.book
    }

    /// Starts the halls that do not run.
    pub(super) async fn start_all(&mut self) -> Result<(), StoryError> {
        for hall in HALLS {
            if !self.processes.contains_key(hall) {
                self.start(hall).await?;
            }
        }
        Ok(())
    }

    /// Asks every hall to end, the lowest first, and waits for it.
    pub(super) async fn stop_all(&mut self) -> Result<(), StoryError> {
        let mut stopping = JoinSet::new();
        for (hall, process) in std::mem::take(&mut self.processes) {
            self.stage.change(|scene| {
                scene.down.insert(hall);
            });
            stopping.spawn(process.stop());
        }
        while let Some(stopped) = stopping.join_next().await {
            stopped??;
        }
        Ok(())
    }

    async fn publish_audiences(&self) -> Result<(), StoryError> {
        self.stage.say(
            "受理厅发布两个受众：毗邻联审、专项核查",
            "submitting halls publish two audiences: the neighbour across, a special check",
        );
        for hall in SOURCES {
            let neighbour = if hall == "220283" { "220182" } else { "220283" };
            let across = [Who::Hall(neighbour.to_owned())];
            self.set_audience(hall, ACROSS, "毗邻联审", &across).await?;
            self.set_audience(hall, WIDENED, "专项核查", &[Who::PathUp(true)]).await?;
        }
        self.level(&HALLS, "all halls have the audiences").await
    }

    async fn submit_through_faults(&mut self, sources: &[Source]) -> Result<(), StoryError> {
        let total: u64 = sources.iter().map(|source| source.rows).sum();
        self.stage.say(
            format!("三个县和一个市同时受理 {total} 条记录"),
            format!("three counties and a prefecture take {total} records at once"),
        );
        let letters = sources.iter().map(|source| (source.hall, source.originals())).collect();
        let desks = self.open_desks(letters, SUBMITTING);
        let faults = async {
            self.acknowledged(total / 6).await?;
            let [round, alone] = BREAKABLE;
            self.cut(round, "记录绕行舒兰", "records take the way round");
            self.cut(alone, "该县成为孤岛", "that county is an island now");
            self.acknowledged(total / 2).await?;
            self.kill(PREFECTURE).await?;
            self.missed(PREFECTURE).await?;
            self.start(PREFECTURE).await
        };
        let ((), acknowledged) = tokio::try_join!(faults, gather(desks))?;
        self.book.extend(acknowledged);
        Ok(())
    }

    /// A county is away when records are revised and an audience is widened.
    async fn revise_while_one_is_away(&mut self, sources: &[Source]) -> Result<(), StoryError> {
        self.kill(AWAY).await?;
        for round in [1, 2] {
            let ids: BTreeMap<(&str, u64), _> = self
                .book
                .iter()
                .map(|one| ((one.ledger.hall().as_str(), one.letter.row), one.record))
                .collect();
            let revisions = |source: &Source| {
                let id_of = |row| ids.get(&(source.hall, row)).copied();
                (source.hall, source.revisions(round, id_of))
            };
            let letters: Vec<_> = sources.iter().map(revisions).collect();
            if round == 1 {
                let count: usize = letters.iter().map(|(_, letters)| letters.len()).sum();
                self.stage.say(
                    format!("{}离线期间更正、撤销 {count} 条", name_of(AWAY)),
                    format!("while {AWAY} is away, {count} records are corrected or withdrawn"),
                );
            }
            let desks = self.open_desks(letters, Duration::ZERO);
            self.book.extend(gather(desks).await?);
        }
        // Who is up and not cut off has the stubs before their audience widens.
        let reached: Vec<&str> = HALLS
            .into_iter()
            .filter(|hall| *hall != AWAY && BREAKABLE.iter().all(|road| road.from != *hall))
            .collect();
        self.level(&reached, "the halls that are up and linked are level").await?;
        self.stage.say(
            "扩大受众「专项核查」：另一个市及其各县也可取得全部内容",
            "widen an audience: another prefecture and its counties may have all parts now",
        );
        for hall in SOURCES {
            let other = if hall == "220281" { "220100" } else { "220200" };
            let wider = [Who::PathUp(true), Who::Subtree(other.to_owned())];
            self.set_audience(hall, WIDENED, "专项核查", &wider).await?;
        }
        Ok(())
    }

    async fn heal(&mut self) -> Result<(), StoryError> {
        self.stage
            .say("修复链路，离线的厅重新启动", "mend the links, start the hall that was away");
        for (road, proxy) in &self.world.proxies {
            proxy.mend();
            self.stage.change(|scene| {
                scene.broken.remove(road);
            });
        }
        self.start(AWAY).await
    }

    /// Waits until nothing is missing anywhere, and stays so.
    async fn final_level(&self) -> Result<(), StoryError> {
        let what = "links are live, nothing is wanted and receipts are final";
        loop {
            self.stage.until(what, self.patience, Scene::unfinished).await?;
            // An act that has just come may still make a hall want something.
            let moved = |scene: &Scene| {
                if scene.unfinished().is_empty() { vec!["still".to_owned()] } else { Vec::new() }
            };
            if self.stage.until("something moves", STAYS_SETTLED, moved).await.is_err() {
                return Ok(());
            }
        }
    }

    async fn level(&self, halls: &[&'static str], what: &'static str) -> Result<(), StoryError> {
        Ok(self.stage.until(what, self.patience, |scene| scene.uneven(halls)).await?)
    }

    async fn acknowledged(&self, count: u64) -> Result<(), StoryError> {
        let lacks = |scene: &Scene| {
            let here = scene.acknowledged;
            if here < count { vec![format!("{here} of {count} are")] } else { Vec::new() }
        };
        Ok(self.stage.until("records are acknowledged", self.patience, lacks).await?)
    }

    async fn missed(&self, hall: &'static str) -> Result<(), StoryError> {
        let lacks = |scene: &Scene| {
            if scene.halls.contains_key(hall) { vec![format!("{hall} answers")] } else { vec![] }
        };
        Ok(self.stage.until("the killed hall is missed", self.patience, lacks).await?)
    }

    async fn start(&mut self, hall: &'static str) -> Result<(), StoryError> {
        let (directory, log) = (self.world.directory(hall), self.world.log(hall));
        let process = Process::serve(hall, &directory, &log).await?;
        self.processes.insert(hall, process);
        self.stage.change(|scene| {
            scene.down.remove(hall);
        });
        Ok(())
    }

    async fn kill(&mut self, hall: &'static str) -> Result<(), StoryError> {
        let Some(process) = self.processes.remove(hall) else { return Ok(()) };
        let pid = process.pid();
        self.stage.say(
            format!("强杀{}（进程 {pid}，SIGKILL）", name_of(hall)),
            format!("kill {hall} where it stands (process {pid}, SIGKILL)"),
        );
        process.kill().await?;
        self.stage.change(|scene| {
            scene.kills += 1;
            scene.down.insert(hall);
        });
        Ok(())
    }

    fn cut(&self, road: Road, zh: &str, en: &str) {
        let Some(proxy) = self.world.proxies.get(&road) else { return };
        proxy.cut();
        let (from, to) = (name_of(road.from), name_of(road.to));
        self.stage.say(
            format!("剪断链路 {from} – {to}：{zh}"),
            format!("cut the link {} – {}: {en}", road.from, road.to),
        );
        self.stage.change(|scene| {
            scene.cuts += 1;
            scene.broken.insert(road);
        });
    }

    fn open_desks(&self, letters: Vec<(&'static str, Vec<Letter>)>, span: Duration) -> Desks {
        let count: usize = letters.iter().map(|(_, letters)| letters.len()).sum();
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.stage.change(|scene| scene.planned += count);
        let mut desks = JoinSet::new();
        for (hall, letters) in letters {
            let (directory, stage) = (self.world.directory(hall), self.stage.clone());
            desks.spawn(async move { submit(hall, &directory, letters, span, &stage).await });
        }
        desks
    }

    async fn set_audience(
        &self,
        hall: &str,
        number: u32,
        title: &str,
        who: &[Who],
    ) -> Result<(), StoryError> {
        let terms = who.iter().map(|who| AudienceTerm { who: Some(who.clone()), parts: 0 });
        let audience = Audience { number, title: title.to_owned(), terms: terms.collect() };
        let line = Access::new(self.world.directory(hall), Role::Operator).dial().await?;
        let asked = SetAudienceRequest { audience: Some(audience) };
        let answer = line.operations().set_audience(request(asked)).await;
        let answer = answer.map_err(CallError::of("set an audience")).map_err(ClientError::from)?;
        let settings = &line.settings;
        let (domain, hall) = (settings.domain.clone(), settings.hall.clone());
        let ledger = LedgerName::new(domain, hall, Lane::Acts, Generation(1)).to_string();
        self.stage.change(|scene| scene.note(&ledger, answer.into_inner().index));
        Ok(())
    }
}

/// Submissions under way, one task per hall.
type Desks = JoinSet<Result<Vec<Acknowledged>, TrafficError>>;

async fn gather(mut desks: Desks) -> Result<Vec<Acknowledged>, StoryError> {
    let mut all = Vec::new();
    while let Some(done) = desks.join_next().await {
        all.extend(done??);
    }
    Ok(all)
}

/// Why the story did not come to its end.
#[derive(Debug, Error)]
pub(super) enum StoryError {
    /// A hall's process.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// A level was not reached.
    #[error(transparent)]
    InVain(#[from] InVain),
    /// Something could not be submitted.
    #[error(transparent)]
    Traffic(#[from] TrafficError),
    /// An operator's call failed.
    #[error("publish an audience")]
    Call(#[from] ClientError),
    /// A task of ours failed.
    #[error("run the demonstration")]
    Task(#[from] JoinError),
}

/// The prefecture that is killed while it takes records.
const PREFECTURE: &str = "220100";
/// The county that is away while records are revised.
const AWAY: &str = "220283";
/// Originals are spread over this time.
const SUBMITTING: Duration = Duration::from_secs(6);
/// A level is reached within this, and so much more for many records.
const PATIENCE: Duration = Duration::from_mins(1);
/// The slowest machine that is waited for.
const RECORDS_PER_SECOND: u64 = 500;
/// What is final for so long stays final.
const STAYS_SETTLED: Duration = Duration::from_millis(1_500);
