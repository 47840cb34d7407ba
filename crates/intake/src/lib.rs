//! From submission to acknowledgement (steps 2 to 5 of a record's life): validate against the shared
//! schema, decide what the submitter may say, label, stamp, and hand over to the ledger's one door.
//!
//! A record is acknowledged by itself, after the fdatasync that covers it, or refused with every
//! reason at once; of a refused one nothing is stored. The order of judgement matters in one place:
//! whether a message is a repetition is known only to the ledger's register, so everything that a
//! repetition must not trip over (a revision that has become stale *because* the message was
//! accepted the first time) is left to the register.
//!
//! [`Intake`] takes systems' submissions, [`Acts`](Intake::enact) takes operators' acts; [`Bounds`]
//! says what `hallway.toml` lets systems name. Deliberately absent until later: Cedar, quarantine.

mod acts;
mod birth;
mod bounds;
mod draft;
mod import;
mod next;
mod outcome;
mod quarantine;
mod search;
mod steward;
mod submit;

pub use acts::{EnactError, HANDOVER_READ_WAIT};
pub use bounds::Bounds;
pub use import::{
    Answers, IMPORT_READ_AHEAD, IMPORT_ROWS_MAX, IMPORT_UNDER_WAY, ImportSettings, judge_row,
};
pub use quarantine::{QUARANTINE_LIST_MAX, QUARANTINE_OPEN_MAX};
pub use search::{SEARCH_ENTRIES_MAX, SearchError};
pub use submit::{Intake, SUBMISSIONS_MAX};

#[cfg(test)]
mod tests;
