//! An entry's public label: format, sharing class, audience. Eight bytes, part of the leaf.
//!
//! ```text
//! 0       1       2           4                8
//! | format| class | reserved 0| audience (u32) |
//! ```
//!
//! The origin's policy chooses the label once, at its door. Links decide on labels alone, so unknown
//! kinds and newer schemas travel like any other.

use std::str::FromStr;

use thiserror::Error;

/// Sharing class (共享类别) of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SharingClass {
    /// 主动公开: head and open part to every hall.
    Open,
    /// 无条件共享: every part to every hall.
    Unconditional,
    /// 有条件/授权共享: every part to the halls above the origin, others by audience.
    Conditional,
    /// 不予共享: stays at its origin unless an audience says otherwise.
    Withheld,
}

impl SharingClass {
    /// All classes in the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Open, Self::Unconditional, Self::Conditional, Self::Withheld];

    /// The class as users write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Unconditional => "unconditional",
            Self::Conditional => "conditional",
            Self::Withheld => "withheld",
        }
    }

    /// The number that stands in a label.
    pub fn number(self) -> u8 {
        match self {
            Self::Open => 1,
            Self::Unconditional => 2,
            Self::Conditional => 3,
            Self::Withheld => 4,
        }
    }
}

impl FromStr for SharingClass {
    type Err = SharingClassError;

    fn from_str(text: &str) -> Result<Self, SharingClassError> {
        Self::ALL.into_iter().find(|class| class.as_str() == text).ok_or(SharingClassError)
    }
}

/// Text that names no sharing class.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a sharing class is open, unconditional, conditional or withheld")]
pub struct SharingClassError;

/// The audience number of an entry (受众编号); 0 stands for the class's default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AudienceNumber(pub u32);

/// What everybody may know about an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    /// Its sharing class.
    pub class: SharingClass,
    /// Who is meant, beyond the class.
    pub audience: AudienceNumber,
}

impl Label {
    /// Bytes of a label.
    pub const LEN: usize = 8;
    const FORMAT: u8 = 1;

    /// The label as it stands in a leaf.
    pub fn to_bytes(self) -> [u8; Self::LEN] {
        let [a, b, c, d] = self.audience.0.to_be_bytes();
        [Self::FORMAT, self.class.number(), 0, 0, a, b, c, d]
    }

    /// Reads a label; another format, class or reserved byte is an error.
    pub fn from_bytes(bytes: [u8; Self::LEN]) -> Result<Self, LabelError> {
        let [format, class, r0, r1, a, b, c, d] = bytes;
        let class = SharingClass::ALL.into_iter().find(|known| known.number() == class);
        match (format, class, r0, r1) {
            (Self::FORMAT, Some(class), 0, 0) => {
                Ok(Self { class, audience: AudienceNumber(u32::from_be_bytes([a, b, c, d])) })
            }
            _ => Err(LabelError { bytes }),
        }
    }
}

/// A label this version cannot read.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("label {bytes:02x?} has an unknown format, class or reserved byte")]
pub struct LabelError {
    /// The bytes as found.
    pub bytes: [u8; Label::LEN],
}

/// A set of parts, one bit each: bit 0 `head`, bit 1 `open`, bit 2 `closed`, bit 3 reserved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartSet(u8);

impl PartSet {
    /// No part.
    pub const NONE: Self = Self(0);
    /// `head` alone.
    pub const HEAD: Self = Self(0b0001);
    /// What a publication needs: `head` and `open`.
    pub const PUBLIC: Self = Self(0b0011);
    /// Every part an entry can have.
    pub const ALL: Self = Self(0b1111);

    /// The set with these bits; bits above the fourth are dropped.
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// The first `count` parts.
    pub const fn first(count: usize) -> Self {
        match count {
            0 => Self::NONE,
            1 => Self::HEAD,
            2 => Self::PUBLIC,
            3 => Self(0b0111),
            _ => Self::ALL,
        }
    }

    /// The bits.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether part `index` is in the set.
    pub const fn contains(self, index: usize) -> bool {
        index < 4 && self.0 & (1 << index) != 0
    }

    /// In either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// In both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// In this one only.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there is nothing in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_round_trip_and_reserve_what_is_unknown() {
        for class in SharingClass::ALL {
            let label = Label { class, audience: AudienceNumber(0x0102_0304) };
            assert_eq!(Label::from_bytes(label.to_bytes()), Ok(label));
        }
        for bad in [[2, 1, 0, 0, 0, 0, 0, 0], [1, 5, 0, 0, 0, 0, 0, 0], [1, 1, 0, 1, 0, 0, 0, 0]] {
            assert!(Label::from_bytes(bad).is_err());
        }
    }
}
