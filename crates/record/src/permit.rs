//! Permits (行政许可): every column of the 双公示 standard in its three editions, both parts.
//!
//! Fields are kept as submitted; [`Permit::validate`] says everything that keeps them from being a
//! permit, and [`Permit::newest`] reads an older edition in the newest one's terms.

use crate::date::Date;
use crate::edition::Edition;
use crate::field::{PERMIT_BODY, slots};
use crate::party::Party;
use crate::profile::Profile;
use crate::rules::{Report, is_sentinel};
use crate::violation::Violation;

/// A permit as submitted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permit {
    /// `XK_XDR` 行政相对人, in both parts.
    pub party: Party,
    /// `XK_XKWS` 行政许可决定文书名称.
    pub document_title: String,
    /// `XK_WSH` 行政许可决定文书号.
    pub document_number: String,
    /// `XK_XKLB` 许可类别.
    pub category: String,
    /// `XK_XKZS` 许可证书名称.
    pub certificate_name: String,
    /// `XK_XKBH` 许可编号.
    pub certificate_number: String,
    /// `XK_NR` 许可内容.
    pub content: String,
    /// `XK_JDRQ` 许可决定日期.
    pub decision_date: String,
    /// `XK_YXQZ` 有效期自.
    pub valid_from: String,
    /// `XK_YXQZI` 有效期至; 2099-12-31 means 长期.
    pub valid_until: String,
    /// `XK_ZT` 当前状态: 1 有效, 2 无效.
    pub state: String,
    /// `XK_LYDW` 数据来源单位.
    pub source_name: String,
    /// `XK_LYDWDM` 数据来源单位统一社会信用代码.
    pub source_code: String,
    /// BZ 备注, closed part.
    pub remark: String,
    /// `SJDCSJ` 数据导出时间, closed part.
    pub exported_at: String,
    /// `XK_XMMC` 项目名称.
    pub project_name: String,
    /// `DFBM` 地方编码.
    pub area_code: String,
    /// `XK_SYFW` 信息使用范围.
    pub use_scope: String,
    /// `SCBMBM` 上传部门编码, closed part.
    pub upload_unit: String,
    /// `stationId` 站点编码, closed part.
    pub station_id: String,
    /// `flag` 上报标志, closed part.
    pub upload_flag: String,
    /// `isSuccess` 上报是否成功, closed part.
    pub upload_success: String,
    /// `reportTime` 上报时间, closed part.
    pub uploaded_at: String,
    /// `reportNote` 上报说明, closed part.
    pub upload_note: String,
    /// 数据标准版本: edition of the standard.
    pub edition: String,
    /// 办件编号: the case in whose closing the permit was born.
    pub case_number: String,
    /// 办件记录编号: that case's record id.
    pub case_record_id: String,
}

slots!(Permit {
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
    document_title => document_title,
    document_number => document_number,
    category => category,
    certificate_name => certificate_name,
    certificate_number => certificate_number,
    content => content,
    decision_date => decision_date,
    valid_from => valid_from,
    valid_until => valid_until,
    state => state,
    source_name => source_name,
    source_code => source_code,
    remark => remark,
    exported_at => exported_at,
    project_name => project_name,
    area_code => area_code,
    use_scope => use_scope,
    upload_unit => upload_unit,
    station_id => station_id,
    upload_flag => upload_flag,
    upload_success => upload_success,
    uploaded_at => uploaded_at,
    upload_note => upload_note,
    edition => edition,
    case_number => case_number,
    case_record_id => case_record_id,
});

impl Permit {
    /// All violations; none for a valid permit. `today` is the day in China.
    pub fn validate(&self, today: Date, profile: Profile) -> Vec<Violation> {
        let mut report = Report::new("permit", today, profile);
        let judged = self.party.judged(Edition::of(&self.edition), &mut report);
        report.fields(&PERMIT_BODY, &self.slots(), judged);
        self.party.agree(judged.category, &mut report);
        let from = self.valid_from.parse().ok();
        let until = self.valid_until.parse().ok().filter(|_| !is_sentinel(&self.valid_until));
        report.ordered(from, until, "valid_until");
        report.into_violations()
    }
}

#[cfg(test)]
mod tests;
