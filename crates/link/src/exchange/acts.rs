//! The hall reads its own acts: as acts ledgers grow, their entries are read once and folded into what
//! the policy knows; from that come new rights for links, doors and portals.
//!
//! An entry whose parts have not come yet is looked at again with every later reading. Reading is
//! blocking work and happens beside the exchange, one reading at a time.

use std::future::pending;

use ledger::{Disk, ReadError, Reader};
use policy::{Acts, Rights};
use thiserror::Error;
use tokio::task::JoinHandle;

use crate::desk::reading::Bookmark;

/// Why acts could not be read.
#[derive(Debug, Error)]
#[error("read acts as they became durable")]
pub struct ActsError(#[from] ReadError);

/// Reads acts once each, whatever road they came by.
pub struct ActsFollower<D: Disk> {
    reader: Reader<D>,
    acts: Acts,
    bookmark: Bookmark,
}

impl<D: Disk> ActsFollower<D> {
    /// A follower that has read nothing yet.
    pub fn new(reader: Reader<D>, acts: Acts) -> Self {
        Self { reader, acts, bookmark: Bookmark::new() }
    }

    /// Reads what is new; the rights that follow, when anything counted.
    pub fn advance(&mut self) -> Result<Option<Rights>, ActsError> {
        let moved = self.bookmark.read_all(&self.reader, &mut self.acts)?;
        Ok(moved.then(|| self.rights()))
    }

    /// The rights that follow from what has been read.
    pub fn rights(&self) -> Rights {
        Rights::new(self.acts.clone())
    }
}

/// A reading that has ended: the follower and what it brought.
pub(super) struct Finished<D: Disk> {
    follower: ActsFollower<D>,
    brought: Result<Option<Rights>, ActsError>,
}

/// Where the follower sits between readings.
pub(super) enum Seat<D: Disk> {
    Here(ActsFollower<D>),
    Reading { task: JoinHandle<Finished<D>>, again: bool },
    Gone,
}

impl<D: Disk> Seat<D> {
    pub(super) fn new(follower: ActsFollower<D>) -> Self {
        Self::Here(follower)
    }

    /// Ends with the reading under way; never when there is none.
    pub(super) async fn finished(&mut self) -> Finished<D> {
        match self {
            Self::Reading { task, .. } => match task.await {
                Ok(finished) => finished,
                // The reader panicked, which ends the process through the panic hook.
                Err(_) => pending().await,
            },
            Self::Here(_) | Self::Gone => pending().await,
        }
    }

    /// Takes the follower back; rights when the reading brought any.
    pub(super) fn put_back(&mut self, finished: Finished<D>) -> Option<Rights> {
        let again = matches!(self, Self::Reading { again: true, .. });
        *self = Self::Here(finished.follower);
        if again {
            self.start();
        }
        finished.brought.unwrap_or_else(|error| {
            let error: &dyn std::error::Error = &error;
            tracing::error!(error, "acts are not readable");
            None
        })
    }

    /// Starts a reading, or has the one under way followed by another.
    pub(super) fn start(&mut self) {
        *self = match std::mem::replace(self, Self::Gone) {
            Self::Here(mut follower) => {
                let task = tokio::task::spawn_blocking(move || {
                    let brought = follower.advance();
                    Finished { follower, brought }
                });
                Self::Reading { task, again: false }
            }
            Self::Reading { task, .. } => Self::Reading { task, again: true },
            Self::Gone => Self::Gone,
        };
    }
}
