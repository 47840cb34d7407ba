//! From a submission to what may be decided on: read once, judged once, every violation told.
//!
//! The bytes go on as they came. A submission without violations can still be refused: by policy
//! (may this system say that?) or by the register (is the message id, the key, the revision free?).

use std::fmt;

use bytes::Bytes;
use prost::Message;
use record::validate::{Envelope, RevisesText, malformed, wrong_body};
use record::{AudienceNumber, Body, Hash, Head, Label, Profile, Stamp, Timestamp, Violation};

use crate::convert::{ReadError, body_from_parts, head_from_bytes, revision_kind_from};
use crate::stamp::{entry_parts, is_stamped, stamped, unstamped_content};
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
    bytes: [Bytes; 3],
}

impl Checked {
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

/// Reads and judges a submission; the error has every violation.
pub fn check(submission: &v1::Submission, now: Timestamp) -> Result<Checked, Vec<Violation>> {
    let v1::Submission { head, open, closed, sharing_class, audience } = submission;
    let mut violations = Vec::new();
    let body = body_from_parts(open, closed).unwrap_or_else(|error| {
        violations.push(told(&error));
        None
    });
    let wire = match v1::Head::decode(&head[..]) {
        Ok(wire) => wire,
        Err(error) => {
            violations.push(malformed("head", &error));
            return Err(violations);
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
    let of_envelope = envelope.validate(body.as_ref(), now, Profile::Cn21);
    violations.extend(of_envelope.into_iter().filter(|one| !(unread && one.field == "open.body")));
    if !violations.is_empty() {
        return Err(violations);
    }
    let head_read = head_from_bytes(head).map_err(|error| vec![told(&error)])?;
    let class = sharing_class.parse().map_err(|error| vec![malformed("sharing_class", &error)])?;
    Ok(Checked {
        head: head_read,
        body,
        label: Label { class, audience: AudienceNumber(*audience) },
        content: unstamped_content(head, open, closed),
        bytes: [head.clone(), open.clone(), closed.clone()],
    })
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
