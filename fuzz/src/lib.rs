//! What must hold of any bytes, one function a target.
//!
//! `cargo xtask fuzz` lets libFuzzer look for bytes that break it; the suite `corpus` puts the bytes kept
//! in `fuzz/corpus` to the same functions on every run of the tests, without a fuzzer. That is why
//! these stand apart from `fuzz_targets`. A panic is a finding, and so is a broken promise asserted
//! here. Deliberately absent: speed and memory, which `files::limit` and the benches watch.

use prost::Message as _;
use record::identifier::{CertificateId, IdKind, judge};
use record::{Calendar, CitizenId, Date, Timestamp, Uscc, WanYuan, Yuan, Zone};

/// One target.
pub type Target = fn(&[u8]);

/// Every target with its name, which is also its folder in `fuzz/corpus`.
pub const TARGETS: [(&str, Target); 5] = [
    ("identifiers", identifiers),
    ("values", values),
    ("calendar", calendar),
    ("submission", submission),
    ("table", table),
];

/// Identifiers of every kind: what is valid stays as it is, what was mended is judged alike again.
pub fn identifiers(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(code) = text.parse::<Uscc>() {
        assert_eq!(code.as_str(), text);
        assert_eq!(Uscc::complete(&text[..17]), Ok(code));
    }
    if let Ok(id) = text.parse::<CitizenId>() {
        assert_eq!(id.reveal(), text);
        assert!(record::identifier::citizen_ids_in(&format!("（{text}）")) > 0);
    }
    assert_eq!(CertificateId::check(&text).is_ok(), text.parse::<CertificateId>().is_ok());
    let on = Date::FOUNDING.plus_days(27_000);
    for (_, kind) in IdKind::NAMED {
        let judged = judge(kind, &text, on);
        assert!(judged.valid_normalised || !judged.valid);
        if judged.valid_normalised {
            let again = judge(kind, &judged.normalised, on);
            assert!(
                again.valid && again.changes.is_empty() && again.normalised == judged.normalised
            );
        }
    }
}

/// Dates, times and amounts: what is read reads the same from our own spelling.
pub fn values(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(read) = Date::read(&text)
        && let Some(day) = read.value
    {
        assert_eq!(day.to_string().parse(), Ok(day));
    }
    if let Ok(read) = Timestamp::read(&text, Zone::CHINA)
        && let Ok(again) = read.value.to_string().parse::<Timestamp>()
    {
        assert_eq!(again, read.value);
    }
    if let Ok(read) = WanYuan::read(&text) {
        assert_eq!(read.value.to_string().parse(), Ok(read.value));
    }
    if let Ok(read) = Yuan::read(&text) {
        assert_eq!(read.value.to_string().parse(), Ok(read.value));
        assert_eq!(read.value.in_wan_yuan().in_yuan(), read.value);
    }
}

/// Calendars and amendments.
pub fn calendar(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let day = Date::FOUNDING.plus_days(25_000);
    for calendar in [Calendar::read(&text), Calendar::china().amended(&text)].into_iter().flatten()
    {
        if let Ok(due) = calendar.due(day, 20) {
            assert_eq!(calendar.working_days_between(day, due), Ok(20));
        }
    }
}

/// A submission in proto or JSON: it is refused or taken, with every violation said.
pub fn submission(bytes: &[u8]) {
    let now = Timestamp(1_798_761_600_000);
    if let Ok(submission) = wire::v1::Submission::decode(bytes) {
        drop(wire::check(&submission, now));
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(submission) = wire::submission_from_json(text)
    {
        drop(wire::check(&submission, now));
    }
}

/// A file of any format, as the importer opens it: every row is a row or a trouble with its text.
pub fn table(bytes: &[u8]) {
    let Ok(mut table) = files::Table::from_bytes(bytes.to_vec()) else { return };
    let Ok(rows) = table.rows() else { return };
    for row in rows.take(ROWS_LOOKED_AT) {
        let Ok(row) = row else { return };
        assert_eq!(row.digest(), row.digest());
    }
}

const ROWS_LOOKED_AT: usize = 1000;
