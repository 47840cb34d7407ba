//! `hallway prove`: asks a running hall for the bundle that proves one record, and writes it down.

use std::fs;
use std::path::{Path, PathBuf};

use ledger::Note;
use portal::bundle::{Bundle, StatusNote};
use portal::prove::Wanted;
use serde_json::json;
use wire::v1;

use crate::cli::Prove;
use crate::client::{CallError, ClientError, Role, request};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Runs the command.
pub async fn run(arguments: &Prove, output: Output) -> Result<Exit, Failure> {
    let wanted: Wanted =
        arguments.record.parse().map_err(|error| Failure::new(Exit::Usage, error))?;
    let line = arguments.hall.access(Role::Operator).dial().await?;
    let question = v1::ProveRequest { record_id: arguments.record.clone() };
    let answer = line.operations().prove(request(question)).await;
    let answer = answer.map_err(CallError::of("prove")).map_err(ClientError::from)?;
    let json = answer.into_inner().bundle_json;
    let bundle: Bundle = json
        .parse()
        .map_err(|error| Failure::new(Exit::No, error).in_chinese("该厅给出的证明无法读取"))?;
    let out = arguments.out.clone().unwrap_or_else(|| default_name(&wanted, &bundle));
    write(&out, &json)?;
    let (file, receipts) = (out.display(), bundle.receipts.len());
    output.say(
        format_args!("已写入 {file}：{receipts} 份签收；用 hallway verify {file} 离线核验"),
        format_args!("{file} written, {receipts} receipts; verify with: hallway verify {file}"),
    );
    let note = Note::parse(&bundle.status).ok();
    let status = note.and_then(|note| note.text.parse::<StatusNote>().ok());
    let effective = status.map(|status| status.effective);
    output.answer(&json!({
        "record": bundle.record,
        "state": effective.as_ref().map(|effective| effective.state.as_str()),
        "suspended": effective.as_ref().map(|effective| effective.suspended),
        "published": effective.as_ref().map(|effective| effective.published),
        "rulings": effective.map(|effective| {
            effective.rulings.iter().map(ToString::to_string).collect::<Vec<_>>()
        }),
        "ledger": bundle.entry.ledger,
        "index": bundle.entry.index,
        "acts": bundle.acts.len(),
        "receipts": receipts,
        "file": out,
    }));
    Ok(Exit::Holds)
}

/// A record's proof is named after the record, an entry's after its place in its ledger too.
fn default_name(wanted: &Wanted, bundle: &Bundle) -> PathBuf {
    match wanted {
        Wanted::Record(record) => format!("{record}.proof.json").into(),
        Wanted::Entry { index, .. } => format!("{}-{index}.proof.json", bundle.record).into(),
    }
}

fn write(path: &Path, json: &str) -> Result<(), Failure> {
    fs::write(path, json).map_err(|error| {
        let file = path.display();
        Failure::new(Exit::Usage, format!("write {file}: {error}"))
            .in_chinese(format!("无法写入 {file}"))
    })
}
