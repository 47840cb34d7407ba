//! The periods (期限) that laws and notices name, one row each with its source.
//!
//! Both publication clocks start at the decision, not at a record's arrival: seven working days for
//! 双公示, twenty for cases of counterfeits and intellectual property. A request of before 2019 keeps
//! the limit of its day, so a rule that was changed has two rows. Where the law counts natural days, a
//! row says so; whether the last of them is worked is then not asked.

use super::{Calendar, Uncovered};
use crate::date::Date;

/// One period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Stable name, kebab-case.
    pub name: &'static str,
    /// How many days.
    pub days: u16,
    /// Which days count.
    pub counting: Counting,
    /// The day the clock starts on, in Chinese; it does not count itself.
    pub from_zh: &'static str,
    /// The same in English.
    pub from_en: &'static str,
    /// Whose rule it is.
    pub source: &'static str,
}

/// Which days count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Those that are worked.
    Working,
    /// All, back from an end.
    NaturalBefore,
}

/// All periods.
pub fn limits() -> &'static [Limit] {
    LIMITS
}

impl Limit {
    /// The period of this name; underscores are taken for hyphens.
    pub fn named(name: &str) -> Option<&'static Self> {
        let name = name.replace('_', "-");
        LIMITS.iter().find(|limit| limit.name == name)
    }

    /// The last day on which it is kept. Working days leave out the day of `from` itself.
    pub fn due(&self, calendar: &Calendar, from: Date) -> Result<Date, Uncovered> {
        match self.counting {
            Counting::Working => calendar.due(from, self.days),
            Counting::NaturalBefore => Ok(from.minus_days(self.days)),
        }
    }
}

const fn working(
    name: &'static str,
    days: u16,
    from: (&'static str, &'static str),
    source: &'static str,
) -> Limit {
    let (from_zh, from_en) = from;
    Limit { name, days, counting: Counting::Working, from_zh, from_en, source }
}

const DECISION: (&str, &str) = ("作出决定之日", "the decision");
const ACCEPTANCE: (&str, &str) = ("受理之日", "the acceptance");
const REQUEST: (&str, &str) = ("收到申请之日", "the request's arrival");
const LIMITS: &[Limit] = &[
    working("double-publicity", 7, DECISION, "双公示：自作出决定之日起7个工作日"),
    working("ip-counterfeit-disclosure", 20, DECISION, "国发〔2014〕6号，2014-06-01起施行"),
    working("permit-statutory-20", 20, ACCEPTANCE, "行政许可法 第四十二条"),
    working("permit-extended-30", 30, ACCEPTANCE, "行政许可法 第四十二条，经批准延长10日"),
    working("joint-permit-45", 45, ACCEPTANCE, "行政许可法 第四十二条，联合办理"),
    working("joint-permit-60", 60, ACCEPTANCE, "行政许可法 第四十二条，联合办理延长15日"),
    working("lower-level-review-20", 20, ACCEPTANCE, "行政许可法 第四十三条"),
    working("certificate-delivery-10", 10, DECISION, "行政许可法 第四十四条"),
    working("supplement-notice-5", 5, REQUEST, "行政许可法 第三十二条，一次告知"),
    working("freedom-of-information-15-2008", 15, REQUEST, "政府信息公开条例 2008"),
    working(
        "freedom-of-information-20-2019",
        20,
        REQUEST,
        "政府信息公开条例 2019，2019-05-15起施行",
    ),
    Limit {
        name: "permit-renewal-30",
        days: 30,
        counting: Counting::NaturalBefore,
        from_zh: "有效期届满日",
        from_en: "the permit's end",
        source: "行政许可法 第五十条，届满三十日前申请延续",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_once_and_natural_days_are_all_days() {
        let names: std::collections::BTreeSet<_> = LIMITS.iter().map(|limit| limit.name).collect();
        assert_eq!(names.len(), LIMITS.len());
        let from: Date = "2026-12-15".parse().unwrap();
        let renewal = Limit::named("permit_renewal_30").unwrap();
        let end: Date = "2027-03-14".parse().unwrap();
        let due = renewal.due(Calendar::china(), end);
        assert_eq!(due.unwrap().to_string(), "2027-02-12", "natural days need no calendar");
        assert!(Limit::named("double-publicity").unwrap().due(Calendar::china(), from).is_ok());
        let from: Date = "2026-12-25".parse().unwrap();
        assert!(Limit::named("double-publicity").unwrap().due(Calendar::china(), from).is_err());
    }
}
