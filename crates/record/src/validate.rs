//! The envelope's rules: what must hold of a submission whatever its kind.
//!
//! The wire hands over what it could read, as text: a submission with five slips gets five
//! violations, not the first decoder's complaint. Whether the submitter may write in the authority's
//! name is policy and not asked here; whether the natural key or the revision is taken, only the
//! register knows.

use std::time::Duration;

use crate::body::Body;
use crate::date::Date;
use crate::edition::Edition;
use crate::entry::RECORD_BYTES_MAX;
use crate::head::{CodeSystem, RevisionKind};
use crate::identifier::check_division;
use crate::kind::Kind;
use crate::label::SharingClass;
use crate::profile::{Level, Profile};
use crate::record_id::RecordId;
use crate::rules::{self, Report};
use crate::time::Timestamp;
use crate::violation::Violation;

/// Longest message id.
pub const MESSAGE_ID_MAX: usize = 128;
/// Most bytes that the parts of a submission have together: the stamp fits beside them in a record.
pub const SUBMISSION_BYTES_MAX: usize = RECORD_BYTES_MAX - 1024;
/// How far a submitter's clock may be ahead.
pub const CLOCK_AHEAD_MAX: Duration = Duration::from_mins(10);

/// A submission's head and label as read, before anything is known to be right.
#[derive(Clone, Debug, Default)]
pub struct Envelope<'a> {
    /// Message id.
    pub message_id: &'a str,
    /// Kind, as text.
    pub kind: &'a str,
    /// What is revised, if anything.
    pub revises: Option<RevisesText<'a>>,
    /// Document number and party of the natural key.
    pub natural_key: Option<(&'a str, &'a str)>,
    /// Code and name of the authority.
    pub authority: Option<(&'a str, &'a str)>,
    /// Code, system and date of the division.
    pub division: Option<(&'a str, &'a str, &'a str)>,
    /// RFC 3339 text.
    pub happened_at: &'a str,
    /// Whether there is a stamp.
    pub stamped: bool,
    /// Sharing class, as text.
    pub sharing_class: &'a str,
    /// Bytes of all parts.
    pub bytes: usize,
}

/// What a head says it revises, as text.
#[derive(Clone, Copy, Debug, Default)]
pub struct RevisesText<'a> {
    /// Record id.
    pub record_id: &'a str,
    /// Revision.
    pub revision: u32,
    /// In which way; none when it is none we know.
    pub kind: Option<RevisionKind>,
    /// Why.
    pub reason: &'a str,
    /// The record that takes its place.
    pub successor: &'a str,
    /// Its document number, where only that is known.
    pub successor_number: &'a str,
}

impl RevisesText<'_> {
    /// A correction and the progress of a case say the record anew; an end needs no words.
    fn needs_a_body(self) -> bool {
        matches!(self.kind, Some(RevisionKind::Correction | RevisionKind::Progress))
    }
}

impl Envelope<'_> {
    /// All violations of envelope and body; none means that the submission may be decided on.
    ///
    /// Originals, corrections and progress need a body; a withdrawal, replacement or credit repair may come
    /// without one.
    pub fn validate(
        &self,
        body: Option<&Body>,
        now: Timestamp,
        profile: Profile,
    ) -> Vec<Violation> {
        let today = Date::in_china(now).unwrap_or(Date::FOUNDING);
        let mut report = Report::new("", today, profile);
        self.identity(&mut report);
        self.authority(body, &mut report);
        self.place(&mut report);
        self.time(&mut report, now);
        self.revision(&mut report);
        self.body(body, &mut report);
        let mut violations = report.into_violations();
        violations.extend(body.into_iter().flat_map(|body| body.validate(today, profile)));
        violations
    }

    fn identity(&self, report: &mut Report<'_>) {
        let printable = self.message_id.bytes().all(|byte| byte.is_ascii_graphic());
        if self.message_id.is_empty() || self.message_id.len() > MESSAGE_ID_MAX || !printable {
            report.add(&rules::MESSAGE_ID, "head", "message_id", self.message_id);
        }
        if !matches!(
            self.kind.parse(),
            Ok(Kind::Permit
                | Kind::Penalty
                | Kind::Case
                | Kind::Material
                | Kind::Item
                | Kind::PowerList
                | Kind::Registered(_))
        ) {
            report.add(&rules::KIND, "head", "kind", self.kind);
        }
        if self.stamped {
            report.add(&rules::STAMPED, "head", "stamp", "");
        }
        if self.sharing_class.parse::<SharingClass>().is_err() {
            report.add(&rules::SHARING_CLASS, "", "sharing_class", self.sharing_class);
        }
        if self.bytes > SUBMISSION_BYTES_MAX {
            report.add(&rules::TOO_LARGE, "", "", &self.bytes.to_string());
        }
        let (number, party) = self.natural_key.unwrap_or_default();
        report.text("head", "natural_key.document_number", number, 128);
        report.at_most("head", "natural_key.party", party, 200);
        report.public("head", "natural_key.party", party);
    }

    /// The authority by name and code. Other countries' authorities have another scheme's code or
    /// none, an item's code is marked at most, and the first edition had no column for it.
    fn authority(&self, body: Option<&Body>, report: &mut Report<'_>) {
        const CODE: &str = "authority.code";
        let (code, name) = self.authority.unwrap_or_default();
        let generic = report.profile() == Profile::Generic;
        let demanded = !generic && body.and_then(Body::edition) != Some(Edition::V1);
        if self.kind == Kind::Item.as_str() {
            report.marking(|report| report.credit_code("head", CODE, code));
        } else if demanded || !(code.is_empty() || generic && code.contains(':')) {
            report.keyed(|report| report.authority_code("head", CODE, code));
        }
        report.keyed(|report| report.text("head", "authority.name", name, 200));
    }

    fn place(&self, report: &mut Report<'_>) {
        let (code, system, on) = self.division.unwrap_or_default();
        let known = CodeSystem::ALL.into_iter().find(|known| known.as_str() == system);
        if known.is_none() {
            report.add(&rules::CODE_SYSTEM, "head", "division.system", system);
        }
        let date = report.date("head", "division.on", on);
        if let (Some(system), Some(date)) = (known, date)
            && let Err(error) = check_division(code, system, date)
        {
            report.explained(&rules::DIVISION, "head", "division.code", code, &error);
        }
    }

    fn time(&self, report: &mut Report<'_>, now: Timestamp) {
        match self.happened_at.parse::<Timestamp>() {
            Err(_) => report.add(&rules::TIME, "head", "happened_at", self.happened_at),
            Ok(at) if at.since(now) > CLOCK_AHEAD_MAX => {
                report.add(&rules::TIME_IN_FUTURE, "head", "happened_at", self.happened_at);
            }
            Ok(_) => {}
        }
    }

    fn revision(&self, report: &mut Report<'_>) {
        let Some(revises) = &self.revises else { return };
        if revises.record_id.parse::<RecordId>().is_err() {
            report.add(&rules::REVISES, "head", "revises.record_id", revises.record_id);
        }
        if revises.revision == 0 {
            report.add(&rules::REVISES, "head", "revises.revision", "0");
        }
        let of_case = matches!(self.kind.parse(), Ok(Kind::Case));
        // Nothing but a case goes on.
        if revises.kind.is_none_or(|kind| kind == RevisionKind::Progress && !of_case) {
            report.add(&rules::REVISES, "head", "revises.kind", "");
        }
        report.free_text("head", "revises.reason", revises.reason, 512);
        let number = ("head", "revises.successor_document_number", revises.successor_number);
        report.at_most(number.0, number.1, number.2, 120);
        report.public(number.0, number.1, number.2);
        let named = revises.successor.parse::<RecordId>().is_ok();
        let replaced = revises.kind == Some(RevisionKind::Replacement);
        let told = named || !revises.successor_number.is_empty();
        if replaced != told || (!named && !revises.successor.is_empty()) {
            let field = "revises.successor_record_id";
            report.add(&rules::SUCCESSOR, "head", field, revises.successor);
        }
    }

    fn body(&self, body: Option<&Body>, report: &mut Report<'_>) {
        let Some(body) = body else {
            if self.revises.is_none_or(RevisesText::needs_a_body) {
                report.add(&rules::BODY, "open", "body", "");
            }
            return;
        };
        if let Ok(kind) = self.kind.parse()
            && kind != Kind::Act
            && !body.is_of(&kind)
        {
            report.add(&rules::BODY, "open", "body", self.kind);
        }
        if let (Some(stated), Some(of_body)) = (self.natural_key, body.key())
            && stated != of_body
        {
            report.add(&rules::NATURAL_KEY, "head", "natural_key", stated.0);
        }
    }
}

/// The violation of bytes that are no message: `part` is `head`, `open` or `closed`.
pub fn malformed(part: &str, error: &dyn std::fmt::Display) -> Violation {
    rules::MALFORMED.broken(
        Level::Refuse,
        part.to_owned(),
        String::new(),
        ["", &format!(": {error}")],
    )
}

/// The violation of a part whose body is missing or of another kind.
pub fn wrong_body(part: &str) -> Violation {
    rules::BODY.broken(Level::Refuse, format!("{part}.body"), String::new(), ["", ""])
}

#[cfg(test)]
mod tests;
