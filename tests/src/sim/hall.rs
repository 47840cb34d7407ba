//! One simulated hall: a real store on a faulty disk, a real machine, real acts, and what drives them
//! in one process, without threads. A life begins with [`Hall::boot`] and ends with a crash; only the
//! disk goes on. Absent: sled. A hall starts each life with no memory of its peers.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use ledger::{Background, Faulty, Head, Options, PeerEntries, PeerFill, Reader, Receipt, Store};
use link::desk::doubt;
use link::desk::reading::Bookmark;
use link::machine::{self, Config, Event, Machine, Ticket};
use policy::{Acts, KeyVerdict, Rights};
use record::{Act, Generation, HallId, Lane, LedgerName, Timestamp, TrustDomain};

use super::clients::MessageNumber;
use super::dice::Dice;
use super::keys::{Keys, secret};
use super::net::Node;
use super::queue::Moment;

/// What all halls of a world have in common.
#[derive(Clone)]
pub struct Setup {
    /// The seed.
    pub seed: u64,
    /// The trust domain.
    pub domain: TrustDomain,
    /// The root hall's acts ledger.
    pub root: LedgerName,
    /// The root hall's first key.
    pub root_key: String,
    /// A planted defect of the ledger.
    pub ledger_fault: ledger::Fault,
    /// A planted defect of the machine.
    pub link_fault: machine::Fault,
    /// Milliseconds since 1970 at which the world begins.
    pub epoch: i64,
}

/// One hall.
pub struct Hall {
    /// Its place.
    pub node: Node,
    /// Its name; a cloned hall's twin has the same.
    pub id: HallId,
    /// Its keys.
    pub keys: Keys,
    /// Its disk.
    pub disk: Faulty,
    /// How many times it was started.
    pub life: u32,
    /// How far its clock is from the world's, in milliseconds.
    pub skew: i64,
    /// Its clock jumped so far that peers may have noted it.
    pub jumped: bool,
    /// How long a commit takes.
    pub commit_takes: Moment,
    /// Whom it dials.
    pub dials: Vec<HallId>,
    /// The directory is to approve its next log key too, now and from now on.
    pub rotates: bool,
    /// Sizes that peers were told it holds durably.
    pub promised: BTreeMap<LedgerName, u64>,
    /// The last group whose answers went out.
    pub answered_group: Option<u64>,
    /// Alive.
    pub running: Option<Running>,
}

/// A hall that runs.
pub struct Running {
    /// The one door.
    pub store: Store<Faulty>,
    /// What is durable.
    pub reader: Reader<Faulty>,
    /// The links.
    pub machine: Machine,
    /// Rights as of now.
    pub rights: Rights,
    /// What waits for the next commit.
    pub door: VecDeque<Work>,
    /// A commit is under way, or about to be.
    pub busy: bool,
    /// When the machine is woken next.
    pub wakes: Option<Moment>,
    /// When the last batch or fill comes before the door, so that they keep their order.
    pub last_take: Moment,
    acts: Acts,
    bookmark: Bookmark,
    /// Sizes the machine knows of.
    told: BTreeMap<LedgerName, u64>,
}

/// Something that waits at the door.
pub enum Work {
    /// A client's message.
    Message(MessageNumber),
    /// A peer's batch, verified.
    Batch(Ticket, PeerEntries),
    /// A peer's fill, and how many entries it has.
    Fill(Ticket, PeerFill, u64),
    /// A receipt for a ledger of this hall.
    Receipt(Box<Receipt>),
    /// An act the machine asked for.
    Act(Box<Act>),
    /// Another log key.
    Rotate,
}

impl Hall {
    /// A hall that has never run.
    pub fn new(setup: &Setup, node: Node, id: HallId, dials: Vec<HallId>) -> Self {
        let place = u64::try_from(node).unwrap_or(0);
        Self {
            node,
            keys: Keys::of(setup.seed, &setup.domain, &id),
            id,
            disk: Faulty::new(setup.seed.wrapping_mul(1_000).wrapping_add(place)),
            life: 0,
            skew: 0,
            jumped: false,
            commit_takes: 2,
            dials,
            rotates: false,
            promised: BTreeMap::new(),
            answered_group: None,
            running: None,
        }
    }

    /// What the hall's clock shows.
    pub fn clock(&self, setup: &Setup, now: Moment) -> Timestamp {
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        Timestamp(setup.epoch.saturating_add(now).saturating_add(self.skew))
    }

    /// Starts the hall on what its disk has; an error with power on must never happen.
    pub fn boot(&mut self, setup: &Setup, now: Moment, dice: &mut Dice) -> Result<(), String> {
        self.life += 1;
        let store = self.open(setup, now, dice)?;
        let reader = store.reader();
        let (mut acts, mut bookmark) = (no_acts(setup), Bookmark::new());
        bookmark.read_all(&reader, &mut acts).map_err(|error| told(&"read acts", &error))?;
        let heads = reader.heads();
        let rights = Rights::new(acts.clone());
        let known = heads.iter().map(|(ledger, head)| (ledger.clone(), head.size)).collect();
        let heads = heads.into_iter().map(|(ledger, head)| (ledger, seen(&head))).collect();
        let config = config(setup, reader.log_id(), dice);
        let (id, dials) = (self.id.clone(), self.dials.clone());
        let machine = Machine::new(config, id, rights.clone(), heads, dials, dice.roll());
        self.running = Some(Running {
            store,
            reader,
            machine,
            rights,
            acts,
            bookmark,
            told: known,
            door: VecDeque::new(),
            busy: false,
            wakes: None,
            last_take: 0,
        });
        Ok(())
    }

    /// Stops without a word.
    pub fn stop(&mut self) {
        self.running = None;
    }

    /// Remembers that a peer was told of this size.
    pub fn promise(&mut self, ledger: &LedgerName, size: u64) {
        match self.promised.get_mut(ledger) {
            Some(promised) => *promised = size.max(*promised),
            None => {
                self.promised.insert(ledger.clone(), size);
            }
        }
    }

    /// Ledgers that are shorter than peers were told: name, promised, held.
    pub fn broken_promises(&self) -> Vec<(LedgerName, u64, u64)> {
        let Some(running) = &self.running else { return Vec::new() };
        let held = |ledger| running.reader.head(ledger).map_or(0, |head| head.size);
        self.promised
            .iter()
            .map(|(ledger, promised)| (ledger.clone(), *promised, held(ledger)))
            .filter(|(_, promised, held)| held < promised)
            .collect()
    }

    fn open(&self, setup: &Setup, now: Moment, dice: &mut Dice) -> Result<Store<Faulty>, String> {
        let at = self.clock(setup, now);
        let log_seed = secret(setup.seed, &self.id, "log id");
        let mut options = Options::new(setup.domain.clone(), self.id.clone(), log_seed);
        options.segment_bytes = SEGMENT_BYTES;
        options.background = Background::Inline;
        options.fault = setup.ledger_fault;
        options.acknowledged = self.answered_group.filter(|_| dice.chance(500));
        let open = |signer| {
            let opened = Store::open(self.disk.clone(), options.clone(), signer, at);
            let (store, report) = opened.map_err(|error| told(&self.id.as_str(), &error))?;
            match report.damage.first() {
                Some(damage) => Err(told(&self.id.as_str(), damage)),
                None => Ok(store),
            }
        };
        let store = open(self.keys.log())?;
        // Which key is in place the hall's own acts tell; production finds it in its key directory.
        let own = own_ledger(setup, &self.id, Lane::Acts);
        let reader = store.reader();
        let (mut acts, size) = (no_acts(setup), reader.head(&own).map_or(0, |head| head.size));
        Bookmark::new().read_all(&reader, &mut acts).map_err(|error| told(&"read acts", &error))?;
        let next = self.keys.next_log();
        if acts.key_for(&own, size + 1) != KeyVerdict::Key(next.public()) {
            return Ok(store);
        }
        drop((store, reader));
        open(next)
    }
}

impl Running {
    /// What grew since the machine was told last, and new rights when acts came with it.
    pub fn news(&mut self) -> Result<Vec<Event>, String> {
        let mut events = Vec::new();
        let mut moved = false;
        for (ledger, head) in self.reader.heads() {
            moved |= self
                .bookmark
                .read(&self.reader, &ledger, head.size, &mut self.acts)
                .map_err(|error| told(&ledger, &error))?;
            if self.told.get(&ledger) != Some(&head.size) {
                self.told.insert(ledger.clone(), head.size);
                events.push(Event::Grown { head: seen(&head), ledger });
            }
        }
        if moved {
            self.rights = Rights::new(self.acts.clone());
            events.push(Event::ActsMoved { rights: self.rights.clone() });
        }
        Ok(events)
    }

    /// A ledger's head, as the machine sees it.
    pub fn head(&self, ledger: &LedgerName) -> machine::Head {
        let empty = machine::Head { size: 0, root: ledger::empty_root() };
        self.reader.head(ledger).map_or(empty, |head| seen(&head))
    }
}

/// The first generation of a lane of a hall.
pub fn own_ledger(setup: &Setup, hall: &HallId, lane: Lane) -> LedgerName {
    LedgerName::new(setup.domain.clone(), hall.clone(), lane, Generation(1))
}

/// No acts, in this world.
pub fn no_acts(setup: &Setup) -> Acts {
    Acts::new(setup.root.clone(), &setup.root_key, doubt::is_fork)
        .expect("the root key is named after the root hall")
}

/// Short times, since worlds are short; little credit now and then.
fn config(setup: &Setup, log_id: [u8; 16], dice: &mut Dice) -> Config {
    let mut config = Config::new(log_id);
    config.credit_bytes = if dice.chance(300) { dice.between(2_000, 60_000) } else { 8 << 20 };
    config.backoff_first = Duration::from_millis(100);
    config.backoff_max = Duration::from_secs(3);
    config.refused_retry = Duration::from_secs(3);
    config.greet_within = Duration::from_secs(5);
    config.receipt_near = Duration::from_secs(2);
    config.receipt_far = Duration::from_secs(4);
    config.want_retry = Duration::from_millis(800);
    config.want_retry_max = Duration::from_secs(6);
    config.want_timeout = Duration::from_secs(4);
    config.look_every = Duration::from_secs(15);
    config.held_retry = Duration::from_secs(4);
    config.damage_pause = Duration::from_millis(300);
    config.proof_timeout = Duration::from_secs(4);
    config.load_retry = Duration::from_millis(700);
    config.fault = setup.link_fault;
    config
}

fn seen(head: &Head) -> machine::Head {
    machine::Head { size: head.size, root: head.root }
}

/// An error with its causes, in one line.
pub fn told(what: &dyn std::fmt::Display, error: &dyn std::error::Error) -> String {
    let mut line = format!("{what}: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&error.to_string());
        cause = error.source();
    }
    line
}

/// Small, so that logs have several segments.
const SEGMENT_BYTES: u64 = 96 << 10;
