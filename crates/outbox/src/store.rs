//! The outbox itself: look up, write, adopt or begin anew.

use std::fs::File;
use std::path::{Path, PathBuf};

use record::{HallId, LedgerName};
use sled::Batch;
use thiserror::Error;

use crate::keys;
use crate::note::{KeptReceipt, Mark, Note};
use crate::open::{self, Condition, OpenError, Reason};

/// What links remember.
#[derive(Debug)]
pub struct Outbox {
    path: PathBuf,
    db: sled::Db,
    sizes: sled::Tree,
    receipts: sled::Tree,
    state: sled::Tree,
    /// sled's `flush` does not reach the platter; this descriptor does.
    file: File,
}

/// The receipts in passing, to be read beside the thread that writes them; clones see the same.
#[derive(Clone, Debug)]
pub struct Passing {
    receipts: sled::Tree,
}

impl Passing {
    /// The newest receipt of each holder for each ledger that passed here.
    pub fn receipts(&self) -> Result<Vec<KeptReceipt>, OutboxError> {
        let read = |pair: sled::Result<(sled::IVec, sled::IVec)>| {
            let (key, value) = pair?;
            Ok(keys::read_receipt(&key, &value))
        };
        self.receipts.iter().filter_map(|pair| read(pair).transpose()).collect()
    }
}

/// Why the outbox could not be read or written while running.
#[derive(Debug, Error)]
pub enum OutboxError {
    /// sled says no.
    #[error("use the outbox")]
    Sled(#[from] sled::Error),
    /// The file could not be synced.
    #[error("sync the outbox")]
    Sync(#[source] std::io::Error),
}

impl Outbox {
    /// Opens the directory, or begins a new one where sled refuses it.
    pub fn open(path: &Path) -> Result<(Self, Condition), OpenError> {
        let (opened, condition) = open::open(path)?;
        Ok((Self::over(path, opened)?, condition))
    }

    /// Compares the outbox with the log it belongs to: `log` is the log's last group, `crc_of` the
    /// CRC the log has for an older one. Whatever does not fit begins anew.
    pub fn adopt(
        self,
        log: Mark,
        found: Condition,
        crc_of: impl FnOnce(u64) -> Option<u32>,
    ) -> Result<(Self, Condition), OpenError> {
        let reason = match (found, self.mark()) {
            (Condition::Rebuilt(reason), _) => return Ok((self, Condition::Rebuilt(reason))),
            (Condition::New, _) if log.group == 0 => return Ok((self, Condition::New)),
            (Condition::New, _) | (Condition::Kept, Ok(None)) => Reason::Absent,
            (Condition::Kept, Err(_)) => Reason::Unreadable,
            (Condition::Kept, Ok(Some(mark))) if mark.log_id != log.log_id => Reason::Different,
            (Condition::Kept, Ok(Some(mark))) if mark.group > log.group => Reason::Ahead,
            (Condition::Kept, Ok(Some(mark))) => {
                let crc = if mark.group == log.group { Some(log.crc) } else { crc_of(mark.group) };
                if crc.is_none_or(|crc| crc == mark.crc) {
                    return Ok((self, Condition::Kept));
                }
                Reason::Different
            }
        };
        let path = self.path.clone();
        drop(self);
        open::move_aside(&path)
            .map_err(|source| OpenError::Directory { path: path.clone(), source })?;
        Ok((Self::over(&path, open::begin(&path)?)?, Condition::Rebuilt(reason)))
    }

    /// Writes notes in one batch per tree. Durable against a kill; [`Outbox::sync`] makes it durable
    /// against a power cut.
    pub fn apply(&self, notes: &[Note]) -> Result<(), OutboxError> {
        let (mut sizes, mut receipts, mut state) =
            (Batch::default(), Batch::default(), Batch::default());
        for note in notes {
            match note {
                Note::Durable { peer, ledger, size } => {
                    sizes.insert(keys::size_key(peer, ledger), &size.to_be_bytes());
                }
                Note::Receipt(receipt) => {
                    receipts.insert(keys::receipt_key(receipt), keys::receipt_value(receipt));
                }
                Note::Acknowledged(mark) => state.insert(keys::MARK, keys::mark_value(mark)),
            }
        }
        self.sizes.apply_batch(sizes)?;
        self.receipts.apply_batch(receipts)?;
        self.state.apply_batch(state)?;
        Ok(())
    }

    /// Makes what was applied survive a power cut.
    pub fn sync(&self) -> Result<(), OutboxError> {
        self.db.flush()?;
        self.file.sync_data().map_err(OutboxError::Sync)
    }

    /// What each peer holds durably of each ledger, as last heard.
    pub fn sizes(&self) -> Result<Vec<(HallId, LedgerName, u64)>, OutboxError> {
        let read = |pair: sled::Result<(sled::IVec, sled::IVec)>| {
            let (key, value) = pair?;
            Ok(keys::read_size(&key, &value))
        };
        self.sizes.iter().filter_map(|pair| read(pair).transpose()).collect()
    }

    /// A way to read the receipts in passing while a thread writes them.
    pub fn passing(&self) -> Passing {
        Passing { receipts: self.receipts.clone() }
    }

    /// The newest group known to be acknowledged; it may lag behind the ledger.
    pub fn mark(&self) -> Result<Option<Mark>, OutboxError> {
        Ok(self.state.get(keys::MARK)?.and_then(|value| keys::read_mark(&value)))
    }

    fn over(path: &Path, (db, file): open::Opened) -> Result<Self, OpenError> {
        let tree = |name| {
            db.open_tree(name).map_err(|source| OpenError::Sled { path: path.to_owned(), source })
        };
        let (sizes, receipts, state) = (tree("sizes")?, tree("receipts")?, tree("state")?);
        Ok(Self { path: path.to_owned(), db, sizes, receipts, state, file })
    }
}
