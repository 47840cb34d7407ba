//! What a seed decides before its world begins: halls, roads, weather, and a script of deeds.
//!
//! Everything here is drawn from the seed alone, so a plan can be read before it is run. Each tenth
//! seed is all of Jilin, the others a connected part of its tree. Absent: what machines do with it.

use record::jilin::{self, HallSeat};
use record::{AudienceNumber, HallId, PartSet, Term, Who};

use super::dice::Dice;
use super::net::{Node, Weather};
use super::queue::Moment;

/// A seed's world before it begins.
#[derive(Debug)]
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// Halls by node; the root hall first, each after its parent.
    pub seats: Vec<Seat>,
    /// Who dials whom.
    pub roads: Vec<(Node, Node)>,
    /// How the wires are until all is calm.
    pub weather: Weather,
    /// When all faults stop.
    pub calm_at: Moment,
    /// What is done, and when.
    pub script: Vec<(Moment, Deed)>,
}

/// One hall of the world.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Its id.
    pub hall: HallId,
    /// Its name.
    pub name: &'static str,
    /// The hall above.
    pub parent: Option<Node>,
    /// Admitted while running, not at the start.
    pub late: bool,
}

/// Something that is done to the world from outside.
#[derive(Clone, Debug)]
pub enum Deed {
    /// A client submits something at a hall.
    Submit(Node),
    /// A hall says who its audience is.
    Audience(Node, AudienceNumber, Vec<Term>),
    /// The root hall admits a late hall.
    Admit(Node),
    /// Power goes, or the process is killed; back after so many milliseconds.
    Crash {
        /// Where.
        node: Node,
        /// Power cut (unsynced sectors at risk) or only a killed process.
        power: bool,
        /// At this many disk calls from now, or at once.
        calls: Option<u64>,
        /// Away for so long.
        away: Moment,
    },
    /// No connection between two sides for a while.
    Partition {
        /// The halls of one side.
        side: Vec<Node>,
        /// For so long.
        lasts: Moment,
    },
    /// The connections between two halls are cut.
    Cut(Node, Node),
    /// A hall's clock jumps.
    Jump(Node, i64),
    /// A hall's disk takes so long for each commit, for a while.
    Slow {
        /// Where.
        node: Node,
        /// Milliseconds a commit.
        each: Moment,
        /// For so long.
        lasts: Moment,
    },
    /// A hall takes a new log key.
    Rotate(Node),
    /// A hall's disk is cloned, and a twin of the hall runs behind one of its lateral roads.
    Clone {
        /// The hall that is cloned.
        node: Node,
        /// The hall that the twin is linked with instead.
        with: Node,
    },
}

/// The seeds that are all of Jilin.
pub fn is_whole(seed: u64) -> bool {
    seed.is_multiple_of(10)
}

impl Plan {
    /// The plan of a seed.
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let seats = seats(seed, &mut dice);
        let mut roads: Vec<(Node, Node)> = (0..)
            .zip(&seats)
            .filter_map(|(node, seat)| seat.parent.map(|parent| (node, parent)))
            .collect();
        lateral(&seats, &mut roads, &mut dice);
        let calm_at = dice.between(25_000, 45_000);
        let mut plan =
            Self { seed, seats, roads, weather: weather(&mut dice), calm_at, script: Vec::new() };
        plan.traffic(&mut dice);
        plan.acts(&mut dice);
        plan.faults(&mut dice);
        plan.slow_and_strange(&mut dice);
        plan.script.sort_by_key(|(at, _)| *at);
        plan
    }

    /// Number of halls.
    pub fn halls(&self) -> usize {
        self.seats.len()
    }

    fn traffic(&mut self, dice: &mut Dice) {
        let submissions =
            if self.is_large() { dice.between(30, 70) } else { dice.between(40, 160) };
        let writers: Vec<Node> = (0..self.halls()).filter(|_| dice.chance(600)).collect();
        for _ in 0..submissions {
            let node = *dice.pick(&writers).unwrap_or(&0);
            let at = dice.between(200, self.calm_at);
            // Bursts, so that a group has more than one entry.
            let burst = if dice.chance(150) { dice.between(2, 12) } else { 1 };
            for _ in 0..burst {
                self.script.push((at, Deed::Submit(node)));
            }
        }
    }

    fn acts(&mut self, dice: &mut Dice) {
        for node in 0..self.halls() {
            if self.seats.get(node).is_some_and(|seat| seat.late) {
                self.script.push((dice.between(3_000, self.calm_at), Deed::Admit(node)));
            }
            if !dice.chance(if self.is_large() { 100 } else { 700 }) {
                continue;
            }
            for _ in 0..dice.between(1, 5) {
                let number = AudienceNumber(u32::try_from(dice.between(1, 3)).unwrap_or(1));
                let terms = (0..dice.below(4)).map(|_| self.term(dice)).collect();
                let at = dice.between(100, self.calm_at);
                self.script.push((at, Deed::Audience(node, number, terms)));
            }
        }
        if dice.chance(120) {
            let node = dice.index(self.halls());
            self.script.push((dice.between(4_000, self.calm_at), Deed::Rotate(node)));
        }
    }

    fn term(&self, dice: &mut Dice) -> Term {
        let hall = dice.pick(&self.seats).map(|seat| seat.hall.clone());
        let who = match (dice.below(7), hall) {
            (0..=2, Some(hall)) => Who::Hall(hall),
            (3..=4, Some(hall)) => Who::Subtree(hall),
            (5, _) => Who::PathUp,
            _ => Who::Everyone,
        };
        let parts = match dice.below(4) {
            0 => PartSet::HEAD,
            1 => PartSet::PUBLIC,
            _ => PartSet::ALL,
        };
        Term { who, parts }
    }

    fn faults(&mut self, dice: &mut Dice) {
        let halls = self.halls();
        let until = self.calm_at.saturating_sub(500);
        for _ in 0..dice.between(2, 8) {
            let crash = Deed::Crash {
                node: dice.index(halls),
                power: dice.chance(750),
                calls: dice.chance(700).then(|| dice.below(25)),
                away: dice.between(50, 8_000),
            };
            self.script.push((dice.between(500, until), crash));
        }
        for _ in 0..dice.below(5) {
            let side = if dice.chance(500) {
                vec![dice.index(halls)]
            } else {
                (0..halls).filter(|_| dice.chance(400)).collect()
            };
            let lasts = dice.between(500, 15_000);
            self.script.push((dice.between(300, until), Deed::Partition { side, lasts }));
        }
        for _ in 0..dice.below(10) {
            if let Some((one, other)) = dice.pick(&self.roads).copied() {
                self.script.push((dice.between(300, until), Deed::Cut(one, other)));
            }
        }
    }

    fn slow_and_strange(&mut self, dice: &mut Dice) {
        let halls = self.halls();
        let until = self.calm_at.saturating_sub(500);
        for _ in 0..dice.below(3) {
            let by = i64::try_from(dice.between(1_000, 400_000)).unwrap_or(0);
            let by = if dice.chance(500) { by } else { -by };
            self.script.push((dice.between(300, until), Deed::Jump(dice.index(halls), by)));
        }
        for _ in 0..dice.below(4) {
            let (node, each) = (dice.index(halls), dice.between(50, 2_000));
            let lasts = dice.between(1_000, 12_000);
            self.script.push((dice.between(300, until), Deed::Slow { node, each, lasts }));
        }
        if dice.chance(200) {
            let crosswise = |road: &&(Node, Node)| {
                let (one, other) = **road;
                let parent = |node: Node| self.seats.get(node).and_then(|seat| seat.parent);
                one != 0 && parent(one) != Some(other) && parent(other) != Some(one)
            };
            let lateral: Vec<(Node, Node)> = self.roads.iter().filter(crosswise).copied().collect();
            if let Some((node, with)) = dice.pick(&lateral).copied() {
                let at = dice.between(5_000, until);
                self.script.push((at, Deed::Clone { node, with }));
            }
        }
    }

    fn is_large(&self) -> bool {
        self.halls() > LARGE
    }
}

/// More halls than this, and a world gets fewer records.
const LARGE: usize = 20;

/// All of Jilin, or a part of its tree that hangs together.
fn seats(seed: u64, dice: &mut Dice) -> Vec<Seat> {
    let all: Vec<&HallSeat> = jilin::halls().iter().collect();
    let chosen: Vec<&HallSeat> = if is_whole(seed) {
        all
    } else {
        let wanted = usize::try_from(dice.between(3, 12)).unwrap_or(3);
        let mut chosen: Vec<&HallSeat> = all.iter().take(1).copied().collect();
        while chosen.len() < wanted {
            // Deep trees are the interesting ones, so a new hall often goes below the newest.
            let below = if dice.chance(500) { chosen.last() } else { dice.pick(&chosen) };
            let open: Vec<&HallSeat> = all
                .iter()
                .filter(|seat| seat.parent == below.map(|above| above.hall))
                .filter(|seat| chosen.iter().all(|had| had.hall != seat.hall))
                .copied()
                .collect();
            if let Some(seat) = dice.pick(&open) {
                chosen.push(seat);
            }
        }
        chosen
    };
    let place = |hall: &str| chosen.iter().position(|seat| seat.hall == hall);
    let late = if chosen.len() > LARGE { 30 } else { 120 };
    chosen
        .iter()
        .map(|seat| Seat {
            hall: seat.hall.parse().expect("the table's ids are hall ids"),
            name: seat.name,
            parent: seat.parent.and_then(place),
            late: seat.parent.is_some() && dice.chance(late),
        })
        .collect()
}

/// Roads beside the tree; some make loops, some only shorten.
fn lateral(seats: &[Seat], roads: &mut Vec<(Node, Node)>, dice: &mut Dice) {
    let most = if seats.len() > LARGE { 12 } else { 4 };
    for _ in 0..dice.below(most + 1) {
        let (one, other) = (dice.index(seats.len()), dice.index(seats.len()));
        let known = roads.iter().any(|road| *road == (one, other) || *road == (other, one));
        if one != other && !known {
            roads.push((one, other));
        }
    }
}

fn weather(dice: &mut Dice) -> Weather {
    let rough = dice.chance(700);
    let odd = dice.chance(350);
    Weather {
        delay_min: 1,
        delay_max: if rough { dice.between(20, 400) } else { 10 },
        cut: if rough { dice.below(12) } else { 0 },
        damage: if odd { dice.below(15) } else { 0 },
        double: if odd { dice.below(40) } else { 0 },
        half_open: if rough { 300 } else { 0 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tenth_seed_is_all_of_jilin() {
        assert_eq!(Plan::of(20).halls(), 71);
        for seed in 1..10 {
            let plan = Plan::of(seed);
            assert!((3..=12).contains(&plan.halls()));
            let below = |(node, seat): (Node, &Seat)| seat.parent.map_or(node == 0, |up| up < node);
            assert!((0..).zip(&plan.seats).all(below));
            assert!(plan.script.is_sorted_by_key(|(at, _)| *at));
        }
    }
}
