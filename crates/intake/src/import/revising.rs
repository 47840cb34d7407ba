//! Revisions that rows bring: rows that are revisions themselves, what a row tells of the record it
//! describes, and, where the settings say so, a row that says something new of a record that is known.

use std::collections::BTreeSet;

use ledger::Disk;
use record::{LedgerName, RecordId, Revises, RevisionKind};
use wire::check::{Checked, judge};
use wire::status::{Failure, violation_to};
use wire::v1;

use super::reading::{Seat, form_of};
use super::{ImportSettings, Stage, Way, elsewhere};
use crate::draft::{Draft, Here};
use crate::next::follows;
use crate::submit::Intake;

/// A revision on its way, and the row it comes from.
pub(super) struct Turn {
    pub(super) place: usize,
    pub(super) checked: Checked,
}

impl<D: Disk> Intake<D> {
    /// Enters the revisions that rows bring, after their originals. Rows that revise one record do so
    /// one after the other, in their order.
    pub(crate) async fn enter_revisions(
        &self,
        submitter: &str,
        settings: &ImportSettings,
        ways: &mut [Way],
    ) -> Result<(), Failure> {
        let mut places: Vec<usize> = (0..ways.len()).collect();
        while !places.is_empty() {
            let (turns, later) = self.turns(settings, ways, places)?;
            places = later;
            self.enter_turns(submitter, settings, ways, turns, &mut places).await?;
        }
        Ok(())
    }

    /// The revisions of these rows, at most one of a record, and the rows whose turn is later.
    fn turns(
        &self,
        settings: &ImportSettings,
        ways: &mut [Way],
        places: Vec<usize>,
    ) -> Result<(Vec<Turn>, Vec<usize>), Failure> {
        let (mut turns, mut later, mut revised) = (Vec::new(), Vec::new(), BTreeSet::new());
        for place in places {
            let Some(way) = ways.get_mut(place) else { continue };
            let record = self.revised_by(settings, way)?;
            if record.is_some_and(|record| !revised.insert(record)) {
                later.push(place);
            } else if let Some(checked) = self.revision(settings, way)? {
                turns.push(Turn { place, checked });
            }
        }
        Ok((turns, later))
    }

    /// Enters turns together; rows that tell of a further revision go on to `later`.
    async fn enter_turns(
        &self,
        submitter: &str,
        settings: &ImportSettings,
        ways: &mut [Way],
        turns: Vec<Turn>,
        later: &mut Vec<usize>,
    ) -> Result<(), Failure> {
        let entered = self.enter_all(self.drafts(submitter, &turns)).await?;
        let mut strangers = Vec::new();
        for (turn, entered) in turns.into_iter().zip(entered) {
            let Some(way) = ways.get_mut(turn.place) else { continue };
            let itself = matches!(way.at, Stage::Sound);
            match entered {
                Ok(acknowledged) if itself => way.at = Stage::Entered(acknowledged),
                Ok(acknowledged) => way.at = Stage::Revised(acknowledged),
                // The same row has corrected the record before.
                Err(failure) => match self.known_by_content(way, &failure)? {
                    Some(acknowledged) => way.at = Stage::Entered(acknowledged),
                    None if itself && elsewhere::may_be(&turn.checked, &failure) => {
                        strangers.push((turn.place, failure));
                    }
                    None => way.hold(failure)?,
                },
            }
            if itself && way.reading.row.revision.is_some() {
                later.push(turn.place);
            }
        }
        self.enter_strangers(submitter, settings, ways, strangers).await
    }

    /// Revisions as entries, each where it may follow what it revises.
    pub(super) fn drafts(&self, submitter: &str, turns: &[Turn]) -> Vec<Result<Draft, Failure>> {
        let rights = self.rights.borrow().clone();
        let here = Here { hall: &self.hall, acts: rights.acts(), now: self.clock.now() };
        let draft = |turn: &Turn| {
            self.bounds.judge(turn.checked.label, &self.hall, here.acts)?;
            follows(&turn.checked, &self.reader, here.now)?;
            Draft::new(&turn.checked, submitter, &self.reader, &here)
        };
        turns.iter().map(draft).collect()
    }

    /// The record that a row is to revise; none when it brings no revision.
    fn revised_by(
        &self,
        settings: &ImportSettings,
        way: &Way,
    ) -> Result<Option<RecordId>, Failure> {
        let itself = way.reading.checked.as_ref().and_then(|one| one.head.revises.as_ref());
        match (&way.at, &way.reading.row.revision) {
            (Stage::Sound, _) => Ok(itself.map(|revises| revises.record)),
            (Stage::Entered(original), Some(_)) => {
                original.record_id.parse().map(Some).map_err(|_| unreadable())
            }
            (Stage::Waits, None) if settings.revise_known => match &way.reading.taken {
                Some(place) => self.record_at(place).map(Some),
                None => Ok(None),
            },
            (Stage::Entered(_) | Stage::Revised(_) | Stage::Waits, _) => Ok(None),
        }
    }

    /// The revision of one row, judged; none when it brings none or may not.
    fn revision(
        &self,
        settings: &ImportSettings,
        way: &mut Way,
    ) -> Result<Option<Checked>, Failure> {
        let (revises, told) = match (&way.at, &way.reading.row.revision) {
            // It is one by itself, and has been judged.
            (Stage::Sound, _) => return Ok(way.reading.checked.clone()),
            (Stage::Entered(original), Some(told)) => {
                let record = original.record_id.parse().map_err(|_| unreadable())?;
                (told_by(told, record, original.revision), Some(told.clone()))
            }
            (Stage::Waits, None) if settings.revise_known => match self.known(way)? {
                Some((record, revision)) => (correction(settings, record, revision), None),
                None => return Ok(None),
            },
            (Stage::Entered(_) | Stage::Revised(_) | Stage::Waits, _) => return Ok(None),
        };
        let checked = self.judged(settings, way, Some(revises), told.as_ref());
        if checked.is_none() {
            way.at = Stage::Waits;
        }
        Ok(checked)
    }

    /// The record that has the row's natural key already, and its latest revision.
    fn known(&self, way: &mut Way) -> Result<Option<(RecordId, u32)>, Failure> {
        let Some(place) = way.reading.taken.take() else { return Ok(None) };
        way.reading.violations.retain(|one| one.code != "natural-key-taken");
        let record = self.record_at(&place)?;
        let place = self.reader.place(&record.to_string()).map_err(|_| unreadable())?;
        Ok(place.map(|place| (record, place.revision)))
    }

    /// The record of an entry.
    fn record_at(&self, (ledger, index): &(LedgerName, u64)) -> Result<RecordId, Failure> {
        let stored = self.reader.entry(ledger, *index).map_err(|_| unreadable())?;
        let head = stored.as_ref().and_then(|stored| stored.parts.part(0));
        let head = head.and_then(|head| wire::head_from_bytes(head).ok());
        Ok(head.and_then(|head| head.stamp).ok_or_else(unreadable)?.record)
    }

    /// The row as a revision, or as an original, judged under the same profile.
    pub(super) fn judged(
        &self,
        settings: &ImportSettings,
        way: &mut Way,
        revises: Option<Revises>,
        told: Option<&v1::FormRevision>,
    ) -> Option<Checked> {
        let mut wire = way.reading.row.form.clone().unwrap_or_default();
        let bodiless = told.is_some_and(|told| told.cells.is_empty())
            && !revises.as_ref().is_some_and(|revises| revises.kind.says_all());
        for cell in told.into_iter().flat_map(|told| &told.cells) {
            wire.cells.retain(|known| known.name != cell.name);
            wire.cells.push(cell.clone());
        }
        let (form, edition) = form_of(&wire, &mut way.reading.violations)?;
        let mut draft = form.read(edition).draft;
        Seat { hall: &self.hall, now: self.clock.now() }.complete(&form, &mut draft);
        let original = way.reading.checked.as_ref()?;
        // A row that says the same twice says it under the same ids.
        draft.head.message_id = match told {
            Some(_) => format!("{}-revision", original.head.message_id),
            None => original.head.message_id.clone(),
        };
        draft.head.revises = revises;
        let mut submission = wire::submission(&draft);
        if bodiless {
            (submission.open, submission.closed) = Default::default();
        }
        let judged = judge(&submission, self.clock.now(), settings.profile);
        let sound = judged.worst() <= Some(record::Level::Mark);
        if !sound {
            way.reading.violations.extend(judged.violations.iter().map(violation_to));
        }
        judged.checked.filter(|_| sound)
    }
}

fn told_by(told: &v1::FormRevision, record: RecordId, revision: u32) -> Revises {
    let kind = match told.kind() {
        v1::RevisionKind::Withdrawal => RevisionKind::Withdrawal,
        v1::RevisionKind::Replacement => RevisionKind::Replacement,
        v1::RevisionKind::CreditRepair => RevisionKind::CreditRepair,
        v1::RevisionKind::Progress => RevisionKind::Progress,
        v1::RevisionKind::Expiry => RevisionKind::Expiry,
        v1::RevisionKind::Correction | v1::RevisionKind::Unspecified => RevisionKind::Correction,
    };
    Revises {
        record,
        revision,
        kind,
        reason: told.reason.clone(),
        successor: None,
        successor_number: told.successor_document_number.clone(),
    }
}

fn correction(settings: &ImportSettings, record: RecordId, revision: u32) -> Revises {
    Revises {
        record,
        revision,
        kind: RevisionKind::Correction,
        reason: format!("导入更正 corrected by import: {}", settings.source),
        successor: None,
        successor_number: String::new(),
    }
}

fn unreadable() -> Failure {
    Failure::new(record::Class::Corrupt, "ledger-unreadable", "the known record cannot be read")
}
