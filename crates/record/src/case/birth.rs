//! The permit that is born in a case's closing (许可出生), drafted from what the closing tells.
//!
//! Only what the case says goes into the draft. What it does not say stays empty, and the permit's own
//! rules name it; [`told_in`] says in which field of the case it can be told. Who holds the permit is
//! known by the applicant's number only while the holder *is* the applicant: otherwise the name stands
//! in the closed part, where a natural person's must, and the rules ask for the rest.
//!
//! Absent on purpose: when a birth happens and what it is called. Decision:
//! `docs/decisions/0022-a-permit-is-born-at-the-door.md`.

use super::validate::{GRANTED, PERMIT_ITEM, code_of};
use super::{Case, State};
use crate::body::Body;
use crate::date::Date;
use crate::edition::Edition;
use crate::generate::Draft;
use crate::head::{Authority, Head, NaturalKey};
use crate::identifier::{CitizenId, Uscc};
use crate::kind::Kind;
use crate::label::Label;
use crate::lists;
use crate::party::{Party, PartyCategory};
use crate::permit::Permit;
use crate::record_id::RecordId;

impl Case {
    /// Whether this case is the closing (准予办结) of a permit item: the one that bears a permit.
    pub fn bears_permit(&self) -> bool {
        self.stands() == Some(State::Closed)
            && code_of(&lists::DECISION, &self.decision) == GRANTED
            && code_of(&lists::ITEM_TYPE, &self.item_type) == PERMIT_ITEM
    }

    /// The permit that a closing bears, under the label of its case. `head` is the closing's, `record`
    /// the case's record id.
    pub fn permit_draft(&self, head: &Head, record: RecordId, label: Label) -> Draft {
        let party = self.holder();
        let key = NaturalKey {
            document_number: self.permit_document_number.clone(),
            party: party.key().to_owned(),
            ordinal: 0,
        };
        let decided_at = self.decided_at.parse().ok();
        let head = Head {
            message_id: format!("permit-{record}"),
            kind: Kind::Permit,
            revises: None,
            natural_key: Some(key),
            authority: Some(self.permit_authority(head)),
            division: head.division.clone(),
            happened_at: decided_at.or(head.happened_at),
            stamp: None,
        };
        let permit = Permit {
            party,
            document_title: self.permit_document_title.clone(),
            document_number: self.permit_document_number.clone(),
            category: self.permit_category.clone(),
            certificate_name: self.result_name.clone(),
            certificate_number: self.result_number.clone(),
            content: first([&self.permit_content, &self.item_name]),
            decision_date: self.permit_decision_date.clone(),
            valid_from: first([&self.permit_valid_from, &self.permit_decision_date]),
            valid_until: first([&self.permit_valid_until, &term(&self.result_validity)]),
            state: VALID.to_owned(),
            source_name: self.permit_source_name.clone(),
            source_code: self.permit_source_code.clone(),
            edition: Edition::V21.as_str().to_owned(),
            case_number: self.case_number.clone(),
            case_record_id: record.to_string(),
            ..Permit::default()
        };
        Draft { head, body: Body::Permit(permit), label }
    }

    fn holder(&self) -> Party {
        let (name, number) = (self.permit_holder.trim(), self.applicant_id.trim());
        let is_applicant = name == self.applicant_name.trim();
        if is_applicant && let Ok(code) = number.parse::<Uscc>() {
            let individual = code.is_individual_business();
            return Party {
                category: Some(if individual {
                    PartyCategory::IndividualBusiness
                } else {
                    PartyCategory::Legal
                }),
                name: name.to_owned(),
                code: number.to_owned(),
                legal_representative: self.legal_representative.clone(),
                ..Party::default()
            };
        }
        let id_type = self.applicant_id_type.trim();
        let citizen = id_type.is_empty() && number.parse::<CitizenId>().is_ok();
        let person = PERSON_PAPERS.iter().find(|(of_case, _)| *of_case == id_type);
        let person = person.map(|(_, of_permit)| *of_permit).or(citizen.then_some(CITIZEN_CARD));
        match person.filter(|_| is_applicant) {
            Some(id_type) => Party {
                category: Some(PartyCategory::Natural),
                person_name: name.to_owned(),
                person_id_type: id_type.to_owned(),
                person_id: number.to_owned(),
                ..Party::default()
            },
            None => Party { person_name: name.to_owned(), ..Party::default() },
        }
    }

    /// The authority by its code; its name is that of the case's authority, of the source of that
    /// code, or of the issuer.
    fn permit_authority(&self, head: &Head) -> Authority {
        let code = &self.permit_authority_code;
        let own = head.authority.as_ref().filter(|authority| authority.code == *code);
        let source = (self.permit_source_code == *code).then_some(&self.permit_source_name);
        let name = own.map(|authority| &authority.name).or(source);
        Authority { code: code.clone(), name: name.unwrap_or(&self.result_issuer).clone() }
    }
}

/// Fields of the case in which a field of its permit is told, by the end of the permit's field path.
pub fn told_in(field: &str) -> Option<&'static str> {
    let named =
        |of_permit| field.strip_suffix(of_permit).is_some_and(|before: &str| before.ends_with('.'));
    TOLD_IN.iter().find(|(of_permit, _)| named(*of_permit)).map(|(_, of_case)| *of_case)
}

/// The first that says something.
fn first(texts: [&str; 2]) -> String {
    texts.into_iter().find(|text| !text.trim().is_empty()).unwrap_or_default().to_owned()
}

/// The last day that a validity in words names, when it names one.
fn term(validity: &str) -> String {
    match validity.trim() {
        "长期" | "长期有效" => Date::LONG_TERM.to_string(),
        text => text.parse::<Date>().map(|day| day.to_string()).unwrap_or_default(),
    }
}

const TOLD_IN: [(&str, &str); 21] = [
    ("authority.code", "open.case.permit_authority_code"),
    (
        "authority.name",
        "head.authority.name, open.case.permit_source_name, open.case.result_issuer",
    ),
    ("natural_key", "open.case.permit_document_number"),
    ("document_number", "open.case.permit_document_number"),
    ("document_title", "open.case.permit_document_title"),
    ("category", "open.case.permit_category"),
    ("certificate_name", "open.case.result_name"),
    ("certificate_number", "open.case.result_number"),
    ("content", "open.case.permit_content, open.case.item_name"),
    ("decision_date", "open.case.permit_decision_date"),
    ("valid_from", "open.case.permit_valid_from"),
    ("valid_until", "open.case.permit_valid_until, open.case.result_validity"),
    ("source_name", "open.case.permit_source_name"),
    ("source_code", "open.case.permit_source_code"),
    ("party_name", "closed.case.permit_holder, closed.case.applicant_name"),
    ("person_name", "closed.case.permit_holder, closed.case.applicant_name"),
    ("party_category", "closed.case.applicant_id, closed.case.applicant_id_type"),
    ("party_code", "closed.case.applicant_id"),
    ("person_id", "closed.case.applicant_id"),
    ("person_id_type", "closed.case.applicant_id_type"),
    ("legal_representative", "closed.case.legal_representative"),
];

/// Papers of natural persons, in the codes of GA/T 2000.156 (a case's) and of the 双公示 standard (a permit's).
const PERSON_PAPERS: [(&str, &str); 5] =
    [("111", CITIZEN_CARD), ("414", "02"), ("516", "03"), ("511", "04"), ("553", "05")];
const CITIZEN_CARD: &str = "01";
/// 当前状态 1 有效.
const VALID: &str = "1";
