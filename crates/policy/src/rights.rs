//! Who may have which parts of an entry.
//!
//! One pure and total function of label, origin's acts, directory and hall, the same at every hop
//! and at the receiver. It never looks into a record, so kinds and schemas that nobody here knows
//! travel like any other.
//!
//! | lane    | who is entitled                                                                   |
//! |---------|-----------------------------------------------------------------------------------|
//! | acts    | every hall of the trust domain: all parts                                         |
//! | private | the origin alone                                                                  |
//! | records | the origin: all parts; others by class and audience                               |
//!
//! | class                 | audience 0                                         | audience ≥ 1        |
//! |-----------------------|----------------------------------------------------|---------------------|
//! | open 主动公开          | everyone: head and open; halls above: all          | its terms; everyone: head and open |
//! | unconditional 无条件共享 | everyone: all                                      | its terms           |
//! | conditional 有条件共享  | halls above: all                                   | its terms           |
//! | withheld 不予共享      | nobody                                             | its terms           |
//!
//! Halls on the way from the origin to an entitled hall **carry** the same parts so that they can
//! hand them on: [`parts`] is what a link may hand over, [`entitled`] what a portal may show. Closed
//! and revoked halls get nothing, and an unknown audience means nobody: rights fail towards silence.
//!
//! Deliberately absent: local policy, which may narrow what people read, and bridges.

#[cfg(test)]
mod tests;

use record::{HallId, Label, Lane, LedgerName, PartSet, SharingClass, Term, Who};

use crate::acts::Acts;
use crate::directory::Directory;

/// The parts that `hall` may hold and be handed, for itself or for others behind it.
pub fn parts(label: Label, ledger: &LedgerName, acts: &Acts, hall: &HallId) -> PartSet {
    match Scope::of(acts, ledger, hall) {
        Scope::Plain(parts) => parts,
        Scope::Records { origin, seat } => Row::new(acts, ledger.hall(), origin, label).parts(seat),
    }
}

/// The parts that `hall` may have for itself: what its portal may show.
pub fn entitled(label: Label, ledger: &LedgerName, acts: &Acts, hall: &HallId) -> PartSet {
    match Scope::of(acts, ledger, hall) {
        Scope::Plain(parts) => parts,
        Scope::Records { origin, seat } => {
            Row::new(acts, ledger.hall(), origin, label).entitled(seat)
        }
    }
}

/// What lane and membership alone settle, and what they leave open.
pub(crate) enum Scope {
    /// The answer, for every label.
    Plain(PartSet),
    /// It hangs on the label; both halls by their seats.
    Records { origin: usize, seat: usize },
}

impl Scope {
    pub(crate) fn of(acts: &Acts, ledger: &LedgerName, hall: &HallId) -> Self {
        let directory = acts.directory();
        let (Some(origin), Some(seat)) = (directory.seat(ledger.hall()), directory.seat(hall))
        else {
            return Self::Plain(PartSet::NONE);
        };
        if ledger.domain() != acts.root_ledger().domain() || !directory.is_active_at(seat) {
            return Self::Plain(PartSet::NONE);
        }
        match ledger.lane() {
            Lane::Acts => Self::Plain(PartSet::ALL),
            Lane::Private if origin == seat => Self::Plain(PartSet::ALL),
            Lane::Private => Self::Plain(PartSet::NONE),
            Lane::Records => Self::Records { origin, seat },
        }
    }
}

/// Every hall's rights to records of one origin under one label, by seat.
#[derive(Debug)]
pub(crate) struct Row {
    entitled: Box<[PartSet]>,
    parts: Box<[PartSet]>,
}

impl Row {
    /// The origin's hall and its seat are one hall.
    pub(crate) fn new(acts: &Acts, hall: &HallId, origin: usize, label: Label) -> Self {
        let directory = acts.directory();
        let mut draft = Draft { directory, origin, row: vec![PartSet::NONE; directory.len()] };
        draft.add(origin, PartSet::ALL);
        if label.class == SharingClass::Open {
            draft.everyone(PartSet::PUBLIC);
        }
        if label.audience.0 > 0 {
            let terms = acts.audience(hall, label.audience).map(|audience| &audience.terms);
            terms.into_iter().flatten().for_each(|term| draft.term(term));
        } else {
            match label.class {
                SharingClass::Open | SharingClass::Conditional => draft.path_up(PartSet::ALL),
                SharingClass::Unconditional => draft.everyone(PartSet::ALL),
                SharingClass::Withheld => {}
            }
        }
        let entitled = draft.finish();
        let parts = carry(directory, origin, &entitled);
        Self { entitled: entitled.into(), parts: parts.into() }
    }

    pub(crate) fn parts(&self, seat: usize) -> PartSet {
        self.parts.get(seat).copied().unwrap_or_default()
    }

    pub(crate) fn entitled(&self, seat: usize) -> PartSet {
        self.entitled.get(seat).copied().unwrap_or_default()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.entitled.len() + self.parts.len()
    }
}

/// Rights in the making: terms only ever add.
struct Draft<'a> {
    directory: &'a Directory,
    origin: usize,
    row: Vec<PartSet>,
}

impl Draft<'_> {
    fn term(&mut self, term: &Term) {
        match &term.who {
            Who::Hall(hall) => {
                if let Some(seat) = self.directory.seat(hall) {
                    self.add(seat, term.parts);
                }
            }
            Who::Subtree(hall) => {
                let below = self.directory.seat(hall).map(|top| self.directory.below(top));
                below.into_iter().flatten().for_each(|seat| self.add(seat, term.parts));
            }
            Who::PathUp => self.path_up(term.parts),
            Who::Everyone => self.everyone(term.parts),
        }
    }

    fn path_up(&mut self, parts: PartSet) {
        self.directory.ups(self.origin).for_each(|seat| self.add(seat, parts));
    }

    fn everyone(&mut self, parts: PartSet) {
        (0..self.row.len()).for_each(|seat| self.add(seat, parts));
    }

    fn add(&mut self, seat: usize, parts: PartSet) {
        union(&mut self.row, seat, parts);
    }

    /// Only active halls have rights.
    fn finish(self) -> Vec<PartSet> {
        let active = |seat| self.directory.is_active_at(seat);
        let row = self.row.iter().enumerate();
        row.map(|(seat, parts)| if active(seat) { *parts } else { PartSet::NONE }).collect()
    }
}

/// Gives every hall on the way to an entitled one the same parts. Ways meet the origin's path up at
/// one hall, so what that hall must hand down is gathered there and then handed along the path.
fn carry(directory: &Directory, origin: usize, entitled: &[PartSet]) -> Vec<PartSet> {
    let mut row = entitled.to_vec();
    let trunk: Vec<usize> = std::iter::once(origin).chain(directory.ups(origin)).collect();
    let mut branched = vec![PartSet::NONE; trunk.len()];
    for (seat, parts) in entitled.iter().enumerate().filter(|(_, parts)| !parts.is_empty()) {
        let way: Vec<usize> = std::iter::once(seat).chain(directory.ups(seat)).collect();
        let meet = |hall: &usize| trunk.iter().position(|on_trunk| on_trunk == hall);
        let Some(place) = way.iter().find_map(meet) else {
            continue; // another fragment: no road in the tree
        };
        union(&mut branched, place, *parts);
        let branch = way.iter().take_while(|hall| !trunk.contains(hall));
        branch.for_each(|hall| union(&mut row, *hall, *parts));
    }
    let mut beyond = PartSet::NONE;
    for (hall, parts) in trunk.iter().zip(&branched).rev() {
        beyond = beyond.union(*parts);
        if directory.is_active_at(*hall) {
            union(&mut row, *hall, beyond);
        }
    }
    row
}

fn union(row: &mut [PartSet], place: usize, parts: PartSet) {
    if let Some(kept) = row.get_mut(place) {
        *kept = kept.union(parts);
    }
}
