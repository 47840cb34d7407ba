//! `hallway import`: a file's rows to a hall, each answered, those that wait reported.
//!
//! A thread of its own reads the file, lays the mapping over it and finds what only the file shows; one
//! loop sends rows and hears results; a row is kept until it is answered, so the memory is that of the
//! rows on their way, whatever the file.

mod reading;
mod sending;
mod tally;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use files::{Mapping, Suggestion, Table};
use record::{HallId, Profile, Timestamp};
use serde_json::json;
use telemetry::{Clock, System};
use tokio::sync::mpsc;
use wire::v1;

use crate::cli::Import;
use crate::client::{Access, Role};
use crate::exit::{Exit, Failure};
use crate::output::{Output, table};

use reading::{Batch, read};
use tally::Tally;

/// Batches between the thread that reads and the loop that sends.
const BATCHES_QUEUED: usize = 2;

/// Runs the command.
pub async fn run(arguments: &Import, output: Output) -> Result<Exit, Failure> {
    let Some(file) = arguments.file.as_deref().filter(|_| !arguments.list) else {
        return Ok(list(output));
    };
    let table = open(file)?;
    let mapping = mapping(arguments.mapping.as_deref(), &table, output)?;
    if mapping.bind(table.columns()).is_foreign() {
        let columns = table.columns().names().join(", ");
        return Err(usage(
            format!("映射 {} 与该文件的列不符：{columns}", mapping.name),
            format!("mapping {} knows none of the columns: {columns}", mapping.name),
        ));
    }
    let profile = arguments.profile.unwrap_or(mapping.profile);
    tell(&table, &mapping, profile, output);
    let (started, columns) = (Instant::now(), Arc::clone(table.columns()));
    let bar = output.progress("导入 import", None);
    let (rows_in, rows) = mpsc::channel(BATCHES_QUEUED);
    let edition = mapping.edition;
    let name = mapping.name.clone();
    let reader = tokio::task::spawn_blocking(move || read(table, &mapping, edition, &rows_in));
    let mut tally = Tally::new(arguments.report.as_deref(), &columns)?;
    let settings = v1::ImportSettings {
        source: file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned(),
        mapping: name,
        profile: profile.as_str().to_owned(),
        revise_known: arguments.revise,
    };
    let shown = |tally: &Tally| {
        let seconds = started.elapsed().as_secs_f64().max(0.001);
        bar.set_message(tally.progress(seconds));
    };
    let ended = if arguments.dry_run {
        let hall = arguments.hall.as_deref().and_then(|hall| crate::config::read(hall).ok());
        let hall = hall.map(|settings| settings.hall);
        let hall = hall.or_else(|| "dry-run".parse().ok());
        judged(rows, (profile, hall), &mut tally, &shown).await
    } else {
        let hall = arguments.hall.clone().unwrap_or_default();
        let (certificate, key) = (arguments.certificate.clone(), arguments.key.clone());
        let access = Access { hall, role: Role::System, certificate, key };
        let line = access.dial().await?;
        sending::sent(&line, settings, rows, &mut tally, &shown).await
    };
    let read = reader.await;
    bar.finish_and_clear();
    ended?;
    match read {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return Err(usage(format!("读取文件出错：{error}"), error)),
        Err(error) => return Err(Failure::new(Exit::No, error)),
    }
    tally.conclude(started.elapsed().as_secs_f64(), arguments.dry_run, output)
}

/// Judges every row here and sends none.
async fn judged(
    mut rows: mpsc::Receiver<Batch>,
    (profile, hall): (Profile, Option<HallId>),
    tally: &mut Tally,
    shown: &(dyn Fn(&Tally) + Sync),
) -> Result<(), Failure> {
    let now: Timestamp = System.now();
    let Some(hall) = hall else { return Ok(()) };
    while let Some(batch) = rows.recv().await {
        for row in batch.rows {
            let result = intake::judge_row(row.asked.clone(), profile, &hall, now);
            tally.count(&row, &result)?;
        }
        shown(tally);
    }
    Ok(())
}

/// Opens a file to import from.
pub(super) fn open(file: &Path) -> Result<Table, Failure> {
    let table = files::open(file).map_err(|error| {
        let name = file.display();
        usage(format!("无法读取 {name}：{error}"), format!("read {name}: {error}"))
    })?;
    if table.is_masked {
        return Err(Failure::new(
            Exit::Refused,
            "the file is a masked export (masked-copy): import the original records",
        )
        .in_chinese("该文件为脱敏导出，不得再导入；请导入原始记录"));
    }
    Ok(table)
}

/// The mapping that was asked for, or the one made for the columns.
fn mapping(asked: Option<&str>, table: &Table, output: Output) -> Result<Mapping, Failure> {
    match asked {
        None => {
            let found = Suggestion::of(table.columns()).and_then(|found| found.builtin);
            let found = found.as_deref().and_then(Mapping::builtin).ok_or_else(|| {
                usage(
                    "没有适合这些列的内置映射；请执行 hallway mapping suggest 并用 --mapping 指定",
                    "no built-in mapping is made for these columns; see `hallway mapping suggest`",
                )
            })?;
            output.note(
                format_args!("采用映射 {}", found.name),
                format_args!("mapping {}", found.name),
            );
            Ok(found.clone())
        }
        Some(name) => match Mapping::builtin(name) {
            Some(found) => Ok(found.clone()),
            None if Path::new(name).extension().is_some_and(|ending| ending == "toml") => {
                let text = std::fs::read_to_string(name).map_err(|error| {
                    usage(format!("无法读取 {name}"), format!("read {name}: {error}"))
                })?;
                Mapping::read(&text).map_err(|error| {
                    usage(format!("映射 {name} 有误：{error}"), format!("{name}: {error}"))
                })
            }
            None => Err(usage(
                format!("没有名为 {name} 的映射；hallway import --list 列出全部"),
                format!("no mapping is called {name}; `hallway import --list` names all"),
            )),
        },
    }
}

/// What was found out about the file.
fn tell(table: &Table, mapping: &Mapping, profile: Profile, output: Output) {
    let encoding =
        table.encoding.map(|encoding| format!(" {}", encoding.as_str())).unwrap_or_default();
    let sheet = table.sheet.as_deref().map(|sheet| format!(" [{sheet}]")).unwrap_or_default();
    let format = format!("{}{encoding}{sheet}", table.format.as_str());
    let binding = mapping.bind(table.columns());
    output.note(
        format_args!("格式 {format}，映射 {}，校验方案 {profile}", mapping.name),
        format_args!("format {format}, mapping {}, profile {profile}", mapping.name),
    );
    if !binding.unused().is_empty() {
        let unused = binding.unused().join(", ");
        output
            .note(format_args!("未使用的列：{unused}"), format_args!("columns not used: {unused}"));
    }
}

fn list(output: Output) -> Exit {
    let row = |mapping: &Mapping| {
        vec![
            mapping.name.clone(),
            mapping.kind.to_string(),
            mapping.profile.to_string(),
            format!("{} {}", mapping.title_zh, mapping.title_en),
        ]
    };
    let rows: Vec<_> = Mapping::all().iter().map(row).collect();
    output.text(&table(&["映射 mapping", "类别 kind", "校验方案 profile", "说明 title"], &rows));
    let named = |mapping: &Mapping| {
        json!({
            "name": mapping.name, "kind": mapping.kind.as_str(),
            "edition": mapping.edition.as_str(), "profile": mapping.profile.as_str(),
            "title_zh": mapping.title_zh, "title_en": mapping.title_en,
        })
    };
    output.answer(&json!({ "mappings": Mapping::all().iter().map(named).collect::<Vec<_>>() }));
    Exit::Holds
}

fn usage(chinese: impl Into<String>, english: impl std::fmt::Display) -> Failure {
    Failure::new(Exit::Usage, english.to_string()).in_chinese(chinese.into())
}
