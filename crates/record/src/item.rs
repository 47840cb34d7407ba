//! Items (事项): what a hall does for whom, in how long, for how much, and whom to ask; after GB/T
//! 39046-2020 table 4.
//!
//! The catalogue is a set of records: one for each edition of an item, told apart by the day from
//! which it is valid. Old editions stay, since a case is judged by the item of its day; [`as_of`]
//! selects. Real lists use codes of several lengths and department codes that fail their check or are
//! missing; an item is worth having all the same, so these are marked and never refused.
//!
//! Absent on purpose: a closed part. An item names no person; its phones are the counter's.

use crate::date::Date;
use crate::field::{ITEM_BODY, check, slots};
use crate::identifier::{Misfit, Numbered, Scheme, Uscc, UsccError};
use crate::profile::Profile;
use crate::rules::{self, Report};
use crate::violation::Violation;

/// One edition of an item, as submitted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// 实施编码: implementation code, or what a place uses for it.
    pub implementation_code: String,
    /// 基本编码: base code.
    pub base_code: String,
    /// 业务办理项编码: handling code.
    pub handling_code: String,
    /// 事项名称: name.
    pub item_name: String,
    /// 主项名称: main item.
    pub main_item_name: String,
    /// 事项类型代码, A.1.
    pub item_type: String,
    /// 行使层级, A.2.
    pub level: String,
    /// 实施主体性质, A.3.
    pub body_nature: String,
    /// 服务对象, A.4, one or many.
    pub service_objects: Vec<String>,
    /// 办理形式, A.5, one or many.
    pub channels: Vec<String>,
    /// 办件类型, A.6.
    pub case_kind: String,
    /// 法定办结时限 in working days.
    pub legal_days: u32,
    /// 承诺办结时限 in working days.
    pub promise_days: u32,
    /// 设定依据: legal basis.
    pub legal_basis: String,
    /// 受理条件: conditions.
    pub conditions: String,
    /// 申请材料: what to hand in.
    pub materials: Vec<String>,
    /// 办理流程: procedure.
    pub procedure: String,
    /// 结果名称: result.
    pub result_name: String,
    /// 是否收费, 0 or 1.
    pub charged: String,
    /// 收费标准: fee.
    pub fee_standard: String,
    /// 收费依据: its basis.
    pub fee_basis: String,
    /// 咨询方式: phone.
    pub phone: String,
    /// 监督投诉方式: supervision phone.
    pub supervision_phone: String,
    /// 实施机构: department.
    pub department_name: String,
    /// 实施机构统一社会信用代码: its credit code.
    pub department_code: String,
    /// 行政区划: division.
    pub division: String,
    /// 办理地点: place.
    pub place: String,
    /// 办理时间: office hours.
    pub office_hours: String,
    /// 事项版本: version.
    pub version: String,
    /// 生效日期: the day from which the edition is valid; empty when not said.
    pub valid_from: String,
    /// 失效日期: its last day; empty while no end is known.
    pub valid_until: String,
}

/// The edition among `editions` of one item that is valid on `day`: of those that began and have not
/// ended, the one that began last. An edition that does not say when it began is older than all.
pub fn as_of<'a>(editions: impl IntoIterator<Item = &'a Item>, day: Date) -> Option<&'a Item> {
    editions
        .into_iter()
        .filter_map(|item| {
            let from = item.valid_from.parse().unwrap_or(Date::FOUNDING);
            let until = item.valid_until.parse().unwrap_or(Date::LONG_TERM);
            (from <= day && day <= until).then_some((from, item))
        })
        .max_by_key(|(from, _)| *from)
        .map(|(_, item)| item)
}

slots!(Item {
    implementation_code => implementation_code,
    base_code => base_code,
    handling_code => handling_code,
    item_name => item_name,
    main_item_name => main_item_name,
    item_type => item_type,
    level => level,
    body_nature => body_nature,
    service_objects => service_objects,
    channels => channels,
    case_kind => case_kind,
    legal_days => legal_days,
    promise_days => promise_days,
    legal_basis => legal_basis,
    conditions => conditions,
    materials => materials,
    procedure => procedure,
    result_name => result_name,
    charged => charged,
    fee_standard => fee_standard,
    fee_basis => fee_basis,
    phone => phone,
    supervision_phone => supervision_phone,
    department_name => department_name,
    department_code => department_code,
    division => division,
    place => place,
    office_hours => office_hours,
    version => version,
    valid_from => valid_from,
    valid_until => valid_until,
});

impl Item {
    /// All violations; none for a valid item.
    pub fn validate(&self, today: Date, profile: Profile) -> Vec<Violation> {
        let mut report = Report::new("item", today, profile);
        check(&ITEM_BODY, &self.slots(), &mut report);
        self.codes(&mut report);
        self.limits(&mut report);
        report.into_violations()
    }

    /// Local lists number in their own ways, and have departments without a right code.
    fn codes(&self, report: &mut Report<'_>) {
        let code = &self.implementation_code;
        if let Some(misfit) = misfit(code) {
            let more = [format!("：{}", misfit.zh()), format!(": {}", misfit.en())];
            let more = more.each_ref().map(String::as_str);
            report.told(&rules::ITEM_CODE, "open", "implementation_code", code, more);
        }
        let department = &self.department_code;
        let rule = match department.parse::<Uscc>() {
            _ if department.is_empty() => &rules::ITEM_USCC_MISSING,
            Ok(_) => return,
            Err(UsccError::Check { .. }) => &rules::ITEM_USCC_CHECK,
            // Both are wrong: a mistyped code is likelier than a department that does not exist.
            Err(UsccError::Category | UsccError::Area) if !Uscc::check_fits(department) => {
                &rules::ITEM_USCC_CHECK
            }
            Err(
                UsccError::Length | UsccError::Alphabet | UsccError::Category | UsccError::Area,
            ) => &rules::ITEM_USCC,
        };
        report.add(rule, "open", "department_code", department);
    }

    fn limits(&self, report: &mut Report<'_>) {
        if self.legal_days != 0 && self.promise_days > self.legal_days {
            let days = self.promise_days.to_string();
            report.add(&rules::PROMISE_OVER_LEGAL, "open", "promise_days", &days);
        }
        if self.charged == "1" && self.fee_basis.trim().is_empty() {
            report.add(&rules::FEE_BASIS, "open", "fee_basis", "");
        }
        let day = |text: &str| text.parse::<Date>().ok();
        let (from, until) = (day(&self.valid_from), day(&self.valid_until));
        report.ordered(from, until, "valid_until");
    }
}

/// Why an implementation code is of no known form. A width that no known scheme has may be a province's
/// own, Jilin's for instance, as long as the national tables have room for it.
fn misfit(code: &str) -> Option<Misfit> {
    let misfit = Scheme::of(Numbered::Implementation, code).err().filter(|_| !code.is_empty())?;
    let own = matches!(misfit, Misfit::Length(count) if count <= NATIONAL_CODE_MAX);
    let province = Scheme::named(Numbered::Implementation, PROVINCE).filter(|_| own);
    province.map_or(Some(misfit), |scheme| scheme.check(code).err())
}

/// Most characters of an implementation code in the national tables.
pub const NATIONAL_CODE_MAX: usize = 36;
/// The scheme that judges width and alphabet alone.
const PROVINCE: &str = "jilin";

#[cfg(test)]
mod tests;
