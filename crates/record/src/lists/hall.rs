//! Code lists of cases, items, certificates, materials and sharing.
//!
//! A.1 allows local extensions (11–19 and from 21 on).

use super::{List, Other};

/// 事项类型: item type.
pub static ITEM_TYPE: List = List {
    name: "item-type",
    zh: "事项类型",
    en: "item type",
    source: "GB/T 39046-2020 A.1",
    other: Other::Local,
    entries: &[
        ("00", "行政权力事项", "administrative power (parent)"),
        ("01", "行政许可", "permit"),
        ("02", "行政处罚", "penalty"),
        ("03", "行政强制", "coercion"),
        ("04", "行政征收", "levy"),
        ("05", "行政给付", "benefit"),
        ("06", "行政检查", "inspection"),
        ("07", "行政确认", "confirmation"),
        ("08", "行政奖励", "award"),
        ("09", "行政裁决", "ruling"),
        ("10", "其他类别事项", "other"),
        ("20", "公共服务", "public service"),
    ],
};

/// 行使层级: level.
pub static LEVEL: List = List {
    name: "level",
    zh: "行使层级",
    en: "level",
    source: "GB/T 39046-2020 A.2",
    other: Other::No,
    entries: &[
        ("1", "国家级", "national"),
        ("2", "省级", "province"),
        ("3", "市级", "prefecture"),
        ("4", "县级", "county"),
        ("5", "镇级(乡、街道)", "township"),
        ("6", "村级(社区)", "village"),
        ("7", "分级管理", "split"),
    ],
};

/// 实施主体性质: nature of the body.
pub static BODY_NATURE: List = List {
    name: "body-nature",
    zh: "实施主体性质",
    en: "nature of the body",
    source: "GB/T 39046-2020 A.3",
    other: Other::No,
    entries: &[
        ("1", "法定机关", "statutory body"),
        ("2", "授权组织", "authorised body"),
        ("3", "受委托组织", "entrusted body"),
        ("9", "其他", "other"),
    ],
};

/// 服务对象: service object.
pub static SERVICE_OBJECT: List = List {
    name: "service-object",
    zh: "服务对象",
    en: "service object",
    source: "GB/T 39046-2020 A.4",
    other: Other::No,
    entries: &[
        ("1", "自然人", "natural person"),
        ("2", "企业法人", "enterprise"),
        ("3", "事业法人", "public institution"),
        ("4", "社会组织法人", "social organisation"),
        ("5", "行政机关", "government body"),
        ("6", "其他组织", "other"),
    ],
};

/// 办理渠道: channel.
pub static CHANNEL: List = List {
    name: "channel",
    zh: "办理渠道",
    en: "channel",
    source: "GB/T 39046-2020 A.5",
    other: Other::No,
    entries: &[
        ("1", "窗口", "counter"),
        ("2", "电脑端", "web"),
        ("3", "移动端", "mobile"),
        ("4", "快递", "courier"),
        ("9", "其他", "other"),
    ],
};

/// 办件类型: kind of case.
pub static CASE_KIND: List = List {
    name: "case-kind",
    zh: "办件类型",
    en: "kind of case",
    source: "GB/T 39046-2020 A.6",
    other: Other::No,
    entries: &[("1", "即办件", "immediate"), ("2", "承诺件", "promised"), ("9", "其他", "other")],
};

/// 特别程序种类: special procedure.
pub static SPECIAL_PROCEDURE: List = List {
    name: "special-procedure",
    zh: "特别程序种类",
    en: "special procedure",
    source: "GB/T 39046-2020 A.7",
    other: Other::No,
    entries: &[
        ("1", "延长审批", "extension"),
        ("2", "除延长审批之外的特别程序", "other special procedure"),
    ],
};

/// 办结结果代码 BJJGDM: way of closing.
pub static CASE_FINISH: List = List {
    name: "case-finish",
    zh: "办结结果代码 BJJGDM",
    en: "way of closing",
    source: "省级前置库 BJJGDM",
    other: Other::No,
    entries: &[
        ("0", "出证办结", "closed with certificate"),
        ("1", "退回办结", "returned"),
        ("2", "作废办结", "voided"),
        ("3", "删除办结", "deleted"),
        ("4", "转报办结", "forwarded up"),
        ("5", "补正不来办结", "closed: supplement never came"),
        ("6", "办结", "closed"),
        ("7", "纸质办结", "closed on paper"),
    ],
};

/// 受理动作: acceptance action.
pub static ACCEPT_ACTION: List = List {
    name: "accept-action",
    zh: "受理动作",
    en: "acceptance action",
    source: "宁波统一受理平台 DOACTION",
    other: Other::No,
    entries: &[("0", "受理", "accepted"), ("1", "不予受理", "refused")],
};

/// 办理动作: handling action.
pub static HANDLE_ACTION: List = List {
    name: "handle-action",
    zh: "办理动作",
    en: "handling action",
    source: "宁波统一受理平台 DOACTION",
    other: Other::No,
    entries: &[("0", "提交", "submit"), ("1", "退回", "return")],
};

/// 办结动作: closing action.
pub static CLOSE_ACTION: List = List {
    name: "close-action",
    zh: "办结动作",
    en: "closing action",
    source: "宁波统一受理平台 DOACTION",
    other: Other::No,
    entries: &[("0", "办结", "close"), ("1", "作废办结", "void"), ("3", "退件", "return")],
};

/// 材料阶段: stage of an attachment.
pub static ATTACHMENT_STAGE: List = List {
    name: "attachment-stage",
    zh: "材料阶段",
    en: "stage of an attachment",
    source: "宁波统一受理平台",
    other: Other::No,
    entries: &[
        ("01", "申报阶段", "application"),
        ("02", "受理阶段", "acceptance"),
        ("03", "审批阶段", "approval"),
        ("04", "办结阶段", "closing"),
        ("05", "送达阶段", "delivery"),
    ],
};

/// 电子证照状态: state of a certificate.
pub static CERTIFICATE_STATE: List = List {
    name: "certificate-state",
    zh: "电子证照状态",
    en: "state of a certificate",
    source: "GB/T 36903-2018 family",
    other: Other::No,
    entries: &[
        ("01", "有效", "valid"),
        ("02", "暂扣", "suspended"),
        ("03", "撤销", "withdrawn"),
        ("04", "注销", "cancelled"),
        ("05", "失效", "expired"),
        ("06", "办理转出", "transferred out"),
        ("07", "吊销", "revoked"),
        ("99", "其他", "other"),
    ],
};

/// 电子证照业务类型: operation on a certificate.
pub static CERTIFICATE_OPERATION: List = List {
    name: "certificate-operation",
    zh: "电子证照业务类型",
    en: "operation on a certificate",
    source: "GB/T 36903-2018 family",
    other: Other::No,
    entries: &[
        ("01", "新发", "issue"),
        ("02", "延续", "renew"),
        ("03", "暂扣", "suspend"),
        ("04", "过期失效", "expire"),
        ("05", "注销", "cancel"),
        ("06", "暂扣发还", "give back"),
        ("07", "其他", "other"),
        ("08", "转入", "transfer in"),
    ],
};

/// 材料可信等级: trust level of a material.
pub static TRUST_LEVEL: List = List {
    name: "trust-level",
    zh: "材料可信等级",
    en: "trust level of a material",
    source: "国办函〔2016〕108号",
    other: Other::No,
    entries: &[
        ("A", "政务服务实施机构产生的证照批文 (直接使用)", "issued by an authority: use directly"),
        ("B", "窗口人员核验通过 (可重复使用)", "checked at a counter: may be reused"),
        ("C", "用户自行上传 (需核验原件后使用)", "user upload: check the original first"),
        ("D", "用户自制材料 (承诺真实, 直接使用)", "self-made, user vouches"),
    ],
};

/// 共享类型: share type.
pub static SHARE_TYPE: List = List {
    name: "share-type",
    zh: "共享类型",
    en: "share type",
    source: "政务信息资源目录 (national catalogue)",
    other: Other::No,
    entries: &[
        ("1", "无条件共享", "unconditional"),
        ("2", "有条件共享", "conditional"),
        ("3", "不予共享", "not shared"),
    ],
};

/// 共享类型（吉林 2019）: share type, Jilin 2019.
pub static SHARE_TYPE_JILIN: List = List {
    name: "share-type-jilin",
    zh: "共享类型（吉林 2019）",
    en: "share type, Jilin 2019",
    source: "吉林省公共数据和一网通办管理办法（试行）2019",
    other: Other::No,
    entries: &[
        ("1", "无条件共享", "unconditional"),
        ("2", "授权共享", "by authorisation"),
        ("3", "非共享", "not shared"),
    ],
};

/// 开放类型（吉林 2019）: open type, Jilin 2019.
pub static OPEN_TYPE_JILIN: List = List {
    name: "open-type-jilin",
    zh: "开放类型（吉林 2019）",
    en: "open type, Jilin 2019",
    source: "吉林省公共数据和一网通办管理办法（试行）2019",
    other: Other::No,
    entries: &[
        ("1", "无条件开放", "open"),
        ("2", "有条件开放", "conditional"),
        ("3", "非开放", "closed"),
    ],
};

/// 办件状态: state of a case; what may follow what, [`crate::case::TRANSITIONS`] says.
pub static CASE_STATE: List = List {
    name: "case-state",
    zh: "办件状态",
    en: "state of a case",
    source: "ours, from the lists seen",
    other: Other::No,
    entries: &[
        ("draft", "暂存", "draft"),
        ("submitted", "申请", "submitted"),
        ("supplement", "补正", "supplement asked for"),
        ("accepted", "受理", "accepted"),
        ("refused", "不予受理", "not taken on"),
        ("handling", "办理", "being handled"),
        ("paused", "暂停", "paused"),
        ("decided", "决定", "decided"),
        ("issued", "送达", "issued"),
        ("closed", "办结", "closed"),
        ("withdrawn", "申请人撤回", "withdrawn by the applicant"),
        ("returned", "退件", "returned"),
        ("voided", "作废", "void"),
        ("deleted", "删除", "deleted"),
        ("forwarded", "转报办结", "forwarded"),
        ("lapsed", "补正不来", "lapsed"),
    ],
};

/// 决定结果: decision.
pub static DECISION: List = List {
    name: "decision",
    zh: "决定结果",
    en: "decision",
    source: "ours",
    other: Other::No,
    entries: &[("granted", "准予", "granted"), ("refused", "不予", "refused")],
};
