//! Fields of a material (共享材料, 电子证照).

use super::Need::{Conditional as C, Mandatory as M};
use super::head::{self, head};
use super::{Field, Origin, Value, joined};
use crate::lists;

/// All fields, the head's first.
pub(super) static FIELDS: [Field; head::LEN + COUNT] = joined(&HEAD, &TABLE);

const HEAD: [Field; head::LEN] = head(
    Field::head("authority_name", "", ["提供单位", "authority"]).origin(Origin::Ours),
    Field::head("authority_code", "", ["提供单位统一社会信用代码", "credit code of the authority"])
        .origin(Origin::Ours),
);

/// The body's fields, in the order of its slots.
pub(crate) static BODY: [Field; COUNT] = TABLE;

const COUNT: usize = 25;
const TABLE: [Field; COUNT] = [
    Field::open("title", "", ["材料名称", "title"])
        .origin(Origin::Ours)
        .max(300)
        .key()
        .need(M, M, M),
    Field::open("sha256", "", ["材料内容摘要", "SHA-256 of the bytes"])
        .origin(Origin::Ours)
        .is(Value::Digest)
        .key()
        .need(M, M, M),
    Field::open("size", "", ["字节数", "size in bytes"])
        .origin(Origin::Ours)
        .is(Value::Integer)
        .need(M, M, M),
    Field::open("media_type", "", ["媒体类型", "media type"])
        .origin(Origin::Ours)
        .max(127)
        .need(M, M, M),
    Field::open("trust_level", "", ["可信等级", "trust level"])
        .origin(Origin::Ours)
        .is(Value::List(&lists::TRUST_LEVEL))
        .max(1)
        .key()
        .need(M, M, M),
    Field::open("issuer_name", "", ["颁发机构名称", "issuer"])
        .origin(Origin::Ours)
        .max(200)
        .need(C, C, C),
    Field::open("issuer_code", "", ["颁发机构统一社会信用代码", "credit code of the issuer"])
        .origin(Origin::Ours)
        .is(Value::Uscc)
        .need(C, C, C),
    Field::open("issued_on", "", ["颁发日期", "issued on"]).origin(Origin::Ours).is(Value::Date),
    Field::open("valid_from", "", ["有效期自", "valid from"]).origin(Origin::Ours).is(Value::Date),
    Field::open("valid_until", "", ["有效期至", "valid until"])
        .origin(Origin::Ours)
        .is(Value::Date),
    Field::open("watermark", "", ["水印", "watermark"]).origin(Origin::Ours).max(300),
    Field::open("purpose", "", ["用途", "purpose"]).origin(Origin::Ours).max(200),
    Field::open("certificate_type", "", ["电子证照类型代码", "certificate type code"])
        .origin(Origin::Ours)
        .max(21),
    Field::open("certificate_state", "", ["电子证照状态", "certificate state"])
        .origin(Origin::Ours)
        .is(Value::List(&lists::CERTIFICATE_STATE))
        .max(2),
    Field::open("certificate_operation", "", ["电子证照业务类型", "certificate operation"])
        .origin(Origin::Ours)
        .is(Value::List(&lists::CERTIFICATE_OPERATION))
        .max(2),
    Field::open("share_type", "", ["共享类型", "share type"])
        .origin(Origin::Ours)
        .is(Value::List(&lists::SHARE_TYPE))
        .max(1),
    Field::open("material_number", "", ["材料编号", "material number"])
        .origin(Origin::Ours)
        .max(128),
    Field::closed("holder_name", "", ["持证主体", "holder"]).origin(Origin::Ours).max(200),
    Field::closed("certificate_id", "", ["电子证照标识", "certificate identifier"])
        .origin(Origin::Ours)
        .max(128),
    Field::closed("holder_id_type", "", ["持证主体证件类型", "holder's certificate type"])
        .origin(Origin::Ours)
        .max(64),
    Field::closed("holder_id", "", ["持证主体代码", "holder's certificate number"])
        .origin(Origin::Ours)
        .max(64),
    Field::closed("previous_certificate_id", "", ["原电子证照标识", "previous certificate"])
        .origin(Origin::Ours)
        .max(128)
        .need(C, C, C),
    Field::closed("checker_name", "", ["核验人", "checker"])
        .origin(Origin::Ours)
        .max(30)
        .need(C, C, C),
    Field::closed("checked_at", "", ["核验时间", "checked at"])
        .origin(Origin::Ours)
        .is(Value::Time)
        .need(C, C, C),
    Field::closed("remark", "", ["备注", "remark"]).origin(Origin::Ours).max(512),
];
