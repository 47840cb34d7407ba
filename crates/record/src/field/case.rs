//! Fields of a case (办件): the columns of GB/T 39046-2020 tables 5 to 9, 11 and 14, and what a closing
//! tells of its permit. Codes are those of the national front tables (`up_pro_accept` and its kin).

use super::Need::{Conditional as C, Mandatory as M};
use super::head::{self, head};
use super::{Field, Origin, Value, joined};
use crate::lists;

/// All fields, the head's first.
pub(super) static FIELDS: [Field; head::LEN + COUNT] = joined(&HEAD, &TABLE);

const HEAD: [Field; head::LEN] = head(
    Field::head("authority_name", "org_name", ["受理单位名称", "authority"])
        .origin(Origin::Template),
    Field::head(
        "authority_code",
        "org_code",
        ["受理单位统一社会信用代码", "credit code of the authority"],
    )
    .origin(Origin::Template),
);

/// The body's fields, in the order of its slots.
pub(crate) static BODY: [Field; COUNT] = TABLE;

const COUNT: usize = 66;
const TABLE: [Field; COUNT] = [
    Field::open("case_number", "project_no", ["办件编号", "case number"])
        .origin(Origin::Template)
        .aliases(&["PROJID"])
        .max(50)
        .key()
        .need(M, M, M)
        .seen(0, "GB/T 39046-2020 表5-1"),
    Field::open("item_name", "task_name", ["事项名称", "item"])
        .origin(Origin::Template)
        .max(200)
        .key()
        .need(M, M, M)
        .seen(0, "GB/T 39046-2020 表5-3"),
    Field::open("state", "", ["办件状态", "state"])
        .origin(Origin::Ours)
        .is(Value::List(&lists::CASE_STATE))
        .max(16)
        .key()
        .need(M, M, M),
    Field::open(
        "accepted_at",
        "accept_date",
        ["受理时间", "accepted at, RFC 3339; after a supplement, when the last of it came"],
    )
    .origin(Origin::Template)
    .is(Value::Time)
    .seen(0, "GB/T 39046-2020 表6-8"),
    Field::open("case_kind", "project_type", ["办件类型代码", "kind of case, A.6"])
        .origin(Origin::Template)
        .aliases(&["INFOTYPE"])
        .is(Value::List(&lists::CASE_KIND))
        .max(1)
        .seen(0, "GB/T 39046-2020 表5-5"),
    Field::open("item_type", "", ["事项类型代码", "item type, A.1"])
        .origin(Origin::Ours)
        .is(Value::List(&lists::ITEM_TYPE))
        .max(2)
        .seen(0, "GB/T 39046-2020 表11-4"),
    Field::open("base_code", "catalog_code", ["基本编码", "base code of the item"])
        .origin(Origin::Template)
        .max(32)
        .seen(0, "GB/T 39046-2020 表6-2"),
    Field::open(
        "implementation_code",
        "task_code",
        ["实施编码", "implementation code of the item"],
    )
    .origin(Origin::Template)
    .aliases(&["ITEMNO"])
    .max(36)
    .seen(0, "GB/T 39046-2020 表5-2"),
    Field::open(
        "handling_code",
        "task_handle_item",
        ["业务办理项编码", "handling code of the item"],
    )
    .origin(Origin::Template)
    .max(50),
    Field::open("item_version", "task_version", ["事项版本", "version of the item"])
        .origin(Origin::Template)
        .max(32),
    Field::open("channel", "apply_type", ["申报来源代码", "channel of the application, A.5"])
        .origin(Origin::Template)
        .is(Value::List(&lists::CHANNEL))
        .max(1)
        .seen(0, "GB/T 39046-2020 表5-16"),
    Field::open("applied_at", "apply_date", ["申请时间", "applied at, RFC 3339"])
        .origin(Origin::Template)
        .is(Value::Time)
        .seen(0, "GB/T 39046-2020 表5-17"),
    Field::open(
        "acceptance_number",
        "accept_doc_no",
        ["受理文书编号", "number of the acceptance document"],
    )
    .origin(Origin::Template)
    .max(50)
    .seen(0, "GB/T 39046-2020 表6-9"),
    Field::open("promise_days", "", ["承诺时限", "promised limit in working days"])
        .origin(Origin::Ours)
        .aliases(&["PROMISEVALUE"])
        .is(Value::Integer),
    Field::open("legal_days", "", ["法定时限", "legal limit in working days"])
        .origin(Origin::Ours)
        .is(Value::Integer),
    Field::open("promised_until", "promise_date", ["承诺办结时间", "promised until, YYYY-MM-DD"])
        .origin(Origin::Template)
        .is(Value::Date)
        .seen(0, "GB/T 39046-2020 表6-10"),
    Field::open("decision", "", ["决定结果", "decision: granted 准予 or refused 不予"])
        .origin(Origin::Ours)
        .is(Value::List(&lists::DECISION))
        .max(8),
    Field::open("decided_at", "", ["决定时间", "decided at, RFC 3339"])
        .origin(Origin::Ours)
        .is(Value::Time),
    Field::open("delivered_at", "", ["送达时间", "delivered at, RFC 3339"])
        .origin(Origin::Ours)
        .is(Value::Time),
    Field::open(
        "delivered_by_courier",
        "is_delivery_results",
        ["是否快递寄送结果", "whether a courier brought the result, 0 or 1"],
    )
    .origin(Origin::Template)
    .is(Value::List(&lists::FLAG))
    .max(1)
    .seen(0, "GB/T 39046-2020 表8-10"),
    Field::open("closed_at", "result_date", ["办结时间", "closed at, RFC 3339"])
        .origin(Origin::Template)
        .is(Value::Time)
        .seen(0, "GB/T 39046-2020 表8-3"),
    Field::open("close_code", "BJJGDM", ["办结结果代码", "national closing code, BJJGDM"])
        .origin(Origin::Template)
        .is(Value::List(&lists::CASE_FINISH))
        .max(1),
    Field::open(
        "result_name",
        "result_cetr_name",
        ["结果证照名称", "name of the resulting certificate"],
    )
    .origin(Origin::Template)
    .max(200)
    .seen(0, "GB/T 39046-2020 表8-4"),
    Field::open(
        "result_number",
        "result_cetr_no",
        ["结果证照编号", "number of the resulting certificate"],
    )
    .origin(Origin::Template)
    .max(50)
    .seen(0, "GB/T 39046-2020 表8-5"),
    Field::open(
        "result_validity",
        "",
        ["证照有效期限", "validity of the resulting certificate, as text"],
    )
    .origin(Origin::Ours)
    .max(30)
    .seen(0, "GB/T 39046-2020 表8-7"),
    Field::open("result_issuer", "", ["发证/盖章单位", "issuer of the resulting certificate"])
        .origin(Origin::Ours)
        .max(100)
        .seen(0, "GB/T 39046-2020 表8-8"),
    Field::open("charged", "", ["是否收费", "whether a fee is due, 0 or 1"])
        .origin(Origin::Ours)
        .is(Value::List(&lists::FLAG))
        .max(1)
        .seen(0, "GB/T 39046-2020 表8-11"),
    Field::open(
        "project_code",
        "",
        [
            "投资项目编号",
            "national investment project number, the key of a joint approval 并联审批",
        ],
    )
    .origin(Origin::Ours)
    .max(24)
    .seen(0, "GB/T 39046-2020 表5-18"),
    Field::open("applicant_division", "area_code", ["申请人行政区划", "division of the applicant"])
        .origin(Origin::Template)
        .max(12)
        .seen(0, "GB/T 39046-2020 表5-19"),
    Field::open(
        "agent_unit",
        "",
        ["代办单位", "unit that handed the application in for the applicant"],
    )
    .origin(Origin::Ours)
    .max(200),
    Field::open("parent_case_number", "", ["主办件编号", "parent case of a branch"])
        .origin(Origin::Ours)
        .aliases(&["relBizId"])
        .max(50),
    Field::open("branch_case_numbers", "", ["分办件编号", "branch cases"])
        .origin(Origin::Ours)
        .max(50),
    Field::open(
        "permit_record_id",
        "",
        ["许可记录编号", "the permit born in the closing: its record id, once it has one"],
    )
    .origin(Origin::Ours)
    .is(Value::RecordId)
    .max(26),
    Field::open("permit_document_number", "XK_WSH", ["行政许可决定文书号", "its document number"])
        .max(120)
        .need(C, C, C),
    Field::open("permit_document_title", "XK_XKWS", ["行政许可决定文书名称", "its document title"])
        .max(120)
        .need(C, C, C),
    Field::open("permit_category", "XK_XKLB", ["许可类别", "its category"])
        .is(Value::List(&lists::PERMIT_CATEGORY))
        .max(256)
        .need(C, C, C),
    Field::open(
        "permit_decision_date",
        "XK_JDRQ",
        ["许可决定日期", "its decision date, YYYY-MM-DD"],
    )
    .is(Value::DecisionDate)
    .need(C, C, C),
    Field::open(
        "permit_authority_code",
        "XK_XKJGDM",
        ["许可机关统一社会信用代码", "its authority"],
    )
    .is(Value::AuthorityCode)
    .need(C, C, C),
    Field::open("permit_source_name", "XK_LYDW", ["数据来源单位", "its source"])
        .max(200)
        .need(C, C, C),
    Field::open(
        "permit_source_code",
        "XK_LYDWDM",
        ["数据来源单位统一社会信用代码", "credit code of its source"],
    )
    .is(Value::Uscc)
    .need(C, C, C),
    Field::open(
        "permit_content",
        "XK_NR",
        ["许可内容", "what it permits; the item's name when not said"],
    )
    .is(Value::Free)
    .max(4000),
    Field::open(
        "permit_valid_from",
        "XK_YXQZ",
        ["许可有效期自", "valid from; the decision date when not said"],
    )
    .is(Value::Date),
    Field::open(
        "permit_valid_until",
        "XK_YXQZI",
        ["许可有效期至", "valid until; 2099-12-31 is 长期"],
    )
    .is(Value::Date),
    Field::open("course", "", ["办理经过", "states entered"]).origin(Origin::Ours).is(Value::Json),
    Field::open("steps", "", ["环节", "steps"])
        .origin(Origin::Ours)
        .is(Value::Json)
        .seen(0, "GB/T 39046-2020 表7"),
    Field::open("supplements", "", ["补正", "supplements"]).origin(Origin::Ours).is(Value::Json),
    Field::open("special_procedures", "", ["特别程序", "special procedures"])
        .origin(Origin::Ours)
        .is(Value::Json)
        .seen(0, "GB/T 39046-2020 表7"),
    Field::open("evaluations", "", ["评价", "evaluations"])
        .origin(Origin::Ours)
        .is(Value::Json)
        .seen(0, "GB/T 39046-2020 表9"),
    Field::closed("applicant_name", "applyer_name", ["申请者名称", "applicant"])
        .origin(Origin::Template)
        .max(100)
        .need(M, M, M)
        .seen(0, "GB/T 39046-2020 表5-6"),
    Field::closed(
        "applicant_id",
        "applyer_page_code",
        ["申请者证件号码", "applicant's certificate number"],
    )
    .origin(Origin::Template)
    .max(64)
    .seen(0, "GB/T 39046-2020 表5-8"),
    Field::closed(
        "applicant_id_type",
        "applyer_page_type",
        ["申请者证件类型代码", "applicant's certificate type, GA/T 2000.156"],
    )
    .origin(Origin::Template)
    .max(3)
    .seen(0, "GB/T 39046-2020 表5-7"),
    Field::closed("legal_representative", "legal", ["法定代表人", "legal representative"])
        .origin(Origin::Template)
        .max(50)
        .seen(0, "GB/T 39046-2020 表5-15"),
    Field::closed("contact_name", "contact_name", ["联系人/代理人姓名", "contact or agent"])
        .origin(Origin::Template)
        .max(50)
        .seen(0, "GB/T 39046-2020 表5-9"),
    Field::closed(
        "contact_id_type",
        "contact_card_type",
        ["联系人/代理人证件类型代码", "contact's certificate type, GA/T 2000.156"],
    )
    .origin(Origin::Template)
    .max(3)
    .seen(0, "GB/T 39046-2020 表5-10"),
    Field::closed(
        "contact_id",
        "contact_card_no",
        ["联系人/代理人证件号码", "contact's certificate number"],
    )
    .origin(Origin::Template)
    .max(64)
    .seen(0, "GB/T 39046-2020 表5-11"),
    Field::closed("contact_phone", "contact_mobile", ["联系人手机号码", "contact's phone"])
        .origin(Origin::Template)
        .max(18)
        .seen(0, "GB/T 39046-2020 表5-12"),
    Field::closed("post_code", "post_code", ["邮政编码", "post code"])
        .origin(Origin::Template)
        .max(6)
        .seen(0, "GB/T 39046-2020 表5-13"),
    Field::closed("address", "address", ["通讯地址", "address"])
        .origin(Origin::Template)
        .max(100)
        .seen(0, "GB/T 39046-2020 表5-14"),
    Field::closed("handler", "handle_user_name", ["受理人员", "who accepted it"])
        .origin(Origin::Template)
        .max(30)
        .seen(0, "GB/T 39046-2020 表6-7"),
    Field::closed("closing_handler", "", ["办结办理人姓名", "who closed it"])
        .origin(Origin::Ours)
        .max(30)
        .seen(0, "GB/T 39046-2020 表8-2"),
    Field::closed("result_description", "result_explain", ["办件结果描述", "result in words"])
        .origin(Origin::Template)
        .aliases(&["TRANSACT_RESULT"])
        .max(1000)
        .seen(0, "GB/T 39046-2020 表8-6"),
    Field::closed("permit_holder", "", ["持证人", "holder of the permit"])
        .origin(Origin::Ours)
        .max(200)
        .need(C, C, C),
    Field::closed("remark", "", ["备注", "remark"]).origin(Origin::Ours).max(512),
    Field::closed("materials", "", ["用材", "materials used"])
        .origin(Origin::Ours)
        .is(Value::Json)
        .seen(0, "GB/T 39046-2020 表5"),
    Field::closed("payments", "", ["支付", "payments"])
        .origin(Origin::Ours)
        .is(Value::Json)
        .seen(0, "GB/T 39046-2020 表14"),
    Field::closed("supervisions", "", ["电子监察", "supervisions"])
        .origin(Origin::Ours)
        .is(Value::Json)
        .seen(0, "GB/T 39046-2020 表11"),
];
