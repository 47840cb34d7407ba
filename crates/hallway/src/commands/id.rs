//! `hallway id`: judges one identifier.

use record::identifier::judge;
use record::{Change, Date};
use serde_json::json;
use telemetry::{Clock as _, System};

use crate::cli::Id;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Runs the command.
pub fn run(arguments: &Id, output: Output) -> Result<Exit, Failure> {
    let on = arguments.on.or_else(|| Date::in_china(System.now())).unwrap_or(Date::FOUNDING);
    let judgement = judge(arguments.kind, &arguments.value, on);
    let (zh, en) = match (judgement.valid, judgement.valid_normalised) {
        (true, _) => ("有效", "valid"),
        (false, true) => ("原文无效，规范化后有效", "not valid as written, valid once mended"),
        (false, false) => ("无效", "not valid"),
    };
    let (why_zh, why_en) = (&judgement.why_zh, &judgement.why_en);
    output.say(format_args!("{zh}：{why_zh}"), format_args!("{en}: {why_en}"));
    if !judgement.changes.is_empty() {
        output.text(&judgement.normalised);
    }
    let changes: Vec<_> = judgement.changes.iter().map(Change::code).collect();
    output.answer(&json!({
        "valid": judgement.valid,
        "valid_normalised": judgement.valid_normalised,
        "normalised": judgement.normalised,
        "changes": changes,
        "why": why_en,
        "why_zh": why_zh,
    }));
    Ok(if judgement.valid { Exit::Holds } else { Exit::No })
}
