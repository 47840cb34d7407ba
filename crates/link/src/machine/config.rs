//! What a machine may be told about itself, and every limit it keeps. Nothing here changes a
//! promise: times and sizes only.

use std::collections::BTreeMap;
use std::time::Duration;

use policy::Carry;
use record::{HallId, Hash};

/// Protocol version spoken.
pub const VERSION: u32 = 1;
/// Most links, configured and inbound together; a further caller is sent away.
pub const LINKS_MAX: usize = 1_024;
/// Connections of one peer that may be greeting at a time; the oldest gives way.
pub const OPENING_MAX: usize = 4;
/// Most ledgers whose size is known of one peer; further ones of its greeting are passed over.
pub const ROADS_MAX: usize = 65_536;
/// Most ledgers that wait here with a reason of their own.
pub const HELD_MAX: usize = 4_096;
/// Bytes asked of one load.
pub const LOAD_BYTES: u64 = 1 << 20;
/// Bytes by which a ledger's share grows at its turn in catching up.
pub const QUANTUM: u64 = 256 << 10;
/// Loads in flight or waiting for credit on one link, by class: acts, live tail, catch-up.
pub const LOADS_MAX: [usize; 3] = [6, 4, 2];
/// Wants of one peer that wait to be served; a further one is answered with nothing sent.
pub const WANTS_SERVED_MAX: usize = 64;
/// Wants of ours that are open at one peer.
pub const WANTS_OPEN_MAX: usize = 32;
/// Searches for lacking parts at a time.
pub const FINDS_MAX: usize = 4;
/// Ranges kept of one ledger on one link as parts to push; beyond it the receiver's wants do the work.
pub const PUSH_RANGES_MAX: usize = 1_024;
/// Most receipts kept in passing, newest per holder and ledger.
pub const RECEIPTS_MAX: usize = 16_384;
/// Most receipts kept that did not verify, until the acts move.
pub const RECEIPTS_DOUBTFUL_MAX: usize = 1_024;
/// Receipts being verified at a time.
pub const CHECKS_MAX: usize = 16;
/// Questions after proofs that are being answered for one peer.
pub const PROVES_MAX: usize = 16;
/// How far a peer's clock may be away.
pub const CLOCK_APART_MAX: Duration = Duration::from_mins(2);
/// A peer further behind than this is catching up, in entries.
pub const LIVE_LAG: u64 = 8_192;

/// Times and sizes of one hall's links.
#[derive(Clone, Debug)]
pub struct Config {
    /// Largest record taken, in bytes.
    pub record_bytes: u64,
    /// Bytes of data a peer may have under way to us.
    pub credit_bytes: u64,
    /// Id of this hall's log.
    pub log_id: [u8; 16],
    /// What this hall wants to carry from peers without a line of their own.
    pub carry: Carry,
    /// What this hall wants to carry from single peers.
    pub carry_from: BTreeMap<HallId, Carry>,
    /// First wait after a lost link; it doubles from there.
    pub backoff_first: Duration,
    /// Longest wait after a lost link.
    pub backoff_max: Duration,
    /// Wait after a refusal.
    pub refused_retry: Duration,
    /// A greeting that takes longer is given up.
    pub greet_within: Duration,
    /// Time between receipts of one ledger when its origin is a direct neighbour.
    pub receipt_near: Duration,
    /// Time between receipts of one ledger otherwise.
    pub receipt_far: Duration,
    /// First wait before the neighbours are asked again for parts; it doubles from there.
    pub want_retry: Duration,
    /// Longest wait before the neighbours are asked again.
    pub want_retry_max: Duration,
    /// A want without progress for so long is asked elsewhere.
    pub want_timeout: Duration,
    /// Parts wanted for longer are an alarm.
    pub want_alarm: Duration,
    /// Time between searches of all ledgers for lacking parts.
    pub look_every: Duration,
    /// A ledger that waits for acts is tried again after so long, acts or not.
    pub held_retry: Duration,
    /// First pause of a ledger on a link that brought damage; it doubles up to `backoff_max` × 10.
    pub damage_pause: Duration,
    /// A proof that takes longer proves nothing.
    pub proof_timeout: Duration,
    /// A ledger without a seal beyond the peer's size is looked at again after so long.
    pub load_retry: Duration,
    /// A defect on purpose, for the simulator's check of itself.
    pub fault: Fault,
}

impl Config {
    /// The defaults for a hall with this log, carrying everything.
    pub fn new(log_id: [u8; 16]) -> Self {
        Self {
            record_bytes: 1 << 20,
            credit_bytes: 8 << 20,
            log_id,
            carry: Carry::Everything,
            carry_from: BTreeMap::new(),
            backoff_first: Duration::from_millis(250),
            backoff_max: Duration::from_secs(30),
            refused_retry: Duration::from_mins(5),
            greet_within: Duration::from_secs(30),
            receipt_near: Duration::from_secs(1),
            receipt_far: Duration::from_secs(10),
            want_retry: Duration::from_secs(5),
            want_retry_max: Duration::from_mins(5),
            want_timeout: Duration::from_mins(1),
            want_alarm: Duration::from_mins(10),
            look_every: Duration::from_mins(10),
            held_retry: Duration::from_secs(30),
            damage_pause: Duration::from_secs(5),
            proof_timeout: Duration::from_secs(30),
            load_retry: Duration::from_secs(1),
            fault: Fault::None,
        }
    }

    pub(crate) fn carry_from(&self, peer: &HallId) -> &Carry {
        self.carry_from.get(peer).unwrap_or(&self.carry)
    }
}

/// Defects that a simulator plants to see that it would notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// None.
    #[default]
    None,
    /// Never asks for parts.
    NoWant,
    /// Says `Durable` when a batch arrives.
    DurableBeforeFsync,
}

/// The root of a ledger without entries never travels; sizes of 0 are not said.
pub(crate) const NO_ROOT: Hash = [0; 32];
