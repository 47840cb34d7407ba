//! Whether a revision may follow the one it replaces: a case goes on by the table of its states, a
//! material's trust rises by a check.
//!
//! Only what is durable can be followed. A revision of what is still on its way is turned back, so
//! that two steps of one message cannot pass each other.

use ledger::Disk;
use ledger::Reader;
use record::{Body, Class, Date, Kind, Timestamp};
use wire::check::Checked;
use wire::status::{Advice, Failure};

/// Judges a revision against the body it replaces. What is stale or unknown is the register's to say.
pub(crate) fn follows<D: Disk>(
    checked: &Checked,
    reader: &Reader<D>,
    now: Timestamp,
) -> Result<(), Failure> {
    let of_stages = matches!(checked.head.kind, Kind::Case | Kind::Material);
    let (Some(revises), Some(next), true) = (&checked.head.revises, &checked.body, of_stages)
    else {
        return Ok(());
    };
    let place = reader.place(&revises.record.to_string()).map_err(|_| unreadable())?;
    let Some(place) = place.filter(|place| place.revision <= revises.revision) else {
        return Ok(());
    };
    if place.revision < revises.revision {
        return Err(on_its_way());
    }
    let stored = reader.entry(&place.ledger, place.index).map_err(|_| unreadable())?;
    let parts = stored.ok_or_else(unreadable)?.parts;
    let part = |at| parts.part(at).cloned().unwrap_or_default();
    let previous: Option<Body> =
        wire::body_from_parts(&part(1), &part(2)).map_err(|_| unreadable())?;
    let today = Date::in_china(now).unwrap_or(Date::FOUNDING);
    let violations = previous.map(|body| body.next(next, revises.kind, today)).unwrap_or_default();
    if violations.is_empty() { Ok(()) } else { Err(Failure::of_violations(violations)) }
}

fn on_its_way() -> Failure {
    Failure::new(
        Class::Precondition,
        "revision-ahead",
        "the revision named is not durable here; wait for its acknowledgement",
    )
    .in_chinese("所修订的版本尚未落盘")
    .advised(Advice {
        field: "head.revises.revision",
        rule: "hallway.v1 报文首部 (head)",
        remedy: [
            "请收到前一版本的回执后再提交下一版本",
            "submit the next revision after the acknowledgement of the one before",
        ],
    })
}

pub(crate) fn unreadable() -> Failure {
    Failure::new(Class::Corrupt, "ledger-unreadable", "the revised record cannot be read")
}
