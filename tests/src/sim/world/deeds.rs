//! What is done to a world from outside: submissions, acts, crashes, walls, clocks, clones.

use record::{Act, Audience, AudienceNumber, Member, MemberState};

use super::super::clients::Answer;
use super::super::hall::{Hall, Work};
use super::super::net::{Node, Weather};
use super::super::plan::Deed;
use super::super::queue::Moment;
use super::{Cloned, Happening, World};

/// Clocks further off than this are set when all is calm.
const CLOCK_OFF_MAX: i64 = 55_000;

impl World {
    /// Puts the script into the queue and starts the halls.
    pub(super) fn begin(&mut self) {
        for node in 0..self.plan.halls() {
            let at = if node == 0 { 0 } else { self.dice.below(2_000) };
            self.queue.push(at, Happening::Boot(node));
        }
        for node in 0..self.plan.halls() {
            if self.plan.seats.get(node).is_some_and(|seat| !seat.late) {
                self.admit(node, 1);
            }
        }
        for (at, deed) in std::mem::take(&mut self.plan.script) {
            self.queue.push(at, Happening::Deed(deed));
        }
        self.queue.push(self.plan.calm_at, Happening::Calm);
    }

    /// Does something to the world.
    pub(super) fn deed(&mut self, deed: Deed) {
        self.trace.note(self.now, format_args!("{deed:?}"));
        match deed {
            Deed::Submit(node) => {
                let twin = self.clones.iter().find(|clone| clone.real == node);
                let twin = twin.map(|clone| clone.twin);
                for place in std::iter::once(node).chain(twin) {
                    let message = self.clients.next(place, &mut self.dice);
                    self.ask(message);
                }
            }
            Deed::Audience(node, number, terms) => {
                let audience = Audience { number, title: format!("受众 {}", number.0), terms };
                let message = self.clients.act(node, &Act::Audience(audience));
                self.ask(message);
            }
            Deed::Admit(node) => self.admit(node, self.now),
            Deed::Crash { node, power, calls, away } => self.crash(node, power, calls, away),
            Deed::Partition { side, lasts } => self.partition(&side, lasts),
            Deed::Cut(one, other) => {
                for line in self.net.lines_between(one, other) {
                    self.cut(line);
                }
            }
            Deed::Jump(node, by) => {
                if let Some(hall) = self.halls.get_mut(node) {
                    hall.skew = hall.skew.saturating_add(by);
                    hall.jumped |= hall.skew.abs() > CLOCK_OFF_MAX;
                }
            }
            Deed::Slow { node, each, lasts } => {
                if let Some(hall) = self.halls.get_mut(node) {
                    hall.commit_takes = each;
                }
                self.queue.push(self.now + lasts, Happening::Hasten(node));
            }
            Deed::Rotate(node) => {
                if let Some(hall) = self.halls.get_mut(node) {
                    hall.rotates = true;
                }
                self.admit(node, self.now);
                self.queue.push(self.now + 500, Happening::Rotate(node));
            }
            Deed::Clone { node, with } => self.clone_hall(node, with),
        }
    }

    /// All faults stop: every hall is up, every road is open, the wires are good.
    pub(super) fn calm_down(&mut self) {
        self.trace.note(self.now, format_args!("calm"));
        self.calm = true;
        // Who was lied to by damage learns the truth at the next greeting; nobody else needs one.
        let afresh = self.weather.damage > 0 || self.dice.chance(400);
        self.weather = Weather::CALM;
        self.net.clear_walls();
        for line in if afresh { self.net.lines() } else { Vec::new() } {
            self.cut(line);
        }
        for hall in &mut self.halls {
            hall.disk.calm();
            hall.commit_takes = 2;
        }
        for clone in self.clones.clone() {
            self.part(clone);
        }
        // A clock far off pauses receipts until somebody sets it; a new greeting takes note of it.
        for node in 0..self.halls.len() {
            let Some(hall) = self.halls.get_mut(node) else { continue };
            if hall.skew.abs() > CLOCK_OFF_MAX {
                hall.skew = 0;
            }
            if hall.jumped {
                for line in self.net.lines_of(node) {
                    self.cut(line);
                }
            }
        }
    }

    /// A fork is seen when one branch grows beyond what others hold of the other. So once all is calm
    /// both write in turns, each time more acts than the other has.
    fn part(&mut self, clone: Cloned) {
        let turns = [
            (clone.real, 40, 4, 4_000),
            (clone.twin, 5, 12, 8_000),
            (clone.real, 0, 20, 25_000),
            (clone.twin, 0, 40, 45_000),
        ];
        for (node, records, acts, after) in turns {
            for place in 0..records {
                let message = self.clients.next(node, &mut self.dice);
                self.queue.push(self.now + after + 50 * place, Happening::Ask(message));
            }
            for place in 0..acts {
                let number = AudienceNumber(3);
                let audience = Audience { number, title: "分叉".to_owned(), terms: Vec::new() };
                let message = self.clients.act(node, &Act::Audience(audience));
                self.queue.push(self.now + after + 50 * place, Happening::Ask(message));
            }
        }
    }

    /// Starts a hall; what loses its power while starting is started again.
    pub(super) fn boot(&mut self, node: Node) {
        let Some(hall) = self.halls.get_mut(node).filter(|hall| hall.running.is_none()) else {
            return;
        };
        if let Err(what) = hall.boot(&self.setup, self.now, &mut self.dice) {
            if hall.disk.is_down() {
                self.restart(node, 300);
            } else {
                self.tally.broken(&mut self.trace, format_args!("{what}"));
            }
            return;
        }
        self.trace.note(self.now, format_args!("{node} boots"));
        self.compare_promises(node);
        self.set_alarm(node);
    }

    /// A read or write failed: with power on that is a bug; either way the process ends.
    pub(super) fn failed(&mut self, node: Node, what: &str) {
        let Some(hall) = self.halls.get(node) else { return };
        if !hall.disk.is_down() {
            let name = hall.id.as_str().to_owned();
            self.tally.broken(&mut self.trace, format_args!("{name}: {what}"));
        }
        let away = if self.calm { 20 } else { self.dice.between(20, 3_000) };
        self.restart(node, away);
    }

    /// Changes to the new key once the root hall has approved it.
    pub(super) fn rotate(&mut self, node: Node) {
        let Some(hall) = self.halls.get(node) else { return };
        let wanted = hall.keys.next_log_text();
        let approved = hall.running.as_ref().is_some_and(|running| {
            let member = running.rights.acts().directory().member(&hall.id);
            member.is_some_and(|member| member.log_keys.contains(&wanted))
        });
        if approved {
            self.tally.rotations += 1;
            self.enqueue(node, Work::Rotate);
        } else if self.now < self.plan.calm_at + 20_000 {
            self.queue.push(self.now + 500, Happening::Rotate(node));
        }
    }

    /// At the end: power goes everywhere, and what was acknowledged is there when it is back.
    pub fn cut_power_everywhere(&mut self) {
        for node in 0..self.plan.halls() {
            let Some(hall) = self.halls.get_mut(node) else { continue };
            hall.stop();
            hall.disk.crash();
            hall.disk.restart();
            self.boot(node);
        }
    }

    fn restart(&mut self, node: Node, away: Moment) {
        self.tally.crashes += 1;
        self.trace.note(self.now, format_args!("{node} is down"));
        for line in self.net.lines_of(node) {
            self.cut(line);
        }
        let Some(hall) = self.halls.get_mut(node) else { return };
        hall.stop();
        if hall.disk.is_down() {
            hall.disk.restart();
        } else {
            hall.disk.kill();
        }
        hall.disk.calm();
        self.queue.push(self.now + away, Happening::Boot(node));
    }

    fn crash(&mut self, node: Node, power: bool, calls: Option<u64>, away: Moment) {
        let Some(hall) = self.halls.get_mut(node).filter(|hall| hall.running.is_some()) else {
            return;
        };
        if let (true, Some(calls)) = (power, calls) {
            hall.disk.crash_at(calls);
            return;
        }
        if power {
            hall.disk.crash();
        }
        self.restart(node, away);
    }

    /// What peers and clients were told must have survived.
    fn compare_promises(&mut self, node: Node) {
        let cloned = self.is_cloned(node);
        let Some(hall) = self.halls.get_mut(node) else { return };
        let name = hall.id.as_str().to_owned();
        for (ledger, promised, held) in hall.broken_promises() {
            self.tally.lost += promised - held;
            hall.promised.insert(ledger.clone(), held);
            let what = format_args!("lost: {name} promised {promised} of {ledger}, holds {held}");
            self.tally.say(&mut self.trace, what);
        }
        let Some(running) = hall.running.as_ref().filter(|_| !cloned) else { return };
        for message in self.clients.messages.iter().filter(|message| message.node == node) {
            let Answer::Acknowledged(ledger, index) = &message.answer else { continue };
            if running.reader.head(ledger).is_none_or(|head| head.size <= *index) {
                self.tally.lost += 1;
                let id = &message.id;
                let what = format_args!("lost: {id} acknowledged at {index} of {ledger} is gone");
                self.tally.say(&mut self.trace, what);
            }
        }
    }

    fn admit(&mut self, node: Node, at: Moment) {
        let Some(hall) = self.halls.get(node) else { return };
        let Some(seat) = self.plan.seats.get(node) else { return };
        let mut log_keys = vec![hall.keys.log_text()];
        if hall.rotates {
            log_keys.push(hall.keys.next_log_text());
        }
        let parent = seat.parent.and_then(|parent| self.plan.seats.get(parent));
        let member = Member {
            hall: hall.id.clone(),
            state: MemberState::Active,
            name: seat.name.to_owned(),
            divisions: Vec::new(),
            parent: parent.map(|parent| parent.hall.clone()),
            endpoints: Vec::new(),
            log_keys,
            holder_keys: vec![hall.keys.holder_text()],
            powers: Vec::new(),
            pins: Vec::new(),
        };
        let message = self.clients.act(0, &Act::Member(member));
        self.queue.push(at, Happening::Ask(message));
    }

    fn partition(&mut self, side: &[Node], lasts: Moment) {
        self.tally.partitions += 1;
        let mut pairs = Vec::new();
        for one in side {
            for other in (0..self.halls.len()).filter(|other| !side.contains(other)) {
                self.net.wall(*one, other, true);
                pairs.push((*one, other));
                for line in self.net.lines_between(*one, other) {
                    self.cut(line);
                }
            }
        }
        self.queue.push(self.now + lasts, Happening::Unwall(pairs));
    }

    /// A copy of a hall's disk comes to life behind one of its roads.
    fn clone_hall(&mut self, node: Node, with: Node) {
        let peer = self.halls.get(with).map(|hall| hall.id.clone());
        let Some(hall) = self.halls.get(node).filter(|hall| hall.running.is_some()) else { return };
        if !self.clones.is_empty() {
            return;
        }
        let dials = hall.dials.iter().filter(|dialled| Some(*dialled) == peer.as_ref()).cloned();
        let twin = self.halls.len();
        let mut copy = Hall::new(&self.setup, twin, hall.id.clone(), dials.collect());
        copy.disk = hall.disk.image(self.plan.seed);
        copy.skew = hall.skew;
        self.halls.push(copy);
        self.clones.push(Cloned { real: node, twin, with });
        for line in self.net.lines_between(node, with) {
            self.cut(line);
        }
        self.queue.push(self.now + 100, Happening::Boot(twin));
        for at in [self.now + 200, self.now + 700] {
            for place in [node, twin] {
                let message = self.clients.next(place, &mut self.dice);
                self.queue.push(at, Happening::Ask(message));
            }
        }
    }
}
