//! From a submission to what may be decided on: read once, judged once, every violation told.
//!
//! The bytes go on as they came. A submission without violations can still be refused: by policy
//! (may this system say that?) or by the register (is the message id, the key, the revision free?).

use std::fmt;

use bytes::Bytes;
use prost::Message;
use record::validate::{Envelope, RevisesText, malformed, wrong_body};
use record::{
    AudienceNumber, Body, Hash, Head, Label, Level, Profile, RecordId, Stamp, Timestamp, Violation,
};

use crate::convert::{
    ReadError, body_from_parts, head_from_bytes, head_to_bytes, revision_kind_from,
};
use crate::stamp::{entry_parts, is_stamped, naming_permit, stamped, unstamped_content};
use crate::v1;

/// A submission that breaks no rule.
#[derive(Clone, PartialEq, Eq)]
pub struct Checked {
    /// Its head, without a stamp.
    pub head: Head,
    /// What it says; none for a withdrawal, replacement or credit repair without a body.
    pub body: Option<Body>,
    /// The sharing class and audience it asks for.
    pub label: Label,
    /// The same for every repetition of the same message.
    pub content: Hash,
    /// Rules that it breaks and that do not keep it out.
    pub marks: Vec<Violation>,
    bytes: [Bytes; 3],
}

impl Checked {
    /// What the hall itself enters, judged by whoever wrote it: no submitter's bytes to keep.
    pub fn by_the_hall(head: Head, closed: Bytes, label: Label) -> Self {
        let bytes = [head_to_bytes(&head), Bytes::new(), closed];
        let content = unstamped_content(&bytes[0], &bytes[1], &bytes[2]);
        Self { head, body: None, label, content, marks: Vec::new(), bytes }
    }

    /// A case that names its permit (许可记录编号): the same bytes, and the id behind them. What the
    /// submitter said, by which a repetition is known, is what it was.
    #[must_use]
    pub fn naming_permit(mut self, permit: RecordId) -> Self {
        if let Some(Body::Case(case)) = &mut self.body {
            case.permit_record_id = permit.to_string();
            self.bytes[1] = naming_permit(&self.bytes[1], permit);
        }
        self
    }

    /// The parts of its entry under this stamp: the submitter's bytes, the stamp behind the head.
    pub fn parts(&self, stamp: &Stamp) -> Vec<Bytes> {
        let [head, open, closed] = self.bytes.clone();
        entry_parts(stamped(&head, stamp), open, closed)
    }

    /// Bytes of its parts as submitted.
    pub fn len_bytes(&self) -> usize {
        self.bytes.iter().map(Bytes::len).sum()
    }
}

impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checked")
            .field("head", &self.head)
            .field("body", &self.body)
            .field("label", &self.label)
            .finish_non_exhaustive()
    }
}

/// A submission as judged under a profile.
#[derive(Debug)]
pub struct Judged {
    /// What it says; none when it cannot be read.
    pub checked: Option<Checked>,
    /// Everything that is wrong with it, marks included.
    pub violations: Vec<Violation>,
}

impl Judged {
    /// The heaviest level of what is wrong; none when nothing is.
    pub fn worst(&self) -> Option<Level> {
        self.violations.iter().map(|violation| violation.level).max()
    }
}

/// Reads a submission and judges it under the profile it names: accepted, maybe with marks, or every
/// violation at once.
pub fn check(submission: &v1::Submission, now: Timestamp) -> Result<Checked, Vec<Violation>> {
    let profile = profile_of(submission).map_err(|one| vec![one])?;
    let judged = judge(submission, now, profile);
    match (judged.worst() <= Some(Level::Mark), judged.checked) {
        (true, Some(checked)) => Ok(Checked { marks: judged.violations, ..checked }),
        (_, _) => Err(judged.violations),
    }
}

/// The profile that a submission names; the strict one when it names none.
pub fn profile_of(submission: &v1::Submission) -> Result<Profile, Violation> {
    match &*submission.profile {
        "" => Ok(Profile::default()),
        named => named.parse().map_err(|error| malformed("profile", &error)),
    }
}

/// Reads a submission and judges it under `profile`, whichever it names.
pub fn judge(submission: &v1::Submission, now: Timestamp, profile: Profile) -> Judged {
    let v1::Submission { head, open, closed, sharing_class, audience, .. } = submission;
    let mut violations = Vec::new();
    let body = body_from_parts(open, closed).unwrap_or_else(|error| {
        violations.push(told(&error));
        None
    });
    let wire = match v1::Head::decode(&head[..]) {
        Ok(wire) => wire,
        Err(error) => {
            violations.push(malformed("head", &error));
            return Judged { checked: None, violations };
        }
    };
    let envelope = Envelope {
        bytes: head.len() + open.len() + closed.len(),
        stamped: is_stamped(head),
        sharing_class,
        ..envelope(&wire)
    };
    // A body that could not be read has been told of; it is not missing as well.
    let unread = !violations.is_empty();
    let of_envelope = envelope.validate(body.as_ref(), now, profile);
    violations.extend(of_envelope.into_iter().filter(|one| !(unread && one.field == "open.body")));
    let read = head_from_bytes(head).map_err(|error| told(&error)).and_then(|head_read| {
        let class = sharing_class.parse().map_err(|error| malformed("sharing_class", &error))?;
        Ok(Checked {
            head: head_read,
            body,
            label: Label { class, audience: AudienceNumber(*audience) },
            content: unstamped_content(head, open, closed),
            marks: Vec::new(),
            bytes: [head.clone(), open.clone(), closed.clone()],
        })
    });
    match read {
        Ok(checked) => Judged { checked: (!unread).then_some(checked), violations },
        Err(told) if violations.is_empty() => Judged { checked: None, violations: vec![told] },
        Err(_) => Judged { checked: None, violations },
    }
}

/// The message id of a submission, however wrong the rest is; empty when it cannot be read.
pub fn message_id(submission: &v1::Submission) -> String {
    v1::Head::decode(&submission.head[..]).map(|head| head.message_id).unwrap_or_default()
}

fn envelope(head: &v1::Head) -> Envelope<'_> {
    Envelope {
        message_id: &head.message_id,
        kind: &head.kind,
        revises: head.revises.as_ref().map(revises),
        natural_key: head.natural_key.as_ref().map(|key| (&*key.document_number, &*key.party)),
        authority: head.authority.as_ref().map(|authority| (&*authority.code, &*authority.name)),
        division: head
            .division
            .as_ref()
            .map(|division| (&*division.code, &*division.system, &*division.on)),
        happened_at: &head.happened_at,
        ..Envelope::default()
    }
}

fn revises(revises: &v1::Revises) -> RevisesText<'_> {
    RevisesText {
        record_id: &revises.record_id,
        revision: revises.revision,
        kind: revision_kind_from(revises.kind()),
        reason: &revises.reason,
        successor: &revises.successor_record_id,
        successor_number: &revises.successor_document_number,
    }
}

fn told(error: &ReadError) -> Violation {
    match error {
        ReadError::Decode { part, source } => malformed(part, source),
        ReadError::Field { field, what } => match field.strip_suffix(".body") {
            Some(part) => wrong_body(part),
            None => malformed(field, what),
        },
    }
}

#[cfg(test)]
mod tests;
