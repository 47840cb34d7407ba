//! The columns of a table, by place and by name.

use std::collections::BTreeMap;

use super::header::plain;

/// Names of the columns, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    names: Vec<String>,
    places: BTreeMap<String, usize>,
}

impl Columns {
    /// Columns of these names; of two that are alike, the first is found by name.
    pub fn new(names: Vec<String>) -> Self {
        let mut places = BTreeMap::new();
        for (at, name) in names.iter().enumerate() {
            places.entry(plain(name)).or_insert(at);
        }
        Self { names, places }
    }

    /// The names as they stand in the file.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Place of the column called `name`, whatever the case, width and spaces.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.places.get(&plain(name)).copied()
    }
}
