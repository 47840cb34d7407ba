//! From a proof to the continuation that ends it, in every order that matters.

use record::{Act, Continuation, ForkProof, Hash, Member, Pin};

use super::{Admission, FORK_PROOFS_PER_LEDGER_MAX, Standing};
use crate::acts::{Acts, Applied, Ignored};
use crate::sample::{ledger, log_key, member, world};

const ROOT: Hash = [9; 32];

fn proof(of: &str, seal: &str) -> Act {
    Act::ForkProof(ForkProof {
        ledger: ledger(of),
        seal: seal.to_owned(),
        other_seal: String::new(),
        other_root: ROOT,
        consistency: Vec::new(),
    })
}

fn continuation(of: &str, size: u64) -> Continuation {
    Continuation {
        previous_ledger: ledger(of),
        previous_size: size,
        previous_root: ROOT,
        reason: "磁盘损坏".to_owned(),
    }
}

fn pinned(size: u64) -> Member {
    let mut member = member("a", Some("p"));
    member.log_keys.push(log_key("a", 2));
    member.pins = vec![Pin { ledger: ledger("a/records/1"), size, root: ROOT }];
    member
}

fn two_halls() -> Acts {
    world(&[("p", None), ("a", Some("p"))])
}

#[test]
fn a_proof_freezes_its_ledger_and_no_other() {
    let mut acts = two_halls();
    acts.apply(&ledger("p/acts/1"), 10, &proof("a/records/1", "good 1"));
    acts.apply(&ledger("p/acts/1"), 11, &proof("a/acts/1", "bad"));
    acts.apply(&ledger("p/acts/1"), 12, &proof("nobody/records/1", "good 1"));
    let frozen = Standing::Frozen { proven_in: ledger("p/acts/1"), index: 10 };
    assert_eq!(acts.standing(&ledger("a/records/1")), frozen);
    assert_eq!(acts.frozen(), [ledger("a/records/1")]);
    for open in ["a/acts/1", "a/records/2", "nobody/records/1", "a/private/1"] {
        assert_eq!(acts.standing(&ledger(open)), Standing::Open, "{open}");
    }
    assert_eq!(acts.ignored().get(&Ignored::ForkUnproven), Some(&2));
}

#[test]
fn a_proof_waits_for_the_key_it_needs() {
    let mut acts = world(&[("p", None)]);
    acts.apply(&ledger("p/acts/1"), 10, &proof("a/records/1", "good 1"));
    assert!(acts.frozen().is_empty());
    acts.apply(&ledger("p/acts/1"), 11, &Act::Member(member("a", Some("p"))));
    assert_eq!(acts.frozen(), [ledger("a/records/1")]);
}

#[test]
fn only_a_pinned_continuation_thaws() {
    let mut acts = two_halls();
    acts.apply(&ledger("p/acts/1"), 10, &proof("a/records/1", "good 1"));
    let next = ledger("a/records/2");
    let entry = continuation("a/records/1", 4);
    assert_eq!(acts.admits(&next, &entry, Some((4, ROOT))), Admission::NeedsPin);
    acts.apply(&next, 0, &Act::Continuation(entry.clone()));
    assert!(acts.is_frozen(&ledger("a/records/1")), "nobody disowns alone");
    acts.apply(&ledger("p/acts/1"), 11, &Act::Member(pinned(3)));
    assert!(acts.is_frozen(&ledger("a/records/1")), "the pin says otherwise");
    assert_eq!(acts.admits(&next, &entry, Some((3, ROOT))), Admission::NeedsPin);
    acts.apply(&ledger("p/acts/1"), 12, &Act::Member(pinned(4)));
    let ended = Standing::Ended { next: next.clone(), size: 4, root: ROOT };
    assert_eq!(acts.standing(&ledger("a/records/1")), ended);
    assert!(acts.frozen().is_empty());
    assert_eq!(acts.admits(&next, &entry, Some((9, ROOT))), Admission::Accepted);
}

#[test]
fn a_pin_alone_does_not_thaw() {
    let mut acts = two_halls();
    acts.apply(&ledger("p/acts/1"), 10, &proof("a/records/1", "good 1"));
    acts.apply(&ledger("p/acts/1"), 11, &Act::Member(pinned(4)));
    assert!(acts.is_frozen(&ledger("a/records/1")), "the proof holds beyond the pin");
}

#[test]
fn a_new_generation_continues_what_is_known_and_leaves_nothing_out() {
    let acts = two_halls();
    let (next, entry) = (ledger("a/records/2"), continuation("a/records/1", 4));
    for (held, expected) in [
        (None, Admission::UnknownPrevious),
        (Some((3, [0; 32])), Admission::Accepted),
        (Some((4, ROOT)), Admission::Accepted),
        (Some((4, [0; 32])), Admission::NeedsPin),
        (Some((5, ROOT)), Admission::NeedsPin),
    ] {
        assert_eq!(acts.admits(&next, &entry, held), expected, "{held:?}");
    }
    for wrong in ["a/records/1", "a/records/3", "a/acts/2", "b/records/2"] {
        let admission = acts.admits(&ledger(wrong), &entry, Some((4, ROOT)));
        assert_eq!(admission, Admission::Misplaced, "{wrong}");
    }
    let last = continuation("a/records/4294967295", 1);
    assert_eq!(acts.admits(&next, &last, None), Admission::Misplaced);
}

#[test]
fn an_undisputed_continuation_ends_its_ledger() {
    let mut acts = two_halls();
    let entry = Act::Continuation(continuation("a/records/1", 4));
    let misplaced = Applied::Ignored(Ignored::MisplacedContinuation);
    assert_eq!(acts.apply(&ledger("a/records/3"), 0, &entry), misplaced);
    assert_eq!(acts.apply(&ledger("a/records/2"), 1, &entry), misplaced);
    assert_eq!(acts.apply(&ledger("a/records/2"), 0, &entry), Applied::Counted);
    let ended = Standing::Ended { next: ledger("a/records/2"), size: 4, root: ROOT };
    assert_eq!(acts.standing(&ledger("a/records/1")), ended);
    assert_eq!(acts.standing(&ledger("a/records/2")), Standing::Open);
}

#[test]
fn idle_claims_are_looked_at_a_few_times() {
    let mut acts = two_halls();
    let limit = u64::try_from(FORK_PROOFS_PER_LEDGER_MAX).unwrap();
    for index in 0..limit {
        acts.apply(&ledger("a/acts/1"), index, &proof("p/acts/1", "bad"));
    }
    acts.apply(&ledger("a/acts/1"), limit, &proof("a/records/1", "good 1"));
    assert!(acts.frozen().is_empty());
    acts.apply(&ledger("p/acts/1"), 99, &proof("a/records/1", "good 1"));
    assert_eq!(acts.frozen(), [ledger("a/records/1")], "another hall's word is enough");
}
