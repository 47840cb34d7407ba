//! Judging a body by its kind's table: one walk over fields and slots together.
//!
//! What a field alone can be wrong in is judged here; what fields say together (dates in order,
//! amounts by category) stands with the kind.

use super::{
    DECISION_DATE_MISSING, ID_TYPE, NOT_APPLICABLE, NOT_IN_LIST, ORGANISATION_CODE,
    OTHER_IDENTIFIER, PERSON_IN_OPEN, PERSON_OF_ORGANISATION, PLACEHOLDER, REGISTRATION_NUMBER,
    REQUIRED, Report, TOO_LONG, USCC_MISSING, is_placeholder,
};
use crate::edition::Edition;
use crate::field::{Field, FieldPart, Need, Slot, Value};
use crate::identifier::{OrganisationCode, RegistrationNumber, Uscc};
use crate::lists;
use crate::party::PartyCategory;
use crate::profile::Profile;

/// Of what a body is judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged {
    /// The edition it follows.
    pub(crate) edition: Edition,
    /// The party's category, as said or as the fields tell.
    pub(crate) category: PartyCategory,
    /// Whether something else than a credit code identifies the organisation.
    pub(crate) otherwise_known: bool,
}

impl Report<'_> {
    /// Judges each field by its row of the table.
    pub(crate) fn fields(&mut self, table: &[Field], slots: &[Slot<'_>], judged: Judged) {
        for (field, slot) in table.iter().zip(slots) {
            match *slot {
                Slot::Text("") => self.missing(field, judged),
                Slot::Text(text) => {
                    if !self.misplaced(field, text, judged) {
                        self.said(field, text, judged);
                    }
                }
                Slot::Many(words) => self.many(field, words, judged),
                Slot::Number(0) | Slot::Bytes([]) => {
                    self.missing(field, judged);
                }
                Slot::Category(_) | Slot::Number(_) | Slot::Bytes(_) | Slot::Rows(_) => {}
            }
        }
    }

    fn missing(&mut self, field: &Field, judged: Judged) {
        let demanded =
            field.need.of(judged.category) == Need::Mandatory && field.is_in(judged.edition);
        let generic = self.profile() == Profile::Generic;
        if !demanded || (generic && !field.is_key()) {
            return;
        }
        let of_code = matches!(field.value, Value::Uscc);
        if of_code && field.name == "party_code" && (judged.otherwise_known || generic) {
            return;
        }
        let rule = if of_code {
            &USCC_MISSING
        } else if matches!(field.value, Value::DecisionDate) {
            &DECISION_DATE_MISSING
        } else {
            &REQUIRED
        };
        self.at(field, |report| report.add(rule, field.part.as_str(), field.name, ""));
    }

    /// Whether the field may not say anything for this category; told if so.
    fn misplaced(&mut self, field: &Field, text: &str, judged: Judged) -> bool {
        if field.need.of(judged.category) != Need::Absent {
            return false;
        }
        let rule = match (judged.category, field.part) {
            (PartyCategory::Natural, FieldPart::Open) => &PERSON_IN_OPEN,
            (_, FieldPart::Closed) => &PERSON_OF_ORGANISATION,
            (_, FieldPart::Head | FieldPart::Open) => &NOT_APPLICABLE,
        };
        self.add(rule, field.part.as_str(), field.name, text);
        true
    }

    fn said(&mut self, field: &Field, text: &str, judged: Judged) {
        let part = field.part.as_str();
        self.at(field, |report| {
            report.value(field, text, part, judged);
            if field.max > 0 {
                report.at_most(part, field.name, text, field.max);
            }
        });
    }

    fn value(&mut self, field: &Field, text: &str, part: &str, judged: Judged) {
        match field.value {
            Value::Text => self.meant(field, text, part, judged),
            Value::Free => {
                self.meant(field, text, part, judged);
                self.public(part, field.name, text);
            }
            Value::Name => self.name(part, field.name, text),
            Value::Date => {
                self.date(part, field.name, text);
            }
            Value::DecisionDate => {
                self.decision_date(part, field.name, text);
            }
            Value::WanYuan => self.amount(field.name, text, false),
            Value::List(list) => {
                let list = list.in_edition(judged.edition);
                if !list.has(text) {
                    let certificate = std::ptr::eq(list, &raw const lists::CERTIFICATE_TYPE);
                    let rule = if certificate { &ID_TYPE } else { &NOT_IN_LIST };
                    self.add(rule, part, field.name, text);
                }
            }
            Value::Uscc => {
                self.credit_code_said(part, field.name, text);
            }
            Value::Organisation => {
                if let Err(error) = text.parse::<OrganisationCode>() {
                    self.explained(&ORGANISATION_CODE, part, field.name, text, &error);
                }
            }
            Value::Registration => {
                // Some senders put the credit code here.
                let digits = text.len() == 15 && text.bytes().all(|byte| byte.is_ascii_digit());
                if digits && text.parse::<RegistrationNumber>().is_err() {
                    self.add(&REGISTRATION_NUMBER, part, field.name, text);
                } else if text.len() == Uscc::LEN {
                    self.marking(|report| report.credit_code_said(part, field.name, text));
                }
            }
            Value::Scheme => {
                let named = text
                    .split_once(':')
                    .is_some_and(|(scheme, value)| !scheme.is_empty() && !value.trim().is_empty());
                if !named {
                    self.add(&OTHER_IDENTIFIER, part, field.name, text);
                }
            }
            Value::Time
            | Value::Yuan
            | Value::Integer
            | Value::Many(_)
            | Value::AuthorityCode
            | Value::CertificateNumber
            | Value::Division
            | Value::RecordId
            | Value::Digest
            | Value::Json => {}
        }
    }

    /// A demanded text says something.
    fn meant(&mut self, field: &Field, text: &str, part: &str, judged: Judged) {
        let demanded = field.need.of(judged.category) == Need::Mandatory;
        if demanded && text.trim().is_empty() {
            self.missing(field, judged);
        } else if demanded && is_placeholder(text) {
            self.add(&PLACEHOLDER, part, field.name, text);
        }
    }

    fn many(&mut self, field: &Field, words: &[String], judged: Judged) {
        let part = field.part.as_str();
        if words.is_empty() {
            self.missing(field, judged);
        }
        if words.len() > MANY_MAX {
            self.add(&TOO_LONG, part, field.name, &words.len().to_string());
        }
        for word in words.iter().take(MANY_MAX) {
            if field.list().is_some_and(|list| !list.has(word)) {
                self.add(&NOT_IN_LIST, part, field.name, word);
            }
            self.at_most(part, field.name, word, field.max);
        }
    }

    fn at(&mut self, field: &Field, judge: impl FnOnce(&mut Self)) {
        if field.is_key() {
            self.keyed(judge);
        } else {
            judge(self);
        }
    }
}

/// Most values of one field.
pub(crate) const MANY_MAX: usize = 12;

#[cfg(test)]
mod tests;
