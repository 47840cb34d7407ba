//! `hallway generate`: invented, valid records, as submissions in JSON Lines or as a table's rows.
//!
//! A table has every field of the schema under its Chinese name, the standard's columns first, so
//! that importing it gives the very records that JSON Lines of the same seed hold. Memory does not
//! grow with the rows.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use files::export::Layout;
use files::{Encoding, Shape, WriteError, Writer};
use record::jilin::{self, HallSeat};
use record::{Draft, Form, Generator, Kind, Masking};
use serde_json::json;

use crate::cli::{FileFormat, Generate};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Runs the command.
pub fn run(arguments: &Generate, output: Output) -> Result<Exit, Failure> {
    let Generate { kind, rows, seed, seat, out, format } = arguments;
    let Some(generator) = Generator::new(kind, *seed) else {
        let known = Generator::KINDS.map(|kind| kind.to_string()).join(", ");
        let error = format!("invent records of kind {kind}: known are {known}");
        return Err(Failure::new(Exit::Usage, error)
            .in_chinese(format!("不能生成类别 {kind}，可选 {known}")));
    };
    let seat = seat.as_deref().map(seat_of).transpose()?;
    let bytes = match format.unwrap_or_else(|| FileFormat::of_path(out)) {
        FileFormat::Jsonl => File::create(out)
            .and_then(|file| write(BufWriter::new(file), kind, *rows, *seed, seat))
            .map_err(|error| failed(arguments, error))?,
        table @ (FileFormat::Csv | FileFormat::Xlsx) => {
            let generator = seat.map_or(generator.clone(), |seat| generator.at(seat));
            write_table(out, table.into(), kind, generator.take(*rows))
                .map_err(|error| failed(arguments, error))?
        }
    };
    let shown = out.display();
    output.say(
        format_args!("已生成 {rows} 条 {kind}：{shown}"),
        format_args!("{rows} of kind {kind} written to {shown}"),
    );
    output.answer(&json!({
        "kind": kind.as_str(), "rows": rows, "seed": seed, "file": out, "bytes": bytes,
    }));
    Ok(Exit::Holds)
}

fn write(
    mut file: impl Write,
    kind: &Kind,
    rows: usize,
    seed: u64,
    seat: Option<&'static HallSeat>,
) -> io::Result<u64> {
    let mut bytes = 0;
    let mut put = |submission: &wire::v1::Submission| {
        let line = wire::submission_to_json(submission).map_err(io::Error::other)?;
        bytes += u64::try_from(line.len() + 1).unwrap_or(u64::MAX);
        writeln!(file, "{line}")
    };
    match seat {
        Some(seat) => wire::generated_at(seat, kind, rows, seed).try_for_each(|one| put(&one))?,
        None => wire::generated(kind, rows, seed).try_for_each(|one| put(&one))?,
    }
    file.flush()?;
    Ok(bytes)
}

/// Writes drafts as a table's rows; gives the bytes of the file.
fn write_table(
    place: &Path,
    format: files::Format,
    kind: &Kind,
    drafts: impl Iterator<Item = Draft>,
) -> Result<u64, WriteError> {
    let layout = Layout::complete(kind, Masking::Full);
    let shape = Shape { format, encoding: Encoding::Utf8Bom, masked: false };
    let mut writer = Writer::create(place, shape, &layout.columns())?;
    for draft in drafts {
        let form = Form::of(&draft.head, &draft.body, draft.label, Masking::Full);
        writer.row(&layout.cells(&form))?;
    }
    writer.finish()?;
    Ok(fs::metadata(place)?.len())
}

fn seat_of(id: &str) -> Result<&'static HallSeat, Failure> {
    jilin::hall(id).ok_or_else(|| {
        Failure::new(Exit::Usage, format!("find seat {id:?} among Jilin's 71; such as 220102"))
            .in_chinese(format!("吉林省没有席位 {id}，例如 220102"))
    })
}

fn failed(arguments: &Generate, error: impl std::fmt::Display) -> Failure {
    Failure::new(Exit::Usage, format!("write {}: {error}", arguments.out.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_read_back_and_depend_on_the_seed_alone() {
        let made = |seed| {
            let mut bytes = Vec::new();
            write(&mut bytes, &Kind::Permit, 20, seed, jilin::hall("220102")).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        assert_eq!(made(1), made(1));
        assert_ne!(made(1), made(2));
        let now = record::Timestamp(1_798_761_600_000);
        for line in made(1).lines() {
            let submission = wire::submission_from_json(line).unwrap();
            wire::check(&submission, now).unwrap();
        }
    }

    #[test]
    fn a_table_holds_the_records_of_its_seed() {
        let place = tempfile::tempdir().unwrap();
        for kind in Generator::KINDS {
            let mapping = match kind.as_str() {
                double @ ("permit" | "penalty") => format!("{double}-v2.1"),
                other => other.to_owned(),
            };
            let generator = Generator::new(&kind, 3).unwrap();
            for (name, format) in [("a.csv", FileFormat::Csv), ("a.xlsx", FileFormat::Xlsx)] {
                let path = place.path().join(name);
                write_table(&path, format.into(), &kind, generator.clone().take(30)).unwrap();
                let mut table = files::open(&path).unwrap();
                let mapping = files::Mapping::builtin(&mapping).unwrap();
                let binding = mapping.bind(table.columns());
                let rows = table.rows().unwrap().map(|row| binding.apply(&row.unwrap()).form);
                for (form, draft) in rows.zip(generator.clone()) {
                    let filled = form.read(mapping.edition);
                    assert_eq!((filled.draft, filled.notes), (draft, vec![]));
                }
            }
        }
    }
}
