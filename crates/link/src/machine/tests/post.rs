//! What is under way to the halls. Things of one lane keep their order: frames of one connection,
//! answers of one door, answers of the reads. Between lanes chance decides, from a seed; every order
//! that a real hall could see can come.

use std::collections::{BTreeMap, VecDeque};

use record::HallId;

use super::super::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lane {
    Wire(Connection),
    Door,
    Reads,
    Heads,
    Rest,
}

/// Events under way.
pub(super) struct Post {
    lanes: BTreeMap<(HallId, Lane), VecDeque<Event>>,
    chance: u64,
}

impl Post {
    pub(super) fn new(seed: u64) -> Self {
        Self { lanes: BTreeMap::new(), chance: seed | 1 }
    }

    pub(super) fn push(&mut self, at: HallId, event: Event) {
        self.lanes.entry((at, lane(&event))).or_default().push_back(event);
    }

    pub(super) fn pop(&mut self) -> Option<(HallId, Event)> {
        if self.lanes.is_empty() {
            return None;
        }
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        let at = usize::try_from(self.chance % 1_000_003).unwrap() % self.lanes.len();
        let key = self.lanes.keys().nth(at).cloned().unwrap();
        let queue = self.lanes.get_mut(&key).unwrap();
        let event = queue.pop_front().unwrap();
        if queue.is_empty() {
            self.lanes.remove(&key);
        }
        Some((key.0, event))
    }

    /// A process ends: what was on its way to it is gone.
    pub(super) fn forget(&mut self, at: &HallId) {
        self.lanes.retain(|(to, _), _| to != at);
    }
}

fn lane(event: &Event) -> Lane {
    match event {
        Event::Opened { connection, .. }
        | Event::Arrived { connection, .. }
        | Event::Unreadable { connection, .. }
        | Event::Lost { connection, .. } => Lane::Wire(*connection),
        Event::Taken { .. } | Event::TookFill { .. } => Lane::Door,
        Event::Loaded { .. }
        | Event::LoadedParts { .. }
        | Event::Lacking { .. }
        | Event::Proved { .. }
        | Event::Examined { .. }
        | Event::Receipted { .. }
        | Event::ReceiptChecked { .. } => Lane::Reads,
        Event::Grown { .. } => Lane::Heads,
        Event::DialFailed { .. }
        | Event::ActsMoved { .. }
        | Event::Reloaded { .. }
        | Event::Tick
        | Event::Drain => Lane::Rest,
    }
}
