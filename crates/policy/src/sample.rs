//! Halls, keys and trees for tests. Proptest trees are hostile on purpose: cycles, unknown parents,
//! closed halls, audiences of halls that do not exist.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use record::{
    Act, Audience, AudienceNumber, ForkProof, HallId, Label, LedgerName, Member, MemberState,
    PartSet, SharingClass, Term, Who,
};

use crate::acts::Acts;
use crate::keys::KeyVerdict;
use crate::vkey::Vkey;

pub(crate) const ROOT_KEY: [u8; 32] = [100; 32];

pub(crate) fn hall(name: &str) -> HallId {
    name.parse().unwrap()
}

pub(crate) fn ledger(name: &str) -> LedgerName {
    format!("d/hallway/{name}").parse().unwrap()
}

/// A log key of a hall in domain `d`, all bytes `byte`.
pub(crate) fn log_key(hall: &str, byte: u8) -> String {
    Vkey { name: format!("d/hallway/{hall}"), algorithm: 1, public: [byte; 32] }.to_string()
}

pub(crate) fn member(name: &str, parent: Option<&str>) -> Member {
    Member {
        hall: hall(name),
        state: MemberState::Active,
        name: name.to_uppercase(),
        divisions: Vec::new(),
        parent: parent.map(hall),
        endpoints: vec![format!("{name}.example:7000")],
        log_keys: vec![log_key(name, 1)],
        holder_keys: Vec::new(),
        powers: Vec::new(),
        pins: Vec::new(),
    }
}

/// Takes a proof for good when its seal is the text `good <key byte>` of the forked ledger's key.
pub(crate) fn verifier(proof: &ForkProof, keys: &dyn Fn(&LedgerName, u64) -> KeyVerdict) -> bool {
    let byte = proof.seal.strip_prefix("good ").and_then(|byte| byte.parse::<u8>().ok());
    byte.is_some_and(|byte| keys(&proof.ledger, 5) == KeyVerdict::Key([byte; 32]))
}

/// No acts; the root hall is `root`.
pub(crate) fn empty(root: &str) -> Acts {
    let key = Vkey { name: format!("d/hallway/{root}"), algorithm: 1, public: ROOT_KEY };
    Acts::new(ledger(&format!("{root}/acts/1")), &key.to_string(), verifier).unwrap()
}

/// A tree of active halls; the first is the root.
pub(crate) fn world(halls: &[(&str, Option<&str>)]) -> Acts {
    let root = halls[0].0;
    let mut acts = empty(root);
    for (index, (name, parent)) in halls.iter().enumerate() {
        let act = Act::Member(member(name, *parent));
        acts.apply(&ledger(&format!("{root}/acts/1")), index.try_into().unwrap(), &act);
    }
    acts
}

/// Hall `n` of the random trees; `h0` is the root.
pub(crate) fn numbered(number: usize) -> HallId {
    hall(&format!("h{number}"))
}

/// More halls are named than are members, so some names are unknown.
pub(crate) const NAMED: usize = 12;

fn arbitrary_state() -> impl Strategy<Value = MemberState> {
    prop_oneof![
        6 => Just(MemberState::Active),
        1 => Just(MemberState::Closed),
        1 => Just(MemberState::Revoked),
    ]
}

pub(crate) fn arbitrary_term() -> impl Strategy<Value = Term> {
    let who = prop_oneof![
        (0..NAMED).prop_map(|number| Who::Hall(numbered(number))),
        (0..NAMED).prop_map(|number| Who::Subtree(numbered(number))),
        Just(Who::PathUp),
        Just(Who::Everyone),
    ];
    (who, 0..16u8).prop_map(|(who, bits)| Term { who, parts: PartSet::from_bits(bits) })
}

pub(crate) fn arbitrary_audience() -> impl Strategy<Value = Audience> {
    (1..4u32, vec(arbitrary_term(), 0..4)).prop_map(|(number, terms)| Audience {
        number: AudienceNumber(number),
        title: String::new(),
        terms,
    })
}

pub(crate) fn arbitrary_label() -> impl Strategy<Value = Label> {
    (0..4usize, 0..5u32).prop_map(|(class, audience)| Label {
        class: SharingClass::ALL[class],
        audience: AudienceNumber(audience),
    })
}

/// Members with any parents, as acts of the root; halls may be named again.
pub(crate) fn arbitrary_members() -> impl Strategy<Value = Vec<Act>> {
    vec((0..NAMED, proptest::option::weighted(0.9, 0..NAMED), arbitrary_state()), 0..24).prop_map(
        |rows| {
            let act = |(number, parent, state): (usize, Option<usize>, MemberState)| {
                let mut member = member(numbered(number).as_str(), None);
                (member.parent, member.state) = (parent.map(numbered), state);
                Act::Member(member)
            };
            rows.into_iter().map(act).collect()
        },
    )
}

/// A directory and the audiences of every hall.
pub(crate) fn arbitrary_acts() -> impl Strategy<Value = Arc<Acts>> {
    let audiences = vec((0..NAMED, arbitrary_audience()), 0..12);
    (arbitrary_members(), audiences).prop_map(|(members, audiences)| {
        let mut acts = empty("h0");
        for (index, act) in (0..).zip(&members) {
            acts.apply(&ledger("h0/acts/1"), index, act);
        }
        for (index, (number, audience)) in (1000..).zip(audiences) {
            let origin = ledger(&format!("h{number}/acts/1"));
            acts.apply(&origin, index, &Act::Audience(audience));
        }
        Arc::new(acts)
    })
}
