//! How a record stands (有效状态): its steward's revisions and the standing rulings of others, taken
//! together.
//!
//! Revisions reach a hall in order, rulings by another road and at any time, parts of a revision
//! perhaps last of all. So nothing here depends on order: what a revision or a ruling *ends* is
//! remembered, and the effective state is the union of that. A withdrawal, a replacement, the end of
//! a publication last; no later correction undoes them, and no entry that arrives late either. What
//! was withdrawn by mistake is entered as a new original.
//!
//! Deliberately absent: whose revision or ruling counts. That is the door's and `policy`'s to say.

use std::collections::BTreeSet;

use crate::head::{Revises, RevisionKind};
use crate::record_id::RecordId;

/// What a ruling does to a record while it stands (裁定效力).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// 撤销, by a superior or a court.
    Withdrawn,
    /// 中止执行.
    Suspended,
    /// 停止公示; credit repair (信用修复).
    Unpublished,
}

impl Effect {
    /// All effects.
    pub const ALL: [Self; 3] = [Self::Withdrawn, Self::Suspended, Self::Unpublished];

    /// The effect as users read it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Suspended => "suspended",
            Self::Unpublished => "unpublished",
        }
    }
}

/// What a record's revisions and rulings add up to, as they become known. The default is a record of
/// which nothing but its original is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    withdrawn: bool,
    /// The newest replacement: its revision, and what it names.
    replaced: Option<(u32, Successor)>,
    publication_ended: bool,
    rulings: BTreeSet<(RecordId, Effect)>,
}

impl Standing {
    /// Takes a revision of the record's steward; any order, as often as you like.
    pub fn revise(&mut self, kind: RevisionKind, revision: u32, successor: Successor) {
        match kind {
            RevisionKind::Withdrawal => self.withdrawn = true,
            RevisionKind::Replacement => {
                self.replaced = self.replaced.take().max(Some((revision, successor)));
            }
            RevisionKind::CreditRepair | RevisionKind::Expiry => self.publication_ended = true,
            RevisionKind::Correction | RevisionKind::Progress => {}
        }
    }

    /// Takes a ruling that stands.
    pub fn rule(&mut self, ruling: RecordId, effect: Effect) {
        self.rulings.insert((ruling, effect));
    }

    /// Takes what another place knows of the same record.
    pub fn join(&mut self, other: &Self) {
        self.withdrawn |= other.withdrawn;
        self.replaced = self.replaced.take().max(other.replaced.clone());
        self.publication_ended |= other.publication_ended;
        self.rulings.extend(&other.rulings);
    }

    /// Whether a revision of this kind leaves a trace in a standing; of a record without any,
    /// nothing need be kept.
    pub fn is_marked_by(kind: RevisionKind) -> bool {
        let mut standing = Self::default();
        standing.revise(kind, 0, Successor::default());
        standing != Self::default()
    }

    /// The sum of it.
    pub fn effective(&self) -> Effective {
        let ruled = |effect| self.rulings.iter().any(|(_, ruled)| *ruled == effect);
        let state = if self.withdrawn || ruled(Effect::Withdrawn) {
            State::Withdrawn
        } else {
            let successor = self.replaced.as_ref().map(|(_, successor)| successor.clone());
            successor.map_or(State::InForce, |successor| State::Replaced { successor })
        };
        let rulings: BTreeSet<RecordId> = self.rulings.iter().map(|(ruling, _)| *ruling).collect();
        Effective {
            state,
            suspended: ruled(Effect::Suspended),
            published: !self.publication_ended && !ruled(Effect::Unpublished),
            rulings: rulings.into_iter().collect(),
        }
    }
}

/// How a record stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// Whether it stands.
    pub state: State,
    /// It is not carried out for now (中止执行).
    pub suspended: bool,
    /// Its publication has not ended (公示); what may be published at all is its label's to say.
    pub published: bool,
    /// The standing rulings about it, by number.
    pub rulings: Vec<RecordId>,
}

impl Effective {
    /// Whether the public may be shown what the record says.
    pub fn is_public(&self) -> bool {
        self.published && self.state != State::Withdrawn
    }
}

/// Whether a record stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// 有效.
    InForce,
    /// 已撤销.
    Withdrawn,
    /// 已被替换.
    Replaced {
        /// What takes its place, as far as the replacement names it.
        successor: Successor,
    },
}

/// What takes a replaced record's place (接替): a record, or the document of one whose number here nobody
/// knows. A replacement names one of them at least.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Successor {
    /// The record.
    pub record: Option<RecordId>,
    /// The document number (后续文书号), on one line; empty when not said.
    pub number: String,
}

impl Successor {
    /// The successor that a revision names; a line break in the number counts as a space.
    pub fn of(revises: &Revises) -> Self {
        let number = revises.successor_number.replace(char::is_control, " ");
        Self { record: revises.successor, number: number.trim().to_owned() }
    }

    /// Whether it names nothing.
    pub fn is_unnamed(&self) -> bool {
        *self == Self::default()
    }
}

impl State {
    /// The state as users read it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::InForce => "in-force",
            Self::Withdrawn => "withdrawn",
            Self::Replaced { .. } => "replaced",
        }
    }
}

#[cfg(test)]
mod tests;
