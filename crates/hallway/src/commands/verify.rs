//! `hallway verify`: a bundle or a data directory, offline.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use portal::bundle::BUNDLE_BYTES_MAX;
use telemetry::{Clock, System};

use crate::cli::Verify;
use crate::config;
use crate::exit::{Exit, Failure};
use crate::output::{Output, table};
use crate::verify::{Problem, Report, Trust, bundle, directory};

/// Problems that people are shown; programs get all.
const SHOWN_MAX: usize = 50;

/// Runs the command.
pub fn run(arguments: &Verify, output: Output) -> Result<Exit, Failure> {
    let (path, pinned) = (&*arguments.path, arguments.root_key.as_deref());
    if let Some(key) = pinned {
        key.parse::<ledger::VerifierKey>().map_err(|error| Failure::new(Exit::Usage, error))?;
    }
    let report = if fs::metadata(path).map_err(unreadable(path))?.is_dir() {
        let settings = config::read(path).map_err(Failure::of_configuration)?;
        let trust = Trust {
            hall: settings.hall,
            root_ledger: settings.trust.root_ledger,
            root_key: pinned.map_or(settings.trust.root_key, str::to_owned),
            pinned: pinned.is_some(),
        };
        directory(path, &trust, System.now())
    } else {
        bundle(&path.display().to_string(), &text(path)?, pinned)
    };
    tell(&report, output);
    output.answer(&report);
    Ok(report.exit())
}

/// A bundle's text; longer files are read far enough to be refused.
fn text(path: &Path) -> Result<String, Failure> {
    let limit = u64::try_from(BUNDLE_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(unreadable(path))?;
    // What is no UTF-8 is no bundle either; the verifier says so.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn tell(report: &Report, output: Output) {
    if !report.root_key_pinned {
        output.note(
            "注意：未指定 --root-key，根厅公钥取自被核验的内容本身，未经独立确认",
            "ATTENTION: no --root-key was given; the root key is the one found here, not pinned",
        );
    }
    if let Some(status) = &report.status {
        let newest = if status.current { ("是", "is") } else { ("不是", "is NOT") };
        output.say(
            format_args!(
                "据 {} 于 {}：{}最新版本，状态 {}，最新为第 {} 版；其后 {} 条不可见",
                status.hall, status.at, newest.0, status.state, status.revision, status.unseen
            ),
            format_args!(
                "as {} knew at {}: it {} the current revision; {}, revision {}; {} later entries unseen",
                status.hall, status.at, newest.1, status.state, status.revision, status.unseen
            ),
        );
    }
    let Report { entries, seals, receipts, problems, .. } = report;
    if !problems.is_empty() {
        let rows: Vec<Vec<String>> = problems.iter().take(SHOWN_MAX).map(row).collect();
        output.text(&table(
            &["文件 file", "偏移 offset", "账本 ledger", "序号 index", "问题 what"],
            &rows,
        ));
    }
    let verdict =
        if report.holds { ("成立", "it holds") } else { ("不成立", "it does NOT hold") };
    output.say(
        format_args!(
            "{}：{entries} 条目，{seals} 封印，{receipts} 签收，{} 个问题",
            verdict.0,
            problems.len()
        ),
        format_args!(
            "{}: {entries} entries, {seals} seals, {receipts} receipts, {} problems",
            verdict.1,
            problems.len()
        ),
    );
}

fn row(problem: &Problem) -> Vec<String> {
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    vec![
        problem.file.clone(),
        number(problem.offset),
        problem.ledger.clone().unwrap_or_default(),
        number(problem.index),
        problem.what.clone(),
    ]
}

fn unreadable(path: &Path) -> impl FnOnce(std::io::Error) -> Failure {
    let file = path.display().to_string();
    move |error| {
        Failure::new(Exit::Usage, format!("read {file}: {error}"))
            .in_chinese(format!("无法读取 {file}"))
    }
}
