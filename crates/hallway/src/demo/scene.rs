//! What is going on: the one thing that the story changes, the watchers fill, the picture shows and
//! every wait looks at. A wait is for a level of this scene, never for a duration.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use thiserror::Error;
use tokio::sync::watch;
use tokio::time::timeout;
use wire::v1::StatusResponse;

use super::world::{HALLS, ROADS, Road};

/// A sentence in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Saying {
    pub(super) zh: String,
    pub(super) en: String,
}

impl Saying {
    /// The same thought, twice.
    pub(super) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// Everything that can be seen at one moment.
#[derive(Clone, Debug, Default)]
pub(super) struct Scene {
    /// What each hall says of itself; none while it does not answer.
    pub(super) halls: BTreeMap<&'static str, StatusResponse>,
    /// Halls whose process is not running.
    pub(super) down: BTreeSet<&'static str>,
    /// Roads that are cut.
    pub(super) broken: BTreeSet<Road>,
    /// Entries that each ledger has for certain, because somebody was told so.
    pub(super) due: BTreeMap<String, u64>,
    /// What is happening, newest last.
    pub(super) told: Vec<Saying>,
    /// Messages that are to be submitted.
    pub(super) planned: u64,
    /// Messages that have been acknowledged.
    pub(super) acknowledged: u64,
    /// Of these, how many the hall knew already.
    pub(super) repeated: u64,
    /// Links cut so far.
    pub(super) cuts: u64,
    /// Processes killed so far.
    pub(super) kills: u64,
}

impl Scene {
    /// Sizes of the ledgers that travel, as one hall has them.
    pub(super) fn sizes(&self, hall: &str) -> BTreeMap<&str, u64> {
        let ledgers = self.halls.get(hall).map(|status| &status.ledgers[..]).unwrap_or_default();
        let travels = ledgers.iter().filter(|ledger| !ledger.name.contains("/private/"));
        travels.map(|ledger| (&*ledger.name, ledger.size)).collect()
    }

    /// Entries in all ledgers of a hall, entries held as stubs, and entries still wanted.
    pub(super) fn counts(&self, hall: &str) -> (u64, u64, u64) {
        let ledgers = self.halls.get(hall).map(|status| &status.ledgers[..]).unwrap_or_default();
        ledgers.iter().fold((0, 0, 0), |(size, stubs, wanted), ledger| {
            (size + ledger.size, stubs + ledger.stubs, wanted + ledger.wanted)
        })
    }

    /// State and lag of a road, as the hall that dials sees it.
    pub(super) fn road(&self, road: Road) -> Option<(&str, u64)> {
        let links = &self.halls.get(road.from)?.links;
        let link = links.iter().find(|link| link.peer == road.to)?;
        Some((&link.state, link.lag_entries))
    }

    /// Notes that an entry is durable at its origin.
    pub(super) fn note(&mut self, ledger: &str, index: u64) {
        let due = self.due.entry(ledger.to_owned()).or_default();
        *due = (*due).max(index + 1);
    }

    /// What is not yet as it must be among `halls`: every road between them live, every ledger of
    /// theirs that travels of one size, and not smaller than it is known to be. Empty when they are
    /// level.
    pub(super) fn uneven(&self, halls: &[&'static str]) -> Vec<String> {
        let mut missing = Vec::new();
        missing.extend(
            halls
                .iter()
                .filter(|hall| !self.halls.contains_key(*hall))
                .map(|hall| format!("{hall} does not answer")),
        );
        let among = |road: &&Road| {
            halls.contains(&road.from) && halls.contains(&road.to) && !self.broken.contains(*road)
        };
        for road in ROADS.iter().filter(among) {
            match self.road(*road) {
                Some(("live", _)) => {}
                state => {
                    let state = state.map_or("unknown", |(state, _)| state);
                    missing.push(format!("link {} – {} is {state}", road.from, road.to));
                }
            }
        }
        let mut largest: BTreeMap<&str, u64> =
            self.due.iter().map(|(ledger, size)| (&**ledger, *size)).collect();
        for (ledger, size) in halls.iter().flat_map(|hall| self.sizes(hall)) {
            let known = largest.entry(ledger).or_default();
            *known = size.max(*known);
        }
        largest
            .retain(|ledger, _| ledger.split('/').nth(2).is_some_and(|hall| halls.contains(&hall)));
        for hall in halls {
            let sizes = self.sizes(hall);
            for (ledger, size) in &largest {
                let here = sizes.get(ledger).copied().unwrap_or(0);
                if here < *size {
                    missing.push(format!("{hall} has {here} of {size} entries of {ledger}"));
                }
            }
        }
        missing
    }

    /// What is not yet final: beyond being level, nothing is wanted, and every origin has receipts
    /// of all other halls for all of its records.
    pub(super) fn unfinished(&self) -> Vec<String> {
        let mut missing = self.uneven(&HALLS);
        for hall in HALLS {
            let Some(status) = self.halls.get(hall) else { continue };
            let (_, _, wanted) = self.counts(hall);
            if wanted > 0 {
                missing.push(format!("{hall} still wants the parts of {wanted} entries"));
            }
            let own = format!("/{hall}/records/");
            for ledger in status.ledgers.iter().filter(|ledger| ledger.name.contains(&own)) {
                let final_at = |holder: &str| {
                    status.receipts.iter().any(|receipt| {
                        receipt.holder == holder
                            && receipt.ledger == ledger.name
                            && receipt.size >= ledger.size
                    })
                };
                for holder in HALLS.iter().filter(|holder| **holder != hall) {
                    if ledger.size > 0 && !final_at(holder) {
                        missing.push(format!("{hall} lacks the final receipt of {holder}"));
                    }
                }
            }
        }
        missing
    }
}

/// The scene as it is shared.
#[derive(Clone, Debug)]
pub(super) struct Stage(watch::Sender<Scene>);

impl Stage {
    /// An empty stage.
    pub(super) fn new() -> Self {
        Self(watch::Sender::default())
    }

    /// Says what happens now.
    pub(super) fn say(&self, zh: impl Into<String>, en: impl Into<String>) {
        let saying = Saying::new(zh, en);
        self.change(|scene| scene.told.push(saying));
    }

    /// Changes something.
    pub(super) fn change(&self, change: impl FnOnce(&mut Scene)) {
        self.0.send_modify(change);
    }

    /// Looks.
    pub(super) fn scene(&self) -> Scene {
        self.0.borrow().clone()
    }

    /// Whoever wants to see each change.
    pub(super) fn subscribe(&self) -> watch::Receiver<Scene> {
        self.0.subscribe()
    }

    /// Waits until `lacks` finds nothing lacking; at the deadline the error says what lacked.
    pub(super) async fn until(
        &self,
        what: &'static str,
        within: Duration,
        lacks: impl Fn(&Scene) -> Vec<String>,
    ) -> Result<(), InVain> {
        let mut seen = self.0.subscribe();
        let level = seen.wait_for(|scene| lacks(scene).is_empty());
        if timeout(within, level).await.is_ok() {
            return Ok(());
        }
        let mut lacking = lacks(&self.scene());
        let more = lacking.len().saturating_sub(LACKING_SHOWN);
        lacking.truncate(LACKING_SHOWN);
        if more > 0 {
            lacking.push(format!("and {more} more"));
        }
        Err(InVain { what, within, lacking: lacking.join("; ") })
    }
}

/// A level that was not reached in time.
#[derive(Debug, Error)]
#[error("wait until {what}, {within:?} in vain: {lacking}")]
pub(super) struct InVain {
    what: &'static str,
    within: Duration,
    lacking: String,
}

/// Reasons that an error shows.
const LACKING_SHOWN: usize = 6;

#[cfg(test)]
mod tests {
    use wire::v1::{LedgerStatus, LinkStatus, ReceiptStatus};

    use super::*;

    fn level() -> Scene {
        let mut scene = Scene::default();
        for hall in HALLS {
            let ledger = |name: &str, size| LedgerStatus {
                name: format!("d/hallway/{name}"),
                size,
                ..LedgerStatus::default()
            };
            let links = ROADS.iter().filter(|road| road.from == hall).map(|road| LinkStatus {
                peer: road.to.to_owned(),
                state: "live".to_owned(),
                ..LinkStatus::default()
            });
            let receipts = HALLS.iter().map(|holder| ReceiptStatus {
                holder: (*holder).to_owned(),
                ledger: "d/hallway/220122/records/1".to_owned(),
                size: 9,
                age_seconds: 0,
            });
            let status = StatusResponse {
                hall: hall.to_owned(),
                ledgers: vec![
                    ledger("220000/acts/1", 7),
                    ledger("220122/records/1", 9),
                    ledger(&format!("{hall}/private/1"), 1),
                ],
                links: links.collect(),
                receipts: if hall == "220122" { receipts.collect() } else { Vec::new() },
                ..StatusResponse::default()
            };
            scene.halls.insert(hall, status);
        }
        scene
    }

    fn hall<'a>(scene: &'a mut Scene, hall: &str) -> &'a mut StatusResponse {
        scene.halls.get_mut(hall).unwrap()
    }

    #[test]
    fn level_and_final() {
        assert_eq!(level().unfinished(), Vec::<String>::new());
        assert_eq!(level().counts("220122"), (17, 0, 0));
    }

    #[test]
    fn whatever_is_missing_is_named() {
        let mut scene = level();
        hall(&mut scene, "220281").ledgers[1].size = 8;
        assert_eq!(scene.unfinished(), ["220281 has 8 of 9 entries of d/hallway/220122/records/1"]);
        let mut scene = level();
        scene.note("d/hallway/220122/records/1", 8);
        assert_eq!(scene.unfinished(), Vec::<String>::new());
        scene.note("d/hallway/220122/records/1", 9);
        assert_eq!(scene.unfinished().len(), HALLS.len(), "what everybody reports may be old");
        let mut scene = level();
        hall(&mut scene, "220281").ledgers[1].wanted = 3;
        assert_eq!(scene.unfinished(), ["220281 still wants the parts of 3 entries"]);
        let mut scene = level();
        hall(&mut scene, "220122").receipts[2].size = 8;
        assert_eq!(scene.unfinished(), [format!("220122 lacks the final receipt of {}", HALLS[2])]);
        let mut scene = level();
        hall(&mut scene, "220182").links[0].state = "backoff".to_owned();
        assert_eq!(scene.unfinished(), ["link 220182 – 220100 is backoff"]);
        scene.broken.insert(ROADS[2]);
        assert_eq!(scene.unfinished(), Vec::<String>::new());
        scene.halls.remove("220200");
        assert!(scene.unfinished().contains(&"220200 does not answer".to_owned()));
        scene.note("d/hallway/220200/acts/1", 0);
        let others: Vec<&str> = HALLS.iter().copied().filter(|hall| *hall != "220200").collect();
        assert_eq!(scene.uneven(&others), Vec::<String>::new());
    }

    #[tokio::test]
    async fn a_wait_in_vain_says_what_lacked() {
        let stage = Stage::new();
        let error = stage
            .until("all answer", Duration::ZERO, |scene| scene.uneven(&["220000"]))
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), "wait until all answer, 0ns in vain: 220000 does not answer");
    }
}
