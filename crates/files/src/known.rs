//! Names of columns that some mapping knows; they tell a header from a title.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Whether a name in its plain form is a known column.
pub(crate) fn is_column(plain: &str) -> bool {
    KNOWN.contains(plain)
}

static KNOWN: LazyLock<BTreeSet<String>> = LazyLock::new(BTreeSet::new);
