//! Rules of permits and penalties: who the party is, what was decided, for how much.

use super::catalogue::{STANDARD, marked, rule};
use super::{Rule, Weight};

const USCC: &str = "GB 32100-2015 统一社会信用代码 (unified social credit code)";
const PRIVACY: &str = "双公示公开文字脱敏扫描 (scan of texts for publication)";

pub(crate) const USCC_MISSING: Rule = rule(
    "uscc-missing",
    USCC,
    ["缺少统一社会信用代码", "the unified social credit code is missing"],
    ["请填写 18 位统一社会信用代码", "write the 18 characters of the code"],
);
pub(crate) const USCC_FORM: Rule = rule(
    "uscc-form",
    USCC,
    ["统一社会信用代码格式不正确", "not the form of a unified social credit code"],
    ["代码为 18 位数字和大写字母，不含 I、O、S、V、Z", "18 digits and capitals, none of I O S V Z"],
);
pub(crate) const USCC_DEPARTMENT: Rule = rule(
    "uscc-department",
    USCC,
    [
        "前两位不是登记管理部门和机构类别代码",
        "the first two characters name no registering department",
    ],
    ["请核对代码；占位代码不可用", "compare the code; a placeholder is none"],
);
pub(crate) const USCC_CHECK_DIGIT: Rule = rule(
    "uscc-check-digit",
    USCC,
    ["统一社会信用代码校验位不符", "the check character does not fit"],
    ["请核对 18 位代码", "compare the 18 characters"],
);
pub(crate) const AUTHORITY_DEPARTMENT: Rule = rule(
    "authority-department",
    "GB 32100-2015, 11 机关, 12 事业单位 (government bodies and public institutions)",
    ["机关的代码应以 11 或 12 开头", "an authority's code begins with 11 or 12"],
    ["请填写作出决定的机关的代码", "write the code of the authority that decided"],
);
pub(crate) const ORGANISATION_CODE: Rule = rule(
    "organisation-code",
    "GB 11714-1997 组织机构代码 (organisation code)",
    ["组织机构代码不正确", "not an organisation code"],
    ["请核对 9 位代码及其校验位", "compare the 9 characters and the check character"],
);
pub(crate) const REGISTRATION_NUMBER: Rule = marked(
    "registration-number",
    "GS 15-2006 工商行政管理市场主体注册号 (business registration number)",
    ["工商注册号校验位不符", "the registration number's check digit does not fit"],
    ["请核对 15 位注册号", "compare the 15 digits"],
);
pub(crate) const DECISION_DATE_MISSING: Rule = rule(
    "decision-date-missing",
    STANDARD,
    ["缺少决定日期，疑为未作出决定的草稿", "there is no decision date: perhaps a draft"],
    ["请填写决定日期；尚未决定的不报送", "write the date; send nothing before it is decided"],
);
pub(crate) const AMOUNT: Rule = rule(
    "amount",
    "双公示数据标准 V2.1, decimal(18,6) 万元",
    ["金额不正确", "not an exact amount"],
    [
        "单位为万元，最多六位小数，例如 500 元填 0.05",
        "the unit is 万元, at most six decimals: 500 yuan are 0.05",
    ],
);
pub(crate) const AMOUNT_MISSING: Rule = rule(
    "amount-missing",
    STANDARD,
    ["处罚类别要求填写金额", "the penalty category demands an amount"],
    ["请填写金额（万元）", "write the amount in 万元"],
);
pub(crate) const LICENCE_MISSING: Rule = rule(
    "licence-missing",
    STANDARD,
    ["处罚类别要求填写暂扣或吊销的证照", "the penalty category demands the licence's name"],
    ["请填写证照名称及编号", "write name and number of the licence"],
);
pub(crate) const PARTY_CATEGORY: Rule = rule(
    "party-category",
    STANDARD,
    ["未说明行政相对人类别", "the category of the party is not said"],
    ["请填 法人及非法人组织、自然人 或 个体工商户", "say legal, natural or individual business"],
);
pub(crate) const CATEGORY_AND_CODE: Rule = rule(
    "category-and-code",
    "GB 32100-2015, 92 开头为个体工商户 (92… are individual businesses)",
    ["行政相对人类别与代码不符", "category and code of the party contradict each other"],
    [
        "92 开头的代码只属于个体工商户",
        "codes that begin with 92 belong to individual businesses only",
    ],
);
pub(crate) const OTHER_IDENTIFIER: Rule = rule(
    "other-identifier",
    "hallway.v1",
    ["其他标识缺少方案名", "the identifier does not name its scheme"],
    ["请写作 方案:标识", "write scheme:identifier"],
);
pub(crate) const PERSON_OF_ORGANISATION: Rule = rule(
    "person-of-organisation",
    STANDARD,
    ["组织不填自然人项", "an organisation has no fields of a natural person"],
    ["请清空自然人项，或改正相对人类别", "empty them, or mend the category"],
);
pub(crate) const NOT_APPLICABLE: Rule = rule(
    "not-applicable",
    STANDARD,
    ["该类相对人不填此项", "this category of party has no such field"],
    ["请清空该项，或改正相对人类别", "empty it, or mend the category"],
);
pub(crate) const ID_TYPE: Rule = rule(
    "id-type",
    STANDARD,
    ["证件类型不在代码表中", "not a certificate type of the list"],
    ["请填 身份证 等代码表中的词；其他证件写作 其他-名称", "use a word of the list, or 其他-name"],
);
pub(crate) const NAME_CHARACTER: Rule = rule(
    "name-character",
    "双公示字符判断 (double-publicity character checks)",
    ["名称含有 / 或 null、test 等字样", "the name contains a slash, null or test"],
    ["请填写证照上的全称", "write the full name of the licence"],
);
pub(crate) const PHONE_IN_OPEN: Rule = asking(
    "phone-in-open",
    PRIVACY,
    ["公开文字中疑有手机号码", "a text for publication seems to contain a mobile number"],
    ["请删去；确属公开电话的由人员放行", "remove it, or let a person release it"],
);
pub(crate) const CARD_IN_OPEN: Rule = asking(
    "card-in-open",
    PRIVACY,
    ["公开文字中疑有银行卡号", "a text for publication seems to contain a card number"],
    ["请删去；误判的由人员放行", "remove it, or let a person release it"],
);

const fn asking(
    code: &'static str,
    source: &'static str,
    message: [&'static str; 2],
    remedy: [&'static str; 2],
) -> Rule {
    Rule { weight: Weight::Ask, ..rule(code, source, message, remedy) }
}
