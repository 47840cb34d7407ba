//! The store: one owner, one door. [`Store::commit`] checks the register, builds one group, extends
//! the trees, seals, writes, and waits for ONE fdatasync before anything is answered or visible.
//!
//! It is synchronous and decides by its arguments alone, so the simulator drives it directly and two
//! runs with equal seeds write equal bytes. In production the thread `ledger-writer` owns it.

use std::sync::Arc;

use record::Timestamp;
use thiserror::Error;

use crate::append::Append;
use crate::disk::Disk;
use crate::options::Options;
use crate::outcome::Outcome;
use crate::reader::{Durable, Reader};
use crate::signer::Signer;

/// The writing end of a hall's log.
pub struct Store<D: Disk> {
    disk: D,
}

impl<D: Disk> Store<D> {
    /// Takes the directory, recovers what a stop left, and builds what is derived.
    pub fn open(
        disk: D,
        options: Options,
        log_signer: Arc<dyn Signer>,
        now: Timestamp,
    ) -> Result<(Self, OpenReport), OpenError> {
        todo!("{:?}", (options, now, log_signer.public(), disk.list("").is_ok()))
    }

    /// Appends all of it as one group; answers in the order asked, after the fdatasync. An error is
    /// fatal: nothing of it may be answered, the caller ends the process.
    pub fn commit(
        &mut self,
        appends: Vec<Append>,
        now: Timestamp,
    ) -> Result<Vec<Outcome>, CommitError> {
        todo!("{:?}", (appends, now))
    }

    /// A reader of what is durable.
    pub fn reader(&self) -> Reader<D> {
        todo!()
    }

    /// Marks the log as cleanly stopped, so that the next opening copies nothing.
    pub fn close(self) -> Result<Durable, CommitError> {
        todo!()
    }
}

/// What opening found and did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenReport {
    /// The log's id.
    pub log_id: [u8; 16],
    /// Whether the log was made just now.
    pub created: bool,
    /// Whether the last stop was a clean one.
    pub clean: bool,
    /// The newest segment was copied, because nobody knows what of it had reached the disk.
    pub copied: Option<u64>,
    /// A torn group was cut off.
    pub cut: Option<Cut>,
    /// Derived files that were absent, different, ahead or damaged, and were built again.
    pub rebuilt: Vec<String>,
    /// Damage to what was durable: the store reads and refuses to write.
    pub damage: Vec<Damage>,
    /// How far the log is durable.
    pub durable: Durable,
}

/// A torn group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// In which segment.
    pub segment: u64,
    /// From which byte on.
    pub offset: u64,
    /// The group's number.
    pub group: u64,
}

/// A place in the log that is not as it was written.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("segment {segment} is damaged at byte {offset}: {what}")]
pub struct Damage {
    /// In which segment.
    pub segment: u64,
    /// At which byte.
    pub offset: u64,
    /// What is wrong.
    pub what: String,
}

/// Why a log could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Another process has it.
    #[error("lock the log, another process has it")]
    Locked,
    /// The disk did not answer.
    #[error("{doing}")]
    Disk {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// It is another hall's log.
    #[error("open the log of {found} as {wanted}")]
    OtherHall {
        /// Who it belongs to.
        found: String,
        /// Who opened it.
        wanted: String,
    },
    /// Not even the newest segment's header can be read.
    #[error("read the log")]
    Damaged(#[source] Damage),
}

/// Why a commit failed. Never retried: what reached the disk is unknown.
#[derive(Debug, Error)]
pub enum CommitError {
    /// A write or sync failed.
    #[error("{doing}")]
    Disk {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// The register cannot be read nor built again.
    #[error("read the register")]
    Read(#[source] crate::reader::ReadError),
    /// An earlier commit of this store failed.
    #[error("commit after a failed commit")]
    Poisoned,
}
