//! Who was turned away, and why: the last hundred, for `status`, and a log line each.
//!
//! A peer that knocks again and again for the same reason is one row with a count, so that it cannot
//! push the others out of sight. Rows name the bearer when its certificate could be read, else the
//! address.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use record::Timestamp;

/// Most rows kept.
pub const REFUSALS_MAX: usize = 100;

/// The ring; clones show the same one.
#[derive(Clone, Default)]
pub struct Refusals(Arc<Mutex<VecDeque<Refusal>>>);

impl Refusals {
    /// Notes that `peer` was turned away, and logs it.
    pub fn note(&self, peer: String, reason: &'static str, face: Face, at: Timestamp) {
        tracing::warn!(peer, reason, face = %face, "peer refused");
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |row: &Refusal| row.peer == peer && row.reason == reason && row.face == face;
        let before = rows.iter().position(same).and_then(|at| rows.remove(at));
        let count = before.map_or(0, |row| row.count).saturating_add(1);
        rows.push_front(Refusal { peer, reason, face, at, count });
        rows.truncate(REFUSALS_MAX);
    }

    /// The rows, newest first.
    pub fn list(&self) -> Vec<Refusal> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Who, as the certificate says; else the address.
    pub peer: String,
    /// Why, a stable word.
    pub reason: &'static str,
    /// Where it knocked.
    pub face: Face,
    /// When, the last time.
    pub at: Timestamp,
    /// How often.
    pub count: u64,
}

/// The doors of a hall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Face {
    /// The port for other halls.
    Link,
    /// The port for systems, departments and operators.
    Portal,
    /// Our own dialling out.
    Dial,
}

impl Face {
    /// The word for it: `link`, `grpc` or `dial`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Portal => "grpc",
            Self::Dial => "dial",
        }
    }
}

impl fmt::Display for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_counted_and_the_oldest_leave() {
        let refusals = Refusals::default();
        refusals.note("a".into(), "revoked", Face::Link, Timestamp(1));
        refusals.note("b".into(), "revoked", Face::Link, Timestamp(2));
        refusals.note("a".into(), "revoked", Face::Link, Timestamp(3));
        refusals.note("a".into(), "expired", Face::Link, Timestamp(4));
        let rows: Vec<_> =
            refusals.list().into_iter().map(|r| (r.peer, r.reason, r.at.0, r.count)).collect();
        let expected = [("a", "expired", 4, 1), ("a", "revoked", 3, 2), ("b", "revoked", 2, 1)];
        assert_eq!(rows, expected.map(|(p, r, at, n)| (p.to_owned(), r, at, n)));

        for n in 0..REFUSALS_MAX {
            refusals.note(n.to_string(), "unknown-ca", Face::Portal, Timestamp(5));
        }
        assert_eq!(refusals.list().len(), REFUSALS_MAX);
        assert!(refusals.list().iter().all(|row| row.reason == "unknown-ca"));
    }
}
