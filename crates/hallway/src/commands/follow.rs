//! `hallway follow`: what reaches a hall, one JSON object a line.

use record::Kind;
use serde_json::json;
use tonic::Streaming;
use wire::v1;

use crate::cli::Follow;
use crate::client::{CallError, ClientError};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Runs the command. The last line of `--json` stands even when the line breaks, with the token from
/// which to go on.
pub async fn run(arguments: &Follow, output: Output) -> Result<Exit, Failure> {
    let line = arguments.hall.access(arguments.role.into()).dial().await?;
    let request = v1::FollowRequest {
        resume_token: arguments.from.clone(),
        kinds: arguments.kinds.iter().map(Kind::to_string).collect(),
        until_now: arguments.until_now,
    };
    let items = line.feed().follow(request).await;
    let items = items.map_err(CallError::of("follow")).map_err(ClientError::from)?.into_inner();
    let mut so_far = SoFar { records: 0, token: arguments.from.clone() };
    let ended = so_far.read(items, arguments, output).await;
    output.note(
        format_args!("{} 条；续接位置 {}", so_far.records, so_far.token),
        format_args!("{} entries; go on with --from {}", so_far.records, so_far.token),
    );
    let exit = match &ended {
        Ok(()) => Exit::Holds,
        Err(failure) => {
            output.note(failure.chinese(), format_args!("error: {failure}"));
            failure.exit()
        }
    };
    output.answer(&json!({
        "records": so_far.records,
        "resume_token": so_far.token,
        "error": ended.err().map(|failure| failure.to_string()),
    }));
    Ok(exit)
}

struct SoFar {
    records: u64,
    token: String,
}

impl SoFar {
    async fn read(
        &mut self,
        mut items: Streaming<v1::FollowResponse>,
        arguments: &Follow,
        output: Output,
    ) -> Result<(), Failure> {
        let mut interrupted = std::pin::pin!(tokio::signal::ctrl_c());
        while arguments.limit.is_none_or(|limit| self.records < limit) {
            let item = tokio::select! {
                item = items.message() => item,
                _ = &mut interrupted => return Ok(()),
            };
            let item = item.map_err(CallError::of("follow")).map_err(ClientError::from)?;
            let Some(item) = item else { return Ok(()) };
            let text = wire::follow_response_to_json(&item)
                .map_err(|error| Failure::new(Exit::Corrupt, error))?;
            if output.item(&text).is_err() {
                return Ok(());
            }
            self.records += 1;
            self.token = item.resume_token;
        }
        Ok(())
    }
}
