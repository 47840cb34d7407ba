//! Penalties (行政处罚): the core columns of the 双公示 standard V2.1, both parts.
//!
//! A penalty has no state column: it is withdrawn by a revision, which stays as its own record.
//! Amounts are exact decimals in 万元. A party of another country's scheme, whose code no standard
//! here knows, is named by `other_identifier` instead of a credit code.

use crate::date::Date;
use crate::field::slots;
use crate::party::Party;
use crate::profile::Profile;
use crate::rules::{self, Report};
use crate::violation::Violation;

/// A penalty as submitted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Penalty {
    /// `CF_XDR` 行政相对人, in both parts.
    pub party: Party,
    /// `CF_WSH` 行政处罚决定书文号.
    pub document_number: String,
    /// `CF_WFXW` 违法行为类型.
    pub violation_type: String,
    /// `CF_SY` 违法事实.
    pub facts: String,
    /// `CF_YJ` 处罚依据.
    pub legal_basis: String,
    /// `CF_CFLB` 处罚类别, one or many.
    pub categories: Vec<String>,
    /// `CF_NR` 处罚内容.
    pub content: String,
    /// `CF_NR_FK` 罚款金额, in 万元.
    pub fine_wan_yuan: String,
    /// `CF_NR_WFFF` 没收金额, in 万元.
    pub confiscated_wan_yuan: String,
    /// `CF_JDRQ` 处罚决定日期.
    pub decision_date: String,
    /// `CF_YXQ` 处罚有效期.
    pub valid_until: String,
    /// `CF_GSJZQ` 公示截止期; may be empty.
    pub published_until: String,
    /// `CF_SJLY` 数据来源单位.
    pub source_name: String,
    /// `CF_SJLYDM` 数据来源单位统一社会信用代码.
    pub source_code: String,
    /// BZ 备注, closed part.
    pub remark: String,
    /// `CF_CFWS` 行政处罚决定文书名称.
    pub document_title: String,
    /// `CF_NR_ZKDX` 暂扣或吊销证照名称及编号.
    pub suspended_licence: String,
    /// `CF_ZT` 当前状态.
    pub state: String,
    /// `SJDCSJ` 数据导出时间, closed part.
    pub exported_at: String,
    /// `CF_SYFW` 信息使用范围.
    pub use_scope: String,
    /// `CF_SXYZCD` 失信严重程度.
    pub severity: String,
    /// `DFBM` 地方编码.
    pub area_code: String,
    /// `CF_BM` 权力编码.
    pub power_code: String,
    /// `PUBLIC_DATE` 公示日期, closed part.
    pub published_at: String,
    /// `PUBLIC_END_DATE` 公示截止日期, closed part.
    pub publication_ends_at: String,
    /// `PUBLICSTATUS` 公示状态, closed part.
    pub publication_state: String,
    /// `CUTREASON` 撤销处罚的原因说明.
    pub withdrawal_reason: String,
    /// `ISCANCELCASE` 撤销立案, closed part.
    pub case_cancelled: String,
    /// `CASE_PROCESS_TYPE` 案件程序类别.
    pub procedure: String,
    /// 案件名称: case name, as the table of 2014 for counterfeit cases has it.
    pub case_name: String,
    /// 履行方式和期限: way and term of performance, as the table of 2014 has it.
    pub performance: String,
    /// 双打案件: counterfeit or intellectual property case.
    pub counterfeit: String,
    /// 数据标准版本: edition of the standard.
    pub edition: String,
}

slots!(Penalty {
    party_name => party.name,
    person_name => party.person_name,
    party_category => party.category,
    party_code => party.code,
    registration_number => party.registration_number,
    organisation_code => party.organisation_code,
    tax_number => party.tax_number,
    institution_number => party.institution_number,
    association_number => party.association_number,
    other_identifier => party.other_identifier,
    legal_representative => party.legal_representative,
    legal_representative_id_type => party.legal_representative_id_type,
    legal_representative_id => party.legal_representative_id,
    person_id_type => party.person_id_type,
    person_id => party.person_id,
    document_number => document_number,
    document_title => document_title,
    violation_type => violation_type,
    facts => facts,
    legal_basis => legal_basis,
    categories => categories,
    content => content,
    fine_wan_yuan => fine_wan_yuan,
    confiscated_wan_yuan => confiscated_wan_yuan,
    suspended_licence => suspended_licence,
    decision_date => decision_date,
    valid_until => valid_until,
    published_until => published_until,
    state => state,
    source_name => source_name,
    source_code => source_code,
    remark => remark,
    exported_at => exported_at,
    use_scope => use_scope,
    severity => severity,
    area_code => area_code,
    power_code => power_code,
    published_at => published_at,
    publication_ends_at => publication_ends_at,
    publication_state => publication_state,
    withdrawal_reason => withdrawal_reason,
    case_cancelled => case_cancelled,
    procedure => procedure,
    case_name => case_name,
    performance => performance,
    counterfeit => counterfeit,
    edition => edition,
});

impl Penalty {
    /// All violations; none for a valid penalty. `today` is the day in China.
    pub fn validate(&self, today: Date, profile: Profile) -> Vec<Violation> {
        let mut report = Report::new("penalty", today, profile);
        self.party.validate(false, &mut report);
        report.text("open", "document_number", &self.document_number, 128);
        report.text("open", "violation_type", &self.violation_type, 2000);
        report.free_text("open", "facts", &self.facts, 5000);
        report.text("open", "legal_basis", &self.legal_basis, 2048);
        report.free_text("open", "content", &self.content, 4000);
        report.text("open", "source_name", &self.source_name, 200);
        report.credit_code("open", "source_code", &self.source_code);
        report.at_most("closed", "remark", &self.remark, 512);
        self.categories(&mut report);
        self.dates(&mut report);
        report.into_violations()
    }

    fn categories(&self, report: &mut Report<'_>) {
        if self.categories.is_empty() {
            report.add(&rules::REQUIRED, "open", "categories", "");
        }
        if self.categories.len() > CATEGORIES_MAX {
            report.add(&rules::TOO_LONG, "open", "categories", "");
        }
        for category in self.categories.iter().take(CATEGORIES_MAX) {
            let other = category.strip_prefix("其他-").is_some_and(|word| !word.is_empty());
            if !CATEGORIES.contains(&&**category) && !other {
                report.add(&rules::NOT_IN_LIST, "open", "categories", category);
            }
            report.at_most("open", "categories", category, 256);
        }
        let has = |category| self.categories.iter().any(|one| one == category);
        report.amount("fine_wan_yuan", &self.fine_wan_yuan, has(FINE));
        report.amount("confiscated_wan_yuan", &self.confiscated_wan_yuan, has(CONFISCATION));
    }

    fn dates(&self, report: &mut Report<'_>) {
        let decided = report.decision_date("open", "decision_date", &self.decision_date);
        let valid = report.required("open", "valid_until", &self.valid_until);
        let valid = valid.then(|| report.date("open", "valid_until", &self.valid_until)).flatten();
        report.ordered(decided, valid, "valid_until");
        if !self.published_until.is_empty() {
            let published = report.date("open", "published_until", &self.published_until);
            report.ordered(decided, published, "published_until");
        }
    }
}

/// 罚款: demands an amount.
pub(crate) const FINE: &str = "罚款";
/// 没收: demands an amount.
pub(crate) const CONFISCATION: &str = "没收违法所得、没收非法财物";

const CATEGORIES_MAX: usize = 12;

/// Penalty categories (处罚类别), 行政处罚法 2021 §9 and the standard.
const CATEGORIES: [&str; 12] = [
    "警告",
    FINE,
    CONFISCATION,
    "责令停产停业",
    "暂扣或吊销许可证、执照",
    "行政拘留",
    "通报批评",
    "降低资质等级",
    "限制开展生产经营活动",
    "责令关闭",
    "限制从业",
    "其他",
];

#[cfg(test)]
mod tests;
