//! The stage that is built: seven halls of Jilin in a directory each, with a development CA, real
//! keys and certificates, free ports on loopback, and a line that can be cut on two of their roads.
//!
//! ```text
//!                    220000 吉林省
//!              ┌───────────┴───────────┐
//!        220100 长春市           220200 吉林市
//!         ┌────┴────┐             ┌────┴────┐
//!    220182 榆树  220122 农安  220283 舒兰  220281 蛟河
//!         └─────── across ────────┘
//! ```
//!
//! 榆树 and 舒兰 are neighbours in fact, in two prefectures. Every hall carries everything.

use std::collections::BTreeMap;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use record::jilin;
use telemetry::{Clock, System};
use thiserror::Error;
use tokio_util::task::TaskTracker;
use toml_edit::{Array, DocumentMut, Item, Table, value};

use super::plan::{ACROSS, WIDENED};
use super::proxy::Proxy;
use crate::birth::{self, Birth, BirthError};
use crate::config::Settings;

/// The halls, each after its parent.
pub(super) const HALLS: [&str; 7] =
    ["220000", "220100", "220200", "220182", "220122", "220283", "220281"];
/// The roads between them, each from the hall that dials.
pub(super) const ROADS: [Road; 7] = [
    Road { from: "220100", to: "220000" },
    Road { from: "220200", to: "220000" },
    Road { from: "220182", to: "220100" },
    Road { from: "220122", to: "220100" },
    Road { from: "220283", to: "220200" },
    Road { from: "220281", to: "220200" },
    ACROSS_ROAD,
];
/// The road across.
pub(super) const ACROSS_ROAD: Road = Road { from: "220182", to: "220283" };
/// Roads with a line that can be cut: one with a way round, one without.
pub(super) const BREAKABLE: [Road; 2] =
    [Road { from: "220182", to: "220100" }, Road { from: "220281", to: "220200" }];
/// Halls where records are submitted: three counties and a prefecture.
pub(super) const SOURCES: [&str; 4] = ["220182", "220122", "220281", "220100"];

/// A road between two halls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Road {
    /// The hall that dials.
    pub(super) from: &'static str,
    /// The hall that is dialled.
    pub(super) to: &'static str,
}

/// What people call the place of a hall.
pub(super) fn name_of(hall: &str) -> &'static str {
    jilin::hall(hall).map_or("", |seat| seat.name)
}

/// Everything that the halls need to live.
#[derive(Debug)]
pub(super) struct World {
    /// The halls' settings.
    pub(super) halls: BTreeMap<&'static str, Settings>,
    /// The lines that can be cut.
    pub(super) proxies: BTreeMap<Road, Proxy>,
    ground: Ground,
}

impl World {
    /// Builds it in `keep`, or in a temporary directory that goes when it is dropped.
    pub(super) async fn build(
        keep: Option<&Path>,
        tasks: &TaskTracker,
    ) -> Result<Self, WorldError> {
        let ground = Ground::take(keep).map_err(WorldError::Ground)?;
        let clock: Arc<dyn Clock> = Arc::new(System);
        let mut halls = BTreeMap::new();
        for hall in HALLS {
            let across = ACROSS_ROAD;
            let peers =
                if hall == across.to { vec![ground.path.join(across.from)] } else { vec![] };
            let parent = jilin::hall(hall).and_then(|seat| seat.parent);
            let birth = Birth {
                directory: ground.path.join(hall),
                dev: true,
                parent: parent.map(|parent| ground.path.join(parent)),
                peers,
                id: hall.parse().ok(),
                ..Birth::default()
            };
            halls.insert(hall, birth::give(&birth, &clock).await?.settings);
        }
        let mut proxies = BTreeMap::new();
        for road in BREAKABLE {
            if let Some(upstream) = halls.get(road.to) {
                let proxy = Proxy::start(upstream.link_listen, tasks).await;
                proxies.insert(road, proxy.map_err(WorldError::Ground)?);
            }
        }
        let world = Self { halls, proxies, ground };
        for hall in HALLS {
            birth::amend(&world.directory(hall), |text| world.adjust(hall, text))?;
        }
        Ok(world)
    }

    /// Lets every hall dial its neighbours themselves from its next start on: the lines that could be
    /// cut end with the demonstration.
    pub(super) fn straighten(&self) -> Result<(), BirthError> {
        let ends = |road: &Road| Some((self.halls.get(road.from)?, self.halls.get(road.to)?));
        for (from, to) in self.proxies.keys().filter_map(ends) {
            birth::befriend(&from.directory, to)?;
        }
        Ok(())
    }

    /// A hall's data directory.
    pub(super) fn directory(&self, hall: &str) -> PathBuf {
        self.ground.path.join(hall)
    }

    /// Where a hall's log lines go.
    pub(super) fn log(&self, hall: &str) -> PathBuf {
        self.ground.path.join(format!("{hall}.log"))
    }

    /// Short times and the two audiences; broken roads lead through their line.
    fn adjust(&self, hall: &str, text: &mut DocumentMut) -> Result<(), &'static str> {
        let table = |text: &mut DocumentMut, name, keys: &[(&str, Item)]| {
            let table = text.entry(name).or_insert_with(|| Item::Table(Table::new()));
            let table = table.as_table_mut().ok_or("a section is no table")?;
            for (key, value) in keys {
                table.insert(key, value.clone());
            }
            Ok::<_, &'static str>(())
        };
        table(text, "link", &LINK_TIMES.map(|(key, time)| (key, value(millis(time)))))?;
        let audiences = Array::from_iter([ACROSS, WIDENED].map(i64::from));
        table(text, "submission", &[("audiences", value(audiences))])?;
        let peers = text.get_mut("peer").and_then(Item::as_array_of_tables_mut);
        for peer in peers.into_iter().flat_map(|peers| peers.iter_mut()) {
            let to = peer.get("hall").and_then(Item::as_str).unwrap_or_default();
            let line = self.proxies.iter().find(|(road, _)| road.from == hall && road.to == to);
            if let Some((_, proxy)) = line {
                peer.insert("endpoint", value(proxy.address().to_string()));
            }
        }
        Ok(())
    }
}

/// What is set shorter than in production, so that a minute shows what else takes many.
pub(super) const LINK_TIMES: [(&str, Duration); 4] = [
    ("receipt_neighbour_ms", Duration::from_millis(500)),
    ("receipt_onward_ms", Duration::from_secs(1)),
    ("backoff_max_ms", Duration::from_secs(1)),
    ("refused_retry_ms", Duration::from_secs(1)),
];

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// The directory under all of it.
#[derive(Debug)]
struct Ground {
    path: PathBuf,
    stays: bool,
}

impl Ground {
    fn take(keep: Option<&Path>) -> io::Result<Self> {
        let temporary =
            || std::env::temp_dir().join(format!("hallway-demo-{}", std::process::id()));
        let path = keep.map_or_else(temporary, Path::to_owned);
        // Keys lie below: nobody else may look.
        std::fs::DirBuilder::new().recursive(keep.is_some()).mode(0o700).create(&path)?;
        Ok(Self { path: path.canonicalize()?, stays: keep.is_some() })
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        if !self.stays {
            // What cannot be removed lies in the system's temporary directory, where it goes in time.
            drop(std::fs::remove_dir_all(&self.path));
        }
    }
}

/// Why the world could not be built.
#[derive(Debug, Error)]
pub(super) enum WorldError {
    /// Its directory or a port.
    #[error("prepare the directory of the demonstration")]
    Ground(#[source] io::Error),
    /// A hall.
    #[error("make the hall's data directory")]
    Birth(#[from] BirthError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roads_follow_the_tree_and_one_leads_across() {
        for hall in &HALLS[1..] {
            let parent = jilin::hall(hall).unwrap().parent.unwrap();
            assert!(ROADS.iter().any(|road| road.from == *hall && road.to == parent), "{hall}");
        }
        assert_eq!(ROADS.len(), HALLS.len() - 1 + 1);
        let above = |hall| jilin::hall(hall).unwrap().parent;
        assert_ne!(above(ACROSS_ROAD.from), above(ACROSS_ROAD.to));
        assert!(BREAKABLE.iter().all(|road| ROADS.contains(road)));
        assert!(SOURCES.iter().all(|hall| HALLS.contains(hall)));
    }

    #[test]
    fn temporary_ground_goes_and_kept_ground_stays() {
        let ground = Ground::take(None).unwrap();
        let path = ground.path.clone();
        assert!(path.is_dir());
        drop(ground);
        assert!(!path.exists());
        let kept = tempfile::tempdir().unwrap();
        drop(Ground::take(Some(&kept.path().join("here"))).unwrap());
        assert!(kept.path().join("here").is_dir());
    }
}
