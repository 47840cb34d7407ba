//! Invented records are valid, repeatable, unique and mixed.

use std::collections::BTreeSet;

use super::*;

fn drafts(kind: &Kind, seed: u64, rows: usize) -> Vec<Draft> {
    Generator::new(kind, seed).unwrap().take(rows).collect()
}

#[test]
fn every_invented_body_is_valid() {
    let today = Date::new(2026, 1, 1).unwrap();
    for kind in Generator::KINDS {
        for draft in drafts(&kind, 7, 500) {
            assert_eq!(draft.body.validate(today, crate::Profile::Cn21), [], "{:?}", draft.body);
            assert!(draft.body.is_of(&kind));
        }
    }
}

#[test]
fn seeds_repeat_and_rows_stand_alone() {
    for kind in Generator::KINDS {
        assert_eq!(drafts(&kind, 3, 50), drafts(&kind, 3, 50));
        assert_ne!(drafts(&kind, 3, 5), drafts(&kind, 4, 5));
        let generator = Generator::new(&kind, 3).unwrap();
        assert_eq!(generator.draft(49), drafts(&kind, 3, 50)[49]);
    }
    for kind in Kind::KNOWN {
        let invented = Generator::KINDS.contains(&kind);
        assert_eq!(Generator::new(&kind, 1).is_some(), invented, "{kind}");
        assert_eq!(!crate::fields(&kind).is_empty(), invented, "{kind} has a form");
    }
}

/// Frozen: a seed means the same in every version.
#[test]
fn golden_draft() {
    let draft = Generator::new(&Kind::Penalty, 1).unwrap().draft(0);
    let key = draft.head.natural_key.unwrap();
    assert_eq!(draft.head.message_id, "gen-220800-penalty-1-0");
    assert_eq!(key.document_number, "白环〔2022〕1-000000号");
    assert_eq!(key.party, "91220800MAA1H1GM3T");
}

#[test]
fn natural_keys_and_message_ids_are_unique() {
    let seat = jilin::hall("220122").unwrap();
    for kind in Generator::KINDS {
        let mut keys = BTreeSet::new();
        let mut messages = BTreeSet::new();
        for seed in [1, 11] {
            for draft in Generator::new(&kind, seed).unwrap().at(seat).take(1000) {
                keys.insert((draft.head.authority.unwrap().code, draft.head.natural_key));
                messages.insert(draft.head.message_id);
            }
        }
        assert_eq!((keys.len(), messages.len()), (2000, 2000), "{kind}");
    }
}

#[test]
fn the_mixture_has_every_category_and_class() {
    let drafts = drafts(&Kind::Penalty, 1, 200);
    for class in [SharingClass::Open, SharingClass::Unconditional, SharingClass::Conditional] {
        assert!(drafts.iter().any(|draft| draft.label.class == class), "{class:?}");
    }
    let open = drafts.iter().filter(|draft| draft.label.class == SharingClass::Open).count();
    assert!((110..170).contains(&open), "mostly open: {open}");
    let categories: BTreeSet<_> = drafts
        .iter()
        .filter_map(|draft| {
            let Body::Penalty(penalty) = &draft.body else { return None };
            penalty.party.category
        })
        .collect();
    assert_eq!(categories.len(), 3);
}
