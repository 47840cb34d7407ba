//! Personal data in `Debug` lines: only that something is there, never what.

use std::fmt;

/// Shows as `***` and a count of characters.
pub(crate) struct Masked<'a>(pub(crate) &'a str);

impl fmt::Debug for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&masked(self.0))
    }
}

/// `***` and a count of characters; nothing for nothing.
pub(crate) fn masked(value: &str) -> String {
    match value.chars().count() {
        0 => String::new(),
        count => format!("*** ({count})"),
    }
}
