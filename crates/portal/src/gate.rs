//! The gate of a feed: after a reconnect nothing is shown until the acts are level with the peer's.
//!
//! A ruling made while this hall was cut off arrives first on the link, yet not at once. Between the
//! greeting and the last act that was lacking the feeds of this hall wait, so that nothing newer is
//! shown before the ruling has its effect. When that takes longer than [`ACTS_LEVEL_WAIT`] they go on:
//! a peer that greets and then falls silent must not close a hall's feeds for good.

use std::time::Duration;

use tokio::sync::watch;

/// Longest that a feed waits for the acts to be level.
pub const ACTS_LEVEL_WAIT: Duration = Duration::from_secs(20);

/// Whether feeds may go on.
pub(crate) struct Gate {
    level: watch::Receiver<bool>,
    wait: Duration,
    /// It was waited for in vain; closed again only after it has been level.
    lapsed: bool,
}

impl Gate {
    pub(crate) fn new(level: watch::Receiver<bool>, wait: Duration) -> Self {
        Self { level, wait, lapsed: false }
    }

    /// Waits until the acts are level, at most as long as is waited.
    pub(crate) async fn passed(&mut self) {
        if *self.level.borrow_and_update() {
            self.lapsed = false;
            return;
        }
        if self.lapsed {
            return;
        }
        match tokio::time::timeout(self.wait, self.level.wait_for(|level| *level)).await {
            // Nobody is left to say more.
            Ok(Ok(_) | Err(_)) => {}
            Err(_) => {
                self.lapsed = true;
                tracing::warn!("a feed goes on although acts are not level with a peer's");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(50);

    #[tokio::test]
    async fn it_opens_when_the_acts_are_level_and_lapses_in_the_end() {
        let (level, told) = watch::channel(false);
        let mut gate = Gate::new(told.clone(), ACTS_LEVEL_WAIT);
        assert!(tokio::time::timeout(SHORT, gate.passed()).await.is_err(), "closed");
        level.send_replace(true);
        tokio::time::timeout(SHORT, gate.passed()).await.expect("open");

        level.send_replace(false);
        let mut gate = Gate::new(told, SHORT);
        gate.passed().await;
        tokio::time::timeout(SHORT / 2, gate.passed()).await.expect("not waited for twice");
        level.send_replace(true);
        gate.passed().await;
        level.send_replace(false);
        assert!(tokio::time::timeout(SHORT / 2, gate.passed()).await.is_err(), "closed anew");
    }
}
