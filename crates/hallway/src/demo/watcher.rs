//! Looking: one operator's call per hall, a few times a second, into the scene. A hall that does not
//! answer is shown as such and asked again; nothing is decided here.

use std::path::PathBuf;
use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use wire::v1::{StatusRequest, StatusResponse};

use super::scene::Stage;
use crate::client::{Access, Line, Role};

/// Asks the hall in `directory` how it is until told to stop.
pub(super) async fn watch(
    hall: &'static str,
    directory: PathBuf,
    stage: Stage,
    stop: CancellationToken,
) {
    let operator = Access::new(directory, Role::Operator);
    let mut again = tokio::time::interval(LOOK_AGAIN);
    again.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut line = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = again.tick() => {}
        }
        let seen = timeout(ANSWER_WITHIN, look(&operator, &mut line)).await.ok().flatten();
        if seen.is_none() {
            line = None;
        }
        stage.change(|scene| match seen {
            Some(status) => drop(scene.halls.insert(hall, status)),
            None => drop(scene.halls.remove(hall)),
        });
    }
}

/// One look over the line that is up, or over a new one.
async fn look(operator: &Access, line: &mut Option<Line>) -> Option<StatusResponse> {
    let up = match line.take() {
        Some(up) => up,
        None => operator.dial().await.ok()?,
    };
    let answer = up.operations().status(StatusRequest::default()).await.ok()?;
    *line = Some(up);
    Some(answer.into_inner())
}

/// Between two looks at one hall.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// A hall that takes longer is taken for one that does not answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
