//! An operator's handover (移交): judged, and entered between two submissions, never beside one.
//!
//! From which entry on the old steward no longer revises is the size of its records ledgers at that
//! moment. A revision acknowledged here must not turn out to stand behind it, so a handover of this
//! hall's own records waits for the submissions under way, holds back new ones, and lets them in again
//! once the hall has read its own act.

use std::time::Duration;

use ledger::Disk;
use record::{Act, HallId, Handover, Lane, MemberState, POWER_HAND_OVER};
use wire::v1;

use super::EnactError;
use crate::submit::Intake;

/// Longest that submissions wait for the hall to read its own handover.
pub const HANDOVER_READ_WAIT: Duration = Duration::from_secs(5);

impl<D: Disk> Intake<D> {
    /// Hands over records, all when none is named: this hall's own, or at the root those of a closed
    /// hall that is named. The act as it stands, and its index in this hall's acts.
    pub async fn hand_over(
        &self,
        mut asked: v1::Handover,
        operator: &str,
    ) -> Result<(Handover, u64), EnactError> {
        if asked.from_hall.is_empty() {
            asked.from_hall = self.hall.to_string();
        }
        asked.from.clear();
        let malformed = |error: wire::ReadError| EnactError::Malformed(error.to_string());
        let act = wire::act_from(v1::act::Act::Handover(asked)).map_err(malformed)?;
        let Act::Handover(mut handover) = act else {
            return Err(EnactError::NotByHand(act.name()));
        };
        let _nobody_submits = self.handing.write().await;
        self.judge_handover(&handover.from_hall, &handover.to_hall)?;
        if handover.reason.trim().is_empty() {
            return Err(EnactError::Incomplete { field: "reason" });
        }
        let from = self.reader.heads().into_iter().filter_map(|(ledger, head)| {
            let own = *ledger.hall() == handover.from_hall && ledger.lane() == Lane::Records;
            own.then_some((ledger, head.size))
        });
        handover.from = from.collect();
        let index = self.enter(&Act::Handover(handover.clone()), operator).await?;
        let mut rights = self.rights.clone();
        let ledger = self.reader.own_ledger(Lane::Acts);
        let read = rights.wait_for(|rights| rights.acts().has_read(&ledger, index));
        if tokio::time::timeout(HANDOVER_READ_WAIT, read).await.is_err() {
            tracing::warn!("the hall has not read its own handover in time");
        }
        Ok((handover, index))
    }

    fn judge_handover(&self, from: &HallId, to: &HallId) -> Result<(), EnactError> {
        let rights = self.rights.borrow();
        let (root, directory) = (rights.acts().root_hall(), rights.acts().directory());
        if from == to || !directory.is_active(to) {
            return Err(EnactError::HallUnknown { hall: to.to_string() });
        }
        if *from == self.hall {
            return self.demand(POWER_HAND_OVER);
        }
        if *root != self.hall {
            let (here, from) = (self.hall.to_string(), from.to_string());
            return Err(EnactError::NotSteward { here, from });
        }
        match directory.member(from).map(|member| member.state) {
            Some(MemberState::Closed | MemberState::Revoked) => Ok(()),
            Some(MemberState::Active) => Err(EnactError::NotClosed { hall: from.to_string() }),
            None => Err(EnactError::HallUnknown { hall: from.to_string() }),
        }
    }
}
