//! Every row of the vectors, and the mending told.

use proptest::prelude::*;

use super::*;

fn today() -> Date {
    Date::new(2026, 6, 1).unwrap()
}

fn judged(kind: &str, value: &str) -> Judgement {
    judge(kind.parse().unwrap(), value, today())
}

/// `valid…`, `invalid…` and the words for divisions become (as written, after mending, in `why`).
fn expectation<'a>(expected: &'a str, detail: &str) -> (bool, bool, &'a str) {
    match expected {
        "invalid" => (false, detail.contains("accept after trim"), ""),
        "invalid raw; valid after NFKC"
        | "invalid raw; valid after upper-casing"
        | "valid after removing the hyphen" => (false, true, ""),
        "invalid date" => (false, false, "no day"),
        "retired 2020 -> 220184" | "retired 2014 -> 220113" => (false, false, expected),
        "must not be used" => (false, false, "retired 1985"),
        "unknown" => (false, false, "no such division"),
        "valid since 2020" => (true, true, "since 2020"),
        _ => {
            assert!(expected.starts_with("valid"), "an expectation nobody reads: {expected}");
            (true, true, "")
        }
    }
}

#[test]
fn every_vector_is_judged_as_expected() {
    let mut count = 0;
    for line in include_str!("../../../tests/data/id_vectors.tsv").lines().skip(1) {
        let row: Vec<&str> = line.split('\t').collect();
        let [kind, value, expected, detail] = row[..] else { panic!("{line}") };
        let (valid, after, why) = expectation(expected, detail);
        let judgement = judged(kind, value);
        assert_eq!((judgement.valid, judgement.valid_normalised), (valid, after), "{row:?}");
        assert!(judgement.why_en.contains(why), "{row:?}: {}", judgement.why_en);
        assert_eq!(judgement.changes.is_empty(), judgement.normalised == value, "{row:?}");
        assert!(!judgement.why_zh.is_empty() && judgement.why_en != judgement.why_zh);
        count += 1;
    }
    assert_eq!(count, 71);
}

#[test]
fn what_was_mended_is_told() {
    let judgement = judged("org-code", " 23339xxx ");
    assert!(!judgement.valid_normalised);
    let judgement = judged("org_code", " mjh23339－x");
    assert_eq!((judgement.valid, judgement.normalised.as_str()), (false, "MJH23339X"));
    assert!(judgement.valid_normalised);
    let done: Vec<_> = judgement.changes.iter().map(Change::code).collect();
    assert_eq!(done, ["trimmed", "width", "case", "hyphens"]);
    assert!(judgement.why_en.contains("after spaces around taken off, "), "{}", judgement.why_en);
    assert!(judgement.why_zh.contains("去掉首尾空白、"), "{}", judgement.why_zh);
}

#[test]
fn divisions_are_judged_by_their_date_and_system() {
    let on = |value: &str, year| {
        judge(IdKind::Division(CodeSystem::Mca), value, Date::new(year, 1, 1).unwrap())
    };
    assert!(on("220381", 2019).valid && on("220181", 2014).valid && !on("220184", 2019).valid);
    assert!(on("110105", 2024).why_en.contains("only the form"));
    assert!(on("220171", 2024).why_en.contains("statistics bureau only"));
    assert!(judged("division_nbs", "220171").valid);
    assert!(judged("office", "changbaishan").valid && !judged("office", "长白山").valid);
}

#[test]
fn a_citizens_number_stands_in_no_debug_line_and_no_reason() {
    let judgement = judged("citizen_id", "11010519491231002x");
    assert!(judgement.valid_normalised);
    let shown = format!("{judgement:?}{}{}", judgement.why_zh, judgement.why_en);
    assert!(!shown.contains("1949"), "{shown}");
}

proptest! {
    #[test]
    fn hostile_text_never_panics(text in "\\PC{0,60}|[0-9A-Z.-]{0,80}") {
        for (_, kind) in IdKind::NAMED {
            let judgement = judge(kind, &text, today());
            let again = judge(kind, &judgement.normalised, today());
            prop_assert!(!judgement.valid || judgement.valid_normalised);
            prop_assert_eq!(again.valid, judgement.valid_normalised || again.valid);
        }
    }
}
