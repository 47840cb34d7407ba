//! What becomes of an item of the feed: a row, or a reason why not.
//!
//! Withdrawn and replaced records do not stand and are in no export. A public export holds what its
//! steward shares openly (主动公开) and whose publication has not ended; everything else is withheld
//! from it, whatever the caller may see.

use record::{AudienceNumber, FieldPart, Form, Kind, Label, Masking, PartyCategory, SharingClass};
use wire::v1;

use super::seen::{Seen, head_of, is_understood};

/// Whose rows a template takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Party {
    /// Everybody's.
    Any,
    /// Natural persons'.
    Natural,
    /// Those of all others.
    Other,
}

/// What becomes of an item.
#[derive(Debug)]
pub(super) enum Fate {
    /// It is a row.
    Row {
        /// What the row says.
        form: Box<Form>,
        /// Whether its closed part is there, or its kind has none.
        whole: bool,
        /// Whether it holds nothing of a later version.
        understood: bool,
    },
    /// A later revision says something else, or it is no record.
    Passed,
    /// The record was withdrawn or replaced.
    Ended,
    /// Publication does not allow it, or the caller is not shown what it says.
    Withheld,
    /// The template is for other parties.
    OtherParty,
    /// Its body cannot be read at all here.
    Unreadable,
}

/// Decides.
#[derive(Debug)]
pub(super) struct Picker<'a> {
    seen: &'a Seen,
    masking: Masking,
    party: Party,
}

impl<'a> Picker<'a> {
    pub(super) fn new(seen: &'a Seen, masking: Masking, party: Party) -> Self {
        Self { seen, masking, party }
    }

    /// What becomes of an item.
    pub(super) fn fate(&self, item: &v1::FollowResponse) -> Fate {
        let Some(head) = head_of(item).filter(|head| self.seen.is_newest(head, item)) else {
            return Fate::Passed;
        };
        let standing = item.effective.clone().unwrap_or_default();
        match standing.state() {
            v1::EffectiveState::Withdrawn | v1::EffectiveState::Replaced => return Fate::Ended,
            v1::EffectiveState::InForce | v1::EffectiveState::Unspecified => {}
        }
        let Ok(class) = item.sharing_class.parse::<SharingClass>() else { return Fate::Withheld };
        let public = class == SharingClass::Open && standing.published;
        if item.open.is_empty() || (self.masking == Masking::Public && !public) {
            return Fate::Withheld;
        }
        let Ok(Some(body)) = wire::body_from_parts(&item.open, &item.closed) else {
            return Fate::Unreadable;
        };
        let label = Label { class, audience: AudienceNumber(0) };
        let form = Form::of(&head, &body, label, self.masking);
        if !self.party.takes(&form) {
            return Fate::OtherParty;
        }
        let whole = !item.closed.is_empty() || !has_closed(&head.kind);
        Fate::Row { form: Box::new(form), whole, understood: is_understood(item) }
    }
}

impl Party {
    fn takes(self, form: &Form) -> bool {
        let category = PartyCategory::of(form.value("party_category"));
        match self {
            Self::Any => true,
            Self::Natural => category == Some(PartyCategory::Natural),
            Self::Other => category != Some(PartyCategory::Natural),
        }
    }
}

fn has_closed(kind: &Kind) -> bool {
    record::fields(kind).iter().any(|field| field.part == FieldPart::Closed)
}
