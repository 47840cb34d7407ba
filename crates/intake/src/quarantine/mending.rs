//! What an import does to items that are there already: a report's mended row decides the item it came
//! from, and a row whose item a person let in is no longer one that waits.

use ledger::Disk;
use record::{Class, Level, RecordId};
use wire::status::Failure;
use wire::v1;
use wire::v1::{ImportOutcome, QuarantineVerdict as Verdict};

use super::deciding::is_decided;
use super::unreadable;
use crate::import::{ImportSettings, weight};
use crate::submit::{Intake, blocking};

impl<D: Disk> Intake<D> {
    /// A row that comes again after its item was decided: let in, it is unchanged and has the record
    /// that was made; dropped, it stays out.
    pub(crate) async fn if_decided(&self, result: &mut v1::ImportResult) -> Result<(), Failure> {
        let (this, item) = (self.clone(), result.record_id.parse().map_err(|_| unreadable())?);
        let Some(decision) = blocking(move || this.shown(item)).await??.decision else {
            return Ok(());
        };
        match decision.verdict() {
            // What was wrong in the file is not wrong in the record.
            Verdict::Corrected => result.violations.clear(),
            Verdict::Released => {
                for violation in &mut result.violations {
                    if weight(&violation.level) == Level::Quarantine {
                        Level::Mark.as_str().clone_into(&mut violation.level);
                    }
                }
            }
            Verdict::Dropped | Verdict::Unspecified => return Ok(()),
        }
        result.set_outcome(ImportOutcome::Unchanged);
        let record = decision.record_id;
        let place = self.reader.place(&record).map_err(|_| unreadable())?;
        result.revision = place.map_or(0, |place| place.revision);
        result.record_id = record;
        Ok(())
    }

    /// Decides the items whose mended rows are in, together. An item that is not of that row, or that
    /// a person has decided meanwhile, is left as it is.
    pub(crate) async fn mend(
        &self,
        submitter: &str,
        settings: &ImportSettings,
        rows: Vec<(&v1::ImportRow, &v1::ImportResult)>,
    ) -> Result<(), Failure> {
        let mut drafts = Vec::new();
        for (row, result) in rows {
            let Ok(item) = row.mends.parse::<RecordId>() else { continue };
            let (this, line) = (self.clone(), row.line);
            let kind = row.form.as_ref().map(|form| form.kind.clone()).unwrap_or_default();
            let waits = blocking(move || this.waits(item, line, &kind)).await??;
            let same = result.record_id == row.mends;
            if !waits || same {
                continue;
            }
            let (verdict, decision) = decision(submitter, settings, row, result);
            drafts.push(Ok(self.decision(submitter, item, verdict, &decision)?));
        }
        for entered in self.enter_all(drafts).await? {
            match entered {
                Ok(_) => {}
                Err(failure) if is_decided(&failure) => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(())
    }

    /// Whether an item waits and is that of this row.
    fn waits(&self, item: RecordId, line: u64, kind: &str) -> Result<bool, Failure> {
        let shown = match self.shown(item) {
            Ok(shown) => shown,
            Err(failure) if failure.class() == Class::NotFound => return Ok(false),
            Err(failure) => return Err(failure),
        };
        let row = shown.item.and_then(|item| item.row).filter(|_| shown.decision.is_none());
        let of_row =
            |was: v1::ImportRow| was.line == line && was.form.is_some_and(|form| form.kind == kind);
        Ok(row.is_some_and(of_row))
    }
}

/// What an import decides about the item of a mended row.
fn decision(
    submitter: &str,
    settings: &ImportSettings,
    row: &v1::ImportRow,
    result: &v1::ImportResult,
) -> (Verdict, v1::QuarantineDecision) {
    let source: String = settings.source.chars().take(SOURCE_CHARS_MAX).collect();
    let line = row.line;
    let (verdict, reason, record_id) = match result.outcome() {
        ImportOutcome::Imported | ImportOutcome::Revised | ImportOutcome::Unchanged => (
            Verdict::Corrected,
            format!(
                "导入改正报告 {source} 已改正（原第 {line} 行）; \
                 corrected by import of the report {source}, row {line}"
            ),
            result.record_id.clone(),
        ),
        ImportOutcome::Quarantined | ImportOutcome::Unspecified => (
            Verdict::Dropped,
            format!(
                "改正报告 {source} 中仍有问题（原第 {line} 行），由 {item} 接替; \
                 still wrong in the report {source}, row {line}: item {item} takes its place",
                item = result.record_id
            ),
            String::new(),
        ),
    };
    let form = row.form.clone().filter(|_| verdict == Verdict::Corrected);
    let decision = v1::QuarantineDecision {
        verdict: verdict.into(),
        reason,
        operator: submitter.to_owned(),
        form,
        record_id,
    };
    (verdict, decision)
}

/// Characters of a file's name in a reason.
const SOURCE_CHARS_MAX: usize = 120;
