//! Names of columns that the schema or a built-in mapping knows; they tell a header from a title.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use record::{Edition, Kind};

use crate::mapping::{Mapping, field_names};
use crate::table::plain;

/// Whether a name in its plain form is a known column.
pub(crate) fn is_column(plain: &str) -> bool {
    KNOWN.contains(plain)
}

static KNOWN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let fields = Kind::KNOWN.iter().flat_map(|kind| record::fields(kind));
    let schema = fields.flat_map(|field| field_names(field, Edition::V1));
    let mappings = Mapping::all().iter().flat_map(Mapping::column_names);
    schema.chain(mappings).map(plain).collect()
});
