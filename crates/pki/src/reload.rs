//! Reading the trust material again while connections are up.
//!
//! Everything is read before anything is replaced: a file that is half written, or a key that does
//! not fit, leaves what was trusted before in place, under an alarm, until the files fit again. Then
//! every live connection is judged anew; healthy ones never notice.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::sync::{Arc, PoisonError};
use std::time::SystemTime;

use record::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::identity::PeerId;
use crate::material::{Config, Material, MaterialError};
use crate::tls::{Tls, with_causes};

/// What a reload did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reloaded {
    /// One line for each file read.
    pub read: Vec<String>,
    /// Whose connections were cut.
    pub cut: Vec<PeerId>,
}

impl Tls {
    /// Reads all files again, trusts what they say from now on, and cuts whom they no longer let in.
    /// Blocks for as long as reading some small files takes.
    pub fn reload(&self) -> Result<Reloaded, MaterialError> {
        let mut seen = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
        *seen = Stamp::of(&self.0.config);
        let outcome = self.read_again();
        self.remember(outcome.as_ref().err());
        let material = outcome?;
        let read = material.read.clone();
        self.0.material.store(Arc::new(material));
        let cut = self.judge_again();
        tracing::info!(files = read.len(), cut = cut.len(), "trust material reloaded");
        Ok(Reloaded { read, cut })
    }

    /// Watches the files and reloads when one changes, until `stop`.
    pub async fn watch(self, stop: CancellationToken) {
        let interval = self.0.config.watch_interval;
        while stop.run_until_cancelled(tokio::time::sleep(interval)).await.is_some() {
            let tls = self.clone();
            let look = tokio::task::spawn_blocking(move || tls.reload_if_changed());
            if let Err(error) = look.await {
                tracing::error!(%error, "the watch over the trust material failed");
            }
        }
    }

    fn reload_if_changed(&self) {
        let now = Stamp::of(&self.0.config);
        let same = *self.0.seen.lock().unwrap_or_else(PoisonError::into_inner) == now;
        if !same || self.failed().is_some() {
            // The outcome is logged, and stands in `standing` as an alarm.
            drop(self.reload());
        }
    }

    fn read_again(&self) -> Result<Material, MaterialError> {
        let before = self.0.material.load();
        let material = Material::read(&self.0.config, before.provider())?;
        let (was, now) = (&before.bearer.identity, &material.bearer.identity);
        if was != now {
            return Err(MaterialError::Renamed { was: was.to_string(), now: now.to_string() });
        }
        Ok(material)
    }

    fn remember(&self, error: Option<&MaterialError>) {
        let mut failure = self.0.failure.lock().unwrap_or_else(PoisonError::into_inner);
        let before = failure.take();
        *failure = error.map(|error| {
            let what = with_causes(error);
            if before.as_ref().is_none_or(|before| before.what != what) {
                tracing::error!(error = what, "trust material not reloaded, the old one stays");
            }
            Failure { what, since: before.map_or_else(|| self.now(), |before| before.since) }
        });
    }
}

/// A reload that failed, and since when they do.
#[derive(Clone)]
pub(crate) struct Failure {
    pub(crate) what: String,
    pub(crate) since: Timestamp,
}

/// What shows that a file changed: its time, length and inode; nothing if it is absent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp(Option<(SystemTime, u64, u64)>);

impl Stamp {
    pub(crate) fn of(config: &Config) -> Vec<Self> {
        let stamp = |path| {
            let meta = fs::metadata(path).ok()?;
            Some((meta.modified().ok()?, meta.len(), meta.ino()))
        };
        config.files().map(|path| Self(stamp(path))).collect()
    }
}
