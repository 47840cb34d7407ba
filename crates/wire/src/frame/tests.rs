//! Every frame survives the road; what cannot be a frame is refused by field; bytes from a stranger
//! never panic.

use bytes::Bytes;
use proptest::prelude::*;
use prost::Message;
use record::{AudienceNumber, Label, PartSet, Salt, SharingClass};

use super::*;

fn ledger() -> LedgerName {
    "jilin.example/hallway/220100/records/1".parse().unwrap()
}

fn entries() -> Vec<(Leaf, Parts)> {
    let whole =
        Parts::seal_up(&Salt([7; 32]), ["head", "open", "closed"].map(Bytes::from)).unwrap();
    let commitment = whole.commitment(&ledger()).unwrap();
    let label = Label { class: SharingClass::Open, audience: AudienceNumber(0) };
    let leaf = Leaf { label, commitment };
    [whole.clone(), whole.narrowed(PartSet::PUBLIC), Parts::stub()].map(|p| (leaf, p)).to_vec()
}

fn frames() -> Vec<Frame> {
    let hall: HallId = "220100".parse().unwrap();
    let seal = "a note\n".to_owned();
    let buckets = Box::new([[3; 8]; BUCKETS]);
    let hello = |carries| Hello {
        versions: vec![1],
        record_bytes: 1,
        credit_bytes: 2,
        clock_ms: -3,
        log_id: [4; 16],
        carries,
        buckets: buckets.clone(),
    };
    let head = LedgerHead { ledger: ledger(), size: 9, root: [1; 32] };
    vec![
        Frame::Hello(hello(Carries::Everything)),
        Frame::Hello(hello(Carries::Halls(vec![hall.clone()]))),
        Frame::Heads(Heads { heads: vec![head], last: true }),
        Frame::Batch(Batch { ledger: ledger(), first: 5, entries: entries(), seal: seal.clone() }),
        Frame::Fill(Fill { ledger: ledger(), entries: vec![(7, entries()[0].1.clone())] }),
        Frame::Want(Want { id: 1, ledger: ledger(), ranges: vec![1..2, 5..9] }),
        Frame::WantAnswer(WantAnswer { id: 1, ledger: ledger(), sent: 3, refused: 1 }),
        Frame::Durable(Durable { ledger: ledger(), size: 8 }),
        Frame::Receipt(SignedReceipt {
            holder: hall,
            ledger: ledger(),
            size: 4,
            cosigned_seal: seal.clone(),
            holding_note: seal.clone(),
        }),
        Frame::Prove(Prove { ledger: ledger(), old_size: 1, new_size: 2 }),
        Frame::Proof(Proof {
            ledger: ledger(),
            old_size: 1,
            new_size: 2,
            old_root: [2; 32],
            new_seal: Some(seal),
            consistency: vec![[5; 32]],
        }),
        Frame::Credit(77),
        Frame::Held(Held { ledger: ledger(), reason: HeldReason::UnknownKey }),
        Frame::Bye("shutting-down".to_owned()),
    ]
}

#[test]
fn every_frame_survives_the_road() {
    for frame in frames() {
        let bytes = v1::Frame::from(frame.clone()).encode_to_vec();
        let back = Frame::try_from(v1::Frame::decode(bytes.as_slice()).unwrap()).unwrap();
        assert_eq!(back, frame);
    }
}

#[test]
fn a_changed_part_changes_the_leaf_that_is_read() {
    let Some(Frame::Batch(batch)) = frames().into_iter().find(|f| matches!(f, Frame::Batch(_)))
    else {
        unreachable!("a batch is among the frames")
    };
    let mut generated = v1::Frame::from(Frame::Batch(batch.clone()));
    let Some(v1::frame::Frame::Batch(inner)) = &mut generated.frame else { unreachable!() };
    inner.entries[0].slots[1].bytes = Bytes::from("oPen");
    let Frame::Batch(read) = Frame::try_from(generated).unwrap() else { unreachable!() };
    assert_ne!(read.entries[0].0, batch.entries[0].0);
}

#[test]
fn what_cannot_be_a_frame_is_refused_by_field() {
    use v1::frame::Frame as G;
    let refused = |frame| {
        Frame::try_from(v1::Frame { frame: Some(frame) }).expect_err("must be refused").field
    };
    let ledger = ledger().to_string();
    let empty = v1::Batch { ledger: ledger.clone(), ..Default::default() };
    assert_eq!(refused(G::Batch(empty)), "batch.entries");
    assert_eq!(refused(G::Durable(v1::Durable::default())), "durable.ledger");
    let backwards = v1::Range { start: 2, end: 2 };
    let want = v1::Want { id: 1, ledger: ledger.clone(), ranges: vec![backwards] };
    assert_eq!(refused(G::Want(want)), "want.ranges");
    let heads = v1::Heads { heads: vec![v1::LedgerHead::default(); HEADS_MAX + 1], last: true };
    assert_eq!(refused(G::Heads(heads)), "heads.heads");
    let long = v1::Proof { ledger, new_seal: "x".repeat(NOTE_BYTES_MAX + 1), ..Default::default() };
    assert_eq!(refused(G::Proof(long)), "proof.old_root");
    assert_eq!(Frame::try_from(v1::Frame::default()).unwrap_err().field, "frame");
}

proptest! {
    #[test]
    fn bytes_from_a_stranger_never_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        seed in 0..14_usize,
        at in any::<prop::sample::Index>(),
    ) {
        let mut known = v1::Frame::from(frames()[seed].clone()).encode_to_vec();
        let at = at.index(known.len());
        known[at] ^= bytes.first().copied().unwrap_or(1);
        for bytes in [known, bytes] {
            if let Ok(frame) = v1::Frame::decode(bytes.as_slice()) {
                drop(Frame::try_from(frame));
            }
        }
    }
}
