//! A violation (违规项): one broken rule, where, whose rule it is, and the way out.
//!
//! A clerk reads it, so it speaks both languages and never shows a natural person's data. Codes are
//! stable: programs match on them, texts may improve.

use std::fmt;

use crate::profile::Level;

/// One broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Stable code, kebab-case.
    pub code: &'static str,
    /// How much it weighs under the profile.
    pub level: Level,
    /// Field path from the submission, such as `open.permit.party_code`.
    pub field: String,
    /// The rule and its source.
    pub rule: &'static str,
    /// What was found, shortened, and masked where it is personal.
    pub value: String,
    /// What is wrong, in Chinese.
    pub message_zh: String,
    /// What is wrong, in English.
    pub message_en: String,
    /// The way out, in Chinese.
    pub remedy_zh: String,
    /// The way out, in English.
    pub remedy_en: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.field, self.message_en, self.code)
    }
}
