//! A mapping laid over a table's columns, and what it makes of a row.

use record::{Form, Note};
use sha2::{Digest, Sha256};

use super::Mapping;
use super::revision::{Judged, RowRevision};
use crate::table::{Columns, Row};

/// A mapping over columns.
#[derive(Debug)]
pub struct Binding<'a> {
    mapping: &'a Mapping,
    /// Places of each source's columns, in the order of the sources.
    places: Vec<Vec<usize>>,
    ordinal: Vec<usize>,
    note: Option<usize>,
    unused: Vec<String>,
    missing: Vec<String>,
}

/// What a mapping makes of a row.
#[derive(Clone, Debug)]
pub struct Mapped {
    /// The record, to be read and validated.
    pub form: Form,
    /// What the row says about the record it describes.
    pub revision: Option<RowRevision>,
    /// Whether the row has a note that no rule understands.
    pub unclear: bool,
    /// What the mapping's steps changed.
    pub notes: Vec<Note>,
    /// The amount that the mapping sums, in millionths of the file's unit.
    pub sum: u128,
}

impl<'a> Binding<'a> {
    pub(super) fn new(mapping: &'a Mapping, columns: &Columns) -> Self {
        let mut used = vec![false; columns.names().len()];
        let mut missing = Vec::new();
        let mut place = |name: &String| {
            let place = columns.place(name)?;
            if let Some(used) = used.get_mut(place) {
                *used = true;
            }
            Some(place)
        };
        let mut places = Vec::new();
        for source in &mapping.sources {
            let found: Vec<usize> = source.steps.from.iter().filter_map(&mut place).collect();
            if found.is_empty() && !source.steps.from.is_empty() {
                missing.push(source.field.name.to_owned());
            }
            places.push(found);
        }
        let ordinal = mapping.ordinal.iter().filter_map(&mut place).collect();
        let note = mapping.revision.as_ref().and_then(|rules| place(&rules.note));
        let names = columns.names().iter().zip(&used);
        let unused = names.filter(|(_, used)| !**used).map(|(name, _)| name.clone()).collect();
        Self { mapping, places, ordinal, note, unused, missing }
    }

    /// Columns that the mapping takes nothing from.
    pub fn unused(&self) -> &[String] {
        &self.unused
    }

    /// Fields whose columns the table does not have.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// Whether the table has none of the mapping's columns: it is another table's.
    pub fn is_foreign(&self) -> bool {
        self.places.iter().all(Vec::is_empty)
    }

    /// What the mapping makes of a row of the table.
    pub fn apply(&self, row: &Row) -> Mapped {
        let mapping = self.mapping;
        let cell = |at: &usize| row.cells.get(*at).map_or("", String::as_str);
        let mut mapped = Mapped {
            form: Form::new(mapping.kind.clone()),
            revision: None,
            unclear: false,
            notes: Vec::new(),
            sum: 0,
        };
        for (source, places) in mapping.sources.iter().zip(&self.places) {
            let before = source.steps.gather(places.iter().map(cell));
            if mapping.sum == Some(source.field.name) {
                mapped.sum = millionths(&before);
            }
            let after = source.steps.apply(source.field, &before);
            let piece = after.is_empty() && source.steps.takes_a_piece();
            if after != before && !before.is_empty() && !piece {
                let (field, code) = (source.field.name, "mapped");
                mapped.notes.push(Note { field, code, before, after: after.clone() });
            }
            set(&mut mapped.form, source.field.name, after);
        }
        for (name, value) in &mapping.defaults {
            if mapped.form.value(name).trim().is_empty() {
                set(&mut mapped.form, name, value.clone());
            }
        }
        if !self.ordinal.is_empty() {
            let ordinal = ordinal(self.ordinal.iter().map(cell));
            set(&mut mapped.form, "ordinal", ordinal.to_string());
        }
        if let (Some(rules), Some(note)) = (&mapping.revision, &self.note) {
            match rules.judge(cell(note), mapped.form.value("document_number")) {
                Judged::Stands => {}
                Judged::Revised(revision) => mapped.revision = Some(revision),
                Judged::Unclear => mapped.unclear = true,
            }
        }
        mapped
    }
}

fn set(form: &mut Form, name: &str, text: String) {
    form.set(name, text).expect("a mapping's fields are fields of its kind");
}

/// A number that is always the same for the same cells. Digits stand for themselves.
fn ordinal<'a>(cells: impl Iterator<Item = &'a str>) -> u32 {
    let cells: Vec<&str> = cells.map(str::trim).collect();
    if let [cell] = cells[..]
        && let Ok(number) = cell.parse()
    {
        return number;
    }
    let digest = Sha256::digest(cells.join("\u{1f}"));
    let head = digest.first_chunk().copied().unwrap_or_default();
    u32::from_be_bytes(head) >> 1
}

/// A decimal in millionths; nothing for what is no decimal.
fn millionths(text: &str) -> u128 {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let padded = format!("{whole}{part:0<6}");
    let exact = part.len() <= 6 && padded.bytes().all(|byte| byte.is_ascii_digit());
    if exact { padded.parse().unwrap_or(0) } else { 0 }
}
