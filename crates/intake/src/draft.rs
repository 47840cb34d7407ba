//! A checked submission becomes an entry: stamp, salt, claims for the register.

use ledger::{Claims, Disk, OwnEntry, Reader, RecordClaim};
use record::{Class, Lane, NaturalKey, RecordId, Salt, Stamp, Timestamp};
use wire::check::Checked;
use wire::status::Failure;

/// An entry on its way to the door, and what its acknowledgement will say.
pub(crate) struct Draft {
    pub(crate) entry: OwnEntry,
    pub(crate) record: RecordId,
    pub(crate) revision: u32,
}

impl Draft {
    pub(crate) fn new<D: Disk>(
        checked: &Checked,
        submitter: &str,
        reader: &Reader<D>,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let stamp = stamp(checked, submitter, reader, now)?;
        let (record, revision) = (stamp.record, stamp.revision);
        let mut salt = [0; 32];
        rand::fill(&mut salt);
        let claims = claims(checked, &stamp);
        let ledger = reader.own_ledger(Lane::Records);
        let parts = checked.parts(&stamp);
        let entry = OwnEntry::new(ledger, checked.label, Salt(salt), parts, claims)
            .map_err(|error| Failure::new(Class::Invalid, "record-too-large", error.to_string()))?;
        Ok(Self { entry, record, revision })
    }
}

fn stamp<D: Disk>(
    checked: &Checked,
    submitter: &str,
    reader: &Reader<D>,
    now: Timestamp,
) -> Result<Stamp, Failure> {
    let (record, revision, previous_commitment) = match &checked.head.revises {
        None => {
            let mut randomness = [0; 10];
            rand::fill(&mut randomness);
            (RecordId::new(now, randomness), 1, None)
        }
        Some(revises) => {
            let next = revises.revision.checked_add(1).ok_or_else(|| {
                Failure::new(
                    Class::Invalid,
                    "revision-overflow",
                    "head.revises.revision is too large",
                )
            })?;
            (revises.record, next, previous(revises, reader)?)
        }
    };
    Ok(Stamp {
        record,
        submitter: submitter.to_owned(),
        revision,
        accepted_at: now,
        previous_commitment,
    })
}

/// The commitment of the revision that is replaced. None when it is not the latest: then the register
/// refuses the entry as stale, or knows the message.
fn previous<D: Disk>(
    revises: &record::Revises,
    reader: &Reader<D>,
) -> Result<Option<record::Hash>, Failure> {
    let unreadable = |error: ledger::ReadError| {
        let error: &dyn std::error::Error = &error;
        tracing::error!(error, "revision is not readable");
        Failure::new(Class::Corrupt, "ledger-unreadable", "the revised record cannot be read")
    };
    let place = reader.place(&revises.record.to_string()).map_err(unreadable)?;
    let Some(place) = place.filter(|place| place.revision == revises.revision) else {
        return Ok(None);
    };
    let leaf = reader.leaf(&place.ledger, place.index).map_err(unreadable)?;
    Ok(leaf.map(|leaf| leaf.commitment))
}

fn claims(checked: &Checked, stamp: &Stamp) -> Claims {
    let head = &checked.head;
    let replaces = head.revises.as_ref().map(|revises| revises.revision);
    Claims {
        message: Some((stamp.submitter.clone(), head.message_id.clone(), checked.content)),
        record: Some(RecordClaim {
            record_id: stamp.record.to_string(),
            replaces,
            revision: stamp.revision,
        }),
        natural_key: if replaces.is_none() { natural_key(checked) } else { None },
    }
}

/// Canonical text of the natural key (业务主键): authority, kind, document number, party, ordinal. The
/// party comes from the body, where natural persons stand in the closed part; the register keeps a
/// keyed fingerprint of this text and never the text.
fn natural_key(checked: &Checked) -> Option<String> {
    let head = &checked.head;
    let authority = head.authority.as_ref()?;
    let from_body = checked.body.as_ref().and_then(record::Body::key);
    let named = head.natural_key.as_ref();
    let (number, party) = match (from_body, named) {
        (Some(pair), _) => pair,
        (None, Some(NaturalKey { document_number, party, .. })) => (&**document_number, &**party),
        (None, None) => return None,
    };
    let ordinal = named.map_or(0, |key| key.ordinal);
    let (kind, code) = (head.kind.as_str(), &authority.code);
    Some([code.as_str(), kind, number, party, &ordinal.to_string()].join("\u{1f}"))
}
