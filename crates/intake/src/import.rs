//! Importing rows (导入): each form becomes a record, a revision, nothing new, or an item in quarantine.
//!
//! ```text
//! rows ─ read and judged together ─► originals, one commit ─► revisions that rows tell of, one commit
//!                         └──────────────── what cannot go in ───┴─► quarantine, one commit ─► results
//! ```
//!
//! A row is known again by what it says: its message id is the digest of its form, so the same file
//! imported twice changes nothing, and a row that a clerk mended is another row. Results come in the
//! order of the rows, after everything they tell of is durable. Messages of rows overlap ([`stream`]).
//!
//! Absent on purpose: files and mappings (crate `files`), which make forms of rows.

mod elsewhere;
mod reading;
mod revising;
mod stream;

use ledger::Disk;
use record::{Class, HallId, Level, Profile, Timestamp};
use wire::status::Failure;
use wire::v1;

use crate::draft::{Draft, Here};
use crate::outcome::taken_by;
use crate::quarantine::Item;
use crate::submit::{Entered, Intake};

pub use stream::{Answers, IMPORT_READ_AHEAD, IMPORT_UNDER_WAY};

pub(crate) use reading::{Reading, Seat, name_of, weight};

/// Most rows in one message.
pub const IMPORT_ROWS_MAX: usize = 256;

/// What holds for all rows of an import.
#[derive(Clone, Debug)]
pub struct ImportSettings {
    /// Where the rows come from, for people.
    pub source: String,
    /// The mapping that made the forms, for people.
    pub mapping: String,
    /// By which rules rows are judged.
    pub profile: Profile,
    /// Whether a row whose natural key is known with other content corrects that record.
    pub revise_known: bool,
}

impl ImportSettings {
    /// Reads settings from the wire.
    pub fn read(settings: &v1::ImportSettings) -> Result<Self, Failure> {
        let profile = match &*settings.profile {
            "" => Profile::default(),
            named => named.parse().map_err(|error: record::ProfileError| {
                Failure::new(Class::Invalid, "profile", error.to_string())
                    .in_chinese("校验方案须为 cn-2.1、cn-legacy 或 generic")
            })?,
        };
        Ok(Self {
            source: settings.source.clone(),
            mapping: settings.mapping.clone(),
            profile,
            revise_known: settings.revise_known,
        })
    }

    pub(crate) fn to_wire(&self) -> v1::ImportSettings {
        v1::ImportSettings {
            source: self.source.clone(),
            mapping: self.mapping.clone(),
            profile: self.profile.as_str().to_owned(),
            revise_known: self.revise_known,
        }
    }
}

/// A row on its way through the stages.
pub(crate) struct Way {
    pub(crate) reading: Reading,
    at: Stage,
}

/// Where a row is.
enum Stage {
    /// Read and without anything that keeps it out.
    Sound,
    /// What it says is here, new or known before.
    Entered(v1::Acknowledgement),
    /// A revision that it tells of is here too.
    Revised(v1::Acknowledgement),
    /// Something keeps it out.
    Waits,
}

impl<D: Disk> Intake<D> {
    /// Reads the settings of an import and judges the profile they name.
    pub fn import_settings(&self, said: &v1::ImportSettings) -> Result<ImportSettings, Failure> {
        let settings = ImportSettings::read(said)?;
        self.bounds.admit(settings.profile)?;
        Ok(settings)
    }

    /// What follows the originals of a message: revisions, then quarantine; a result for each row.
    async fn conclude(
        &self,
        submitter: &str,
        settings: &ImportSettings,
        mut ways: Vec<Way>,
    ) -> Result<Vec<v1::ImportResult>, Failure> {
        self.enter_revisions(submitter, settings, &mut ways).await?;
        let items = ways.iter().enumerate().filter(|(_, way)| matches!(way.at, Stage::Waits));
        let (places, items): (Vec<_>, Vec<_>) =
            items.map(|(place, way)| (place, Item::of(settings, &way.reading))).unzip();
        let shelved = self.shelve(submitter, items).await?;
        let mut results: Vec<_> = ways.iter().map(Way::result).collect();
        for (place, shelved) in places.into_iter().zip(shelved) {
            if let Some(result) = results.get_mut(place) {
                result.record_id = shelved.item.to_string();
                if shelved.known {
                    self.if_decided(result).await?;
                }
            }
        }
        let rows = ways.iter().map(|way| &way.reading.row);
        self.mend(submitter, settings, rows.zip(&results).collect()).await?;
        Ok(results)
    }

    /// Enters the rows that nothing keeps out.
    pub(crate) async fn enter_originals(
        &self,
        submitter: &str,
        ways: &mut [Way],
    ) -> Result<(), Failure> {
        let drafts = self.originals(submitter, ways);
        let entered = self.enter_all(drafts).await?;
        self.settle(ways, entered)
    }

    /// The rows that nothing keeps out, as entries.
    fn originals(&self, submitter: &str, ways: &[Way]) -> Vec<Result<Draft, Failure>> {
        let rights = self.rights.borrow().clone();
        let here = Here { hall: &self.hall, acts: rights.acts(), now: self.clock.now() };
        let sound = ways.iter().filter(|way| way.is_original());
        sound
            .filter_map(|way| way.reading.checked.as_ref())
            .map(|checked| {
                self.bounds.judge(checked.label, &self.hall, here.acts)?;
                Draft::new(checked, submitter, &self.reader, &here)
            })
            .collect()
    }

    /// Notes what became of the originals.
    fn settle(&self, ways: &mut [Way], entered: Vec<Entered>) -> Result<(), Failure> {
        let mut entered = entered.into_iter();
        for way in ways.iter_mut().filter(|way| way.is_original()) {
            match entered.next() {
                Some(Ok(acknowledged)) => way.at = Stage::Entered(acknowledged),
                Some(Err(failure)) => match self.known_by_content(way, &failure)? {
                    Some(acknowledged) => way.at = Stage::Entered(acknowledged),
                    None => way.hold(failure)?,
                },
                None => way.at = Stage::Waits,
            }
        }
        Ok(())
    }

    /// A row that was imported before by an earlier version, or as a correction, whose bytes differ:
    /// its message id says that every cell is the same.
    fn known_by_content(
        &self,
        way: &Way,
        failure: &Failure,
    ) -> Result<Option<v1::Acknowledgement>, Failure> {
        let known = failure.reason() == "message-id-taken" && way.reading.named_by_content;
        let place = taken_by(failure).filter(|_| known);
        place.map(|(ledger, index)| self.first_answer(ledger, index)).transpose()
    }
}

/// What would become of a row, judged alone: what only a hall's ledger knows (whether it is new, whose
/// its natural key is) is not.
pub fn judge_row(
    row: v1::ImportRow,
    profile: Profile,
    hall: &HallId,
    now: Timestamp,
) -> v1::ImportResult {
    let way = Way::new(Reading::of(row, profile, &Seat { hall, now }));
    let outcome = match (&way.at, &way.reading.row.revision) {
        (Stage::Sound, None) if way.is_original() => v1::ImportOutcome::Imported,
        (Stage::Sound, _) => v1::ImportOutcome::Revised,
        (Stage::Waits | Stage::Entered(_) | Stage::Revised(_), _) => v1::ImportOutcome::Quarantined,
    };
    v1::ImportResult { outcome: outcome.into(), ..way.result() }
}

impl Way {
    pub(crate) fn new(reading: Reading) -> Self {
        let sound = reading.checked.is_some() && reading.worst() <= Some(Level::Mark);
        Self { reading, at: if sound { Stage::Sound } else { Stage::Waits } }
    }

    /// Whether nothing keeps it out and it is a record's first word, not a revision by itself.
    fn is_original(&self) -> bool {
        let revises = self.reading.checked.as_ref().and_then(|one| one.head.revises.as_ref());
        matches!(self.at, Stage::Sound) && revises.is_none()
    }

    /// Something keeps it out. What is wrong with the hall and not with the row ends the import.
    fn hold(&mut self, failure: Failure) -> Result<(), Failure> {
        match failure.class() {
            Class::Invalid | Class::Exists | Class::Precondition | Class::Denied => {
                self.reading.add(&failure);
                self.at = Stage::Waits;
                Ok(())
            }
            Class::Unauthenticated
            | Class::NotFound
            | Class::Exhausted
            | Class::Unavailable
            | Class::Deadline
            | Class::Unimplemented
            | Class::Corrupt
            | Class::Internal => Err(failure),
        }
    }

    pub(crate) fn result(&self) -> v1::ImportResult {
        use v1::ImportOutcome::{Imported, Quarantined, Revised, Unchanged};
        let (outcome, acknowledged) = match &self.at {
            Stage::Entered(original) if original.repeated_message => (Unchanged, Some(original)),
            Stage::Entered(original) if original.revision > 1 => (Revised, Some(original)),
            Stage::Entered(original) => (Imported, Some(original)),
            Stage::Revised(revision) if revision.repeated_message => (Unchanged, Some(revision)),
            Stage::Revised(revision) => (Revised, Some(revision)),
            Stage::Sound | Stage::Waits => (Quarantined, None),
        };
        v1::ImportResult {
            line: self.reading.row.line,
            outcome: outcome.into(),
            record_id: acknowledged.map(|one| one.record_id.clone()).unwrap_or_default(),
            revision: acknowledged.map_or(0, |one| one.revision),
            violations: self.reading.violations.clone(),
        }
    }
}
