//! Waits for a level, never for a duration.
//!
//! A test that sleeps is slow where it passes and wrong where it fails. These look again and again
//! until the condition gives a value, and say at the deadline what they awaited. The condition must
//! be a level ("the ledger has 500 entries"), not an edge ("an entry arrived"), or a slow machine
//! misses it.

use std::thread;
use std::time::{Duration, Instant};

/// Looks until `condition` gives a value and hands it on.
///
/// # Panics
///
/// At the deadline, naming `what` was awaited.
#[track_caller]
pub fn eventually<T>(
    deadline: Duration,
    what: &str,
    mut condition: impl FnMut() -> Option<T>,
) -> T {
    let started = Instant::now();
    loop {
        if let Some(value) = condition() {
            return value;
        }
        give_up_after(deadline, started, what);
        thread::park_timeout(LOOK_AGAIN);
    }
}

/// As [`eventually`], for conditions that wait themselves.
///
/// # Panics
///
/// At the deadline, naming `what` was awaited.
pub async fn eventually_async<T>(
    deadline: Duration,
    what: &str,
    mut condition: impl AsyncFnMut() -> Option<T>,
) -> T {
    let started = Instant::now();
    let mut again = tokio::time::interval(LOOK_AGAIN);
    loop {
        again.tick().await;
        if let Some(value) = condition().await {
            return value;
        }
        give_up_after(deadline, started, what);
    }
}

#[track_caller]
fn give_up_after(deadline: Duration, started: Instant, what: &str) {
    assert!(started.elapsed() < deadline, "in vain, for {} s: {what}", deadline.as_secs());
}

/// Between two looks: short beside what a process takes, long beside what a look costs.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hands_on_the_value() {
        let mut looks = 0;
        let value = eventually(Duration::from_secs(10), "the third look", || {
            looks += 1;
            (looks == 3).then_some(looks)
        });
        assert_eq!(value, 3);
    }

    #[test]
    #[should_panic(expected = "in vain, for 0 s: nothing")]
    fn says_what_it_awaited() {
        eventually(Duration::ZERO, "nothing", || None::<()>);
    }

    #[tokio::test]
    async fn waits_for_the_future() {
        let mut looks = 0;
        let value = eventually_async(Duration::from_secs(10), "the third look", async || {
            looks += 1;
            (looks == 3).then_some(looks)
        });
        assert_eq!(value.await, 3);
    }
}
