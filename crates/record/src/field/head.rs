//! The head's fields in a form: the same for all kinds but for the authority's column codes.
//!
//! The natural key is not here: document number and party are the body's, only the ordinal is told.

use super::{Field, Need, Origin, Value};

/// How many there are.
pub(super) const LEN: usize = 16;

/// The fields; `name` and `code` are those of the authority's two columns, each with its number in
/// the standard, its Chinese name, and the first edition's code.
pub(super) const fn head(name: Field, code: Field) -> [Field; LEN] {
    use Need::{Mandatory, Optional};
    const fn ours(name: &'static str, words: [&'static str; 2]) -> Field {
        Field::head(name, "", words).origin(Origin::Ours)
    }
    [
        name.is(Value::Text).max(200).need(Mandatory, Mandatory, Mandatory),
        code.is(Value::AuthorityCode).need(Mandatory, Mandatory, Mandatory),
        ours("division_code", ["行政区划代码", "division code"])
            .is(Value::Division)
            .need(Mandatory, Mandatory, Mandatory),
        ours("division_system", ["区划代码体系", "code system: mca, nbs or office"]),
        ours("division_on", ["区划代码日期", "date at which the code held"]).is(Value::Date),
        ours("ordinal", ["同号序号", "ordinal under one natural key"]).is(Value::Integer),
        ours("message_id", ["报文编号", "message id"]).max(128),
        ours("happened_at", ["发生时间", "when it happened"]).is(Value::Time),
        ours("sharing_class", ["共享类别", "sharing class"]).need(Optional, Optional, Optional),
        ours("audience", ["受众编号", "audience number"]).is(Value::Integer),
        ours("revises_record_id", ["被修订记录编号", "record that is revised"]).is(Value::RecordId),
        ours("revises_revision", ["被修订的修订号", "revision that is replaced"])
            .is(Value::Integer),
        ours("revision_kind", ["修订方式", "way of revising"]),
        ours("revision_reason", ["修订理由", "why it is revised"]).is(Value::Free).max(512),
        ours("successor_record_id", ["接替记录编号", "record that takes its place"])
            .is(Value::RecordId),
        ours("successor_document_number", ["后续文书号", "document that takes its place"]).max(120),
    ]
}
