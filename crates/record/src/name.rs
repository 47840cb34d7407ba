//! Names that reach disk, wire and signatures: trust domain, hall, lane, generation, ledger.
//!
//! A ledger's name is its C2SP origin line, `<trust-domain>/hallway/<hall>/<lane>/<generation>`;
//! everything keys on it, never on the bare hall. Hall ids are permanent, often taken from a
//! division code and never parsed as one: 长白山管委会 has none, and codes change.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use thiserror::Error;

/// Longest ledger name in bytes.
pub const LEDGER_NAME_MAX: usize = 200;
/// Longest hall id in bytes.
pub const HALL_ID_MAX: usize = 40;

/// A hall's permanent name (厅标识): `[a-z0-9-]{1,40}`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HallId(Arc<str>);

impl HallId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for HallId {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if text.is_empty() || text.len() > HALL_ID_MAX || !text.bytes().all(legal) {
            return Err(NameError::Hall { text: shorten(text) });
        }
        Ok(Self(text.into()))
    }
}

/// A trust domain (信任域): `[a-z0-9.-]{1,100}`, one root hall each.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrustDomain(Arc<str>);

impl TrustDomain {
    /// The domain as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TrustDomain {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
        if text.is_empty() || text.len() > 100 || !text.bytes().all(legal) {
            return Err(NameError::Domain { text: shorten(text) });
        }
        Ok(Self(text.into()))
    }
}

/// The three sequences a hall writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// Members, keys, audiences, rulings: open to every hall of the trust domain.
    Acts,
    /// The traffic.
    Records,
    /// Audit entries, quarantine, operators' decisions: for keepers only.
    Private,
}

impl Lane {
    /// All lanes, in the order they are listed everywhere.
    pub const ALL: [Self; 3] = [Self::Acts, Self::Records, Self::Private];

    /// The lane as it stands in a ledger name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acts => "acts",
            Self::Records => "records",
            Self::Private => "private",
        }
    }
}

impl FromStr for Lane {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::ALL
            .into_iter()
            .find(|lane| lane.as_str() == text)
            .ok_or_else(|| NameError::Lane { text: shorten(text) })
    }
}

/// The n-th life of a lane; a generation is never reopened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub u32);

/// One hall's append-only sequence in a lane and generation.
///
/// ```
/// use record::{Lane, LedgerName};
/// let name: LedgerName = "jilin.example/hallway/220100/records/1".parse().unwrap();
/// assert_eq!(name.lane(), Lane::Records);
/// assert_eq!(name.to_string(), "jilin.example/hallway/220100/records/1");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LedgerName {
    domain: TrustDomain,
    hall: HallId,
    lane: Lane,
    generation: Generation,
}

impl LedgerName {
    /// Joins the four words of a name; the limits of each keep the whole within [`LEDGER_NAME_MAX`].
    pub fn new(domain: TrustDomain, hall: HallId, lane: Lane, generation: Generation) -> Self {
        Self { domain, hall, lane, generation }
    }

    /// The trust domain.
    pub fn domain(&self) -> &TrustDomain {
        &self.domain
    }

    /// The hall that writes it.
    pub fn hall(&self) -> &HallId {
        &self.hall
    }

    /// Its lane.
    pub fn lane(&self) -> Lane {
        self.lane
    }

    /// Its generation.
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// The ledger that follows this one after a `Continuation`. The last number has no successor
    /// but itself, which is open already and so can never be opened.
    #[must_use]
    pub fn next_generation(&self) -> Self {
        Self { generation: Generation(self.generation.0.saturating_add(1)), ..self.clone() }
    }
}

impl fmt::Display for LedgerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { domain, hall, lane, generation } = self;
        write!(f, "{domain}/hallway/{hall}/{}/{}", lane.as_str(), generation.0)
    }
}

impl FromStr for LedgerName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let malformed = || NameError::Ledger { text: shorten(text) };
        if text.len() > LEDGER_NAME_MAX {
            return Err(malformed());
        }
        let words: Vec<&str> = text.split('/').collect();
        let [domain, "hallway", hall, lane, generation] = words[..] else {
            return Err(malformed());
        };
        if generation.is_empty() || generation.starts_with(['0', '+']) {
            return Err(malformed());
        }
        let generation = Generation(generation.parse().map_err(|_| malformed())?);
        Ok(Self::new(domain.parse()?, hall.parse()?, lane.parse()?, generation))
    }
}

/// Why a name was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NameError {
    /// Not `[a-z0-9-]{1,40}`.
    #[error("hall id {text:?} is not [a-z0-9-]{{1,40}}")]
    Hall {
        /// What was given, shortened.
        text: String,
    },
    /// Not `[a-z0-9.-]{1,100}`.
    #[error("trust domain {text:?} is not [a-z0-9.-]{{1,100}}")]
    Domain {
        /// What was given, shortened.
        text: String,
    },
    /// Not `acts`, `records` or `private`.
    #[error("lane {text:?} is not acts, records or private")]
    Lane {
        /// What was given, shortened.
        text: String,
    },
    /// Not `<trust-domain>/hallway/<hall>/<lane>/<generation>`.
    #[error("ledger name {text:?} is not <trust-domain>/hallway/<hall>/<lane>/<generation>")]
    Ledger {
        /// What was given, shortened.
        text: String,
    },
}

/// Hostile names are quoted in errors, never at full length.
fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}

macro_rules! shows_as_text {
    ($($name:ty),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}
shows_as_text!(HallId, TrustDomain);

impl fmt::Debug for LedgerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ledger_names_round_trip_and_refuse_what_is_not_one() {
        let good = "jilin.example/hallway/changbaishan/acts/12";
        assert_eq!(good.parse::<LedgerName>().unwrap().to_string(), good);
        for bad in [
            "",
            "jilin.example/hallway/220100/records",
            "jilin.example/hallway/220100/records/01",
            "jilin.example/hallway/220100/records/+1",
            "jilin.example/hallway/220100/record/1",
            "jilin.example/other/220100/records/1",
            "jilin.example/hallway/长白山/records/1",
            "jilin.example/hallway/220100/records/1/",
            "jilin.example/hallway/220100/records/4294967296",
        ] {
            assert!(bad.parse::<LedgerName>().is_err(), "{bad}");
        }
    }
}
