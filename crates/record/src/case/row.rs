//! Rows inside a case (办件子表): steps, supplements, payments, each a few texts under stable names.
//!
//! A row is declared once, with each column's part, length and Chinese term; struct, lookup by name,
//! length check and the masked `Debug` line follow from that one declaration and cannot drift.

use std::collections::BTreeMap;
use std::fmt;

use crate::field::{Cell, Rows, Slot};
use crate::personal::Masked;

/// A column of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name, the same in proto, JSON and Rust.
    pub name: &'static str,
    /// Whether it stands in the open part.
    pub open: bool,
    /// Most characters.
    pub max: usize,
    /// Chinese term of the standard.
    pub zh: &'static str,
}

/// A row of texts, known by name.
pub trait Row: Clone + Default {
    /// Its columns in order.
    const COLUMNS: &'static [Column];

    /// The text of a column.
    fn text(&self, name: &str) -> Option<&str>;

    /// The same, to write.
    fn text_mut(&mut self, name: &str) -> Option<&mut String>;
}

/// In a form, rows are one cell of JSON: an array of objects, a text for each column that says one.
impl<R: Row + fmt::Debug> Rows for Vec<R> {
    fn json(&self) -> String {
        if self.is_empty() {
            return String::new();
        }
        let said = |row: &R| -> BTreeMap<&str, String> {
            let columns = R::COLUMNS.iter().map(|column| column.name);
            let texts = columns.map(|name| (name, row.text(name).unwrap_or_default().to_owned()));
            texts.filter(|(_, text)| !text.is_empty()).collect()
        };
        let rows: Vec<_> = self.iter().map(said).collect();
        serde_json::to_string(&rows).expect("texts by name are JSON")
    }
}

impl<R: Row + fmt::Debug> Cell for Vec<R> {
    fn slot(&self) -> Slot<'_> {
        Slot::Rows(self)
    }

    fn put(&mut self, text: &str) -> bool {
        self.clear();
        if text.is_empty() {
            return true;
        }
        let Ok(rows) = serde_json::from_str::<Vec<BTreeMap<String, String>>>(text) else {
            return false;
        };
        for said in rows {
            let mut row = R::default();
            for (name, text) in said {
                let Some(place) = row.text_mut(&name) else { return false };
                *place = text;
            }
            self.push(row);
        }
        true
    }
}

/// Shows a row without what may be personal.
pub(crate) fn shown<R: Row>(row: &R, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = f.debug_struct(name);
    for column in R::COLUMNS {
        let text = row.text(column.name).unwrap_or_default();
        if text.is_empty() {
            continue;
        }
        if column.open {
            shown.field(column.name, &text);
        } else {
            shown.field(column.name, &Masked(text));
        }
    }
    shown.finish()
}

/// Declares a row: `part name: length, "中文";` a line.
macro_rules! row {
    (
        $(#[$doc:meta])*
        $Name:ident { $( $(#[$about:meta])* $part:ident $field:ident: $max:literal, $zh:literal; )+ }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Default, PartialEq, Eq)]
        pub struct $Name { $( #[doc = $zh] $(#[$about])* pub $field: String, )+ }

        impl $crate::case::row::Row for $Name {
            const COLUMNS: &'static [$crate::case::row::Column] = &[ $(
                $crate::case::row::Column {
                    name: stringify!($field),
                    open: $crate::case::row::row!(@$part),
                    max: $max,
                    zh: $zh,
                },
            )+ ];

            fn text(&self, name: &str) -> Option<&str> {
                match name {
                    $( stringify!($field) => Some(&self.$field), )+
                    _ => None,
                }
            }

            fn text_mut(&mut self, name: &str) -> Option<&mut String> {
                match name {
                    $( stringify!($field) => Some(&mut self.$field), )+
                    _ => None,
                }
            }
        }

        impl std::fmt::Debug for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::case::row::shown(self, stringify!($Name), f)
            }
        }
    };
    (@open) => { true };
    (@closed) => { false };
}
pub(crate) use row;
