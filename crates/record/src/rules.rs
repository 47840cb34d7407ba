//! Rules and the report of everything that breaks them.
//!
//! Validation never stops at the first violation: a clerk mends a record once. The rules themselves
//! stand in [`catalogue`], each with its source; here is how one is applied and told.

mod catalogue;
mod credit;
mod fields;
mod hall;
mod scan;

use std::fmt;

use crate::date::Date;
use crate::decimal::WanYuan;
use crate::identifier::{Uscc, UsccError};
use crate::personal::masked;
use crate::profile::{Level, Profile};
use crate::violation::Violation;

pub(crate) use catalogue::*;
pub(crate) use credit::*;
pub(crate) use fields::Judged;
pub(crate) use hall::*;

/// One rule: whose it is, what is wrong without it, and the way out, each in Chinese and English.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    code: &'static str,
    source: &'static str,
    message: [&'static str; 2],
    remedy: [&'static str; 2],
    weight: Weight,
}

/// How much a broken rule weighs, before the profile is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    /// Refused under every profile.
    Firm,
    /// Refused by the strict profile; softened by the others, less in fields that identify.
    Form,
    /// A person decides.
    Ask,
    /// Marked.
    Mark,
}

impl Weight {
    /// The level under a profile; `key` is whether the field says who decided what about whom, when.
    fn level(self, profile: Profile, key: bool) -> Level {
        match (self, profile) {
            (Self::Firm, _) | (Self::Form, Profile::Cn21) => Level::Refuse,
            (Self::Form, Profile::CnLegacy) if key => Level::Refuse,
            (Self::Form, Profile::Generic) if key => Level::Quarantine,
            (Self::Ask, _) => Level::Quarantine,
            (Self::Form, Profile::CnLegacy | Profile::Generic) | (Self::Mark, _) => Level::Mark,
        }
    }
}

impl Rule {
    /// The violation of it; `more` follows the Chinese and the English message.
    pub(crate) fn broken(
        &self,
        level: Level,
        field: String,
        value: String,
        more: [&str; 2],
    ) -> Violation {
        let ([zh, en], [remedy_zh, remedy_en], [more_zh, more_en]) =
            (self.message, self.remedy, more);
        Violation {
            code: self.code,
            level,
            field,
            rule: self.source,
            value,
            message_zh: format!("{zh}{more_zh}"),
            message_en: format!("{en}{more_en}"),
            remedy_zh: remedy_zh.to_owned(),
            remedy_en: remedy_en.to_owned(),
        }
    }
}

/// Collects violations of one submission under `part.body.field` paths.
pub(crate) struct Report<'a> {
    body: &'a str,
    today: Date,
    profile: Profile,
    key: bool,
    at_most: Level,
    found: Vec<Violation>,
}

impl<'a> Report<'a> {
    /// `body` stands between part and field in paths; `today` is the day in China.
    pub(crate) fn new(body: &'a str, today: Date, profile: Profile) -> Self {
        Self { body, today, profile, key: false, at_most: Level::Refuse, found: Vec::new() }
    }

    /// The profile it judges by.
    pub(crate) fn profile(&self) -> Profile {
        self.profile
    }

    /// Judges fields that say who decided what about whom, when: less is softened there.
    pub(crate) fn keyed<T>(&mut self, judge: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.key, true);
        let answer = judge(self);
        self.key = before;
        answer
    }

    /// Judges what is marked at most, whatever the profile.
    pub(crate) fn marking<T>(&mut self, judge: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.at_most, Level::Mark);
        let answer = judge(self);
        self.at_most = before;
        answer
    }

    pub(crate) fn into_violations(self) -> Vec<Violation> {
        self.found
    }

    pub(crate) fn add(&mut self, rule: &Rule, part: &str, field: &str, value: &str) {
        self.told(rule, part, field, value, ["", ""]);
    }

    /// Adds what a parser says to the English message.
    pub(crate) fn explained(
        &mut self,
        rule: &Rule,
        part: &str,
        field: &str,
        value: &str,
        error: &dyn fmt::Display,
    ) {
        self.told(rule, part, field, value, ["", &format!(": {error}")]);
    }

    /// Not empty and no word that stands for nothing.
    pub(crate) fn required(&mut self, part: &str, field: &str, value: &str) -> bool {
        if value.trim().is_empty() {
            self.add(&REQUIRED, part, field, value);
            return false;
        }
        if is_placeholder(value) {
            self.add(&PLACEHOLDER, part, field, value);
            return false;
        }
        true
    }

    /// A required name: not masked, and longer than one Chinese character or three others.
    pub(crate) fn name(&mut self, part: &str, field: &str, value: &str) {
        if !self.required(part, field, value) {
            return;
        }
        if value.contains('*') {
            self.add(&MASKED_NAME, part, field, value);
        }
        let lower = |word: &str| {
            value.as_bytes().windows(word.len()).any(|w| w.eq_ignore_ascii_case(word.as_bytes()))
        };
        if self.profile != Profile::Generic
            && (value.contains('/') || lower("null") || lower("test"))
        {
            self.add(&NAME_CHARACTER, part, field, value);
        }
        let count = value.trim().chars().count();
        if count < 2 || (value.is_ascii() && count < 4) {
            self.add(&SHORT_NAME, part, field, value);
        }
    }

    /// At most `max` characters, none of them a control character.
    pub(crate) fn at_most(&mut self, part: &str, field: &str, value: &str, max: usize) {
        // A character has at least one byte: most texts need no count.
        if value.len() > max {
            let count = value.chars().count();
            if count > max {
                let more =
                    [format!("：{count} > {max}"), format!(": {count} characters, limit {max}")];
                self.told(&TOO_LONG, part, field, value, more.each_ref().map(String::as_str));
            }
        }
        if scan::has_control(value) {
            self.add(&CONTROL_CHARACTER, part, field, value);
        }
    }

    /// Required text of at most `max` characters.
    pub(crate) fn text(&mut self, part: &str, field: &str, value: &str, max: usize) {
        self.required(part, field, value);
        self.at_most(part, field, value, max);
    }

    /// Required free text for publication: no citizen id in it.
    pub(crate) fn free_text(&mut self, part: &str, field: &str, value: &str, max: usize) {
        self.text(part, field, value, max);
        self.public(part, field, value);
    }

    /// A text that everybody may read: no citizen id, mobile number or card number in it.
    pub(crate) fn public(&mut self, part: &str, field: &str, value: &str) {
        let found = scan::personal(value);
        for (is_there, rule) in [
            (found.citizen_id, &CITIZEN_ID_IN_OPEN),
            (found.phone, &PHONE_IN_OPEN),
            (found.card, &CARD_IN_OPEN),
        ] {
            if is_there {
                self.add(rule, part, field, "***");
            }
        }
    }

    /// A required unified social credit code.
    pub(crate) fn credit_code(&mut self, part: &str, field: &str, value: &str) -> Option<Uscc> {
        if value.trim().is_empty() {
            self.add(&USCC_MISSING, part, field, value);
            return None;
        }
        self.credit_code_said(part, field, value)
    }

    /// A unified social credit code that is there.
    pub(crate) fn credit_code_said(
        &mut self,
        part: &str,
        field: &str,
        value: &str,
    ) -> Option<Uscc> {
        let error = match value.parse::<Uscc>() {
            Ok(code) => return Some(code),
            Err(error) => error,
        };
        let rule = match error {
            UsccError::Length | UsccError::Alphabet | UsccError::Area => &USCC_FORM,
            UsccError::Category => &USCC_DEPARTMENT,
            UsccError::Check { .. } => &USCC_CHECK_DIGIT,
        };
        let meant = Uscc::mended(value).map(|code| format!(" ({code}?)"));
        let english = format!(": {error}{}", meant.unwrap_or_default());
        self.told(rule, part, field, value, [&format!("：{}", error.zh()), &english]);
        None
    }

    /// The code of the authority that decided: it begins with 11 or 12.
    pub(crate) fn authority_code(&mut self, part: &str, field: &str, value: &str) {
        if let Some(code) = self.credit_code(part, field, value)
            && !AUTHORITIES.iter().any(|two| code.as_str().starts_with(two))
        {
            self.add(&AUTHORITY_DEPARTMENT, part, field, value);
        }
    }

    /// A date, when there is one.
    pub(crate) fn date(&mut self, part: &str, field: &str, value: &str) -> Option<Date> {
        let date = value.parse::<Date>().ok();
        match date {
            None => self.add(&DATE_FORM, part, field, value),
            Some(_) if is_sentinel(value) => {
                self.add(&DATE_SENTINEL, part, field, value);
                return None;
            }
            Some(_) => {}
        }
        date
    }

    /// A required date of a decision: since 1949, not after today.
    pub(crate) fn decision_date(&mut self, part: &str, field: &str, value: &str) -> Option<Date> {
        if value.trim().is_empty() {
            self.add(&DECISION_DATE_MISSING, part, field, value);
            return None;
        }
        let date = self.date(part, field, value)?;
        if date > self.today {
            self.add(&DATE_IN_FUTURE, part, field, value);
        }
        if date < Date::FOUNDING {
            self.add(&DATE_TOO_OLD, part, field, value);
        }
        Some(date)
    }

    /// `later` must not be before `earlier`.
    pub(crate) fn ordered(&mut self, earlier: Option<Date>, later: Option<Date>, field: &str) {
        if let (Some(earlier), Some(later)) = (earlier, later)
            && later < earlier
        {
            let more = [format!("：{later} < {earlier}"), format!(": {later} < {earlier}")];
            let more = more.each_ref().map(String::as_str);
            self.told(&DATE_ORDER, "open", field, &later.to_string(), more);
        }
    }

    /// An amount in 万元, demanded when `demanded`.
    pub(crate) fn amount(&mut self, field: &str, value: &str, demanded: bool) {
        if value.is_empty() {
            if demanded {
                self.add(&AMOUNT_MISSING, "open", field, value);
            }
        } else if let Err(error) = value.parse::<WanYuan>() {
            self.explained(&AMOUNT, "open", field, value, &error);
        }
    }

    /// Adds more to the Chinese and the English message.
    pub(crate) fn told(
        &mut self,
        rule: &Rule,
        part: &str,
        field: &str,
        value: &str,
        more: [&str; 2],
    ) {
        let path = [part, self.body, field];
        let path: Vec<&str> = path.into_iter().filter(|word| !word.is_empty()).collect();
        let personal = part == "closed" || rule.code == PERSON_IN_OPEN.code;
        let value = if personal { masked(value) } else { shortened(value) };
        let level = rule.weight.level(self.profile, self.key).min(self.at_most);
        self.found.push(rule.broken(level, path.join("."), value, more));
    }
}

/// Whether a date is one that databases write for nothing.
pub(crate) fn is_sentinel(value: &str) -> bool {
    SENTINELS.contains(&value)
}

/// Words and signs with which forms say nothing.
fn is_placeholder(value: &str) -> bool {
    let word = value.trim();
    let short = word.len() <= PLACEHOLDER_MAX;
    (short && PLACEHOLDERS.iter().any(|known| known.eq_ignore_ascii_case(word)))
        || !word.chars().any(char::is_alphanumeric)
}

fn shortened(value: &str) -> String {
    let mut chars = value.chars();
    let mut text: String = chars.by_ref().take(VALUE_SHOWN).collect();
    if chars.next().is_some() {
        text.push('…');
    }
    text
}

const AUTHORITIES: [&str; 2] = ["11", "12"];
const PLACEHOLDER_MAX: usize = 12;
const VALUE_SHOWN: usize = 60;
const SENTINELS: [&str; 2] = ["1900-01-01", "1970-01-01"];
const PLACEHOLDERS: [&str; 11] =
    ["空", "无", "暂无", "不详", "未知", "null", "none", "nil", "test", "测试", "n/a"];
