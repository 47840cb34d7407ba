//! `hallway generate`: invented, valid records as JSON Lines.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use record::jilin::{self, HallSeat};
use record::{Generator, Kind};
use serde_json::json;

use crate::cli::Generate;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Runs the command.
pub fn run(arguments: &Generate, output: Output) -> Result<Exit, Failure> {
    let Generate { kind, rows, seed, seat, out } = arguments;
    if Generator::new(kind, *seed).is_none() {
        let known = "permit, penalty, case, material";
        let error = format!("invent records of kind {kind}: known are {known}");
        return Err(Failure::new(Exit::Usage, error)
            .in_chinese(format!("不能生成类别 {kind}，可选 {known}")));
    }
    let seat = seat.as_deref().map(seat_of).transpose()?;
    let file = File::create(out).map_err(|error| failed(arguments, &error))?;
    let bytes = write(BufWriter::new(file), kind, *rows, *seed, seat)
        .map_err(|error| failed(arguments, &error))?;
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
) -> io::Result<usize> {
    let mut bytes = 0;
    let mut put = |submission: &wire::v1::Submission| {
        let line = wire::submission_to_json(submission).map_err(io::Error::other)?;
        bytes += line.len() + 1;
        writeln!(file, "{line}")
    };
    match seat {
        Some(seat) => wire::generated_at(seat, kind, rows, seed).try_for_each(|one| put(&one))?,
        None => wire::generated(kind, rows, seed).try_for_each(|one| put(&one))?,
    }
    file.flush()?;
    Ok(bytes)
}

fn seat_of(id: &str) -> Result<&'static HallSeat, Failure> {
    jilin::hall(id).ok_or_else(|| {
        Failure::new(Exit::Usage, format!("find seat {id:?} among Jilin's 71; such as 220102"))
            .in_chinese(format!("吉林省没有席位 {id}，例如 220102"))
    })
}

fn failed(arguments: &Generate, error: &io::Error) -> Failure {
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
}
