//! What is done to a text before it is read, and the account of it: nothing is mended in silence.
//!
//! Real files hold full-width digits, lower-case check characters, spaces around and dates in five
//! spellings. A reader that takes them says what it changed, as a set of [`Change`]s beside the
//! value ([`Read`]). Text that comes as it should costs nothing: no allocation, an empty set.
//!
//! Only codes, dates and amounts are normalised. Names and free text stay as they came, byte for
//! byte: NFKC would turn `㎡` into `m2` and a rare character into its neighbour. Deliberately absent:
//! placeholder words (`rules`), character sets of files (crate `files`).

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// One thing that was done to a text to read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Spaces, or characters nobody sees, stood around it.
    Trimmed,
    /// Full-width and other compatibility characters became plain ones (NFKC).
    Width,
    /// Lower case became upper case.
    Case,
    /// Hyphens were taken out.
    Hyphens,
    /// A date or time had another spelling.
    Spelling,
    /// A time of day was left out of a date.
    TimeOfDay,
    /// A time without zone was taken for the zone the reader was given.
    Zone,
    /// A day that stands for nothing (1900-01-01, 1970-01-01), or a word that does, was left out.
    Nothing,
    /// A word for "without end" (长期) became the day that stands for it.
    LongTerm,
    /// Separators of thousands were taken out.
    Thousands,
    /// A sign or a word of the currency was taken off.
    Currency,
    /// The amount was in another unit than the field and was converted, exactly.
    Unit,
}

impl Change {
    /// Every change, in the order in which they are made.
    pub const ALL: [Self; 12] = [
        Self::Trimmed,
        Self::Width,
        Self::Case,
        Self::Hyphens,
        Self::Spelling,
        Self::TimeOfDay,
        Self::Zone,
        Self::Nothing,
        Self::LongTerm,
        Self::Thousands,
        Self::Currency,
        Self::Unit,
    ];

    /// Stable code, kebab-case, for reports.
    pub fn code(self) -> &'static str {
        self.told().0
    }

    /// What was done, in Chinese.
    pub fn zh(self) -> &'static str {
        self.told().1
    }

    /// What was done, in English.
    pub fn en(self) -> &'static str {
        self.told().2
    }

    fn told(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Trimmed => ("trimmed", "去掉首尾空白", "spaces around taken off"),
            Self::Width => ("width", "全角等兼容字符转为普通字符", "wide characters made plain"),
            Self::Case => ("case", "小写转为大写", "lower case made upper case"),
            Self::Hyphens => ("hyphens", "去掉连字符", "hyphens taken out"),
            Self::Spelling => ("spelling", "日期时间改为标准写法", "date spelled anew"),
            Self::TimeOfDay => ("time-of-day", "日期中的时刻已略去", "time of day left out"),
            Self::Zone => ("zone", "无时区，按给定时区理解", "zone taken as given"),
            Self::Nothing => ("nothing", "占位日期视为空", "placeholder date taken as nothing"),
            Self::LongTerm => {
                ("long-term", "“长期”记为2099-12-31", "word for no end made 2099-12-31")
            }
            Self::Thousands => ("thousands", "去掉千位分隔符", "thousands separators taken out"),
            Self::Currency => ("currency", "去掉货币单位", "currency sign or word taken off"),
            Self::Unit => ("unit", "金额单位已精确换算", "amount converted exactly"),
        }
    }

    fn bit(self) -> u16 {
        let place = Self::ALL.iter().position(|change| *change == self).unwrap_or(0);
        1 << place
    }
}

/// A set of changes; empty when a text was as it should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes(u16);

impl Changes {
    /// Nothing was done.
    pub const NONE: Self = Self(0);

    /// Whether nothing was done.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this was done.
    pub fn contains(self, change: Change) -> bool {
        self.0 & change.bit() != 0
    }

    /// Those that were done, in order.
    pub fn iter(self) -> impl Iterator<Item = Change> {
        Change::ALL.into_iter().filter(move |change| self.contains(*change))
    }

    /// Adds one.
    pub fn add(&mut self, change: Change) {
        self.0 |= change.bit();
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl From<Change> for Changes {
    fn from(change: Change) -> Self {
        Self(change.bit())
    }
}

/// A value as read from somebody's text, and what was done to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read<T> {
    /// The value.
    pub value: T,
    /// What was done; empty for text that was as it should be.
    pub changes: Changes,
}

/// Without what stands around it and nobody meant: white space, byte order marks, zero widths.
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || UNSEEN.contains(&c))
}

/// Trimmed and in plain characters: how codes, dates and amounts are looked at before they are read.
/// Clean ASCII is borrowed.
pub fn plain(text: &str) -> (Cow<'_, str>, Changes) {
    let mut changes = Changes::NONE;
    let mut inner = Cow::Borrowed(trimmed(text));
    if inner.len() != text.len() {
        changes.add(Change::Trimmed);
    }
    if !inner.is_ascii() && is_nfkc_quick(inner.chars()) != IsNormalized::Yes {
        let normal: String = inner.nfkc().collect();
        if normal != *inner {
            changes.add(Change::Width);
            inner = Cow::Owned(normal);
        }
    }
    (inner, changes)
}

/// Characters that are there and cannot be seen, at the edges of cells.
const UNSEEN: [char; 5] = ['\u{feff}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}'];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn clean_text_is_borrowed_and_the_rest_told() {
        assert!(matches!(plain("914403001922038216"), (Cow::Borrowed(_), Changes::NONE)));
        for (text, plain_text, told) in [
            ("\u{feff} １２３\u{3000}", "123", vec![Change::Trimmed, Change::Width]),
            ("２０２０年１月５日", "2020年1月5日", vec![Change::Width]),
            ("长期", "长期", vec![]),
        ] {
            let (inner, changes) = plain(text);
            assert_eq!(inner, plain_text);
            assert_eq!(changes.iter().collect::<Vec<_>>(), told, "{text}");
        }
    }

    /// GB 18030's four-byte characters and those beyond the basic plane are nobody's to change.
    #[test]
    fn rare_characters_survive() {
        for rare in ["𠮷野", "㐂", "䶮", "𬭎", "\u{3007}", "王𫖯"] {
            assert_eq!(plain(rare), (Cow::Borrowed(rare), Changes::NONE), "{rare}");
        }
    }

    #[test]
    fn changes_have_distinct_codes_and_speak_both_languages() {
        let codes: std::collections::BTreeSet<_> = Change::ALL.map(Change::code).into();
        assert_eq!(codes.len(), Change::ALL.len());
        assert!(Change::ALL.iter().all(|change| !change.zh().is_ascii() && change.en().is_ascii()));
    }

    proptest! {
        #[test]
        fn plain_text_is_plain_already(text in "\\PC{0,40}") {
            let once = plain(&text).0.into_owned();
            // NFKC may bring a space to an edge; a second look takes it off.
            let twice = plain(&once).0.into_owned();
            let thrice = plain(&twice).0;
            prop_assert_eq!(&*thrice, &*twice);
        }
    }
}
