//! A spreadsheet's cell as text.
//!
//! Codes come as numbers (`220100.0` in the package, 220100 on the screen) and days as numbers with a
//! date format; both become what a person sees. A number of more than 15 digits has lost its tail in
//! the spreadsheet, so it is noted: a credit code or citizen id typed as a number is damaged.

use calamine::{Data, DataRef, ExcelDateTime};

use super::row::CellNoteCode;

/// Text of a cell that refers to the package's strings.
pub(crate) fn of_ref(value: &DataRef<'_>) -> (String, Option<CellNoteCode>) {
    match value {
        DataRef::Empty => (String::new(), None),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            (text.clone(), None)
        }
        DataRef::SharedString(text) => ((*text).to_owned(), None),
        DataRef::Int(number) => (number.to_string(), None),
        DataRef::Float(number) => float(*number),
        DataRef::Bool(truth) => (boolean(*truth), None),
        DataRef::DateTime(moment) => (date_time(moment), None),
        DataRef::Error(error) => (error.to_string(), Some(CellNoteCode::SheetError)),
    }
}

/// Text of a cell that stands for itself.
pub(crate) fn of(value: &Data) -> (String, Option<CellNoteCode>) {
    match value {
        Data::Empty => (String::new(), None),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            (text.clone(), None)
        }
        Data::Int(number) => (number.to_string(), None),
        Data::Float(number) => float(*number),
        Data::Bool(truth) => (boolean(*truth), None),
        Data::DateTime(moment) => (date_time(moment), None),
        Data::Error(error) => (error.to_string(), Some(CellNoteCode::SheetError)),
    }
}

/// The shortest text that reads back as the number; whole numbers without a point.
fn float(number: f64) -> (String, Option<CellNoteCode>) {
    let text = format!("{number}");
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let lost = number.abs() >= DIGITS_KEPT && digits > 15;
    (text, lost.then_some(CellNoteCode::DigitsLost))
}

fn boolean(truth: bool) -> String {
    String::from(if truth { "1" } else { "0" })
}

/// `YYYY-MM-DD`, with the time of day where there is one.
fn date_time(moment: &ExcelDateTime) -> String {
    let serial = moment.as_f64();
    if moment.is_duration() || !(0.0..SERIAL_END).contains(&serial) {
        return float(serial).0;
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        return date;
    }
    format!("{date} {hour:02}:{minute:02}:{second:02}")
}

const DIGITS_KEPT: f64 = 1e15;
/// The first serial after 9999-12-31.
const SERIAL_END: f64 = 2_958_466.0;

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn numbers_and_days_become_what_a_person_sees() {
        assert_eq!(of(&Data::Float(220_100.0)), ("220100".to_owned(), None));
        assert_eq!(of(&Data::Float(0.05)), ("0.05".to_owned(), None));
        let lost = of(&Data::Float(220_102_198_001_011_230.0));
        assert_eq!(lost.1, Some(CellNoteCode::DigitsLost));
        let day = |serial| ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, false);
        assert_eq!(of(&Data::DateTime(day(45_292.0))).0, "2024-01-01");
        assert_eq!(of(&Data::DateTime(day(45_292.5))).0, "2024-01-01 12:00:00");
        assert_eq!(of(&Data::DateTime(day(-3.0))).0, "-3");
    }
}
