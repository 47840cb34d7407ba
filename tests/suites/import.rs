//! Suite `import`: files of a clerk into a running hall. Every row is in one place, a second import
//! changes nothing, the report is mended and imported again, what waits is decided once; and out of it
//! again (module `live`).

#![cfg(test)]

#[path = "import/live.rs"]
mod live;

use std::fs;
use std::path::Path;

use files::export::Layout;
use files::{Encoding, Format, Shape, Writer};
use record::{AudienceNumber, Form, Generator, Kind, Label, Masking, SharingClass};
use suites::halls::{self, Grounds};
use suites::process::{Answer, Hall};

const ROWS: u64 = 60;

/// Permits as a spreadsheet program in China writes them, in GB18030, under the schema's own names. The
/// fifth has no decision date, the last says the same as the first.
fn permits(place: &Path) {
    let layout = Layout::whole(&Kind::Permit, Masking::Full);
    let shape = Shape { format: Format::Csv, encoding: Encoding::Gb18030, masked: false };
    let mut writer = Writer::create(place, shape, &layout.columns()).unwrap();
    let generator = Generator::new(&Kind::Permit, 31).unwrap();
    for row in (0..ROWS - 1).chain([0]) {
        let draft = generator.draft(row);
        let label = Label { class: SharingClass::Open, audience: AudienceNumber(0) };
        let mut form = Form::of(&draft.head, &draft.body, label, Masking::Full);
        if row == 4 {
            form.set("decision_date", "").unwrap();
        }
        let cells: Vec<_> = layout.cells(&form).into_iter().collect();
        writer.row(&cells).unwrap();
    }
    writer.finish().unwrap();
}

fn import(hall: &Path, file: &Path, report: &Path) -> Answer {
    let (file, report) = (file.to_str().unwrap(), report.to_str().unwrap());
    let words = ["import", file, "--mapping", "permit-v2.1", "--report", report];
    halls::ask(hall, &words).ok()
}

fn counts(answer: &Answer) -> [u64; 4] {
    ["imported", "revised", "unchanged", "quarantined"].map(|key| answer.number(key))
}

#[test]
fn a_file_a_report_and_a_decision() {
    let grounds = Grounds::new();
    let hall = grounds.found("220100");
    let serving = Hall::serve(&hall).unwrap();
    let (file, report) = (grounds.path().join("permits.csv"), grounds.path().join("report.csv"));
    permits(&file);

    let first = import(&hall, &file, &report);
    assert_eq!(counts(&first), [ROWS - 2, 0, 1, 1], "{}", first.json);
    assert_eq!(first.json["violations"]["decision-date-missing"], 1);
    assert_eq!(first.json["violations"]["duplicate-row"], 1);
    let second = import(&hall, &file, &grounds.path().join("again.csv"));
    assert_eq!(counts(&second), [0, 0, ROWS - 1, 1], "{}", second.json);

    let listed = halls::ask(&hall, &["quarantine", "list"]).ok();
    assert_eq!(listed.number("open"), 1);
    let item = listed.json["items"][0]["item"].as_str().unwrap().to_owned();

    // The report is the clerk's sheet: mended in its own columns, imported as it is.
    let mended = fs::read_to_string(&report).unwrap();
    let mut lines = mended.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = header.iter().position(|name| *name == "decision_date").unwrap();
    let mut cells: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(cells[at], "");
    cells[at] = "2025/03/02";
    let mut all = vec![header.join(","), cells.join(",")];
    all.extend(lines.map(str::to_owned));
    fs::write(&report, all.join("\n")).unwrap();
    let third = import(&hall, &report, &grounds.path().join("third.csv"));
    assert_eq!(counts(&third), [1, 0, 0, 0], "{}", third.json);

    // Nothing waits any more: the import decided the item that the report names, and says so.
    assert_eq!(halls::ask(&hall, &["quarantine", "list"]).ok().number("open"), 0);
    let shown = halls::ask(&hall, &["quarantine", "show", &item]).ok();
    assert_eq!(shown.json["decision"]["verdict"], "corrected", "{}", shown.json);
    let reason = shown.json["decision"]["reason"].as_str().unwrap();
    assert!(reason.contains("report.csv") && reason.contains("row 6"), "{reason}");
    let drop = halls::ask(&hall, &["quarantine", "drop", &item, "--reason", "再次"]);
    assert_ne!(drop.code, Some(0), "an item is decided once");

    // The report again, and the first file again: all of it is here.
    let fourth = import(&hall, &report, &grounds.path().join("fourth.csv"));
    assert_eq!(counts(&fourth), [0, 0, 1, 0], "{}", fourth.json);
    let fifth = import(&hall, &file, &grounds.path().join("fifth.csv"));
    assert_eq!(counts(&fifth), [0, 0, ROWS, 0], "{}", fifth.json);

    serving.down();
    halls::verify(&hall).ok();
}

#[test]
fn a_dry_run_sends_nothing() {
    let grounds = Grounds::new();
    let hall = grounds.found("220100");
    let file = grounds.path().join("permits.csv");
    permits(&file);
    // No hall serves: whatever were sent would fail.
    let words = ["import", file.to_str().unwrap(), "--mapping", "permit-v2.1", "--dry-run"];
    let answer = halls::ask(&hall, &words).ok();
    assert_eq!(answer.number("rows"), ROWS);
    assert_eq!(answer.number("quarantined"), 1);
}
