//! Reading a form: cells mended, people moved where people stand, head and body built.

use super::{Filled, Form, Note, spell};
use crate::body::Body;
use crate::date::Date;
use crate::edition::Edition;
use crate::field::FieldPart;
use crate::generate::Draft;
use crate::head::{Authority, CodeSystem, Division, Head, NaturalKey, Revises, RevisionKind};
use crate::kind::Kind;
use crate::label::{AudienceNumber, Label, SharingClass};
use crate::party::PartyCategory;
use crate::profile::Profile;
use crate::rules::{self, Report};
use crate::time::Timestamp;

impl Form {
    /// Reads the form as a row of `edition`; the record keeps the edition when it is not the newest.
    pub fn read(&self, edition: Edition) -> Filled {
        let mut reader = Reader { form: self.clone(), notes: Vec::new() };
        reader.mend();
        reader.edition(edition);
        if matches!(self.kind, Kind::Permit | Kind::Penalty) {
            reader.party();
        }
        reader.place();
        let mut report = Report::new(self.kind.as_str(), Date::FOUNDING, Profile::default());
        let body = reader.body(&mut report);
        let (head, label) = reader.head(&body, &mut report);
        let draft = Draft { head, body, label };
        Filled { draft, notes: reader.notes, unread: report.into_violations() }
    }
}

struct Reader {
    form: Form,
    notes: Vec<Note>,
}

impl Reader {
    fn mend(&mut self) {
        let mended: Vec<_> = self
            .form
            .iter()
            .filter_map(|(field, text)| Some((field.name, spell::mended(field, text)?)))
            .collect();
        for (name, (text, code)) in mended {
            self.change(name, text, code);
        }
    }

    fn edition(&mut self, edition: Edition) {
        if edition != Edition::V21 && self.form.value("edition").is_empty() {
            self.form.fill("edition", edition.as_str().to_owned());
        }
    }

    /// The category, inferred where the row's edition has none, and what follows from it.
    fn party(&mut self) {
        let said = self.form.value("party_category");
        let category = match PartyCategory::of(said) {
            Some(category) => {
                self.change("party_category", category.word().to_owned(), "list-spelling");
                category
            }
            None if said.is_empty() => {
                let category = self.inferred();
                self.change("party_category", category.word().to_owned(), "inferred");
                category
            }
            None => return,
        };
        match category {
            PartyCategory::Natural => {
                self.moved("party_name", "person_name");
                if !self.form.value("person_id").is_empty() {
                    self.filled("person_id_type", "身份证");
                }
            }
            PartyCategory::Legal | PartyCategory::IndividualBusiness => {
                self.moved("person_id", "legal_representative_id");
                self.moved("person_id_type", "legal_representative_id_type");
            }
        }
    }

    fn inferred(&self) -> PartyCategory {
        let said = |name| !self.form.value(name).is_empty();
        let codes = ["party_code", "organisation_code", "registration_number", "other_identifier"];
        if self.form.value("party_code").starts_with("92") {
            PartyCategory::IndividualBusiness
        } else if (said("person_name") || said("person_id")) && !codes.into_iter().any(said) {
            PartyCategory::Natural
        } else {
            PartyCategory::Legal
        }
    }

    /// The division and the time of the fact, where the row's own columns say them.
    fn place(&mut self) {
        let area = self.form.value("area_code").to_owned();
        self.filled("division_code", &area);
        let code = self.form.value("division_code");
        let system = CodeSystem::of_code(code);
        if !code.is_empty() {
            self.filled("division_system", system.as_str());
        }
        let decided = self.form.value("decision_date").to_owned();
        if decided.parse::<Date>().is_ok() {
            self.filled("division_on", &decided);
            self.filled("happened_at", &format!("{decided}T00:00:00+08:00"));
        }
    }

    fn body(&self, report: &mut Report<'_>) -> Body {
        let mut body = Body::empty(&self.form.kind);
        for (field, text) in self.form.iter() {
            if field.part != FieldPart::Head && !body.put(field.name, text) {
                let part = if field.part == FieldPart::Open { "open" } else { "closed" };
                report.add(&rules::UNREADABLE, part, field.name, text);
            }
        }
        body
    }

    fn head(&self, body: &Body, report: &mut Report<'_>) -> (Head, Label) {
        let form = &self.form;
        let text = |name: &str| form.value(name).to_owned();
        let (number, party) = body.key().unwrap_or_default();
        let ordinal = self.read_or("ordinal", 0, report);
        let key =
            NaturalKey { document_number: number.to_owned(), party: party.to_owned(), ordinal };
        let authority = Authority { code: text("authority_code"), name: text("authority_name") };
        let class = match form.value("sharing_class") {
            "" => class_of(form.value("use_scope")),
            _ => self.read_or("sharing_class", SharingClass::Open, report),
        };
        let head = Head {
            message_id: text("message_id"),
            kind: form.kind.clone(),
            revises: self.revises(report),
            natural_key: Some(key),
            authority: Some(authority),
            division: self.division(report),
            happened_at: self.read_some::<Timestamp>("happened_at", report),
            stamp: None,
        };
        let audience = AudienceNumber(self.read_or("audience", 0, report));
        (head, Label { class, audience })
    }

    fn division(&self, report: &mut Report<'_>) -> Option<Division> {
        let said = self.form.value("division_system");
        let system = CodeSystem::ALL.into_iter().find(|system| system.as_str() == said);
        if system.is_none() && !said.is_empty() {
            report.add(&rules::CODE_SYSTEM, "head", "division_system", said);
        }
        let on = self.read_some::<Date>("division_on", report);
        Some(Division {
            code: self.form.value("division_code").to_owned(),
            system: system?,
            on: on?,
        })
    }

    fn revises(&self, report: &mut Report<'_>) -> Option<Revises> {
        let record = self.read_some("revises_record_id", report)?;
        let said = self.form.value("revision_kind");
        let Some(kind) = RevisionKind::of(said) else {
            report.add(&rules::REVISES, "head", "revision_kind", said);
            return None;
        };
        Some(Revises {
            record,
            revision: self.read_or("revises_revision", 0, report),
            kind,
            reason: self.form.value("revision_reason").to_owned(),
            successor: self.read_some("successor_record_id", report),
            successor_number: self.form.value("successor_document_number").to_owned(),
        })
    }

    fn read_or<T: std::str::FromStr>(
        &self,
        name: &str,
        otherwise: T,
        report: &mut Report<'_>,
    ) -> T {
        self.read_some(name, report).unwrap_or(otherwise)
    }

    fn read_some<T: std::str::FromStr>(&self, name: &str, report: &mut Report<'_>) -> Option<T> {
        let text = self.form.value(name);
        if text.is_empty() {
            return None;
        }
        let read = text.parse().ok();
        if read.is_none() {
            report.add(&rules::UNREADABLE, "head", name, text);
        }
        read
    }

    /// Puts a text where none stands.
    fn filled(&mut self, name: &'static str, text: &str) {
        if self.form.value(name).is_empty() {
            self.change(name, text.to_owned(), "inferred");
        }
    }

    /// Moves a cell to the field that it is of this category, when that says nothing.
    fn moved(&mut self, from: &'static str, to: &'static str) {
        let text = self.form.value(from).to_owned();
        if !text.is_empty() && self.form.value(to).is_empty() {
            self.form.fill(from, String::new());
            self.form.fill(to, text.clone());
            self.notes.push(Note { field: to, code: "moved", before: text.clone(), after: text });
        }
    }

    fn change(&mut self, field: &'static str, after: String, code: &'static str) {
        let before = self.form.value(field).to_owned();
        if before != after {
            self.form.fill(field, after.clone());
            self.notes.push(Note { field, code, before, after });
        }
    }
}

/// The sharing class that the standard's 信息使用范围 means: 0 publish, 1 inside government, 2 on
/// request.
fn class_of(use_scope: &str) -> SharingClass {
    match use_scope {
        "1" | "仅限政府部门内部使用" => SharingClass::Unconditional,
        "2" | "查询" => SharingClass::Conditional,
        _ => SharingClass::Open,
    }
}
