//! Mappings (映射): which cell of a foreign table is which field of the schema.
//!
//! A mapping is a small TOML file: for each field the column it comes from and the few steps in
//! between. Templates of the standard need no list of columns, the schema names them itself
//! (`schema_columns = true`): code, older codes, Chinese name. What a mapping cannot say it leaves to
//! reading the form and to validation, which know dates, placeholders and code lists.
//!
//! Steps are few and exact on purpose: no expressions, no patterns but `9` for a digit. Whatever
//! needs more is a program's work, before the file or through gRPC.

mod bind;
mod builtin;
mod check;
mod model;
mod revision;
mod steps;
mod suggest;
#[cfg(test)]
mod tests;

use std::fmt;

use record::{Edition, Field, Kind, PartyCategory, Profile};
use thiserror::Error;

pub use bind::{Binding, Mapped};
pub(crate) use check::field_names;
pub use revision::RowRevision;
pub use suggest::Suggestion;

use self::revision::RevisionRules;
use self::steps::Steps;
use crate::table::Columns;

/// A mapping.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Name, by which it is asked for.
    pub name: String,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// Kind of its records.
    pub kind: Kind,
    /// Edition of the standard that its rows follow.
    pub edition: Edition,
    /// Profile its records are validated under, unless another is asked for.
    pub profile: Profile,
    schema: bool,
    detect: Vec<String>,
    sum: Option<&'static str>,
    ordinal: Vec<String>,
    defaults: Vec<(&'static str, String)>,
    sources: Vec<Source>,
    revision: Option<RevisionRules>,
}

/// Where a field comes from.
#[derive(Clone, Debug)]
struct Source {
    field: &'static Field,
    steps: Steps,
}

/// Why a text is no mapping.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("line {line}: {what}")]
pub struct MappingError {
    /// Line of the file, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

impl Mapping {
    /// The built-in mapping of this name.
    pub fn builtin(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|mapping| mapping.name == name)
    }

    /// All built-in mappings.
    pub fn all() -> &'static [Self] {
        builtin::all()
    }

    /// Reads a mapping from its TOML text.
    pub fn read(text: &str) -> Result<Self, MappingError> {
        check::mapping(text)
    }

    /// Lays the mapping over a table's columns.
    pub fn bind(&self, columns: &Columns) -> Binding<'_> {
        Binding::new(self, columns)
    }

    /// Whether the columns are those the mapping is for.
    pub fn detects(&self, columns: &Columns) -> bool {
        !self.detect.is_empty() && self.detect.iter().all(|name| columns.place(name).is_some())
    }

    /// Whether the schema itself names its columns: it is for a template of the standard.
    pub fn is_template(&self) -> bool {
        self.schema
    }

    /// Whether its rows are natural persons' (自然人).
    pub fn is_for_persons(&self) -> bool {
        let natural = |(name, word): &(&'static str, String)| {
            *name == "party_category" && PartyCategory::of(word) == Some(PartyCategory::Natural)
        };
        self.defaults.iter().any(natural)
    }

    /// Names of columns that the mapping looks for.
    pub(crate) fn column_names(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().flat_map(|source| source.steps.from.iter()).map(String::as_str)
    }
}

impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.name, self.title_zh, self.title_en)
    }
}
