//! Division codes (行政区划代码): form, code system, and for Jilin whether the code held on its date.
//!
//! Codes change under records: 九台市 was 220181 until 2014, 公主岭市 moved from 四平 to 长春 in 2020.
//! A record keeps the code of its date, so an abolished code is right for an old record and wrong
//! for a new one. Only Jilin's history is known here; elsewhere the form has to do. Years are as
//! fine as the sources go: in the year of a change both codes pass.

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

fn form(code: &str) -> Result<(), DivisionError> {
    let digits = code.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || !matches!(code.len(), 6 | 9 | 12) || !matches!(code.as_bytes(), [b'1'..=b'8', ..])
    {
        return Err(DivisionError::Form);
    }
    Ok(())
}

fn jilin(county: u32, on: Date) -> Result<(), DivisionError> {
    let found = HELD.iter().find(|(code, ..)| *code == county);
    let &(_, from, until) = found.ok_or(DivisionError::Unknown)?;
    let until = if until == 0 { 9999 } else { until };
    let year = on.year();
    if year < i32::from(from) || year > i32::from(until) {
        return Err(DivisionError::NotOnDate { from, until });
    }
    Ok(())
}

const JILIN: u32 = 22;

/// Jilin's codes of GB/T 2260: code, year it came, year it went (0: in use).
#[rustfmt::skip]
const HELD: &[(u32, u16, u16)] = &[
    (220_000, 1981, 0), (220_100, 1981, 0), (220_102, 1983, 0), (220_103, 1983, 0), (220_104, 1983, 0),
    (220_105, 1983, 0), (220_106, 1995, 0), (220_111, 1983, 1995), (220_112, 1995, 0), (220_113, 2014, 0),
    (220_121, 1981, 1990), (220_122, 1981, 0), (220_123, 1981, 1988), (220_124, 1981, 1994), (220_125, 1981, 1995),
    (220_181, 1990, 2014), (220_182, 1990, 0), (220_183, 1994, 0), (220_184, 2020, 0), (220_200, 1981, 0),
    (220_202, 1983, 0), (220_203, 1983, 0), (220_204, 1983, 0), (220_211, 1983, 0), (220_221, 1981, 0),
    (220_222, 1981, 1992), (220_223, 1981, 1995), (220_224, 1981, 1989), (220_225, 1981, 1988), (220_281, 1990, 0),
    (220_282, 1990, 0), (220_283, 1992, 0), (220_284, 1995, 0), (220_300, 1983, 0), (220_302, 1983, 0),
    (220_303, 1983, 0), (220_319, 1985, 1988), (220_321, 1983, 1985), (220_322, 1983, 0), (220_323, 1983, 0),
    (220_324, 1983, 1996), (220_381, 1990, 2020), (220_382, 1996, 0), (220_400, 1983, 0), (220_402, 1983, 0),
    (220_403, 1983, 0), (220_421, 1983, 0), (220_422, 1983, 0), (220_500, 1985, 0), (220_502, 1986, 0),
    (220_503, 1986, 0), (220_519, 1985, 1988), (220_521, 1985, 0), (220_522, 1985, 1988), (220_523, 1985, 0),
    (220_524, 1985, 0), (220_581, 1990, 0), (220_582, 1990, 0), (220_600, 1985, 0), (220_602, 1986, 0),
    (220_603, 1986, 1995), (220_604, 1986, 1992), (220_605, 2006, 0), (220_621, 1985, 0), (220_622, 1985, 0),
    (220_623, 1985, 0), (220_624, 1992, 1993), (220_625, 1995, 2006), (220_681, 1993, 0), (220_700, 1992, 0),
    (220_702, 1992, 0), (220_721, 1992, 0), (220_722, 1992, 0), (220_723, 1992, 0), (220_724, 1995, 2013),
    (220_781, 2013, 0), (220_800, 1993, 0), (220_802, 1993, 0), (220_821, 1993, 0), (220_822, 1993, 0),
    (220_881, 1993, 0), (220_882, 1993, 0), (222_100, 1981, 1983), (222_101, 1981, 1983), (222_102, 1981, 1983),
    (222_121, 1981, 1983), (222_122, 1981, 1983), (222_123, 1981, 1983), (222_124, 1981, 1983), (222_125, 1981, 1983),
    (222_200, 1981, 1985), (222_201, 1981, 1985), (222_202, 1981, 1985), (222_221, 1981, 1985), (222_222, 1981, 1985),
    (222_223, 1981, 1985), (222_224, 1981, 1985), (222_225, 1981, 1985), (222_226, 1981, 1985), (222_227, 1981, 1985),
    (222_228, 1981, 1985), (222_300, 1981, 1993), (222_301, 1981, 1993), (222_302, 1987, 1993), (222_303, 1987, 1992),
    (222_304, 1988, 1993), (222_321, 1981, 1987), (222_322, 1981, 1987), (222_323, 1981, 1992), (222_324, 1981, 1992),
    (222_325, 1981, 1988), (222_326, 1981, 1993), (222_327, 1981, 1993), (222_328, 1981, 1992), (222_400, 1981, 0),
    (222_401, 1981, 0), (222_402, 1981, 0), (222_403, 1985, 0), (222_404, 1988, 0), (222_405, 1988, 0),
    (222_406, 1993, 0), (222_421, 1981, 1988), (222_422, 1981, 1985), (222_423, 1981, 1993), (222_424, 1981, 0),
    (222_425, 1981, 1988), (222_426, 1981, 0), (222_500, 1982, 1983), (222_521, 1982, 1983), (222_522, 1982, 1983),
    (222_523, 1982, 1983), (222_524, 1982, 1983), (222_525, 1982, 1983), (222_600, 1982, 1983), (222_621, 1982, 1983),
    (222_622, 1982, 1983), (222_623, 1982, 1983), (222_624, 1982, 1983), (222_625, 1982, 1983), (229_001, 1988, 1990),
    (229_002, 1988, 1990), (229_003, 1988, 1990), (229_004, 1988, 1990), (229_005, 1988, 1990), (229_006, 1989, 1990),
];

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
        assert!(HELD.is_sorted_by_key(|row| row.0));
    }
}
