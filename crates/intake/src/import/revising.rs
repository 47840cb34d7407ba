//! Revisions that rows bring: what a row tells of the record it describes, and, where the settings
//! say so, a row that says something new of a record that is known.

use ledger::Disk;
use record::{Revises, RevisionKind};
use wire::check::{Checked, judge};
use wire::status::{Failure, violation_to};
use wire::v1;

use super::reading::{Seat, form_of};
use super::{ImportSettings, Stage, Way};
use crate::draft::{Draft, Here};
use crate::next::follows;
use crate::submit::Intake;

/// A revision on its way, and the row it comes from.
struct Turn {
    place: usize,
    checked: Checked,
}

impl<D: Disk> Intake<D> {
    /// Enters the revisions that rows bring, after their originals.
    pub(crate) async fn enter_revisions(
        &self,
        submitter: &str,
        settings: &ImportSettings,
        ways: &mut [Way],
    ) -> Result<(), Failure> {
        let mut turns = Vec::new();
        for (place, way) in ways.iter_mut().enumerate() {
            if let Some(checked) = self.revision(settings, way)? {
                turns.push(Turn { place, checked });
            }
        }
        let drafts = {
            let rights = self.rights.borrow().clone();
            let here = Here { hall: &self.hall, acts: rights.acts(), now: self.clock.now() };
            let draft = |turn: &Turn| {
                follows(&turn.checked, &self.reader, here.now)?;
                Draft::new(&turn.checked, submitter, &self.reader, &here)
            };
            turns.iter().map(draft).collect()
        };
        let entered = self.enter_all(drafts).await?;
        for (turn, entered) in turns.iter().zip(entered) {
            let Some(way) = ways.get_mut(turn.place) else { continue };
            match entered {
                Ok(acknowledged) => way.at = Stage::Revised(acknowledged),
                Err(failure) => way.hold(failure)?,
            }
        }
        Ok(())
    }

    /// The revision of one row, judged; none when it brings none or may not.
    fn revision(
        &self,
        settings: &ImportSettings,
        way: &mut Way,
    ) -> Result<Option<Checked>, Failure> {
        let (revises, told) = match (&way.at, &way.reading.row.revision) {
            (Stage::Entered(original), Some(told)) => {
                let record = original.record_id.parse().map_err(|_| unreadable())?;
                (told_by(told, record, original.revision), Some(told.clone()))
            }
            (Stage::Waits, None) if settings.revise_known => match self.known(way)? {
                Some((record, revision)) => (correction(settings, record, revision), None),
                None => return Ok(None),
            },
            (Stage::Entered(_) | Stage::Sound | Stage::Revised(_) | Stage::Waits, _) => {
                return Ok(None);
            }
        };
        let checked = self.judged(settings, way, revises, told.as_ref());
        if checked.is_none() {
            way.at = Stage::Waits;
        }
        Ok(checked)
    }

    /// The record that has the row's natural key already, and its latest revision.
    fn known(&self, way: &mut Way) -> Result<Option<(record::RecordId, u32)>, Failure> {
        let Some((ledger, index)) = way.reading.taken.take() else { return Ok(None) };
        way.reading.violations.retain(|one| one.code != "natural-key-taken");
        let stored = self.reader.entry(&ledger, index).map_err(|_| unreadable())?;
        let head = stored.as_ref().and_then(|stored| stored.parts.part(0));
        let head = head.and_then(|head| wire::head_from_bytes(head).ok());
        let record = head.and_then(|head| head.stamp).ok_or_else(unreadable)?.record;
        let place = self.reader.place(&record.to_string()).map_err(|_| unreadable())?;
        Ok(place.map(|place| (record, place.revision)))
    }

    /// The revision as a submission, judged under the same profile.
    fn judged(
        &self,
        settings: &ImportSettings,
        way: &mut Way,
        revises: Revises,
        told: Option<&v1::FormRevision>,
    ) -> Option<Checked> {
        let mut wire = way.reading.row.form.clone().unwrap_or_default();
        let bodiless = told.is_some_and(|told| told.cells.is_empty())
            && !matches!(revises.kind, RevisionKind::Correction | RevisionKind::Progress);
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
        draft.head.revises = Some(revises);
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

fn told_by(told: &v1::FormRevision, record: record::RecordId, revision: u32) -> Revises {
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

fn correction(settings: &ImportSettings, record: record::RecordId, revision: u32) -> Revises {
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
