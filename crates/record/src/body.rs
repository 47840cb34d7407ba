//! The body of a record, by kind: both parts together, as the domain sees them.

use crate::case::Case;
use crate::date::Date;
use crate::edition::Edition;
use crate::field::{
    CASE_BODY, Field, ITEM_BODY, MATERIAL_BODY, PENALTY_BODY, PERMIT_BODY, POWER_LIST_BODY, Slot,
};
use crate::head::RevisionKind;
use crate::item::Item;
use crate::kind::Kind;
use crate::material::Material;
use crate::party::Party;
use crate::penalty::Penalty;
use crate::permit::Permit;
use crate::power_list::PowerList;
use crate::profile::Profile;
use crate::rules::Report;
use crate::violation::Violation;

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// 行政许可.
    Permit(Permit),
    /// 行政处罚.
    Penalty(Penalty),
    /// 办件.
    Case(Box<Case>),
    /// 共享材料.
    Material(Material),
    /// 事项.
    Item(Item),
    /// 权力清单.
    PowerList(PowerList),
    /// A registered kind's body, carried intact; only its schema's name is read.
    Opaque {
        /// Name of the schema.
        schema: String,
    },
}

impl Body {
    /// Whether a record of `kind` may have this body.
    pub fn is_of(&self, kind: &Kind) -> bool {
        match self {
            Self::Permit(_) => *kind == Kind::Permit,
            Self::Penalty(_) => *kind == Kind::Penalty,
            Self::Case(_) => *kind == Kind::Case,
            Self::Material(_) => *kind == Kind::Material,
            Self::Item(_) => *kind == Kind::Item,
            Self::PowerList(_) => *kind == Kind::PowerList,
            Self::Opaque { .. } => matches!(kind, Kind::Registered(_)),
        }
    }

    /// Document number and party as the natural key must have them; none where the body has none.
    /// An item's editions are told apart by the day from which they are valid, in the party's place.
    pub fn key(&self) -> Option<(&str, &str)> {
        match self {
            Self::Permit(permit) => Some((&permit.document_number, permit.party.key())),
            Self::Penalty(penalty) => Some((&penalty.document_number, penalty.party.key())),
            Self::Case(case) => Some((&case.case_number, "")),
            Self::Item(item) => Some((&item.implementation_code, &item.valid_from)),
            Self::PowerList(list) => Some((&list.edition_date, "")),
            Self::Material(material) => {
                let number = &*material.material_number;
                (!number.is_empty()).then_some((number, ""))
            }
            Self::Opaque { .. } => None,
        }
    }

    /// The party of a permit or penalty.
    pub fn party(&self) -> Option<&Party> {
        match self {
            Self::Permit(permit) => Some(&permit.party),
            Self::Penalty(penalty) => Some(&penalty.party),
            Self::Case(_)
            | Self::Material(_)
            | Self::Item(_)
            | Self::PowerList(_)
            | Self::Opaque { .. } => None,
        }
    }

    /// The edition of the 双公示 standard that a permit or penalty follows.
    pub fn edition(&self) -> Option<Edition> {
        match self {
            Self::Permit(permit) => Some(Edition::of(&permit.edition)),
            Self::Penalty(penalty) => Some(Edition::of(&penalty.edition)),
            Self::Case(_)
            | Self::Material(_)
            | Self::Item(_)
            | Self::PowerList(_)
            | Self::Opaque { .. } => None,
        }
    }

    /// A body of the kind that says nothing.
    pub(crate) fn empty(kind: &Kind) -> Self {
        match kind {
            Kind::Permit => Self::Permit(Permit::default()),
            Kind::Penalty => Self::Penalty(Penalty::default()),
            Kind::Case => Self::Case(Box::default()),
            Kind::Material => Self::Material(Material::default()),
            Kind::Item => Self::Item(Item::default()),
            Kind::PowerList => Self::PowerList(PowerList::default()),
            Kind::Act | Kind::Registered(_) => Self::Opaque { schema: String::new() },
        }
    }

    /// Puts a text into a field by name; false when there is no such field or it says no.
    pub(crate) fn put(&mut self, name: &str, text: &str) -> bool {
        match self {
            Self::Permit(permit) => permit.put(name, text),
            Self::Penalty(penalty) => penalty.put(name, text),
            Self::Case(case) => case.put(name, text),
            Self::Material(material) => material.put(name, text),
            Self::Item(item) => item.put(name, text),
            Self::PowerList(list) => list.put(name, text),
            Self::Opaque { .. } => false,
        }
    }

    /// What each field of the kind's table holds.
    pub(crate) fn fields(&self) -> Vec<(&'static Field, Slot<'_>)> {
        match self {
            Self::Permit(permit) => PERMIT_BODY.iter().zip(permit.slots()).collect(),
            Self::Penalty(penalty) => PENALTY_BODY.iter().zip(penalty.slots()).collect(),
            Self::Case(case) => CASE_BODY.iter().zip(case.slots()).collect(),
            Self::Material(material) => MATERIAL_BODY.iter().zip(material.slots()).collect(),
            Self::Item(item) => ITEM_BODY.iter().zip(item.slots()).collect(),
            Self::PowerList(list) => POWER_LIST_BODY.iter().zip(list.slots()).collect(),
            Self::Opaque { .. } => Vec::new(),
        }
    }

    /// Why `next` may not follow this revision of the same record; nothing when it may. A case goes on
    /// by the table of its states; a material's trust rises by a check. A body of another kind is
    /// told elsewhere.
    pub fn next(&self, next: &Self, how: RevisionKind, today: Date) -> Vec<Violation> {
        match (self, next) {
            (Self::Case(case), Self::Case(next)) if how == RevisionKind::Progress => {
                crate::case::step(case, next, today)
            }
            (Self::Material(material), Self::Material(next)) => {
                crate::material::rise(material, next, today)
            }
            (
                Self::Permit(_)
                | Self::Penalty(_)
                | Self::Case(_)
                | Self::Material(_)
                | Self::Item(_)
                | Self::PowerList(_)
                | Self::Opaque { .. },
                _,
            ) => Vec::new(),
        }
    }

    /// All violations of the body; `today` is the day in China, `profile` says how much each weighs.
    pub fn validate(&self, today: Date, profile: Profile) -> Vec<Violation> {
        match self {
            Self::Permit(permit) => permit.validate(today, profile),
            Self::Penalty(penalty) => penalty.validate(today, profile),
            Self::Case(case) => case.validate(today, profile),
            Self::Material(material) => material.validate(today, profile),
            Self::Item(item) => item.validate(today, profile),
            Self::PowerList(list) => list.validate(today, profile),
            Self::Opaque { schema } => {
                let mut report = Report::new("opaque", today, profile);
                report.text("open", "schema", schema, 200);
                report.into_violations()
            }
        }
    }
}
