//! Small trees by hand; random ones, cycles and all, against what a tree must do.

use proptest::prelude::*;
use record::{Act, HallId, MemberState};

use crate::sample::{NAMED, arbitrary_acts, empty, hall, ledger, member, numbered, world};

fn names(halls: impl IntoIterator<Item = HallId>) -> Vec<String> {
    halls.into_iter().map(|hall| hall.to_string()).collect()
}

/// Jilin, Changchun with two counties, Siping with one.
const TREE: [(&str, Option<&str>); 6] = [
    ("220000", None),
    ("220100", Some("220000")),
    ("220122", Some("220100")),
    ("220184", Some("220100")),
    ("220300", Some("220000")),
    ("220381", Some("220300")),
];

#[test]
fn paths_go_through_the_lowest_common_hall() {
    let acts = world(&TREE);
    let directory = acts.directory();
    for (from, to, way) in [
        ("220122", "220184", vec!["220122", "220100", "220184"]),
        ("220122", "220381", vec!["220122", "220100", "220000", "220300", "220381"]),
        ("220122", "220000", vec!["220122", "220100", "220000"]),
        ("220000", "220381", vec!["220000", "220300", "220381"]),
        ("220100", "220100", vec!["220100"]),
    ] {
        assert_eq!(names(directory.path(&hall(from), &hall(to)).unwrap()), way);
        let hop = directory.next_hop(&hall(from), &hall(to));
        assert_eq!(hop.as_ref().map(HallId::as_str), way.get(1).copied());
    }
    assert_eq!(directory.path(&hall("220122"), &hall("nobody")), None);
    assert_eq!(names(directory.path_up(&hall("220381"))), ["220300", "220000"]);
    assert_eq!(names(directory.subtree(&hall("220100"))), ["220100", "220122", "220184"]);
    assert_eq!(names(directory.children(&hall("220000"))), ["220100", "220300"]);
    assert_eq!(directory.endpoints(&hall("220300")), ["220300.example:7000"]);
    assert!(directory.endpoints(&hall("nobody")).is_empty());
}

#[test]
fn a_move_is_a_new_parent() {
    let mut acts = world(&TREE);
    let moved = Act::Member(member("220381", Some("220100")));
    acts.apply(&ledger("220000/acts/1"), 50, &moved);
    assert_eq!(names(acts.directory().path_up(&hall("220381"))), ["220100", "220000"]);
    assert_eq!(names(acts.directory().subtree(&hall("220300"))), ["220300"]);
}

#[test]
fn roads_skip_a_closed_hall_and_what_lies_below_it_stays_below() {
    let mut acts = world(&TREE);
    let mut closed = member("220300", Some("220000"));
    closed.state = MemberState::Closed;
    acts.apply(&ledger("220000/acts/1"), 50, &Act::Member(closed));
    let directory = acts.directory();
    assert!(!directory.is_active(&hall("220300")));
    assert_eq!(directory.parent(&hall("220381")), Some(&hall("220000")));
    assert_eq!(names(directory.path(&hall("220381"), &hall("220000")).unwrap()).len(), 2);
    assert_eq!(names(directory.subtree(&hall("220300"))), ["220300", "220381"]);
    assert!(directory.children(&hall("220300")).is_empty());
}

#[test]
fn before_its_acts_are_known_the_root_stands_alone() {
    let acts = empty("220000");
    assert!(acts.directory().is_active(&hall("220000")));
    assert_eq!(acts.directory().members().count(), 0);
    assert!(!acts.directory().is_active(&hall("220100")));
}

#[test]
fn cycles_are_cut_and_what_hangs_on_them_keeps_its_parent() {
    let tree =
        [("r", None), ("a", Some("b")), ("b", Some("a")), ("c", Some("a")), ("x", Some("x"))];
    let acts = world(&tree);
    let directory = acts.directory();
    assert_eq!(directory.parent(&hall("a")), None);
    assert_eq!(directory.parent(&hall("b")), None);
    assert_eq!(directory.parent(&hall("x")), None);
    assert_eq!(directory.parent(&hall("c")), Some(&hall("a")));
    assert_eq!(directory.path(&hall("c"), &hall("r")), None);
    let rooted = world(&[("r", Some("a")), ("a", Some("r"))]);
    assert_eq!(rooted.directory().parent(&hall("a")), Some(&hall("r")), "the root has no parent");
}

proptest! {
    #[test]
    fn any_directory_gives_roads_of_parent_and_child(acts in arbitrary_acts()) {
        let directory = acts.directory();
        let joined = |a: &HallId, b: &HallId| {
            directory.parent(a) == Some(b) || directory.parent(b) == Some(a)
        };
        for from in (0..NAMED).map(numbered) {
            for to in (0..NAMED).map(numbered) {
                let Some(way) = directory.path(&from, &to) else {
                    prop_assert_eq!(directory.path(&to, &from), None);
                    continue;
                };
                prop_assert_eq!((&way[0], &way[way.len() - 1]), (&from, &to));
                prop_assert!(way.windows(2).all(|pair| joined(&pair[0], &pair[1])));
                prop_assert!(way.iter().skip(1).rev().skip(1).all(|hall| directory.is_active(hall)));
                let mut back = directory.path(&to, &from).unwrap();
                back.reverse();
                prop_assert_eq!(&way, &back);
                prop_assert_eq!(directory.next_hop(&from, &to), way.get(1).cloned());
            }
            for below in directory.subtree(&from) {
                let above = directory.path_up(&below);
                let under = below == from || above.contains(&from) || !directory.is_active(&from);
                prop_assert!(under);
            }
        }
    }
}
