//! From a mapping's text to a mapping: every name in it must be one the schema has.

use std::ops::Range;

use record::{Edition, Field, Kind, Profile, Value};
use toml::Spanned;

use super::model::{self, File, Rule};
use super::revision::RevisionRules;
use super::steps::Steps;
use super::{Mapping, MappingError, Source};
use crate::limit::MAPPING_BYTES_MAX;
use crate::table::plain;

/// Reads and checks.
pub(super) fn mapping(text: &str) -> Result<Mapping, MappingError> {
    if text.len() > MAPPING_BYTES_MAX {
        return Err(MappingError { line: 1, what: "the mapping is too long".to_owned() });
    }
    let check = Check { text };
    let file: File = toml::from_str(text).map_err(|error| {
        check.error(error.span().unwrap_or_default(), error.message().to_owned())
    })?;
    let kind: Kind = check.word(&file.kind)?;
    if record::fields(&kind).is_empty() {
        return Err(check.error(file.kind.span(), format!("{kind} has no fields to map to")));
    }
    let edition = file.edition.as_ref().map_or(Ok(Edition::default()), |word| check.word(word))?;
    let profile = file.profile.as_ref().map_or(Ok(Profile::default()), |word| check.word(word))?;
    let sum = file.sum.as_ref().map(|name| check.field(&kind, name)).transpose()?;
    let mut defaults = Vec::new();
    for (name, value) in &file.defaults {
        defaults.push((check.field(&kind, name)?.name, value.clone()));
    }
    let mut sources = Vec::new();
    for (name, rule) in &file.fields {
        let steps = Steps::new(rule_steps(rule.clone()));
        sources.push(Source { field: check.field(&kind, name)?, steps });
    }
    if file.schema_columns {
        add_schema_columns(&mut sources, &kind, edition);
    }
    Ok(Mapping {
        name: file.name,
        title_zh: file.title_zh,
        title_en: file.title_en,
        kind,
        edition,
        profile,
        schema: file.schema_columns,
        detect: file.detect,
        sum: sum.map(|field| field.name),
        ordinal: file.ordinal,
        defaults,
        sources,
        revision: file.revision.map(RevisionRules::new),
    })
}

fn rule_steps(rule: Rule) -> model::Steps {
    match rule {
        Rule::Column(column) => model::Steps { from: vec![column], ..model::Steps::default() },
        Rule::Columns(from) => model::Steps { from, ..model::Steps::default() },
        Rule::Steps(steps) => *steps,
    }
}

/// Adds the columns that the schema names. A field the file speaks of keeps the file's rule, and a
/// column belongs to the first field that claims it.
fn add_schema_columns(sources: &mut Vec<Source>, kind: &Kind, edition: Edition) {
    let explicit = sources.iter().flat_map(|source| source.steps.from.iter());
    let mut claimed: Vec<String> = explicit.map(|name| plain(name)).collect();
    for field in record::fields(kind) {
        if sources.iter().any(|source| source.field.name == field.name) {
            continue;
        }
        let many = matches!(field.value, Value::Many(_)) && field.v1.len() > 1;
        let mut from = Vec::new();
        for name in field_names(field, edition) {
            if !claimed.contains(&plain(name)) {
                claimed.push(plain(name));
                from.push(name.to_owned());
            }
        }
        let join = many.then(|| ";".to_owned());
        let steps = Steps::new(model::Steps { from, join, ..model::Steps::default() });
        sources.push(Source { field, steps });
    }
}

/// Names a column of the field may have, the edition's own first.
pub(crate) fn field_names(field: &'static Field, edition: Edition) -> Vec<&'static str> {
    let v1 = if edition == Edition::V1 { field.v1 } else { &[] };
    let names = v1.iter().copied().chain([field.code, field.zh, field.name]);
    names.chain(field.aliases.iter().copied()).filter(|name| !name.is_empty()).collect()
}

struct Check<'a> {
    text: &'a str,
}

impl Check<'_> {
    fn word<T: std::str::FromStr>(&self, word: &Spanned<String>) -> Result<T, MappingError>
    where
        T::Err: std::fmt::Display,
    {
        word.get_ref().parse().map_err(|error: T::Err| self.error(word.span(), error.to_string()))
    }

    fn field(&self, kind: &Kind, name: &Spanned<String>) -> Result<&'static Field, MappingError> {
        let found = record::fields(kind).iter().find(|field| field.name == name.get_ref());
        let what = || format!("{kind} has no field {}", name.get_ref());
        found.ok_or_else(|| self.error(name.span(), what()))
    }

    fn error(&self, span: Range<usize>, what: String) -> MappingError {
        let before = self.text.get(..span.start).unwrap_or_default();
        MappingError { line: before.split('\n').count(), what }
    }
}
