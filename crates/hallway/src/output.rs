//! The only place that prints. Answers are standard output, everything else standard error.
//!
//! With `--json` the answer is one JSON object on the last line of standard output and what people
//! read moves to standard error. Without it people read standard output. Every sentence stands in
//! Chinese and in English, because both kinds of operators read the same terminal.

use std::fmt::Display;
use std::fs;
use std::io::{self, IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::exit::Failure;

/// Where a command speaks.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    json: bool,
}

impl Output {
    /// For people, or with `json` for programs.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether a program listens.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// A sentence of the answer for people, in both languages.
    pub fn say(self, chinese: impl Display, english: impl Display) {
        self.text(&format!("{chinese} · {english}"));
    }

    /// Text of the answer for people, such as a table.
    pub fn text(self, text: &str) {
        let told = if self.json {
            writeln!(io::stderr().lock(), "{text}")
        } else {
            writeln!(io::stdout().lock(), "{text}")
        };
        closed(told);
    }

    /// A sentence beside the answer: what is going on, what to try next.
    pub fn note(self, chinese: impl Display, english: impl Display) {
        closed(writeln!(io::stderr().lock(), "{chinese} · {english}"));
    }

    /// One item of a stream of answers. An error means that nobody reads on.
    pub fn item(self, line: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{line}")?;
        stdout.flush()
    }

    /// The answer for programs: one line of JSON.
    pub fn answer(self, answer: &impl Serialize) {
        if self.json {
            let line =
                serde_json::to_string(answer).expect("answers are plain data with text keys");
            closed(self.item(&line));
        }
    }

    /// Why there is no answer.
    pub fn failure(self, failure: &Failure) {
        self.note(failure.chinese(), format_args!("error: {failure}"));
        self.answer(&failure.to_json());
    }

    /// A bar on standard error that shows how much of `total` bytes is done; silent when nobody sees
    /// it. `what` stands in front.
    pub fn progress(self, what: &'static str, total: Option<u64>) -> ProgressBar {
        if !io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
        let template = "{prefix} [{bar:30}] {bytes}/{total_bytes} {elapsed} {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.with_prefix(what)
    }
}

/// Rows of text under headings, columns padded for terminals on which a Chinese character is two
/// columns wide.
pub fn table(headings: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = headings.iter().map(|text| columns(text)).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = columns(cell).max(*width);
        }
    }
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let padded = cells.zip(&widths).map(|(cell, width)| {
            format!("{cell}{}", " ".repeat(width.saturating_sub(columns(cell))))
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(&mut headings.iter().copied())];
    lines.extend(rows.iter().map(|row| line(&mut row.iter().map(String::as_str))));
    lines.join("\n")
}

/// The most memory this process had, in MiB, as the kernel says.
pub fn peak_mb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

/// Columns of a text on a terminal.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if WIDE.contains(&c) { 2 } else { 1 }).sum()
}

/// CJK punctuation, ideographs, full-width forms: what the house prints of them.
const WIDE: std::ops::RangeInclusive<char> = '\u{2e80}'..='\u{ffe6}';

/// Whoever listened is gone; the command goes on with what it was asked to do.
fn closed(told: io::Result<()>) {
    drop(told);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_under_chinese_headings() {
        let rows = [vec!["长春市".to_owned(), "live".to_owned()], vec!["a".into(), "b".into()]];
        let text = table(&["厅 hall", "状态"], &rows);
        assert_eq!(text, "厅 hall  状态\n长春市   live\na        b");
    }
}
