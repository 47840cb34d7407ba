//! Counts of what happened and of what was wrong, and the first faults in words.

use std::fmt;

use super::super::trace::Trace;

/// What was found, in counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Things that happened.
    pub events: u64,
    /// Processes and power lost.
    pub crashes: u64,
    /// Partitions.
    pub partitions: u64,
    /// Ledgers that were really forked.
    pub forks: u64,
    /// Keys changed.
    pub rotations: u64,
    /// Entries at origins.
    pub entries: u64,
    /// Acknowledged (or promised to a peer), yet not there.
    pub lost: u64,
    /// There more than once.
    pub duplicated: u64,
    /// Against the ledger's index or the record's revisions.
    pub out_of_order: u64,
    /// Different roots or bytes.
    pub diverged: u64,
    /// Without parts that the hall may have.
    pub starved: u64,
    /// With parts that the hall may never have had.
    pub leaked: u64,
    /// Frozen without a fork, or forked and not frozen.
    pub false_forks: u64,
    /// Final receipts that the origin lacks.
    pub receipts_missing: u64,
    /// Entries held as stubs.
    pub withheld: u64,
    /// Whatever must not happen at all: damage after a crash, reads that fail, worlds without end.
    pub broken: u64,
    /// The first things that were wrong, in words.
    pub said: Vec<String>,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    Lost,
    Duplicated,
    OutOfOrder,
    Diverged,
    Starved,
    Leaked,
    FalseForks,
    ReceiptsMissing,
    Broken,
}

impl Tally {
    /// Whether nothing is wrong.
    pub fn holds(&self) -> bool {
        let wrong = [
            self.lost,
            self.duplicated,
            self.out_of_order,
            self.diverged,
            self.starved,
            self.leaked,
            self.false_forks,
            self.receipts_missing,
            self.broken,
        ];
        wrong.iter().all(|count| *count == 0)
    }

    /// Puts a fault into words.
    pub fn say(&mut self, trace: &mut Trace, what: fmt::Arguments<'_>) {
        trace.remark(what);
        if self.said.len() < SAID_MAX {
            self.said.push(what.to_string());
        }
    }

    /// Counts what must not happen at all.
    pub fn broken(&mut self, trace: &mut Trace, what: fmt::Arguments<'_>) {
        self.count(Fault::Broken, trace, what);
    }

    /// Counts something that is there twice.
    pub fn doubled(&mut self, trace: &mut Trace, what: fmt::Arguments<'_>) {
        self.count(Fault::Duplicated, trace, what);
    }

    /// Adds the counts of another, not its words.
    pub fn add(&mut self, other: &Self) {
        self.events += other.events;
        self.crashes += other.crashes;
        self.partitions += other.partitions;
        self.forks += other.forks;
        self.rotations += other.rotations;
        self.entries += other.entries;
        self.lost += other.lost;
        self.duplicated += other.duplicated;
        self.out_of_order += other.out_of_order;
        self.diverged += other.diverged;
        self.starved += other.starved;
        self.leaked += other.leaked;
        self.false_forks += other.false_forks;
        self.receipts_missing += other.receipts_missing;
        self.withheld += other.withheld;
        self.broken += other.broken;
    }

    pub(super) fn count(&mut self, fault: Fault, trace: &mut Trace, what: fmt::Arguments<'_>) {
        let count = match fault {
            Fault::Lost => &mut self.lost,
            Fault::Duplicated => &mut self.duplicated,
            Fault::OutOfOrder => &mut self.out_of_order,
            Fault::Diverged => &mut self.diverged,
            Fault::Starved => &mut self.starved,
            Fault::Leaked => &mut self.leaked,
            Fault::FalseForks => &mut self.false_forks,
            Fault::ReceiptsMissing => &mut self.receipts_missing,
            Fault::Broken => &mut self.broken,
        };
        *count += 1;
        self.say(trace, format_args!("{fault:?}: {what}"));
    }
}

/// Most faults that are put into words.
const SAID_MAX: usize = 40;
