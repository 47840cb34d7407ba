//! `hallway deadline`: when a period ends, and by which calendar.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use record::calendar::{CALENDAR_BYTES_MAX, Limit};
use record::{Calendar, Date};
use serde_json::json;

use crate::cli::Deadline;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Runs the command.
pub fn run(arguments: &Deadline, output: Output) -> Result<Exit, Failure> {
    let from = start(&arguments.from)?;
    let calendar = calendar(arguments.calendar.as_deref())?;
    let limit = arguments.rule.as_deref().and_then(Limit::named);
    let due = match (limit, arguments.days) {
        (Some(limit), _) => limit.due(&calendar, from),
        (None, days) => calendar.due(from, days.unwrap_or(0)),
    };
    let due = due.map_err(|error| {
        let chinese = error.zh();
        Failure::new(Exit::No, error).in_chinese(chinese)
    })?;
    let name = calendar.name();
    let source = limit.map(|limit| limit.source);
    let told = source.map(|source| format!("（{source}）")).unwrap_or_default();
    output.say(
        format_args!("到期日 {due}，日历 {name}{told}"),
        format_args!("due {due}, by calendar {name}"),
    );
    output.answer(&json!({
        "due": due.to_string(),
        "calendar": name,
        "from": from.to_string(),
        "days": limit.map(|limit| limit.days).or(arguments.days),
        "rule": limit.map(|limit| limit.name),
        "source": source,
    }));
    Ok(Exit::Holds)
}

fn start(text: &str) -> Result<Date, Failure> {
    let day = Date::read(text).ok().and_then(|read| read.value);
    day.filter(|day| *day != Date::LONG_TERM).ok_or_else(|| {
        Failure::new(Exit::Usage, format!("read {text:?} as a day, such as 2024-09-27"))
            .in_chinese(format!("{text} 不是日期，例如 2024-09-27"))
    })
}

/// The newest calendar, a named one, or the newest as a file amends it.
fn calendar(given: Option<&Path>) -> Result<Calendar, Failure> {
    let Some(path) = given else { return Ok(Calendar::china().clone()) };
    if let Some(named) = path.to_str().and_then(Calendar::named) {
        return Ok(named.clone());
    }
    let wrong = |error: &dyn std::fmt::Display| {
        Failure::new(Exit::Usage, format!("read the calendar {}: {error}", path.display()))
            .in_chinese(format!("无法读取日历 {}", path.display()))
    };
    let text = text_of(path).map_err(|error| wrong(&error))?;
    Calendar::china().amended(&text).map_err(|error| wrong(&error))
}

fn text_of(path: &Path) -> io::Result<String> {
    let most = u64::try_from(CALENDAR_BYTES_MAX).unwrap_or(u64::MAX);
    let mut text = String::new();
    // One byte more than may be: the reader then refuses the length by name.
    File::open(path)?.take(most.saturating_add(1)).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_goes_on_where_the_data_ends() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cn-2027.txt");
        let from: Date = "2026-12-25".parse().unwrap();
        assert!(calendar(None).unwrap().due(from, 7).is_err());
        std::fs::write(
            &path,
            "calendar: cn-2027\nknown: 2026-11-20\ncovers: 2004 2027\n2027-01-01 holiday 元旦\n",
        )
        .unwrap();
        let amended = calendar(Some(&path)).unwrap();
        assert_eq!(amended.due(from, 7).unwrap().to_string(), "2027-01-06");
        assert_eq!(calendar(Some(Path::new("cn-1"))).unwrap().name(), "cn-1");
        std::fs::write(&path, "calendar: cn-2027\nnonsense\n").unwrap();
        let failure = calendar(Some(&path)).unwrap_err();
        assert!(failure.to_string().contains("line 2"), "{failure}");
        assert!(calendar(Some(Path::new("absent"))).is_err());
    }

    #[test]
    fn days_are_read_as_people_spell_them() {
        assert_eq!(start("2024/9/27").unwrap().to_string(), "2024-09-27");
        for bad in ["长期", "1900-01-01", "", "soon"] {
            assert_eq!(start(bad).unwrap_err().exit(), Exit::Usage, "{bad}");
        }
    }
}
