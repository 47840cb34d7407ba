//! `hallway rule` and `hallway handover`: acts about records, entered at a running hall.

use std::fs;
use std::path::Path;

use record::RecordId;
use serde_json::json;
use wire::v1;

use crate::cli::{Effect, Handover, Rule};
use crate::client::{CallError, ClientError, Role, request};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Runs `hallway rule`.
pub async fn rule(arguments: &Rule, output: Output) -> Result<Exit, Failure> {
    let line = arguments.hall.access(Role::Operator).dial().await?;
    let question = v1::RuleRequest { ruling: Some(asked(arguments)) };
    let answer = line.operations().rule(request(question)).await;
    let answer = answer.map_err(CallError::of("rule")).map_err(ClientError::from)?;
    let v1::RuleResponse { ruling, index } = answer.into_inner();
    let ruling = ruling.unwrap_or_default();
    let (id, record, effect) = (&ruling.ruling_id, &ruling.record_id, word(ruling.effect()));
    if ruling.ended {
        output.say(
            format_args!("裁定 {id} 已终止，操作账本第 {index} 条"),
            format_args!("ruling {id} ended, act {index}"),
        );
    } else {
        output.say(
            format_args!("已裁定：记录 {record} {effect}，裁定编号 {id}，操作账本第 {index} 条"),
            format_args!("record {record} ruled {effect}: ruling {id}, act {index}"),
        );
    }
    output.answer(&json!({
        "ruling": id,
        "record": record,
        "origin": ruling.origin,
        "effect": effect,
        "from": ruling.from,
        "ended": ruling.ended,
        "index": index,
    }));
    Ok(Exit::Holds)
}

fn asked(arguments: &Rule) -> v1::Ruling {
    let effect = match arguments.effect {
        Some(Effect::Withdrawn) => v1::RulingEffect::Withdrawn,
        Some(Effect::Suspended) => v1::RulingEffect::Suspended,
        Some(Effect::Unpublished) => v1::RulingEffect::Unpublished,
        None => v1::RulingEffect::Unspecified,
    };
    v1::Ruling {
        ruling_id: arguments.end.map(|id| id.to_string()).unwrap_or_default(),
        record_id: arguments.record.to_string(),
        origin: arguments.origin.as_ref().map(ToString::to_string).unwrap_or_default(),
        effect: effect.into(),
        authority_code: arguments.authority_code.clone(),
        authority_name: arguments.authority.clone(),
        basis: arguments.basis.clone().unwrap_or_default(),
        reason: arguments.reason.clone(),
        document_number: arguments.document.clone(),
        from: arguments.from.map(|from| from.to_string()).unwrap_or_default(),
        ended: arguments.end.is_some(),
    }
}

fn word(effect: v1::RulingEffect) -> &'static str {
    match effect {
        v1::RulingEffect::Withdrawn => "withdrawn",
        v1::RulingEffect::Suspended => "suspended",
        v1::RulingEffect::Unpublished => "unpublished",
        v1::RulingEffect::Unspecified => "unspecified",
    }
}

/// Runs `hallway handover`.
pub async fn hand_over(arguments: &Handover, output: Output) -> Result<Exit, Failure> {
    let records = match &arguments.records_file {
        Some(file) => listed(file)?,
        None => arguments.records.clone(),
    };
    let line = arguments.hall.access(Role::Operator).dial().await?;
    let handover = v1::Handover {
        from_hall: arguments.from.as_ref().map(ToString::to_string).unwrap_or_default(),
        to_hall: arguments.to.to_string(),
        record_ids: records.iter().map(ToString::to_string).collect(),
        from: Vec::new(),
        reason: arguments.reason.clone(),
    };
    let question = v1::HandOverRequest { handover: Some(handover) };
    let answer = line.operations().hand_over(request(question)).await;
    let answer = answer.map_err(CallError::of("hand over")).map_err(ClientError::from)?;
    let v1::HandOverResponse { handover, index } = answer.into_inner();
    let handover = handover.unwrap_or_default();
    let (from, to) = (&handover.from_hall, &handover.to_hall);
    let what = match handover.record_ids.len() {
        0 => ("全部记录".to_owned(), "all records".to_owned()),
        count => (format!("{count} 条记录"), format!("{count} records")),
    };
    output.say(
        format_args!("{from} 的{}已移交 {to}，操作账本第 {index} 条", what.0),
        format_args!("{} of {from} handed over to {to}, act {index}", what.1),
    );
    let places = handover.from.iter();
    let places = places.map(|from| json!({ "ledger": from.ledger, "entry": from.entry }));
    output.answer(&json!({
        "from": from,
        "to": to,
        "records": handover.record_ids,
        "from_entries": places.collect::<Vec<_>>(),
        "index": index,
    }));
    Ok(Exit::Holds)
}

fn listed(file: &Path) -> Result<Vec<RecordId>, Failure> {
    let name = file.display();
    let text = fs::read_to_string(file).map_err(|error| {
        Failure::new(Exit::Usage, format!("read {name}: {error}"))
            .in_chinese(format!("无法读取 {name}"))
    })?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            line.parse().map_err(|error| {
                Failure::new(Exit::Usage, format!("{name}: {line:?}: {error}"))
                    .in_chinese(format!("{name} 中的 {line:?} 不是记录编号"))
            })
        })
        .collect()
}
