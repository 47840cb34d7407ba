//! `hallway status`: what a hall holds, once or until it is level.
//!
//! Level means: every link live, nothing left to send, no part wanted. A hall that does not answer yet
//! is waited for too, so a script may start a hall and wait at once.

mod shown;

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};
use wire::v1;

use crate::cli::Status;
use crate::client::{Access, CallError, ClientError, Line, Role, request};
use crate::exit::{Exit, Failure};
use crate::output::Output;

pub use shown::Shown;

/// Runs the command.
pub async fn run(arguments: &Status, output: Output) -> Result<Exit, Failure> {
    let access = arguments.hall.access(Role::Operator);
    if arguments.metrics {
        return metrics(&access.dial().await?, output).await;
    }
    let (mut status, exit) = match arguments.wait {
        None => (ask(&access.dial().await?).await?, Exit::Holds),
        Some(seconds) => {
            let until = Instant::now() + Duration::from_secs(seconds);
            let status = wait(&access, until).await?;
            let exit = if is_level(&status) { Exit::Holds } else { Exit::No };
            (status, exit)
        }
    };
    if exit == Exit::No {
        output.note("到时仍未一致", "not level when the time was over");
    }
    if arguments.retained {
        status = ask_for(&access.dial().await?, v1::StatusRequest { count_retained: true }).await?;
    }
    let shown = Shown::of(status);
    output.text(&shown.to_text());
    output.answer(&shown);
    Ok(exit)
}

/// Prints the metrics as they are.
async fn metrics(line: &Line, output: Output) -> Result<Exit, Failure> {
    let answer = line.operations().metrics(request(v1::MetricsRequest {})).await;
    let answer = answer.map_err(CallError::of("ask for the metrics")).map_err(ClientError::from)?;
    let text = answer.into_inner().text;
    output.text(&text);
    output.answer(&serde_json::json!({ "metrics": text }));
    Ok(Exit::Holds)
}

/// Whether every link is live, nothing is left to send and no part is wanted.
pub fn is_level(status: &v1::StatusResponse) -> bool {
    let links = status.links.iter().all(|link| link.state == "live" && link.lag_entries == 0);
    links && status.ledgers.iter().all(|ledger| ledger.wanted == 0)
}

/// Asks once.
pub async fn ask(line: &Line) -> Result<v1::StatusResponse, ClientError> {
    ask_for(line, v1::StatusRequest::default()).await
}

async fn ask_for(line: &Line, asked: v1::StatusRequest) -> Result<v1::StatusResponse, ClientError> {
    let answer = line.operations().status(request(asked)).await;
    Ok(answer.map_err(CallError::of("ask for the status"))?.into_inner())
}

/// Asks until the hall is level or the time is over; the last answer, or why there was none.
pub async fn wait(access: &Access, until: Instant) -> Result<v1::StatusResponse, ClientError> {
    let mut line: Option<Line> = None;
    let mut last = None;
    loop {
        let asked = timeout_at(until, look(access, &mut line)).await;
        match asked {
            Ok(Ok(status)) if is_level(&status) => return Ok(status),
            Ok(Ok(status)) => last = Some(Ok(status)),
            Ok(Err(error)) if error.is_unreachable() => {
                line = None;
                last = Some(Err(error));
            }
            Ok(Err(error)) => return Err(error),
            Err(_) => {}
        }
        if Instant::now() + LOOK_AGAIN >= until {
            match last {
                Some(answer) => return answer,
                None => return ask(&access.dial().await?).await,
            }
        }
        sleep(LOOK_AGAIN).await;
    }
}

async fn look(access: &Access, line: &mut Option<Line>) -> Result<v1::StatusResponse, ClientError> {
    let open = match line.take() {
        Some(open) => open,
        None => access.dial().await?,
    };
    let status = ask(&open).await;
    *line = Some(open);
    status
}

/// Between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_means_live_without_lag_and_without_wants() {
        let link = |state: &str, lag_entries| v1::LinkStatus {
            peer: "220000".to_owned(),
            state: state.to_owned(),
            lag_entries,
            ..v1::LinkStatus::default()
        };
        let status = |links: Vec<v1::LinkStatus>, wanted| v1::StatusResponse {
            links,
            ledgers: vec![v1::LedgerStatus { stubs: 9, wanted, ..v1::LedgerStatus::default() }],
            ..v1::StatusResponse::default()
        };
        assert!(is_level(&status(vec![], 0)), "a hall without links has nothing to wait for");
        assert!(is_level(&status(vec![link("live", 0)], 0)), "withheld stubs may stay");
        assert!(!is_level(&status(vec![link("live", 0), link("live", 1)], 0)));
        assert!(!is_level(&status(vec![link("catching-up", 0)], 0)));
        assert!(!is_level(&status(vec![link("live", 0)], 1)));
    }
}
