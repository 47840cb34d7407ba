//! Permits (行政许可): the core columns of the 双公示 standard V2.1, both parts.
//!
//! Fields are kept as submitted; [`Permit::validate`] says everything that keeps them from being a
//! permit. Lengths are the standard's or, where forms in use are wider, theirs.

use crate::date::Date;
use crate::party::Party;
use crate::rules::{self, Report};
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
}

impl Permit {
    /// All violations; none for a valid permit. `today` is the day in China.
    pub fn validate(&self, today: Date) -> Vec<Violation> {
        let mut report = Report::new("permit", today);
        self.party.validate(true, &mut report);
        report.text("open", "document_title", &self.document_title, 120);
        report.text("open", "document_number", &self.document_number, 120);
        report.text("open", "category", &self.category, 256);
        report.at_most("open", "certificate_name", &self.certificate_name, 64);
        report.at_most("open", "certificate_number", &self.certificate_number, 64);
        report.free_text("open", "content", &self.content, 4000);
        report.text("open", "source_name", &self.source_name, 200);
        report.credit_code("open", "source_code", &self.source_code);
        report.at_most("closed", "remark", &self.remark, 512);
        self.lists(&mut report);
        self.dates(&mut report);
        report.into_violations()
    }

    fn lists(&self, report: &mut Report<'_>) {
        let category = &self.category;
        let known = CATEGORIES.iter().any(|(code, word)| category == code || category == word);
        let other = category.strip_prefix("其他-").is_some_and(|word| !word.is_empty());
        if !category.is_empty() && !known && !other {
            report.add(&rules::NOT_IN_LIST, "open", "category", category);
        }
        if report.required("open", "state", &self.state) && !STATES.contains(&&*self.state) {
            report.add(&rules::NOT_IN_LIST, "open", "state", &self.state);
        }
    }

    fn dates(&self, report: &mut Report<'_>) {
        report.decision_date("open", "decision_date", &self.decision_date);
        let mut day = |field, value: &str| {
            report
                .required("open", field, value)
                .then(|| report.date("open", field, value))
                .flatten()
        };
        let from = day("valid_from", &self.valid_from);
        let until = day("valid_until", &self.valid_until);
        report.ordered(from, until, "valid_until");
    }
}

/// Permit categories (许可类别), by number and by word; 其他 must be named.
const CATEGORIES: [(&str, &str); 5] =
    [("01", "普通"), ("02", "特许"), ("03", "认可"), ("04", "核准"), ("05", "登记")];
const STATES: [&str; 2] = ["1", "2"];

#[cfg(test)]
mod tests;
