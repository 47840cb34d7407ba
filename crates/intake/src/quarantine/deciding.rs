//! What a person does with an item: look, correct, release, drop. Each decision has a reason.

use bytes::Bytes;
use ledger::Disk;
use record::{Class, Level, RecordId, Revises, RevisionKind};
use wire::status::Failure;
use wire::v1;
use wire::v1::QuarantineVerdict as Verdict;

use super::{DECISION_SCHEMA, ITEM_SCHEMA, QUARANTINE_LIST_MAX, closed, opened, unreadable};
use crate::draft::Draft;
use crate::import::{ImportSettings, Reading, Seat, Way, weight};
use crate::submit::{Intake, blocking};

/// Items in an answer when the caller names no number.
const LIST_DEFAULT: usize = 100;
/// Longest reason, in characters.
const REASON_MAX: usize = 512;

impl<D: Disk> Intake<D> {
    /// Items that wait, oldest first.
    pub async fn quarantined(
        &self,
        request: v1::ListQuarantineRequest,
    ) -> Result<v1::ListQuarantineResponse, Failure> {
        let after = match &*request.after {
            "" => None,
            text => Some(item_id(text)?),
        };
        let limit = match usize::try_from(request.limit) {
            Ok(0) => LIST_DEFAULT,
            Ok(limit) => limit.min(QUARANTINE_LIST_MAX),
            Err(_) => QUARANTINE_LIST_MAX,
        };
        self.shelf(move |shelf| v1::ListQuarantineResponse {
            entries: shelf.after(after, &request.code, limit),
            open: u64::try_from(shelf.len()).unwrap_or(u64::MAX),
        })
        .await
    }

    /// One item, and what was decided about it.
    pub async fn quarantined_item(
        &self,
        item: &str,
    ) -> Result<v1::ShowQuarantineResponse, Failure> {
        let (this, item) = (self.clone(), item_id(item)?);
        blocking(move || this.shown(item)).await?
    }

    /// Decides an item. The record it becomes is durable before the decision is.
    pub async fn decide(
        &self,
        operator: &str,
        request: v1::DecideQuarantineRequest,
    ) -> Result<v1::DecideQuarantineResponse, Failure> {
        let (verdict, reason) = (request.verdict(), request.reason.trim());
        if reason.is_empty() || reason.chars().count() > REASON_MAX {
            return Err(no_reason());
        }
        let shown = self.quarantined_item(&request.item).await?;
        if shown.decision.is_some() {
            return Err(decided());
        }
        let mut decision = v1::QuarantineDecision {
            verdict: verdict.into(),
            reason: reason.to_owned(),
            operator: operator.to_owned(),
            ..v1::QuarantineDecision::default()
        };
        let result = match verdict {
            Verdict::Dropped => None,
            Verdict::Corrected | Verdict::Released => {
                let item = shown.item.unwrap_or_default();
                let (form, result) =
                    self.enter_item(operator, verdict, item, &request.cells).await?;
                (decision.form, decision.record_id) = (form, result.record_id.clone());
                Some(result)
            }
            Verdict::Unspecified => return Err(no_verdict()),
        };
        self.note(operator, item_id(&request.item)?, verdict, &decision).await?;
        tracing::info!(
            item = request.item,
            verdict = verdict.as_str_name(),
            operator,
            "item of quarantine decided"
        );
        Ok(v1::DecideQuarantineResponse { result })
    }

    pub(super) fn shown(&self, item: RecordId) -> Result<v1::ShowQuarantineResponse, Failure> {
        let place = self.reader.place(&item.to_string()).map_err(|_| unreadable())?;
        let place = place.ok_or_else(unknown)?;
        let read = |index| -> Result<(Bytes, Bytes), Failure> {
            let stored = self.reader.entry(&place.ledger, index).map_err(|_| unreadable())?;
            let parts = stored.ok_or_else(unreadable)?.parts;
            let part = |at| parts.part(at).cloned().ok_or_else(unknown);
            Ok((part(0)?, part(2)?))
        };
        let (head, latest) = read(place.index)?;
        if let Some(item) = opened(ITEM_SCHEMA, &latest) {
            return Ok(v1::ShowQuarantineResponse { item: Some(item), decision: None });
        }
        let decision = opened(DECISION_SCHEMA, &latest).ok_or_else(unknown)?;
        // The message id of a decision ends with the index of the entry that it decides.
        let head = wire::head_from_bytes(&head).map_err(|_| unreadable())?;
        let first = head.message_id.rsplit('-').next().and_then(|index| index.parse().ok());
        let first = first.map(read).transpose()?;
        let item = first.and_then(|(_, closed)| opened(ITEM_SCHEMA, &closed));
        Ok(v1::ShowQuarantineResponse { item, decision: Some(decision) })
    }

    /// Enters what an item says, corrected or as it is.
    async fn enter_item(
        &self,
        operator: &str,
        verdict: Verdict,
        item: v1::QuarantinedItem,
        cells: &[v1::FormCell],
    ) -> Result<(Option<v1::Form>, v1::ImportResult), Failure> {
        let settings = ImportSettings::read(&item.settings.unwrap_or_default())?;
        let mut row = item.row.unwrap_or_default();
        let form = row.form.get_or_insert_default();
        for cell in cells {
            form.cells.retain(|known| known.name != cell.name);
            if !cell.text.is_empty() {
                form.cells.push(cell.clone());
            }
        }
        let form = row.form.clone();
        row.findings.clear();
        let seat = Seat { hall: &self.hall, now: self.clock.now() };
        let mut reading = Reading::of(row, settings.profile, &seat);
        if verdict == Verdict::Released {
            for violation in &mut reading.violations {
                if weight(&violation.level) == Level::Quarantine {
                    Level::Mark.as_str().clone_into(&mut violation.level);
                }
            }
        }
        let _nothing_is_handed_over = self.handing.read().await;
        let mut ways = vec![Way::new(reading)];
        self.enter_originals(operator, &mut ways).await?;
        self.enter_revisions(operator, &settings, &mut ways).await?;
        let result = ways.first().map(Way::result).ok_or_else(unreadable)?;
        if result.outcome() == v1::ImportOutcome::Quarantined {
            return Err(still_wrong(&result.violations));
        }
        Ok((form, result))
    }

    /// Writes the decision down.
    async fn note(
        &self,
        operator: &str,
        item: RecordId,
        verdict: Verdict,
        decision: &v1::QuarantineDecision,
    ) -> Result<(), Failure> {
        let draft = self.decision(operator, item, verdict, decision)?;
        match self.enter_all(vec![Ok(draft)]).await?.pop() {
            Some(Ok(_)) => Ok(()),
            Some(Err(failure)) if is_decided(&failure) => Err(decided()),
            Some(Err(failure)) => Err(failure),
            None => Err(unreadable()),
        }
    }

    /// A decision as an entry of the private lane, a revision of its item.
    pub(super) fn decision(
        &self,
        operator: &str,
        item: RecordId,
        verdict: Verdict,
        decision: &v1::QuarantineDecision,
    ) -> Result<Draft, Failure> {
        let place = self.reader.place(&item.to_string()).map_err(|_| unreadable())?;
        let place = place.filter(|place| place.revision == 1).ok_or_else(decided)?;
        let kind = match verdict {
            Verdict::Corrected => RevisionKind::Correction,
            Verdict::Released => RevisionKind::Progress,
            Verdict::Dropped | Verdict::Unspecified => RevisionKind::Withdrawal,
        };
        let revises = Revises {
            record: item,
            revision: 1,
            kind,
            reason: decision.reason.clone(),
            successor: None,
            successor_number: String::new(),
        };
        let message_id = format!("decision-{item}-{}", place.index);
        let payload = closed(DECISION_SCHEMA, decision);
        self.private(message_id, Some(revises), &payload, operator)
    }
}

/// Whether the register says that the item has its decision.
pub(super) fn is_decided(failure: &Failure) -> bool {
    matches!(failure.class(), Class::Exists | Class::Precondition)
}

fn item_id(text: &str) -> Result<RecordId, Failure> {
    text.parse().map_err(|_| unknown())
}

fn unknown() -> Failure {
    Failure::new(Class::NotFound, "item-unknown", "no item in quarantine has this id")
        .in_chinese("没有该待处理项，请用 hallway quarantine list 查看")
}

fn decided() -> Failure {
    Failure::new(Class::Precondition, "item-decided", "the item has been decided already")
        .in_chinese("该项已处理")
}

fn no_reason() -> Failure {
    let message = format!("a decision needs a reason of at most {REASON_MAX} characters");
    Failure::new(Class::Invalid, "reason-required", message)
        .in_chinese(format!("处理须写明理由，不超过 {REASON_MAX} 字"))
}

fn no_verdict() -> Failure {
    Failure::new(Class::Invalid, "verdict-required", "a decision corrects, releases or drops")
        .in_chinese("处理方式须为改正、放行或丢弃")
}

fn still_wrong(violations: &[v1::Violation]) -> Failure {
    let weighty = || violations.iter().filter(|one| weight(&one.level) > Level::Mark);
    let english = weighty().map(|one| format!("{}: {} ({})", one.field, one.message_en, one.code));
    let chinese = weighty().map(|one| format!("{}：{}（{}）", one.field, one.message_zh, one.code));
    Failure::new(Class::Invalid, "still-wrong", english.collect::<Vec<_>>().join("; "))
        .in_chinese(chinese.collect::<Vec<_>>().join("；"))
}
