//! Lines of a file as rows to submit, read on a thread of its own and never more than a few batches
//! ahead.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use indicatif::ProgressBar;
use record::validate::malformed;
use tokio::sync::mpsc;
use wire::json::JSON_LINE_MAX;
use wire::status::violation_to;
use wire::v1;

use super::tally::RowRefusal;
use crate::client::{MESSAGE_BYTES, MESSAGE_RECORDS, Row};

/// Where lines come from.
pub(super) struct Source {
    reader: Box<dyn BufRead + Send>,
    /// How many there are, when that is known.
    pub(super) bytes: Option<u64>,
}

impl Source {
    /// A file, or `-` for standard input.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        if path == Path::new("-") {
            return Ok(Self { reader: Box::new(BufReader::new(io::stdin())), bytes: None });
        }
        let file = File::open(path)?;
        let bytes = file.metadata().ok().map(|meta| meta.len());
        Ok(Self { reader: Box::new(BufReader::new(file)), bytes })
    }
}

/// Reads to the end, or until nobody takes batches any more.
pub(super) fn read(
    mut source: Source,
    batches: &mpsc::Sender<Vec<Row>>,
    refused: &mpsc::Sender<RowRefusal>,
    progress: &ProgressBar,
) -> io::Result<()> {
    let (mut batch, mut weight) = (Vec::new(), 0);
    let mut number = 0;
    while let Some(text) = next_line(&mut *source.reader)? {
        number += 1;
        progress.inc(u64::try_from(text.len()).unwrap_or(0) + 1);
        let row = match row(number, &text) {
            Ok(Some(row)) => row,
            Ok(None) => continue,
            Err(refusal) => {
                if refused.blocking_send(refusal).is_err() {
                    return Ok(());
                }
                continue;
            }
        };
        let bytes = row_bytes(&row);
        let full = batch.len() == MESSAGE_RECORDS || weight + bytes > MESSAGE_BYTES;
        if full && !batch.is_empty() {
            weight = 0;
            if batches.blocking_send(std::mem::take(&mut batch)).is_err() {
                return Ok(());
            }
        }
        weight += bytes;
        batch.push(row);
    }
    if !batch.is_empty() {
        // Nobody listens when the stream has broken, which is told elsewhere.
        drop(batches.blocking_send(batch));
    }
    Ok(())
}

/// The next line without its end; one over the limit is cut just beyond it and read past.
fn next_line(reader: &mut dyn BufRead) -> io::Result<Option<Vec<u8>>> {
    let limit = u64::try_from(JSON_LINE_MAX).unwrap_or(u64::MAX) + 1;
    let mut line = Vec::new();
    if reader.take(limit).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() > JSON_LINE_MAX {
        skip_line(reader)?;
    }
    Ok(Some(line))
}

fn skip_line(reader: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        let (used, ended) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        reader.consume(used);
        if ended {
            return Ok(());
        }
    }
}

/// A line as a row; none when it is blank.
fn row(line: u64, text: &[u8]) -> Result<Option<Row>, RowRefusal> {
    let refuse = |what: &str| {
        let violations = vec![violation_to(&malformed("line", &what))];
        RowRefusal { line, message_id: String::new(), violations }
    };
    let text = str::from_utf8(text).map_err(|_| refuse("not UTF-8"))?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    let mut submission =
        wire::submission_from_json(text).map_err(|error| refuse(&error.explain()))?;
    let mut message_id = wire::check::message_id(&submission);
    if message_id.is_empty() {
        message_id = content_id(&submission);
        submission.head = with_message_id(&submission, &message_id);
    }
    Ok(Some(Row { line, message_id, submission }))
}

/// A message id of what the line says: the same line has the same id.
fn content_id(submission: &v1::Submission) -> String {
    let v1::Submission { head, open, closed, .. } = submission;
    let hash = hex::encode(wire::unstamped_content(head, open, closed));
    format!("line-{}", hash.get(..40).unwrap_or(&hash))
}

/// The head with a message id behind what it says: protobuf field 1, length-delimited.
fn with_message_id(submission: &v1::Submission, message_id: &str) -> bytes::Bytes {
    let length = u8::try_from(message_id.len()).expect("content ids have 45 characters");
    let mut head = submission.head.to_vec();
    head.extend([1 << 3 | 2, length]);
    head.extend_from_slice(message_id.as_bytes());
    head.into()
}

fn row_bytes(row: &Row) -> usize {
    let v1::Submission { head, open, closed, .. } = &row.submission;
    head.len() + open.len() + closed.len() + row.message_id.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &str) -> (Vec<Vec<Row>>, Vec<RowRefusal>) {
        let (batches_in, mut batches) = mpsc::channel(1_000);
        let (refused_in, mut refused) = mpsc::channel(1_000);
        let reader = Box::new(io::Cursor::new(text.to_owned()));
        read(Source { reader, bytes: None }, &batches_in, &refused_in, &ProgressBar::hidden())
            .unwrap();
        drop((batches_in, refused_in));
        let batches = std::iter::from_fn(|| batches.try_recv().ok()).collect();
        (batches, std::iter::from_fn(|| refused.try_recv().ok()).collect())
    }

    #[test]
    fn batches_are_full_messages_and_lines_count_from_one() {
        let made: Vec<String> = wire::generated(&record::Kind::Permit, 130, 3)
            .map(|one| wire::submission_to_json(&one).unwrap())
            .collect();
        let (batches, refused) = read_all(&format!("\n{}", made.join("\n")));
        assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [64, 64, 2]);
        assert_eq!(batches[0][0].line, 2, "blank lines count");
        assert!(refused.is_empty());
    }

    #[test]
    fn a_line_without_an_id_gets_one_from_what_it_says() {
        let line = r#"{"head": {"kind": "permit"}, "sharingClass": "open"}"#;
        let (batches, _) = read_all(&format!("{line}\n{line}\n{{\"head\": {{}}}}"));
        let ids: Vec<&str> = batches[0].iter().map(|row| row.message_id.as_str()).collect();
        assert_eq!(ids[0], ids[1]);
        assert_ne!(ids[0], ids[2]);
        for row in &batches[0] {
            assert_eq!(wire::check::message_id(&row.submission), row.message_id);
        }
    }

    #[test]
    fn what_is_no_submission_is_refused_by_line() {
        let long = "x".repeat(JSON_LINE_MAX + 5);
        let (batches, refused) = read_all(&format!("{{\"haed\": 1}}\n{long}\nno json\n{{}}"));
        assert_eq!(refused.iter().map(|one| one.line).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(refused[0].violations[0].message_en.contains("haed"), "{refused:?}");
        assert!(refused[1].violations[0].message_en.contains("JSON_LINE_MAX"), "{refused:?}");
        assert_eq!(batches[0][0].line, 4);
    }
}
