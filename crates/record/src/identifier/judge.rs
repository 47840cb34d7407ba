//! One question for every kind of identifier: is it valid as written, would it be after mending, and
//! why.
//!
//! Validation of records asks the types themselves ([`Uscc`] and its like), which take a code as it
//! stands or not at all. Here somebody asks about a text: a clerk, an importer, `hallway id`. The
//! text is mended as far as mending is safe (plain characters, trimmed, upper case, hyphens of
//! organisation codes), and every change is told. Letters are never taken for digits.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::scheme::{Numbered, Scheme};
use super::{
    CertificateId, CitizenId, OrganisationCode, RegistrationNumber, Uscc, check_division, held,
    statistics_only, successors,
};
use crate::date::Date;
use crate::head::CodeSystem;
use crate::text::{Change, Changes, plain};

/// A kind of identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdKind {
    /// Unified social credit code (统一社会信用代码).
    Uscc,
    /// Organisation code (组织机构代码).
    Organisation,
    /// 15-digit registration number (工商注册号).
    Registration,
    /// Citizen identity number (公民身份号码).
    Citizen,
    /// Identifier of an electronic certificate (电子证照标识).
    Certificate,
    /// Code of an item or number of a case, of a named scheme or of any that is tried unasked.
    Number(Numbered, Option<&'static str>),
    /// Division code (行政区划代码) of one of the code systems.
    Division(CodeSystem),
}

impl IdKind {
    /// Every kind with its name.
    pub const NAMED: [(&'static str, Self); 17] = [
        ("uscc", Self::Uscc),
        ("org_code", Self::Organisation),
        ("reg15", Self::Registration),
        ("citizen_id", Self::Citizen),
        ("cert_id", Self::Certificate),
        ("item_base_code", Self::Number(Numbered::Base, None)),
        ("item_impl_code", Self::Number(Numbered::Implementation, None)),
        ("item_handling_code", Self::Number(Numbered::Handling, None)),
        ("item_code_sichuan", Self::Number(Numbered::Implementation, Some("sichuan"))),
        ("item_code_jilin", Self::Number(Numbered::Implementation, Some("jilin"))),
        ("case_no", Self::Number(Numbered::Case, None)),
        ("case_no_ningbo", Self::Number(Numbered::Case, Some("ningbo"))),
        ("case_no_jilin", Self::Number(Numbered::Case, Some("jilin"))),
        ("division", Self::Division(CodeSystem::Mca)),
        ("division_mca", Self::Division(CodeSystem::Mca)),
        ("division_nbs", Self::Division(CodeSystem::Nbs)),
        ("office", Self::Division(CodeSystem::Office)),
    ];
}

impl FromStr for IdKind {
    type Err = IdKindError;

    fn from_str(text: &str) -> Result<Self, IdKindError> {
        let name = text.replace('-', "_");
        let named = Self::NAMED.into_iter().find(|(known, _)| *known == name);
        named.map(|(_, kind)| kind).ok_or(IdKindError)
    }
}

/// No such kind of identifier.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error(
    "kinds are uscc, org_code, reg15, citizen_id, cert_id, item_base_code, item_impl_code, \
     item_handling_code, item_code_sichuan, item_code_jilin, case_no, case_no_ningbo, case_no_jilin, \
     division, division_mca, division_nbs, office"
)]
pub struct IdKindError;

/// What is to be said of a text as an identifier.
#[derive(Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Valid as written.
    pub valid: bool,
    /// Valid once mended as told in `changes`.
    pub valid_normalised: bool,
    /// The mended text.
    pub normalised: String,
    /// What was mended.
    pub changes: Changes,
    /// Why, in Chinese.
    pub why_zh: String,
    /// Why, in English.
    pub why_en: String,
}

/// Without the text: it may be a citizen's.
impl fmt::Debug for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Judgement")
            .field("valid", &self.valid)
            .field("valid_normalised", &self.valid_normalised)
            .field("changes", &self.changes)
            .field("why_en", &self.why_en)
            .finish_non_exhaustive()
    }
}

/// Judges a text as an identifier; `on` is the day a division code stands for.
pub fn judge(kind: IdKind, value: &str, on: Date) -> Judgement {
    if value.len() > VALUE_MAX {
        let (zh, en) = (format!("超过{VALUE_MAX}字节"), format!("longer than {VALUE_MAX} bytes"));
        return Judgement {
            valid: false,
            valid_normalised: false,
            normalised: String::new(),
            changes: Changes::NONE,
            why_zh: zh,
            why_en: en,
        };
    }
    let written = verdict(kind, value, on);
    let (mended, changes) = mended(kind, value);
    if changes.is_empty() {
        let (zh, en) = told(&written);
        return Judgement {
            valid: written.is_ok(),
            valid_normalised: written.is_ok(),
            normalised: mended.into_owned(),
            changes,
            why_zh: zh,
            why_en: en,
        };
    }
    let after = verdict(kind, &mended, on);
    let ((zh, en), (after_zh, after_en)) = (told(&written), told(&after));
    let done = |name: fn(Change) -> &'static str, between: &str| {
        changes.iter().map(name).collect::<Vec<_>>().join(between)
    };
    Judgement {
        valid: written.is_ok(),
        valid_normalised: after.is_ok(),
        normalised: mended.into_owned(),
        changes,
        why_zh: format!("原文：{zh}；{}后：{after_zh}", done(Change::zh, "、")),
        why_en: format!("as written: {en}; after {}: {after_en}", done(Change::en, ", ")),
    }
}

type Verdict = Result<(String, String), (String, String)>;

fn told(verdict: &Verdict) -> (String, String) {
    match verdict {
        Ok(told) | Err(told) => told.clone(),
    }
}

fn mended(kind: IdKind, value: &str) -> (Cow<'_, str>, Changes) {
    let (mut text, mut changes) = plain(value);
    let upper = match kind {
        IdKind::Division(CodeSystem::Office) => false,
        IdKind::Uscc
        | IdKind::Organisation
        | IdKind::Registration
        | IdKind::Citizen
        | IdKind::Certificate
        | IdKind::Number(..)
        | IdKind::Division(CodeSystem::Mca | CodeSystem::Nbs) => true,
    };
    if upper && text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        changes.add(Change::Case);
        text = Cow::Owned(text.to_ascii_uppercase());
    }
    if kind == IdKind::Organisation && text.contains(HYPHENS) {
        changes.add(Change::Hyphens);
        text = Cow::Owned(text.replace(HYPHENS, ""));
    }
    (text, changes)
}

fn verdict(kind: IdKind, value: &str, on: Date) -> Verdict {
    let fits = |source: &str| (format!("符合{source}"), format!("fits {source}"));
    match kind {
        IdKind::Uscc => match value.parse::<Uscc>() {
            Ok(_) => Ok(fits("GB 32100-2015")),
            Err(error) => Err((error.zh(), error.to_string())),
        },
        IdKind::Organisation => match value.parse::<OrganisationCode>() {
            Ok(_) => Ok(fits("GB 11714-1997")),
            Err(error) => Err((error.zh(), error.to_string())),
        },
        IdKind::Registration => match value.parse::<RegistrationNumber>() {
            Ok(_) => Ok(fits("ISO 7064 MOD 11,10")),
            Err(error) => Err((error.zh(), error.to_string())),
        },
        IdKind::Citizen => match value.parse::<CitizenId>() {
            Ok(_) => Ok(fits("GB 11643-1999")),
            Err(error) => Err((error.zh().to_owned(), error.to_string())),
        },
        IdKind::Certificate => match CertificateId::check(value) {
            Ok(()) => Ok(fits("GB/T 36904-2018")),
            Err(error) => Err((error.zh(), error.to_string())),
        },
        IdKind::Number(of, name) => {
            let found = match name.and_then(|name| Scheme::named(of, name)) {
                Some(scheme) => scheme.check(value).map(|()| scheme),
                None => Scheme::of(of, value),
            };
            match found {
                Ok(scheme) => Ok(fits(&format!("{} ({})", scheme.source, scheme.name))),
                Err(misfit) => Err((misfit.zh(), misfit.en())),
            }
        }
        IdKind::Division(system) => division(value, system, on),
    }
}

fn division(value: &str, system: CodeSystem, on: Date) -> Verdict {
    if system == CodeSystem::Mca
        && let Some(name) = statistics_only(value)
    {
        let zh = format!("{name}只有统计用代码，不是GB/T 2260的行政区划");
        return Err((zh, format!("{name} has a code of the statistics bureau only, no division")));
    }
    let code = value.get(..6).and_then(|six| six.parse::<u32>().ok()).unwrap_or(0);
    let rows = if system == CodeSystem::Mca { held(code) } else { &[] };
    let year = on.year();
    let row = rows.iter().rfind(|row| i32::from(row.from) <= year).or_else(|| rows.first());
    let checked = check_division(value, system, on);
    let Some(row) = row else {
        return match checked {
            Ok(()) => Ok(("只核对了格式".to_owned(), "only the form was checked".to_owned())),
            Err(error) => Err((error.zh(), error.to_string())),
        };
    };
    let first = rows.first().map_or(row.from, |first| first.from);
    let successors: Vec<String> = successors(code).iter().map(u32::to_string).collect();
    let (name, next) = (row.name, successors.join(", "));
    let (mut zh, mut en) = (format!("{name}，自{first}年"), format!("{name}, since {first}"));
    if let Some(last) = rows.last().filter(|last| !last.in_use()) {
        let (until, arrow) = (last.until, if next.is_empty() { "" } else { " -> " });
        zh = format!("{name}，{first}年启用，{until}年停用{arrow}{next}");
        en = format!("{name}, since {first}, retired {until}{arrow}{next}");
    }
    match checked {
        Ok(()) => Ok((zh, en)),
        Err(error) => Err((format!("{}：{zh}", error.zh()), format!("{error}: {en}"))),
    }
}

/// Longest text that is looked at, in bytes.
const VALUE_MAX: usize = 512;
const HYPHENS: [char; 6] = ['-', '\u{2010}', '\u{2011}', '\u{2013}', '\u{2014}', '\u{2212}'];

#[cfg(test)]
mod tests;
