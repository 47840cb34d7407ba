//! One row read: its form as a submission, judged, with everything that is wrong with it.

use record::validate::malformed;
use record::{
    Authority, CodeSystem, Date, Division, Draft, Edition, Form, HallId, Kind, LedgerName, Level,
    Profile, Timestamp,
};
use sha2::{Digest, Sha256};
use wire::check::{Checked, judge};
use wire::status::{Failure, violation_to};
use wire::v1;

use crate::outcome::taken_by;

/// A row and what reading it gave.
pub(crate) struct Reading {
    pub(crate) row: v1::ImportRow,
    /// Its original; none when it cannot be read.
    pub(crate) checked: Option<Checked>,
    /// Everything that is wrong with it, what the importer found included.
    pub(crate) violations: Vec<v1::Violation>,
    /// Whether its message id is the digest of its cells.
    pub(crate) named_by_content: bool,
    /// The original that has its natural key.
    pub(crate) taken: Option<(LedgerName, u64)>,
}

impl Reading {
    /// Reads a row and judges it.
    pub(crate) fn of(row: v1::ImportRow, profile: Profile, seat: &Seat<'_>) -> Self {
        let mut violations = row.findings.clone();
        let blank = v1::Form::default();
        let wire = row.form.as_ref().unwrap_or(&blank);
        let (checked, named_by_content) = match read(wire, profile, seat, &mut violations) {
            Some((checked, named)) => (checked, named),
            None => (None, false),
        };
        Self { row, checked, violations, named_by_content, taken: None }
    }

    /// The heaviest level of what is wrong.
    pub(crate) fn worst(&self) -> Option<Level> {
        self.violations.iter().map(|one| weight(&one.level)).max()
    }

    /// Adds what the door said.
    pub(crate) fn add(&mut self, failure: &Failure) {
        if failure.reason() == "natural-key-taken" {
            self.taken = taken_by(failure);
        }
        let told = failure.refusal().violations.into_iter();
        self.violations.extend(
            told.map(|one| v1::Violation { level: Level::Quarantine.as_str().to_owned(), ..one }),
        );
    }
}

/// Where and when rows are read: what a row leaves open about its place is this hall's.
pub(crate) struct Seat<'a> {
    pub(crate) hall: &'a HallId,
    pub(crate) now: Timestamp,
}

impl Seat<'_> {
    /// Completes what files have no column for: an item's authority is its department, a record
    /// without a division belongs to this hall's office, a division code without a day is of the day
    /// of the fact, and a fact without a time became known now.
    pub(crate) fn complete(&self, form: &Form, draft: &mut Draft) {
        let head = &mut draft.head;
        let named = head.authority.as_ref().is_some_and(|authority| !authority.name.is_empty());
        if *form.kind() == Kind::Item && !named {
            head.authority = Some(Authority {
                code: form.value("department_code").to_owned(),
                name: form.value("department_name").to_owned(),
            });
        }
        let at = *head.happened_at.get_or_insert(self.now);
        // A system or a day that the row says wrongly is told of and not replaced.
        let said = ["division_system", "division_on"].map(|name| form.value(name));
        if head.division.is_none() && said.iter().all(|text| text.is_empty()) {
            let (code, system) = match form.value("division_code") {
                "" => (self.hall.to_string(), CodeSystem::Office),
                said => (said.to_owned(), CodeSystem::of_code(said)),
            };
            head.division = Date::in_china(at).map(|on| Division { code, system, on });
        }
    }
}

/// How much a level on the wire weighs; what is not known weighs most.
pub(crate) fn weight(level: &str) -> Level {
    let known = [Level::Mark, Level::Quarantine, Level::Refuse];
    known.into_iter().find(|known| known.as_str() == level).unwrap_or(Level::Refuse)
}

/// The form of the wire as the schema's; none when its kind is none or a field is unknown.
pub(crate) fn form_of(
    wire: &v1::Form,
    violations: &mut Vec<v1::Violation>,
) -> Option<(Form, Edition)> {
    let told = |field: &str, error: &dyn std::fmt::Display| {
        violation_to(&malformed(field, &error.to_string()))
    };
    let kind: Kind = match wire.kind.parse() {
        Ok(kind) => kind,
        Err(error) => {
            violations.push(told("form.kind", &error));
            return None;
        }
    };
    let mut form = Form::new(kind);
    let before = violations.len();
    for cell in &wire.cells {
        if let Err(error) = form.set(&cell.name, cell.text.clone()) {
            violations.push(told("form.cells", &error));
        }
    }
    (violations.len() == before).then(|| (form, Edition::of(&wire.edition)))
}

fn read(
    wire: &v1::Form,
    profile: Profile,
    seat: &Seat<'_>,
    violations: &mut Vec<v1::Violation>,
) -> Option<(Option<Checked>, bool)> {
    let (mut form, edition) = form_of(wire, violations)?;
    let named_by_content = form.value("message_id").is_empty();
    if named_by_content {
        form.set("message_id", name_of(wire)).ok()?;
    }
    let mut filled = form.read(edition);
    seat.complete(&form, &mut filled.draft);
    violations.extend(filled.unread.iter().map(violation_to));
    let judged = judge(&wire::submission(&filled.draft), seat.now, profile);
    violations.extend(judged.violations.iter().map(violation_to));
    Some((judged.checked, named_by_content))
}

/// The message id of a row: a digest of all it says, in whatever order.
pub(crate) fn name_of(form: &v1::Form) -> String {
    let mut cells: Vec<_> = form.cells.iter().filter(|cell| !cell.text.is_empty()).collect();
    cells.sort_unstable_by(|a, b| (&a.name, &a.text).cmp(&(&b.name, &b.text)));
    let mut hash = Sha256::new();
    hash.update(b"hallway/v1/form\0");
    let texts = cells.into_iter().flat_map(|cell| [&cell.name, &cell.text]);
    for text in [&form.kind, &form.edition].into_iter().chain(texts) {
        hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(text);
    }
    let digest = hash.finalize();
    format!("import-{}", hex::encode(digest.get(..16).unwrap_or_default()))
}
