//! Code lists of the 双公示 standard: parties, permits, penalties, and what publication follows.
//!
//! Both the code and the word of an entry occur in real data and both are accepted. 其他 must be
//! named where the standard says so: `其他-备案`.

use super::{List, Other};

/// 行政相对人类别（四类）: counterparty category, four ways.
pub static PARTY_CATEGORY_FOUR: List = List {
    name: "party-category-four",
    zh: "行政相对人类别（四类）",
    en: "counterparty category, four ways",
    source: "双公示数据标准 V2.1",
    other: Other::No,
    entries: &[
        ("01", "自然人", "natural person"),
        ("02", "法人", "legal person"),
        ("03", "非法人组织", "unincorporated organisation"),
        ("04", "个体工商户", "individual business"),
    ],
};

/// 行政相对人类别: counterparty category.
pub static PARTY_CATEGORY: List = List {
    name: "party-category",
    zh: "行政相对人类别",
    en: "counterparty category",
    source: "双公示数据标准 V2.1",
    other: Other::No,
    entries: &[
        ("法人及非法人组织", "法人及非法人组织", "legal person or unincorporated organisation"),
        ("自然人", "自然人", "natural person"),
        ("个体工商户", "个体工商户", "individual business"),
    ],
};

/// 证件类型: certificate type.
pub static CERTIFICATE_TYPE: List = List {
    name: "certificate-type",
    zh: "证件类型",
    en: "certificate type",
    source: "双公示数据标准 V2.1",
    other: Other::Must,
    entries: &[
        ("01", "身份证", "citizen id card"),
        ("02", "护照号", "passport"),
        ("03", "港澳居民来往内地通行证", "HK/Macao pass"),
        ("04", "台湾居民来往大陆通行证", "Taiwan pass"),
        ("05", "外国人永久居留身份证", "foreigner permanent residence"),
    ],
};

/// 许可类别: permit category.
pub static PERMIT_CATEGORY: List = List {
    name: "permit-category",
    zh: "许可类别",
    en: "permit category",
    source: "双公示数据标准 V2.1",
    other: Other::Must,
    entries: &[
        ("01", "普通", "ordinary"),
        ("02", "特许", "franchise"),
        ("03", "认可", "accreditation"),
        ("04", "核准", "approval"),
        ("05", "登记", "registration"),
        ("06", "其他", "other, name needed"),
    ],
};

/// 当前状态: current state.
pub static STATE: List = List {
    name: "state",
    zh: "当前状态",
    en: "current state",
    source: "双公示数据标准 V2",
    other: Other::No,
    entries: &[("1", "有效", "valid"), ("2", "无效", "void")],
};

/// 当前状态（第一版）: current state, first edition.
pub static STATE_V1: List = List {
    name: "state-v1",
    zh: "当前状态（第一版）",
    en: "current state, first edition",
    source: "双公示数据标准 V1",
    other: Other::No,
    entries: &[
        ("0", "正常", "normal"),
        ("1", "撤销", "revoked"),
        ("2", "异议", "disputed"),
        ("3", "其他", "other"),
    ],
};

/// 处罚类别: penalty category.
pub static PENALTY_CATEGORY: List = List {
    name: "penalty-category",
    zh: "处罚类别",
    en: "penalty category",
    source: "双公示数据标准 V2.1; 行政处罚法 2021 第九条",
    other: Other::May,
    entries: &[
        ("警告", "警告", "warning"),
        ("罚款", "罚款", "fine"),
        ("没收违法所得、没收非法财物", "没收违法所得、没收非法财物", "confiscation"),
        ("责令停产停业", "责令停产停业", "ordered to stop business"),
        ("暂扣或吊销许可证、执照", "暂扣或吊销许可证、执照", "licence suspended or revoked"),
        ("行政拘留", "行政拘留", "detention"),
        ("通报批评", "通报批评", "public criticism"),
        ("降低资质等级", "降低资质等级", "qualification downgraded"),
        ("限制开展生产经营活动", "限制开展生产经营活动", "business restricted"),
        ("责令关闭", "责令关闭", "ordered to close"),
        ("限制从业", "限制从业", "barred from the trade"),
        ("其他", "其他", "other"),
    ],
};

/// 案件程序类别: procedure type.
pub static PROCEDURE: List = List {
    name: "procedure",
    zh: "案件程序类别",
    en: "procedure type",
    source: "浙江省行政处罚结果信息网上公开 (Zhejiang)",
    other: Other::No,
    entries: &[("01", "简易程序", "summary"), ("02", "一般程序", "ordinary")],
};

/// 失信严重程度: severity.
pub static SEVERITY: List = List {
    name: "severity",
    zh: "失信严重程度",
    en: "severity",
    source: "信用修复管理办法",
    other: Other::No,
    entries: &[("一般", "一般", "general"), ("严重", "严重", "serious"), ("轻微", "轻微", "minor")],
};

/// 信息使用范围: use scope.
pub static USE_SCOPE: List = List {
    name: "use-scope",
    zh: "信息使用范围",
    en: "use scope",
    source: "双公示数据标准 V1.x",
    other: Other::No,
    entries: &[
        ("0", "公示", "publish"),
        ("1", "仅限政府部门内部使用", "inside government only"),
        ("2", "查询", "on request"),
    ],
};

/// 数据标准版本: edition of the standard.
pub static EDITION: List = List {
    name: "edition",
    zh: "数据标准版本",
    en: "edition of the standard",
    source: "双公示数据标准",
    other: Other::No,
    entries: &[
        ("v1", "2015/16 版", "V1 of 2015/16"),
        ("v2", "2018 版", "V2 of 2018"),
        ("v2.1", "2019 版", "V2.1 since 2019"),
    ],
};

/// 是否: yes or no.
pub static FLAG: List = List {
    name: "flag",
    zh: "是否",
    en: "yes or no",
    source: "ours",
    other: Other::No,
    entries: &[("0", "否", "no"), ("1", "是", "yes")],
};
