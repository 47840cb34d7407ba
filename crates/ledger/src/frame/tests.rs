//! Frames round trip; frozen bytes; bytes from a stranger never panic.

use bytes::Bytes;
use proptest::prelude::*;
use record::{AudienceNumber, Salt, SharingClass};

use super::*;
use crate::group;
use record::Timestamp;

fn ledger(hall: u8) -> LedgerName {
    format!("jilin.example/hallway/{hall}/records/1").parse().unwrap()
}

fn parts() -> impl Strategy<Value = Parts> {
    let slot = prop_oneof![
        (any::<[u8; 32]>(), proptest::collection::vec(any::<u8>(), 0..90))
            .prop_map(|(salt, bytes)| Slot::Present { salt, bytes: bytes.into() }),
        any::<[u8; 32]>().prop_map(|digest| Slot::Absent { digest }),
    ];
    proptest::collection::vec(slot, 0..=4).prop_map(|slots| Parts::from_slots(slots).unwrap())
}

fn body() -> impl Strategy<Value = Body> {
    let key = (any::<u8>(), any::<[u8; 16]>(), any::<u64>())
        .prop_map(|(kind, fingerprint, extra)| Key { kind, fingerprint, extra });
    let entry = (any::<u64>(), any::<u32>(), any::<[u8; 32]>());
    let entry = (entry, proptest::collection::vec(key, 0..=3), parts());
    prop_oneof![
        entry.prop_map(|((index, audience, commitment), keys, parts)| {
            let audience = AudienceNumber(audience);
            let label = Label { class: SharingClass::Withheld, audience };
            Body::Entry { index, leaf: Leaf { label, commitment }, keys, parts }
        }),
        (any::<u64>(), parts()).prop_map(|(index, parts)| Body::Fill { index, parts }),
        (any::<u64>(), ".{0,40}").prop_map(|(size, note)| Body::Seal { size, note }),
        (".{0,40}", ".{0,40}").prop_map(|(cosigned_seal, holding_note)| Body::Receipt {
            cosigned_seal,
            holding_note
        }),
    ]
}

fn put(frames: &mut Frames, frame: &Frame) -> Span {
    let who = (&frame.ledger, frame.via.as_ref());
    match &frame.body {
        Body::Entry { index, leaf, keys, parts } => frames.entry(who, *index, leaf, keys, parts),
        Body::Fill { index, parts } => frames.fill(who, *index, parts),
        Body::Seal { size, note } => frames.seal(who, *size, note),
        Body::Receipt { cosigned_seal, holding_note } => {
            frames.receipt(&frame.ledger, cosigned_seal, holding_note)
        }
        Body::Unknown { .. } => unreachable!(),
    }
}

proptest! {
    #[test]
    fn frames_round_trip_in_their_group_and_alone(
        bodies in proptest::collection::vec((any::<u8>(), any::<Option<u8>>(), body()), 0..8),
        flip in any::<(proptest::sample::Index, u8)>(),
    ) {
        let mut frames = group::begin(0);
        let mut wanted = Vec::new();
        for (hall, via, body) in bodies {
            let receipt = matches!(body, Body::Receipt { .. });
            let via = via.filter(|_| !receipt).map(|via| format!("{via}").parse().unwrap());
            let frame = Frame { ledger: ledger(hall), via, body };
            wanted.push((put(&mut frames, &frame), frame));
        }
        let expected = group::len(&frames);
        let (bytes, crc) = group::finish(frames, (7, 9, 3), Timestamp(5), 11);
        prop_assert_eq!(expected, crate::octets::len_u64(bytes.len()));
        let read = group::Group::read(bytes.clone(), 11).unwrap();
        prop_assert_eq!((read.header.number, read.header.position, read.crc), (7, 9, crc));
        prop_assert_eq!(read.frames(0).unwrap(), wanted.clone());
        for (span, frame) in wanted {
            let start = to_usize(span.offset.into());
            let alone = bytes.slice(start..start + to_usize(span.len.into()));
            prop_assert_eq!(Body::alone(alone), Some(frame.body));
        }
        prop_assert!(group::Group::read(bytes.clone(), 12).is_none(), "another segment's nonce");
        let mut broken = bytes.to_vec();
        let at = flip.0.index(broken.len());
        broken[at] ^= 1 << (flip.1 % 8);
        prop_assert!(group::Group::read(broken.into(), 11).is_none());
    }

    #[test]
    fn hostile_frames_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let names = Names { ledgers: vec![ledger(1)], halls: vec![] };
        let mut fields = Fields(bytes.clone().into());
        while Frame::read(&mut fields, &names).is_some() {}
        let mut framed = len_u32(bytes.len()).to_be_bytes().to_vec();
        framed.extend(bytes);
        drop(Body::alone(framed.into()));
    }
}

#[test]
fn masks_know_what_is_held_and_what_there_could_be() {
    let whole = Parts::seal_up(&Salt([1; 32]), ["a", "b"].map(Bytes::from)).unwrap();
    let some = Mask::of(&whole.narrowed(PartSet::HEAD));
    assert!(Mask::of(&whole).is_whole() && !some.is_whole() && !some.is_stub());
    assert!(Mask::of(&Parts::stub()).is_stub());
    assert_eq!(Mask::of(&Parts::stub()).with(some), some);
    assert_eq!(some.with(Mask::of(&whole)), Mask::of(&whole));
    let label = Label { class: SharingClass::Open, audience: AudienceNumber(0) };
    assert!(lacks(some, label, &|_| PartSet::PUBLIC));
    assert!(!lacks(some, label, &|_| PartSet::HEAD));
    assert!(!lacks(Mask::of(&whole), label, &|_| PartSet::ALL), "it has no third part");
}
