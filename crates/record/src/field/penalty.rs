//! Fields of a penalty (行政处罚): every column of the 双公示 standard in three editions, the columns of
//! Zhejiang, and ours.
//!
//! A penalty has no state column in V2: it is withdrawn by a revision. The state of the first edition
//! is kept as it came.

use super::Need::{Absent as A, Conditional as C, Mandatory as M, Optional as O};
use super::head::{self, head};
use super::{Field, Origin, Show, Value, joined};
use crate::edition::Edition;
use crate::lists;

/// All fields, the head's first.
pub(super) static FIELDS: [Field; head::LEN + COUNT] = joined(&HEAD, &TABLE);

const HEAD: [Field; head::LEN] = head(
    Field::head("authority_name", "CF_CFJG", ["处罚机关", "authority"])
        .aliases(&["CF_XZJG"])
        .v1(&["CF_XZJG"])
        .seen(27, "H;I;J;C"),
    Field::head(
        "authority_code",
        "CF_CFJGDM",
        ["处罚机关统一社会信用代码", "authority credit code"],
    )
    .since(Edition::V2)
    .seen(28, "H;I;J;C"),
);

/// The body's fields, in the order of its slots.
pub(crate) static BODY: [Field; COUNT] = TABLE;

const COUNT: usize = 47;
const TABLE: [Field; COUNT] = [
    Field::open("party_name", "CF_XDR_MC", ["行政相对人名称", "party name"])
        .key()
        .is(Value::Name)
        .max(200)
        .need(M, A, M)
        .seen(1, "H;I;J;C"),
    Field::closed(
        "person_name",
        "CF_XDR_MC",
        ["行政相对人名称（自然人）", "name of a natural person"],
    )
    .key()
    .show(Show::MaskName)
    .is(Value::Name)
    .max(200)
    .need(A, M, A)
    .seen(1, "H;I;J;C"),
    Field::open("party_category", "CF_XDR_LB", ["行政相对人类别", "party category"])
        .since(Edition::V21)
        .is(Value::List(&lists::PARTY_CATEGORY))
        .max(16)
        .need(M, M, M)
        .seen(2, "I;J"),
    Field::open("party_code", "CF_XDR_SHXYM", ["统一社会信用代码", "unified social credit code"])
        .key()
        .aliases(&["UNI_SOCIAL_CRD_CD", "行政相对人代码_1", "行政相对人代码_1(统一社会信用代码)"])
        .is(Value::Uscc)
        .need(M, A, M)
        .seen(3, "H;I;J;C"),
    Field::open(
        "registration_number",
        "CF_XDR_GSZC",
        ["工商注册号", "business registration number"],
    )
    .aliases(&["CF_XDR_GSDJ", "行政相对人代码_2", "行政相对人代码_2(工商注册号)"])
    .v1(&["CF_XDR_GSDJ"])
    .is(Value::Registration)
    .max(50)
    .need(O, A, O)
    .seen(4, "H;J;C"),
    Field::open("organisation_code", "CF_XDR_ZZJG", ["组织机构代码", "organisation code"])
        .aliases(&["CF_XDR_ZDM", "行政相对人代码_3", "行政相对人代码_3(组织机构代码)"])
        .v1(&["CF_XDR_ZDM"])
        .is(Value::Organisation)
        .need(O, A, O)
        .seen(5, "H;J;C"),
    Field::open("tax_number", "CF_XDR_SWDJ", ["税务登记号", "tax registration number"])
        .aliases(&["行政相对人代码_4", "行政相对人代码_4(税务登记号)"])
        .v1(&["CF_XDR_SWDJ"])
        .max(20)
        .need(O, A, O)
        .seen(6, "H;J;C"),
    Field::open(
        "institution_number",
        "CF_XDR_SYDW",
        ["事业单位证书号", "public-institution certificate number"],
    )
    .since(Edition::V2)
    .aliases(&["行政相对人代码_5", "行政相对人代码_5(事业单位证书号)"])
    .max(18)
    .need(O, A, A)
    .seen(7, "H;J;C"),
    Field::open(
        "association_number",
        "CF_XDR_SHZZ",
        ["社会组织登记证号", "social-organisation registration number"],
    )
    .since(Edition::V2)
    .aliases(&["行政相对人代码_6", "行政相对人代码_6(社会组织登记证号)"])
    .max(50)
    .need(O, A, A)
    .seen(8, "H;J;C"),
    Field::open("other_identifier", "", ["其他标识（方案:标识）", "identifier of another scheme"])
        .origin(Origin::Ours)
        .is(Value::Scheme)
        .max(200)
        .need(O, A, O),
    Field::open("legal_representative", "CF_FRDB", ["法定代表人", "legal representative"])
        .aliases(&["CF_FR"])
        .v1(&["CF_FR"])
        .show(Show::MaskName)
        .max(50)
        .need(O, A, O)
        .seen(9, "H;J;C"),
    Field::closed(
        "legal_representative_id_type",
        "CF_FR_ZJLX",
        ["法定代表人证件类型", "certificate type of the legal representative"],
    )
    .since(Edition::V21)
    .is(Value::List(&lists::CERTIFICATE_TYPE))
    .max(64)
    .need(O, A, O)
    .seen(10, "I;J"),
    Field::closed(
        "legal_representative_id",
        "CF_FR_ZJHM",
        ["法定代表人证件号码", "certificate number of the legal representative"],
    )
    .aliases(&["CF_FR_SFZH", "法定代表人身份证号"])
    .is(Value::CertificateNumber)
    .max(64)
    .need(O, A, O)
    .seen(11, "H;I;J"),
    Field::closed("person_id_type", "CF_XDR_ZJLX", ["证件类型", "certificate type"])
        .since(Edition::V2)
        .is(Value::List(&lists::CERTIFICATE_TYPE))
        .max(64)
        .need(A, M, A)
        .seen(12, "H;C;D"),
    Field::closed("person_id", "CF_XDR_ZJHM", ["证件号码", "certificate number"])
        .v1(&["CF_XDR_SFZ"])
        .is(Value::CertificateNumber)
        .max(64)
        .need(A, M, A)
        .seen(13, "H;C;D"),
    Field::open("document_number", "CF_WSH", ["行政处罚决定书文号", "decision document number"])
        .key()
        .max(128)
        .need(M, M, M)
        .seen(14, "H;I;J;C"),
    Field::open("document_title", "CF_CFWS", ["行政处罚决定文书名称", "decision document title"])
        .since(Edition::V21)
        .origin(Origin::Template)
        .max(120)
        .seen(15, "I"),
    Field::open("violation_type", "CF_WFXW", ["违法行为类型", "type of violation"])
        .v1(&["CF_CFMC", "案件名称"])
        .max(2000)
        .need(M, M, M)
        .seen(16, "H;I;J;C"),
    Field::open("facts", "CF_SY", ["违法事实", "facts"])
        .aliases(&["主要违法事实"])
        .is(Value::Free)
        .max(5000)
        .need(M, M, M)
        .seen(17, "H;I;J;C"),
    Field::open("legal_basis", "CF_YJ", ["处罚依据", "legal basis"])
        .max(2048)
        .need(M, M, M)
        .seen(18, "H;I;J;C"),
    Field::open("categories", "CF_CFLB", ["处罚类别", "penalty categories"])
        .v1(&["CF_CFLB1", "CF_CFLB2"])
        .is(Value::Many(&lists::PENALTY_CATEGORY))
        .max(256)
        .need(M, M, M)
        .seen(19, "H;I;J"),
    Field::open("content", "CF_NR", ["处罚内容", "penalty content"])
        .aliases(&["处罚结果"])
        .v1(&["CF_JG"])
        .is(Value::Free)
        .max(4000)
        .need(M, M, M)
        .seen(20, "H;I;J;C"),
    Field::open("fine_wan_yuan", "CF_NR_FK", ["罚款金额(万元)", "fine in 万元"])
        .since(Edition::V2)
        .aliases(&["罚款金额"])
        .is(Value::WanYuan)
        .need(C, C, C)
        .seen(21, "H;I;J;C"),
    Field::open(
        "confiscated_wan_yuan",
        "CF_NR_WFFF",
        ["没收违法所得、没收非法财物的金额(万元)", "confiscated amount in 万元"],
    )
    .since(Edition::V2)
    .aliases(&["没收金额", "没收违法所得、没收非法财物的金额"])
    .is(Value::WanYuan)
    .need(C, C, C)
    .seen(22, "H;I;J;C"),
    Field::open(
        "suspended_licence",
        "CF_NR_ZKDX",
        ["暂扣或吊销证照名称及编号", "suspended or revoked licence"],
    )
    .since(Edition::V2)
    .max(200)
    .need(C, C, C)
    .seen(23, "H;I;J;C"),
    Field::open("decision_date", "CF_JDRQ", ["处罚决定日期", "decision date"])
        .key()
        .is(Value::DecisionDate)
        .need(M, M, M)
        .seen(24, "H;I;J;C;N"),
    Field::open("valid_until", "CF_YXQ", ["处罚有效期", "penalty valid until; 2099-12-31 is 长期"])
        .aliases(&["处罚截止期"])
        .v1(&["CF_JZQ"])
        .is(Value::Date)
        .need(M, M, M)
        .seen(25, "H;I;J;B"),
    Field::open("published_until", "CF_GSJZQ", ["公示截止期", "publication end date"])
        .is(Value::Date)
        .seen(26, "H;I;J;B"),
    Field::open("state", "CF_ZT", ["当前状态", "current state"])
        .v1(&["CF_ZT"])
        .is(Value::List(&lists::STATE))
        .seen(29, "K"),
    Field::open("source_name", "CF_SJLY", ["数据来源单位", "data source unit"])
        .since(Edition::V2)
        .aliases(&["CF_LYDW"])
        .max(200)
        .need(M, M, M)
        .seen(30, "H;I;J;B"),
    Field::open(
        "source_code",
        "CF_SJLYDM",
        ["数据来源单位统一社会信用代码", "data source credit code"],
    )
    .since(Edition::V2)
    .aliases(&["CF_LYDWDM"])
    .is(Value::Uscc)
    .need(M, M, M)
    .seen(31, "H;I;J;B"),
    Field::closed("remark", "BZ", ["备注", "remark"]).max(512).seen(32, "H;K"),
    Field::closed("exported_at", "SJDCSJ", ["数据导出时间", "export time of the template"])
        .aliases(&["data_export_time"])
        .v1(&["SJC"])
        .origin(Origin::Template)
        .max(64)
        .seen(33, "H"),
    Field::open("use_scope", "CF_SYFW", ["信息使用范围", "use scope"])
        .is(Value::List(&lists::USE_SCOPE))
        .seen(34, "C;K"),
    Field::open("severity", "CF_SXYZCD", ["失信严重程度", "severity"])
        .is(Value::List(&lists::SEVERITY))
        .seen(35, "K"),
    Field::open("area_code", "DFBM", ["地方编码", "area code"])
        .v1(&["DFBM"])
        .only(Edition::V1)
        .is(Value::Division)
        .max(6)
        .seen(36, "K"),
    Field::open("power_code", "CF_BM", ["权力编码", "power item code"]).max(64).seen(37, "K"),
    Field::closed("published_at", "PUBLIC_DATE", ["公示日期", "published at"])
        .origin(Origin::Provincial)
        .max(64)
        .seen(38, "B"),
    Field::closed(
        "publication_ends_at",
        "PUBLIC_END_DATE",
        ["公示截止日期", "publication ends at"],
    )
    .origin(Origin::Provincial)
    .max(64)
    .seen(39, "B"),
    Field::closed("publication_state", "PUBLICSTATUS", ["公示状态", "publication state"])
        .origin(Origin::Provincial)
        .max(64)
        .seen(40, "B"),
    Field::open("withdrawal_reason", "CUTREASON", ["撤销处罚的原因说明", "reason of withdrawal"])
        .aliases(&["CANCEL_REASON"])
        .origin(Origin::Provincial)
        .is(Value::Free)
        .max(512)
        .seen(41, "B"),
    Field::closed("case_cancelled", "ISCANCELCASE", ["撤销立案", "case cancelled"])
        .origin(Origin::Provincial)
        .is(Value::List(&lists::FLAG))
        .seen(42, "B"),
    Field::open("procedure", "CASE_PROCESS_TYPE", ["案件程序类别", "procedure type"])
        .origin(Origin::Provincial)
        .is(Value::List(&lists::PROCEDURE))
        .seen(43, "B"),
    Field::open(
        "case_name",
        "",
        ["案件名称", "case name, as the table of 2014 for counterfeit cases has it"],
    )
    .origin(Origin::Ours)
    .max(300),
    Field::open(
        "performance",
        "",
        ["履行方式和期限", "way and term of performance, as the table of 2014 has it"],
    )
    .origin(Origin::Ours)
    .aliases(&["行政处罚的履行方式和期限"])
    .max(1000),
    Field::open("counterfeit", "", ["双打案件", "counterfeit or intellectual property case"])
        .origin(Origin::Ours)
        .is(Value::List(&lists::FLAG)),
    Field::open("edition", "", ["数据标准版本", "edition of the standard"])
        .origin(Origin::Ours)
        .is(Value::List(&lists::EDITION)),
];
