//! Rulings and handovers, read and written.
//!
//! A ruling with an effect of a later version is refused here and so has no effect: it is kept and
//! carried as every act that is not understood.

use record::{Date, Effect, Handover, Ruling};

use super::super::{ReadError, parsed, wrong};
use super::{list, text};
use crate::v1;

pub(super) fn ruling_from(ruling: v1::Ruling) -> Result<Ruling, ReadError> {
    let effect = match ruling.effect() {
        v1::RulingEffect::Withdrawn => Effect::Withdrawn,
        v1::RulingEffect::Suspended => Effect::Suspended,
        v1::RulingEffect::Unpublished => Effect::Unpublished,
        v1::RulingEffect::Unspecified => {
            return Err(wrong("open.act.ruling.effect", "not an effect of a ruling"));
        }
    };
    let from: Date = parsed("open.act.ruling.from", &ruling.from)?;
    Ok(Ruling {
        id: parsed("open.act.ruling.ruling_id", &ruling.ruling_id)?,
        record: parsed("open.act.ruling.record_id", &ruling.record_id)?,
        origin: parsed("open.act.ruling.origin", &ruling.origin)?,
        effect,
        authority_code: text("open.act.ruling.authority_code", ruling.authority_code)?,
        authority_name: text("open.act.ruling.authority_name", ruling.authority_name)?,
        basis: text("open.act.ruling.basis", ruling.basis)?,
        reason: text("open.act.ruling.reason", ruling.reason)?,
        document_number: text("open.act.ruling.document_number", ruling.document_number)?,
        from,
        ended: ruling.ended,
    })
}

/// A ruling as it travels.
pub fn ruling_to(ruling: &Ruling) -> v1::Ruling {
    let effect = match ruling.effect {
        Effect::Withdrawn => v1::RulingEffect::Withdrawn,
        Effect::Suspended => v1::RulingEffect::Suspended,
        Effect::Unpublished => v1::RulingEffect::Unpublished,
    };
    v1::Ruling {
        ruling_id: ruling.id.to_string(),
        record_id: ruling.record.to_string(),
        origin: ruling.origin.to_string(),
        effect: effect.into(),
        authority_code: ruling.authority_code.clone(),
        authority_name: ruling.authority_name.clone(),
        basis: ruling.basis.clone(),
        reason: ruling.reason.clone(),
        document_number: ruling.document_number.clone(),
        from: ruling.from.to_string(),
        ended: ruling.ended,
    }
}

pub(super) fn handover_from(act: v1::Handover) -> Result<Handover, ReadError> {
    let record = |id: String| parsed("open.act.handover.record_ids", &id);
    let from = |from: v1::HandoverFrom| {
        Ok((parsed("open.act.handover.from.ledger", &from.ledger)?, from.entry))
    };
    Ok(Handover {
        from_hall: parsed("open.act.handover.from_hall", &act.from_hall)?,
        to_hall: parsed("open.act.handover.to_hall", &act.to_hall)?,
        records: list("open.act.handover.record_ids", act.record_ids, record)?,
        from: list("open.act.handover.from", act.from, from)?,
        reason: text("open.act.handover.reason", act.reason)?,
    })
}

/// A handover as it travels.
pub fn handover_to(handover: &Handover) -> v1::Handover {
    let from = |(ledger, entry): &(record::LedgerName, u64)| v1::HandoverFrom {
        ledger: ledger.to_string(),
        entry: *entry,
    };
    v1::Handover {
        from_hall: handover.from_hall.to_string(),
        to_hall: handover.to_hall.to_string(),
        record_ids: handover.records.iter().map(ToString::to_string).collect(),
        from: handover.from.iter().map(from).collect(),
        reason: handover.reason.clone(),
    }
}
