//! A world of simulated halls: everything that exists, and the loop that lets things happen.
//!
//! One queue, one order, one source of chance. Halls touch each other only through the wires, and
//! the world judges them only from outside: by what clients and peers were told, and by what the
//! disks hold at the end.

mod checked;
mod deeds;
mod door;
mod perform;

use std::collections::BTreeMap;

use bytes::Bytes;
use link::machine::{Action, Connection, Event};
use prost::Message as _;
use record::HallId;
use wire::frame::Frame;
use wire::v1;

use super::brief::Brief;
use super::clients::{Answer, Clients, MessageNumber};
use super::dice::Dice;
use super::hall::{Hall, Running, Setup, Work};
use super::judge::{self, Tally};
use super::net::{End, Net, Node, Weather};
use super::plan::{Deed, Plan};
use super::queue::{Moment, Queue};
use super::trace::Trace;

/// Everything.
pub struct World {
    /// What the seed decided.
    pub plan: Plan,
    /// What all halls have in common.
    pub setup: Setup,
    /// The halls by node; twins of cloned halls behind those of the plan.
    pub halls: Vec<Hall>,
    /// What clients know.
    pub clients: Clients,
    /// What was found wrong.
    pub tally: Tally,
    /// What happened.
    pub trace: Trace,
    /// Cloned halls.
    pub clones: Vec<Cloned>,
    names: BTreeMap<HallId, Node>,
    queue: Queue<Happening>,
    net: Net,
    weather: Weather,
    checked: checked::Checked,
    calm: bool,
    dice: Dice,
    now: Moment,
}

/// A hall whose disk was cloned.
#[derive(Clone, Copy, Debug)]
pub struct Cloned {
    /// The hall.
    pub real: Node,
    /// Its twin, behind the halls of the plan.
    pub twin: Node,
    /// The hall that is linked with the twin instead.
    pub with: Node,
}

/// Something that happens.
enum Happening {
    /// Something is done from outside.
    Deed(Deed),
    /// A message is brought to its hall.
    Ask(MessageNumber),
    /// It is brought again, unless its client has an answer.
    AskAgain(MessageNumber),
    /// A hall comes up.
    Boot(Node),
    /// Something happened to a machine.
    Machine(Node, u32, Box<Event>),
    /// An action is performed.
    Act(Node, u32, Box<Action>),
    /// A frame arrives.
    Deliver(u64, End, HallId, Bytes),
    /// A machine wanted to be woken.
    Wake(Node, u32),
    /// The disk is free for a commit.
    Commit(Node, u32),
    /// A commit's answers go out.
    Answer(Node, u32, Vec<door::Answered>),
    /// A wall falls.
    Unwall(Vec<(Node, Node)>),
    /// A disk is fast again.
    Hasten(Node),
    /// A hall that has a key to change to looks whether it may.
    Rotate(Node),
    /// All faults stop.
    Calm,
}

impl World {
    /// The world of a plan, before its first moment.
    pub fn new(plan: Plan, setup: Setup, trace: Trace) -> Self {
        let names = (0..).zip(&plan.seats).map(|(node, seat)| (seat.hall.clone(), node)).collect();
        let dials = |node: Node| {
            let of = plan.roads.iter().filter(|(from, _)| *from == node);
            of.filter_map(|(_, to)| plan.seats.get(*to)).map(|seat| seat.hall.clone()).collect()
        };
        let halls = (0..)
            .zip(&plan.seats)
            .map(|(node, seat)| Hall::new(&setup, node, seat.hall.clone(), dials(node)))
            .collect();
        let mut world = Self {
            setup,
            halls,
            clients: Clients::default(),
            tally: Tally::default(),
            trace,
            clones: Vec::new(),
            names,
            queue: Queue::new(),
            net: Net::default(),
            weather: plan.weather,
            checked: checked::Checked::default(),
            calm: false,
            dice: Dice::new(!plan.seed).branch(),
            now: 0,
            plan,
        };
        world.begin();
        world
    }

    /// Runs until all is quiet after the faults have stopped, or time is up.
    pub fn run(&mut self) {
        let calm_at = self.plan.calm_at;
        self.run_until(calm_at + QUIET_STEP);
        let mut quiet = 0;
        while quiet < 2 && self.now < calm_at + QUIET_LIMIT {
            self.run_until(self.now + QUIET_STEP);
            quiet = if self.is_settled() { quiet + 1 } else { 0 };
        }
        self.trace.note(self.now, format_args!("settled: {}", quiet >= 2));
    }

    /// Whether a hall was cloned, or is a clone: nobody judges what clients were told there.
    pub fn is_cloned(&self, node: Node) -> bool {
        self.clones.iter().any(|clone| clone.real == node || clone.twin == node)
    }

    /// When it is now.
    pub fn now(&self) -> Moment {
        self.now
    }

    fn run_until(&mut self, end: Moment) {
        while self.queue.next_at().is_some_and(|at| at <= end) {
            let Some((at, happening)) = self.queue.pop() else { break };
            self.now = at;
            self.tally.events += 1;
            if self.tally.events == EVENTS_MAX {
                self.tally
                    .broken(&mut self.trace, format_args!("more events than any world needs"));
                self.now = Moment::MAX / 2;
                return;
            }
            self.happen(happening);
        }
        self.now = end;
        self.net.sweep(end);
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Deed(deed) => self.deed(deed),
            Happening::Ask(number) => self.ask(number),
            Happening::AskAgain(number) => {
                let message = self.clients.messages.get(number);
                if message.is_some_and(|message| message.answer == Answer::None) {
                    self.ask(number);
                }
            }
            Happening::Boot(node) => self.boot(node),
            Happening::Machine(node, life, event) if self.lives(node, life) => {
                self.tell(node, *event);
            }
            Happening::Act(node, life, action) if self.lives(node, life) => {
                self.perform(node, *action);
            }
            Happening::Wake(node, life) if self.lives(node, life) => self.wake(node),
            Happening::Commit(node, life) if self.lives(node, life) => self.commit(node),
            Happening::Answer(node, life, answers) if self.lives(node, life) => {
                self.answer(node, answers);
            }
            // What was meant for an earlier life.
            Happening::Machine(..)
            | Happening::Act(..)
            | Happening::Wake(..)
            | Happening::Commit(..)
            | Happening::Answer(..) => {}
            Happening::Deliver(line, end, from, bytes) => self.deliver(line, end, from, &bytes),
            Happening::Unwall(pairs) => {
                for (one, other) in pairs {
                    self.net.wall(one, other, false);
                }
            }
            Happening::Hasten(node) => {
                if let Some(hall) = self.halls.get_mut(node) {
                    hall.commit_takes = 2;
                }
            }
            Happening::Rotate(node) => self.rotate(node),
            Happening::Calm => self.calm_down(),
        }
    }

    /// Hands an event to a hall's machine and begins what it asks for.
    fn tell(&mut self, node: Node, event: Event) {
        let Some(hall) = self.halls.get_mut(node) else { return };
        let (life, at) = (hall.life, hall.clock(&self.setup, self.now));
        let Some(running) = &mut hall.running else { return };
        self.trace.note(self.now, format_args!("{node} < {}", Brief(&event)));
        let actions = running.machine.on(event, at);
        for action in actions {
            self.trace.note(self.now, format_args!("{node} > {}", Brief(&action)));
            self.begin_action(node, life, action);
        }
        self.set_alarm(node);
    }

    /// Sees to it that a machine is woken when it wants to be. A sleep goes on when the clock jumps.
    fn set_alarm(&mut self, node: Node) {
        let Some(hall) = self.halls.get_mut(node) else { return };
        let (life, at) = (hall.life, hall.clock(&self.setup, self.now));
        let Some(running) = &mut hall.running else { return };
        let Some(wakes) = running.machine.wakes_at() else { return };
        let wait = u64::try_from(wakes.since(at).as_millis()).unwrap_or(Moment::MAX);
        // A machine that always wants to be woken now must not stop the world.
        let moment = self.now.saturating_add(wait).max(self.now + 1);
        if running.wakes.is_none_or(|set| set <= self.now || moment < set) {
            running.wakes = Some(moment);
            self.queue.push(moment, Happening::Wake(node, life));
        }
    }

    fn wake(&mut self, node: Node) {
        // A sleep that was overtaken by an earlier one is over before it ends.
        let now = self.now;
        let Some(running) = self.running(node) else { return };
        if running.wakes.take_if(|set| *set <= now).is_some() {
            self.tell(node, Event::Tick);
        }
    }

    fn deliver(&mut self, line: u64, end: End, from: HallId, bytes: &Bytes) {
        if !self.net.delivers(line, end.node, self.now) || !self.lives(end.node, end.life) {
            return;
        }
        self.trace.bytes(bytes);
        let connection = Connection(line);
        let frame = v1::Frame::decode(bytes.clone())
            .map_err(|error| error.to_string())
            .and_then(|frame| Frame::try_from(frame).map_err(|error| error.to_string()));
        let event = match frame {
            Ok(frame) => Event::Arrived { peer: from, connection, frame },
            Err(what) => Event::Unreadable { peer: from, connection, what },
        };
        self.tell(end.node, event);
    }

    /// Cuts a connection; both ends learn of it in their time.
    fn cut(&mut self, line: u64) {
        let ends = self.net.cut(line, self.now, self.weather, &mut self.dice);
        self.lose(line, ends, "cut");
    }

    fn lose(&mut self, line: u64, ends: Option<[(End, Moment); 2]>, reason: &str) {
        let Some([one, other]) = ends else { return };
        for ((end, at), (peer, _)) in [(one, other), (other, one)] {
            let Some(peer) = self.halls.get(peer.node).map(|hall| hall.id.clone()) else {
                continue;
            };
            let event =
                Event::Lost { peer, connection: Connection(line), reason: reason.to_owned() };
            self.queue.push(at, Happening::Machine(end.node, end.life, Box::new(event)));
        }
    }

    fn lives(&self, node: Node, life: u32) -> bool {
        self.halls.get(node).is_some_and(|hall| hall.life == life && hall.running.is_some())
    }

    fn running(&mut self, node: Node) -> Option<&mut Running> {
        self.halls.get_mut(node)?.running.as_mut()
    }

    /// Brings a message to its hall's door, and sees to it that it is asked again.
    fn ask(&mut self, number: MessageNumber) {
        let Some(message) = self.clients.messages.get(number) else { return };
        let (node, asks_again) = (message.node, !message.gives_up);
        self.enqueue(node, Work::Message(number));
        if asks_again {
            let at = self.now + self.dice.between(2_000, 5_000);
            self.queue.push(at, Happening::AskAgain(number));
        }
    }

    /// Whether everybody has everything, as far as sizes and counts tell.
    fn is_settled(&self) -> bool {
        self.clients.is_served(&|node| self.is_cloned(node)) && judge::is_settled(self)
    }
}

/// How often the world looks whether it is quiet.
const QUIET_STEP: Moment = 2_000;
/// After so long without faults, whatever is missing is missing.
const QUIET_LIMIT: Moment = 120_000;
/// No world needs more; one that does runs in circles.
const EVENTS_MAX: u64 = 4_000_000;
