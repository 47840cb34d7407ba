//! From the file to rows that can be sent: the mapping laid over, and what only the file shows.

use std::collections::BTreeSet;
use std::sync::Arc;

use files::{Binding, Finding, Mapping, OpenError, ReadError, Row, Table};
use record::{Edition, Level};
use thiserror::Error;
use tokio::sync::mpsc;
use wire::convert::revision_kind_to;
use wire::v1;

/// Rows in one message.
pub(super) const BATCH_ROWS: usize = intake::IMPORT_ROWS_MAX;
/// Bytes of cells after which a batch is sent though it has fewer.
const BATCH_BYTES: usize = 2 << 20;

/// Rows that are sent together.
pub(super) struct Batch {
    pub(super) rows: Vec<Mapped>,
}

/// A row of the file and what is asked of the hall.
pub(super) struct Mapped {
    pub(super) row: Row,
    /// Empty once it is sent.
    pub(super) asked: v1::ImportRow,
    /// The amount that the mapping sums, in millionths of the file's unit.
    pub(super) sum: u128,
}

/// Why a file could not be read to its end.
#[derive(Debug, Error)]
pub(super) enum FileError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Reads the file to its end, or until nobody takes rows any more.
pub(super) fn read(
    mut table: Table,
    mapping: &Mapping,
    edition: Edition,
    rows_in: &mpsc::Sender<Batch>,
) -> Result<(), FileError> {
    let columns = Arc::clone(table.columns());
    let binding = mapping.bind(&columns);
    let mut seen = BTreeSet::new();
    let (mut batch, mut bytes) = (Vec::new(), 0);
    for row in table.rows()? {
        let mapped = mapped(row?, mapping, &binding, edition, &mut seen);
        bytes += mapped.row.cells.iter().map(String::len).sum::<usize>();
        batch.push(mapped);
        if batch.len() >= BATCH_ROWS || bytes >= BATCH_BYTES {
            let rows = std::mem::take(&mut batch);
            bytes = 0;
            if rows_in.blocking_send(Batch { rows }).is_err() {
                return Ok(());
            }
        }
    }
    if !batch.is_empty() {
        // Nobody takes it only when the import has failed already.
        drop(rows_in.blocking_send(Batch { rows: batch }));
    }
    Ok(())
}

fn mapped(
    row: Row,
    mapping: &Mapping,
    binding: &Binding<'_>,
    edition: Edition,
    seen: &mut BTreeSet<[u8; 16]>,
) -> Mapped {
    let mut findings: Vec<_> = row
        .notes
        .iter()
        .map(|note| finding(&Finding::of_note(&row, note), Level::Quarantine))
        .collect();
    // A report's row is known by the line and the item that it had before it was mended.
    let (line, mends) = (row.origin.unwrap_or(row.line), row.item.clone().unwrap_or_default());
    let kind = mapping.kind.as_str().to_owned();
    let edition = edition.as_str().to_owned();
    if let Some(trouble) = &row.trouble {
        findings.push(finding(&Finding::from(trouble), Level::Quarantine));
        let form = Some(v1::Form { kind, edition, cells: Vec::new() });
        let asked = v1::ImportRow { line, form, revision: None, findings, mends };
        return Mapped { row, asked, sum: 0 };
    }
    let [digest, _] = halves(row.digest());
    if !seen.insert(digest) {
        findings.push(duplicate());
    }
    let laid = binding.apply(&row);
    if laid.unclear {
        findings.push(unclear());
    }
    let cell = |(field, text): (&'static record::Field, &str)| v1::FormCell {
        name: field.name.to_owned(),
        text: text.to_owned(),
    };
    let cells = laid.form.iter().map(cell).collect();
    let revision = laid.revision.map(|revision| v1::FormRevision {
        kind: revision_kind_to(revision.kind).into(),
        reason: revision.reason,
        successor_document_number: revision.successor.unwrap_or_default(),
        cells: Vec::new(),
    });
    let form = Some(v1::Form { kind, edition, cells });
    let asked = v1::ImportRow { line, form, revision, findings, mends };
    Mapped { row, asked, sum: laid.sum }
}

/// Half a digest tells a million rows apart and takes half the memory.
fn halves(digest: [u8; 32]) -> [[u8; 16]; 2] {
    let (mut first, mut second) = ([0; 16], [0; 16]);
    let (one, two) = digest.split_at(16);
    first.copy_from_slice(one);
    second.copy_from_slice(two);
    [first, second]
}

fn finding(finding: &Finding, level: Level) -> v1::Violation {
    v1::Violation {
        code: finding.code.clone(),
        field: finding.field.clone(),
        rule: "文件 (the file)".to_owned(),
        message_zh: finding.message_zh.clone(),
        message_en: finding.message_en.clone(),
        remedy_zh: finding.remedy_zh.clone(),
        remedy_en: finding.remedy_en.clone(),
        level: level.as_str().to_owned(),
        value: String::new(),
    }
}

fn duplicate() -> v1::Violation {
    v1::Violation {
        code: "duplicate-row".to_owned(),
        rule: "文件 (the file)".to_owned(),
        message_zh: "与前面的行完全相同".to_owned(),
        message_en: "every cell is the same as in an earlier row".to_owned(),
        remedy_zh: "确为另一事实时请在序号列区分；否则无须处理".to_owned(),
        remedy_en: "tell the rows apart by an ordinal if they are two facts; else nothing"
            .to_owned(),
        level: Level::Mark.as_str().to_owned(),
        ..v1::Violation::default()
    }
}

fn unclear() -> v1::Violation {
    v1::Violation {
        code: "revision-note-unclear".to_owned(),
        rule: "映射 (the mapping)".to_owned(),
        message_zh: "备注说明记录有变更，但无法判断方式".to_owned(),
        message_en: "a note tells of a revision, but no rule understands it".to_owned(),
        remedy_zh: "请核对后以修订提交".to_owned(),
        remedy_en: "look at it and submit the revision".to_owned(),
        level: Level::Mark.as_str().to_owned(),
        ..v1::Violation::default()
    }
}
