//! From typed frames to generated ones. Part bytes are handed on by reference count, never copied.

use bytes::Bytes;
use record::{Hash, Leaf, Parts, Slot};

use super::{Batch, Carries, Fill, Frame, HeldReason, Hello, Proof, Want};
use crate::v1;

pub(super) fn frame(frame: Frame) -> v1::Frame {
    use v1::frame::Frame as Generated;
    let inner = match frame {
        Frame::Hello(inner) => Generated::Hello(hello(&inner)),
        Frame::Heads(inner) => Generated::Heads(v1::Heads {
            heads: inner
                .heads
                .into_iter()
                .map(|head| v1::LedgerHead {
                    ledger: head.ledger.to_string(),
                    size: head.size,
                    root: copy(&head.root),
                })
                .collect(),
            last: inner.last,
        }),
        Frame::Batch(inner) => Generated::Batch(batch(inner)),
        Frame::Fill(inner) => Generated::Fill(fill(inner)),
        Frame::Want(inner) => Generated::Want(want(inner)),
        Frame::WantAnswer(inner) => Generated::WantAnswer(v1::WantAnswer {
            id: inner.id,
            ledger: inner.ledger.to_string(),
            sent: inner.sent,
            refused: inner.refused,
        }),
        Frame::Durable(inner) => {
            Generated::Durable(v1::Durable { ledger: inner.ledger.to_string(), size: inner.size })
        }
        Frame::Receipt(inner) => Generated::Receipt(v1::Receipt {
            holder: inner.holder.to_string(),
            ledger: inner.ledger.to_string(),
            size: inner.size,
            cosigned_seal: inner.cosigned_seal,
            holding_note: inner.holding_note,
        }),
        Frame::Prove(inner) => Generated::Prove(v1::Prove {
            ledger: inner.ledger.to_string(),
            old_size: inner.old_size,
            new_size: inner.new_size,
        }),
        Frame::Proof(inner) => Generated::Proof(proof(inner)),
        Frame::Credit(bytes) => Generated::Credit(v1::Credit { bytes }),
        Frame::Held(inner) => Generated::Held(v1::Held {
            ledger: inner.ledger.to_string(),
            reason: held_reason(inner.reason).into(),
        }),
        Frame::Bye(reason) => Generated::Bye(v1::Bye { reason }),
    };
    v1::Frame { frame: Some(inner) }
}

fn hello(hello: &Hello) -> v1::Hello {
    let carries = match &hello.carries {
        Carries::Everything => v1::Carries { everything: true, halls: Vec::new() },
        Carries::Halls(halls) => v1::Carries {
            everything: false,
            halls: halls.iter().map(ToString::to_string).collect(),
        },
    };
    v1::Hello {
        versions: hello.versions.clone(),
        record_bytes: hello.record_bytes,
        credit_bytes: hello.credit_bytes,
        clock_ms: hello.clock_ms,
        log_id: copy(&hello.log_id),
        fence: Bytes::new(),
        carries: Some(carries),
        buckets: Bytes::from(hello.buckets.concat()),
    }
}

fn batch(batch: Batch) -> v1::Batch {
    v1::Batch {
        ledger: batch.ledger.to_string(),
        first: batch.first,
        entries: batch.entries.into_iter().map(entry).collect(),
        seal: batch.seal,
    }
}

fn entry((leaf, parts): (Leaf, Parts)) -> v1::Entry {
    let slots = slots(&parts);
    let commitment = if slots.is_empty() { copy(&leaf.commitment) } else { Bytes::new() };
    v1::Entry { label: copy(&leaf.label.to_bytes()), commitment, slots }
}

fn slots(parts: &Parts) -> Vec<v1::Slot> {
    let slot = |slot: &Slot| match slot {
        Slot::Present { salt, bytes } => {
            v1::Slot { salt: copy(salt), bytes: bytes.clone(), digest: Bytes::new() }
        }
        Slot::Absent { digest } => {
            v1::Slot { salt: Bytes::new(), bytes: Bytes::new(), digest: copy(digest) }
        }
    };
    parts.slots().iter().map(slot).collect()
}

fn fill(fill: Fill) -> v1::Fill {
    let entries = fill.entries.into_iter();
    v1::Fill {
        ledger: fill.ledger.to_string(),
        entries: entries
            .map(|(index, parts)| v1::FillEntry { index, slots: slots(&parts) })
            .collect(),
    }
}

fn want(want: Want) -> v1::Want {
    let ranges = want.ranges.into_iter();
    v1::Want {
        id: want.id,
        ledger: want.ledger.to_string(),
        ranges: ranges.map(|range| v1::Range { start: range.start, end: range.end }).collect(),
    }
}

fn proof(proof: Proof) -> v1::Proof {
    v1::Proof {
        ledger: proof.ledger.to_string(),
        old_size: proof.old_size,
        new_size: proof.new_size,
        old_root: copy(&proof.old_root),
        new_seal: proof.new_seal.unwrap_or_default(),
        consistency: proof.consistency.iter().map(|hash: &Hash| copy(hash)).collect(),
    }
}

fn held_reason(reason: HeldReason) -> v1::HeldReason {
    match reason {
        HeldReason::UnknownHall => v1::HeldReason::UnknownHall,
        HeldReason::UnknownKey => v1::HeldReason::UnknownKey,
        HeldReason::OverLimit => v1::HeldReason::OverLimit,
        HeldReason::Frozen => v1::HeldReason::Frozen,
        HeldReason::NotCarried => v1::HeldReason::NotCarried,
    }
}

fn copy(bytes: &[u8]) -> Bytes {
    Bytes::copy_from_slice(bytes)
}
