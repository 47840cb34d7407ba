//! Cases (办件) after GB/T 39046-2020: application, acceptance, steps, supplements, special procedures,
//! decision, delivery, closing, evaluation, payment.
//!
//! A case is one record; each step of its life is a revision of it ([`RevisionKind::Progress`]) that
//! carries the case whole, so that the latest revision alone tells everything. [`step`] says whether
//! one revision may follow another. States and the steps between them stand in one table, [`State`]
//! and [`TRANSITIONS`]; the lists inside a case are `rows`. What stands here are the texts as
//! submitted, one field for each column of the standard's tables 5 to 9.
//!
//! Absent on purpose: attachments (a [`MaterialUse`] names the material, whose bytes travel apart) and
//! the transport columns of front tables (`row_guid`, `cd_batch`, `is_sync`), whose work message ids
//! and acknowledgements do here.
//!
//! [`RevisionKind::Progress`]: crate::RevisionKind::Progress

mod birth;
mod clock;
mod row;
mod rows;
mod state;
mod step;
mod validate;

use std::fmt;

use crate::field::slots;
use crate::personal::Masked;

pub use birth::told_in;
pub use clock::Clock;
pub use row::{Column, Row};
pub use rows::{
    Entered, Evaluation, MaterialUse, Payment, SpecialProcedure, Step, Supervision, Supplement,
};
pub use state::{State, StateError, TRANSITIONS};
pub use step::step;
pub use validate::{CASE_ROWS_MAX, EXTENSION_DAYS_MAX, JOINT_EXTENSION_DAYS_MAX, LIMIT_DAYS_MAX};

/// A case as submitted. What names people or their affairs is in the closed part.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Case {
    /// 办件编号: case number.
    pub case_number: String,
    /// 事项名称: item.
    pub item_name: String,
    /// 办件状态: state: draft, submitted, supplement, accepted, refused, handling, paused, decided,
    /// issued, closed, withdrawn, returned, voided, deleted, forwarded or lapsed.
    pub state: String,
    /// 受理时间: accepted at, RFC 3339; after a supplement, when the last of it came.
    pub accepted_at: String,
    /// 办件类型代码: kind of case, A.6.
    pub case_kind: String,
    /// 事项类型代码: item type, A.1.
    pub item_type: String,
    /// 基本编码: base code of the item.
    pub base_code: String,
    /// 实施编码: implementation code of the item.
    pub implementation_code: String,
    /// 业务办理项编码: handling code of the item.
    pub handling_code: String,
    /// 事项版本: version of the item.
    pub item_version: String,
    /// 申报来源代码: channel of the application, A.5.
    pub channel: String,
    /// 申请时间: applied at, RFC 3339.
    pub applied_at: String,
    /// 受理文书编号: number of the acceptance document.
    pub acceptance_number: String,
    /// 承诺时限: promised limit in working days.
    pub promise_days: u32,
    /// 法定时限: legal limit in working days.
    pub legal_days: u32,
    /// 承诺办结时间: promised until, YYYY-MM-DD.
    pub promised_until: String,
    /// 决定结果: decision: granted 准予 or refused 不予.
    pub decision: String,
    /// 决定时间: decided at, RFC 3339.
    pub decided_at: String,
    /// 送达时间: delivered at, RFC 3339.
    pub delivered_at: String,
    /// 是否快递寄送结果: whether a courier brought the result, 0 or 1.
    pub delivered_by_courier: String,
    /// 办结时间: closed at, RFC 3339.
    pub closed_at: String,
    /// 办结结果代码: national closing code, BJJGDM.
    pub close_code: String,
    /// 结果证照名称: name of the resulting certificate.
    pub result_name: String,
    /// 结果证照编号: number of the resulting certificate.
    pub result_number: String,
    /// 证照有效期限: validity of the resulting certificate, as text.
    pub result_validity: String,
    /// 发证/盖章单位: issuer of the resulting certificate.
    pub result_issuer: String,
    /// 是否收费: whether a fee is due, 0 or 1.
    pub charged: String,
    /// 投资项目编号: national investment project number, the key of a joint approval 并联审批.
    pub project_code: String,
    /// 申请人行政区划: division of the applicant.
    pub applicant_division: String,
    /// 代办单位: unit that handed the application in for the applicant.
    pub agent_unit: String,
    /// 主办件编号: parent case of a branch.
    pub parent_case_number: String,
    /// 分办件编号: branch cases of a parent.
    pub branch_case_numbers: Vec<String>,
    /// 许可记录编号: the permit born in the closing: its record id, once it has one.
    pub permit_record_id: String,
    /// 行政许可决定文书号: its document number.
    pub permit_document_number: String,
    /// 行政许可决定文书名称: its document title.
    pub permit_document_title: String,
    /// 许可类别: its category.
    pub permit_category: String,
    /// 许可决定日期: its decision date, YYYY-MM-DD.
    pub permit_decision_date: String,
    /// 许可机关统一社会信用代码: its authority.
    pub permit_authority_code: String,
    /// 数据来源单位: its source.
    pub permit_source_name: String,
    /// 数据来源单位统一社会信用代码: credit code of its source.
    pub permit_source_code: String,
    /// 许可内容: what it permits; the item's name when not said.
    pub permit_content: String,
    /// 许可有效期自: valid from, YYYY-MM-DD; the decision date when not said.
    pub permit_valid_from: String,
    /// 许可有效期至: valid until, YYYY-MM-DD; 2099-12-31 is 长期.
    pub permit_valid_until: String,
    /// 办理经过: states entered so far, in order; may be left out.
    pub course: Vec<Entered>,
    /// 环节: steps.
    pub steps: Vec<Step>,
    /// 补正: supplements.
    pub supplements: Vec<Supplement>,
    /// 特别程序: special procedures.
    pub special_procedures: Vec<SpecialProcedure>,
    /// 评价: evaluations.
    pub evaluations: Vec<Evaluation>,
    /// 申请者名称: applicant, closed.
    pub applicant_name: String,
    /// 申请者证件号码: applicant's certificate number, closed.
    pub applicant_id: String,
    /// 申请者证件类型代码: applicant's certificate type, GA/T 2000.156, closed.
    pub applicant_id_type: String,
    /// 法定代表人: legal representative, closed.
    pub legal_representative: String,
    /// 联系人/代理人姓名: contact or agent, closed.
    pub contact_name: String,
    /// 联系人/代理人证件类型代码: contact's certificate type, GA/T 2000.156, closed.
    pub contact_id_type: String,
    /// 联系人/代理人证件号码: contact's certificate number, closed.
    pub contact_id: String,
    /// 联系人手机号码: contact's phone, closed.
    pub contact_phone: String,
    /// 邮政编码: post code, closed.
    pub post_code: String,
    /// 通讯地址: address, closed.
    pub address: String,
    /// 受理人员: who accepted it, closed.
    pub handler: String,
    /// 办结办理人姓名: who closed it, closed.
    pub closing_handler: String,
    /// 办件结果描述: result in words, closed.
    pub result_description: String,
    /// 持证人: holder of the permit, closed.
    pub permit_holder: String,
    /// 备注: remark, closed.
    pub remark: String,
    /// 用材: materials used, closed.
    pub materials: Vec<MaterialUse>,
    /// 支付: payments, closed.
    pub payments: Vec<Payment>,
    /// 电子监察: supervisions, closed.
    pub supervisions: Vec<Supervision>,
}

slots!(Case {
    case_number => case_number,
    item_name => item_name,
    state => state,
    accepted_at => accepted_at,
    case_kind => case_kind,
    item_type => item_type,
    base_code => base_code,
    implementation_code => implementation_code,
    handling_code => handling_code,
    item_version => item_version,
    channel => channel,
    applied_at => applied_at,
    acceptance_number => acceptance_number,
    promise_days => promise_days,
    legal_days => legal_days,
    promised_until => promised_until,
    decision => decision,
    decided_at => decided_at,
    delivered_at => delivered_at,
    delivered_by_courier => delivered_by_courier,
    closed_at => closed_at,
    close_code => close_code,
    result_name => result_name,
    result_number => result_number,
    result_validity => result_validity,
    result_issuer => result_issuer,
    charged => charged,
    project_code => project_code,
    applicant_division => applicant_division,
    agent_unit => agent_unit,
    parent_case_number => parent_case_number,
    branch_case_numbers => branch_case_numbers,
    permit_record_id => permit_record_id,
    permit_document_number => permit_document_number,
    permit_document_title => permit_document_title,
    permit_category => permit_category,
    permit_decision_date => permit_decision_date,
    permit_authority_code => permit_authority_code,
    permit_source_name => permit_source_name,
    permit_source_code => permit_source_code,
    permit_content => permit_content,
    permit_valid_from => permit_valid_from,
    permit_valid_until => permit_valid_until,
    course => course,
    steps => steps,
    supplements => supplements,
    special_procedures => special_procedures,
    evaluations => evaluations,
    applicant_name => applicant_name,
    applicant_id => applicant_id,
    applicant_id_type => applicant_id_type,
    legal_representative => legal_representative,
    contact_name => contact_name,
    contact_id_type => contact_id_type,
    contact_id => contact_id,
    contact_phone => contact_phone,
    post_code => post_code,
    address => address,
    handler => handler,
    closing_handler => closing_handler,
    result_description => result_description,
    permit_holder => permit_holder,
    remark => remark,
    materials => materials,
    payments => payments,
    supervisions => supervisions,
});

impl Case {
    /// Where the case stands, if its state is one of the table.
    pub fn stands(&self) -> Option<State> {
        State::spoken(&self.state)
    }

    /// Whether several authorities decide together (并联审批): then an extension may be longer.
    pub fn is_joint(&self) -> bool {
        !self.parent_case_number.is_empty() || !self.branch_case_numbers.is_empty()
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case")
            .field("case_number", &self.case_number)
            .field("implementation_code", &self.implementation_code)
            .field("state", &self.state)
            .field("accepted_at", &self.accepted_at)
            .field("applicant_name", &Masked(&self.applicant_name))
            .field("applicant_id", &Masked(&self.applicant_id))
            .field("course", &self.course)
            .field("steps", &self.steps)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
