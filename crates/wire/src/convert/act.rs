//! Acts, read and written.
//!
//! A later version's act reads as [`Act::Unknown`], and a later version's audience term is left out:
//! a term adds rights, so what is not understood gives none.

mod ruling;

pub use ruling::{handover_to, ruling_to};

use bytes::Bytes;
use record::{
    ACT_LIST_MAX, ACT_TEXT_MAX, Act, Audience, AudienceNumber, Continuation, ForkProof, Hash, Head,
    KeyChange, Kind, Member, MemberState, PartSet, Pin, Stamp, Term, Who,
};

use super::{ReadError, decode, hash, head_to_bytes, parsed, to_bytes, wrong};
use crate::v1;

/// Reads an act as an operator asks for it.
pub fn act_from(act: v1::act::Act) -> Result<Act, ReadError> {
    let act = Some(v1::open::Body::Act(v1::Act { act: Some(act) }));
    act_from_open(&to_bytes(&v1::Open { body: act }))
}

/// Reads an act from an entry's open part.
pub fn act_from_open(open: &[u8]) -> Result<Act, ReadError> {
    let open: v1::Open = decode("open", open)?;
    let Some(v1::open::Body::Act(act)) = open.body else {
        return Err(wrong("open.act", "the open part carries no act"));
    };
    match act.act {
        Some(v1::act::Act::Member(member)) => member_from(member).map(Act::Member),
        Some(v1::act::Act::KeyChange(change)) => key_change_from(change).map(Act::KeyChange),
        Some(v1::act::Act::Audience(audience)) => audience_from(audience).map(Act::Audience),
        Some(v1::act::Act::Continuation(act)) => continuation_from(act).map(Act::Continuation),
        Some(v1::act::Act::ForkProof(proof)) => fork_proof_from(proof).map(Act::ForkProof),
        Some(v1::act::Act::Ruling(ruling)) => ruling::ruling_from(ruling).map(Act::Ruling),
        Some(v1::act::Act::Handover(act)) => ruling::handover_from(act).map(Act::Handover),
        None => Ok(Act::Unknown),
    }
}

/// Writes the open part of an act; [`Act::Unknown`] becomes an act without content.
pub fn act_to_open(act: &Act) -> Bytes {
    let act = match act {
        Act::Member(member) => Some(v1::act::Act::Member(member_to(member))),
        Act::KeyChange(change) => Some(v1::act::Act::KeyChange(key_change_to(change))),
        Act::Audience(audience) => Some(v1::act::Act::Audience(audience_to(audience))),
        Act::Continuation(act) => Some(v1::act::Act::Continuation(v1::Continuation {
            previous_ledger: act.previous_ledger.to_string(),
            previous_size: act.previous_size,
            previous_root: Bytes::copy_from_slice(&act.previous_root),
            reason: act.reason.clone(),
        })),
        Act::ForkProof(proof) => Some(v1::act::Act::ForkProof(v1::ForkProof {
            ledger: proof.ledger.to_string(),
            seal: proof.seal.clone(),
            other_seal: proof.other_seal.clone(),
            other_root: Bytes::copy_from_slice(&proof.other_root),
            consistency: proof.consistency.iter().map(copy).collect(),
        })),
        Act::Ruling(ruling) => Some(v1::act::Act::Ruling(ruling_to(ruling))),
        Act::Handover(handover) => Some(v1::act::Act::Handover(handover_to(handover))),
        Act::Unknown => None,
    };
    to_bytes(&v1::Open { body: Some(v1::open::Body::Act(v1::Act { act })) })
}

/// The two parts of an act's entry: head and open. The message id is the record id: a hall that
/// writes an act has no submitter to name one.
pub fn act_to_parts(act: &Act, stamp: &Stamp) -> [Bytes; 2] {
    let head = Head {
        message_id: stamp.record.to_string(),
        kind: Kind::Act,
        revises: None,
        natural_key: None,
        authority: None,
        division: None,
        happened_at: Some(stamp.accepted_at),
        stamp: Some(stamp.clone()),
    };
    [head_to_bytes(&head), act_to_open(act)]
}

fn member_from(member: v1::Member) -> Result<Member, ReadError> {
    let state = match member.state() {
        v1::MemberState::Active => MemberState::Active,
        v1::MemberState::Closed => MemberState::Closed,
        v1::MemberState::Revoked => MemberState::Revoked,
        v1::MemberState::Unspecified => {
            return Err(wrong("open.act.member.state", "not a state of a member"));
        }
    };
    let parent = match member.parent.as_str() {
        "" => None,
        text => Some(parsed("open.act.member.parent", text)?),
    };
    Ok(Member {
        hall: parsed("open.act.member.hall", &member.hall)?,
        state,
        name: text("open.act.member.name", member.name)?,
        divisions: texts("open.act.member.divisions", member.divisions)?,
        parent,
        endpoints: texts("open.act.member.endpoints", member.endpoints)?,
        log_keys: texts("open.act.member.log_keys", member.log_keys)?,
        holder_keys: texts("open.act.member.holder_keys", member.holder_keys)?,
        powers: texts("open.act.member.powers", member.powers)?,
        pins: list("open.act.member.pins", member.pins, |pin| pin_from(&pin))?,
    })
}

/// A member as the directory shows it.
pub fn member_to(member: &Member) -> v1::Member {
    let state = match member.state {
        MemberState::Active => v1::MemberState::Active,
        MemberState::Closed => v1::MemberState::Closed,
        MemberState::Revoked => v1::MemberState::Revoked,
    };
    let pin_to = |pin: &Pin| v1::Pin {
        ledger: pin.ledger.to_string(),
        size: pin.size,
        root: copy(&pin.root),
    };
    v1::Member {
        hall: member.hall.to_string(),
        state: state.into(),
        name: member.name.clone(),
        divisions: member.divisions.clone(),
        parent: member.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
        endpoints: member.endpoints.clone(),
        log_keys: member.log_keys.clone(),
        holder_keys: member.holder_keys.clone(),
        powers: member.powers.clone(),
        pins: member.pins.iter().map(pin_to).collect(),
    }
}

fn pin_from(pin: &v1::Pin) -> Result<Pin, ReadError> {
    Ok(Pin {
        ledger: parsed("open.act.member.pins.ledger", &pin.ledger)?,
        size: pin.size,
        root: hash("open.act.member.pins.root", &pin.root)?,
    })
}

fn key_change_from(change: v1::KeyChange) -> Result<KeyChange, ReadError> {
    let from = |from: v1::KeyChangeFrom| {
        Ok((parsed("open.act.key_change.from.ledger", &from.ledger)?, from.size))
    };
    Ok(KeyChange {
        new_key: text("open.act.key_change.new_key", change.new_key)?,
        from: list("open.act.key_change.from", change.from, from)?,
    })
}

fn key_change_to(change: &KeyChange) -> v1::KeyChange {
    let from = change
        .from
        .iter()
        .map(|(ledger, size)| v1::KeyChangeFrom { ledger: ledger.to_string(), size: *size });
    v1::KeyChange { new_key: change.new_key.clone(), from: from.collect() }
}

fn audience_from(audience: v1::Audience) -> Result<Audience, ReadError> {
    if audience.number == 0 {
        return Err(wrong("open.act.audience.number", "0 is the class's default"));
    }
    let terms = list("open.act.audience.terms", audience.terms, term_from)?;
    Ok(Audience {
        number: AudienceNumber(audience.number),
        title: text("open.act.audience.title", audience.title)?,
        terms: terms.into_iter().flatten().collect(),
    })
}

fn term_from(term: v1::AudienceTerm) -> Result<Option<Term>, ReadError> {
    use v1::audience_term::Who as Wire;
    let who = match term.who {
        Some(Wire::Hall(hall)) => Who::Hall(parsed("open.act.audience.terms.hall", &hall)?),
        Some(Wire::Subtree(hall)) => {
            Who::Subtree(parsed("open.act.audience.terms.subtree", &hall)?)
        }
        Some(Wire::PathUp(true)) => Who::PathUp,
        Some(Wire::Everyone(true)) => Who::Everyone,
        Some(Wire::PathUp(false) | Wire::Everyone(false)) | None => return Ok(None),
    };
    let parts = match u8::try_from(term.parts & u32::from(PartSet::ALL.bits())) {
        _ if term.parts == 0 => PartSet::ALL,
        Ok(bits) => PartSet::from_bits(bits),
        Err(_) => PartSet::NONE,
    };
    Ok(Some(Term { who, parts }))
}

/// A term without parts is not written: on the wire 0 means all parts.
fn audience_to(audience: &Audience) -> v1::Audience {
    use v1::audience_term::Who as Wire;
    let term_to = |term: &Term| v1::AudienceTerm {
        parts: if term.parts == PartSet::ALL { 0 } else { term.parts.bits().into() },
        who: Some(match &term.who {
            Who::Hall(hall) => Wire::Hall(hall.to_string()),
            Who::Subtree(hall) => Wire::Subtree(hall.to_string()),
            Who::PathUp => Wire::PathUp(true),
            Who::Everyone => Wire::Everyone(true),
        }),
    };
    let terms = audience.terms.iter().filter(|term| !term.parts.is_empty());
    v1::Audience {
        number: audience.number.0,
        title: audience.title.clone(),
        terms: terms.map(term_to).collect(),
    }
}

fn continuation_from(act: v1::Continuation) -> Result<Continuation, ReadError> {
    Ok(Continuation {
        previous_ledger: parsed("open.act.continuation.previous_ledger", &act.previous_ledger)?,
        previous_size: act.previous_size,
        previous_root: hash("open.act.continuation.previous_root", &act.previous_root)?,
        reason: text("open.act.continuation.reason", act.reason)?,
    })
}

fn fork_proof_from(proof: v1::ForkProof) -> Result<ForkProof, ReadError> {
    let one = |bytes: Bytes| -> Result<Hash, ReadError> {
        hash("open.act.fork_proof.consistency", &bytes)
    };
    Ok(ForkProof {
        ledger: parsed("open.act.fork_proof.ledger", &proof.ledger)?,
        seal: text("open.act.fork_proof.seal", proof.seal)?,
        other_seal: text("open.act.fork_proof.other_seal", proof.other_seal)?,
        other_root: hash("open.act.fork_proof.other_root", &proof.other_root)?,
        consistency: list("open.act.fork_proof.consistency", proof.consistency, one)?,
    })
}

fn text(field: &'static str, text: String) -> Result<String, ReadError> {
    if text.len() > ACT_TEXT_MAX {
        return Err(wrong(field, format!("longer than ACT_TEXT_MAX, {ACT_TEXT_MAX} bytes")));
    }
    Ok(text)
}

fn texts(field: &'static str, texts: Vec<String>) -> Result<Vec<String>, ReadError> {
    list(field, texts, |one| text(field, one))
}

fn list<A, B>(
    field: &'static str,
    items: Vec<A>,
    read: impl FnMut(A) -> Result<B, ReadError>,
) -> Result<Vec<B>, ReadError> {
    if items.len() > ACT_LIST_MAX {
        return Err(wrong(field, format!("more than ACT_LIST_MAX, {ACT_LIST_MAX} items")));
    }
    items.into_iter().map(read).collect()
}

fn copy(hash: &Hash) -> Bytes {
    Bytes::copy_from_slice(hash)
}
