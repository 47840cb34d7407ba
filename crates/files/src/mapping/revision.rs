//! Rows that say in a note that the record they describe was wrong, withdrawn or replaced.
//!
//! Registers abroad and old spreadsheets keep one row per decision and write beside it what became
//! of it. Such a row is two entries here: the original, and a revision with the note as its reason.
//! A note that no rule understands revises nothing; the row is marked for a person.

use record::RevisionKind;

use super::model::{self, Meaning};

/// What a row's note says about the record the row describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowRevision {
    /// In which way it is revised.
    pub kind: RevisionKind,
    /// The note, as it stands.
    pub reason: String,
    /// Document number of the record that takes its place, where the note names one.
    pub successor: Option<String>,
}

/// How a note is understood.
#[derive(Clone, Debug)]
pub(super) struct RevisionRules {
    pub(super) note: String,
    number: Option<String>,
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    contains: Vec<String>,
    names_successor: bool,
    means: Meaning,
}

/// What the rules say of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// The record stands.
    Stands,
    /// It is revised.
    Revised(RowRevision),
    /// No rule understands the note.
    Unclear,
}

impl RevisionRules {
    pub(super) fn new(revision: model::Revision) -> Self {
        let rule = |rule: model::RevisionRule| Rule {
            contains: rule.contains,
            names_successor: rule.names_successor,
            means: rule.means,
        };
        Self {
            note: revision.note,
            number: revision.document_number,
            rules: revision.rules.into_iter().map(rule).collect(),
        }
    }

    /// What `note` says of the document `own`.
    pub(super) fn judge(&self, note: &str, own: &str) -> Judged {
        let note = note.trim();
        if note.is_empty() {
            return Judged::Stands;
        }
        let successor = self.number.as_ref().and_then(|shape| {
            numbers(note, shape).into_iter().find(|number| *number != own.trim()).map(str::to_owned)
        });
        let holds = |rule: &&Rule| {
            let said = rule.contains.is_empty()
                || rule.contains.iter().any(|word| note.contains(word.as_str()));
            said && (!rule.names_successor || successor.is_some())
        };
        let kind = match self.rules.iter().find(holds).map(|rule| rule.means) {
            None => return Judged::Unclear,
            Some(Meaning::Stands) => return Judged::Stands,
            Some(Meaning::Correction) => RevisionKind::Correction,
            Some(Meaning::Withdrawal) => RevisionKind::Withdrawal,
            Some(Meaning::Replacement) => RevisionKind::Replacement,
        };
        Judged::Revised(RowRevision { kind, reason: note.to_owned(), successor })
    }
}

/// Pieces of the text that have the shape, and no digit or hyphen around them.
fn numbers<'a>(text: &'a str, shape: &str) -> Vec<&'a str> {
    let part = |c: char| c.is_ascii_digit() || c == '-';
    let words =
        text.split(|c: char| !part(c)).filter(|word| word.chars().count() == shape.chars().count());
    let fits = |word: &&str| {
        word.chars()
            .zip(shape.chars())
            .all(|(c, of)| if of == '9' { c.is_ascii_digit() } else { c == of })
    };
    words.filter(fits).collect()
}
