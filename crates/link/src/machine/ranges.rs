//! A set of indices as few half-open ranges, with a bound: what does not fit is left to the
//! receiver's own search.

use std::collections::BTreeMap;
use std::ops::Range;

/// Indices, kept as ranges that neither overlap nor touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ranges(BTreeMap<u64, u64>);

impl Ranges {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Range<u64>> + '_ {
        self.0.iter().map(|(start, end)| *start..*end)
    }

    /// Adds a range, unless that would make more than `limit` ranges.
    pub(crate) fn insert(&mut self, range: Range<u64>, limit: usize) {
        if range.start >= range.end {
            return;
        }
        let (mut start, mut end) = (range.start, range.end);
        while let Some((near, far)) = self.0.range(..=end).next_back().map(|(s, e)| (*s, *e)) {
            if far < start {
                break;
            }
            self.0.remove(&near);
            (start, end) = (start.min(near), end.max(far));
        }
        if self.0.len() < limit {
            self.0.insert(start, end);
        }
    }

    /// Takes out up to `count` ranges below `below`, lowest first; what lies above it is dropped.
    pub(crate) fn take_below(&mut self, below: u64, count: usize) -> Vec<Range<u64>> {
        let mut taken = Vec::new();
        while let Some((start, end)) = self.0.first_key_value().map(|(s, e)| (*s, *e)) {
            if start >= below {
                self.0.clear();
            } else if taken.len() < count {
                self.0.pop_first();
                taken.push(start..end.min(below));
            } else {
                break;
            }
        }
        taken
    }

    /// What both have.
    pub(crate) fn overlap(&self, other: &Range<u64>) -> Vec<Range<u64>> {
        let low = self.0.range(..=other.start).next_back().map_or(other.start, |(start, _)| *start);
        let ranges = self.0.range(low..other.end.max(low));
        ranges
            .map(|(start, end)| (*start).max(other.start)..(*end).min(other.end))
            .filter(|range| range.start < range.end)
            .collect()
    }

    /// Takes a range out.
    pub(crate) fn remove(&mut self, range: &Range<u64>) {
        for hit in self.overlap(range) {
            let Some((start, end)) =
                self.0.range(..=hit.start).next_back().map(|(start, end)| (*start, *end))
            else {
                continue;
            };
            self.0.remove(&start);
            if start < hit.start {
                self.0.insert(start, hit.start);
            }
            if hit.end < end {
                self.0.insert(hit.end, end);
            }
        }
    }
}

/// How many indices ranges have.
pub(crate) fn count(ranges: &[Range<u64>]) -> u64 {
    let len = |range: &Range<u64>| range.end.saturating_sub(range.start);
    ranges.iter().fold(0, |sum, range| sum.saturating_add(len(range)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ranges: &[Range<u64>]) -> Ranges {
        let mut set = Ranges::default();
        for range in ranges {
            set.insert(range.clone(), 100);
        }
        set
    }

    #[test]
    fn joins_what_touches_and_keeps_the_bound() {
        assert_eq!(of(&[0..2, 4..6, 2..4]), of(&[Range { start: 0, end: 6 }]));
        assert_eq!(of(&[5..9, 0..20]), of(&[Range { start: 0, end: 20 }]));
        let mut set = of(&[0..1, 2..3]);
        set.insert(9..10, 2);
        set.insert(1..2, 2);
        assert_eq!(set.iter().collect::<Vec<_>>(), [Range { start: 0, end: 3 }]);
    }

    #[test]
    fn takes_below_drops_above_overlaps_and_removes() {
        let mut set = of(&[0..4, 6..8, 10..20]);
        assert_eq!(set.overlap(&(2..12)), [2..4, 6..8, 10..12]);
        set.remove(&(3..11));
        assert_eq!(set, of(&[0..3, 11..20]));
        assert_eq!(set.take_below(12, 9), [0..3, 11..12]);
        assert!(set.is_empty());
        let mut set = of(&[0..1, 2..3, 4..5]);
        assert_eq!(set.take_below(9, 2), [0..1, 2..3]);
        assert_eq!(set, of(&[Range { start: 4, end: 5 }]));
        assert_eq!(count(&[0..3, 5..6]), 4);
    }
}
