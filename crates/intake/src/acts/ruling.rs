//! An operator's ruling (裁定): completed from what this hall knows, judged, entered.
//!
//! A new ruling gets its number here, and its record's origin when the operator does not name it. An
//! end repeats the ruling that it ends, so that every act says by itself what it is about.

use ledger::Disk;
use record::{Act, Date, HallId, POWER_RULE, RecordId, Ruling};
use wire::v1;

use super::EnactError;
use crate::search;
use crate::submit::{Intake, blocking};

impl<D: Disk> Intake<D> {
    /// Enters a ruling, or the end of one; the act as it stands, and its index in this hall's acts.
    /// Without a number it is new; its origin and day may be left out.
    pub async fn rule(
        &self,
        asked: v1::Ruling,
        operator: &str,
    ) -> Result<(Ruling, u64), EnactError> {
        self.demand(POWER_RULE)?;
        let asked = if asked.ended { self.ended(asked)? } else { self.completed(asked).await? };
        let malformed = |error: wire::ReadError| EnactError::Malformed(error.to_string());
        let act = wire::act_from(v1::act::Act::Ruling(asked)).map_err(malformed)?;
        let Act::Ruling(ruling) = &act else { return Err(EnactError::NotByHand(act.name())) };
        let ruling = ruling.clone();
        self.judge_ruling(&ruling)?;
        let index = self.enter(&act, operator).await?;
        Ok((ruling, index))
    }

    pub(super) fn demand(&self, power: &'static str) -> Result<(), EnactError> {
        if self.rights.borrow().acts().has_power(&self.hall, power) {
            return Ok(());
        }
        Err(EnactError::PowerMissing { hall: self.hall.to_string(), power })
    }

    fn judge_ruling(&self, ruling: &Ruling) -> Result<(), EnactError> {
        let missing = [
            ("reason", &ruling.reason),
            ("basis", &ruling.basis),
            ("authority_name", &ruling.authority_name),
        ];
        if let Some((field, _)) = missing.iter().find(|(_, text)| text.trim().is_empty()) {
            return Err(EnactError::Incomplete { field });
        }
        if !ruling.ended && ruling.from > self.today() {
            return Err(EnactError::NotYet { from: ruling.from });
        }
        let rights = self.rights.borrow();
        if rights.acts().directory().member(&ruling.origin).is_none() {
            return Err(EnactError::HallUnknown { hall: ruling.origin.to_string() });
        }
        Ok(())
    }

    fn today(&self) -> Date {
        Date::in_china(self.clock.now()).unwrap_or(Date::FOUNDING)
    }

    async fn completed(&self, mut asked: v1::Ruling) -> Result<v1::Ruling, EnactError> {
        let mut randomness = [0; 10];
        rand::fill(&mut randomness);
        asked.ruling_id = RecordId::new(self.clock.now(), randomness).to_string();
        if asked.from.is_empty() {
            asked.from = self.today().to_string();
        }
        if asked.authority_name.is_empty() {
            asked.authority_name = self.name();
        }
        if asked.origin.is_empty() {
            let record: RecordId = asked.record_id.parse().map_err(|_| EnactError::RecordName)?;
            asked.origin = self.origin(record).await?.to_string();
        }
        Ok(asked)
    }

    /// The hall's name in the directory; empty when it has none.
    fn name(&self) -> String {
        let rights = self.rights.borrow();
        let member = rights.acts().directory().member(&self.hall);
        member.map(|member| member.name.clone()).unwrap_or_default()
    }

    /// The hall whose ledger has the record's original, among the heads held here.
    async fn origin(&self, record: RecordId) -> Result<HallId, EnactError> {
        let reader = self.reader.clone();
        let found = blocking(move || search::original(&reader, record)).await;
        let found = found.map_err(|_| EnactError::Stopped)?;
        let found = found.map_err(EnactError::Search)?;
        found.ok_or_else(|| EnactError::RecordUnknown { record: record.to_string() })
    }

    fn ended(&self, asked: v1::Ruling) -> Result<v1::Ruling, EnactError> {
        let unknown = || EnactError::RulingUnknown { ruling: asked.ruling_id.clone() };
        let id: RecordId = asked.ruling_id.parse().map_err(|_| unknown())?;
        let rights = self.rights.borrow();
        let stands = rights.acts().ruling(&self.hall, id).ok_or_else(unknown)?;
        if stands.ended {
            return Err(EnactError::RulingEnded { ruling: asked.ruling_id.clone() });
        }
        let mut ended = wire::ruling_to(stands);
        ended.ended = true;
        ended.reason.clone_from(&asked.reason);
        for (field, said) in
            [(&mut ended.basis, asked.basis), (&mut ended.document_number, asked.document_number)]
        {
            if !said.is_empty() {
                *field = said;
            }
        }
        Ok(ended)
    }
}
