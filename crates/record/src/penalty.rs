//! Penalties (行政处罚): every column of the 双公示 standard in its three editions, both parts.
//!
//! A penalty has no state column: it is withdrawn by a revision, which stays as its own record.
//! Amounts are exact decimals in 万元. A party of another country's scheme, whose code no standard
//! here knows, is named by `other_identifier` instead of a credit code.

use crate::date::Date;
use crate::edition::Edition;
use crate::field::{PENALTY_BODY, slots};
use crate::party::Party;
use crate::profile::Profile;
use crate::rules::{self, Report, is_sentinel};
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
        let judged = self.party.judged(Edition::of(&self.edition), &mut report);
        report.fields(&PENALTY_BODY, &self.slots(), judged);
        self.party.agree(judged.category, &mut report);
        if judged.edition >= Edition::V2 && profile != Profile::Generic {
            self.demanded_by_categories(&mut report);
        }
        let day = |text: &str| text.parse().ok().filter(|_| !is_sentinel(text));
        let decided = day(&self.decision_date);
        report.ordered(decided, day(&self.valid_until), "valid_until");
        report.ordered(decided, day(&self.published_until), "published_until");
        report.into_violations()
    }

    /// A fine, a confiscation, a licence taken: each demands what was taken.
    fn demanded_by_categories(&self, report: &mut Report<'_>) {
        for (category, field, value, rule) in [
            (FINE, "fine_wan_yuan", &self.fine_wan_yuan, &rules::AMOUNT_MISSING),
            (
                CONFISCATION,
                "confiscated_wan_yuan",
                &self.confiscated_wan_yuan,
                &rules::AMOUNT_MISSING,
            ),
            (LICENCE, "suspended_licence", &self.suspended_licence, &rules::LICENCE_MISSING),
        ] {
            if value.is_empty() && self.categories.iter().any(|one| one == category) {
                report.add(rule, "open", field, value);
            }
        }
    }
}

/// 罚款: demands an amount.
pub(crate) const FINE: &str = "罚款";
/// 没收: demands an amount.
pub(crate) const CONFISCATION: &str = "没收违法所得、没收非法财物";

/// 暂扣或吊销许可证、执照: demands the licence.
const LICENCE: &str = "暂扣或吊销许可证、执照";

#[cfg(test)]
mod tests;
