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

impl Item {
    /// All violations; none for a valid item.
    pub fn validate(&self, today: Date, profile: Profile) -> Vec<Violation> {
        let mut report = Report::new("item", today, profile);
        self.texts(&mut report);
        self.limits(&mut report);
        self.lists(&mut report);
        report.into_violations()
    }

    fn texts(&self, report: &mut Report<'_>) {
        report.text("open", "implementation_code", &self.implementation_code, 64);
        report.text("open", "item_name", &self.item_name, 300);
        report.text("open", "department_name", &self.department_name, 200);
        for (field, value, max) in [
            ("base_code", &self.base_code, 32),
            ("handling_code", &self.handling_code, 64),
            ("main_item_name", &self.main_item_name, 300),
            ("legal_basis", &self.legal_basis, 8000),
            ("conditions", &self.conditions, 8000),
            ("procedure", &self.procedure, 8000),
            ("result_name", &self.result_name, 200),
            ("fee_standard", &self.fee_standard, 4000),
            ("fee_basis", &self.fee_basis, 4000),
            ("phone", &self.phone, 100),
            ("supervision_phone", &self.supervision_phone, 100),
            ("division", &self.division, 12),
            ("place", &self.place, 300),
            ("office_hours", &self.office_hours, 300),
            ("version", &self.version, 32),
        ] {
            report.at_most("open", field, value, max);
            report.public("open", field, value);
        }
        if self.materials.len() > ITEM_LIST_MAX {
            report.add(&rules::TOO_LONG, "open", "materials", &self.materials.len().to_string());
        }
        for (place, material) in self.materials.iter().enumerate().take(ITEM_LIST_MAX) {
            report.at_most("open", &format!("materials[{place}]"), material, 300);
        }
    }

    fn limits(&self, report: &mut Report<'_>) {
        if self.legal_days != 0 && self.promise_days > self.legal_days {
            let days = self.promise_days.to_string();
            report.add(&rules::PROMISE_OVER_LEGAL, "open", "promise_days", &days);
        }
        if self.charged == "1" && self.fee_basis.trim().is_empty() {
            report.add(&rules::FEE_BASIS, "open", "fee_basis", "");
        }
        let mut day = |field, value: &str| {
            if value.is_empty() { None } else { report.date("open", field, value) }
        };
        let from = day("valid_from", &self.valid_from);
        let until = day("valid_until", &self.valid_until);
        report.ordered(from, until, "valid_until");
    }

    fn lists(&self, report: &mut Report<'_>) {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let kind = &*self.item_type;
        if report.required("open", "item_type", kind) && (kind.len() != 2 || !digits(kind)) {
            report.add(&rules::NOT_IN_LIST, "open", "item_type", kind);
        }
        let one = |field: &str, value: &str, last: char, report: &mut Report<'_>| {
            let listed = value.len() == 1
                && value.chars().all(|c| ('1'..=last).contains(&c) || (c == '9' && last < '6'));
            if !value.is_empty() && !listed {
                report.add(&rules::NOT_IN_LIST, "open", field, value);
            }
        };
        one("level", &self.level, '7', report);
        one("body_nature", &self.body_nature, '3', report);
        one("case_kind", &self.case_kind, '2', report);
        for value in &self.service_objects {
            one("service_objects", value, '6', report);
        }
        for value in &self.channels {
            one("channels", value, '4', report);
        }
        if !matches!(&*self.charged, "" | "0" | "1") {
            report.add(&rules::NOT_IN_LIST, "open", "charged", &self.charged);
        }
    }
}

/// Most materials that an item asks for.
pub const ITEM_LIST_MAX: usize = 200;

#[cfg(test)]
mod tests;
