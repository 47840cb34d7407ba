//! What opening found, and why opening or committing failed.

use std::io;

use record::Class;
use thiserror::Error;

use crate::reader::{Durable, ReadError};
use crate::signer::SignError;

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
        source: io::Error,
    },
    /// It is another hall's log.
    #[error("open the log of {found} as {wanted}")]
    OtherHall {
        /// Who it belongs to.
        found: String,
        /// Who opened it.
        wanted: String,
    },
    /// A newer version of the program wrote it; nothing was touched.
    #[error(
        "segment {segment} has format {version}, this version reads format 1: \
         the directory was used by a newer version of hallway, start it with that one"
    )]
    Newer {
        /// Which segment.
        segment: u64,
        /// Its format.
        version: u8,
    },
    /// Not even the newest segment's header can be read.
    #[error("read the log")]
    Damaged(#[source] Damage),
}

impl OpenError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        match self {
            Self::Locked => Class::Unavailable,
            Self::Disk { .. } => Class::Internal,
            Self::OtherHall { .. } | Self::Newer { .. } => Class::Precondition,
            Self::Damaged(_) => Class::Corrupt,
        }
    }
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
        source: io::Error,
    },
    /// What is durable cannot be read, nor its derived files built again.
    #[error("read what the log holds")]
    Read(#[from] ReadError),
    /// The old key did not seal what it must before a new one takes over.
    #[error("seal with the old key")]
    Sign(#[source] SignError),
    /// An earlier commit of this store failed.
    #[error("commit after a failed commit")]
    Poisoned,
}

impl CommitError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        match self {
            Self::Disk { .. } | Self::Sign(_) | Self::Poisoned => Class::Internal,
            Self::Read(error) => error.class(),
        }
    }
}

impl From<SignError> for CommitError {
    fn from(error: SignError) -> Self {
        Self::Sign(error)
    }
}
