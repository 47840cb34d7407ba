//! Exports: which columns a record's form goes out under.
//!
//! Three layouts. The *whole* one has a column for every field of the schema, by its name here; the
//! *complete* one the same by Chinese name, the standard's columns first; what they write comes back
//! in as it was. The *template* one has the standard's columns of one edition, by
//! Chinese name or by code, dates as YYYY/MM/DD; it is for receivers who know nothing else. A masked
//! export says so in a column of ours and is never taken back in: its names have stars.

use std::collections::BTreeSet;

use record::{Date, Edition, Field, Form, Kind, Masking, Need, Origin, Value};

use crate::mapping::{Mapping, field_names};
use crate::marker;
use crate::table::plain;

/// How columns of a template are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// By Chinese name.
    Chinese,
    /// By the standard's code.
    Code,
}

/// The columns of an export.
#[derive(Clone, Debug)]
pub struct Layout {
    columns: Vec<Column>,
    masking: Masking,
    slashes: bool,
}

/// One column: its name, and the fields of which the first that says something fills it.
#[derive(Clone, Debug)]
struct Column {
    name: &'static str,
    fields: Vec<&'static Field>,
}

impl Layout {
    /// Every field of the kind, by name.
    pub fn whole(kind: &Kind, masking: Masking) -> Self {
        let column = |field: &'static Field| Column { name: field.name, fields: vec![field] };
        let columns = record::fields(kind).iter().map(column).collect();
        Self { columns, masking, slashes: false }
    }

    /// Every field of the kind by Chinese name: the standard's columns in their order, then ours. A
    /// field whose Chinese name means another column goes by its name here.
    pub fn complete(kind: &Kind, masking: Masking) -> Self {
        let mut claimed = BTreeSet::new();
        let mut columns = Vec::new();
        for field in record::fields(kind) {
            let taken = claimed.contains(&plain(field.zh));
            claimed.extend(field_names(field, Edition::V21).into_iter().map(plain));
            let name = if taken { field.name } else { field.zh };
            columns.push(Column { name, fields: vec![field] });
        }
        let place = |column: &Column| {
            let seq = column.fields.first().map_or(0, |field| field.seq);
            (seq == 0, seq)
        };
        columns.sort_by_key(place);
        Self { columns, masking, slashes: false }
    }

    /// The columns of a template of the standard that a mapping is for; none for other mappings.
    pub fn of_mapping(mapping: &Mapping, masking: Masking) -> Option<Self> {
        let (kind, edition) = (&mapping.kind, mapping.edition);
        let of = |natural| Self::template(kind, edition, natural, Header::Chinese, masking);
        mapping.is_template().then(|| of(mapping.is_for_persons()))
    }

    /// The standard's columns of an edition, for organisations or for natural persons; of other kinds
    /// than permits and penalties those of the national front tables.
    pub fn template(
        kind: &Kind,
        edition: Edition,
        natural: bool,
        header: Header,
        masking: Masking,
    ) -> Self {
        let origin = match kind {
            Kind::Permit | Kind::Penalty => Origin::Standard,
            Kind::Case
            | Kind::Material
            | Kind::Item
            | Kind::PowerList
            | Kind::Act
            | Kind::Registered(_) => Origin::Template,
        };
        let mut fields: Vec<&'static Field> = record::fields(kind)
            .iter()
            .filter(|field| field.origin == origin && !field.code.is_empty())
            .filter(|field| field.is_in(edition))
            .filter(|field| {
                let need = if natural { field.need.natural } else { field.need.legal };
                need != Need::Absent
            })
            .collect();
        fields.sort_by_key(|field| field.seq);
        let mut columns: Vec<Column> = Vec::new();
        for field in fields {
            let code = match (edition, field.v1.first()) {
                (Edition::V1, Some(code)) => code,
                (Edition::V1 | Edition::V2 | Edition::V21, _) => field.code,
            };
            let name = match header {
                Header::Chinese => field.zh,
                Header::Code => code,
            };
            let name = if natural && field.name == "person_name" {
                party_name(kind, name, header)
            } else {
                name
            };
            match columns.iter_mut().find(|column| column.name == name) {
                Some(column) => column.fields.push(field),
                None => columns.push(Column { name, fields: vec![field] }),
            }
        }
        Self { columns, masking, slashes: true }
    }

    /// Names of the columns.
    pub fn columns(&self) -> Vec<String> {
        let names = self.columns.iter().map(|column| column.name);
        names.chain(self.is_masked().then_some(marker::MASKED)).map(str::to_owned).collect()
    }

    /// The cells of a form, which must have been made with the layout's masking.
    pub fn cells(&self, form: &Form) -> Vec<String> {
        let text = |column: &Column| {
            let said = column.fields.iter().map(|field| (*field, form.value(field.name)));
            let said = said.into_iter().find(|(_, text)| !text.is_empty());
            said.map_or(String::new(), |(field, text)| self.spelt(field, text))
        };
        let mut cells: Vec<String> = self.columns.iter().map(text).collect();
        if self.is_masked() {
            cells.push("public".to_owned());
        }
        cells
    }

    /// How much the export shows.
    pub fn masking(&self) -> Masking {
        self.masking
    }

    /// Whether the export is masked.
    pub fn is_masked(&self) -> bool {
        self.masking == Masking::Public
    }

    fn spelt(&self, field: &Field, text: &str) -> String {
        let is_day = matches!(field.value, Value::Date | Value::DecisionDate);
        if self.slashes && is_day && text.parse::<Date>().is_ok() {
            return text.replace('-', "/");
        }
        text.to_owned()
    }
}

/// A natural person's name stands under the column of the party's name.
fn party_name(kind: &Kind, name: &'static str, header: Header) -> &'static str {
    let party = record::fields(kind).iter().find(|field| field.name == "party_name");
    match header {
        Header::Chinese => party.map_or(name, |field| field.zh),
        Header::Code => name,
    }
}
