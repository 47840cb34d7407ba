//! `hallway export`: the newest state of a hall's records of one kind, as a table.
//!
//! The feed is read twice. The first time tells which records have revisions and what the newest one
//! is that says something; the second time writes one row for each record, at the place of that
//! revision. So memory grows with the revised records alone, and a record whose revisions came by
//! several ledgers or out of order is one row all the same. The hall may be written to meanwhile: the
//! second reading takes no entry that the first one did not see, so a file is of one moment, and what
//! came in between is the next export's. Only what ended in between stays out at once.
//!
//! A full export is for systems of the hall: what publication holds back from a department must not
//! come to it as records with holes, which somebody would import one day. Operators see no records.
//!
//! Deliberately absent: mappings other than the standard's templates, whose steps go one way only.

mod rows;
mod seen;
mod tally;

use std::time::Instant;

use files::export::Layout;
use files::{Encoding, Format, Mapping, Shape, WriteError, Writer, marker};
use indicatif::ProgressBar;
use pki::Identity;
use record::{Edition, HallId, Kind, Masking};
use tonic::Streaming;
use wire::v1;

use crate::cli::{Export, FileFormat};
use crate::client::{CallError, ClientError, Line};
use crate::exit::{Exit, Failure};
use crate::output::Output;

use rows::{Fate, Party, Picker};
use seen::Seen;
use tally::Tally;

/// Runs the command.
pub async fn run(arguments: &Export, output: Output) -> Result<Exit, Failure> {
    let started = Instant::now();
    let (layout, party) = layout(arguments)?;
    let line = arguments.hall.access(arguments.role.into()).dial().await?;
    entitled(&line.identity, &line.settings.hall, layout.masking())?;
    let bar = output.progress("导出 export", None);
    let seen = look(&line, &arguments.kind, &bar).await?;
    let picker = Picker::new(&seen, layout.masking(), party);
    let mut sheet = Sheet::create(arguments, layout, &seen)?;
    let mut tally = Tally::default();
    let mut items = follow(&line, &arguments.kind).await?;
    let mut places = seen::Places::default();
    while let Some(item) = next(&mut items).await? {
        if !seen.covers(&item) || !places.is_new(&item) {
            continue;
        }
        let fate = picker.fate(&item);
        tally.count(&fate);
        if let Fate::Row { form, understood, .. } = &fate {
            sheet.row(form, *understood).map_err(|error| failed(arguments, &error))?;
        }
        tally.show(&bar, started);
    }
    sheet.writer.finish().map_err(|error| failed(arguments, &error))?;
    bar.finish_and_clear();
    tally.tell(arguments, started, output);
    Ok(Exit::Holds)
}

/// Whether the caller is shown what such an export holds. The hall keeps it from him in any case.
fn entitled(caller: &Identity, here: &HallId, masking: Masking) -> Result<(), Failure> {
    let (english, chinese) = match (caller, masking) {
        (Identity::System { hall, .. }, _) if hall == here => return Ok(()),
        (Identity::Department { .. }, Masking::Public) => return Ok(()),
        (Identity::Department { .. }, Masking::Full) => (
            "a department is shown what publication allows; export with --masking public, or have \
             a system of the hall export (--as system)",
            "部门只能导出公示范围内的内容：请用 --masking public，或由本厅业务系统导出（--as system）",
        ),
        (Identity::Operator { .. } | Identity::Hall { .. } | Identity::System { .. }, _) => (
            "only systems of this hall and departments are shown records; export --as system or \
             --as department",
            "只有本厅业务系统与部门可查看记录：请用 --as system 或 --as department",
        ),
    };
    let error = format!("PERMISSION_DENIED: {caller} may not export this: {english}");
    Err(Failure::new(Exit::Refused, error).in_chinese(chinese))
}

/// The first reading.
async fn look(line: &Line, kind: &Kind, bar: &ProgressBar) -> Result<Seen, Failure> {
    let mut seen = Seen::default();
    let mut items = follow(line, kind).await?;
    while let Some(item) = next(&mut items).await? {
        bar.tick();
        seen.note(&item).map_err(|error| Failure::new(Exit::No, error))?;
    }
    Ok(seen)
}

async fn follow(line: &Line, kind: &Kind) -> Result<Streaming<v1::FollowResponse>, Failure> {
    let kinds = vec![kind.to_string()];
    let request = v1::FollowRequest { resume_token: String::new(), kinds, until_now: true };
    let items = line.feed().follow(request).await;
    Ok(items.map_err(CallError::of("follow")).map_err(ClientError::from)?.into_inner())
}

async fn next(
    items: &mut Streaming<v1::FollowResponse>,
) -> Result<Option<v1::FollowResponse>, Failure> {
    let item = items.message().await;
    Ok(item.map_err(CallError::of("follow")).map_err(ClientError::from)?)
}

/// The columns, and whose rows a template takes.
fn layout(arguments: &Export) -> Result<(Layout, Party), Failure> {
    let (kind, masking) = (&arguments.kind, Masking::from(arguments.masking));
    if record::fields(kind).is_empty() {
        return Err(Failure::new(Exit::Usage, format!("{kind} has no fields to export"))
            .in_chinese(format!("类别 {kind} 没有可导出的字段")));
    }
    let Some(name) = &arguments.mapping else {
        return Ok((Layout::whole(kind, masking), Party::Any));
    };
    let mapping = Mapping::builtin(name).filter(|mapping| mapping.kind == *kind);
    let layout = mapping.and_then(|mapping| Layout::of_mapping(mapping, masking));
    let (Some(mapping), Some(layout)) = (mapping, layout) else {
        let known = Mapping::all().iter();
        let known = known.filter(|known| known.kind == *kind && known.is_template());
        let known = known.map(|known| known.name.as_str()).collect::<Vec<_>>().join(", ");
        let error = format!("{name} is no template of kind {kind}: known are {known}");
        return Err(Failure::new(Exit::Usage, error)
            .in_chinese(format!("{name} 不是 {kind} 的模板，可选 {known}")));
    };
    let party = match (kind, mapping.is_for_persons(), mapping.edition) {
        (Kind::Permit | Kind::Penalty, true, _) => Party::Natural,
        (Kind::Permit | Kind::Penalty, false, Edition::V1 | Edition::V2 | Edition::V21) => {
            Party::Other
        }
        (
            Kind::Case
            | Kind::Material
            | Kind::Item
            | Kind::PowerList
            | Kind::Act
            | Kind::Registered(_),
            _,
            _,
        ) => Party::Any,
    };
    Ok((layout, party))
}

/// The file being written.
struct Sheet {
    writer: Writer,
    layout: Layout,
    /// Whether a column says which rows are not fully understood here.
    marks: bool,
}

impl Sheet {
    fn create(arguments: &Export, layout: Layout, seen: &Seen) -> Result<Self, Failure> {
        let out = &arguments.out;
        let format = Format::from(arguments.format.unwrap_or_else(|| FileFormat::of_path(out)));
        let shape = Shape { format, encoding: Encoding::Utf8Bom, masked: layout.is_masked() };
        let marks = seen.not_understood();
        let mut columns = layout.columns();
        if marks {
            columns.push(marker::NOT_UNDERSTOOD.to_owned());
        }
        let writer = Writer::create(out, shape, &columns);
        let writer = writer.map_err(|error| failed(arguments, &error))?;
        Ok(Self { writer, layout, marks })
    }

    fn row(&mut self, form: &record::Form, understood: bool) -> Result<(), WriteError> {
        let mut cells = self.layout.cells(form);
        if self.marks {
            cells.push(if understood { String::new() } else { "yes".to_owned() });
        }
        self.writer.row(&cells)
    }
}

fn failed(arguments: &Export, error: &WriteError) -> Failure {
    let out = arguments.out.display();
    Failure::new(Exit::Usage, format!("write {out}: {error}")).in_chinese(format!("无法写入 {out}"))
}

#[cfg(test)]
mod tests;
