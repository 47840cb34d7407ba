//! Invented records pass; each slip in a single field is refused with the code of its rule.

use proptest::prelude::*;

use super::*;
use crate::body::Body;
use crate::date::Date;
use crate::field::slips::{SlipOf, of_value, personal};
use crate::field::{PENALTY_BODY, PERMIT_BODY};
use crate::generate::Generator;
use crate::kind::Kind;
use crate::profile::Level;

const LONG: &str = "长";

/// What a field may not say for a party of this category, with the code that names it.
fn slips(field: &Field, category: PartyCategory) -> Vec<SlipOf> {
    let text = |text: &str| text.to_owned();
    if field.need.of(category) == Need::Absent {
        let code = match (category, field.part) {
            (PartyCategory::Natural, FieldPart::Open) => "person-in-open",
            (_, FieldPart::Closed) => "person-of-organisation",
            (_, FieldPart::Open | FieldPart::Head) => "not-applicable",
        };
        return vec![(text("某某某"), code)];
    }
    let mandatory = field.need.of(category) == Need::Mandatory;
    let mut slips = match field.value {
        Value::Text if mandatory => vec![(text("无"), "placeholder")],
        Value::Free => personal(),
        Value::Name => vec![
            (text("甲*乙"), "masked-name"),
            (text("甲/乙"), "name-character"),
            (text("甲"), "short-name"),
            (text("空"), "placeholder"),
        ],
        Value::WanYuan => vec![(text("1,000"), "amount"), (text("0.0000001"), "amount")],
        Value::List(list) if std::ptr::eq(list, &raw const lists::CERTIFICATE_TYPE) => {
            vec![(text("学生证"), "id-type")]
        }
        Value::List(list) if !std::ptr::eq(list, &raw const lists::PARTY_CATEGORY) => {
            vec![(text("不在表中"), "not-in-list")]
        }
        Value::Organisation => vec![(text("401705301"), "organisation-code")],
        Value::Registration => vec![(text("110108000000017"), "registration-number")],
        Value::Scheme => vec![(text("12345678"), "other-identifier")],
        Value::Text
        | Value::List(_)
        | Value::Many(_)
        | Value::Date
        | Value::DecisionDate
        | Value::Uscc
        | Value::Time
        | Value::Yuan
        | Value::Integer
        | Value::AuthorityCode
        | Value::CertificateNumber
        | Value::Division
        | Value::RecordId
        | Value::Digest
        | Value::Json => of_value(&field.value),
    };
    if mandatory {
        slips.push((String::new(), missing(field)));
    }
    if field.max > 0 && field.list().is_none() {
        slips.push((LONG.repeat(field.max + 1), "too-long"));
        slips.push((text("甲\u{0}乙丙"), "control-character"));
    }
    slips
}

/// The code of an empty field.
fn missing(field: &Field) -> &'static str {
    let of_category = field.name == "party_category";
    if matches!(field.value, Value::DecisionDate) {
        "decision-date-missing"
    } else if matches!(field.value, Value::Uscc) {
        "uscc-missing"
    } else if of_category {
        "party-category"
    } else {
        "required"
    }
}

fn table(kind: &Kind) -> &'static [Field] {
    if *kind == Kind::Permit { &PERMIT_BODY } else { &PENALTY_BODY }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn single_slips_are_refused_with_their_rules_code(seed in 0u64..1000, row in 0u64..1000) {
        let today = Date::new(2026, 1, 1).unwrap();
        for kind in [Kind::Permit, Kind::Penalty] {
            let draft = Generator::new(&kind, seed).unwrap().draft(row);
            prop_assert_eq!(draft.body.validate(today, Profile::Cn21), []);
            let category = draft.body.party().unwrap().category.unwrap();
            for field in table(&kind) {
                for (text, code) in slips(field, category) {
                    let mut body: Body = draft.body.clone();
                    body.put(field.name, &text);
                    let path = format!("{}.{kind}.{}", field.part.as_str(), field.name);
                    let found = body.validate(today, Profile::Cn21);
                    let told = found.iter().find(|one| one.code == code && one.field == path);
                    prop_assert!(told.is_some(), "{path} {text:?}: {code} not in {found:?}");
                    let mark = code == "registration-number";
                    prop_assert_eq!(told.is_some_and(|one| one.level == Level::Mark), mark);
                }
            }
        }
    }
}
