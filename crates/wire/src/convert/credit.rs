//! Parties, permits and penalties between their two parts and the domain.
//!
//! One list of fields a kind serves both ways: what is read is written, and a field that is missing
//! here does not compile, since the structures are built whole.

use record::{Party, PartyCategory, Penalty, Permit};

use crate::v1;

/// Reads the party's fields out of both parts.
macro_rules! party {
    ($open:ident, $closed:ident) => {
        Party {
            category: category($open.party_category()),
            name: $open.party_name,
            code: $open.party_code,
            registration_number: $open.registration_number,
            organisation_code: $open.organisation_code,
            tax_number: $open.tax_number,
            institution_number: $open.institution_number,
            association_number: $open.association_number,
            other_identifier: $open.other_identifier,
            legal_representative: $open.legal_representative,
            person_name: $closed.person_name,
            person_id_type: $closed.person_id_type,
            person_id: $closed.person_id,
            legal_representative_id_type: $closed.legal_representative_id_type,
            legal_representative_id: $closed.legal_representative_id,
        }
    };
}

/// A kind's own fields, part by part; the party's are the same for both kinds.
macro_rules! parts {
    ($body:ident, $open:ident, $closed:ident, $read:ident, $write:ident;
     open { $($o:ident),* $(,)? } closed { $($c:ident),* $(,)? }) => {
        /// Reads both parts.
        pub(super) fn $read(open: v1::$open, closed: v1::$closed) -> $body {
            $body {
                party: party!(open, closed),
                $($o: open.$o,)*
                $($c: closed.$c,)*
            }
        }

        /// Writes both parts.
        pub(super) fn $write(body: &$body) -> (v1::$open, v1::$closed) {
            let party = &body.party;
            let open = v1::$open {
                party_category: category_to(party.category).into(),
                party_name: party.name.clone(),
                party_code: party.code.clone(),
                registration_number: party.registration_number.clone(),
                organisation_code: party.organisation_code.clone(),
                tax_number: party.tax_number.clone(),
                institution_number: party.institution_number.clone(),
                association_number: party.association_number.clone(),
                other_identifier: party.other_identifier.clone(),
                legal_representative: party.legal_representative.clone(),
                $($o: body.$o.clone(),)*
            };
            let closed = v1::$closed {
                person_name: party.person_name.clone(),
                person_id_type: party.person_id_type.clone(),
                person_id: party.person_id.clone(),
                legal_representative_id_type: party.legal_representative_id_type.clone(),
                legal_representative_id: party.legal_representative_id.clone(),
                $($c: body.$c.clone(),)*
            };
            (open, closed)
        }
    };
}

parts!(Permit, PermitOpen, PermitClosed, permit, permit_to;
    open {
        document_title,
        document_number,
        category,
        certificate_name,
        certificate_number,
        content,
        decision_date,
        valid_from,
        valid_until,
        state,
        source_name,
        source_code,
        project_name,
        area_code,
        use_scope,
        edition,
        case_number,
        case_record_id,
    }
    closed {
        remark,
        exported_at,
        upload_unit,
        station_id,
        upload_flag,
        upload_success,
        uploaded_at,
        upload_note,
    }
);

parts!(Penalty, PenaltyOpen, PenaltyClosed, penalty, penalty_to;
    open {
        document_number,
        document_title,
        violation_type,
        facts,
        legal_basis,
        categories,
        content,
        fine_wan_yuan,
        confiscated_wan_yuan,
        suspended_licence,
        decision_date,
        valid_until,
        published_until,
        state,
        source_name,
        source_code,
        use_scope,
        severity,
        area_code,
        power_code,
        withdrawal_reason,
        procedure,
        case_name,
        performance,
        counterfeit,
        edition,
    }
    closed {
        remark,
        exported_at,
        published_at,
        publication_ends_at,
        publication_state,
        case_cancelled,
    }
);

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
