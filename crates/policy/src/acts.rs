//! Everything the acts say as of now.
//!
//! Not a state that each act changes but a growing map, (ledger, index) → act, and pure functions of
//! that map. So the order in which ledgers arrive cannot matter, an act that arrives late takes its
//! place, a second apply changes nothing, and a pin that voids the end of a ledger voids it whenever
//! it is learnt. What is costly to read (directory, keys) is read once per change, when first asked.
//!
//! A clone is a snapshot: six reference counts. Applying to a shared one copies the sheet of the
//! ledger concerned and nothing else.
//!
//! Deliberately absent: verification. Entries come from ledgers whose seals hold; only fork proofs,
//! which prove themselves, are judged here, by the [`ForkVerifier`] that the hall brings along.

mod reading;
mod sheet;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

use record::{
    Act, Audience, AudienceNumber, Continuation, Generation, HallId, Lane, LedgerName, Pin,
    RecordId, Ruling,
};
use thiserror::Error;

pub(crate) use reading::Reading;
pub use sheet::{ACTS_PER_LEDGER_MAX, Applied};
pub(crate) use sheet::{Sheet, following, log_key};

use crate::directory::Directory;
use crate::forks::{ForkVerifier, Forks};
use crate::keys::KeyVerdict;
use crate::rulings::Rulings;
use crate::stewards::Stewards;
use crate::vkey::{LOG_ALGORITHM, Vkey, VkeyError};

/// The acts of a trust domain as far as they are known here.
#[derive(Clone)]
pub struct Acts {
    anchor: Arc<Anchor>,
    sheets: Arc<BTreeMap<LedgerName, Arc<Sheet>>>,
    reading: Arc<OnceLock<Reading>>,
    forks: Arc<OnceLock<Forks>>,
    rulings: Arc<OnceLock<Rulings>>,
    stewards: Arc<OnceLock<Stewards>>,
}

/// Where trust begins: the root hall's acts ledger and the key of its first seals.
pub(crate) struct Anchor {
    pub(crate) root: LedgerName,
    pub(crate) key: [u8; 32],
    pub(crate) verifier: ForkVerifier,
}

impl Acts {
    /// No acts yet. `root` is the root hall's acts ledger that operators configured and `root_key`
    /// the key of its first seals as a verifier key, named after the hall or the ledger. A later
    /// generation may be configured when an operator has to end a dispute about the root itself.
    pub fn new(
        root: LedgerName,
        root_key: &str,
        verifier: ForkVerifier,
    ) -> Result<Self, AnchorError> {
        if root.lane() != Lane::Acts {
            return Err(AnchorError::Lane { ledger: root });
        }
        let key: Vkey = root_key.parse().map_err(|source| AnchorError::Key { source })?;
        let hall = format!("{}/hallway/{}", root.domain(), root.hall());
        if key.algorithm != LOG_ALGORITHM || (key.name != hall && key.name != root.to_string()) {
            return Err(AnchorError::KeyOfAnother { ledger: root, name: key.name });
        }
        Ok(Self {
            anchor: Arc::new(Anchor { root, key: key.public, verifier }),
            sheets: Arc::default(),
            reading: Arc::default(),
            forks: Arc::default(),
            rulings: Arc::default(),
            stewards: Arc::default(),
        })
    }

    /// Takes the act at `index` of `ledger`, an entry that is durable here: every entry of an acts
    /// ledger, and entry 0 of a later generation in any lane, its `Continuation`. Acts of one ledger may
    /// come in any order, and those of several ledgers interleaved; every index counts once.
    pub fn apply(&mut self, ledger: &LedgerName, index: u64, act: &Act) -> Applied {
        let sheets = Arc::make_mut(&mut self.sheets);
        let sheet = Arc::make_mut(sheets.entry(ledger.clone()).or_default());
        let applied = sheet.apply(&self.anchor, ledger, index, act);
        if applied == Applied::Counted {
            match act {
                Act::Member(_) | Act::KeyChange(_) | Act::Continuation(_) => {
                    self.reading = Arc::default();
                    self.forks = Arc::default();
                    self.rulings = Arc::default();
                    self.stewards = Arc::default();
                }
                Act::ForkProof(_) => self.forks = Arc::default(),
                Act::Ruling(_) => self.rulings = Arc::default(),
                Act::Handover(_) => self.stewards = Arc::default(),
                // Audiences are looked up where they stand.
                Act::Audience(_) | Act::Unknown => {}
            }
        }
        applied
    }

    /// The root hall.
    pub fn root_hall(&self) -> &HallId {
        self.anchor.root.hall()
    }

    /// The root hall's acts ledger as configured.
    pub fn root_ledger(&self) -> &LedgerName {
        &self.anchor.root
    }

    /// The halls, as of now.
    pub fn directory(&self) -> &Directory {
        &self.reading().directory
    }

    /// The key that a seal of this size must be signed with.
    pub fn key_for(&self, ledger: &LedgerName, size: u64) -> KeyVerdict {
        self.reading().keys.key_for(&self.anchor, ledger, size, self.pin(ledger))
    }

    /// As [`key_for`](Self::key_for), but blind to pins and to keys struck off.
    pub(crate) fn key_ever(&self, ledger: &LedgerName, size: u64) -> KeyVerdict {
        self.reading().keys.key_ever(&self.anchor, ledger, size)
    }

    /// The approved holder keys of a hall, oldest first; none of an unknown one.
    pub fn holder_keys(&self, hall: &HallId) -> &[[u8; 32]] {
        self.reading().keys.holder_keys(hall)
    }

    /// Where the root hall ended this ledger, if it did: beyond it nothing counts.
    pub fn pin(&self, ledger: &LedgerName) -> Option<&Pin> {
        self.reading().pins.get(ledger)
    }

    /// The latest revision of an audience of `origin` that counts.
    pub fn audience(&self, origin: &HallId, number: AudienceNumber) -> Option<&Audience> {
        let mut found = None;
        for (ledger, sheet) in self.acts_of(origin) {
            let end = self.end(ledger);
            let newest = sheet.audiences.get(&number).and_then(|all| all.range(..end).next_back());
            found = newest.map(|(_, audience)| &**audience).or(found);
        }
        found
    }

    /// The `Continuation` that opens `ledger`, when it is known.
    pub fn continuation(&self, ledger: &LedgerName) -> Option<&Continuation> {
        self.sheets.get(ledger)?.continuation.as_deref()
    }

    /// How many acts have no effect, by reason. Reads every act: for status pages, not for loops.
    pub fn ignored(&self) -> BTreeMap<Ignored, u64> {
        let mut count = BTreeMap::new();
        for (ledger, sheet) in self.sheets.iter() {
            let (end, continued) = (self.end(ledger), continued(&self.anchor, ledger, sheet));
            for (index, ignored) in &sheet.seen {
                let reason = match ignored {
                    Some(reason) => Some(*reason),
                    None if *index >= end => Some(Ignored::Pinned),
                    None if !continued => Some(Ignored::NotContinued),
                    None => None,
                };
                if let Some(reason) = reason {
                    *count.entry(reason).or_default() += 1;
                }
            }
        }
        let powerless = Rulings::powerless(self);
        if powerless > 0 {
            count.insert(Ignored::PowerMissing, powerless);
        }
        let unproven = self.forks().unproven;
        if unproven > 0 {
            count.insert(Ignored::ForkUnproven, unproven);
        }
        count
    }

    /// Whether the act at this place has been applied.
    pub fn has_read(&self, ledger: &LedgerName, index: u64) -> bool {
        self.sheets.get(ledger).is_some_and(|sheet| sheet.seen.contains_key(&index))
    }

    /// Whether the newest Member of a hall lists this power.
    pub fn has_power(&self, hall: &HallId, power: &str) -> bool {
        let member = self.directory().member(hall);
        member.is_some_and(|member| member.powers.iter().any(|listed| listed == power))
    }

    /// The rulings (裁定) that stand about a record of this origin, with the halls that made them.
    pub fn rulings(
        &self,
        record: RecordId,
        origin: &HallId,
    ) -> impl Iterator<Item = (&HallId, &Ruling)> {
        self.rulings.get_or_init(|| Rulings::read(self)).about(record, origin)
    }

    /// The latest revision of a hall's ruling, ended or not.
    pub fn ruling(&self, hall: &HallId, id: RecordId) -> Option<&Ruling> {
        self.rulings.get_or_init(|| Rulings::read(self)).latest(hall, id)
    }

    /// Who was, and is, the steward of what (移交).
    pub fn stewards(&self) -> &Stewards {
        self.stewards.get_or_init(|| Stewards::read(self))
    }

    pub(crate) fn anchor(&self) -> &Anchor {
        &self.anchor
    }

    pub(crate) fn sheets(&self) -> &BTreeMap<LedgerName, Arc<Sheet>> {
        &self.sheets
    }

    pub(crate) fn forks(&self) -> &Forks {
        self.forks.get_or_init(|| Forks::read(self))
    }

    fn reading(&self) -> &Reading {
        self.reading.get_or_init(|| Reading::of(&self.anchor, &self.sheets))
    }

    /// Acts ledgers that count, with where each ends, by hall and generation.
    pub(crate) fn counting(&self) -> impl Iterator<Item = (&LedgerName, &Sheet, u64)> {
        let acts = self.sheets.iter().filter(|(ledger, _)| ledger.lane() == Lane::Acts);
        let counts = acts.filter(|(ledger, sheet)| continued(&self.anchor, ledger, sheet));
        counts.map(|(ledger, sheet)| (ledger, &**sheet, self.end(ledger)))
    }

    fn acts_of(&self, hall: &HallId) -> impl Iterator<Item = (&LedgerName, &Sheet)> {
        acts_of(&self.anchor, &self.sheets, hall)
    }

    fn end(&self, ledger: &LedgerName) -> u64 {
        self.pin(ledger).map_or(u64::MAX, |pin| pin.size)
    }
}

impl PartialEq for Acts {
    fn eq(&self, other: &Self) -> bool {
        self.anchor.root == other.anchor.root
            && self.anchor.key == other.anchor.key
            && self.sheets == other.sheets
    }
}

impl Eq for Acts {}

impl fmt::Debug for Acts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries: usize = self.sheets.values().map(|sheet| sheet.seen.len()).sum();
        let root = &self.anchor.root;
        f.debug_struct("Acts")
            .field("root", root)
            .field("entries", &entries)
            .finish_non_exhaustive()
    }
}

/// Why an act has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ignored {
    /// Written in another trust domain.
    ForeignDomain,
    /// In a lane that holds no such act.
    WrongLane,
    /// A `Member` that the root hall did not write.
    MemberOutsideRoot,
    /// A `KeyChange` whose new key is unreadable or named after another hall.
    KeyOfAnother,
    /// An `Audience` for number 0, which stands for the class's default.
    AudienceZero,
    /// A `Continuation` that is not entry 0 or does not name the generation before its own.
    MisplacedContinuation,
    /// In a later generation whose `Continuation` is not known.
    NotContinued,
    /// A `Ruling` of a hall whose Member does not list the power.
    PowerMissing,
    /// Beyond the size at which the root hall pinned the ledger.
    Pinned,
    /// A `ForkProof` that proves nothing, or cannot be checked with the keys known.
    ForkUnproven,
    /// Beyond [`ACTS_PER_LEDGER_MAX`]; told by [`Acts::apply`] and not kept.
    BeyondLimit,
    /// An act of a later version.
    Unknown,
}

impl Ignored {
    /// The reason as a stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ForeignDomain => "foreign-domain",
            Self::WrongLane => "wrong-lane",
            Self::MemberOutsideRoot => "member-outside-root",
            Self::KeyOfAnother => "key-of-another",
            Self::AudienceZero => "audience-zero",
            Self::MisplacedContinuation => "misplaced-continuation",
            Self::NotContinued => "not-continued",
            Self::PowerMissing => "power-missing",
            Self::Pinned => "pinned",
            Self::ForkUnproven => "fork-unproven",
            Self::BeyondLimit => "beyond-limit",
            Self::Unknown => "unknown",
        }
    }
}

/// Why trust cannot begin there.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AnchorError {
    /// The root ledger is no acts ledger.
    #[error("root ledger {ledger} is not in the acts lane")]
    Lane {
        /// The ledger.
        ledger: LedgerName,
    },
    /// The root key is no verifier key.
    #[error("read the root key")]
    Key {
        /// What is wrong with it.
        #[source]
        source: VkeyError,
    },
    /// The root key is named after something else, or is no log key.
    #[error("root key {name:?} is not a log key of {ledger}")]
    KeyOfAnother {
        /// The root ledger.
        ledger: LedgerName,
        /// The name in the key.
        name: String,
    },
}

/// The acts ledgers of a hall that count, oldest generation first.
fn acts_of<'a>(
    anchor: &'a Anchor,
    sheets: &'a BTreeMap<LedgerName, Arc<Sheet>>,
    hall: &HallId,
) -> impl Iterator<Item = (&'a LedgerName, &'a Sheet)> {
    let at = |generation| {
        LedgerName::new(anchor.root.domain().clone(), hall.clone(), Lane::Acts, generation)
    };
    let bounds = (Bound::Included(at(Generation(0))), Bound::Included(at(Generation(u32::MAX))));
    let all = sheets.range::<LedgerName, _>(bounds).map(|(ledger, sheet)| (ledger, &**sheet));
    all.filter(|(ledger, sheet)| continued(anchor, ledger, sheet))
}

/// Whether the acts of a ledger count: a first life, a continued one, or the one configured.
fn continued(anchor: &Anchor, ledger: &LedgerName, sheet: &Sheet) -> bool {
    ledger.generation().0 <= 1 || sheet.continuation.is_some() || *ledger == anchor.root
}
