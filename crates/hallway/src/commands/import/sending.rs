//! Rows to the hall and results back, over one stream: batches are answered in the order they went.

use std::collections::VecDeque;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;
use wire::v1;
use wire::v1::import_request::Request as Asked;

use super::reading::{Batch, Mapped};
use super::tally::Tally;
use crate::client::{CallError, Line};
use crate::exit::{Exit, Failure};

/// Batches on their way without an answer: those the hall works on at once, and some on the road.
const BATCHES_UNANSWERED: usize = 12;

/// Sends every batch and counts every result.
pub(super) async fn sent(
    line: &Line,
    settings: v1::ImportSettings,
    mut rows: mpsc::Receiver<Batch>,
    tally: &mut Tally,
    shown: &(dyn Fn(&Tally) + Sync),
) -> Result<(), Failure> {
    let (sender, receiver) = mpsc::channel(BATCHES_UNANSWERED);
    let request = |asked| v1::ImportRequest { request: Some(asked) };
    // There is room for the first message.
    drop(sender.try_send(request(Asked::Settings(settings))));
    let opened = line.import().import(ReceiverStream::new(receiver)).await;
    let mut results: Streaming<v1::ImportResponse> =
        opened.map_err(CallError::of("import rows"))?.into_inner();
    let mut sender = Some(sender);
    let mut waiting: VecDeque<Batch> = VecDeque::new();
    loop {
        let more = sender.is_some() && waiting.len() < BATCHES_UNANSWERED - 1;
        tokio::select! {
            batch = rows.recv(), if more => match batch {
                Some(mut batch) => {
                    let take = |row: &mut Mapped| std::mem::take(&mut row.asked);
                    let asked = batch.rows.iter_mut().map(take).collect();
                    waiting.push_back(batch);
                    let message = request(Asked::Rows(v1::ImportRows { rows: asked }));
                    // Fewer batches wait than the channel holds; a closed one is told of below.
                    let gone = sender.as_ref().is_none_or(|line| line.try_send(message).is_err());
                    if gone {
                        sender = None;
                    }
                }
                None => sender = None,
            },
            answer = results.message() => match answer {
                Ok(Some(answer)) => {
                    let batch = waiting.pop_front().ok_or_else(unasked)?;
                    if batch.rows.len() != answer.results.len() {
                        return Err(unasked());
                    }
                    for (row, result) in batch.rows.iter().zip(&answer.results) {
                        tally.count(row, result)?;
                    }
                    shown(tally);
                }
                Ok(None) if waiting.is_empty() => return Ok(()),
                Ok(None) => return Err(broken(&waiting)),
                Err(status) => return Err(CallError::of("import rows")(status).into()),
            },
        }
    }
}

fn unasked() -> Failure {
    Failure::new(Exit::No, "the hall answered what was not asked")
        .in_chinese("大厅的回复与所导入的行不符")
}

fn broken(waiting: &VecDeque<Batch>) -> Failure {
    let rows: usize = waiting.iter().map(|batch| batch.rows.len()).sum();
    Failure::new(
        Exit::Unreachable,
        format!("the hall ended the import, {rows} rows are unanswered; import the file again"),
    )
    .in_chinese(format!("导入中断，{rows} 行没有结果；可再次导入同一文件，不会重复"))
}
