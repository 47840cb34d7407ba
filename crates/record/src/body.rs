//! The body of a record, by kind: both parts together, as the domain sees them.

use crate::case::Case;
use crate::date::Date;
use crate::item::Item;
use crate::kind::Kind;
use crate::material::Material;
use crate::penalty::Penalty;
use crate::permit::Permit;
use crate::power_list::PowerList;
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
    Case(Case),
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
            Self::Material(_) | Self::Opaque { .. } => None,
        }
    }

    /// All violations of the body; `today` is the day in China.
    pub fn validate(&self, today: Date) -> Vec<Violation> {
        match self {
            Self::Permit(permit) => permit.validate(today),
            Self::Penalty(penalty) => penalty.validate(today),
            Self::Case(case) => case.validate(today),
            Self::Material(material) => material.validate(today),
            Self::Item(item) => item.validate(today),
            Self::PowerList(list) => list.validate(today),
            Self::Opaque { schema } => {
                let mut report = Report::new("opaque", today);
                report.text("open", "schema", schema, 200);
                report.into_violations()
            }
        }
    }
}
