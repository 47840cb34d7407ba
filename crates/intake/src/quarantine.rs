//! Quarantine (待处理): rows that wait for a person.
//!
//! An item is an entry of this hall's private ledger, and what a person decides is a revision of it:
//! the register lets one decision through, so two people cannot decide one item differently. The
//! record comes before the decision. When the hall dies between the two, the item still waits, and
//! deciding it again finds the record there.

mod deciding;
mod mending;
mod shelf;

use std::sync::{Arc, PoisonError};

use bytes::Bytes;
use ledger::Disk;
use prost::Message;
use record::{AudienceNumber, Class, Head, Kind, Label, RecordId, Revises, SharingClass};
use wire::check::Checked;
use wire::status::Failure;
use wire::v1;

use crate::draft::{Draft, Here};
use crate::import::{ImportSettings, Reading, name_of};
use crate::outcome::taken_by;
use crate::submit::{Intake, blocking};

pub(crate) use shelf::Shelf;

/// Most items that wait at once; beyond, an import stops until a person has acted.
pub const QUARANTINE_OPEN_MAX: usize = 100_000;
/// Most items in one answer.
pub const QUARANTINE_LIST_MAX: usize = 1_000;

/// Kind of an item and of its decision.
pub(crate) const KIND: &str = "quarantine";
const ITEM_SCHEMA: &str = "hallway.v1.QuarantinedItem";
const DECISION_SCHEMA: &str = "hallway.v1.QuarantineDecision";

/// An item, and whether it was there before.
pub(crate) struct Shelved {
    pub(crate) item: RecordId,
    pub(crate) known: bool,
}

/// A row that is to wait.
pub(crate) struct Item {
    message_id: String,
    wire: v1::QuarantinedItem,
}

impl Item {
    pub(crate) fn of(settings: &ImportSettings, reading: &Reading) -> Self {
        let row = &reading.row;
        let says_something = row.form.as_ref().is_some_and(|form| !form.cells.is_empty());
        let message_id = match &row.form {
            Some(form) if says_something => format!("quarantine-{}", name_of(form)),
            // A row that cannot be read is known by its place.
            Some(_) | None => format!("quarantine-{}-{}", name_of(&place(settings)), row.line),
        };
        let wire = v1::QuarantinedItem {
            settings: Some(settings.to_wire()),
            row: Some(row.clone()),
            violations: reading.violations.clone(),
        };
        Self { message_id, wire }
    }
}

fn place(settings: &ImportSettings) -> v1::Form {
    let cell = v1::FormCell { name: "source".to_owned(), text: settings.source.clone() };
    v1::Form { kind: KIND.to_owned(), edition: String::new(), cells: vec![cell] }
}

impl<D: Disk> Intake<D> {
    /// Puts rows into quarantine; the item of each, in order. A row that waits already keeps its item.
    pub(crate) async fn shelve(
        &self,
        submitter: &str,
        items: Vec<Item>,
    ) -> Result<Vec<Shelved>, Failure> {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let open = self.shelf(Shelf::len).await?;
        if open.saturating_add(items.len()) > QUARANTINE_OPEN_MAX {
            return Err(full());
        }
        let mut drafts = Vec::with_capacity(items.len());
        for item in items {
            let payload = closed(ITEM_SCHEMA, &item.wire);
            drafts.push(Ok(self.private(item.message_id, None, &payload, submitter)?));
        }
        let mut shelved = Vec::with_capacity(drafts.len());
        for entered in self.enter_all(drafts).await? {
            let acknowledged = match entered {
                Ok(acknowledged) => acknowledged,
                // The same row from another line, or with another finding, waits once.
                Err(failure) if failure.reason() == "message-id-taken" => {
                    let (ledger, index) = taken_by(&failure).ok_or_else(unreadable)?;
                    self.first_answer(ledger, index)?
                }
                Err(failure) => return Err(failure),
            };
            let item = acknowledged.record_id.parse().map_err(|_| unreadable())?;
            shelved.push(Shelved { item, known: acknowledged.repeated_message });
        }
        Ok(shelved)
    }

    /// An entry of the private lane.
    pub(crate) fn private(
        &self,
        message_id: String,
        revises: Option<Revises>,
        closed: &Bytes,
        who: &str,
    ) -> Result<Draft, Failure> {
        let now = self.clock.now();
        let kind: Kind = KIND.parse().expect("it is a registered name");
        let head = Head {
            message_id,
            kind,
            revises,
            natural_key: None,
            authority: None,
            division: None,
            happened_at: Some(now),
            stamp: None,
        };
        let label = Label { class: SharingClass::Withheld, audience: AudienceNumber(0) };
        let mut checked = Checked::by_the_hall(head, closed.clone(), label);
        // When it was put there is no part of what it says: the same row is the same item.
        checked.content = wire::unstamped_content(&Bytes::new(), &[], closed);
        let rights = self.rights.borrow().clone();
        let here = Here { hall: &self.hall, acts: rights.acts(), now };
        Draft::private(&checked, who, &self.reader, &here)
    }

    /// Looks at what waits, read up to the newest durable entry.
    pub(crate) async fn shelf<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Shelf) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let (reader, kept) = (self.reader.clone(), Arc::clone(&self.shelf));
        blocking(move || {
            let mut items = kept.lock().unwrap_or_else(PoisonError::into_inner);
            items.advance(&reader).map_err(|_| unreadable())?;
            Ok(look(&items))
        })
        .await?
    }
}

/// A message as the closed part of an entry.
fn closed(schema: &str, message: &impl Message) -> Bytes {
    let payload = message.encode_to_vec().into();
    let opaque = v1::Opaque { schema: schema.to_owned(), payload };
    let body = Some(v1::closed::Body::Opaque(opaque));
    v1::Closed { body }.encode_to_vec().into()
}

/// The message of a schema in a closed part.
fn opened<M: Message + Default>(schema: &str, closed: &[u8]) -> Option<M> {
    match v1::Closed::decode(closed).ok()?.body? {
        v1::closed::Body::Opaque(opaque) if opaque.schema == schema => {
            M::decode(opaque.payload).ok()
        }
        v1::closed::Body::Opaque(_)
        | v1::closed::Body::Permit(_)
        | v1::closed::Body::Penalty(_)
        | v1::closed::Body::Case(_)
        | v1::closed::Body::Material(_) => None,
    }
}

fn full() -> Failure {
    Failure::new(
        Class::Exhausted,
        "quarantine-full",
        format!("{QUARANTINE_OPEN_MAX} rows wait for a person; decide some, then import again"),
    )
    .in_chinese(format!("待处理项已达上限 {QUARANTINE_OPEN_MAX}，请先处理后再导入"))
    .with("limit", "quarantine-open")
}

pub(crate) fn unreadable() -> Failure {
    Failure::new(Class::Corrupt, "ledger-unreadable", "the private ledger cannot be read")
}
