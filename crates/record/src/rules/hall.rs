//! Rules of cases, materials, items and power lists.

use super::Rule;
use super::catalogue::{firm, marked, rule};

const CASES: &str = "GB/T 39046-2020 政务服务平台基础数据规范 (basic data of service platforms)";
const LICENSING: &str = "行政许可法 (Administrative Licensing Law)";

pub(crate) const CASE_TRANSITION: Rule = firm(
    "case-transition-illegal",
    CASES,
    ["办件状态不能这样变化", "a case does not go this way"],
    [
        "请按办件状态表逐步提交，或在办理经过中补全中间状态；录入错误请用更正",
        "go by the table of states, or tell the states between in the course; mend slips by a correction",
    ],
);
pub(crate) const CASE_NUMBER_CHANGED: Rule = firm(
    "case-number-changed",
    CASES,
    ["办件编号与前一修订不同", "the case number is not that of the revision before"],
    [
        "办理进展不改办件编号；编号有误请用更正",
        "progress keeps the number; mend it by a correction",
    ],
);
pub(crate) const CASE_TRAIL: Rule = firm(
    "case-trail",
    CASES,
    ["办理经过被删改", "what was already told of the case is missing or changed"],
    [
        "请保留以前各环节，只作增补；录入错误请用更正",
        "keep what was told and add to it; mend slips by a correction",
    ],
);
pub(crate) const CASE_COURSE: Rule = rule(
    "case-course",
    CASES,
    ["办理经过与办件状态不一致", "the course does not lead to the state"],
    ["办理经过的最后一个状态应为当前状态", "let the last state of the course be the present one"],
);
pub(crate) const CASE_TIME_ORDER: Rule = rule(
    "case-time-order",
    CASES,
    ["办件时间先后矛盾", "the times of the case contradict each other"],
    [
        "时间应依次为申请、受理、决定、送达、办结",
        "the order is application, acceptance, decision, delivery, closing",
    ],
);
pub(crate) const ACCEPTANCE_DATE: Rule = rule(
    "acceptance-date",
    "行政许可法第三十二条；补正后受理 (acceptance after a supplement)",
    [
        "受理日期不是补正齐全之日",
        "the acceptance is not of the day on which the supplement was complete",
    ],
    ["受理日期应为交齐补正材料之日", "accept on the day on which the last of it came"],
);
pub(crate) const SUPPLEMENT_TWICE: Rule = marked(
    "supplement-twice",
    "行政许可法第三十二条 一次告知 (told once)",
    ["补正告知多于一次", "the applicant was told of missing parts more than once"],
    ["补正内容应当一次告知", "tell all that is missing at once"],
);
pub(crate) const SUPPLEMENT_LATE: Rule = marked(
    "supplement-notice-late",
    "行政许可法第三十二条 五日内 (within five days)",
    ["补正告知超过五日", "the notice of the supplement came after five days"],
    [
        "逾期不告知的，自收到申请材料之日起即为受理",
        "without notice in time the case counts as accepted",
    ],
);
pub(crate) const SAME_DAY: Rule = marked(
    "immediate-not-same-day",
    CASES,
    ["即办件未在当日办结", "an immediate case is not closed on the day of its acceptance"],
    ["请当日办结，或改为承诺件", "close it on the day, or make it a promised one"],
);
pub(crate) const PROMISE_OVER_LEGAL: Rule = rule(
    "promise-over-legal",
    CASES,
    ["承诺时限超过法定时限", "the promise is longer than the legal limit"],
    ["承诺时限不得长于法定时限", "promise at most the legal limit, both in working days"],
);
pub(crate) const SPECIAL_ORDER: Rule = rule(
    "special-procedure-order",
    "GB/T 39046-2020 A.7",
    ["已启动其他特别程序后不得再延长审批", "an extension after another special procedure"],
    ["延长审批只能在其他特别程序之前", "extend before any other special procedure, or not at all"],
);
pub(crate) const EXTENSION_DAYS: Rule = rule(
    "extension-too-long",
    "行政许可法第四十二条 (extension of the limit)",
    ["延长审批的工作日数不正确", "an extension of this many working days is not possible"],
    [
        "延长 1 至 10 个工作日；联合办理 1 至 15 个工作日",
        "extend by 1 to 10 working days, 1 to 15 in a joint approval",
    ],
);
pub(crate) const CLOSING_CODE: Rule = rule(
    "closing-code",
    "办结结果代码 BJJGDM (closing codes)",
    ["办结结果代码与办件状态不符", "the closing code does not belong to the state"],
    [
        "办结用 0、6、7，退件 1，作废 2，删除 3，转报 4，补正不来 5；未结束的办件不填",
        "closed 0, 6 or 7, returned 1, voided 2, deleted 3, forwarded 4, lapsed 5; nothing before the end",
    ],
);
pub(crate) const CLOSING_NEEDS_PERMIT: Rule = firm(
    "closing-needs-permit",
    "行政许可事项办结须填许可信息 (the closing of a permit item tells the permit)",
    [
        "行政许可办件准予办结，缺少许可信息",
        "a granted case of a permit item closes without its permit",
    ],
    [
        "请填写文书号、文书名称、许可类别、决定日期、许可机关代码、持证人、数据来源单位及其代码",
        "tell document number, title, category, decision date, authority, holder, source and its code",
    ],
);
pub(crate) const CASE_PARENT: Rule = rule(
    "case-parent",
    "并联审批 (joint approval)",
    ["主分办件编号矛盾", "the numbers of parent and branch cases contradict each other"],
    [
        "办件不能是自己的主件或分件",
        "a case is neither its own parent nor its own branch, and names each once",
    ],
);
pub(crate) const WORKING_DAYS: Rule = rule(
    "working-days",
    LICENSING,
    ["工作日数不正确", "not a number of working days"],
    ["请填写整数工作日", "write a whole number of working days"],
);
pub(crate) const YUAN: Rule = rule(
    "amount-yuan",
    "GB/T 39046-2020 表14, n..16,2 元",
    ["金额（元）不正确", "not an exact amount in yuan"],
    ["单位为元，最多两位小数", "the unit is yuan, at most two decimals"],
);
const MATERIALS: &str = "国办函〔2016〕108号 电子证照和材料可信等级 (trust levels of materials)";

pub(crate) const MATERIAL_ISSUER: Rule = rule(
    "material-issuer-missing",
    MATERIALS,
    ["A 级材料未写颁发机构", "a material of level A does not name its issuer"],
    [
        "请填写颁发机构名称和代码，或降低可信等级",
        "name the issuer and its code, or lower the level",
    ],
);
pub(crate) const MATERIAL_CHECKER: Rule = firm(
    "material-checker-missing",
    MATERIALS,
    [
        "可信等级提升或为 B 级，未写核验人和核验时间",
        "a level rose, or is B, without a named checker",
    ],
    ["请填写核验人和新的核验时间", "name who compared it with the original, and when"],
);
pub(crate) const WATERMARK: Rule = rule(
    "watermark",
    MATERIALS,
    ["水印文字与可信等级不符", "the watermark is not what the trust level demands"],
    [
        "请使用该等级规定的水印文字；C、D 级不加水印",
        "use the words of the level; C and D have none",
    ],
);
pub(crate) const CERTIFICATE_STATE: Rule = rule(
    "certificate-state",
    "GB/T 36903 电子证照元数据 (certificate states and operations)",
    ["电子证照状态与业务类型不符", "the certificate's state is not what its operation leads to"],
    ["请核对业务类型和状态", "compare operation and state"],
);
pub(crate) const PREVIOUS_CERTIFICATE: Rule = rule(
    "previous-certificate-missing",
    "GB/T 36903 电子证照元数据 (certificate states and operations)",
    [
        "延续、变更或转入的证照未写原证照标识",
        "a renewal, change or transfer does not name the certificate before it",
    ],
    [
        "请填写原电子证照标识，且不同于本证照",
        "name the previous certificate, another than this one",
    ],
);
pub(crate) const CERTIFICATE_ID: Rule = rule(
    "certificate-id",
    "GB/T 36904-2018 电子证照标识规范 (certificate identifiers)",
    ["电子证照标识不正确", "not a certificate identifier"],
    ["请核对各段及校验位", "compare the segments and the check character"],
);
pub(crate) const FEE_BASIS: Rule = marked(
    "fee-basis-missing",
    "GB/T 39046-2020 表4 事项 (items)",
    ["收费事项未写收费依据", "the item has a fee without a basis"],
    ["请填写收费依据，或改为不收费", "tell the basis of the fee, or that there is none"],
);
pub(crate) const ITEM_TWICE: Rule = rule(
    "item-twice",
    "权力清单 (power lists)",
    ["同一事项列了两次", "an item is listed twice"],
    ["每个事项只列一次", "list each item once"],
);

pub(crate) const RECORD_ID: Rule = rule(
    "record-id",
    "hallway.v1 记录编号 (record id)",
    ["记录编号不正确", "not a record id"],
    ["请填写回执中的 26 位记录编号", "use the 26 characters of the acknowledgement"],
);
pub(crate) const ITEM_CODE: Rule = marked(
    "item-code-form",
    "GB/T 39554.1-2020 实施编码 (implementation codes) and the lists in docs/identifiers.md",
    ["实施编码形式不正确", "the implementation code is malformed"],
    ["可以使用；请与事项清单核对编码", "it may be used; compare the code with the list of items"],
);
pub(crate) const ITEM_USCC: Rule = marked(
    "uscc-form",
    "GB 32100-2015 统一社会信用代码 (unified social credit code)",
    ["实施机构代码不是统一社会信用代码", "the department's code is not a credit code"],
    ["请核对 18 位代码", "compare the 18 characters"],
);
pub(crate) const ITEM_USCC_CHECK: Rule = marked(
    "uscc-check-digit",
    "GB 32100-2015 统一社会信用代码 (unified social credit code)",
    ["实施机构代码的校验位不正确", "the check character of the department's code is wrong"],
    ["请核对 18 位代码及其校验位", "compare the 18 characters and the check character"],
);
pub(crate) const ITEM_USCC_MISSING: Rule = marked(
    "uscc-missing",
    "GB 32100-2015 统一社会信用代码 (unified social credit code)",
    ["缺少实施机构代码", "the department has no code"],
    ["请补填统一社会信用代码", "add the unified social credit code"],
);
