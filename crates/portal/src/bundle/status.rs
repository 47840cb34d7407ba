//! The status note `hallway-status/v1`: what a hall knew of a record, when. A signed note under the
//! hall's log key name.
//!
//! ```text
//! hallway-status/v1
//! hall <trust domain>/hallway/<hall>
//! time <seconds since 1970>
//! record <record id>
//! entry <ledger>#<index>         the entry that is spoken of
//! size <entries>                 how far the hall holds its ledger
//! root <base64>                  the root there, under a seal
//! latest <ledger>#<index>        the newest revision that the hall sees
//! revision <number>              its number
//! current <yes or no>            whether entry and latest are one
//! state <in-force, withdrawn or replaced>
//! successor <record id or none>  what takes its place
//! successor-document <number>    its document number; no such line when the replacement tells none
//! suspended <yes or no>          it is not carried out for now
//! published <yes or no>          its publication has not ended
//! rulings <ids or none>          those that stand about it
//! standing <open, frozen or ended>
//! unseen <entries>               later entries whose head the hall may not or cannot read
//! ```
//!
//! An inclusion proof stays true for ever, a status does not: it is its hall's word at that time.
//! Anything in `unseen` may be a newer revision. State and what follows it are the record's effective
//! state: its revisions and the standing rulings, as the hall knew them.

use std::fmt;
use std::str::FromStr;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ledger::{Note, SignError, SignatureLine, Signer, VerifierKey, log_key_name};
use record::{Effective, HallId, Hash, LedgerName, RecordId, State, Successor, TrustDomain};
use thiserror::Error;

const TITLE: &str = "hallway-status/v1";

/// What a hall knew of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusNote {
    /// The hall's trust domain.
    pub domain: TrustDomain,
    /// The hall.
    pub hall: HallId,
    /// When, in seconds since 1970.
    pub seconds: u64,
    /// The record.
    pub record: RecordId,
    /// The entry spoken of.
    pub entry: (LedgerName, u64),
    /// How far its ledger is held.
    pub size: u64,
    /// The root there.
    pub root: Hash,
    /// The newest revision seen.
    pub latest: (LedgerName, u64),
    /// Its number.
    pub revision: u32,
    /// How the record stands.
    pub effective: Effective,
    /// How the entry's ledger stands: open, frozen or ended.
    pub standing: Standing,
    /// Later entries whose head was not to be seen.
    pub unseen: u64,
}

/// How a ledger stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It grows.
    Open,
    /// It forked.
    Frozen,
    /// A later generation continues it.
    Ended,
}

impl Standing {
    const ALL: [Self; 3] = [Self::Open, Self::Frozen, Self::Ended];

    fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Frozen => "frozen",
            Self::Ended => "ended",
        }
    }
}

impl StatusNote {
    /// Whether the entry spoken of is the newest revision that the hall sees.
    pub fn is_current(&self) -> bool {
        self.entry == self.latest
    }

    /// The name the note is signed under.
    pub fn key_name(&self) -> String {
        log_key_name(&self.domain, &self.hall)
    }

    /// The note, signed with the hall's log key.
    pub fn sign(&self, signer: &dyn Signer) -> Result<String, SignError> {
        let text = self.to_string();
        let key = VerifierKey::log(&self.domain, &self.hall, signer.public());
        let signature = signer.sign(text.as_bytes())?.to_vec();
        let key_id = key.key_id();
        let line = SignatureLine { name: key.name, key_id, signature };
        Ok(Note { text, signatures: vec![line] }.to_string())
    }
}

/// The text that is signed.
impl fmt::Display for StatusNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let current = if self.is_current() { "yes" } else { "no" };
        writeln!(f, "{TITLE}\nhall {}\ntime {}", self.key_name(), self.seconds)?;
        writeln!(f, "record {}\nentry {}#{}", self.record, self.entry.0, self.entry.1)?;
        writeln!(f, "size {}\nroot {}", self.size, BASE64_STANDARD.encode(self.root))?;
        writeln!(f, "latest {}#{}", self.latest.0, self.latest.1)?;
        writeln!(f, "revision {}\ncurrent {current}", self.revision)?;
        let Effective { state, suspended, published, rulings } = &self.effective;
        let successor = match state {
            State::Replaced { successor } => successor.clone(),
            State::InForce | State::Withdrawn => Successor::default(),
        };
        let record = successor.record.map_or_else(none, |record| record.to_string());
        writeln!(f, "state {}\nsuccessor {record}", state.as_str())?;
        if !successor.number.is_empty() {
            writeln!(f, "successor-document {}", successor.number)?;
        }
        writeln!(f, "suspended {}\npublished {}", word(*suspended), word(*published))?;
        let rulings: Vec<String> = rulings.iter().map(ToString::to_string).collect();
        let rulings = if rulings.is_empty() { none() } else { rulings.join(" ") };
        writeln!(f, "rulings {rulings}")?;
        writeln!(f, "standing {}\nunseen {}", self.standing.as_str(), self.unseen)
    }
}

/// Reads the text; only the spelling that [`fmt::Display`] gives is taken.
impl FromStr for StatusNote {
    type Err = StatusNoteError;

    fn from_str(text: &str) -> Result<Self, StatusNoteError> {
        let note = read(text)?;
        if note.to_string() == text { Ok(note) } else { Err(StatusNoteError::Spelling) }
    }
}

fn read(text: &str) -> Result<StatusNote, StatusNoteError> {
    let mut lines = text.lines().peekable();
    if lines.next() != Some(TITLE) {
        return Err(StatusNoteError::Title);
    }
    let mut field = |word: &'static str| {
        let line = lines.next_if(|line| rest_of(line, word).is_some());
        line.and_then(|line| rest_of(line, word)).ok_or(StatusNoteError::Field { word })
    };
    let (domain, hall) = parsed("hall", field("hall")?, |text| {
        let (domain, hall) = text.split_once("/hallway/")?;
        Some((domain.parse().ok()?, hall.parse().ok()?))
    })?;
    let seconds = parsed("time", field("time")?, |text| text.parse().ok())?;
    let record = parsed("record", field("record")?, |text| text.parse().ok())?;
    let entry = parsed("entry", field("entry")?, place)?;
    let size = parsed("size", field("size")?, |text| text.parse().ok())?;
    let root =
        parsed("root", field("root")?, |text| BASE64_STANDARD.decode(text).ok()?.try_into().ok())?;
    let latest = parsed("latest", field("latest")?, place)?;
    let revision = parsed("revision", field("revision")?, |text| text.parse().ok())?;
    field("current")?;
    let state = field("state")?;
    let record_after = parsed("successor", field("successor")?, |text| match text {
        "none" => Some(None),
        id => id.parse().ok().map(Some),
    })?;
    // Only a replacement that tells a document number has this line.
    let number = field("successor-document").ok();
    let successor =
        Successor { record: record_after, number: number.unwrap_or_default().to_owned() };
    let state = parsed("state", state, |text| {
        let states = [State::InForce, State::Withdrawn, State::Replaced { successor }];
        states.into_iter().find(|state| state.as_str() == text)
    })?;
    let suspended = parsed("suspended", field("suspended")?, said)?;
    let published = parsed("published", field("published")?, said)?;
    let rulings = parsed("rulings", field("rulings")?, |text| match text {
        "none" => Some(Vec::new()),
        ids => ids.split(' ').map(|id| id.parse().ok()).collect(),
    })?;
    let standing = parsed("standing", field("standing")?, |text| {
        Standing::ALL.into_iter().find(|standing| standing.as_str() == text)
    })?;
    let unseen = parsed("unseen", field("unseen")?, |text| text.parse().ok())?;
    Ok(StatusNote {
        domain,
        hall,
        seconds,
        record,
        entry,
        size,
        root,
        latest,
        revision,
        effective: Effective { state, suspended, published, rulings },
        standing,
        unseen,
    })
}

/// What stands behind the line's first word, when it is this one.
fn rest_of<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    line.strip_prefix(word)?.strip_prefix(' ')
}

fn word(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

fn said(text: &str) -> Option<bool> {
    match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn none() -> String {
    "none".to_owned()
}

/// A place as `<ledger>#<index>`.
pub(crate) fn place(text: &str) -> Option<(LedgerName, u64)> {
    let (ledger, index) = text.split_once('#')?;
    Some((ledger.parse().ok()?, index.parse().ok()?))
}

fn parsed<T>(
    word: &'static str,
    text: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, StatusNoteError> {
    read(text).ok_or(StatusNoteError::Field { word })
}

/// Why a text is no status note.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum StatusNoteError {
    /// The first line is another.
    #[error("note does not begin with {TITLE}")]
    Title,
    /// A line is missing, in another place, or malformed.
    #[error("status note has no good line {word:?}")]
    Field {
        /// The line's first word.
        word: &'static str,
    },
    /// It contradicts itself, or is spelled as nobody writes it.
    #[error("status note contradicts itself or has another spelling than its own")]
    Spelling,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note() -> StatusNote {
        let ledger: LedgerName = "jilin.example/hallway/220100/records/1".parse().unwrap();
        StatusNote {
            domain: "jilin.example".parse().unwrap(),
            hall: "220000".parse().unwrap(),
            seconds: 1_700_000_000,
            record: RecordId::from_bytes([7; 16]),
            entry: (ledger.clone(), 3),
            size: 9,
            root: [1; 32],
            latest: (ledger, 8),
            revision: 2,
            effective: Effective {
                state: State::Replaced { successor: successor() },
                suspended: true,
                published: false,
                rulings: vec![RecordId::from_bytes([3; 16]), RecordId::from_bytes([4; 16])],
            },
            standing: Standing::Open,
            unseen: 4,
        }
    }

    fn successor() -> Successor {
        Successor {
            record: Some(RecordId::from_bytes([9; 16])),
            number: "长罚〔2024〕12 号".into(),
        }
    }

    #[test]
    fn notes_round_trip_and_have_one_spelling() {
        let mut note = note();
        for successor in [
            successor(),
            Successor { record: None, ..successor() },
            Successor { number: String::new(), ..successor() },
            Successor::default(),
        ] {
            note.effective.state = State::Replaced { successor };
            assert_eq!(note.to_string().parse(), Ok(note.clone()));
        }
        for _ in 0..2 {
            let text = note.to_string();
            assert_eq!(text.parse(), Ok(note.clone()));
            let (said, lied) = if note.is_current() {
                ("current yes", "current no")
            } else {
                ("current no", "current yes")
            };
            assert!(text.contains(said));
            let lie = text.replace(said, lied);
            for bad in [lie, text.replace("size 9", "size 09"), format!("{text}more\n")] {
                assert_eq!(bad.parse::<StatusNote>(), Err(StatusNoteError::Spelling), "{bad}");
            }
            note.latest = note.entry.clone();
            note.effective = record::Standing::default().effective();
        }
    }

    #[test]
    fn a_missing_line_is_named() {
        let text = note().to_string();
        for word in ["time", "root", "state", "rulings", "unseen"] {
            let line = text.lines().find(|line| line.starts_with(word)).unwrap();
            let bad = text.replace(&format!("{line}\n"), "");
            assert_eq!(bad.parse::<StatusNote>(), Err(StatusNoteError::Field { word }));
        }
    }
}
