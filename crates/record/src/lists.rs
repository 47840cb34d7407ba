//! Code lists (代码表): what a field may say when the standard leaves no choice of words.
//!
//! Real data writes the code in one file and the word in the next, so both are read as the same
//! entry; what a submitter wrote is kept as it was. Lists are data of this table and of nothing
//! else: validation, documentation and the mappings of imports read them here.
//!
//! Absent on purpose: division codes, which change with time and have their own module.

mod credit;
mod hall;

pub use credit::{
    CERTIFICATE_TYPE, EDITION, FLAG, PARTY_CATEGORY, PARTY_CATEGORY_FOUR, PENALTY_CATEGORY,
    PERMIT_CATEGORY, PROCEDURE, SEVERITY, STATE, STATE_V1, USE_SCOPE,
};
pub use hall::{
    ACCEPT_ACTION, ATTACHMENT_STAGE, BODY_NATURE, CASE_FINISH, CASE_KIND, CASE_STATE,
    CERTIFICATE_OPERATION, CERTIFICATE_STATE, CHANNEL, CLOSE_ACTION, DECISION, HANDLE_ACTION,
    ITEM_TYPE, LEVEL, OPEN_TYPE_JILIN, SERVICE_OBJECT, SHARE_TYPE, SHARE_TYPE_JILIN,
    SPECIAL_PROCEDURE, TRUST_LEVEL,
};

use crate::edition::Edition;

/// Code, Chinese word and English word of an entry.
pub type Entry = (&'static str, &'static str, &'static str);

/// A code list.
#[derive(Debug)]
pub struct List {
    /// Its name, kebab-case.
    pub name: &'static str,
    /// Its Chinese name.
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// Whose list it is.
    pub source: &'static str,
    /// Whether 其他 may or must be named, as in `其他-备案`.
    pub other: Other,
    /// Its entries, in the standard's order.
    pub entries: &'static [Entry],
}

/// What a list says of values outside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// There are none.
    No,
    /// 其他 stands alone or with a name.
    May,
    /// 其他 needs a name.
    Must,
    /// Two digits beyond those of the list, 11 to 19 and from 21 on, are a place's own (扩展).
    Local,
}

/// Before the name of another value: `其他-军官证`.
pub const OTHER_PREFIX: &str = "其他-";
const OTHER: &str = "其他";

impl List {
    /// Whether a field may say this: a code or a word of the list, or another value by name.
    pub fn has(&self, text: &str) -> bool {
        match self.entry(text) {
            Some((_, word, _)) => self.other != Other::Must || *word != OTHER,
            None if self.other == Other::Local => is_local(text),
            None => self.is_named_other(text),
        }
    }

    /// The entry with this code or word.
    pub fn entry(&self, text: &str) -> Option<&'static Entry> {
        self.entries.iter().find(|(code, zh, _)| *code == text || *zh == text)
    }

    /// The Chinese word for a code or word; nothing for what is not in the list.
    pub fn word(&self, text: &str) -> Option<&'static str> {
        self.entry(text).map(|(_, zh, _)| *zh)
    }

    /// The code for a code or word; nothing for what is not in the list.
    pub fn code(&self, text: &str) -> Option<&'static str> {
        self.entry(text).map(|(code, ..)| *code)
    }

    /// The list as an edition had it: the first had other states.
    pub(crate) fn in_edition(&'static self, edition: Edition) -> &'static Self {
        if edition == Edition::V1 && std::ptr::eq(self, &raw const STATE) {
            &STATE_V1
        } else {
            self
        }
    }

    fn is_named_other(&self, text: &str) -> bool {
        self.other != Other::No
            && text.strip_prefix(OTHER_PREFIX).is_some_and(|name| !name.trim().is_empty())
    }
}

fn is_local(text: &str) -> bool {
    let number = text.parse::<u8>().unwrap_or(0);
    text.len() == 2 && ((11..20).contains(&number) || number > 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_and_its_word_are_one_entry() {
        assert!(PERMIT_CATEGORY.has("01") && PERMIT_CATEGORY.has("普通"));
        assert_eq!(PERMIT_CATEGORY.word("04"), Some("核准"));
        assert_eq!(PERMIT_CATEGORY.code("登记"), Some("05"));
        assert!(!PERMIT_CATEGORY.has("普通许可") && !PERMIT_CATEGORY.has(""));
    }

    #[test]
    fn another_value_has_a_name_where_the_standard_wants_one() {
        assert!(PERMIT_CATEGORY.has("其他-备案"));
        for bare in ["其他", "06", "其他-", "其他- "] {
            assert!(!PERMIT_CATEGORY.has(bare), "{bare}");
        }
        assert!(PENALTY_CATEGORY.has("其他") && PENALTY_CATEGORY.has("其他-责令改正"));
        assert!(!STATE.has("其他-有效"));
    }
}
