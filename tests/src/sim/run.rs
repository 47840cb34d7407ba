//! Running seeds: one, with a trace to read, or many on all cores with one sum. The order in which
//! threads finish changes nothing: results are taken in the order of the seeds.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;

use record::{Generation, Lane, LedgerName, TrustDomain};
use sha2::{Digest, Sha256};

use super::hall::Setup;
use super::judge::{self, Tally};
use super::keys::Keys;
use super::plan::Plan;
use super::trace::Trace;
use super::world::World;

/// A defect that is planted to see whether it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// The ledger answers before its fdatasync.
    AckBeforeFsync,
    /// The machine says `Durable` when a batch arrives.
    DurableBeforeFsync,
    /// Parts that come for a leaf already here are dropped.
    StubWins,
    /// The machine never asks for parts.
    NoWant,
}

impl Break {
    /// All defects.
    pub const ALL: [Self; 4] =
        [Self::AckBeforeFsync, Self::DurableBeforeFsync, Self::StubWins, Self::NoWant];

    /// The defect as it is named on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AckBeforeFsync => "ack-before-fsync",
            Self::DurableBeforeFsync => "durable-before-fsync",
            Self::StubWins => "stub-wins",
            Self::NoWant => "no-want",
        }
    }
}

/// What one seed came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// What was found.
    pub tally: Tally,
    /// Hash over all events and actions.
    pub trace: u64,
}

/// What many seeds came to.
#[derive(Clone, Debug, Default)]
pub struct Sum {
    /// Seeds that were run.
    pub seeds: u64,
    /// The counts of all of them; the words of the first that failed.
    pub tally: Tally,
    /// Hash over the traces of all seeds, in their order.
    pub trace: String,
    /// The first seed with a fault.
    pub first_failing: Option<u64>,
    /// How many seeds have one.
    pub failing: u64,
}

/// Runs one seed.
pub fn run_seed(seed: u64, planted: Option<Break>, lines: Option<Box<dyn Write>>) -> Outcome {
    let trace = match lines {
        Some(lines) => Trace::with_lines(seed, lines),
        None => Trace::new(seed),
    };
    let plan = Plan::of(seed);
    let setup = setup(&plan, planted);
    let mut world = World::new(plan, setup, trace);
    world.run();
    judge::judge(&mut world);
    world.cut_power_everywhere();
    Outcome { seed, trace: world.trace.value(), tally: world.tally }
}

/// Runs seeds from `first` on, on so many threads, as long as `goes_on` says so of the sum.
pub fn run_seeds(
    first: u64,
    count: u64,
    planted: Option<Break>,
    threads: usize,
    goes_on: &mut dyn FnMut(&Sum) -> bool,
) -> Sum {
    let next = AtomicU64::new(0);
    let mut sum = Sum::default();
    let mut hash = Sha256::new();
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for _ in 0..threads.max(1) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    if place >= count {
                        break;
                    }
                    let outcome = run_seed(first.wrapping_add(place), planted, None);
                    if sender.send((place, outcome)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut going = true;
        for (place, outcome) in receiver {
            early.insert(place, outcome);
            // What finishes after the end was called does not count: the sum must not hang on luck.
            while let Some(outcome) = early.remove(&sum.seeds).filter(|_| going) {
                hash.update(outcome.seed.to_be_bytes());
                hash.update(outcome.trace.to_be_bytes());
                sum.add(&outcome);
                going = goes_on(&sum);
            }
            if !going {
                next.store(count, Ordering::Relaxed);
            }
        }
    });
    sum.trace = hex::encode(hash.finalize());
    sum
}

impl Sum {
    /// Whether no seed has a fault.
    pub fn holds(&self) -> bool {
        self.failing == 0
    }

    fn add(&mut self, outcome: &Outcome) {
        self.seeds += 1;
        if !outcome.tally.holds() {
            self.failing += 1;
            if self.first_failing.is_none() {
                self.first_failing = Some(outcome.seed);
                self.tally.said.clone_from(&outcome.tally.said);
            }
        }
        self.tally.add(&outcome.tally);
    }
}

impl From<Outcome> for Sum {
    /// One seed alone.
    fn from(outcome: Outcome) -> Self {
        let mut hash = Sha256::new();
        hash.update(outcome.seed.to_be_bytes());
        hash.update(outcome.trace.to_be_bytes());
        let mut sum = Self { trace: hex::encode(hash.finalize()), ..Self::default() };
        sum.add(&outcome);
        sum
    }
}

fn setup(plan: &Plan, planted: Option<Break>) -> Setup {
    let domain: TrustDomain = "jilin.example".parse().expect("a legal domain");
    let root_hall = plan.seats.first().expect("every plan has a root hall").hall.clone();
    let root = LedgerName::new(domain.clone(), root_hall.clone(), Lane::Acts, Generation(1));
    let ledger_fault = match planted {
        Some(Break::AckBeforeFsync) => ledger::Fault::AckBeforeFsync,
        Some(Break::StubWins) => ledger::Fault::StubWins,
        Some(Break::DurableBeforeFsync | Break::NoWant) | None => ledger::Fault::None,
    };
    let link_fault = match planted {
        Some(Break::DurableBeforeFsync) => link::machine::Fault::DurableBeforeFsync,
        Some(Break::NoWant) => link::machine::Fault::NoWant,
        Some(Break::AckBeforeFsync | Break::StubWins) | None => link::machine::Fault::None,
    };
    Setup {
        seed: plan.seed,
        root_key: Keys::of(plan.seed, &domain, &root_hall).log_text(),
        domain,
        root,
        ledger_fault,
        link_fault,
        epoch: EPOCH,
    }
}

/// 2026-01-01T00:00:00Z.
const EPOCH: i64 = 1_767_225_600_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_seeds_give_equal_traces_and_nothing_is_wrong() {
        let run = |threads| run_seeds(1, 6, None, threads, &mut |_| true);
        let (alone, together) = (run(1), run(3));
        assert!(alone.holds(), "seed {:?}: {:?}", alone.first_failing, alone.tally.said);
        assert_eq!(alone.trace, together.trace, "threads change nothing");
        assert_eq!(alone.tally, together.tally);
        assert_ne!(run_seed(1, None, None).trace, run_seed(2, None, None).trace);
    }

    /// Each found a defect of the protocol once: a clone that wrote less than its original, or more
    /// slowly, or beside a change of the key; an origin asked for nothing; a late older receipt.
    #[test]
    fn seeds_that_found_something_once_hold() {
        for seed in [1_608, 1_845, 2_246, 2_399, 2_726, 8_047] {
            let sum = Sum::from(run_seed(seed, None, None));
            assert!(sum.holds(), "seed {seed}: {:?}", sum.tally.said);
        }
    }

    #[test]
    fn planted_defects_are_found() {
        for planted in Break::ALL {
            let sum = run_seeds(1, 30, Some(planted), 2, &mut |sum| sum.holds());
            assert!(!sum.holds(), "{} went unseen in {} seeds", planted.as_str(), sum.seeds);
        }
    }
}
