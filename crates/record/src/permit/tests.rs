//! One slip, one violation; and nothing personal in what is told.

use super::*;
use crate::body::Body;
use crate::generate::Generator;
use crate::kind::Kind;
use crate::party::PartyCategory;

fn today() -> Date {
    Date::new(2026, 1, 1).unwrap()
}

fn permit(category: PartyCategory) -> Permit {
    Generator::new(&Kind::Permit, 1)
        .unwrap()
        .find_map(|draft| {
            let Body::Permit(one) = draft.body else { return None };
            (one.party.category == Some(category)).then_some(one)
        })
        .unwrap()
}

/// Codes and fields of what is wrong after `change`.
fn wrong(category: PartyCategory, change: impl FnOnce(&mut Permit)) -> Vec<(&'static str, String)> {
    let mut permit = permit(category);
    change(&mut permit);
    permit.validate(today(), Profile::Cn21).into_iter().map(|one| (one.code, one.field)).collect()
}

fn one(code: &'static str, field: &str) -> Vec<(&'static str, String)> {
    vec![(code, field.to_owned())]
}

#[test]
fn single_slips_are_named() {
    use PartyCategory::Legal;
    type Change = fn(&mut Permit);
    let table: [(Change, &str, &str); 17] = [
        (|p| p.party.code.clear(), "required", "party_code"),
        (|p| p.party.code = "914403001922038217".into(), "credit-code", "party_code"),
        (|p| p.party.code = "92220181MA0Y56781B".into(), "category-and-code", "party_code"),
        (|p| p.party.name = "无".into(), "placeholder", "party_name"),
        (|p| p.party.name = "长春*某某公司".into(), "masked-name", "party_name"),
        (|p| p.party.name = "店".into(), "short-name", "party_name"),
        (|p| p.party.legal_representative.clear(), "required", "legal_representative"),
        (|p| p.document_number = " ".into(), "required", "document_number"),
        (|p| p.category = "其他".into(), "not-in-list", "category"),
        (|p| p.state = "3".into(), "not-in-list", "state"),
        (|p| p.content = "许".repeat(4001), "too-long", "content"),
        (|p| p.content = "甲\u{0}乙".into(), "control-character", "content"),
        (|p| p.content = "身份证 11010519491231002X".into(), "citizen-id-in-open", "content"),
        (|p| p.decision_date = "2026-01-02".into(), "date-in-future", "decision_date"),
        (|p| p.decision_date = "1970-01-01".into(), "date-sentinel", "decision_date"),
        (|p| p.valid_until = "2001-01-01".into(), "date-order", "valid_until"),
        (|p| p.source_code = "00000000000000000X".into(), "credit-code", "source_code"),
    ];
    for (change, code, field) in table {
        let field = format!("open.permit.{field}");
        assert_eq!(wrong(Legal, change), one(code, &field), "{code} {field}");
    }
}

#[test]
fn a_natural_person_never_stands_in_the_open_part() {
    let found = wrong(PartyCategory::Natural, |permit| {
        permit.party.name = "王小明".into();
        permit.party.person_id = "110105194912310021".into();
        permit.party.person_name.clear();
    });
    assert_eq!(
        found,
        [
            ("person-in-open", "open.permit.party_name".to_owned()),
            ("required", "closed.permit.person_name".to_owned()),
            ("citizen-id", "closed.permit.person_id".to_owned()),
        ]
    );
}

#[test]
fn personal_values_are_masked() {
    let mut permit = permit(PartyCategory::Natural);
    permit.party.name = "王小明".into();
    permit.party.person_id = "110105194912310021".into();
    let shown = format!("{permit:?}");
    assert!(!shown.contains("王小明") && !shown.contains("1949"), "{shown}");
    for violation in permit.validate(today(), Profile::Cn21) {
        let text = format!("{violation:?}");
        assert!(!text.contains("王小明") && !text.contains("1949"), "{text}");
        assert!(violation.value.starts_with("***"), "{text}");
    }
}

#[test]
fn an_empty_permit_has_all_its_violations_at_once() {
    assert_eq!(Permit::default().validate(today(), Profile::Cn21).len(), 11);
}

#[test]
fn other_certificates_and_an_unlisted_category_by_name() {
    use PartyCategory::{IndividualBusiness, Natural};
    let fine = wrong(Natural, |permit| {
        permit.party.person_id_type = "其他-军官证".into();
        permit.party.person_id = "军字第001号".into();
        permit.category = "其他-备案".into();
    });
    assert_eq!(fine, []);
    let found = wrong(IndividualBusiness, |p| p.party.person_name = "王小明".into());
    assert_eq!(found, one("person-of-organisation", "closed.permit.person_name"));
}
