//! The wires between simulated halls: connections that deliver in order until they are cut.
//!
//! As with TCP under TLS, nothing is lost, doubled or reordered *within* a connection; all of it
//! happens between connections. A cut one delivers a prefix of what was under way, late, perhaps
//! after its successor has greeted, and its two ends learn of the cut at different times, perhaps
//! long after (half-open). What the damage dice do to frames is beyond TCP; it tests rejection.
//! Absent: bandwidth; credit and sizes are the machines' own business.

use std::collections::{BTreeMap, BTreeSet};

use super::dice::Dice;
use super::queue::Moment;

/// A hall's place in the world.
pub type Node = usize;

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Which hall.
    pub node: Node,
    /// In which of its lives.
    pub life: u32,
}

/// How the wires are.
#[derive(Clone, Copy, Debug)]
pub struct Weather {
    /// Shortest way, in milliseconds.
    pub delay_min: u64,
    /// Longest way.
    pub delay_max: u64,
    /// Chance in a thousand that sending a frame cuts its connection.
    pub cut: u64,
    /// Chance in a thousand that a frame is damaged.
    pub damage: u64,
    /// Chance in a thousand that a frame arrives twice.
    pub double: u64,
    /// Chance in a thousand that an end of a cut connection learns of it late.
    pub half_open: u64,
}

impl Weather {
    /// Nothing but a short way.
    pub const CALM: Self =
        Self { delay_min: 1, delay_max: 5, cut: 0, damage: 0, double: 0, half_open: 0 };
}

/// All wires.
#[derive(Debug, Default)]
pub struct Net {
    lines: BTreeMap<u64, Line>,
    next: u64,
    walls: BTreeSet<(Node, Node)>,
}

#[derive(Debug)]
struct Line {
    ends: [Wire; 2],
    cut: bool,
}

/// One direction of a connection, by the end it leads to.
#[derive(Clone, Copy, Debug)]
struct Wire {
    to: End,
    /// When that end learns that the connection stands.
    opens: Moment,
    /// When the last thing on its way arrives.
    arrives: Moment,
    /// Nothing arrives after this.
    until: Moment,
}

impl Net {
    /// Forbids or allows connections between two halls.
    pub fn wall(&mut self, one: Node, other: Node, stands: bool) {
        let pair = (one.min(other), one.max(other));
        if stands {
            self.walls.insert(pair);
        } else {
            self.walls.remove(&pair);
        }
    }

    /// Takes down every wall.
    pub fn clear_walls(&mut self) {
        self.walls.clear();
    }

    /// Whether a dial can come through.
    pub fn reaches(&self, one: Node, other: Node) -> bool {
        !self.walls.contains(&(one.min(other), one.max(other)))
    }

    /// A new connection from a near end, which dialled, to a far one; each with the moment at which
    /// it learns of it.
    pub fn connect(&mut self, near: (End, Moment), far: (End, Moment)) -> u64 {
        self.next += 1;
        let wire = |(to, opens)| Wire { to, opens, arrives: opens, until: Moment::MAX };
        let line = Line { ends: [wire(near), wire(far)], cut: false };
        self.lines.insert(self.next, line);
        self.next
    }

    /// Sends something from one end: the other end, and when it gets there; nothing when the
    /// connection is cut.
    pub fn send(
        &mut self,
        line: u64,
        from: Node,
        now: Moment,
        weather: Weather,
        dice: &mut Dice,
    ) -> Option<(End, Moment)> {
        let line = self.lines.get_mut(&line).filter(|line| !line.cut)?;
        let wire = line.ends.iter_mut().find(|wire| wire.to.node != from)?;
        wire.arrives = wire.arrives.max(now + dice.between(weather.delay_min, weather.delay_max));
        Some((wire.to, wire.arrives))
    }

    /// Whether something that was sent still gets to its end.
    pub fn delivers(&self, line: u64, to: Node, at: Moment) -> bool {
        let line = self.lines.get(&line);
        line.is_some_and(|line| line.ends.iter().any(|wire| wire.to.node == to && at <= wire.until))
    }

    /// Cuts a connection; tells when each end learns of it, if it was not cut before.
    pub fn cut(
        &mut self,
        line: u64,
        now: Moment,
        weather: Weather,
        dice: &mut Dice,
    ) -> Option<[(End, Moment); 2]> {
        let line = self.lines.get_mut(&line).filter(|line| !line.cut)?;
        line.cut = true;
        Some(line.ends.each_mut().map(|wire| {
            wire.until = wire.opens.max(now + dice.below(2 * weather.delay_max + 1));
            let late = if dice.chance(weather.half_open) { dice.between(1_000, 15_000) } else { 0 };
            (wire.to, wire.until + 1 + late)
        }))
    }

    /// Ends a connection in order: everything sent arrives first. Tells when each end learns of it.
    pub fn close(&mut self, line: u64, now: Moment) -> Option<[(End, Moment); 2]> {
        let line = self.lines.get_mut(&line).filter(|line| !line.cut)?;
        line.cut = true;
        Some(line.ends.each_mut().map(|wire| {
            wire.until = wire.arrives;
            (wire.to, wire.arrives.max(now) + 1)
        }))
    }

    /// The connections that stand and have an end at this hall.
    pub fn lines_of(&self, node: Node) -> Vec<u64> {
        let of = |line: &Line| line.ends.iter().any(|wire| wire.to.node == node);
        self.lines.iter().filter(|(_, line)| !line.cut && of(line)).map(|(id, _)| *id).collect()
    }

    /// The connections that stand between two halls.
    pub fn lines_between(&self, one: Node, other: Node) -> Vec<u64> {
        let mut lines = self.lines_of(one);
        lines.retain(|line| {
            let line = self.lines.get(line);
            line.is_some_and(|line| line.ends.iter().any(|wire| wire.to.node == other))
        });
        lines
    }

    /// Every connection that stands.
    pub fn lines(&self) -> Vec<u64> {
        self.lines.iter().filter(|(_, line)| !line.cut).map(|(id, _)| *id).collect()
    }

    /// Forgets connections whose last frame has arrived.
    pub fn sweep(&mut self, now: Moment) {
        self.lines.retain(|_, line| {
            !line.cut || line.ends.iter().any(|wire| wire.until.min(wire.arrives) >= now)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_order_until_cut_then_a_prefix() {
        let weather = Weather { delay_max: 50, ..Weather::CALM };
        let mut dice = Dice::new(3);
        let mut net = Net::default();
        let line = net.connect((End { node: 0, life: 1 }, 2), (End { node: 1, life: 1 }, 1));
        let times: Vec<Moment> =
            (0..20).map(|_| net.send(line, 0, 0, weather, &mut dice).unwrap().1).collect();
        assert!(times.is_sorted());
        let [(_, first), (_, second)] = net.cut(line, 0, weather, &mut dice).unwrap();
        assert!(first > 2 && second > 1, "nobody loses what has not opened");
        let arrived: Vec<bool> = times.iter().map(|at| net.delivers(line, 1, *at)).collect();
        assert!(arrived.is_sorted_by(|a, b| a >= b), "a prefix arrives");
        assert!(net.send(line, 0, 1, weather, &mut dice).is_none());
        assert!(net.cut(line, 1, weather, &mut dice).is_none());
    }

    #[test]
    fn walls_stand_both_ways() {
        let mut net = Net::default();
        net.wall(2, 1, true);
        assert!(!net.reaches(1, 2));
        net.clear_walls();
        assert!(net.reaches(1, 2));
    }
}
