//! Acts (法令性操作): what a hall, or the root hall for the whole trust domain, decides.
//!
//! They stand in the `acts` lane and every hall of the trust domain reads all of them, so this is
//! the vocabulary in which rights, keys and membership are argued. An act that a later version
//! wrote is [`Act::Unknown`]: it is carried and sealed like any other and has no effect here.
//!
//! Deliberately absent: what the acts add up to. That is policy, and it is computed elsewhere.

use crate::date::Date;
use crate::entry::Hash;
use crate::label::{AudienceNumber, PartSet};
use crate::name::{HallId, LedgerName};
use crate::record_id::RecordId;
use crate::standing::Effect;

/// Most items of each list in one act; a longer list is refused at the door and at the receiver.
pub const ACT_LIST_MAX: usize = 4096;
/// Longest text in one act: a name, a title, a reason, an endpoint, a key.
pub const ACT_TEXT_MAX: usize = 2048;
/// The power to rule (裁定) about records of other halls.
pub const POWER_RULE: &str = "rule";
/// The power to hand over (移交) what one is the steward of.
pub const POWER_HAND_OVER: &str = "hand-over";

/// One act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A hall in the directory; counts in the root hall's acts only.
    Member(Member),
    /// From which size of each ledger a new log key seals.
    KeyChange(KeyChange),
    /// Who is meant by an audience number of this origin.
    Audience(Audience),
    /// Entry 0 of a generation.
    Continuation(Continuation),
    /// Two seals that cannot both be true.
    ForkProof(ForkProof),
    /// What another authority decides about a record.
    Ruling(Ruling),
    /// Another hall becomes the steward of records.
    Handover(Handover),
    /// An act of a later version: kept, without effect.
    Unknown,
}

impl Act {
    /// The act's name in messages and listings.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Member(_) => "member",
            Self::KeyChange(_) => "key-change",
            Self::Audience(_) => "audience",
            Self::Continuation(_) => "continuation",
            Self::ForkProof(_) => "fork-proof",
            Self::Ruling(_) => "ruling",
            Self::Handover(_) => "handover",
            Self::Unknown => "unknown",
        }
    }
}

/// A hall as the root hall's acts say it is (成员). A later one of the same hall replaces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its permanent name (厅标识).
    pub hall: HallId,
    /// Its state (状态).
    pub state: MemberState,
    /// Its name for people (名称).
    pub name: String,
    /// Division codes (行政区划代码); none for an office without one.
    pub divisions: Vec<String>,
    /// The hall above (上级厅); none for the root.
    pub parent: Option<HallId>,
    /// Link endpoints, `host:port`.
    pub endpoints: Vec<String>,
    /// Approved log keys as C2SP verifier keys, oldest first.
    pub log_keys: Vec<String>,
    /// Approved holder keys as C2SP verifier keys, oldest first.
    pub holder_keys: Vec<String>,
    /// Powers (权限), such as `rule` and `hand-over`; unknown ones are kept.
    pub powers: Vec<String>,
    /// Where its ledgers end or go on, when the root hall vouches for it.
    pub pins: Vec<Pin>,
}

/// Whether a member takes part (成员状态).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemberState {
    /// 在用.
    Active,
    /// 已关闭: no new entries, the old ones count.
    Closed,
    /// 已吊销: nothing beyond its pins counts.
    Revoked,
}

impl MemberState {
    /// The state as users read it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Closed => "closed",
            Self::Revoked => "revoked",
        }
    }
}

/// A size and root of a ledger that the root hall vouches for (定点).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The ledger.
    pub ledger: LedgerName,
    /// Its size in entries.
    pub size: u64,
    /// Its RFC 6962 root at that size.
    pub root: Hash,
}

/// Where a new log key begins (换钥). Sealed by the old key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyChange {
    /// The new log key as a C2SP verifier key; a Member must have approved it.
    pub new_key: String,
    /// Per ledger, the first size that only the new key may seal.
    pub from: Vec<(LedgerName, u64)>,
}

/// Who is meant by a number (受众). A later one of the same number replaces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    /// The number, 1 and above.
    pub number: AudienceNumber,
    /// Its title, for people.
    pub title: String,
    /// Who may have which parts; the union counts.
    pub terms: Vec<Term>,
}

/// Some halls and what they may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Which halls.
    pub who: Who,
    /// Which parts of an entry.
    pub parts: PartSet,
}

/// Which halls a term means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// One hall.
    Hall(HallId),
    /// A hall and all below it (及其下级).
    Subtree(HallId),
    /// The halls above the origin (上级路径).
    PathUp,
    /// Every hall of the trust domain.
    Everyone,
}

/// A new generation goes on where an earlier one ended (续接).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Continuation {
    /// The ledger that ended.
    pub previous_ledger: LedgerName,
    /// Its size.
    pub previous_size: u64,
    /// Its root at that size.
    pub previous_root: Hash,
    /// Why, for people.
    pub reason: String,
}

/// Two seals of one ledger that cannot both be true (分叉证明). It verifies by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForkProof {
    /// The forked ledger.
    pub ledger: LedgerName,
    /// The seal at the smaller (or equal) size, a C2SP signed note.
    pub seal: String,
    /// The seal at the larger (or equal) size.
    pub other_seal: String,
    /// The root at the smaller size that the other seal's tree has.
    pub other_root: Hash,
    /// RFC 6962 consistency proof from there to the other seal; empty at equal sizes.
    pub consistency: Vec<Hash>,
}

/// What another authority decides about a record (裁定). A later one of the same hall under the same
/// number replaces it; that is the only way it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// Its number (裁定编号).
    pub id: RecordId,
    /// The record it is about.
    pub record: RecordId,
    /// The hall that accepted the record's original: an id alone binds nobody.
    pub origin: HallId,
    /// What it does to the record.
    pub effect: Effect,
    /// The authority that rules, its unified social credit code; may be empty.
    pub authority_code: String,
    /// The authority that rules, its name.
    pub authority_name: String,
    /// Legal basis (法律依据).
    pub basis: String,
    /// Why, for people.
    pub reason: String,
    /// Document number of the ruling (裁定文书号).
    pub document_number: String,
    /// From which day it holds.
    pub from: Date,
    /// It has ended.
    pub ended: bool,
}

/// Another hall becomes the steward of records (移交). Written by their steward, or by the root for
/// a closed hall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// The steward so far.
    pub from_hall: HallId,
    /// The new steward.
    pub to_hall: HallId,
    /// Which records; none means all of the steward's.
    pub records: Vec<RecordId>,
    /// Per records ledger of the old steward, the first entry that no longer revises them.
    pub from: Vec<(LedgerName, u64)>,
    /// Why, for people.
    pub reason: String,
}

impl Handover {
    /// Whether this record is among what is handed over.
    pub fn covers(&self, record: RecordId) -> bool {
        self.records.is_empty() || self.records.contains(&record)
    }

    /// Whether the old steward's entry at this place comes too late to revise what was handed over.
    pub fn is_past(&self, ledger: &LedgerName, index: u64) -> bool {
        let from = self.from.iter().find(|(named, _)| named == ledger);
        from.is_none_or(|(_, entry)| index >= *entry)
    }
}
