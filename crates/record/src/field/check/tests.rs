//! Invented cases, materials, items and power lists pass; each slip in a single field is refused with
//! the code of its rule. Permits and penalties have the same test beside their own walk.

use proptest::prelude::*;

use super::*;
use crate::body::Body;
use crate::date::Date;
use crate::field::slips::{SlipOf, of_value, personal};
use crate::generate::Generator;
use crate::kind::Kind;
use crate::profile::{Level, Profile};

/// What a field may not say, with the code that names it.
fn slips(field: &Field, slot: Slot<'_>) -> Vec<SlipOf> {
    let text = |text: &str| text.to_owned();
    let mandatory = field.need.legal == Need::Mandatory;
    let words = matches!(slot, Slot::Text(_) | Slot::Many(_)) && field.list().is_none();
    let mut slips = match field.value {
        Value::Time => vec![(text("昨天"), "time"), (text("2024-01-01T09:00:00"), "time")],
        Value::List(_) => vec![(text("不在表中"), "not-in-list")],
        Value::AuthorityCode => of_value(&Value::Uscc),
        Value::RecordId => vec![(text("01J"), "record-id")],
        Value::Digest => vec![(text("00ff"), "digest"), (String::new(), "digest")],
        Value::Text | Value::Free | Value::Name if field.part == FieldPart::Open => personal(),
        Value::Text
        | Value::Free
        | Value::Name
        | Value::Date
        | Value::DecisionDate
        | Value::Many(_)
        | Value::WanYuan
        | Value::Yuan
        | Value::Integer
        | Value::Uscc
        | Value::Organisation
        | Value::Registration
        | Value::CertificateNumber
        | Value::Scheme
        | Value::Division
        | Value::Json => of_value(&field.value),
    };
    if mandatory && !matches!(field.value, Value::Digest) {
        slips.push((String::new(), "required"));
    }
    if mandatory && words {
        slips.push((text("无"), "placeholder"));
    }
    if field.max > 0 && words {
        slips.push(("长".repeat(field.max + 1), "too-long"));
        slips.push((text("甲\u{0}乙丙"), "control-character"));
    }
    slips
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn single_slips_are_refused_with_their_rules_code(seed in 0u64..1000, row in 0u64..1000) {
        let today = Date::new(2026, 1, 1).unwrap();
        let without_party = |kind: &Kind| !matches!(kind, Kind::Permit | Kind::Penalty);
        for kind in Generator::KINDS.into_iter().filter(without_party) {
            let draft = Generator::new(&kind, seed).unwrap().draft(row);
            prop_assert_eq!(draft.body.validate(today, Profile::Cn21), []);
            let name = kind.as_str().replace('-', "_");
            for (field, slot) in draft.body.fields() {
                for (text, code) in slips(field, slot) {
                    let mut body: Body = draft.body.clone();
                    body.put(field.name, &text);
                    let path = format!("{}.{name}.{}", field.part.as_str(), field.name);
                    let one_of_many = format!("{path}[0]");
                    let found = body.validate(today, Profile::Cn21);
                    let told = found.iter().find(|one| {
                        one.code == code && (one.field == path || one.field == one_of_many)
                    });
                    prop_assert!(told.is_some(), "{path} {text:?}: {code} not in {found:?}");
                    // What seems to be a phone or a card is asked about, all else is refused.
                    let asked = matches!(code, "phone-in-open" | "card-in-open");
                    let level = if asked { Level::Quarantine } else { Level::Refuse };
                    prop_assert_eq!(told.map(|one| one.level), Some(level), "{}", path);
                }
            }
        }
    }
}
