//! Profiles (校验方案) and levels (级别): the same rules, and how much a broken one weighs.
//!
//! A hall is strict with what its own systems write today. Old archives and other countries' files
//! break rules that nobody can mend any more: there a slip is marked and the record goes in, as long
//! as it says who decided what about whom.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// How much a violation weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 标记: the record is accepted with a mark.
    Mark,
    /// 待处理: a person decides before it is accepted.
    Quarantine,
    /// 拒绝: the record is not accepted as it is.
    Refuse,
}

impl Level {
    /// The level as it stands in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mark => "mark",
            Self::Quarantine => "quarantine",
            Self::Refuse => "refuse",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which rules weigh how much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// 双公示 V2.1 as it is demanded today.
    #[default]
    Cn21,
    /// Older data: what cannot be mended any more is marked.
    CnLegacy,
    /// Core fields only; other countries' data.
    Generic,
}

impl Profile {
    /// All profiles.
    pub const ALL: [Self; 3] = [Self::Cn21, Self::CnLegacy, Self::Generic];

    /// The profile as it is named.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cn21 => "cn-2.1",
            Self::CnLegacy => "cn-legacy",
            Self::Generic => "generic",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Profile {
    type Err = ProfileError;

    fn from_str(text: &str) -> Result<Self, ProfileError> {
        Self::ALL.into_iter().find(|profile| profile.as_str() == text).ok_or(ProfileError)
    }
}

/// Text that names no profile.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a profile is cn-2.1, cn-legacy or generic")]
pub struct ProfileError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_and_levels_by_name() {
        for profile in Profile::ALL {
            assert_eq!(profile.as_str().parse(), Ok(profile));
        }
        assert_eq!("cn".parse::<Profile>(), Err(ProfileError));
        assert!(Level::Mark < Level::Quarantine && Level::Quarantine < Level::Refuse);
        assert_eq!(Level::Quarantine.to_string(), "quarantine");
    }
}
