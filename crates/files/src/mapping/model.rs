//! A mapping as its TOML file says it, before it is checked.
//!
//! Unknown keys are errors with their line, so that a misspelt rule does not vanish.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) title_zh: String,
    pub(super) title_en: String,
    pub(super) kind: Spanned<String>,
    #[serde(default)]
    pub(super) edition: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) profile: Option<Spanned<String>>,
    /// Takes every column that the schema itself names, in the edition.
    #[serde(default)]
    pub(super) schema_columns: bool,
    /// Columns that together tell such a file.
    #[serde(default)]
    pub(super) detect: Vec<String>,
    /// Field whose amounts are summed, as they stand in the file.
    #[serde(default)]
    pub(super) sum: Option<Spanned<String>>,
    /// Columns that tell originals under one natural key apart.
    #[serde(default)]
    pub(super) ordinal: Vec<String>,
    #[serde(default)]
    pub(super) defaults: BTreeMap<Spanned<String>, String>,
    #[serde(default)]
    pub(super) fields: BTreeMap<Spanned<String>, Rule>,
    #[serde(default)]
    pub(super) revision: Option<Revision>,
}

/// How a field is filled.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Rule {
    /// The column's text.
    Column(String),
    /// The first of these columns that says something.
    Columns(Vec<String>),
    /// More than that.
    Steps(Box<Steps>),
}

/// Steps from cells to a field, taken in the order of this list.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Steps {
    /// Columns; the first that says something, or all of them when `join` is said.
    #[serde(default)]
    pub(super) from: Vec<String>,
    /// Joins all columns with this between.
    #[serde(default)]
    pub(super) join: Option<String>,
    /// Takes the text after this; nothing when it does not occur.
    #[serde(default)]
    pub(super) after: Option<String>,
    /// Takes the text before this; all when it does not occur.
    #[serde(default)]
    pub(super) before: Option<String>,
    /// Takes the words of the field's list, or of `words`, that occur in the text.
    #[serde(default)]
    pub(super) pick: bool,
    /// Splits at these; each piece is a value of its own, repeats fall together.
    #[serde(default)]
    pub(super) split: Vec<String>,
    /// Other words for words.
    #[serde(default)]
    pub(super) words: BTreeMap<String, String>,
    /// Order of a date's numbers.
    #[serde(default)]
    pub(super) date: Option<DateOrder>,
    /// Unit of an amount that the schema has in 万元.
    #[serde(default)]
    pub(super) unit: Option<Unit>,
    /// Stands before the text.
    #[serde(default)]
    pub(super) prefix: Option<String>,
    /// What the field says in every row.
    #[serde(default)]
    pub(super) constant: Option<String>,
}

/// Order of a date's numbers.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum DateOrder {
    /// 08/06/2019 is in August.
    MonthDayYear,
    /// 08/06/2019 is in June.
    DayMonthYear,
    /// The day at the end of a text.
    Last,
    /// The text without the day at its end.
    WithoutLast,
}

/// Unit of an amount.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Unit {
    /// Ten thousand of them are one of the schema's.
    Yuan,
}

/// How a row says that it revises.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Revision {
    /// Column of the note.
    pub(super) note: String,
    /// What a document number looks like, 9 for any digit.
    #[serde(default)]
    pub(super) document_number: Option<String>,
    /// The first that holds decides.
    pub(super) rules: Vec<RevisionRule>,
}

/// What a note means.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RevisionRule {
    /// Holds when the note has one of these.
    #[serde(default)]
    pub(super) contains: Vec<String>,
    /// Holds when the note names another document number.
    #[serde(default)]
    pub(super) names_successor: bool,
    /// What it means.
    pub(super) means: Meaning,
}

/// What a note means for the record.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Meaning {
    /// Nothing: the record stands as it was.
    Stands,
    /// It was recorded wrongly.
    Correction,
    /// It no longer stands.
    Withdrawal,
    /// Another takes its place.
    Replacement,
}
