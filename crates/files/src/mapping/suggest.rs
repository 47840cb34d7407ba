//! A mapping proposed for a table that has none.
//!
//! Only names are compared, never cells: a proposal may be shown and mailed around. A column whose
//! name the schema knows is mapped; one whose name is only similar is written as a comment, because a
//! wrong mapping that runs is worse than one that a person has to finish.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use record::{Edition, Field, FieldPart, Kind, Need};

use super::check::field_names;
use super::{Mapping, MappingError};
use crate::table::{Columns, plain};

/// A proposal.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// The mapping as TOML, with comments on what is unsure.
    pub toml: String,
    /// A built-in mapping that is made for these columns.
    pub builtin: Option<String>,
}

impl Suggestion {
    /// Proposes a mapping for a table's columns; none when no column is like a field of any kind.
    pub fn of(columns: &Columns) -> Option<Self> {
        let detected = Mapping::all().iter().find(|mapping| mapping.detects(columns));
        let best = Kind::KNOWN.iter().map(|kind| Proposal::new(kind, columns));
        let best = best.max_by_key(|proposal| (proposal.sure.len(), proposal.alike.len()))?;
        let kind = detected.map_or(&best.kind, |mapping| &mapping.kind);
        let best = Proposal::new(kind, columns);
        if detected.is_none() && best.sure.is_empty() && best.alike.is_empty() {
            return None;
        }
        let builtin = detected.or_else(|| best.template()).map(|mapping| mapping.name.clone());
        Some(Self { toml: best.toml(columns, builtin.as_deref()), builtin })
    }

    /// The proposal as a mapping.
    pub fn mapping(&self) -> Result<Mapping, MappingError> {
        Mapping::read(&self.toml)
    }
}

/// What the names of a table say about one kind.
struct Proposal {
    kind: Kind,
    edition: Edition,
    /// Field, place of the column.
    sure: Vec<(&'static Field, usize)>,
    alike: Vec<(&'static Field, usize)>,
    share: usize,
}

impl Proposal {
    fn new(kind: &Kind, columns: &Columns) -> Self {
        let fields = record::fields(kind);
        let (mut sure, mut alike) = (Vec::<(&'static Field, usize)>::new(), Vec::new());
        for (at, name) in columns.names().iter().enumerate() {
            let name = plain(name);
            let calls = |field: &&'static Field| -> bool {
                field_names(field, Edition::V1).iter().any(|known| plain(known) == name)
            };
            let free =
                |field: &&'static Field| !sure.iter().any(|(taken, _)| taken.name == field.name);
            if let Some(field) = fields.iter().filter(calls).find(free) {
                sure.push((field, at));
            }
        }
        for (at, name) in columns.names().iter().enumerate() {
            let taken = |field: &&Field| sure.iter().any(|(other, _)| other.name == field.name);
            if sure.iter().any(|(_, taken)| *taken == at) {
                continue;
            }
            let near = fields
                .iter()
                .filter(|field| !taken(field))
                .map(|field| (likeness(field, name), field));
            if let Some((_, field)) =
                near.filter(|(like, _)| *like >= ALIKE).max_by_key(|(like, _)| *like)
            {
                alike.push((field, at));
            }
        }
        let share = sure.len() * 100 / columns.names().len().max(1);
        let edition = edition(&sure, columns);
        Self { kind: kind.clone(), edition, sure, alike, share }
    }

    /// The template that the columns follow, when most of them are its own.
    fn template(&self) -> Option<&'static Mapping> {
        let person = self.sure.iter().any(|(field, _)| field.name == "person_id")
            && !self.sure.iter().any(|(field, _)| field.name == "party_code");
        Mapping::all().iter().find(|mapping| {
            let same = mapping.kind == self.kind && mapping.edition == self.edition;
            same && mapping.schema
                && mapping.name.contains("person") == person
                && self.share >= TEMPLATE
        })
    }

    fn toml(&self, columns: &Columns, builtin: Option<&str>) -> String {
        let mut out = String::new();
        let name = |at: usize| columns.names().get(at).map_or("", String::as_str);
        let mut line = |text: String| {
            out.push_str(&text);
            out.push('\n');
        };
        if let Some(builtin) = builtin {
            line(format!("# 这些列与内置映射 {builtin} 相符，可直接使用。"));
            line(format!("# The built-in mapping {builtin} is made for these columns."));
        }
        line("# 建议的映射：请核对注释行。 A proposal: look through the comments.".to_owned());
        line(
            "name = \"mine\"\ntitle_zh = \"自定义映射\"\ntitle_en = \"a mapping of our own\""
                .to_owned(),
        );
        line(format!("kind = \"{}\"\nedition = \"{}\"\n\n[fields]", self.kind, self.edition));
        for (field, at) in &self.sure {
            line(format!("{} = {}  # {}", field.name, quoted(name(*at)), field.zh));
        }
        for (field, at) in &self.alike {
            let column = quoted(name(*at));
            line(format!("# 不确定 unsure: {} = {column}  # {}", field.name, field.zh));
        }
        let used: BTreeSet<usize> =
            self.sure.iter().chain(&self.alike).map(|(_, at)| *at).collect();
        for (at, column) in columns.names().iter().enumerate() {
            if !used.contains(&at) {
                line(format!("# 未对应 no field: {}", quoted(column)));
            }
        }
        for field in record::fields(&self.kind) {
            let has = self.sure.iter().any(|(other, _)| other.name == field.name);
            if !has && field.need.legal == Need::Mandatory && field.is_in(self.edition) {
                line(format!("# 缺少 missing: {} = \"…\"  # {}", field.name, field.zh));
            }
        }
        out
    }
}

/// The edition whose columns these are.
fn edition(sure: &[(&'static Field, usize)], columns: &Columns) -> Edition {
    let newest = sure
        .iter()
        .filter(|(field, _)| field.part != FieldPart::Head)
        .map(|(field, _)| field.since)
        .max();
    let first = sure.iter().any(|(field, at)| {
        let name = columns.names().get(*at).map(|name| plain(name)).unwrap_or_default();
        field.until == Edition::V1 && field.name != "area_code"
            || field
                .v1
                .iter()
                .any(|code| plain(code) == name && !field.code.eq_ignore_ascii_case(code))
    });
    match newest {
        Some(Edition::V1) if first => Edition::V1,
        Some(Edition::V21) | None => Edition::V21,
        Some(Edition::V1 | Edition::V2) => Edition::V2,
    }
}

/// How alike a column's name and a field's names are, in percent of shared pairs of characters.
fn likeness(field: &Field, column: &str) -> usize {
    let column = pairs(&plain(column));
    let alike = |name: &&str| {
        let name = pairs(&plain(name));
        let total = name.len() + column.len();
        (name.intersection(&column).count() * 200).checked_div(total).unwrap_or(0)
    };
    let names = [field.zh, field.en, field.name];
    names.iter().filter(|name| !name.is_empty()).map(alike).max().unwrap_or(0)
}

fn pairs(text: &str) -> BTreeSet<(char, char)> {
    text.chars().zip(text.chars().skip(1)).collect()
}

/// A TOML string. Names of columns come from outside.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                // Writing to a string cannot fail.
                let _written = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

const ALIKE: usize = 45;
const TEMPLATE: usize = 60;
