//! Division codes (行政区划代码): form, code system, and for Jilin whether the code held on its date.
//!
//! Codes change under records: 九台市 was 220181 until 2014, 公主岭市 moved from 四平 to 长春 in 2020.
//! A record keeps the code of its date, so an abolished code is right for an old record and wrong
//! for a new one. Only Jilin's history is known here; elsewhere the form has to do. Years are as
//! fine as the sources go: in the year of a change both codes pass. Rights follow today's successor
//! ([`successors`]); the record's code stays.
//!
//! An office without a code, such as 长白山管委会, is named by its hall id: nobody invents a code.

mod jilin;

use std::collections::BTreeSet;

use thiserror::Error;

use crate::date::Date;
use crate::head::CodeSystem;
use crate::name::HallId;

/// Checks a code of a system on a date.
pub fn check_division(code: &str, system: CodeSystem, on: Date) -> Result<(), DivisionError> {
    match system {
        CodeSystem::Office => {
            code.parse::<HallId>().map(drop).map_err(|_| DivisionError::OfficeForm)
        }
        CodeSystem::Nbs => form(code),
        CodeSystem::Mca => {
            form(code)?;
            let county = code.get(..6).and_then(|six| six.parse::<u32>().ok()).unwrap_or(0);
            if county / 10_000 == JILIN { jilin(county, on) } else { Ok(()) }
        }
    }
}

/// What is wrong with a code.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DivisionError {
    /// Not 6, 9 or 12 digits that begin with a province.
    #[error("a division code has 6, 9 or 12 digits and begins with 1 to 8")]
    Form,
    /// Not a hall id.
    #[error("an office without a code is named by its hall id, [a-z0-9-]{{1,40}}")]
    OfficeForm,
    /// Jilin never had it.
    #[error("Jilin has no such division")]
    Unknown,
    /// Jilin had it at another time.
    #[error("the code did not hold on that date; it held from {from} to {until}")]
    NotOnDate {
        /// The year it came.
        from: u16,
        /// The year it went; 9999 for a code in use.
        until: u16,
    },
}

impl DivisionError {
    /// The same in Chinese.
    pub fn zh(self) -> String {
        match self {
            Self::Form => "行政区划代码为6、9或12位数字，首位为1至8".to_owned(),
            Self::OfficeForm => "无区划代码的机构用厅标识，[a-z0-9-]，不超过40位".to_owned(),
            Self::Unknown => "吉林省没有这个区划代码".to_owned(),
            Self::NotOnDate { from, until: 9999 } => format!("该代码自{from}年起启用，当日尚无"),
            Self::NotOnDate { from, until } => format!("该代码在{from}年至{until}年间有效"),
        }
    }
}

/// One division of Jilin's history under one code and one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Six digits.
    pub code: u32,
    /// The name it bore.
    pub name: &'static str,
    /// The prefecture above; empty for the province.
    pub prefecture: &'static str,
    /// The year from which it held.
    pub from: u16,
    /// The year in which it ended; 0 while in use.
    pub until: u16,
    /// Codes that took over its land, each with the year in which that was a part only, or 0.
    pub successors: &'static [(u32, u16)],
}

impl Held {
    /// Whether it is in use.
    pub fn in_use(&self) -> bool {
        self.until == 0
    }
}

/// Everything Jilin had under a code, by year; empty for what it never had.
pub fn held(code: u32) -> &'static [Held] {
    let from = jilin::HELD.partition_point(|row| row.code < code);
    let until = jilin::HELD.partition_point(|row| row.code <= code);
    jilin::HELD.get(from..until).unwrap_or_default()
}

/// The codes in use today for what a code of Jilin once named: the code itself while it is in use,
/// otherwise those that took over, and theirs. Parts given away earlier do not count.
pub fn successors(code: u32) -> BTreeSet<u32> {
    let (mut open, mut seen, mut found) = (vec![code], BTreeSet::new(), BTreeSet::new());
    while let Some(code) = open.pop() {
        let Some(last) = held(code).last() else { continue };
        if last.in_use() {
            found.insert(code);
        } else if seen.insert(code) {
            open.extend(last.successors.iter().filter(|(_, part)| *part == 0).map(|(to, _)| *to));
        }
    }
    found
}

/// The name of a code that only the statistics bureau uses in Jilin.
pub fn statistics_only(code: &str) -> Option<&'static str> {
    jilin::STATISTICS_ONLY.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

fn form(code: &str) -> Result<(), DivisionError> {
    let digits = code.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || !matches!(code.len(), 6 | 9 | 12) || !matches!(code.as_bytes(), [b'1'..=b'8', ..])
    {
        return Err(DivisionError::Form);
    }
    Ok(())
}

fn jilin(county: u32, on: Date) -> Result<(), DivisionError> {
    let rows = held(county);
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Err(DivisionError::Unknown);
    };
    let year = on.year();
    let held =
        |row: &Held| year >= i32::from(row.from) && (row.in_use() || year <= i32::from(row.until));
    if rows.iter().any(held) {
        return Ok(());
    }
    let until = if last.in_use() { 9999 } else { last.until };
    Err(DivisionError::NotOnDate { from: first.from, until })
}

const JILIN: u32 = 22;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_hold_on_their_dates() {
        let check =
            |code: &str, system, on: &str| check_division(code, system, on.parse().unwrap());
        let mca = |code: &str, on: &str| check(code, CodeSystem::Mca, on);
        for (code, on) in [
            ("220184", "2020-07-01"),
            ("220381", "2019-01-01"),
            ("220181", "2014-06-03"),
            ("220113", "2014-12-31"),
            ("220184100", "2024-01-01"),
            ("110105", "2024-01-01"),
        ] {
            assert_eq!(mca(code, on), Ok(()), "{code} on {on}");
        }
        assert_eq!(
            mca("220184", "2019-01-01"),
            Err(DivisionError::NotOnDate { from: 2020, until: 9999 })
        );
        assert!(matches!(mca("220181", "2024-01-01"), Err(DivisionError::NotOnDate { .. })));
        assert!(matches!(mca("222200", "2014-04-25"), Err(DivisionError::NotOnDate { .. })));
        assert_eq!(mca("229999", "2024-01-01"), Err(DivisionError::Unknown));
        for bad in ["", "22", "2201000", "22010a", "020100", "２２0100", "990100"] {
            assert_eq!(mca(bad, "2024-01-01"), Err(DivisionError::Form), "{bad}");
        }
        assert_eq!(check("220171", CodeSystem::Nbs, "2024-01-01"), Ok(()));
        assert_eq!(check("changbaishan", CodeSystem::Office, "2024-01-01"), Ok(()));
        assert_eq!(
            check("长白山", CodeSystem::Office, "2024-01-01"),
            Err(DivisionError::OfficeForm)
        );
    }

    #[test]
    fn every_seat_of_the_tree_is_a_code_in_use() {
        for seat in crate::jilin::halls().iter().filter(|seat| seat.has_code()) {
            let on = Date::new(2026, 1, 1).unwrap();
            assert_eq!(check_division(seat.hall, CodeSystem::Mca, on), Ok(()), "{}", seat.name);
        }
    }

    #[test]
    fn what_took_over_is_in_use() {
        let today = |code: u32| successors(code).into_iter().collect::<Vec<_>>();
        assert_eq!(today(220_381), [220_184], "公主岭 changed its prefecture");
        assert_eq!(today(220_123), [220_113], "九台县, 九台市 three times, 九台区");
        assert_eq!(today(220_184), [220_184]);
        assert_eq!(today(222_200), [0; 0], "a region that was dissolved");
        assert_eq!(today(229_999), [0; 0]);
        assert!(jilin::HELD.is_sorted_by_key(|row| (row.code, row.from)));
        for row in jilin::HELD {
            for (code, _) in row.successors {
                assert!(!held(*code).is_empty(), "{} leads to {code}", row.name);
            }
            let whole = row.successors.iter().any(|(_, part)| *part == 0);
            let goes_on = held(row.code).last().unwrap().in_use();
            assert!(goes_on || whole || row.name.ends_with("地区"), "{}", row.name);
        }
        assert_eq!(held(220_381).first().unwrap().name, "公主岭市");
        assert!(statistics_only("220171").is_some() && statistics_only("220102").is_none());
    }
}
