//! Editions (版本) of the 双公示 data standard: three generations are alive at the same time.
//!
//! A record is kept as what it was. What a later edition brought is not demanded of an earlier one,
//! and whoever needs one reading for all asks for the newest.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Which edition of the standard a record follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// 2015/16: `XK_XDR`, `CF_CFLB1`, states 0 to 3.
    V1,
    /// 2018: six identifier columns, sources by credit code.
    V2,
    /// Since 2019: the category of the party is said.
    #[default]
    V21,
}

impl Edition {
    /// All editions, oldest first.
    pub const ALL: [Self; 3] = [Self::V1, Self::V2, Self::V21];

    /// The edition as it stands in a record.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
            Self::V21 => "v2.1",
        }
    }

    /// The edition a record names; the newest when it names none or one that is not known.
    pub fn of(text: &str) -> Self {
        text.parse().unwrap_or_default()
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Edition {
    type Err = EditionError;

    fn from_str(text: &str) -> Result<Self, EditionError> {
        Self::ALL.into_iter().find(|edition| edition.as_str() == text).ok_or(EditionError)
    }
}

/// Text that names no edition.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("an edition is v1, v2 or v2.1")]
pub struct EditionError;
