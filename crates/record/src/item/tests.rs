//! Editions by day, and what an item may lack.

use super::*;
use crate::body::Body;
use crate::generate::Generator;
use crate::kind::Kind;
use crate::power_list::PowerList;
use crate::profile::Level;

fn edition(from: &str, until: &str) -> Item {
    Item { valid_from: from.into(), valid_until: until.into(), ..Item::default() }
}

#[test]
fn the_edition_of_a_day_is_the_last_that_began() {
    let editions = [
        edition("2020-01-01", ""),
        edition("2022-07-01", "2023-06-30"),
        edition("2024-01-01", ""),
        edition("", "2019-12-31"),
    ];
    let on = |day: &str| as_of(&editions, day.parse().unwrap()).map(|item| &*item.valid_from);
    assert_eq!(on("2019-06-01"), Some(""));
    assert_eq!(on("2020-01-01"), Some("2020-01-01"));
    assert_eq!(on("2022-06-30"), Some("2020-01-01"));
    assert_eq!(on("2023-06-30"), Some("2022-07-01"));
    assert_eq!(on("2023-07-01"), Some("2020-01-01"), "the newer edition ended");
    assert_eq!(on("2030-01-01"), Some("2024-01-01"));
    assert_eq!(as_of(&editions[1..3], "2021-01-01".parse().unwrap()), None);
}

fn item() -> Item {
    let draft = Generator::new(&Kind::Item, 1).unwrap().draft(0);
    let Body::Item(item) = draft.body else { panic!("an item") };
    item
}

#[test]
fn what_real_lists_lack_is_a_mark_under_every_profile() {
    type Change = fn(&mut Item);
    let table: [(Change, &str, &str, Level); 11] = [
        (|i| i.department_code.clear(), "uscc-missing", "department_code", Level::Mark),
        (
            |i| i.department_code = "91440300708461136X".into(),
            "uscc-check-digit",
            "department_code",
            Level::Mark,
        ),
        (
            |i| i.department_code = "TE4403007084611362".into(),
            "uscc-check-digit",
            "department_code",
            Level::Mark,
        ),
        (
            |i| i.department_code = "TE4403007084611361".into(),
            "uscc-form",
            "department_code",
            Level::Mark,
        ),
        (|i| i.department_code = "083372204".into(), "uscc-form", "department_code", Level::Mark),
        (
            |i| i.implementation_code = "511A0138000000-511602000000-000-2222222222222-1-00".into(),
            "item-code-form",
            "implementation_code",
            Level::Mark,
        ),
        (|i| i.item_name.clear(), "required", "item_name", Level::Refuse),
        (|i| i.item_type = "99x".into(), "not-in-list", "item_type", Level::Refuse),
        (|i| i.promise_days = 21, "promise-over-legal", "promise_days", Level::Refuse),
        (|i| i.charged = "1".into(), "fee-basis-missing", "fee_basis", Level::Mark),
        (|i| i.valid_until = "2001-01-01".into(), "date-order", "valid_until", Level::Refuse),
    ];
    for profile in Profile::ALL {
        for (change, code, field, level) in table {
            let mut item = item();
            change(&mut item);
            let found = item.validate(today(), profile);
            let found: Vec<_> = found
                .iter()
                .filter(|one| one.code != "too-long")
                .map(|one| (one.code, &*one.field))
                .collect();
            assert_eq!(found, [(code, &*format!("open.item.{field}"))], "{profile}");
            if profile == Profile::Cn21 || level == Level::Mark {
                let mut again = self::item();
                change(&mut again);
                assert_eq!(again.validate(today(), profile)[0].level, level, "{code}");
            }
        }
    }
}

#[test]
fn codes_of_known_schemes_are_not_marked() {
    const TAIL: &str = "511602000000-000-11511301008778183N-1-00";
    let found = |code: &str| {
        let item = Item { implementation_code: code.into(), ..item() };
        let found = item.validate(today(), Profile::default());
        found.into_iter().map(|one| (one.code, one.message_en)).collect::<Vec<_>>()
    };
    for honest in [
        "12441500196720244T3442199806003",
        "XK0112345600000000000001",
        "220102-2024-000123",
        &format!("511Z07001006-{TAIL}"),
        &format!("512C9999900008-{TAIL}"),
        &format!("Z-000907-001-{TAIL}"),
        "512C9999900008-511602000000-000-401705300-1-00",
    ] {
        assert_eq!(found(honest), [], "{honest}");
    }
    for (malformed, why) in [
        ("12441500196720244X3442199806003", "credit code inside"),
        ("512C9999900008-511602000000-000-1151130100877818N-1-00", "neither a credit"),
        ("512C9999900008-511602000000-000-401705301-1-00", "organisation code"),
        ("E-000904-001-11511301008778183N", "credit code inside"),
        ("许可-1", "do not belong"),
        (&"1".repeat(37), "37 characters"),
    ] {
        let found = found(malformed);
        assert!(
            matches!(&found[..], [("item-code-form", said)] if said.contains(why)),
            "{found:?}"
        );
    }
}

#[test]
fn local_types_are_types() {
    for local in ["11", "19", "21", "99"] {
        let item = Item { item_type: local.into(), ..item() };
        assert_eq!(item.validate(today(), Profile::default()), [], "{local}");
    }
}

#[test]
fn a_power_list_names_each_item_once() {
    let list = PowerList {
        title: "农安县市场监督管理局权力清单".into(),
        edition_date: "2025-06-01".into(),
        item_codes: vec!["甲".into(), "乙".into()],
        ..PowerList::default()
    };
    assert_eq!(list.validate(today(), Profile::default()), []);
    assert!(list.has("乙") && !list.has("丙"));
    let twice = PowerList { item_codes: vec!["甲".into(), "甲".into()], ..list.clone() };
    assert_eq!(twice.validate(today(), Profile::default())[0].code, "item-twice");
    let none = PowerList { item_codes: Vec::new(), ..list };
    assert_eq!(none.validate(today(), Profile::default())[0].code, "required");
}

fn today() -> Date {
    Date::new(2026, 1, 1).unwrap()
}
