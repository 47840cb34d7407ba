//! From generated frames to typed ones: every name parsed, every length and limit checked, the leaf
//! of a whole entry computed from its parts so that nobody downstream can forget to.

use std::ops::Range;
use std::str::FromStr;

use bytes::Bytes;
use record::{COMMIT_ENTRIES_MAX, HallId, Label, Leaf, LedgerName, Parts, Slot};

use super::{
    BUCKETS, Batch, CARRIES_HALLS_MAX, Carries, Durable, Fill, Frame, FrameError, HEADS_MAX, Heads,
    Held, HeldReason, Hello, LedgerHead, NOTE_BYTES_MAX, PROOF_HASHES_MAX, Proof, Prove,
    SignedReceipt, WANT_RANGES_MAX, Want, WantAnswer,
};
use crate::v1;

type Read<T> = Result<T, FrameError>;

pub(super) fn frame(frame: v1::Frame) -> Read<Frame> {
    use v1::frame::Frame as Generated;
    let inner = frame.frame.ok_or_else(|| wrong("frame", "is absent or of a later version"))?;
    Ok(match inner {
        Generated::Hello(inner) => Frame::Hello(hello(inner)?),
        Generated::Heads(inner) => Frame::Heads(heads(inner)?),
        Generated::Batch(inner) => Frame::Batch(batch(inner)?),
        Generated::Fill(inner) => Frame::Fill(fill(inner)?),
        Generated::Want(inner) => Frame::Want(want(inner)?),
        Generated::WantAnswer(inner) => Frame::WantAnswer(WantAnswer {
            id: inner.id,
            ledger: ledger("want_answer.ledger", &inner.ledger)?,
            sent: inner.sent,
            refused: inner.refused,
        }),
        Generated::Durable(inner) => Frame::Durable(Durable {
            ledger: ledger("durable.ledger", &inner.ledger)?,
            size: inner.size,
        }),
        Generated::Receipt(inner) => Frame::Receipt(receipt(inner)?),
        Generated::Prove(inner) => Frame::Prove(Prove {
            ledger: ledger("prove.ledger", &inner.ledger)?,
            old_size: inner.old_size,
            new_size: inner.new_size,
        }),
        Generated::Proof(inner) => Frame::Proof(proof(inner)?),
        Generated::Credit(inner) => Frame::Credit(inner.bytes),
        Generated::Held(inner) => Frame::Held(held(&inner)?),
        Generated::Bye(inner) => Frame::Bye(note("bye.reason", inner.reason)?),
    })
}

fn hello(hello: v1::Hello) -> Read<Hello> {
    let mut buckets = Box::new([[0; 8]; BUCKETS]);
    if hello.buckets.len() != BUCKETS * 8 {
        return Err(wrong("hello.buckets", "is not 256 digests of 8 bytes"));
    }
    for (bucket, digest) in buckets.iter_mut().zip(hello.buckets.chunks_exact(8)) {
        bucket.copy_from_slice(digest);
    }
    let carries = hello.carries.unwrap_or_default();
    let carries = if carries.everything {
        Carries::Everything
    } else {
        limit("hello.carries.halls", carries.halls.len(), CARRIES_HALLS_MAX)?;
        let halls = carries.halls.iter().map(|hall| parsed("hello.carries.halls", hall));
        Carries::Halls(halls.collect::<Read<_>>()?)
    };
    limit("hello.versions", hello.versions.len(), 16)?;
    Ok(Hello {
        versions: hello.versions,
        record_bytes: hello.record_bytes,
        credit_bytes: hello.credit_bytes,
        clock_ms: hello.clock_ms,
        log_id: fixed("hello.log_id", &hello.log_id)?,
        carries,
        buckets,
    })
}

fn heads(heads: v1::Heads) -> Read<Heads> {
    limit("heads.heads", heads.heads.len(), HEADS_MAX)?;
    let read = |head: v1::LedgerHead| {
        Ok(LedgerHead {
            ledger: ledger("heads.ledger", &head.ledger)?,
            size: head.size,
            root: fixed("heads.root", &head.root)?,
        })
    };
    let list = heads.heads.into_iter().map(read).collect::<Read<_>>()?;
    Ok(Heads { heads: list, last: heads.last })
}

fn batch(batch: v1::Batch) -> Read<Batch> {
    let ledger = ledger("batch.ledger", &batch.ledger)?;
    limit("batch.entries", batch.entries.len(), COMMIT_ENTRIES_MAX)?;
    if batch.entries.is_empty() {
        return Err(wrong("batch.entries", "is empty"));
    }
    let entries =
        batch.entries.into_iter().map(|one| entry(&ledger, one)).collect::<Read<Vec<_>>>()?;
    let count = u64::try_from(entries.len()).map_err(|_| wrong("batch.entries", "is too long"))?;
    if batch.first.checked_add(count).is_none() {
        return Err(wrong("batch.first", "overflows"));
    }
    Ok(Batch { ledger, first: batch.first, entries, seal: note("batch.seal", batch.seal)? })
}

fn entry(ledger: &LedgerName, entry: v1::Entry) -> Read<(Leaf, Parts)> {
    let label = Label::from_bytes(fixed("entry.label", &entry.label)?)
        .map_err(|error| wrong("entry.label", &error.to_string()))?;
    let parts = parts(entry.slots)?;
    let commitment = match parts.commitment(ledger) {
        Some(computed) if entry.commitment.is_empty() => computed,
        Some(_) => return Err(wrong("entry.commitment", "stands beside slots")),
        None => fixed("entry.commitment", &entry.commitment)?,
    };
    Ok((Leaf { label, commitment }, parts))
}

fn parts(slots: Vec<v1::Slot>) -> Read<Parts> {
    let slots = slots.into_iter().map(slot).collect::<Read<Vec<_>>>()?;
    Parts::from_slots(slots).map_err(|error| wrong("entry.slots", &error.to_string()))
}

fn slot(slot: v1::Slot) -> Read<Slot> {
    if slot.salt.is_empty() {
        return Ok(Slot::Absent { digest: fixed("slot.digest", &slot.digest)? });
    }
    if !slot.digest.is_empty() {
        return Err(wrong("slot.digest", "stands beside a salt"));
    }
    Ok(Slot::Present { salt: fixed("slot.salt", &slot.salt)?, bytes: slot.bytes })
}

fn fill(fill: v1::Fill) -> Read<Fill> {
    limit("fill.entries", fill.entries.len(), COMMIT_ENTRIES_MAX)?;
    let ledger = ledger("fill.ledger", &fill.ledger)?;
    let entries =
        fill.entries.into_iter().map(|one| Ok((one.index, parts(one.slots)?))).collect::<Read<_>>();
    Ok(Fill { ledger, entries: entries? })
}

fn want(want: v1::Want) -> Read<Want> {
    limit("want.ranges", want.ranges.len(), WANT_RANGES_MAX)?;
    let range = |range: v1::Range| {
        if range.start >= range.end {
            return Err(wrong("want.ranges", "has an empty range"));
        }
        Ok(Range { start: range.start, end: range.end })
    };
    let ranges = want.ranges.into_iter().map(range).collect::<Read<_>>()?;
    Ok(Want { id: want.id, ledger: ledger("want.ledger", &want.ledger)?, ranges })
}

fn receipt(receipt: v1::Receipt) -> Read<SignedReceipt> {
    Ok(SignedReceipt {
        holder: parsed("receipt.holder", &receipt.holder)?,
        ledger: ledger("receipt.ledger", &receipt.ledger)?,
        size: receipt.size,
        cosigned_seal: note("receipt.cosigned_seal", receipt.cosigned_seal)?,
        holding_note: note("receipt.holding_note", receipt.holding_note)?,
    })
}

fn proof(proof: v1::Proof) -> Read<Proof> {
    limit("proof.consistency", proof.consistency.len(), PROOF_HASHES_MAX)?;
    let hashes = proof.consistency.iter().map(|hash| fixed("proof.consistency", hash));
    Ok(Proof {
        ledger: ledger("proof.ledger", &proof.ledger)?,
        old_size: proof.old_size,
        new_size: proof.new_size,
        old_root: fixed("proof.old_root", &proof.old_root)?,
        new_seal: Some(note("proof.new_seal", proof.new_seal)?).filter(|seal| !seal.is_empty()),
        consistency: hashes.collect::<Read<_>>()?,
    })
}

fn held(held: &v1::Held) -> Read<Held> {
    let reason = match held.reason() {
        v1::HeldReason::UnknownHall => HeldReason::UnknownHall,
        v1::HeldReason::UnknownKey => HeldReason::UnknownKey,
        v1::HeldReason::Frozen => HeldReason::Frozen,
        v1::HeldReason::NotCarried => HeldReason::NotCarried,
        v1::HeldReason::OverLimit | v1::HeldReason::Unspecified => HeldReason::OverLimit,
    };
    Ok(Held { ledger: ledger("held.ledger", &held.ledger)?, reason })
}

fn ledger(field: &'static str, text: &str) -> Read<LedgerName> {
    parsed(field, text)
}

fn parsed<T>(field: &'static str, text: &str) -> Read<T>
where
    T: FromStr<Err = record::NameError>,
{
    text.parse().map_err(|error: record::NameError| wrong(field, &error.to_string()))
}

/// Hall ids and ledger names parse with one error type.
const _: fn(&str) -> Result<HallId, record::NameError> = str::parse;

fn fixed<const N: usize>(field: &'static str, bytes: &Bytes) -> Read<[u8; N]> {
    bytes.as_ref().try_into().map_err(|_| wrong(field, &format!("is not {N} bytes")))
}

fn note(field: &'static str, text: String) -> Read<String> {
    limit(field, text.len(), NOTE_BYTES_MAX)?;
    Ok(text)
}

fn limit(field: &'static str, found: usize, most: usize) -> Read<()> {
    if found > most {
        return Err(wrong(field, &format!("has {found}, the limit is {most}")));
    }
    Ok(())
}

fn wrong(field: &'static str, what: &str) -> FrameError {
    FrameError { field, what: what.to_owned() }
}
