//! Fields of a permit (行政许可): every column of the 双公示 standard in three editions, and ours.
//!
//! Transport columns are kept in the closed part: they say how a row came, not what was permitted.

use super::Need::{Absent as A, Mandatory as M, Optional as O};
use super::head::{self, head};
use super::{Field, Origin, Show, Value, joined};
use crate::edition::Edition;
use crate::lists;

/// All fields, the head's first.
pub(super) static FIELDS: [Field; head::LEN + COUNT] = joined(&HEAD, &TABLE);

const HEAD: [Field; head::LEN] = head(
    Field::head("authority_name", "XK_XKJG", ["许可机关", "permit authority"])
        .v1(&["XK_XZJG"])
        .seen(23, "A;B;C"),
    Field::head(
        "authority_code",
        "XK_XKJGDM",
        ["许可机关统一社会信用代码", "authority credit code"],
    )
    .since(Edition::V2)
    .seen(24, "A;B;C;G;L"),
);

/// The body's fields, in the order of its slots.
pub(crate) static BODY: [Field; COUNT] = TABLE;

const COUNT: usize = 41;
const TABLE: [Field; COUNT] = [
    Field::open("party_name", "XK_XDR_MC", ["行政相对人名称", "party name"])
        .key()
        .v1(&["XK_XDR"])
        .is(Value::Name)
        .max(200)
        .need(M, A, M)
        .seen(1, "A;B;C;G;M"),
    Field::closed(
        "person_name",
        "XK_XDR_MC",
        ["行政相对人名称（自然人）", "name of a natural person"],
    )
    .key()
    .show(Show::MaskName)
    .is(Value::Name)
    .max(200)
    .need(A, M, A)
    .seen(1, "A;B;C;G;M"),
    Field::open("party_category", "XK_XDR_LB", ["行政相对人类别", "party category"])
        .since(Edition::V21)
        .aliases(&["XK_XDR_TYPE", "xkXdrLb"])
        .is(Value::List(&lists::PARTY_CATEGORY))
        .max(16)
        .need(M, M, M)
        .seen(2, "A;F"),
    Field::open("party_code", "XK_XDR_SHXYM", ["统一社会信用代码", "unified social credit code"])
        .key()
        .aliases(&["UNI_SOCIAL_CRD_CD", "行政相对人代码_1", "行政相对人代码_1(统一社会信用代码)"])
        .is(Value::Uscc)
        .need(M, A, M)
        .seen(3, "A;B;C;F;N"),
    Field::open(
        "registration_number",
        "XK_XDR_GSZC",
        ["工商注册号", "business registration number"],
    )
    .aliases(&["XK_XDR_GSDJ", "行政相对人代码_2", "行政相对人代码_2(工商注册号)"])
    .v1(&["XK_XDR_GSDJ"])
    .is(Value::Registration)
    .max(50)
    .need(O, A, O)
    .seen(4, "A;B;C;F"),
    Field::open("organisation_code", "XK_XDR_ZZJG", ["组织机构代码", "organisation code"])
        .aliases(&["XK_XDR_ZDM", "行政相对人代码_3", "行政相对人代码_3(组织机构代码)"])
        .v1(&["XK_XDR_ZDM"])
        .is(Value::Organisation)
        .need(O, A, O)
        .seen(5, "A;C;N"),
    Field::open("tax_number", "XK_XDR_SWDJ", ["税务登记号", "tax registration number"])
        .aliases(&["行政相对人代码_4", "行政相对人代码_4(税务登记号)"])
        .v1(&["XK_XDR_SWDJ"])
        .max(20)
        .need(O, A, O)
        .seen(6, "A;C;G"),
    Field::open(
        "institution_number",
        "XK_XDR_SYDW",
        ["事业单位证书号", "public-institution certificate number"],
    )
    .since(Edition::V2)
    .aliases(&["行政相对人代码_5", "行政相对人代码_5(事业单位证书号)"])
    .max(18)
    .need(O, A, A)
    .seen(7, "A;C;G"),
    Field::open(
        "association_number",
        "XK_XDR_SHZZ",
        ["社会组织登记证号", "social-organisation registration number"],
    )
    .since(Edition::V2)
    .aliases(&["行政相对人代码_6", "行政相对人代码_6(社会组织登记证号)"])
    .max(50)
    .need(O, A, A)
    .seen(8, "A;C"),
    Field::open("other_identifier", "", ["其他标识（方案:标识）", "identifier of another scheme"])
        .origin(Origin::Ours)
        .is(Value::Scheme)
        .max(200)
        .need(O, A, O),
    Field::open("legal_representative", "XK_FRDB", ["法定代表人", "legal representative"])
        .aliases(&["XK_FDDB"])
        .v1(&["XK_FR"])
        .show(Show::MaskName)
        .max(50)
        .need(M, A, O)
        .seen(9, "A;B;C"),
    Field::closed(
        "legal_representative_id_type",
        "XK_FR_ZJLX",
        ["法定代表人证件类型", "certificate type of the legal representative"],
    )
    .since(Edition::V21)
    .is(Value::List(&lists::CERTIFICATE_TYPE))
    .max(64)
    .need(O, A, O)
    .seen(10, "I"),
    Field::closed(
        "legal_representative_id",
        "XK_FR_ZJHM",
        ["法定代表人证件号码", "certificate number of the legal representative"],
    )
    .aliases(&["XK_FR_SFZH", "法定代表人身份证号"])
    .is(Value::CertificateNumber)
    .max(64)
    .need(O, A, O)
    .seen(11, "A;B;C;E"),
    Field::closed("person_id_type", "XK_XDR_ZJLX", ["证件类型", "certificate type"])
        .since(Edition::V2)
        .is(Value::List(&lists::CERTIFICATE_TYPE))
        .max(64)
        .need(A, M, A)
        .seen(12, "A;B;C;E"),
    Field::closed("person_id", "XK_XDR_ZJHM", ["证件号码", "certificate number"])
        .v1(&["XK_XDR_SFZ"])
        .is(Value::CertificateNumber)
        .max(64)
        .need(A, M, A)
        .seen(13, "A;B;C"),
    Field::open("document_title", "XK_XKWS", ["行政许可决定文书名称", "decision document title"])
        .since(Edition::V2)
        .max(120)
        .need(M, M, M)
        .seen(14, "A;B;C;E;G"),
    Field::open("document_number", "XK_WSH", ["行政许可决定文书号", "decision document number"])
        .key()
        .max(128)
        .need(M, M, M)
        .seen(15, "A;B;C;E;G;K"),
    Field::open("category", "XK_XKLB", ["许可类别", "permit category"])
        .aliases(&["XK_SPLB", "审批类别"])
        .v1(&["XK_SPLB"])
        .is(Value::List(&lists::PERMIT_CATEGORY))
        .max(256)
        .need(M, M, M)
        .seen(16, "A;B;C;E;F;G"),
    Field::open("certificate_name", "XK_XKZS", ["许可证书名称", "certificate name"])
        .since(Edition::V2)
        .max(64)
        .seen(17, "A;B;C;E;F"),
    Field::open("certificate_number", "XK_XKBH", ["许可编号", "certificate number"])
        .v1(&["XK_BM"])
        .max(64)
        .seen(18, "A;B;C"),
    Field::open("content", "XK_NR", ["许可内容", "permit content"])
        .is(Value::Free)
        .max(4000)
        .need(M, M, M)
        .seen(19, "A;B;C;F;G"),
    Field::open("decision_date", "XK_JDRQ", ["许可决定日期", "decision date"])
        .key()
        .is(Value::DecisionDate)
        .need(M, M, M)
        .seen(20, "A;B;C;G;L;N"),
    Field::open("valid_from", "XK_YXQZ", ["有效期自", "valid from"])
        .since(Edition::V2)
        .is(Value::Date)
        .need(M, M, M)
        .seen(21, "A;B;C;L"),
    Field::open("valid_until", "XK_YXQZI", ["有效期至", "valid until; 2099-12-31 is 长期"])
        .v1(&["XK_JZQ"])
        .is(Value::Date)
        .need(M, M, M)
        .seen(22, "A;B;C;G;L"),
    Field::open("state", "XK_ZT", ["当前状态", "current state"])
        .is(Value::List(&lists::STATE))
        .need(M, M, M)
        .seen(25, "A;B;C;K"),
    Field::open("source_name", "XK_LYDW", ["数据来源单位", "data source unit"])
        .since(Edition::V2)
        .max(200)
        .need(M, M, M)
        .seen(26, "A;B;C;G;L"),
    Field::open(
        "source_code",
        "XK_LYDWDM",
        ["数据来源单位统一社会信用代码", "data source credit code"],
    )
    .since(Edition::V2)
    .is(Value::Uscc)
    .need(M, M, M)
    .seen(27, "A;B;C;G;L"),
    Field::closed("remark", "BZ", ["备注", "remark"]).max(512).seen(28, "A;B;C;K"),
    Field::closed("exported_at", "SJDCSJ", ["数据导出时间", "export time of the template"])
        .aliases(&["data_export_time"])
        .v1(&["SJC"])
        .origin(Origin::Template)
        .max(64)
        .seen(29, "H"),
    Field::open("project_name", "XK_XMMC", ["项目名称", "project name"])
        .v1(&["XK_XMMC"])
        .only(Edition::V1)
        .max(200)
        .seen(30, "K"),
    Field::open("area_code", "DFBM", ["地方编码", "area code"])
        .v1(&["DFBM"])
        .only(Edition::V1)
        .is(Value::Division)
        .max(6)
        .seen(31, "K"),
    Field::open("use_scope", "XK_SYFW", ["信息使用范围", "use scope"])
        .is(Value::List(&lists::USE_SCOPE))
        .seen(32, "C;K"),
    Field::closed("upload_unit", "SCBMBM", ["上传部门编码", "uploading unit"])
        .origin(Origin::Transport)
        .max(64)
        .seen(33, "C"),
    Field::closed("station_id", "stationId", ["站点编码", "station id"])
        .origin(Origin::Transport)
        .max(64)
        .seen(34, "D"),
    Field::closed("upload_flag", "flag", ["上报标志", "upload flag"])
        .origin(Origin::Transport)
        .max(16)
        .seen(34, "D"),
    Field::closed("upload_success", "isSuccess", ["上报是否成功", "upload success"])
        .origin(Origin::Transport)
        .max(16)
        .seen(34, "D"),
    Field::closed("uploaded_at", "reportTime", ["上报时间", "upload time"])
        .origin(Origin::Transport)
        .max(64)
        .seen(34, "D"),
    Field::closed("upload_note", "reportNote", ["上报说明", "upload note"])
        .origin(Origin::Transport)
        .max(512)
        .seen(34, "D"),
    Field::open("edition", "", ["数据标准版本", "edition of the standard"])
        .origin(Origin::Ours)
        .is(Value::List(&lists::EDITION)),
    Field::open("case_number", "project_no", ["办件编号", "case number"])
        .origin(Origin::Template)
        .max(50),
    Field::open("case_record_id", "", ["办件记录编号", "record id of the case"])
        .origin(Origin::Ours)
        .is(Value::RecordId),
];
