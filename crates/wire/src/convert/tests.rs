//! Heads, acts and bodies there and back; hostile bytes; a later version's words.

mod filled;

use proptest::prelude::*;
use record::{
    Act, Audience, AudienceNumber, Authority, CodeSystem, Continuation, Date, Division, Effect,
    ForkProof, HallId, Handover, Head, KeyChange, Kind, LedgerName, Member, MemberState,
    NaturalKey, PartSet, Pin, RecordId, Revises, RevisionKind, Ruling, Stamp, Term, Timestamp, Who,
};

use super::*;
use crate::v1;

fn stamp() -> Stamp {
    Stamp {
        record: RecordId::new(Timestamp(1), [1; 10]),
        submitter: "/hall/220000".into(),
        revision: 1,
        accepted_at: Timestamp(1_398_384_000_123),
        previous_commitment: None,
    }
}

fn halls() -> impl Strategy<Value = HallId> + Clone {
    "[a-z0-9-]{1,40}".prop_map(|text| text.parse().unwrap())
}

fn ledgers() -> impl Strategy<Value = LedgerName> + Clone {
    (halls(), 1u32..).prop_map(|(hall, generation)| {
        format!("jilin.example/hallway/{hall}/acts/{generation}").parse().unwrap()
    })
}

fn members() -> impl Strategy<Value = Act> {
    let texts = || prop::collection::vec("\\PC{0,20}", 0..3);
    let pin = (ledgers(), any::<u64>(), any::<Hash>());
    let pin = pin.prop_map(|(ledger, size, root)| Pin { ledger, size, root });
    let states = vec![MemberState::Active, MemberState::Closed, MemberState::Revoked];
    let words = (halls(), prop::sample::select(states), prop::option::of(halls()));
    (words, texts(), texts(), prop::collection::vec(pin, 0..3)).prop_map(
        |((hall, state, parent), divisions, keys, pins)| {
            Act::Member(Member {
                hall,
                state,
                name: "农安县".into(),
                divisions,
                parent,
                endpoints: keys.clone(),
                log_keys: keys.clone(),
                holder_keys: keys.clone(),
                powers: keys,
                pins,
            })
        },
    )
}

fn audiences() -> impl Strategy<Value = Act> {
    let who = prop_oneof![
        halls().prop_map(Who::Hall),
        halls().prop_map(Who::Subtree),
        Just(Who::PathUp),
        Just(Who::Everyone),
    ];
    let term = (who, 1u8..16).prop_map(|(who, bits)| Term { who, parts: PartSet::from_bits(bits) });
    (1u32.., prop::collection::vec(term, 0..4)).prop_map(|(number, terms)| {
        Act::Audience(Audience { number: AudienceNumber(number), title: "甲".into(), terms })
    })
}

fn acts() -> impl Strategy<Value = Act> {
    let change = prop::collection::vec((ledgers(), any::<u64>()), 0..3)
        .prop_map(|from| Act::KeyChange(KeyChange { new_key: "k".into(), from }));
    let continuation = (ledgers(), any::<u64>(), any::<Hash>()).prop_map(|(ledger, size, root)| {
        Act::Continuation(Continuation {
            previous_ledger: ledger,
            previous_size: size,
            previous_root: root,
            reason: "恢复".into(),
        })
    });
    let fork = (ledgers(), any::<Hash>(), prop::collection::vec(any::<Hash>(), 0..3));
    let fork = fork.prop_map(|(ledger, other_root, consistency)| {
        let (seal, other_seal) = ("a".into(), "b".into());
        Act::ForkProof(ForkProof { ledger, seal, other_seal, other_root, consistency })
    });
    let ids = || any::<[u8; 16]>().prop_map(RecordId::from_bytes);
    let ruling = ((ids(), ids(), halls()), 0..3usize, any::<bool>());
    let ruling = ruling.prop_map(|((id, record, origin), effect, ended)| {
        Act::Ruling(Ruling {
            id,
            record,
            origin,
            effect: Effect::ALL[effect],
            authority_code: "11220000000000000X".into(),
            authority_name: "省政务服务局".into(),
            basis: "信用修复管理办法".into(),
            reason: "已修复".into(),
            document_number: "吉信修〔2026〕1号".into(),
            from: "2026-01-02".parse().unwrap(),
            ended,
        })
    });
    let records = prop::collection::vec(ids(), 0..3);
    let places = prop::collection::vec((ledgers(), any::<u64>()), 0..3);
    let handover = ((halls(), halls()), records, places);
    let handover = handover.prop_map(|((from_hall, to_hall), records, from)| {
        Act::Handover(Handover { from_hall, to_hall, records, from, reason: "撤并".into() })
    });
    prop_oneof![
        members(),
        change,
        audiences(),
        continuation,
        fork,
        ruling,
        handover,
        Just(Act::Unknown)
    ]
}

proptest! {
    #[test]
    fn acts_round_trip(act in acts()) {
        let [head, open] = act_to_parts(&act, &stamp());
        prop_assert_eq!(act_from_open(&open).unwrap(), act);
        let head = head_from_bytes(&head).unwrap();
        prop_assert_eq!((head.kind, head.stamp), (Kind::Act, Some(stamp())));
    }

    #[test]
    fn hostile_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        drop((act_from_open(&bytes), head_from_bytes(&bytes), body_from_parts(&bytes, &bytes)));
    }

    /// Mostly well-formed messages reach deeper than noise.
    #[test]
    fn flipped_bytes_never_panic(act in acts(), place: prop::sample::Index, byte: u8) {
        let mut open = act_to_open(&act).to_vec();
        let place = place.index(open.len());
        open[place] = byte;
        drop(act_from_open(&open));
    }

    #[test]
    fn heads_round_trip(
        message in "[!-~]{1,128}",
        key in prop::option::of(("\\PC{0,20}", "[0-9A-Z]{0,18}", any::<u32>())),
        revision in prop::option::of((any::<[u8; 16]>(), any::<u32>(), any::<bool>())),
        millis in 0i64..4_000_000_000_000,
        root in prop::option::of(any::<[u8; 32]>()),
    ) {
        let head = Head {
            message_id: message,
            kind: Kind::Penalty,
            revises: revision.map(|(id, revision, replaced)| Revises {
                record: RecordId::from_bytes(id.map(|byte| byte & 0x7f)),
                revision,
                kind: if replaced { RevisionKind::Replacement } else { RevisionKind::Withdrawal },
                reason: "重复".into(),
                successor: replaced.then(|| RecordId::from_bytes([9; 16])),
                successor_number: if replaced { "40-109-070012".to_owned() } else { String::new() },
            }),
            natural_key: key.map(|(document_number, party, ordinal)| {
                NaturalKey { document_number, party, ordinal }
            }),
            authority: Some(Authority { code: "112200000135123474".into(), name: "局".into() }),
            division: Some(Division {
                code: "changbaishan".into(),
                system: CodeSystem::Office,
                on: Date::FOUNDING,
            }),
            happened_at: Some(Timestamp(millis)),
            stamp: Some(Stamp { previous_commitment: root, ..stamp() }),
        };
        prop_assert_eq!(head_from_bytes(&head_to_bytes(&head)).unwrap(), head);
    }
}

#[test]
fn invented_bodies_round_trip() {
    for kind in record::Generator::KINDS {
        for draft in record::Generator::new(&kind, 3).unwrap().take(50) {
            let (open, closed) = body_to_parts(&draft.body).unwrap();
            assert_eq!(body_from_parts(&open, &closed).unwrap(), Some(draft.body));
        }
    }
}

#[test]
fn a_later_versions_words_have_no_effect() {
    let open = |act| to_bytes(&v1::Open { body: Some(v1::open::Body::Act(act)) });
    // Field 9 of Act, as a later version may fill it.
    let later = Bytes::from_static(&[0x2a, 0x02, 0x4a, 0x00]);
    assert_eq!(act_from_open(&later).unwrap(), Act::Unknown);

    let term = |who, parts| v1::AudienceTerm { parts, who };
    let everyone = || Some(v1::audience_term::Who::Everyone(true));
    let audience = v1::Audience {
        number: 7,
        title: String::new(),
        terms: vec![term(None, 0), term(everyone(), 0), term(everyone(), 0x100)],
    };
    let act = v1::Act { act: Some(v1::act::Act::Audience(audience)) };
    let Act::Audience(read) = act_from_open(&open(act)).unwrap() else { panic!("an audience") };
    let parts: Vec<_> = read.terms.into_iter().map(|term| term.parts).collect();
    assert_eq!(parts, [PartSet::ALL, PartSet::NONE]);
}

#[test]
fn an_act_without_its_words_is_an_error_that_names_the_field() {
    let member = |change: fn(&mut v1::Member)| {
        let mut member = v1::Member { hall: "220000".into(), state: 1, ..v1::Member::default() };
        change(&mut member);
        let act = v1::Act { act: Some(v1::act::Act::Member(member)) };
        let open = to_bytes(&v1::Open { body: Some(v1::open::Body::Act(act)) });
        act_from_open(&open).err().map(|error| error.field())
    };
    assert_eq!(member(|_| {}), None);
    assert_eq!(member(|m| m.hall = "吉林".into()), Some("open.act.member.hall"));
    assert_eq!(member(|m| m.state = 9), Some("open.act.member.state"));
    assert_eq!(member(|m| m.parent = "/".into()), Some("open.act.member.parent"));
    assert_eq!(member(|m| m.name = "a".repeat(3000)), Some("open.act.member.name"));
    assert_eq!(
        member(|m| m.log_keys = vec![String::new(); 5000]),
        Some("open.act.member.log_keys")
    );
    assert!(matches!(act_from_open(&[]), Err(ReadError::Field { field: "open.act", .. })));
}
