//! Bodies, read from the open and closed part together and written back for what this process
//! invents itself.
//!
//! Reading a body is lenient: a category that is not known reads as none, so that validation can say
//! everything at once. What a body's two parts disagree on is an error.

use bytes::Bytes;
use record::{Body, Party, PartyCategory, Penalty, Permit};

use super::case::{case, case_closed, case_open};
use super::item::{item, item_open, power_list, power_list_open};
use super::material::{material, material_closed, material_open};
use super::{ReadError, decode, to_bytes, wrong};
use crate::v1;

/// Reads a body; none when both parts are absent.
pub fn body_from_parts(open: &[u8], closed: &[u8]) -> Result<Option<Body>, ReadError> {
    use v1::closed::Body as C;
    use v1::open::Body as O;
    if open.is_empty() && closed.is_empty() {
        return Ok(None);
    }
    let open = decode::<v1::Open>("open", open)?.body;
    let closed = decode::<v1::Closed>("closed", closed)?.body;
    let mismatch = || wrong("closed.body", "the closed part is of another kind than the open part");
    Ok(Some(match (open, closed) {
        (None, _) => return Err(wrong("open.body", "the open part has no body")),
        (Some(O::Act(_)), _) => return Err(wrong("open.body", "only a hall itself writes acts")),
        (Some(O::Permit(open)), None) => Body::Permit(permit(open, v1::PermitClosed::default())),
        (Some(O::Permit(open)), Some(C::Permit(closed))) => Body::Permit(permit(open, closed)),
        (Some(O::Penalty(open)), None) => {
            Body::Penalty(penalty(open, v1::PenaltyClosed::default()))
        }
        (Some(O::Penalty(open)), Some(C::Penalty(closed))) => Body::Penalty(penalty(open, closed)),
        (Some(O::Case(open)), None) => Body::Case(case(open, v1::CaseClosed::default())?),
        (Some(O::Case(open)), Some(C::Case(closed))) => Body::Case(case(open, closed)?),
        (Some(O::Material(open)), None) => {
            Body::Material(material(open, v1::MaterialClosed::default()))
        }
        (Some(O::Material(open)), Some(C::Material(closed))) => {
            Body::Material(material(open, closed))
        }
        (Some(O::Item(open)), None) => Body::Item(item(open)),
        (Some(O::PowerList(open)), None) => Body::PowerList(power_list(open)),
        (Some(O::Opaque(open)), None | Some(C::Opaque(_))) => Body::Opaque { schema: open.schema },
        (Some(_), Some(_)) => return Err(mismatch()),
    }))
}

/// Writes a body's open and closed part; none for a registered kind, whose bytes only its submitter
/// has.
pub fn body_to_parts(body: &Body) -> Option<(Bytes, Bytes)> {
    use v1::closed::Body as C;
    use v1::open::Body as O;
    let (open, closed) = match body {
        Body::Permit(permit) => (O::Permit(permit_open(permit)), C::Permit(permit_closed(permit))),
        Body::Penalty(penalty) => {
            (O::Penalty(penalty_open(penalty)), C::Penalty(penalty_closed(penalty)))
        }
        Body::Case(case) => (O::Case(case_open(case)), C::Case(case_closed(case))),
        Body::Material(material) => {
            (O::Material(material_open(material)), C::Material(material_closed(material)))
        }
        Body::Item(item) => return Some((open_alone(O::Item(item_open(item))), Bytes::new())),
        Body::PowerList(list) => {
            return Some((open_alone(O::PowerList(power_list_open(list))), Bytes::new()));
        }
        Body::Opaque { .. } => return None,
    };
    Some((open_alone(open), to_bytes(&v1::Closed { body: Some(closed) })))
}

fn open_alone(body: v1::open::Body) -> Bytes {
    to_bytes(&v1::Open { body: Some(body) })
}

fn permit(open: v1::PermitOpen, closed: v1::PermitClosed) -> Permit {
    Permit {
        party: Party {
            category: category(open.party_category()),
            name: open.party_name,
            code: open.party_code,
            legal_representative: open.legal_representative,
            other_identifier: String::new(),
            person_name: closed.person_name,
            person_id_type: closed.person_id_type,
            person_id: closed.person_id,
            legal_representative_id: closed.legal_representative_id,
        },
        document_title: open.document_title,
        document_number: open.document_number,
        category: open.category,
        certificate_name: open.certificate_name,
        certificate_number: open.certificate_number,
        content: open.content,
        decision_date: open.decision_date,
        valid_from: open.valid_from,
        valid_until: open.valid_until,
        state: open.state,
        source_name: open.source_name,
        source_code: open.source_code,
        remark: closed.remark,
    }
}

fn permit_open(permit: &Permit) -> v1::PermitOpen {
    v1::PermitOpen {
        party_name: permit.party.name.clone(),
        party_category: category_to(permit.party.category).into(),
        party_code: permit.party.code.clone(),
        legal_representative: permit.party.legal_representative.clone(),
        document_title: permit.document_title.clone(),
        document_number: permit.document_number.clone(),
        category: permit.category.clone(),
        certificate_name: permit.certificate_name.clone(),
        certificate_number: permit.certificate_number.clone(),
        content: permit.content.clone(),
        decision_date: permit.decision_date.clone(),
        valid_from: permit.valid_from.clone(),
        valid_until: permit.valid_until.clone(),
        state: permit.state.clone(),
        source_name: permit.source_name.clone(),
        source_code: permit.source_code.clone(),
    }
}

fn permit_closed(permit: &Permit) -> v1::PermitClosed {
    v1::PermitClosed {
        person_name: permit.party.person_name.clone(),
        person_id_type: permit.party.person_id_type.clone(),
        person_id: permit.party.person_id.clone(),
        legal_representative_id: permit.party.legal_representative_id.clone(),
        remark: permit.remark.clone(),
    }
}

fn penalty(open: v1::PenaltyOpen, closed: v1::PenaltyClosed) -> Penalty {
    Penalty {
        party: Party {
            category: category(open.party_category()),
            name: open.party_name,
            code: open.party_code,
            legal_representative: open.legal_representative,
            other_identifier: open.other_identifier,
            person_name: closed.person_name,
            person_id_type: closed.person_id_type,
            person_id: closed.person_id,
            legal_representative_id: closed.legal_representative_id,
        },
        document_number: open.document_number,
        violation_type: open.violation_type,
        facts: open.facts,
        legal_basis: open.legal_basis,
        categories: open.categories,
        content: open.content,
        fine_wan_yuan: open.fine_wan_yuan,
        confiscated_wan_yuan: open.confiscated_wan_yuan,
        decision_date: open.decision_date,
        valid_until: open.valid_until,
        published_until: open.published_until,
        source_name: open.source_name,
        source_code: open.source_code,
        remark: closed.remark,
    }
}

fn penalty_open(penalty: &Penalty) -> v1::PenaltyOpen {
    v1::PenaltyOpen {
        party_name: penalty.party.name.clone(),
        party_category: category_to(penalty.party.category).into(),
        party_code: penalty.party.code.clone(),
        legal_representative: penalty.party.legal_representative.clone(),
        document_number: penalty.document_number.clone(),
        violation_type: penalty.violation_type.clone(),
        facts: penalty.facts.clone(),
        legal_basis: penalty.legal_basis.clone(),
        categories: penalty.categories.clone(),
        content: penalty.content.clone(),
        fine_wan_yuan: penalty.fine_wan_yuan.clone(),
        confiscated_wan_yuan: penalty.confiscated_wan_yuan.clone(),
        decision_date: penalty.decision_date.clone(),
        valid_until: penalty.valid_until.clone(),
        published_until: penalty.published_until.clone(),
        source_name: penalty.source_name.clone(),
        source_code: penalty.source_code.clone(),
        other_identifier: penalty.party.other_identifier.clone(),
    }
}

fn penalty_closed(penalty: &Penalty) -> v1::PenaltyClosed {
    v1::PenaltyClosed {
        person_name: penalty.party.person_name.clone(),
        person_id_type: penalty.party.person_id_type.clone(),
        person_id: penalty.party.person_id.clone(),
        legal_representative_id: penalty.party.legal_representative_id.clone(),
        remark: penalty.remark.clone(),
    }
}

fn category(category: v1::PartyCategory) -> Option<PartyCategory> {
    match category {
        v1::PartyCategory::Legal => Some(PartyCategory::Legal),
        v1::PartyCategory::Natural => Some(PartyCategory::Natural),
        v1::PartyCategory::IndividualBusiness => Some(PartyCategory::IndividualBusiness),
        v1::PartyCategory::Unspecified => None,
    }
}

fn category_to(category: Option<PartyCategory>) -> v1::PartyCategory {
    match category {
        Some(PartyCategory::Legal) => v1::PartyCategory::Legal,
        Some(PartyCategory::Natural) => v1::PartyCategory::Natural,
        Some(PartyCategory::IndividualBusiness) => v1::PartyCategory::IndividualBusiness,
        None => v1::PartyCategory::Unspecified,
    }
}
