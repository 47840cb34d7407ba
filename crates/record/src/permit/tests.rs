//! One slip, one violation; and nothing personal in what is told.

use super::*;
use crate::body::Body;
use crate::generate::Generator;
use crate::kind::Kind;
use crate::party::PartyCategory;
use crate::profile::Level;

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
        (|p| p.party.code.clear(), "uscc-missing", "party_code"),
        (|p| p.party.code = "914403001922038217".into(), "uscc-check-digit", "party_code"),
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
        (|p| p.source_code = "00000000000000000X".into(), "uscc-department", "source_code"),
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
    assert_eq!(Permit::default().validate(today(), Profile::Cn21).len(), 14);
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

/// Codes with levels of what is wrong under a profile after `change`.
fn weighed(profile: Profile, change: impl FnOnce(&mut Permit)) -> Vec<(&'static str, Level)> {
    let mut permit = permit(PartyCategory::Legal);
    change(&mut permit);
    permit.validate(today(), profile).into_iter().map(|one| (one.code, one.level)).collect()
}

#[test]
fn a_profile_says_how_much_a_slip_weighs() {
    use Level::{Mark, Quarantine, Refuse};
    use Profile::{Cn21, CnLegacy, Generic};
    type Change = fn(&mut Permit);
    let table: [(Change, &str, [Option<Level>; 3]); 7] = [
        (
            |p| p.party.code = "914403001922038217".into(),
            "uscc-check-digit",
            [Some(Refuse), Some(Refuse), Some(Quarantine)],
        ),
        (
            |p| p.source_code = "914403001922038217".into(),
            "uscc-check-digit",
            [Some(Refuse), Some(Mark), Some(Mark)],
        ),
        (|p| p.source_name.clear(), "required", [Some(Refuse), Some(Mark), None]),
        (
            |p| p.decision_date.clear(),
            "decision-date-missing",
            [Some(Refuse), Some(Refuse), Some(Quarantine)],
        ),
        (
            |p| p.certificate_name = "证".repeat(65),
            "too-long",
            [Some(Refuse), Some(Mark), Some(Mark)],
        ),
        (|p| p.content.push_str("，电话13800138000"), "phone-in-open", [Some(Quarantine); 3]),
        (
            |p| p.content.push_str("，身份证11010519491231002X"),
            "citizen-id-in-open",
            [Some(Refuse); 3],
        ),
    ];
    for (change, code, levels) in table {
        for (profile, level) in [Cn21, CnLegacy, Generic].into_iter().zip(levels) {
            let expected: Vec<_> = level.map(|level| (code, level)).into_iter().collect();
            assert_eq!(weighed(profile, change), expected, "{profile} {code}");
        }
    }
}

#[test]
fn an_older_edition_is_not_asked_for_what_came_later() {
    let found = weighed(Profile::Cn21, |permit| {
        permit.edition = "v1".into();
        permit.party.category = None;
        permit.party.code.clear();
        permit.party.organisation_code = "401705300".into();
        permit.state = "0".into();
        permit.project_name = std::mem::take(&mut permit.document_title);
        permit.valid_from.clear();
        permit.source_name.clear();
        permit.source_code.clear();
    });
    assert_eq!(found, []);
}

#[test]
fn another_countrys_party_is_known_by_its_own_scheme() {
    let foreign = |identifier: &'static str| {
        weighed(Profile::Generic, move |permit| {
            permit.party.code.clear();
            permit.party.other_identifier = identifier.into();
            permit.party.legal_representative.clear();
            permit.source_code.clear();
            permit.document_title.clear();
            permit.valid_until.clear();
        })
    };
    assert_eq!(foreign("us-npdes:MA0001234"), []);
    assert_eq!(foreign("MA0001234"), [("other-identifier", Level::Mark)]);
    assert_eq!(foreign(""), []);
}
