//! `hallway submit`: JSON Lines to a hall, every refusal told with its line.
//!
//! A thread of its own reads and parses, the stream sends, one loop counts. Lines that are no
//! submission are refused here, with the same words as by the hall. Refused rows are told as they come;
//! the answer lists them by line, up to a limit.

mod rows;
mod tally;

use std::time::Instant;

use tokio::sync::mpsc;
use wire::v1;

use crate::cli::Submit;
use crate::client::{Role, SubmitError, one_by_one, streamed};
use crate::exit::{Exit, Failure};
use crate::output::Output;

use rows::{Source, read};
use tally::Tally;

/// Runs the command.
pub async fn run(arguments: &Submit, output: Output) -> Result<Exit, Failure> {
    let source = Source::open(&arguments.file).map_err(|error| {
        let file = arguments.file.display();
        Failure::new(Exit::Usage, format!("read {file}: {error}"))
            .in_chinese(format!("无法读取 {file}"))
    })?;
    let line = arguments.hall.access(Role::System).dial().await?;
    let started = Instant::now();
    let bar = output.progress("提交 submit", source.bytes);
    let (batches_in, batches) = mpsc::channel(BATCHES_QUEUED);
    let (refused_in, mut refused) = mpsc::channel(BATCHES_QUEUED);
    let shown = bar.clone();
    let reading =
        tokio::task::spawn_blocking(move || read(source, &batches_in, &refused_in, &shown));

    let mut tally = Tally::default();
    let mut malformed = Tally::default();
    let ended = {
        let mut told = |line: u64, outcome: v1::Outcome| {
            if let Some(refusal) = tally.count(line, outcome) {
                refusal.tell(output, &bar);
            }
        };
        let sending = async {
            if arguments.unary {
                one_by_one(&line, batches, &mut told).await
            } else {
                streamed(&line, batches, &mut told).await
            }
        };
        let hearing = async {
            while let Some(refusal) = refused.recv().await {
                if let Some(refusal) = malformed.refuse(refusal) {
                    refusal.tell(output, &bar);
                }
            }
        };
        tokio::join!(sending, hearing).0
    };
    let read = reading.await;
    bar.finish_and_clear();
    tally.add(malformed);
    match read {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return Err(Failure::new(Exit::Usage, error).in_chinese("读取文件出错")),
        Err(error) => return Err(Failure::new(Exit::No, error)),
    }
    Ok(conclude(&tally, ended, started, output))
}

/// Says how it went; the exit code.
fn conclude(
    tally: &Tally,
    ended: Result<(), SubmitError>,
    started: Instant,
    output: Output,
) -> Exit {
    let seconds = started.elapsed().as_secs_f64();
    tally.tell(seconds, output);
    let mut answer = tally.to_json(seconds);
    let exit = match ended {
        Ok(()) if tally.refused > 0 => Exit::Refused,
        Ok(()) => Exit::Holds,
        Err(error) => {
            let (unanswered, exit) = (error.unanswered(), error.exit());
            let failure = Failure::new(exit, error).in_chinese(format!(
                "提交中断，{} 条没有结果（自第 {} 行起），可再次提交同一文件",
                unanswered.records, unanswered.first_line
            ));
            output.note(failure.chinese(), format_args!("error: {failure}"));
            if let Some(object) = answer.as_object_mut() {
                object.insert("error".to_owned(), failure.to_string().into());
                object.insert("unanswered".to_owned(), unanswered.records.into());
            }
            exit
        }
    };
    output.answer(&answer);
    exit
}

/// Batches between the thread that reads and the stream.
const BATCHES_QUEUED: usize = 8;
