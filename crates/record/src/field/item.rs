//! Fields of an item (事项), GB/T 39046-2020 table 4; all of them public.

use super::Need::{Conditional as C, Mandatory as M};
use super::head::{self, head};
use super::{Field, Origin, Value, joined};
use crate::lists;

/// All fields, the head's first.
pub(super) static FIELDS: [Field; head::LEN + COUNT] = joined(&HEAD, &TABLE);

const HEAD: [Field; head::LEN] = head(
    Field::head("authority_name", "", ["目录编制机关", "authority"]).origin(Origin::Ours),
    Field::head(
        "authority_code",
        "",
        ["目录编制机关统一社会信用代码", "credit code of the authority"],
    )
    .origin(Origin::Ours),
);

/// The body's fields, in the order of its slots.
pub(crate) static BODY: [Field; COUNT] = TABLE;

const COUNT: usize = 31;
const TABLE: [Field; COUNT] = [
    Field::open("implementation_code", "task_code", ["实施编码", "implementation code"])
        .origin(Origin::Template)
        .aliases(&["item_code"])
        .max(64)
        .key()
        .need(M, M, M),
    Field::open("base_code", "catalog_code", ["基本编码", "base code"])
        .origin(Origin::Template)
        .aliases(&["base_code"])
        .max(32),
    Field::open("handling_code", "task_handle_item", ["业务办理项编码", "handling code"])
        .origin(Origin::Template)
        .max(64),
    Field::open("item_name", "task_name", ["事项名称", "name"])
        .origin(Origin::Template)
        .max(300)
        .key()
        .need(M, M, M),
    Field::open("main_item_name", "", ["主项名称", "main item"])
        .origin(Origin::Ours)
        .aliases(&["main_item"])
        .max(300),
    Field::open("item_type", "task_type", ["事项类型代码", "item type"])
        .origin(Origin::Template)
        .is(Value::List(&lists::ITEM_TYPE))
        .max(2)
        .need(M, M, M),
    Field::open("level", "", ["行使层级", "level"])
        .origin(Origin::Ours)
        .is(Value::List(&lists::LEVEL))
        .max(1),
    Field::open("body_nature", "", ["实施主体性质", "nature of the body"])
        .origin(Origin::Ours)
        .is(Value::List(&lists::BODY_NATURE))
        .max(1),
    Field::open("service_objects", "", ["服务对象", "service objects"])
        .origin(Origin::Ours)
        .is(Value::Many(&lists::SERVICE_OBJECT)),
    Field::open("channels", "", ["办理形式", "channels"])
        .origin(Origin::Ours)
        .is(Value::Many(&lists::CHANNEL)),
    Field::open("case_kind", "project_type", ["办件类型", "kind of case"])
        .origin(Origin::Template)
        .is(Value::List(&lists::CASE_KIND))
        .max(1),
    Field::open("legal_days", "", ["法定办结时限", "legal limit in working days"])
        .origin(Origin::Ours)
        .is(Value::Integer),
    Field::open("promise_days", "", ["承诺办结时限", "promised limit in working days"])
        .origin(Origin::Ours)
        .is(Value::Integer),
    Field::open("legal_basis", "", ["设定依据", "legal basis"])
        .origin(Origin::Ours)
        .is(Value::Free)
        .max(8000),
    Field::open("conditions", "", ["受理条件", "conditions"])
        .origin(Origin::Ours)
        .is(Value::Free)
        .max(8000),
    Field::open("materials", "", ["申请材料", "materials to hand in"])
        .origin(Origin::Ours)
        .max(300),
    Field::open("procedure", "", ["办理流程", "procedure"])
        .origin(Origin::Ours)
        .is(Value::Free)
        .max(8000),
    Field::open("result_name", "", ["结果名称", "result"]).origin(Origin::Ours).max(200),
    Field::open("charged", "", ["是否收费", "whether a fee is due"])
        .origin(Origin::Ours)
        .is(Value::List(&lists::FLAG))
        .max(1),
    Field::open("fee_standard", "", ["收费标准", "fee"])
        .origin(Origin::Ours)
        .is(Value::Free)
        .max(4000),
    Field::open("fee_basis", "", ["收费依据", "basis of the fee"])
        .origin(Origin::Ours)
        .is(Value::Free)
        .max(4000)
        .need(C, C, C),
    Field::open("phone", "", ["咨询方式", "phone"]).origin(Origin::Ours).max(100),
    Field::open("supervision_phone", "", ["监督投诉方式", "supervision phone"])
        .origin(Origin::Ours)
        .max(100),
    Field::open("department_name", "org_name", ["实施机构", "department"])
        .origin(Origin::Template)
        .aliases(&["department"])
        .max(200)
        .need(M, M, M),
    Field::open(
        "department_code",
        "org_code",
        ["实施机构统一社会信用代码", "credit code of the department"],
    )
    .origin(Origin::Template)
    .aliases(&["dept_uscc"])
    .max(64),
    Field::open("division", "area_code", ["行政区划", "division"]).origin(Origin::Template).max(12),
    Field::open("place", "", ["办理地点", "place"]).origin(Origin::Ours).is(Value::Free).max(300),
    Field::open("office_hours", "", ["办理时间", "office hours"]).origin(Origin::Ours).max(300),
    Field::open("version", "task_version", ["事项版本", "version"])
        .origin(Origin::Template)
        .max(32),
    Field::open("valid_from", "", ["生效日期", "valid from"]).origin(Origin::Ours).is(Value::Date),
    Field::open("valid_until", "", ["失效日期", "valid until"])
        .origin(Origin::Ours)
        .is(Value::Date),
];
