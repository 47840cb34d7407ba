//! A checked submission becomes an entry: stamp, salt, claims for the register.

use ledger::{Claims, Disk, OwnEntry, Reader, RecordClaim};
use policy::Acts;
use record::{Class, HallId, Lane, NaturalKey, Profile, RecordId, Salt, Stamp, Timestamp};
use wire::check::Checked;
use wire::status::{Failure, violation_to};
use wire::v1;

use crate::birth::{self, Naming};
use crate::steward::{self, Ground};

/// An entry on its way to the door, and what its acknowledgement will say.
pub(crate) struct Draft {
    pub(crate) entry: OwnEntry,
    pub(crate) record: RecordId,
    pub(crate) revision: u32,
    /// Rules it breaks and goes in with.
    pub(crate) marks: Vec<v1::Violation>,
    /// What is said unless the message is a repetition: the register is asked only for that.
    pub(crate) unless_repeated: Option<Failure>,
    /// The permit that stands right behind it, born in this closing.
    pub(crate) born: Option<RecordId>,
}

/// Whose hall, and what the acts say of the moment.
pub(crate) struct Here<'a> {
    pub(crate) hall: &'a HallId,
    pub(crate) acts: &'a Acts,
    pub(crate) now: Timestamp,
}

impl Draft {
    /// A record on its way into this hall's records, by whatever road.
    pub(crate) fn new<D: Disk>(
        checked: &Checked,
        submitter: &str,
        reader: &Reader<D>,
        here: &Here<'_>,
    ) -> Result<Self, Failure> {
        Self::made((Lane::Records, None), checked, submitter, reader, here)
    }

    /// The same of a system's submission, judged under `profile`: a closing bears its permit.
    pub(crate) fn bearing<D: Disk>(
        profile: Profile,
        checked: &Checked,
        submitter: &str,
        reader: &Reader<D>,
        here: &Here<'_>,
    ) -> Result<Self, Failure> {
        Self::made((Lane::Records, Some(profile)), checked, submitter, reader, here)
    }

    /// An entry of this hall's private ledger.
    pub(crate) fn private<D: Disk>(
        checked: &Checked,
        submitter: &str,
        reader: &Reader<D>,
        here: &Here<'_>,
    ) -> Result<Self, Failure> {
        Self::made((Lane::Private, None), checked, submitter, reader, here)
    }

    fn made<D: Disk>(
        (lane, births): (Lane, Option<Profile>),
        checked: &Checked,
        submitter: &str,
        reader: &Reader<D>,
        here: &Here<'_>,
    ) -> Result<Self, Failure> {
        let revises = checked.head.revises.as_ref();
        let ground = revises.map(|revises| steward::ground(revises, reader, here.acts, here.hall));
        let ground = ground.transpose()?;
        let stamp = stamp(checked, submitter, ground.as_ref(), here.now)?;
        let (child, named) = match (Naming::of(checked, ground.as_ref(), reader)?, births) {
            (Naming::Kept(permit), _) => (None, Some(permit)),
            (Naming::Unborn, Some(profile)) => {
                let child = birth::born(checked, profile, &stamp, reader, here)?;
                let named = child.as_ref().map(|child| child.record);
                (child, named)
            }
            (Naming::Unborn, None) | (Naming::AsItIs, _) => (None, None),
        };
        let mut salt = [0; 32];
        rand::fill(&mut salt);
        let claims = claims(checked, &stamp, ground.as_ref());
        let ledger = reader.own_ledger(lane);
        let parts = match named {
            Some(permit) => checked.clone().naming_permit(permit).parts(&stamp),
            None => checked.parts(&stamp),
        };
        let entry = OwnEntry::new(ledger, checked.label, Salt(salt), parts, claims)
            .map_err(|error| Failure::new(Class::Invalid, "record-too-large", error.to_string()))?;
        let unless_repeated = match ground {
            Some(Ground::Moved(failure) | Ground::Stale(failure)) => Some(failure),
            Some(Ground::Registered { .. } | Ground::TakenOver { .. }) | None => None,
        };
        let (record, revision) = (stamp.record, stamp.revision);
        let marks = checked.marks.iter().map(violation_to).collect();
        let alone = Self { entry, record, revision, marks, unless_repeated, born: None };
        Ok(match child {
            Some(child) => alone.with(child),
            None => alone,
        })
    }

    /// The same with the permit born in it right behind it.
    fn with(mut self, child: Self) -> Self {
        self.marks.extend(child.marks);
        Self { entry: self.entry.followed_by(child.entry), born: Some(child.record), ..self }
    }
}

fn stamp(
    checked: &Checked,
    submitter: &str,
    ground: Option<&Ground>,
    now: Timestamp,
) -> Result<Stamp, Failure> {
    let (record, revision) = match &checked.head.revises {
        None => {
            let mut randomness = [0; 10];
            rand::fill(&mut randomness);
            (RecordId::new(now, randomness), 1)
        }
        Some(revises) => {
            let next = revises.revision.checked_add(1).ok_or_else(|| {
                Failure::new(
                    Class::Invalid,
                    "revision-overflow",
                    "head.revises.revision is too large",
                )
            })?;
            (revises.record, next)
        }
    };
    // None when it is not the latest: then the register refuses the entry, or knows the message.
    let previous_commitment = match ground {
        Some(Ground::Registered { previous }) => previous.as_ref().map(|stood| stood.commitment),
        Some(Ground::TakenOver { previous }) => Some(previous.commitment),
        Some(Ground::Moved(_) | Ground::Stale(_)) | None => None,
    };
    Ok(Stamp {
        record,
        submitter: submitter.to_owned(),
        revision,
        accepted_at: now,
        previous_commitment,
    })
}

fn claims(checked: &Checked, stamp: &Stamp, ground: Option<&Ground>) -> Claims {
    let head = &checked.head;
    let replaces = head.revises.as_ref().map(|revises| revises.revision);
    let replaces = match ground {
        // The first revision here of a record that the register does not know yet.
        Some(Ground::TakenOver { .. }) => None,
        // No revision has this number: nothing but a repetition passes.
        Some(Ground::Moved(_) | Ground::Stale(_)) => Some(0),
        Some(Ground::Registered { .. }) | None => replaces,
    };
    Claims {
        message: Some((stamp.submitter.clone(), head.message_id.clone(), checked.content)),
        record: Some(RecordClaim {
            record_id: stamp.record.to_string(),
            replaces,
            revision: stamp.revision,
        }),
        natural_key: if head.revises.is_none() { natural_key(checked) } else { None },
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
