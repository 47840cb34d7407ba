//! What will happen, in the order of time; what is put in for one moment comes out in the order it
//! was put in. Nothing else decides an order, so a world runs the same way every time.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Milliseconds since the world began.
pub type Moment = u64;

/// Events by (moment, sequence).
#[derive(Debug)]
pub struct Queue<T> {
    heap: BinaryHeap<Waiting<T>>,
    sequence: u64,
}

impl<T> Queue<T> {
    /// Nothing waits.
    pub fn new() -> Self {
        Self { heap: BinaryHeap::new(), sequence: 0 }
    }

    /// Lets `what` happen at `at`.
    pub fn push(&mut self, at: Moment, what: T) {
        self.sequence += 1;
        self.heap.push(Waiting { at, sequence: self.sequence, what });
    }

    /// The next thing and its moment.
    pub fn pop(&mut self) -> Option<(Moment, T)> {
        self.heap.pop().map(|waiting| (waiting.at, waiting.what))
    }

    /// The moment of the next thing.
    pub fn next_at(&self) -> Option<Moment> {
        self.heap.peek().map(|waiting| waiting.at)
    }
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[derive(Debug)]
struct Waiting<T> {
    at: Moment,
    sequence: u64,
    what: T,
}

impl<T> Ord for Waiting<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.sequence).cmp(&(self.at, self.sequence))
    }
}

impl<T> PartialOrd for Waiting<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Waiting<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Waiting<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_first_then_sequence() {
        let mut queue = Queue::new();
        for (at, what) in [(5, 'c'), (1, 'a'), (5, 'd'), (1, 'b')] {
            queue.push(at, what);
        }
        let order: String = std::iter::from_fn(|| queue.pop()).map(|(_, what)| what).collect();
        assert_eq!(order, "abcd");
    }
}
