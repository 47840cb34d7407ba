//! Every row of the deadline and supervision vectors, and what calendars do not know.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A moment on China's clocks, or the beginning of a day.
fn moment(text: &str) -> Timestamp {
    let text = if text.contains('T') {
        format!("{text}:00+08:00")
    } else {
        format!("{text}T00:00:00+08:00")
    };
    text.parse().unwrap()
}

fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().skip(1).map(|line| line.split('\t').collect())
}

#[test]
fn every_deadline_falls_on_its_day() {
    let mut count = 0;
    for row in rows(include_str!("../../tests/data/deadline_vectors.tsv")) {
        let [rule, from, days, _, due, _] = row[..] else { panic!("{row:?}") };
        let days: u16 = days.parse().unwrap();
        let (earlier, today) = match rule {
            "calendar_amended_after_start" => ("2020-02-05", "2020-02-07"),
            _ => (due, due),
        };
        let due = |name| Calendar::named(name).unwrap().due(day(from), days).unwrap().to_string();
        assert_eq!((due("cn-1").as_str(), due("cn-2").as_str()), (earlier, today), "{row:?}");
        if let Some(limit) = Limit::named(rule) {
            assert_eq!(limit.due(Calendar::china(), day(from)).unwrap(), day(today), "{row:?}");
            assert_eq!(limit.days, days, "{rule}");
        }
        count += 1;
    }
    assert_eq!(count, 19);
}

#[test]
fn what_was_known_on_a_day_stays_known() {
    assert_eq!(Calendar::known_on(day("2020-01-21")).name(), "cn-1");
    assert_eq!(Calendar::known_on(day("2020-01-26")).name(), "cn-2");
    assert_eq!(Calendar::china().name(), "cn-2");
    assert_eq!(Calendar::known_on(day("1999-01-01")).name(), "cn-1");
    let named = |text: &str| Calendar::china().exception(day(text)).unwrap().clone();
    assert_eq!(
        (named("2020-02-01").worked, named("2026-10-01").occasion),
        (false, "National Day".to_owned())
    );
}

#[test]
fn every_card_fires_as_in_its_example() {
    let (mut count, china) = (0, Calendar::china());
    let start = moment("2018-10-15T10:00");
    for row in rows(include_str!("../../tests/data/supervision_vectors.tsv")) {
        let [subject, card, _, from, given, fires, _] = row[..] else { panic!("{row:?}") };
        let due = |days| china.due_at(start, days).unwrap();
        let dues = match (subject, from.strip_prefix("due ")) {
            (_, Some(due)) => Dues { promise: moment(due), statute: moment(due) },
            ("case", None) => Dues { promise: due(7), statute: due(10) },
            (_, None) => {
                let days = if given.is_empty() { "7" } else { given };
                let days = days.parse().unwrap();
                Dues { promise: due(days), statute: due(days) }
            }
        };
        let card = match card {
            "warn" => Card::Warn,
            "yellow" => Card::Yellow,
            _ => Card::Red,
        };
        let cards = cards(subject).unwrap();
        let at = cards.fires_at(card, dues, Reading::Examples, china).unwrap().unwrap();
        assert_eq!(at, moment(fires), "{row:?}");
        let on = |now| cards.at(now, dues, Reading::Examples, china).unwrap();
        assert_eq!(on(at), Some(card), "{row:?}");
        assert!(on(Timestamp(at.0 - 1)) < Some(card), "{row:?}");
        count += 1;
    }
    assert_eq!(count, 13);
}

/// The notice's own example, three days of special procedure, and the other reading.
#[test]
fn special_procedures_move_every_card_and_words_read_otherwise() {
    let (china, start, case) =
        (Calendar::china(), moment("2018-10-15T10:00"), cards("case").unwrap());
    let fires = |paused: u16, reading| {
        let dues = Dues {
            promise: china.due_at(start, 7 + paused).unwrap(),
            statute: china.due_at(start, 10 + paused).unwrap(),
        };
        [Card::Warn, Card::Yellow, Card::Red].map(|card| {
            Date::in_china(case.fires_at(card, dues, reading, china).unwrap().unwrap())
                .unwrap()
                .to_string()
        })
    };
    assert_eq!(fires(0, Reading::Examples), ["2018-10-19", "2018-10-24", "2018-10-29"]);
    assert_eq!(fires(3, Reading::Examples), ["2018-10-24", "2018-10-29", "2018-11-01"]);
    assert_eq!(fires(0, Reading::Words), ["2018-10-22", "2018-10-25", "2018-10-30"]);
    let none = cards("ecert_issue_3d").unwrap();
    let dues = Dues { promise: start, statute: start };
    assert_eq!(none.fires_at(Card::Red, dues, Reading::Examples, china), Ok(None));
}

#[test]
fn beyond_the_data_there_is_no_answer() {
    let china = Calendar::china();
    assert_eq!(china.years(), (2004, 2026));
    let uncovered = china.due(day("2026-12-25"), 7).unwrap_err();
    assert!(uncovered.to_string().contains("2004 to 2026") && uncovered.zh().contains("2026"));
    assert!(china.due(day("2003-06-01"), 1).is_err());
    assert!(china.due_at(Timestamp(i64::MAX), 1).is_err());
    assert!(china.shifted(day("2004-01-05"), -5).is_err());
    assert_eq!(china.due(day("2026-12-25"), 0), Ok(day("2026-12-25")));
}

proptest! {
    #[test]
    fn counting_there_and_back_agrees(offset in 0u16..7000, days in 0u16..200) {
        let china = Calendar::china();
        let from = day("2005-01-01").plus_days(offset);
        let due = china.due(from, days).unwrap();
        prop_assert_eq!(china.working_days_between(from, due), Ok(u32::from(days)));
        prop_assert!(days == 0 || china.is_worked(due).unwrap());
        if china.is_worked(from).unwrap() {
            prop_assert_eq!(china.shifted(due, -i32::from(days)), Ok(from));
        }
    }
}
