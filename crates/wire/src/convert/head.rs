//! The head of a record, read and written.

use bytes::Bytes;
use record::{
    Authority, CodeSystem, Division, Head, NaturalKey, RecordId, Revises, RevisionKind, Stamp,
};

use super::{ReadError, decode, hash, parsed, to_bytes, wrong};
use crate::v1;

/// Reads a head, stamped or not.
pub fn head_from_bytes(bytes: &[u8]) -> Result<Head, ReadError> {
    head_from(decode("head", bytes)?)
}

/// Writes a head in the schema's canonical order. Only for heads this process makes: a submitter's
/// bytes are kept as they came.
pub fn head_to_bytes(head: &Head) -> Bytes {
    to_bytes(&v1::Head {
        message_id: head.message_id.clone(),
        kind: head.kind.to_string(),
        revises: head.revises.as_ref().map(revises_to),
        natural_key: head.natural_key.as_ref().map(|key| v1::NaturalKey {
            document_number: key.document_number.clone(),
            party: key.party.clone(),
            ordinal: key.ordinal,
        }),
        authority: head.authority.as_ref().map(|authority| v1::Authority {
            code: authority.code.clone(),
            name: authority.name.clone(),
        }),
        division: head.division.as_ref().map(|division| v1::Division {
            code: division.code.clone(),
            system: division.system.as_str().to_owned(),
            on: division.on.to_string(),
        }),
        happened_at: head.happened_at.map(|at| at.to_string()).unwrap_or_default(),
        stamp: head.stamp.as_ref().map(stamp_to),
    })
}

pub(crate) fn stamp_to(stamp: &Stamp) -> v1::Stamp {
    v1::Stamp {
        record_id: stamp.record.to_string(),
        submitter: stamp.submitter.clone(),
        revision: stamp.revision,
        accepted_at: stamp.accepted_at.to_string(),
        previous_commitment: stamp
            .previous_commitment
            .map(|hash| Bytes::copy_from_slice(&hash))
            .unwrap_or_default(),
    }
}

/// The way of revising; none when it is not said.
pub(crate) fn revision_kind_from(kind: v1::RevisionKind) -> Option<RevisionKind> {
    match kind {
        v1::RevisionKind::Unspecified => None,
        v1::RevisionKind::Correction => Some(RevisionKind::Correction),
        v1::RevisionKind::Withdrawal => Some(RevisionKind::Withdrawal),
        v1::RevisionKind::Replacement => Some(RevisionKind::Replacement),
        v1::RevisionKind::CreditRepair => Some(RevisionKind::CreditRepair),
        v1::RevisionKind::Progress => Some(RevisionKind::Progress),
        v1::RevisionKind::Expiry => Some(RevisionKind::Expiry),
    }
}

fn revises_from(revises: v1::Revises) -> Result<Revises, ReadError> {
    let kind = revision_kind_from(revises.kind())
        .ok_or_else(|| wrong("head.revises.kind", "not a way of revising"))?;
    Ok(Revises {
        record: record_id("head.revises.record_id", &revises.record_id)?,
        revision: revises.revision,
        kind,
        successor: (!revises.successor_record_id.is_empty())
            .then(|| record_id("head.revises.successor_record_id", &revises.successor_record_id))
            .transpose()?,
        successor_number: revises.successor_document_number,
        reason: revises.reason,
    })
}

fn head_from(head: v1::Head) -> Result<Head, ReadError> {
    let happened_at = match head.happened_at.as_str() {
        "" => None,
        text => Some(parsed("head.happened_at", text)?),
    };
    Ok(Head {
        kind: parsed("head.kind", &head.kind)?,
        revises: head.revises.map(revises_from).transpose()?,
        natural_key: head.natural_key.map(|key| NaturalKey {
            document_number: key.document_number,
            party: key.party,
            ordinal: key.ordinal,
        }),
        authority: head
            .authority
            .map(|authority| Authority { code: authority.code, name: authority.name }),
        division: head.division.map(division_from).transpose()?,
        happened_at,
        stamp: head.stamp.map(stamp_from).transpose()?,
        message_id: head.message_id,
    })
}

fn division_from(division: v1::Division) -> Result<Division, ReadError> {
    let system = CodeSystem::ALL
        .into_iter()
        .find(|system| system.as_str() == division.system)
        .ok_or_else(|| wrong("head.division.system", "not mca, nbs or office"))?;
    Ok(Division { system, on: parsed("head.division.on", &division.on)?, code: division.code })
}

fn stamp_from(stamp: v1::Stamp) -> Result<Stamp, ReadError> {
    let previous_commitment = match &stamp.previous_commitment[..] {
        [] => None,
        bytes => Some(hash("head.stamp.previous_commitment", bytes)?),
    };
    Ok(Stamp {
        record: record_id("head.stamp.record_id", &stamp.record_id)?,
        submitter: stamp.submitter,
        revision: stamp.revision,
        accepted_at: parsed("head.stamp.accepted_at", &stamp.accepted_at)?,
        previous_commitment,
    })
}

/// The way of revising, for the wire.
pub fn revision_kind_to(kind: RevisionKind) -> v1::RevisionKind {
    match kind {
        RevisionKind::Correction => v1::RevisionKind::Correction,
        RevisionKind::Withdrawal => v1::RevisionKind::Withdrawal,
        RevisionKind::Replacement => v1::RevisionKind::Replacement,
        RevisionKind::CreditRepair => v1::RevisionKind::CreditRepair,
        RevisionKind::Progress => v1::RevisionKind::Progress,
        RevisionKind::Expiry => v1::RevisionKind::Expiry,
    }
}

fn revises_to(revises: &Revises) -> v1::Revises {
    let kind = revision_kind_to(revises.kind);
    v1::Revises {
        record_id: revises.record.to_string(),
        revision: revises.revision,
        kind: kind.into(),
        reason: revises.reason.clone(),
        successor_record_id: revises.successor.map(|id| id.to_string()).unwrap_or_default(),
        successor_document_number: revises.successor_number.clone(),
    }
}

fn record_id(field: &'static str, text: &str) -> Result<RecordId, ReadError> {
    parsed(field, text)
}
