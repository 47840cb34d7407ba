//! Kinds (类别): what a record is about.
//!
//! Seven are known by name; any other registered name travels with the same guarantees, its body
//! untouched. A registered kind needs no new version of anything on its way.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use thiserror::Error;

/// Longest name of a registered kind.
pub const KIND_MAX: usize = 64;

/// What a record is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 行政许可.
    Permit,
    /// 行政处罚.
    Penalty,
    /// 办件.
    Case,
    /// 共享材料.
    Material,
    /// 事项.
    Item,
    /// 权力清单.
    PowerList,
    /// 法令性操作: what a hall decides; only a hall itself writes one.
    Act,
    /// A registered name `[a-z0-9.-]{1,64}` whose body is carried intact.
    Registered(Arc<str>),
}

impl Kind {
    /// The kinds known by name.
    pub const KNOWN: [Self; 7] = [
        Self::Permit,
        Self::Penalty,
        Self::Case,
        Self::Material,
        Self::Item,
        Self::PowerList,
        Self::Act,
    ];

    /// The kind as it stands in a head.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Permit => "permit",
            Self::Penalty => "penalty",
            Self::Case => "case",
            Self::Material => "material",
            Self::Item => "item",
            Self::PowerList => "power-list",
            Self::Act => "act",
            Self::Registered(name) => name,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = KindError;

    fn from_str(text: &str) -> Result<Self, KindError> {
        if let Some(known) = Self::KNOWN.into_iter().find(|kind| kind.as_str() == text) {
            return Ok(known);
        }
        let legal =
            |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.');
        if text.is_empty() || text.len() > KIND_MAX || !text.bytes().all(legal) {
            return Err(KindError);
        }
        Ok(Self::Registered(text.into()))
    }
}

/// Text that names no kind.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error(
    "a kind is permit, penalty, case, material, item, power-list, act or a registered name [a-z0-9.-]{{1,64}}"
)]
pub struct KindError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_round_trip_and_hostile_ones_are_refused() {
        for text in [
            "permit",
            "penalty",
            "case",
            "material",
            "item",
            "power-list",
            "act",
            "land.transfer-2",
        ] {
            assert_eq!(text.parse::<Kind>().unwrap().as_str(), text);
        }
        for bad in ["", "Permit", "许可", "a b", &"a".repeat(65)] {
            assert_eq!(bad.parse::<Kind>(), Err(KindError), "{bad}");
        }
    }
}
