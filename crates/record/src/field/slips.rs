//! Slips that are the same in a field of any kind, with the code that names each: what the tests of
//! validation try. What hangs on the kind or on the party stands beside those tests.

use super::Value;

/// A text and the code of the rule that it breaks.
pub(crate) type SlipOf = (String, &'static str);

/// What no field that holds this may say; empty where it hangs on the kind.
pub(crate) fn of_value(value: &Value) -> Vec<SlipOf> {
    let slips: &[(&str, &'static str)] = match value {
        Value::Date => &[("2024/01/01", "date-form"), ("1900-01-01", "date-sentinel")],
        Value::DecisionDate => &[
            ("20240101", "date-form"),
            ("1970-01-01", "date-sentinel"),
            ("2999-01-01", "date-in-future"),
            ("1911-01-01", "date-too-old"),
        ],
        Value::Uscc => &[
            ("914403001922038217", "uscc-check-digit"),
            ("9144030019220382", "uscc-form"),
            ("00000000000000000X", "uscc-department"),
        ],
        Value::Many(_) => &[("不在表中", "not-in-list")],
        Value::Text
        | Value::Free
        | Value::Name
        | Value::WanYuan
        | Value::Yuan
        | Value::Integer
        | Value::Time
        | Value::List(_)
        | Value::AuthorityCode
        | Value::Organisation
        | Value::Registration
        | Value::CertificateNumber
        | Value::Scheme
        | Value::Division
        | Value::RecordId
        | Value::Digest
        | Value::Json => &[],
    };
    slips.iter().map(|(text, code)| ((*text).to_owned(), *code)).collect()
}

/// Personal numbers, which nobody publishes.
pub(crate) fn personal() -> Vec<SlipOf> {
    let slips = [
        ("见 11010519491231002X", "citizen-id-in-open"),
        ("电话13800138000。", "phone-in-open"),
        ("卡号4111111111111111。", "card-in-open"),
    ];
    slips.map(|(text, code)| (text.to_owned(), code)).to_vec()
}
