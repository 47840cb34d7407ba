//! The halls of a trust domain and the tree they stand in, as the root hall's acts say it today.
//!
//! Two trees, in fact. *Below* follows parents as written: what lies under a closed prefecture still
//! lies under it. *Roads* skip halls that are closed or revoked, since these hand nothing on: the
//! hall above is the nearest active one. Whoever stands on a cycle, or names a parent nobody knows,
//! is the top of a fragment of its own until the root hall mends it; nothing loops.
//!
//! The root hall is an active member until its acts say otherwise, or nobody could read them first.
//!
//! Deliberately absent: links that are up, and roads across. This is the tree, not the network.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use record::{HallId, Member, MemberState};

/// The halls, as of one moment.
#[derive(Clone, Debug)]
pub struct Directory {
    root: HallId,
    /// Sorted by hall.
    seats: Vec<Seat>,
}

#[derive(Clone, Debug)]
struct Seat {
    hall: HallId,
    /// None only for the root hall before its own Member.
    member: Option<Arc<Member>>,
    /// The parent as written, when it is a member and no cycle goes through here.
    parent: Option<usize>,
    /// The nearest active hall above.
    up: Option<usize>,
    children: Vec<usize>,
}

impl Seat {
    fn is_active(&self) -> bool {
        self.member.as_ref().is_none_or(|member| member.state == MemberState::Active)
    }
}

impl Directory {
    /// Seats the newest Member of each hall; halls come sorted and once each.
    pub(crate) fn new(root: &HallId, members: impl Iterator<Item = Arc<Member>>) -> Self {
        let seat = |hall: &HallId, member| Seat {
            hall: hall.clone(),
            member,
            parent: None,
            up: None,
            children: Vec::new(),
        };
        let mut seats: Vec<Seat> =
            members.map(|member| seat(&member.hall, Some(Arc::clone(&member)))).collect();
        seats.sort_by(|a, b| a.hall.cmp(&b.hall));
        if let Err(at) = seats.binary_search_by(|seat| seat.hall.cmp(root)) {
            seats.insert(at, seat(root, None));
        }
        let mut directory = Self { root: root.clone(), seats };
        directory.join();
        directory
    }

    /// The root hall (根厅).
    pub fn root(&self) -> &HallId {
        &self.root
    }

    /// Every hall that was ever admitted, with its newest Member.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.seats.iter().filter_map(|seat| seat.member.as_deref())
    }

    /// Every active hall.
    pub fn active(&self) -> impl Iterator<Item = &HallId> {
        self.seats.iter().filter(|seat| seat.is_active()).map(|seat| &seat.hall)
    }

    /// The newest Member of a hall; none of an unknown one.
    pub fn member(&self, hall: &HallId) -> Option<&Member> {
        self.at(self.seat(hall)?)?.member.as_deref()
    }

    /// Whether the hall is a member and neither closed nor revoked.
    pub fn is_active(&self, hall: &HallId) -> bool {
        self.seat(hall).is_some_and(|seat| self.is_active_at(seat))
    }

    /// Link endpoints of a hall, `host:port`.
    pub fn endpoints(&self, hall: &HallId) -> &[String] {
        self.member(hall).map_or(&[], |member| &member.endpoints)
    }

    /// The nearest active hall above.
    pub fn parent(&self, hall: &HallId) -> Option<&HallId> {
        self.hall(self.up(self.seat(hall)?)?)
    }

    /// The halls whose [`parent`](Self::parent) is this one, active ones only.
    pub fn children(&self, hall: &HallId) -> Vec<HallId> {
        let Some(above) = self.seat(hall) else { return Vec::new() };
        let below = self.seats.iter().filter(|seat| seat.up == Some(above) && seat.is_active());
        below.map(|seat| seat.hall.clone()).collect()
    }

    /// The active halls above, nearest first; without the hall itself.
    pub fn path_up(&self, hall: &HallId) -> Vec<HallId> {
        let Some(seat) = self.seat(hall) else { return Vec::new() };
        self.ups(seat).filter_map(|seat| self.hall(seat).cloned()).collect()
    }

    /// The hall and all below it, whatever their state.
    pub fn subtree(&self, hall: &HallId) -> Vec<HallId> {
        let Some(top) = self.seat(hall) else { return Vec::new() };
        self.below(top).into_iter().filter_map(|seat| self.hall(seat).cloned()).collect()
    }

    /// The way along the tree, both ends included; none between fragments and unknown halls.
    /// All halls between the ends are active.
    pub fn path(&self, from: &HallId, to: &HallId) -> Option<Vec<HallId>> {
        let (from, to) = (self.seat(from)?, self.seat(to)?);
        let rising: Vec<usize> = std::iter::once(from).chain(self.ups(from)).collect();
        let falling: Vec<usize> = std::iter::once(to).chain(self.ups(to)).collect();
        let met = rising.iter().find(|seat| falling.contains(seat))?;
        let down = falling.iter().take_while(|seat| *seat != met);
        let down: Vec<usize> = down.copied().collect();
        let up = rising.iter().take_while(|seat| *seat != met).chain([met]).copied();
        up.chain(down.into_iter().rev()).map(|seat| self.hall(seat).cloned()).collect()
    }

    /// The hall after `from` on the way to `to`; none when there is no way, or none to go.
    pub fn next_hop(&self, from: &HallId, to: &HallId) -> Option<HallId> {
        self.path(from, to)?.into_iter().nth(1)
    }

    pub(crate) fn len(&self) -> usize {
        self.seats.len()
    }

    pub(crate) fn seat(&self, hall: &HallId) -> Option<usize> {
        self.seats.binary_search_by(|seat| seat.hall.cmp(hall)).ok()
    }

    pub(crate) fn is_active_at(&self, seat: usize) -> bool {
        self.at(seat).is_some_and(Seat::is_active)
    }

    /// Active halls above a seat, nearest first.
    pub(crate) fn ups(&self, seat: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.up(seat), |seat| self.up(*seat))
    }

    /// A seat and all below it.
    pub(crate) fn below(&self, top: usize) -> Vec<usize> {
        let mut found = vec![top];
        let mut next = 0;
        while let Some(seat) = found.get(next).and_then(|seat| self.at(*seat)) {
            found.extend(&seat.children);
            next += 1;
        }
        found
    }

    fn at(&self, seat: usize) -> Option<&Seat> {
        self.seats.get(seat)
    }

    fn hall(&self, seat: usize) -> Option<&HallId> {
        self.at(seat).map(|seat| &seat.hall)
    }

    fn up(&self, seat: usize) -> Option<usize> {
        self.at(seat)?.up
    }

    /// Finds parents, cuts cycles, then finds the roads.
    fn join(&mut self) {
        let written: Vec<Option<usize>> =
            self.seats.iter().map(|seat| self.written(seat)).collect();
        let parent_of = |seat: usize| written.get(seat).copied().flatten();
        let mut cyclic = BTreeSet::new();
        for start in 0..written.len() {
            let climb = std::iter::successors(parent_of(start), |seat| parent_of(*seat));
            if climb.take(written.len()).any(|seat| seat == start) {
                cyclic.insert(start);
            }
        }
        let parents: Vec<Option<usize>> = written
            .iter()
            .enumerate()
            .map(|(seat, parent)| parent.filter(|_| !cyclic.contains(&seat)))
            .collect();
        let parent_of = |seat: usize| parents.get(seat).copied().flatten();
        let ups: Vec<Option<usize>> = (0..parents.len())
            .map(|start| {
                let mut climb = std::iter::successors(parent_of(start), |seat| parent_of(*seat));
                climb.find(|seat| self.is_active_at(*seat))
            })
            .collect();
        for (place, (parent, up)) in parents.iter().zip(ups).enumerate() {
            if let Some(seat) = self.seats.get_mut(place) {
                (seat.parent, seat.up) = (*parent, up);
            }
            if let Some(above) = parent.and_then(|parent| self.seats.get_mut(parent)) {
                above.children.push(place);
            }
        }
    }

    /// The parent that the Member names, when it is seated; the root hall has none.
    fn written(&self, seat: &Seat) -> Option<usize> {
        let parent = seat.member.as_ref()?.parent.as_ref()?;
        if seat.hall == self.root { None } else { self.seat(parent) }
    }
}
