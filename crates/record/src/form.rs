//! Forms (表单): a record as one flat row of texts, which is what files, tables and clerks have.
//!
//! A form knows names, not types: whatever stands in a cell can be set, and [`Form::read`] makes a
//! record of it. Reading mends what can be mended without guessing — spellings of dates, width of
//! digits, the place of a natural person's name — and says of each change what stood there before,
//! so that a hall never alters a row in silence. Whether the record is right is validation's
//! business, not the form's.
//!
//! [`Form::of`] is the way back: of what reading produced, it gives the same form again. A masked
//! form is for publication only and is never read back: its names have a `*`, which validation
//! refuses.
//!
//! Absent on purpose: files, columns and mappings (crate `files`).

mod mask;
mod read;
mod spell;

use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

use crate::body::Body;
use crate::field::{Field, FieldPart, Show, field, fields};
use crate::generate::Draft;
use crate::head::{Head, Revises};
use crate::kind::Kind;
use crate::label::Label;
use crate::personal::Masked;
use crate::violation::Violation;

/// A record as a flat row: of a kind, with texts by field name.
#[derive(Clone, PartialEq, Eq)]
pub struct Form {
    kind: Kind,
    cells: BTreeMap<&'static str, String>,
}

/// What a form says, read.
#[derive(Clone, Debug)]
pub struct Filled {
    /// Head, body and label; what could not be read is absent from it.
    pub draft: Draft,
    /// Every change that reading made.
    pub notes: Vec<Note>,
    /// Cells that say something unreadable; validation adds what is missing or wrong.
    pub unread: Vec<Violation>,
}

/// One change that reading made.
#[derive(Clone, PartialEq, Eq)]
pub struct Note {
    /// Name of the field.
    pub field: &'static str,
    /// Stable code of the change: that of a [`Change`](crate::text::Change), or `placeholder`,
    /// `list-spelling`, `moved`, `inferred`.
    pub code: &'static str,
    /// What stood in the cell.
    pub before: String,
    /// What the record says.
    pub after: String,
}

/// How much a form shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Masking {
    /// What publication allows: no natural person but the surname, nothing withheld.
    Public,
    /// Everything, for those entitled.
    Full,
}

/// A name that no field of the kind has.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{kind} has no field {name}")]
pub struct UnknownField {
    /// The kind.
    pub kind: Kind,
    /// The name.
    pub name: String,
}

impl Form {
    /// An empty form of a kind.
    pub fn new(kind: Kind) -> Self {
        Self { kind, cells: BTreeMap::new() }
    }

    /// The form of a record. A public one leaves out what is withheld and masks a natural person.
    pub fn of(head: &Head, body: &Body, label: Label, masking: Masking) -> Self {
        let mut form = Self::new(head.kind.clone());
        form.fill_head(head, label);
        for (field, slot) in body.fields() {
            let text = slot.text();
            let shown = match masking {
                Masking::Full => text.into_owned(),
                Masking::Public => mask::shown(field, &text, body.party()),
            };
            form.fill(field.name, shown);
        }
        form
    }

    /// The kind.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// Puts a text into a field; an empty one empties it.
    pub fn set(&mut self, name: &str, text: impl Into<String>) -> Result<(), UnknownField> {
        let unknown = || UnknownField { kind: self.kind.clone(), name: name.to_owned() };
        let field = field(&self.kind, name).ok_or_else(unknown)?;
        self.fill(field.name, text.into());
        Ok(())
    }

    /// What a field says; empty when it says nothing.
    pub fn value(&self, name: &str) -> &str {
        self.cells.get(name).map_or("", String::as_str)
    }

    /// The fields that say something, in the order of the kind's table.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Field, &str)> {
        fields(&self.kind)
            .iter()
            .filter_map(|field| self.cells.get(field.name).map(|text| (field, text.as_str())))
    }

    fn fill(&mut self, name: &'static str, text: String) {
        if text.is_empty() {
            self.cells.remove(name);
        } else {
            self.cells.insert(name, text);
        }
    }

    fn fill_head(&mut self, head: &Head, label: Label) {
        self.fill("message_id", head.message_id.clone());
        self.fill("sharing_class", label.class.as_str().to_owned());
        self.fill("audience", number(label.audience.0));
        self.fill("ordinal", number(head.natural_key.as_ref().map_or(0, |key| key.ordinal)));
        if let Some(authority) = &head.authority {
            self.fill("authority_name", authority.name.clone());
            self.fill("authority_code", authority.code.clone());
        }
        if let Some(division) = &head.division {
            self.fill("division_code", division.code.clone());
            self.fill("division_system", division.system.as_str().to_owned());
            self.fill("division_on", division.on.to_string());
        }
        let happened_at = head.happened_at.map(|at| at.to_string());
        self.fill("happened_at", happened_at.unwrap_or_default());
        if let Some(revises) = &head.revises {
            self.fill_revision(revises);
        }
    }

    fn fill_revision(&mut self, revises: &Revises) {
        self.fill("revises_record_id", revises.record.to_string());
        self.fill("revises_revision", number(revises.revision));
        self.fill("revision_kind", revises.kind.as_str().to_owned());
        self.fill("revision_reason", revises.reason.clone());
        let successor = revises.successor.map(|id| id.to_string());
        self.fill("successor_record_id", successor.unwrap_or_default());
        self.fill("successor_document_number", revises.successor_number.clone());
    }
}

/// Zero says nothing.
fn number(number: u32) -> String {
    if number == 0 { String::new() } else { number.to_string() }
}

/// Fields and which of them say something; texts of the closed part only as a count of characters.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct(self.kind.as_str());
        for (field, text) in self.iter() {
            // A misplaced person may stand in any name.
            let personal = field.part == FieldPart::Closed || field.show == Show::MaskName;
            if personal || field.name == "party_name" {
                debug.field(field.name, &Masked(text));
            } else {
                debug.field(field.name, &text);
            }
        }
        debug.finish_non_exhaustive()
    }
}

impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Note")
            .field("field", &self.field)
            .field("code", &self.code)
            .field("before", &Masked(&self.before))
            .field("after", &Masked(&self.after))
            .finish()
    }
}

#[cfg(test)]
mod tests;
