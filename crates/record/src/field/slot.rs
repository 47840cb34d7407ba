//! Slots: the fields of a body by number and by name, without a second list of them.
//!
//! `slots!` is told each field's name and its place in the structure once. The order is that of the
//! kind's table, so that validation walks both together; a test compares them.

use std::borrow::Cow;

use crate::party::PartyCategory;

/// What a field holds, as seen by validation and forms.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Slot<'a> {
    /// A text as submitted.
    Text(&'a str),
    /// Several of them.
    Many(&'a [String]),
    /// The party's category.
    Category(Option<PartyCategory>),
    /// A number, 0 when not said.
    Number(u64),
    /// Bytes, shown in hexadecimal.
    Bytes(&'a [u8]),
    /// Rows of their own, shown as JSON.
    Rows(&'a dyn Rows),
}

impl<'a> Slot<'a> {
    /// The slot as one text, empty when nothing is said.
    pub(crate) fn text(self) -> Cow<'a, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Many(words) => Cow::Owned(joined(words)),
            Self::Category(category) => Cow::Borrowed(category.map_or("", PartyCategory::word)),
            Self::Number(0) => Cow::Borrowed(""),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Bytes(bytes) => Cow::Owned(hexadecimal(bytes)),
            Self::Rows(rows) => Cow::Owned(rows.json()),
        }
    }
}

/// A list of rows inside a body.
pub(crate) trait Rows: std::fmt::Debug {
    /// The list as JSON; nothing for an empty one.
    fn json(&self) -> String;
}

/// Between several values of one field.
pub(crate) const MANY_JOINED_BY: &str = ";";
/// Before a [`MANY_JOINED_BY`] or a sign like itself that belongs to a value.
const MEANT: char = '\\';

/// Several values as one text; [`parted`] gives them back.
fn joined(words: &[String]) -> String {
    let special = |c: char| c == MEANT || MANY_JOINED_BY.contains(c);
    let meant = |word: &String| -> String {
        word.chars().flat_map(|c| special(c).then_some(MEANT).into_iter().chain([c])).collect()
    };
    words.iter().map(meant).collect::<Vec<_>>().join(MANY_JOINED_BY)
}

/// The values of a text, without white space around them; a sign before anything else is itself.
fn parted(text: &str) -> Vec<String> {
    let (mut words, mut word) = (Vec::new(), String::new());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let special = |next: &char| *next == MEANT || MANY_JOINED_BY.contains(*next);
        match rest.next_if(|next| c == MEANT && special(next)) {
            Some(meant) => word.push(meant),
            None if MANY_JOINED_BY.contains(c) => words.push(std::mem::take(&mut word)),
            None => word.push(c),
        }
    }
    words.push(word);
    words.iter().map(|word| word.trim()).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// A field's storage in a body.
pub(crate) trait Cell {
    /// What it holds.
    fn slot(&self) -> Slot<'_>;
    /// Takes a text; false when it is none of this field's.
    fn put(&mut self, text: &str) -> bool;
}

impl Cell for String {
    fn slot(&self) -> Slot<'_> {
        Slot::Text(self)
    }

    fn put(&mut self, text: &str) -> bool {
        text.clone_into(self);
        true
    }
}

impl Cell for Vec<String> {
    fn slot(&self) -> Slot<'_> {
        Slot::Many(self)
    }

    fn put(&mut self, text: &str) -> bool {
        *self = parted(text);
        true
    }
}

impl Cell for Option<PartyCategory> {
    fn slot(&self) -> Slot<'_> {
        Slot::Category(*self)
    }

    fn put(&mut self, text: &str) -> bool {
        *self = PartyCategory::of(text);
        self.is_some() || text.is_empty()
    }
}

impl Cell for u64 {
    fn slot(&self) -> Slot<'_> {
        Slot::Number(*self)
    }

    fn put(&mut self, text: &str) -> bool {
        *self = text.parse().unwrap_or(0);
        *self != 0 || text.is_empty()
    }
}

impl Cell for u32 {
    fn slot(&self) -> Slot<'_> {
        Slot::Number((*self).into())
    }

    fn put(&mut self, text: &str) -> bool {
        *self = text.parse().unwrap_or(0);
        *self != 0 || matches!(text, "" | "0")
    }
}

impl Cell for Vec<u8> {
    fn slot(&self) -> Slot<'_> {
        Slot::Bytes(self)
    }

    fn put(&mut self, text: &str) -> bool {
        let pairs = text.as_bytes().chunks(2);
        let byte = |pair: &[u8]| {
            let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
            u8::from_str_radix(pair, 16).ok()
        };
        let bytes: Option<Self> = pairs.map(byte).collect();
        *self = bytes.unwrap_or_default();
        !self.is_empty() || text.is_empty()
    }
}

/// Gives a body its slots: `slots!(Permit { party_name => party.name, content => content, … })`.
macro_rules! slots {
    ($body:ident { $($name:ident => $($place:ident).+),* $(,)? }) => {
        impl $body {
            /// Names of the slots, in the order of the kind's table.
            #[cfg(test)]
            pub(crate) const SLOTS: &[&str] = &[$(stringify!($name)),*];

            /// What all fields hold, in the order of the kind's table.
            pub(crate) fn slots(&self) -> [$crate::field::Slot<'_>; [$(stringify!($name)),*].len()] {
                [$($crate::field::Cell::slot(&self.$($place).+)),*]
            }

            /// Puts a text into the field of that name; false when there is none or it says no.
            pub(crate) fn put(&mut self, name: &str, text: &str) -> bool {
                match name {
                    $(stringify!($name) => {
                        $crate::field::Cell::put(&mut self.$($place).+, text)
                    })*
                    _ => false,
                }
            }
        }
    };
}
pub(crate) use slots;

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn several_values_are_parted_by_semicolons_that_nobody_meant() {
        assert_eq!(parted(" 甲; 乙 ;;丙"), ["甲", "乙", "丙"]);
        assert_eq!(parted(r"甲\;乙;丙\\;C:\丁"), ["甲;乙", r"丙\", r"C:\丁"]);
        assert_eq!(joined(&["甲;乙".into(), r"丙\".into()]), r"甲\;乙;丙\\");
    }

    proptest! {
        #[test]
        fn what_is_joined_is_parted_as_it_was(words in prop::collection::vec(r"[甲a;\\、]{1,4}", 0..4)) {
            prop_assert_eq!(parted(&joined(&words)), words);
        }
    }
}
