//! A record's head (首部) as the domain sees it: what every hall that may know of the record needs
//! to know of it.
//!
//! The head's bytes are the submitter's, with the accepting hall's [`Stamp`] appended; this view is
//! read from them and never written back over them. Acts carry no natural key, authority or
//! division; everything a service-hall system submits carries all three.

use crate::date::Date;
use crate::entry::Hash;
use crate::kind::Kind;
use crate::record_id::RecordId;
use crate::time::Timestamp;

/// What a head says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Message id (报文编号), unique per submitter.
    pub message_id: String,
    /// Kind (类别).
    pub kind: Kind,
    /// What the record revises; none for an original.
    pub revises: Option<Revises>,
    /// Natural key (业务主键).
    pub natural_key: Option<NaturalKey>,
    /// Authority (机关) in whose name the record stands.
    pub authority: Option<Authority>,
    /// Division (行政区划) the record belongs to.
    pub division: Option<Division>,
    /// When the fact happened in the submitter's system; none in an act.
    pub happened_at: Option<Timestamp>,
    /// The accepting hall's stamp; none on the way in.
    pub stamp: Option<Stamp>,
}

/// Which revision is replaced, and how (修订).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revises {
    /// The record that is revised.
    pub record: RecordId,
    /// The revision that is replaced; a stale one is refused.
    pub revision: u32,
    /// In which way.
    pub kind: RevisionKind,
    /// Why (修订理由), for people.
    pub reason: String,
    /// The record that takes its place, for a replacement.
    pub successor: Option<RecordId>,
    /// Document number (后续文书号) of the record that takes its place, where only that is known.
    pub successor_number: String,
}

/// Ways of revising (修订方式).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RevisionKind {
    /// 更正: the fact was recorded wrongly.
    Correction,
    /// 撤销: the record no longer stands.
    Withdrawal,
    /// 替换: another record takes its place.
    Replacement,
    /// 信用修复: the record stands, its publication ends.
    CreditRepair,
    /// 办理进展: a case went on; what stood before was right in its time.
    Progress,
    /// 公示到期: the record stands, the time of its publication is over.
    Expiry,
}

impl RevisionKind {
    /// All ways.
    pub const ALL: [Self; 6] = [
        Self::Correction,
        Self::Withdrawal,
        Self::Replacement,
        Self::CreditRepair,
        Self::Progress,
        Self::Expiry,
    ];

    /// Whether such a revision says the whole fact anew, and not only what became of it.
    pub fn says_all(self) -> bool {
        match self {
            Self::Correction | Self::Progress => true,
            Self::Withdrawal | Self::Replacement | Self::CreditRepair | Self::Expiry => false,
        }
    }

    /// The way that users call so.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The way as users read it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Correction => "correction",
            Self::Withdrawal => "withdrawal",
            Self::Replacement => "replacement",
            Self::CreditRepair => "credit-repair",
            Self::Progress => "progress",
            Self::Expiry => "expiry",
        }
    }
}

/// Document number and party (业务主键); with authority and kind they repeat in real data, so an
/// ordinal tells originals apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NaturalKey {
    /// Document number (文书号).
    pub document_number: String,
    /// Party (行政相对人) as a public code; empty for natural persons.
    pub party: String,
    /// Ordinal (序号), 0 for the first.
    pub ordinal: u32,
}

/// In whose name a record stands (机关).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Unified social credit code (统一社会信用代码).
    pub code: String,
    /// Name (机关名称).
    pub name: String,
}

/// Where a record belongs (行政区划), by the code of its date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// The code.
    pub code: String,
    /// Whose code it is.
    pub system: CodeSystem,
    /// The date at which the code held.
    pub on: Date,
}

/// Whose division codes they are: the two public lists give one code to different townships.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeSystem {
    /// 民政部, GB/T 2260.
    Mca,
    /// 国家统计局.
    Nbs,
    /// An office without a code, by its hall id: 长白山管委会.
    Office,
}

impl CodeSystem {
    /// The system that a code without one is read in: digits are the ministry's, a name an office's.
    pub fn of_code(code: &str) -> Self {
        let digits = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
        if digits { Self::Mca } else { Self::Office }
    }

    /// All systems.
    pub const ALL: [Self; 3] = [Self::Mca, Self::Nbs, Self::Office];

    /// The system as it stands in a head.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mca => "mca",
            Self::Nbs => "nbs",
            Self::Office => "office",
        }
    }
}

/// What the accepting hall adds to a head (受理戳记).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The record's id.
    pub record: RecordId,
    /// Submitter (提交者): the SPIFFE path of the system.
    pub submitter: String,
    /// Revision (修订号), 1 for an original.
    pub revision: u32,
    /// When the hall accepted it.
    pub accepted_at: Timestamp,
    /// Commitment of the revision before; none for an original.
    pub previous_commitment: Option<Hash>,
}
