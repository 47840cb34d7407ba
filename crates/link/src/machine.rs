//! The replication machine of one hall: every link, no I/O.

mod action;
pub mod config;
mod event;

use policy::Rights;
use record::{HallId, LedgerName, Timestamp};

pub use action::{Action, AlarmCode};
pub use config::{Config, Fault};
pub use event::{Connection, Event, Head, Taken, Ticket, Verdict};

/// All links of one hall.
pub struct Machine {
    config: Config,
    me: HallId,
    rights: Rights,
    heads: Vec<(LedgerName, Head)>,
    dial: Vec<HallId>,
    seed: u64,
}

impl Machine {
    /// A machine at the start of a process: nothing is connected; `heads` are durable.
    pub fn new(
        config: Config,
        me: HallId,
        rights: Rights,
        heads: Vec<(LedgerName, Head)>,
        dial: Vec<HallId>,
        seed: u64,
    ) -> Self {
        Self { config, me, rights, heads, dial, seed }
    }

    /// Takes what happened and answers with what to do, in order.
    pub fn on(&mut self, _event: Event, _now: Timestamp) -> Vec<Action> {
        Vec::new()
    }

    /// When the machine wants a [`Event::Tick`] at the latest; a moment in the past means now.
    pub fn wakes_at(&self) -> Option<Timestamp> {
        None
    }
}
