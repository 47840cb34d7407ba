//! An older record read in the newest edition's terms; the record itself stays what it was.
//!
//! ```text
//! V1 states 0 正常, 2 异议  →  1 有效        a disputed decision stands until it is decided on
//!           1 撤销, 3 其他  →  2 无效        what is not known to stand is not relied on
//! 项目名称 XK_XMMC         →  行政许可决定文书名称
//! no 有效期自               →  the decision date
//! no 数据来源单位            →  the authority
//! ```

use crate::edition::Edition;
use crate::head::Authority;
use crate::lists;
use crate::party::Party;
use crate::penalty::Penalty;
use crate::permit::Permit;

impl Permit {
    /// The permit as edition V2.1 would have it; `authority` is the head's.
    #[must_use]
    pub fn newest(&self, authority: Option<&Authority>) -> Self {
        let mut permit = self.clone();
        let from_v1 = Edition::of(&self.edition) == Edition::V1;
        permit.party = told(&self.party);
        permit.state = state(from_v1, &self.state);
        otherwise(&mut permit.document_title, &self.project_name);
        otherwise(&mut permit.valid_from, &self.decision_date);
        if let Some(authority) = authority {
            otherwise(&mut permit.source_name, &authority.name);
            otherwise(&mut permit.source_code, &authority.code);
        }
        permit.edition.clear();
        permit
    }
}

impl Penalty {
    /// The penalty as edition V2.1 would have it; `authority` is the head's.
    #[must_use]
    pub fn newest(&self, authority: Option<&Authority>) -> Self {
        let mut penalty = self.clone();
        let from_v1 = Edition::of(&self.edition) == Edition::V1;
        penalty.party = told(&self.party);
        penalty.state = state(from_v1, &self.state);
        otherwise(&mut penalty.violation_type, &self.case_name);
        if let Some(authority) = authority {
            otherwise(&mut penalty.source_name, &authority.name);
            otherwise(&mut penalty.source_code, &authority.code);
        }
        penalty.edition.clear();
        penalty
    }
}

fn told(party: &Party) -> Party {
    Party { category: Some(party.category_told()), ..party.clone() }
}

fn state(from_v1: bool, state: &str) -> String {
    let Some(code) = lists::STATE_V1.code(state).filter(|_| from_v1) else {
        return state.to_owned();
    };
    if matches!(code, "0" | "2") { "1" } else { "2" }.to_owned()
}

fn otherwise(text: &mut String, instead: &str) {
    if text.is_empty() {
        instead.clone_into(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::Body;
    use crate::date::Date;
    use crate::generate::Generator;
    use crate::kind::Kind;
    use crate::party::PartyCategory;
    use crate::profile::Profile;

    #[test]
    fn a_permit_of_the_first_edition_is_one_of_the_newest() {
        let today = Date::new(2026, 1, 1).unwrap();
        let draft = Generator::new(&Kind::Permit, 1).unwrap().draft(0);
        let Body::Permit(newest) = draft.body else { panic!("a permit") };
        let mut old = newest.clone();
        old.edition = "v1".into();
        old.party.category = None;
        old.project_name = std::mem::take(&mut old.document_title);
        old.valid_from.clear();
        old.source_name.clear();
        old.source_code.clear();
        for (v1, now) in [("0", "1"), ("1", "2"), ("2", "1"), ("3", "2"), ("正常", "1")] {
            old.state = v1.into();
            assert_eq!(old.validate(today, Profile::Cn21), []);
            let read = old.newest(draft.head.authority.as_ref());
            assert_eq!(read.validate(today, Profile::Cn21), []);
            assert_eq!(read.state, now);
            assert_eq!(read.document_title, old.project_name);
            assert_eq!(read.party.category, newest.party.category);
        }
        assert_eq!(newest.newest(None), newest, "the newest is itself");
    }

    #[test]
    fn a_penalty_keeps_its_state_unless_it_is_of_the_first_edition() {
        let penalty = Penalty { state: "2".into(), edition: "v1".into(), ..Penalty::default() };
        let read = penalty.newest(None);
        assert_eq!((&*read.state, read.party.category), ("1", Some(PartyCategory::Legal)));
        let later = Penalty { edition: "v2".into(), ..penalty };
        assert_eq!(later.newest(None).state, "2");
    }
}
