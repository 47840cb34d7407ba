//! Tables, structures and slots agree; names and codes are told apart.

use std::collections::BTreeSet;

use super::*;
use crate::case::Case;
use crate::item::Item;
use crate::material::Material;
use crate::penalty::Penalty;
use crate::permit::Permit;
use crate::power_list::PowerList;

#[test]
fn slots_are_the_tables() {
    let names = |table: &[Field]| table.iter().map(|field| field.name).collect::<Vec<_>>();
    assert_eq!(names(&PERMIT_BODY), Permit::SLOTS);
    assert_eq!(names(&PENALTY_BODY), Penalty::SLOTS);
    assert_eq!(names(&CASE_BODY), Case::SLOTS);
    assert_eq!(names(&MATERIAL_BODY), Material::SLOTS);
    assert_eq!(names(&ITEM_BODY), Item::SLOTS);
    assert_eq!(names(&POWER_LIST_BODY), PowerList::SLOTS);
}

#[test]
fn names_are_unique_and_every_row_is_whole() {
    for kind in Kind::KNOWN {
        let names: BTreeSet<_> = fields(&kind).iter().map(|field| field.name).collect();
        assert_eq!(names.len(), fields(&kind).len(), "{kind}");
        for field in fields(&kind) {
            assert!(!field.zh.is_empty() && !field.en.is_empty(), "{}", field.name);
            assert_eq!(field.origin == Origin::Ours, field.code.is_empty(), "{}", field.name);
            let text = matches!(field.value, Value::Text | Value::Free | Value::Name);
            assert!(!text || field.max > 0 || field.part == FieldPart::Head, "{}", field.name);
            assert!(field.since <= field.until);
        }
    }
}

#[test]
fn a_natural_persons_fields_are_closed() {
    for kind in [Kind::Permit, Kind::Penalty] {
        for field in fields(&kind).iter().filter(|field| field.name.starts_with("person_")) {
            assert_eq!(field.part, FieldPart::Closed, "{}", field.name);
            assert_ne!(field.show, Show::Publish);
        }
    }
}

#[test]
fn columns_are_known_by_all_their_names() {
    let called = |kind: &Kind, column: &str| {
        fields(kind).iter().find(|field| field.is_called(column)).map(|field| field.name)
    };
    assert_eq!(called(&Kind::Permit, "XK_XDR"), Some("party_name"));
    assert_eq!(called(&Kind::Permit, " xk_xdr_mc "), Some("party_name"));
    assert_eq!(called(&Kind::Permit, "许可机关"), Some("authority_name"));
    assert_eq!(called(&Kind::Penalty, "CF_CFLB1"), Some("categories"));
    assert_eq!(called(&Kind::Penalty, "CF_LYDW"), Some("source_name"));
    assert_eq!(called(&Kind::Penalty, ""), None);
    assert!(field(&Kind::Permit, "project_name").is_some_and(|one| !one.is_in(Edition::V2)));
}
