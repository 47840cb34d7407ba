//! Fields of a power list (权力清单); all of them public.

use super::Need::Mandatory as M;
use super::head::{self, head};
use super::{Field, Origin, Value, joined};

/// All fields, the head's first.
pub(super) static FIELDS: [Field; head::LEN + COUNT] = joined(&HEAD, &TABLE);

const HEAD: [Field; head::LEN] = head(
    Field::head("authority_name", "", ["清单机关", "authority"]).origin(Origin::Ours),
    Field::head("authority_code", "", ["清单机关统一社会信用代码", "credit code of the authority"])
        .origin(Origin::Ours),
);

/// The body's fields, in the order of its slots.
pub(crate) static BODY: [Field; COUNT] = TABLE;

const COUNT: usize = 4;
const TABLE: [Field; COUNT] = [
    Field::open("title", "", ["清单名称", "title"]).origin(Origin::Ours).max(300).need(M, M, M),
    Field::open("edition_date", "", ["公布日期", "edition"])
        .origin(Origin::Ours)
        .is(Value::DecisionDate)
        .key()
        .need(M, M, M),
    Field::open("item_codes", "", ["实施编码", "items"])
        .origin(Origin::Ours)
        .max(64)
        .key()
        .need(M, M, M),
    Field::open("legal_basis", "", ["设定依据", "legal basis"])
        .origin(Origin::Ours)
        .is(Value::Free)
        .max(8000),
];
