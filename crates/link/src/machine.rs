//! The replication machine of one hall: every link, no I/O.

mod action;
mod event;

pub use action::{Action, AlarmCode};
pub use event::{Connection, Event, Head, Taken, Ticket, Verdict};
