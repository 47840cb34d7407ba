//! Floors of running tasks, and going down in order. Each floor has a deadline; who does not keep it
//! is named in the log.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long a floor may take to go down.
const FLOOR_DEADLINE: Duration = Duration::from_secs(5);

/// One floor of running tasks.
pub(super) struct Floor {
    name: &'static str,
    pub(super) stop: CancellationToken,
    pub(super) tasks: TaskTracker,
}

impl Floor {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, stop: CancellationToken::new(), tasks: TaskTracker::new() }
    }

    /// Tells the floor's tasks to end and waits for them.
    pub(super) async fn go_down(&self) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(FLOOR_DEADLINE, self.tasks.wait()).await.is_err() {
            tracing::warn!(floor = self.name, left = self.tasks.len(), "tasks did not end in time");
        }
    }
}
