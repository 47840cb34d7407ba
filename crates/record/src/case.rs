//! Cases (办件), as far as this version knows them: number, item, state, times, applicant.
//!
//! The full case model of GB/T 39046 comes with the shared schema; until then its further fields
//! travel as unknown ones, intact.

use std::fmt;

use crate::date::Date;
use crate::personal::Masked;
use crate::rules::{self, Report};
use crate::time::Timestamp;
use crate::violation::Violation;

/// A case as submitted.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Case {
    /// Case number (办件编号).
    pub case_number: String,
    /// Item (事项名称).
    pub item_name: String,
    /// State (办件状态).
    pub state: String,
    /// Accepted at (受理时间), RFC 3339; empty before acceptance.
    pub accepted_at: String,
    /// Applicant (申请人), closed part.
    pub applicant_name: String,
    /// Applicant's certificate number, closed part.
    pub applicant_id: String,
}

impl Case {
    /// All violations; none for a valid case.
    pub fn validate(&self, today: Date) -> Vec<Violation> {
        let mut report = Report::new("case", today);
        report.text("open", "case_number", &self.case_number, 50);
        report.text("open", "item_name", &self.item_name, 300);
        report.text("open", "state", &self.state, 32);
        if !self.accepted_at.is_empty() && self.accepted_at.parse::<Timestamp>().is_err() {
            report.add(&rules::TIME, "open", "accepted_at", &self.accepted_at);
        }
        report.text("closed", "applicant_name", &self.applicant_name, 200);
        report.at_most("closed", "applicant_id", &self.applicant_id, 64);
        report.into_violations()
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case")
            .field("case_number", &self.case_number)
            .field("item_name", &self.item_name)
            .field("state", &self.state)
            .field("accepted_at", &self.accepted_at)
            .field("applicant_name", &Masked(&self.applicant_name))
            .field("applicant_id", &Masked(&self.applicant_id))
            .finish()
    }
}
