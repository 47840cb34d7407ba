//! Whose turn it is on a link: acts, then the live tail, then catching up. Within a class, ledgers
//! and wants share by bytes (deficit round robin), so a ruling never waits behind ten million
//! records and no ledger starves another.
//!
//! Deliberately absent: credit and loads. This decides order and share, nothing else.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use record::LedgerName;

use super::config::QUANTUM;

/// The order in which data goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// Acts of any hall.
    Acts,
    /// What just happened.
    Live,
    /// Everything older, and parts that come later.
    Past,
}

impl Class {
    pub(crate) const ALL: [Self; 3] = [Self::Acts, Self::Live, Self::Past];

    pub(crate) fn place(self) -> usize {
        match self {
            Self::Acts => 0,
            Self::Live => 1,
            Self::Past => 2,
        }
    }
}

/// Something a peer is owed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Work {
    /// Entries of a ledger.
    Leaves(LedgerName),
    /// Parts of entries that the peer holds.
    Parts(LedgerName),
    /// The want with this number.
    Want(u64),
}

/// Work of one link, waiting for its turn.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    queues: [VecDeque<Work>; 3],
    queued: BTreeSet<Work>,
    /// Bytes each work may still send at its turn; below 0 it waits.
    purses: BTreeMap<Work, i64>,
}

impl Schedule {
    /// Queues work once: at the front while it has a share left of its turn, else at the back.
    pub(crate) fn add(&mut self, class: Class, work: Work) {
        if self.queued.insert(work.clone())
            && let Some(queue) = self.queues.get_mut(class.place())
        {
            if self.purses.get(&work).is_some_and(|purse| *purse > 0) {
                queue.push_front(work);
            } else {
                queue.push_back(work);
            }
        }
    }

    /// The next work of a class and how many bytes are its share.
    pub(crate) fn next(&mut self, class: Class) -> Option<(Work, u64)> {
        let queue = self.queues.get_mut(class.place())?;
        let quantum = i64::try_from(QUANTUM).unwrap_or(i64::MAX);
        while let Some(work) = queue.pop_front() {
            let purse = self.purses.entry(work.clone()).or_default();
            if *purse <= 0 {
                *purse = purse.saturating_add(quantum);
            }
            if let Ok(share @ 1..) = u64::try_from(*purse) {
                self.queued.remove(&work);
                return Some((work, share));
            }
            queue.push_back(work);
        }
        None
    }

    /// Takes from a work's share what was sent.
    pub(crate) fn charge(&mut self, work: &Work, bytes: u64) {
        if let Some(purse) = self.purses.get_mut(work) {
            *purse = purse.saturating_sub(i64::try_from(bytes).unwrap_or(i64::MAX));
        }
    }

    /// Work that has nothing left keeps no share.
    pub(crate) fn rest(&mut self, work: &Work) {
        if !self.queued.contains(work) {
            self.purses.remove(work);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn works_of_unequal_batches_get_equal_bytes() {
        let ledger = |name: &str| {
            Work::Leaves(format!("d/hallway/{name}/records/1").parse::<LedgerName>().unwrap())
        };
        let (big, small) = (ledger("big"), ledger("small"));
        let mut schedule = Schedule::default();
        schedule.add(Class::Past, big.clone());
        schedule.add(Class::Past, small.clone());
        let mut sent = BTreeMap::from([(big.clone(), 0u64), (small.clone(), 0u64)]);
        for _ in 0..2_000 {
            let (work, share) = schedule.next(Class::Past).unwrap();
            let bytes = if work == big { 4 << 20 } else { share.min(100 << 10) };
            *sent.get_mut(&work).unwrap() += bytes;
            schedule.charge(&work, bytes);
            schedule.add(Class::Past, work);
        }
        let (most, least) = (sent[&big].max(sent[&small]), sent[&big].min(sent[&small]));
        assert!(most - least <= 8 << 20, "{sent:?}");
    }

    #[test]
    fn work_is_queued_once_and_classes_are_apart() {
        let mut schedule = Schedule::default();
        schedule.add(Class::Past, Work::Want(1));
        schedule.add(Class::Past, Work::Want(1));
        schedule.add(Class::Live, Work::Want(2));
        assert_eq!(schedule.next(Class::Acts), None);
        assert_eq!(schedule.next(Class::Live), Some((Work::Want(2), QUANTUM)));
        assert_eq!(schedule.next(Class::Past), Some((Work::Want(1), QUANTUM)));
        assert_eq!(schedule.next(Class::Past), None);
        schedule.rest(&Work::Want(1));
        assert!(schedule.purses.len() == 1);
    }
}
