//! Power lists (权力清单): which items of the catalogue an authority answers for, from a day on.
//!
//! An edition is a record of its own and names items by their implementation codes; what they are, the
//! catalogue says. What an authority should have sent is judged against its list of that day.

use std::collections::BTreeSet;

use crate::date::Date;
use crate::field::{POWER_LIST_BODY, check, slots};
use crate::profile::Profile;
use crate::rules::{self, Report};
use crate::violation::Violation;

/// One edition of an authority's list, as submitted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PowerList {
    /// 清单名称: title.
    pub title: String,
    /// 公布日期: from this day on, until the authority's next edition.
    pub edition_date: String,
    /// 实施编码: the items, each once.
    pub item_codes: Vec<String>,
    /// 设定依据: legal basis.
    pub legal_basis: String,
}

slots!(PowerList {
    title => title,
    edition_date => edition_date,
    item_codes => item_codes,
    legal_basis => legal_basis,
});

impl PowerList {
    /// All violations; none for a valid list.
    pub fn validate(&self, today: Date, profile: Profile) -> Vec<Violation> {
        let mut report = Report::new("power_list", today, profile);
        check(&POWER_LIST_BODY, &self.slots(), &mut report);
        let mut seen = BTreeSet::new();
        for (place, code) in self.item_codes.iter().enumerate() {
            let field = format!("item_codes[{place}]");
            if !seen.insert(code) {
                report.add(&rules::ITEM_TWICE, "open", &field, code);
            }
        }
        report.into_violations()
    }

    /// Whether the authority answers for an item.
    pub fn has(&self, implementation_code: &str) -> bool {
        self.item_codes.iter().any(|code| code == implementation_code)
    }
}
