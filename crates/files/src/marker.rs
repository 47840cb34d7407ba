//! Columns that are ours: what a report says about a row, and that an export is masked.
//!
//! They share a prefix that no standard uses, so that a report which comes back mended is known by
//! them and loses them, and a masked export is known and refused.

/// Prefix of all.
const PREFIX: &str = "hallway:";

/// Line of the row in the file it was read from.
pub const LINE: &str = "hallway:line";
/// Item in quarantine (待处理项) that the row became.
pub const ITEM: &str = "hallway:item";
/// Stable codes of what is wrong, separated by spaces.
pub const CODES: &str = "hallway:codes";
/// Fields they stand at.
pub const FIELDS: &str = "hallway:fields";
/// What is wrong, in Chinese.
pub const MESSAGE_ZH: &str = "hallway:问题";
/// What is wrong, in English.
pub const MESSAGE_EN: &str = "hallway:problem";
/// The way out, in Chinese.
pub const REMEDY_ZH: &str = "hallway:处理办法";
/// The way out, in English.
pub const REMEDY_EN: &str = "hallway:way out";
/// In a masked export; its cells say under which rules.
pub const MASKED: &str = "hallway:已脱敏 masked";
/// In an export that holds records of a later version; its cells say of which rows.
pub const NOT_UNDERSTOOD: &str = "hallway:未完全理解 not fully understood";

/// Whether a column is one of ours.
pub fn is(name: &str) -> bool {
    name.trim().starts_with(PREFIX)
}
