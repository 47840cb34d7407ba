//! What became of the rows: counts, sums, and the report.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use files::{Columns, Finding, Report, Shape};
use serde::Serialize;
use serde_json::value::RawValue;
use wire::v1;

use super::reading::Mapped;
use crate::exit::{Exit, Failure};
use crate::output::{Output, peak_mb};

/// Counts of an import.
pub(super) struct Tally {
    counts: Counts,
    read: u128,
    accepted: u128,
    report: Option<Report>,
}

/// Each row is in exactly one of the middle four; `marked` counts accepted rows with marks.
#[derive(Debug, Default, Serialize)]
struct Counts {
    rows: u64,
    imported: u64,
    revised: u64,
    unchanged: u64,
    quarantined: u64,
    marked: u64,
    violations: BTreeMap<String, u64>,
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    counts: &'a Counts,
    sums: Sums,
    rows_per_s: u64,
    rss_mb: u64,
    dry_run: bool,
    seconds: f64,
}

/// Amounts in the file's unit, exact.
#[derive(Serialize)]
struct Sums {
    read: Box<RawValue>,
    accepted: Box<RawValue>,
}

impl Tally {
    pub(super) fn new(report: Option<&Path>, columns: &Arc<Columns>) -> Result<Self, Failure> {
        let report = report.map(|place| {
            let shape = Shape::of_path(place).ok_or_else(|| {
                Failure::new(Exit::Usage, "a report is .xlsx, .csv or .jsonl")
                    .in_chinese("报告文件须为 .xlsx、.csv 或 .jsonl")
            })?;
            Report::create(place, shape, columns).map_err(unwritten)
        });
        let report = report.transpose()?;
        Ok(Self { counts: Counts::default(), read: 0, accepted: 0, report })
    }

    /// Counts a row and what became of it.
    pub(super) fn count(&mut self, row: &Mapped, result: &v1::ImportResult) -> Result<(), Failure> {
        use v1::ImportOutcome::{Imported, Quarantined, Revised, Unchanged, Unspecified};
        let counts = &mut self.counts;
        counts.rows += 1;
        self.read += row.sum;
        let accepted = match result.outcome() {
            Imported => &mut counts.imported,
            Revised => &mut counts.revised,
            Unchanged => &mut counts.unchanged,
            Quarantined | Unspecified => &mut counts.quarantined,
        };
        *accepted += 1;
        let codes: BTreeSet<&str> = result.violations.iter().map(|one| &*one.code).collect();
        for code in &codes {
            match counts.violations.get_mut(*code) {
                Some(rows) => *rows += 1,
                None => drop(counts.violations.insert((*code).to_owned(), 1)),
            }
        }
        match result.outcome() {
            Imported | Revised | Unchanged => {
                self.accepted += row.sum;
                counts.marked += u64::from(!codes.is_empty());
            }
            Quarantined | Unspecified => {
                if let Some(report) = &mut self.report {
                    let findings: Vec<_> = result.violations.iter().map(finding).collect();
                    report.row(&row.row, &result.record_id, &findings).map_err(unwritten)?;
                }
            }
        }
        Ok(())
    }

    /// How far it is, for the bar.
    pub(super) fn progress(&self, seconds: f64) -> String {
        let rows = self.counts.rows;
        format!("{rows} 行 rows, {}/s", rate(rows, seconds))
    }

    /// Says how it went.
    pub(super) fn conclude(
        self,
        seconds: f64,
        dry_run: bool,
        output: Output,
    ) -> Result<Exit, Failure> {
        let Self { counts, read, accepted, report } = self;
        if let Some(report) = report {
            report.finish().map_err(unwritten)?;
        }
        let Counts { rows, imported, revised, unchanged, quarantined, marked, .. } = &counts;
        output.say(
            format_args!("{rows} 行：新增 {imported}，修订 {revised}，未变 {unchanged}，待处理 {quarantined}；{marked} 行带标记"),
            format_args!("{rows} rows: {imported} imported, {revised} revised, {unchanged} unchanged, {quarantined} quarantined; {marked} with marks"),
        );
        for (code, rows) in &counts.violations {
            output.text(&format!("  {code}  {rows}"));
        }
        if *quarantined > 0 && !dry_run {
            output.note(
                "待处理的行用 hallway quarantine list 查看",
                "rows that wait: hallway quarantine list",
            );
        }
        output.answer(&Answer {
            counts: &counts,
            sums: Sums { read: amount(read), accepted: amount(accepted) },
            rows_per_s: rate(*rows, seconds),
            rss_mb: peak_mb(),
            dry_run,
            seconds: (seconds * 1000.0).round() / 1000.0,
        });
        Ok(Exit::Holds)
    }
}

fn finding(violation: &v1::Violation) -> Finding {
    Finding {
        code: violation.code.clone(),
        field: violation.field.clone(),
        message_zh: violation.message_zh.clone(),
        message_en: violation.message_en.clone(),
        remedy_zh: violation.remedy_zh.clone(),
        remedy_en: violation.remedy_en.clone(),
    }
}

/// Millionths as an exact JSON number.
fn amount(millionths: u128) -> Box<RawValue> {
    let (whole, rest) = (millionths / 1_000_000, millionths % 1_000_000);
    let text = match rest {
        0 => whole.to_string(),
        _ => format!("{whole}.{rest:06}").trim_end_matches('0').to_owned(),
    };
    RawValue::from_string(text).expect("digits with at most one point are a JSON number")
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate for people, of a count and a time that are never negative"
)]
fn rate(rows: u64, seconds: f64) -> u64 {
    (rows as f64 / seconds.max(0.001)) as u64
}

fn unwritten(error: files::WriteError) -> Failure {
    let chinese = format!("无法写报告：{error}");
    Failure::new(Exit::Usage, error).in_chinese(chinese)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact() {
        assert_eq!(amount(59_964_581_000_000).get(), "59964581");
        assert_eq!(amount(1).get(), "0.000001");
        assert_eq!(amount(1_500_000).get(), "1.5");
    }
}
