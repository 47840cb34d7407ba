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
            Self::Many(words) => Cow::Owned(words.join(MANY_JOINED_BY)),
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
        let words = text.split(MANY_JOINED_BY).map(str::trim).filter(|word| !word.is_empty());
        *self = words.map(str::to_owned).collect();
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
