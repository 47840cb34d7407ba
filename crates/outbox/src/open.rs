//! Opening, and giving up on a directory without losing anything: it is moved aside whole, so that a
//! person can look at it, and a new one begins.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use thiserror::Error;

/// sled's own cache; more breaks the memory promise of an idle hall.
const CACHE_BYTES: u64 = 16 << 20;
/// How long the lock of a sled that is ending is waited for, and how often it is looked at.
const LOCK_WAIT: Duration = Duration::from_secs(2);
const LOCK_LOOK: Duration = Duration::from_millis(10);
/// How many directories moved aside are kept; older ones go.
const ASIDE_MAX: usize = 3;

/// In which condition the outbox was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// There was none: a new hall.
    New,
    /// As it was left.
    Kept,
    /// It was begun anew; links ask their peers and lose nothing.
    Rebuilt(Reason),
}

/// Why an outbox was begun anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is gone though the hall has a ledger.
    Absent,
    /// sled cannot open or read it.
    Unreadable,
    /// It was built to another log, or to a group that the log has otherwise.
    Different,
    /// It knows of groups that the log does not have.
    Ahead,
}

impl Reason {
    /// The stable word in status and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Unreadable => "unreadable",
            Self::Different => "different",
            Self::Ahead => "ahead",
        }
    }
}

/// Why no outbox could be opened, old or new.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Another process has it; nothing was touched.
    #[error("open the outbox in {path}, which another process has: does the hall run already?")]
    Locked {
        /// Where.
        path: PathBuf,
    },
    /// The file system refuses.
    #[error("prepare outbox directory {path}")]
    Directory {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// sled refuses even a new directory.
    #[error("open a new outbox in {path}")]
    Sled {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: sled::Error,
    },
}

/// sled's database and a descriptor of its file to sync.
pub(crate) type Opened = (sled::Db, File);

/// Opens what is there, or moves it aside and begins anew.
pub(crate) fn open(path: &Path) -> Result<(Opened, Condition), OpenError> {
    let in_directory = |source| OpenError::Directory { path: path.to_owned(), source };
    let existed = path.is_dir() && fs::read_dir(path).map_err(in_directory)?.next().is_some();
    if in_use(path) {
        return Err(OpenError::Locked { path: path.to_owned() });
    }
    if existed {
        match open_existing(path) {
            Ok(opened) => return Ok((opened, Condition::Kept)),
            Err(error) => {
                tracing::warn!(%error, path = %path.display(), "outbox is unreadable");
                move_aside(path).map_err(in_directory)?;
            }
        }
    }
    let opened = begin(path)?;
    let condition = if existed { Condition::Rebuilt(Reason::Unreadable) } else { Condition::New };
    Ok((opened, condition))
}

/// Whether another process has it: sled keeps a lock on its file. Asked first, because whatever else
/// keeps sled from opening makes us move the directory aside. A sled that was dropped a moment ago
/// still has threads that end, so it is asked for [`LOCK_WAIT`].
fn in_use(path: &Path) -> bool {
    let until = Instant::now() + LOCK_WAIT;
    let locked = || {
        let db = File::open(path.join("db"));
        db.is_ok_and(|db| matches!(db.try_lock(), Err(TryLockError::WouldBlock)))
    };
    while locked() {
        if Instant::now() >= until {
            return true;
        }
        thread::park_timeout(LOCK_LOOK);
    }
    false
}

/// A new, empty outbox at `path`, durable as a directory entry.
pub(crate) fn begin(path: &Path) -> Result<Opened, OpenError> {
    let in_directory = |source| OpenError::Directory { path: path.to_owned(), source };
    fs::create_dir_all(path).map_err(in_directory)?;
    let opened =
        try_open(path).map_err(|source| OpenError::Sled { path: path.to_owned(), source })?;
    for directory in [Some(path), path.parent()].into_iter().flatten() {
        File::open(directory).and_then(|handle| handle.sync_all()).map_err(in_directory)?;
    }
    Ok(opened)
}

/// Renames the directory to a free `<name>.aside-N` and forgets the oldest of them.
pub(crate) fn move_aside(path: &Path) -> io::Result<()> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("outbox");
    let parent = path.parent().unwrap_or(Path::new("."));
    let prefix = format!("{name}.aside-");
    let mut aside: Vec<u64> = fs::read_dir(parent)?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_prefix(&prefix)?.parse().ok())
        .collect();
    aside.sort_unstable();
    let next = aside.last().map_or(1, |last| last + 1);
    fs::rename(path, parent.join(format!("{prefix}{next}")))?;
    let spare = (aside.len() + 1).saturating_sub(ASIDE_MAX);
    for old in aside.into_iter().take(spare) {
        fs::remove_dir_all(parent.join(format!("{prefix}{old}")))?;
    }
    Ok(())
}

fn open_existing(path: &Path) -> Result<Opened, sled::Error> {
    for entry in fs::read_dir(path)? {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "generating") {
            fs::remove_file(&file)?;
        }
    }
    // sled checks a page when it is read; a flipped byte has to show now, not at 2 a.m.
    let (db, file) = try_open(path)?;
    for name in db.tree_names() {
        for pair in &db.open_tree(name)? {
            pair?;
        }
    }
    Ok((db, file))
}

/// sled panics on some damaged files; that is a refusal like any other.
fn try_open(path: &Path) -> Result<Opened, sled::Error> {
    let opened = std::panic::catch_unwind(|| {
        sled::Config::new().path(path).cache_capacity(CACHE_BYTES).flush_every_ms(None).open()
    });
    let db = opened.unwrap_or_else(|_| {
        Err(sled::Error::Unsupported("sled panicked while opening".to_owned()))
    })?;
    Ok((db, File::open(path.join("db"))?))
}
