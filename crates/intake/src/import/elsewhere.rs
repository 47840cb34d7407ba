//! Rows of another hall's full export: revisions of records that have never been here.
//!
//! An export has one row for each record, its newest state; of a corrected one the row says what it
//! corrected. Here that record is unknown, and the row says all there is to say of the fact: it enters
//! as an original, with a mark. What its history was remains at the hall that exported it. A row that
//! ends something (a withdrawal, an expiry) is no original and waits.

use ledger::Disk;
use record::Level;
use wire::check::Checked;
use wire::status::Failure;
use wire::v1;

use super::revising::Turn;
use super::{ImportSettings, Stage, Way};
use crate::submit::Intake;

/// Whether a revision that was turned back may be a record of elsewhere: its record is unknown, or
/// its message has been here before, maybe as such an original.
pub(super) fn may_be(checked: &Checked, failure: &Failure) -> bool {
    let says_all = checked.head.revises.as_ref().is_some_and(|revises| revises.kind.says_all());
    says_all && matches!(failure.reason(), "record-unknown" | "message-id-taken")
}

impl<D: Disk> Intake<D> {
    /// Enters rows as originals that were turned back as revisions, each with the reason.
    pub(super) async fn enter_strangers(
        &self,
        submitter: &str,
        settings: &ImportSettings,
        ways: &mut [Way],
        strangers: Vec<(usize, Failure)>,
    ) -> Result<(), Failure> {
        let (mut turns, mut reasons) = (Vec::new(), Vec::new());
        for (place, reason) in strangers {
            let Some(way) = ways.get_mut(place) else { continue };
            match self.judged(settings, way, None, None) {
                Some(checked) => {
                    turns.push(Turn { place, checked });
                    reasons.push(reason);
                }
                None => way.hold(reason)?,
            }
        }
        let entered = self.enter_all(self.drafts(submitter, &turns)).await?;
        for ((turn, reason), entered) in turns.iter().zip(reasons).zip(entered) {
            let Some(way) = ways.get_mut(turn.place) else { continue };
            match entered {
                Ok(acknowledged) => {
                    way.reading.violations.push(mark());
                    way.at = Stage::Entered(acknowledged);
                }
                // Another fact has the message id: what was wrong at first is what is wrong.
                Err(failure) if failure.reason() == "message-id-taken" => way.hold(reason)?,
                Err(failure) => way.hold(failure)?,
            }
        }
        Ok(())
    }
}

fn mark() -> v1::Violation {
    v1::Violation {
        code: "revision-of-elsewhere".to_owned(),
        field: "head.revises.record_id".to_owned(),
        rule: "导入 (the import)".to_owned(),
        message_zh: "所修订的记录不在本厅，按其最新状态作为新记录录入".to_owned(),
        message_en:
            "the record it revises is not of this hall; its newest state enters as a record"
                .to_owned(),
        remedy_zh: "无须处理；修订历史在导出该记录的厅".to_owned(),
        remedy_en: "nothing to do; its history is at the hall that exported it".to_owned(),
        level: Level::Mark.as_str().to_owned(),
        ..v1::Violation::default()
    }
}
