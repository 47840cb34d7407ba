//! `hallway quarantine`: what waits, why, and a person's decision with its reason.

use serde_json::{Value, json};
use wire::v1;
use wire::v1::QuarantineVerdict as Verdict;

use crate::cli::{HallArgs, Quarantine, QuarantineCommand as Asked};
use crate::client::{CallError, ClientError, Line, Role, request};
use crate::exit::{Exit, Failure};
use crate::output::{Output, table};

/// Runs the command.
pub async fn run(arguments: &Quarantine, output: Output) -> Result<Exit, Failure> {
    match &arguments.command {
        Asked::List { hall, code, after, limit } => {
            let (after, code) = (after.clone(), code.clone());
            let wanted = v1::ListQuarantineRequest { after, limit: *limit, code };
            list(hall, wanted, output).await
        }
        Asked::Show { item, hall } => show(hall, item, output).await,
        Asked::Correct { item, set, reason, hall } => {
            let cells = set.iter().map(|one| cell(one)).collect::<Result<_, _>>()?;
            decide(hall, (item, reason), Verdict::Corrected, cells, output).await
        }
        Asked::Release { item, reason, hall } => {
            decide(hall, (item, reason), Verdict::Released, Vec::new(), output).await
        }
        Asked::Drop { item, reason, hall } => {
            decide(hall, (item, reason), Verdict::Dropped, Vec::new(), output).await
        }
    }
}

async fn line(hall: &HallArgs) -> Result<Line, ClientError> {
    hall.access(Role::Operator).dial().await
}

async fn list(
    hall: &HallArgs,
    wanted: v1::ListQuarantineRequest,
    output: Output,
) -> Result<Exit, Failure> {
    let answer = line(hall).await?.quarantine().list_quarantine(request(wanted)).await;
    let answer = answer.map_err(CallError::of("list the quarantine"))?.into_inner();
    let row = |entry: &v1::QuarantineEntry| {
        vec![
            entry.item.clone(),
            format!("{}:{}", entry.source, entry.line),
            entry.kind.clone(),
            entry.codes.join(" "),
            entry.since.clone(),
        ]
    };
    let rows: Vec<_> = answer.entries.iter().map(row).collect();
    let headings = ["待处理项 item", "来源 source", "类别 kind", "违规 codes", "自 since"];
    output.text(&table(&headings, &rows));
    output.say(
        format_args!("共 {} 项待处理", answer.open),
        format_args!("{} wait for a person", answer.open),
    );
    let item = |entry: &v1::QuarantineEntry| {
        json!({
            "item": entry.item, "source": entry.source, "line": entry.line, "kind": entry.kind,
            "codes": entry.codes, "since": entry.since, "releasable": entry.releasable,
        })
    };
    let items: Vec<Value> = answer.entries.iter().map(item).collect();
    output.answer(&json!({ "open": answer.open, "items": items }));
    Ok(Exit::Holds)
}

async fn show(hall: &HallArgs, item: &str, output: Output) -> Result<Exit, Failure> {
    let wanted = v1::ShowQuarantineRequest { item: item.to_owned() };
    let answer = line(hall).await?.quarantine().show_quarantine(request(wanted)).await;
    let answer = answer.map_err(CallError::of("show an item"))?.into_inner();
    let found = answer.item.unwrap_or_default();
    let row = found.row.unwrap_or_default();
    let settings = found.settings.unwrap_or_default();
    let cells = row.form.unwrap_or_default().cells;
    output.say(
        format_args!("{} 第 {} 行，映射 {}", settings.source, row.line, settings.mapping),
        format_args!("{} line {}, mapping {}", settings.source, row.line, settings.mapping),
    );
    let fields: Vec<_> =
        cells.iter().map(|cell| vec![cell.name.clone(), cell.text.clone()]).collect();
    output.text(&table(&["字段 field", "内容 text"], &fields));
    for one in &found.violations {
        output.text(&format!(
            "  {} [{}] {}\n    {} — {}\n    {} — {}",
            one.code,
            one.level,
            one.field,
            one.message_zh,
            one.remedy_zh,
            one.message_en,
            one.remedy_en
        ));
    }
    let decision = answer.decision.map(|decision| {
        output.say(
            format_args!("已处理：{}（{}）", decision.verdict().as_str_name(), decision.reason),
            format_args!("decided by {}: {}", decision.operator, decision.reason),
        );
        json!({
            "verdict": word(decision.verdict()), "reason": decision.reason,
            "operator": decision.operator, "record": decision.record_id,
        })
    });
    let fields: serde_json::Map<String, Value> =
        cells.into_iter().map(|cell| (cell.name, cell.text.into())).collect();
    output.answer(&json!({
        "item": item, "source": settings.source, "line": row.line, "mapping": settings.mapping,
        "profile": settings.profile, "fields": fields,
        "violations": found.violations.iter().map(violation).collect::<Vec<_>>(),
        "decision": decision,
    }));
    Ok(Exit::Holds)
}

async fn decide(
    hall: &HallArgs,
    (item, reason): (&str, &str),
    verdict: Verdict,
    cells: Vec<v1::FormCell>,
    output: Output,
) -> Result<Exit, Failure> {
    let asked = v1::DecideQuarantineRequest {
        item: item.to_owned(),
        verdict: verdict.into(),
        reason: reason.to_owned(),
        cells,
    };
    let answer = line(hall).await?.quarantine().decide_quarantine(request(asked)).await;
    let answer = answer.map_err(CallError::of("decide about an item"))?.into_inner();
    let record = answer.result.as_ref().map(|result| result.record_id.clone());
    match &record {
        Some(record) => output.say(
            format_args!("已入库，记录编号 {record}"),
            format_args!("entered as record {record}"),
        ),
        None => output.say("已丢弃，未入库", "dropped, nothing was entered"),
    }
    output.answer(&json!({ "item": item, "verdict": word(verdict), "record": record }));
    Ok(Exit::Holds)
}

fn cell(text: &str) -> Result<v1::FormCell, Failure> {
    let (name, text) = text.split_once('=').ok_or_else(|| {
        Failure::new(Exit::Usage, format!("--set {text}: write FIELD=TEXT"))
            .in_chinese("--set 须写作 字段=内容")
    })?;
    Ok(v1::FormCell { name: name.trim().to_owned(), text: text.to_owned() })
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Corrected => "corrected",
        Verdict::Released => "released",
        Verdict::Dropped => "dropped",
        Verdict::Unspecified => "unspecified",
    }
}

fn violation(one: &v1::Violation) -> Value {
    json!({
        "code": one.code, "level": one.level, "field": one.field, "rule": one.rule, "value": one.value,
        "message_zh": one.message_zh, "message_en": one.message_en,
        "remedy_zh": one.remedy_zh, "remedy_en": one.remedy_en,
    })
}
