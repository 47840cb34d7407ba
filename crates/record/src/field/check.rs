//! What a kind's table alone says of a body: demanded, within its length, of its list, of its form.
//!
//! For kinds without a party, whose demands do not depend on one; permits and penalties walk their
//! tables themselves. What several fields together say is each kind's own business.

use super::{Field, FieldPart, Need, Slot, Value};
use crate::record_id::RecordId;
use crate::rules::{self, Report};
use crate::time::Timestamp;

/// Checks each field by its row.
pub(crate) fn check(table: &[Field], slots: &[Slot<'_>], report: &mut Report<'_>) {
    for (field, slot) in table.iter().zip(slots) {
        if field.is_key() {
            report.keyed(|report| one(field, *slot, report));
        } else {
            one(field, *slot, report);
        }
    }
}

fn one(field: &Field, slot: Slot<'_>, report: &mut Report<'_>) {
    let part = field.part.as_str();
    match slot {
        Slot::Many(words) => many(field, part, words, report),
        // A whole number is one by its type; rows are checked by their kind.
        Slot::Rows(_) => {}
        Slot::Text(_) | Slot::Category(_) | Slot::Number(_) | Slot::Bytes(_) => {
            let text = slot.text();
            if demanded(field, part, &text, report) {
                form(field, part, &text, report);
            }
        }
    }
}

/// Whether there is a text to look at.
fn demanded(field: &Field, part: &str, text: &str, report: &mut Report<'_>) -> bool {
    if field.need.legal == Need::Mandatory {
        report.required(part, field.name, text) && !text.is_empty()
    } else {
        !text.is_empty()
    }
}

fn many(field: &Field, part: &str, words: &[String], report: &mut Report<'_>) {
    if words.is_empty() && field.need.legal == Need::Mandatory {
        report.add(&rules::REQUIRED, part, field.name, "");
    }
    if words.len() > MANY_MAX {
        report.add(&rules::TOO_LONG, part, field.name, &words.len().to_string());
        return;
    }
    for (place, word) in words.iter().enumerate() {
        let name = format!("{}[{place}]", field.name);
        report.at_most(part, &name, word, if field.max > 0 { field.max } else { WORD_MAX });
        if let Value::Many(list) = field.value {
            if !list.has(word) {
                report.add(&rules::NOT_IN_LIST, part, &name, word);
            }
            continue;
        }
        if field.need.legal == Need::Mandatory {
            report.required(part, &name, word);
        }
        if field.part == FieldPart::Open {
            report.public(part, &name, word);
        }
    }
}

fn form(field: &Field, part: &str, text: &str, report: &mut Report<'_>) {
    let name = field.name;
    if field.max > 0 && field.list().is_none() {
        report.at_most(part, name, text, field.max);
    }
    match field.value {
        Value::Date => drop(report.date(part, name, text)),
        Value::DecisionDate => drop(report.decision_date(part, name, text)),
        Value::Time if text.parse::<Timestamp>().is_err() => {
            report.add(&rules::TIME, part, name, text);
        }
        Value::List(list) if !list.has(text) => report.add(&rules::NOT_IN_LIST, part, name, text),
        Value::Uscc | Value::AuthorityCode => drop(report.credit_code(part, name, text)),
        Value::RecordId if text.parse::<RecordId>().is_err() => {
            report.add(&rules::RECORD_ID, part, name, text);
        }
        Value::Text | Value::Free | Value::Name if field.part == FieldPart::Open => {
            report.public(part, name, text);
        }
        Value::Text
        | Value::Free
        | Value::Name
        | Value::Time
        | Value::WanYuan
        | Value::Yuan
        | Value::Integer
        | Value::List(_)
        | Value::Many(_)
        | Value::Organisation
        | Value::Registration
        | Value::CertificateNumber
        | Value::Scheme
        | Value::Division
        | Value::RecordId
        | Value::Digest
        | Value::Json => {}
    }
}

/// Most values of one field.
const MANY_MAX: usize = 10_000;
/// Most characters of a value of a list.
const WORD_MAX: usize = 300;

#[cfg(test)]
mod tests;
