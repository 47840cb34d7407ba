//! Sizes and when they were reached, for ages in status: how long the oldest entry that a peer lacks
//! has been here, how long the oldest batch is under way. A few dozen marks, whatever the backlog.

use std::collections::VecDeque;

use record::Timestamp;

/// Marks kept; beyond it every second one goes.
const MARKS_MAX: usize = 64;

/// Sizes and when they were reached, oldest first, few.
#[derive(Debug, Default)]
pub(crate) struct Marks(VecDeque<(u64, Timestamp)>);

impl Marks {
    pub(crate) fn push(&mut self, size: u64, at: Timestamp) {
        if let Some((last, _)) = self.0.back_mut()
            && *last >= size
        {
            return;
        }
        if self.0.len() >= MARKS_MAX {
            // Every second one goes, so that the oldest stays and the rest thins out evenly.
            let mut keep = false;
            self.0.retain(|_| {
                keep = !keep;
                keep
            });
        }
        self.0.push_back((size, at));
    }

    /// Forgets what is reached by `size`.
    pub(crate) fn reach(&mut self, size: u64) {
        while self.0.front().is_some_and(|(end, _)| *end <= size) {
            self.0.pop_front();
        }
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn oldest(&self) -> Option<Timestamp> {
        self.0.front().map(|(_, at)| *at)
    }

    /// When the first mark above `size` was set.
    pub(crate) fn above(&self, size: u64) -> Option<Timestamp> {
        self.0.iter().find(|(end, _)| *end > size).map(|(_, at)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stay_few_and_keep_the_oldest() {
        let mut marks = Marks::default();
        for size in 1..=1_000 {
            marks.push(size, Timestamp(i64::try_from(size).unwrap()));
        }
        assert!(marks.0.len() <= MARKS_MAX);
        assert_eq!(marks.oldest(), Some(Timestamp(1)));
        marks.reach(900);
        assert!(marks.above(950).is_some_and(|at| at > Timestamp(950)));
        marks.reach(1_000);
        assert_eq!(marks.oldest(), None);
    }
}
