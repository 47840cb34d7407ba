//! The permit that a case's closing bears (许可出生): drafted, judged, and entered in one group with it.
//!
//! ```text
//! closing, granted, item type 01, no permit named ─► permit drafted ─► judged as if a clerk had sent it
//!        │ refused together, every violation of the permit named ◄──────┤
//!        └► case revision, naming the permit ‖ permit, naming the case: two entries, one fdatasync
//! ```
//!
//! The two stand or fall together at the ledger's door, so no crash leaves one without the other and
//! nothing is there to be healed. The case's bytes are the submitter's with the permit's id behind
//! them. Once named, a permit stays named: a later revision whose submitter knows of none is given the
//! id of the revision before. Decision: `docs/decisions/0022-a-permit-is-born-at-the-door.md`.
//!
//! Absent on purpose: imports. A file tells of what is over, and its permits come in a file of their own.

use ledger::{Disk, Outcome, Reader};
use record::case::told_in;
use record::{Body, Class, Level, Profile, RecordId, Stamp, Violation};
use wire::check::{Checked, judge};
use wire::status::{Advice, Failure};
use wire::v1;

use crate::draft::{Draft, Here};
use crate::next::unreadable;
use crate::steward::Ground;
use crate::submit::Intake;

/// What the door has to do about the permit of a case.
pub(crate) enum Naming {
    /// Nothing: no case, a permit already named, or the register's to refuse.
    AsItIs,
    /// The revision before names one, and so does this.
    Kept(RecordId),
    /// No permit has been named yet.
    Unborn,
}

impl Naming {
    /// Looks at a submission and at the revision that it replaces.
    pub(crate) fn of<D: Disk>(
        checked: &Checked,
        ground: Option<&Ground>,
        reader: &Reader<D>,
    ) -> Result<Self, Failure> {
        let Some(Body::Case(case)) = &checked.body else { return Ok(Self::AsItIs) };
        if !case.permit_record_id.is_empty() {
            return Ok(Self::AsItIs);
        }
        let stood = match ground {
            None => return Ok(Self::Unborn),
            Some(
                Ground::Registered { previous: Some(stood) }
                | Ground::TakenOver { previous: stood },
            ) => stood,
            Some(Ground::Registered { previous: None } | Ground::Moved(_) | Ground::Stale(_)) => {
                return Ok(Self::AsItIs);
            }
        };
        let stored = reader.entry(&stood.ledger, stood.index).map_err(|_| unreadable())?;
        let parts = stored.ok_or_else(unreadable)?.parts;
        let part = |at| parts.part(at).cloned().unwrap_or_default();
        match wire::body_from_parts(&part(1), &part(2)).map_err(|_| unreadable())? {
            Some(Body::Case(before)) => {
                Ok(before.permit_record_id.parse().map_or(Self::Unborn, Self::Kept))
            }
            Some(_) | None => Ok(Self::AsItIs),
        }
    }
}

/// The permit of a closing as an entry of its own, judged under the closing's profile; none when the
/// case bears none.
pub(crate) fn born<D: Disk>(
    closing: &Checked,
    profile: Profile,
    stamp: &Stamp,
    reader: &Reader<D>,
    here: &Here<'_>,
) -> Result<Option<Draft>, Failure> {
    let Some(Body::Case(case)) = &closing.body else { return Ok(None) };
    if !case.bears_permit() {
        return Ok(None);
    }
    let draft = case.permit_draft(&closing.head, stamp.record, closing.label);
    let judged = judge(&wire::submission(&draft), here.now, profile);
    let sound = judged.worst() <= Some(Level::Mark);
    let violations: Vec<_> = judged.violations.into_iter().map(of_permit).collect();
    match judged.checked.filter(|_| sound) {
        Some(mut checked) => {
            checked.marks = violations;
            Draft::new(&checked, &stamp.submitter, reader, here).map(Some)
        }
        None => Err(Failure::of_violations(violations)),
    }
}

/// A violation of the permit, told to whoever closes the case: where in the permit, and which field of
/// the case says it.
fn of_permit(mut violation: Violation) -> Violation {
    let (zh, en) = match told_in(&violation.field) {
        Some(case) => (format!("在办件中填写 {case}"), format!("tell it in the case's {case}")),
        None => ("改正办件的许可信息".to_owned(), "mend what the case tells of it".to_owned()),
    };
    let otherwise = [
        "或先单独提交许可，再在办结时填写其记录编号 permit_record_id",
        "or submit the permit by itself and name it in permit_record_id",
    ];
    violation.field = format!("permit.{}", violation.field);
    violation.message_zh = format!("办结所生许可：{}", violation.message_zh);
    violation.message_en = format!("the permit born in this closing: {}", violation.message_en);
    violation.remedy_zh = format!("{}；{zh}，{}", violation.remedy_zh, otherwise[0]);
    violation.remedy_en = format!("{}; {en}, {}", violation.remedy_en, otherwise[1]);
    violation
}

impl<D: Disk> Intake<D> {
    /// Why neither the closing nor its permit entered, when it is the permit that may not.
    pub(crate) fn unborn(&self, why: &Outcome) -> Failure {
        let Outcome::NaturalKeyTaken { ledger, index } = why else {
            return crate::outcome::failure(why);
        };
        let stored = self.reader.entry(ledger, *index).ok().flatten();
        let head = stored.and_then(|stored| wire::head_from_bytes(stored.parts.part(0)?).ok());
        let record = head.and_then(|head| head.stamp).map(|stamp| stamp.record.to_string());
        let record = record.unwrap_or_default();
        Failure::new(
            Class::Exists,
            "natural-key-taken",
            format!("the permit born in this closing would be a second one beside {record}"),
        )
        .in_chinese(format!("该许可已有记录 {record}，办结不再另生一件"))
        .with("ledger", ledger.to_string())
        .with("index", index.to_string())
        .with("permit_record_id", record)
        .advised(NAME_IT)
    }

    /// The permit born together with the case at this place, for an acknowledgement told again.
    pub(crate) fn born_behind(
        &self,
        (ledger, index): (&record::LedgerName, u64),
        parts: &record::Parts,
    ) -> Option<v1::Born> {
        let part = |at| parts.part(at).cloned().unwrap_or_default();
        let body = wire::body_from_parts(&part(1), &part(2)).ok()??;
        let Body::Case(case) = body else { return None };
        let named: RecordId = case.permit_record_id.parse().ok()?;
        let index = index.checked_add(1)?;
        let stored = self.reader.entry(ledger, index).ok()??;
        let stamp = wire::head_from_bytes(stored.parts.part(0)?).ok()?.stamp?;
        let born_here = stamp.record == named && stamp.revision == 1;
        born_here.then(|| v1::Born { record_id: named.to_string(), index })
    }
}

const NAME_IT: Advice = Advice {
    field: "permit.head.natural_key",
    rule: "hallway.v1 报文首部 (head)",
    remedy: [
        "已有的许可请在办结时填写其记录编号 permit_record_id；确为另一许可请改正文书号 permit_document_number",
        "name the permit that is there in permit_record_id; if it is another one, mend permit_document_number",
    ],
};
