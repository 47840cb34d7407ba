//! Rows there and back, and what reading says it did.

use super::*;
use crate::edition::Edition;
use crate::generate::Generator;

fn form_of(draft: &Draft) -> Form {
    Form::of(&draft.head, &draft.body, draft.label, Masking::Full)
}

#[test]
fn a_record_is_its_form_and_back() {
    for kind in Generator::KINDS {
        for draft in Generator::new(&kind, 5).unwrap().take(200) {
            let form = form_of(&draft);
            let filled = form.read(Edition::V21);
            assert_eq!(filled.draft, draft);
            assert_eq!((filled.notes, filled.unread), (vec![], vec![]));
            assert_eq!(form_of(&filled.draft), form);
        }
    }
}

#[test]
fn reading_mends_and_says_so() {
    let mut form = Form::new(Kind::Permit);
    for (name, text) in [
        ("party_name", " 王小明 "),
        ("party_category", "01"),
        ("person_id", "11010519491231002x"),
        ("decision_date", "2024/1/5"),
        ("valid_until", "长期"),
        ("area_code", "220122.0"),
        ("certificate_name", "/"),
        ("category", "1"),
    ] {
        form.set(name, text).unwrap();
    }
    let Filled { draft, notes, unread } = form.read(Edition::V1);
    let Body::Permit(permit) = &draft.body else { panic!("a permit") };
    assert_eq!(permit.party.name, "");
    assert_eq!(permit.party.person_name, "王小明");
    assert_eq!(permit.party.person_id, "11010519491231002X");
    assert_eq!(permit.party.person_id_type, "身份证");
    assert_eq!((&*permit.decision_date, &*permit.valid_until), ("2024-01-05", "2099-12-31"));
    assert_eq!((&*permit.certificate_name, &*permit.category), ("", "01"));
    assert_eq!(permit.edition, "v1");
    let division = draft.head.division.unwrap();
    assert_eq!((&*division.code, division.on.to_string()), ("220122", "2024-01-05".to_owned()));
    assert_eq!(draft.head.happened_at.unwrap().to_string(), "2024-01-04T16:00:00Z");
    assert_eq!(unread, []);
    let told: Vec<_> = notes.iter().map(|note| (note.field, note.code)).collect();
    for expected in [
        ("party_name", "trimmed"),
        ("person_name", "moved"),
        ("person_id", "case"),
        ("decision_date", "spelling"),
        ("valid_until", "long-term"),
        ("certificate_name", "placeholder"),
        ("party_category", "list-spelling"),
    ] {
        assert!(told.contains(&expected), "{expected:?} in {told:?}");
    }
    assert!(!format!("{notes:?}").contains("王小明"));
    assert!(!format!("{form:?}").contains("王小明"));
}

#[test]
fn what_cannot_be_read_is_told() {
    let mut form = Form::new(Kind::Penalty);
    for (name, text) in
        [("party_category", "公司"), ("ordinal", "zwei"), ("sharing_class", "public")]
    {
        form.set(name, text).unwrap();
    }
    let unread = form.read(Edition::V21).unread;
    let fields: Vec<_> = unread.iter().map(|one| (one.code, one.field.as_str())).collect();
    assert_eq!(
        fields,
        [
            ("unreadable", "open.penalty.party_category"),
            ("unreadable", "head.penalty.ordinal"),
            ("unreadable", "head.penalty.sharing_class"),
        ]
    );
    assert!(form.set("party", "x").is_err());
}

#[test]
fn a_public_form_keeps_people_out() {
    for draft in Generator::new(&Kind::Permit, 5).unwrap().take(100) {
        let form = Form::of(&draft.head, &draft.body, draft.label, Masking::Public);
        let Body::Permit(permit) = &draft.body else { panic!("a permit") };
        for hidden in ["person_id", "person_id_type", "legal_representative_id", "remark"] {
            assert_eq!(form.value(hidden), "");
        }
        if !permit.party.person_name.is_empty() {
            assert!(form.value("person_name").ends_with('*'), "{form:?}");
        }
        assert_eq!(form.value("document_number"), permit.document_number);
    }
}
