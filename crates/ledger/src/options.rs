//! What a store is opened with: whose log it is, its limits, where its randomness comes from.
//!
//! All randomness of a log hangs on one seed, used once, when the log is made; so the simulator fixes
//! it and two runs write equal bytes. [`Fault`] exists for one purpose: the simulator proves with it
//! that it can fail.

use record::{HallId, Lane, LedgerName, TrustDomain};

/// Bytes of a segment unless one group needs more.
pub const SEGMENT_BYTES: u64 = 64 << 20;
/// Bytes of the newest groups that are served from memory.
pub const RECENT_BYTES: usize = 16 << 20;
/// Bytes of index a segment may need in memory before the next one is begun.
pub const SEGMENT_INDEX_BYTES: usize = 12 << 20;
/// Segments kept ready for acts, fills, receipts and links when the disk is full.
pub const RESERVE_SEGMENTS: usize = 2;

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// The trust domain of this hall.
    pub domain: TrustDomain,
    /// This hall.
    pub hall: HallId,
    /// Log id, nonces and the fingerprint key of a *new* log come from here; an existing log ignores
    /// it. Secret, random in production.
    pub seed: [u8; 32],
    /// [`SEGMENT_BYTES`].
    pub segment_bytes: u64,
    /// [`RECENT_BYTES`].
    pub recent_bytes: usize,
    /// [`SEGMENT_INDEX_BYTES`].
    pub segment_index_bytes: usize,
    /// [`RESERVE_SEGMENTS`].
    pub reserve_segments: usize,
    /// The highest group known to have been acknowledged, from a store beside the log. It may lag;
    /// damage at or below it is corruption and never cut.
    pub acknowledged: Option<u64>,
    /// The log that it was acknowledged in; a mark of another log says nothing. None means this one.
    pub acknowledged_in: Option<[u8; 16]>,
    /// Where sorting, merging and index files are made.
    pub background: Background,
    /// How much of the log is read at opening.
    pub check: Check,
    /// What the store does wrong on purpose.
    pub fault: Fault,
}

impl Options {
    /// The defaults for a hall.
    pub fn new(domain: TrustDomain, hall: HallId, seed: [u8; 32]) -> Self {
        Self {
            domain,
            hall,
            seed,
            segment_bytes: SEGMENT_BYTES,
            recent_bytes: RECENT_BYTES,
            segment_index_bytes: SEGMENT_INDEX_BYTES,
            reserve_segments: RESERVE_SEGMENTS,
            acknowledged: None,
            acknowledged_in: None,
            background: Background::Thread,
            check: Check::Newest,
            fault: Fault::None,
        }
    }

    /// The first generation of a lane of this hall.
    pub(crate) fn first_ledger(&self, lane: Lane) -> LedgerName {
        LedgerName::new(self.domain.clone(), self.hall.clone(), lane, record::Generation(1))
    }

    /// Whether this hall writes (or wrote) the ledger.
    pub(crate) fn is_own(&self, ledger: &LedgerName) -> bool {
        *ledger.hall() == self.hall && *ledger.domain() == self.domain
    }
}

/// Where work goes that no answer waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// At once, in the caller: for the simulator.
    Inline,
    /// On a thread of its own, `ledger-files`.
    Thread,
}

/// How much of the log is read at opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The newest segment, and the chain of all headers.
    Newest,
    /// Every byte of every segment.
    Everything,
}

/// Defects for the simulator's self-check: a simulator that stays green with one of them proves
/// nothing. Nothing refuses them, no configuration names them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// None: production.
    #[default]
    None,
    /// A commit answers without the fdatasync.
    AckBeforeFsync,
    /// Parts that come for a leaf already here are dropped: an overlapping batch or a fill never
    /// fills what we lack.
    StubWins,
}
