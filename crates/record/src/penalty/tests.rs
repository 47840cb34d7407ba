//! One slip, one violation; and a party of another country's scheme.

use super::*;
use crate::body::Body;
use crate::generate::Generator;
use crate::kind::Kind;
use crate::party::PartyCategory;

fn wrong(change: impl FnOnce(&mut Penalty)) -> Vec<(&'static str, String)> {
    let mut penalty = Generator::new(&Kind::Penalty, 1)
        .unwrap()
        .find_map(|draft| {
            let Body::Penalty(one) = draft.body else { return None };
            (one.party.category == Some(PartyCategory::Legal)).then_some(one)
        })
        .unwrap();
    change(&mut penalty);
    let today = Date::new(2026, 1, 1).unwrap();
    penalty.validate(today, Profile::Cn21).into_iter().map(|one| (one.code, one.field)).collect()
}

#[test]
fn single_slips_are_named() {
    type Change = fn(&mut Penalty);
    let table: [(Change, &str, &str); 9] = [
        (|p| p.categories.clear(), "required", "categories"),
        (|p| p.categories = vec!["批评".into()], "not-in-list", "categories"),
        (|p| p.categories = vec!["警告".into(); 13], "too-long", "categories"),
        (|p| p.fine_wan_yuan.clear(), "amount-missing", "fine_wan_yuan"),
        (|p| p.fine_wan_yuan = "0.0500001".into(), "amount", "fine_wan_yuan"),
        (|p| p.confiscated_wan_yuan = "1,000".into(), "amount", "confiscated_wan_yuan"),
        (|p| p.valid_until = "1999-01-01".into(), "date-order", "valid_until"),
        (|p| p.published_until = "2030/01/01".into(), "date-form", "published_until"),
        (|p| p.facts = "null".into(), "placeholder", "facts"),
    ];
    for (change, code, field) in table {
        assert_eq!(wrong(change), [(code, format!("open.penalty.{field}"))], "{code} {field}");
    }
}

#[test]
fn another_countrys_scheme_stands_in_for_the_credit_code() {
    let foreign = |identifier: &'static str| {
        wrong(move |penalty| {
            penalty.party.code.clear();
            penalty.party.other_identifier = identifier.into();
            penalty.party.legal_representative.clear();
            penalty.published_until.clear();
        })
    };
    assert_eq!(foreign("tw-gui:12345678"), []);
    let field = "open.penalty.other_identifier".to_owned();
    assert_eq!(foreign("12345678"), [("other-identifier", field)]);
}
