//! The catalogue of rules, each with its source. Codes are stable; texts may improve.
//!
//! Where 双公示 V2.1 and what reporting systems really check differ in a length, the longer one
//! stands here: a hall refuses what breaks a record, not what somebody's form cuts.

use super::{Rule, Weight};

pub(super) const fn rule(
    code: &'static str,
    source: &'static str,
    message: [&'static str; 2],
    remedy: [&'static str; 2],
) -> Rule {
    Rule { code, source, message, remedy, weight: Weight::Form }
}

/// A rule that no profile softens.
pub(super) const fn firm(
    code: &'static str,
    source: &'static str,
    message: [&'static str; 2],
    remedy: [&'static str; 2],
) -> Rule {
    Rule { weight: Weight::Firm, ..rule(code, source, message, remedy) }
}

/// A fact that breaks a law and is a fact: the record tells it, and is marked under every profile.
pub(super) const fn marked(
    code: &'static str,
    source: &'static str,
    message: [&'static str; 2],
    remedy: [&'static str; 2],
) -> Rule {
    Rule { weight: Weight::Mark, ..rule(code, source, message, remedy) }
}

pub(super) const STANDARD: &str = "双公示数据标准 V2.1 (double-publicity data standard)";
const CHECKS: &str = "双公示字符判断 (double-publicity character checks)";
const ENVELOPE: &str = "hallway.v1 报文首部 (head)";
const PRIVACY: &str = "自然人信息只在非公开部分 (natural persons live in the closed part)";

pub(crate) const REQUIRED: Rule = rule(
    "required",
    STANDARD,
    ["必填项为空", "a required field is empty"],
    ["请填写该项", "fill it in"],
);
pub(crate) const PLACEHOLDER: Rule = rule(
    "placeholder",
    CHECKS,
    ["填写了无意义的占位内容", "a word stands here that means nothing"],
    ["请填写真实内容；确无内容的选填项请留空", "say what is the case; leave optional fields empty"],
);
pub(crate) const MASKED_NAME: Rule = rule(
    "masked-name",
    CHECKS,
    ["名称含有 *，疑为脱敏后的数据", "the name contains *, as in a masked copy"],
    ["请提交未脱敏的原始记录", "submit the original record, not its published copy"],
);
pub(crate) const SHORT_NAME: Rule = rule(
    "short-name",
    CHECKS,
    ["名称过短", "the name is too short"],
    ["请填写全称", "write the full name"],
);
pub(crate) const TOO_LONG: Rule = rule(
    "too-long",
    STANDARD,
    ["超过长度上限", "longer than the standard allows"],
    ["请缩短该项，长文请作为材料提交", "shorten it; submit long texts as materials"],
);
pub(crate) const CONTROL_CHARACTER: Rule = rule(
    "control-character",
    CHECKS,
    ["含有控制字符", "there is a control character inside"],
    ["请删除不可见字符", "remove invisible characters"],
);
pub(crate) const CITIZEN_ID_IN_OPEN: Rule = firm(
    "citizen-id-in-open",
    PRIVACY,
    ["公开文字中含有公民身份号码", "a text for publication contains a citizen id"],
    ["请从公开部分删去身份号码", "remove the citizen id from the open part"],
);
pub(crate) const CITIZEN_ID: Rule = rule(
    "citizen-id",
    "GB 11643-1999 公民身份号码 (citizen id)",
    ["公民身份号码不正确", "not a citizen id"],
    [
        "请核对 18 位号码；其他证件请填写相应证件类型",
        "compare the 18 characters, or name the other certificate type",
    ],
);
pub(crate) const DATE_FORM: Rule = rule(
    "date-form",
    STANDARD,
    ["日期格式不正确", "not a day written YYYY-MM-DD"],
    ["请按 YYYY-MM-DD 填写；长期请填 2099-12-31", "write YYYY-MM-DD; 2099-12-31 means no end"],
);
pub(crate) const DATE_SENTINEL: Rule = rule(
    "date-sentinel",
    STANDARD,
    [
        "日期为空值占位 (1900-01-01 或 1970-01-01)",
        "the date is one that databases write for nothing",
    ],
    ["请填写真实日期", "write the real date"],
);
pub(crate) const DATE_IN_FUTURE: Rule = rule(
    "date-in-future",
    STANDARD,
    ["决定日期晚于今天", "the decision date is after today"],
    ["请核对决定日期与本机时间", "compare the date and the clock"],
);
pub(crate) const DATE_TOO_OLD: Rule = rule(
    "date-too-old",
    STANDARD,
    ["决定日期早于 1949-10-01", "the decision date is before 1949-10-01"],
    ["请核对决定日期", "compare the date"],
);
pub(crate) const DATE_ORDER: Rule = rule(
    "date-order",
    STANDARD,
    ["日期先后矛盾", "the dates contradict each other"],
    ["截止日期不得早于起始日期或决定日期", "an end is not before its beginning or its decision"],
);
pub(crate) const PERSON_IN_OPEN: Rule = firm(
    "person-in-open",
    PRIVACY,
    ["自然人信息出现在公开部分", "data of a natural person stands in the open part"],
    ["请移到非公开部分", "move it to the closed part"],
);
pub(crate) const NOT_IN_LIST: Rule = rule(
    "not-in-list",
    STANDARD,
    ["不在代码表中", "not a value of the code list"],
    ["请使用代码表中的值；其他写作 其他-名称", "use a value of the list; others as 其他-name"],
);
pub(crate) const NATURAL_KEY: Rule = firm(
    "natural-key",
    ENVELOPE,
    ["业务主键与正文不一致", "natural key and body contradict each other"],
    [
        "文书号和相对人代码须与正文相同；自然人的相对人为空",
        "use the body's document number and party code; none for a natural person",
    ],
);
pub(crate) const MESSAGE_ID: Rule = firm(
    "message-id",
    ENVELOPE,
    ["报文编号不正确", "not a message id"],
    ["请用 1–128 个可打印 ASCII 字符", "use 1–128 printable ASCII characters"],
);
pub(crate) const KIND: Rule = firm(
    "kind",
    ENVELOPE,
    ["类别不正确", "not a kind that may be submitted"],
    [
        "请用 permit、penalty、case、material、item、power-list 或已登记的名称",
        "use permit, penalty, case, material, item, power-list or a registered name",
    ],
);
pub(crate) const STAMPED: Rule = firm(
    "stamped",
    ENVELOPE,
    ["提交的首部带有受理戳记", "the submitted head carries a stamp"],
    ["受理戳记由受理的大厅添加，请去掉", "leave it out: the accepting hall adds it"],
);
pub(crate) const SHARING_CLASS: Rule = firm(
    "sharing-class",
    ENVELOPE,
    ["共享类别不正确", "not a sharing class"],
    [
        "请用 open、unconditional、conditional 或 withheld",
        "use open, unconditional, conditional or withheld",
    ],
);
pub(crate) const TIME: Rule = rule(
    "time",
    "RFC 3339",
    ["时间格式不正确", "not a time with a zone"],
    ["请按 2014-04-25T08:00:00+08:00 的格式填写", "write it as 2014-04-25T08:00:00+08:00"],
);
pub(crate) const TIME_IN_FUTURE: Rule = firm(
    "time-in-future",
    ENVELOPE,
    ["发生时间晚于现在", "the time is in the future"],
    ["请核对提交系统的时钟", "compare the clock of the submitting system"],
);
pub(crate) const CODE_SYSTEM: Rule = firm(
    "code-system",
    ENVELOPE,
    ["区划代码体系不正确", "not a code system"],
    ["请用 mca、nbs 或 office", "use mca, nbs or office"],
);
pub(crate) const DIVISION: Rule = rule(
    "division",
    "GB/T 2260 行政区划代码 (division codes)",
    ["行政区划代码在该日期不成立", "the division code did not hold on that date"],
    [
        "请使用该日期有效的代码；无代码的机构用 office",
        "use the code of that date, or office without one",
    ],
);
pub(crate) const REVISES: Rule = firm(
    "revises",
    ENVELOPE,
    ["修订信息不正确", "what is revised is not said rightly"],
    [
        "请填写回执中的记录编号和修订号，以及修订方式",
        "use record id and revision of the acknowledgement, and say how it is revised",
    ],
);
pub(crate) const SUCCESSOR: Rule = firm(
    "successor",
    ENVELOPE,
    [
        "替换须写明接替的记录，其他方式不写",
        "a replacement names its successor, other revisions none",
    ],
    [
        "请填写接替记录的编号，或改正修订方式",
        "name the record that takes its place, or mend the way of revising",
    ],
);
pub(crate) const UNREADABLE: Rule = rule(
    "unreadable",
    ENVELOPE,
    ["该项无法读懂", "what this field says cannot be read"],
    ["请按字段说明填写", "write it as the list of fields says"],
);
pub(crate) const TOO_LARGE: Rule = firm(
    "too-large",
    ENVELOPE,
    ["记录超过大小上限", "the record is larger than the limit"],
    ["请将大文件作为材料提交", "submit large files as materials"],
);
pub(crate) const BODY: Rule = firm(
    "body",
    ENVELOPE,
    ["正文缺失或与类别不符", "the body is missing or is of another kind"],
    ["正文须与首部的类别一致", "the body is of the kind that the head names"],
);
pub(crate) const MALFORMED: Rule = firm(
    "malformed",
    "protobuf hallway.v1",
    ["不是有效的报文", "the bytes are no message of the schema"],
    ["请按 hallway.v1 编码", "encode it as hallway.v1"],
);
pub(crate) const DIGEST: Rule = rule(
    "digest",
    ENVELOPE,
    ["SHA-256 摘要不是 32 字节", "a SHA-256 digest has 32 bytes"],
    ["请填写材料内容的 SHA-256", "write the SHA-256 of the material's bytes"],
);
