//! How items and cases are numbered, one row a scheme: plug-ins as data, for every place numbers
//! its own way.
//!
//! ```text
//! base code            基本编码    10 (2016), 12 (GB/T 39554.1-2020), 14 (Sichuan's list)
//! implementation code  实施编码    24 (2016), 31 = credit code 18 + level 1 + base 12 (2018);
//!                                  Sichuan's list: base-area-000-department-level-00
//! handling code        业务办理项  implementation code + 2
//! case number          办件编号    43 = implementation code 31 + YYYYMMDD + 4; Ningbo 21
//! ```
//!
//! A scheme is a list of [`Piece`]s in order, so a new one is a row and no code. At most one piece has
//! more than one width; it takes what the others leave. A scheme that is
//! `on_request` is too loose to be tried unasked: its standard's text was not at hand, and only
//! width and alphabet are judged. Jilin's DB22/T 2848-2017 is one of these. Nothing is looked up: that
//! an item exists is the catalogue's word.

use std::ops::RangeInclusive;

use super::{OrganisationCode, Uscc, UsccError};
use crate::date::Date;

/// What a code of an item or a case numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Numbered {
    /// An item's base code.
    Base,
    /// An item as one authority carries it out.
    Implementation,
    /// One way of handling it.
    Handling,
    /// A case.
    Case,
}

/// A way of numbering.
#[derive(Clone, Copy, Debug)]
pub struct Scheme {
    /// Its name, such as `national-2018`.
    pub name: &'static str,
    /// What it numbers.
    pub of: Numbered,
    /// Whose it is.
    pub source: &'static str,
    /// Whether it is judged by only when named.
    pub on_request: bool,
    pieces: &'static [Piece],
}

/// A part of a number.
#[derive(Clone, Copy, Debug)]
enum Piece {
    /// A credit code with its check.
    Uscc,
    /// A department by its credit code or, as long as it has none, by its organisation code of nine
    /// characters or of eight, a hyphen and one; with their checks.
    Department,
    /// So many digits.
    Digits(usize),
    /// So many digits or capital letters.
    Letters(usize),
    /// A day, `YYYYMMDD`.
    Day,
    /// This text.
    Text(&'static str),
    /// From one to so many digits, capital letters or hyphens.
    UpTo(usize),
}

/// Why a number fits no scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// No scheme has this length.
    Length(usize),
    /// The credit code inside is wrong.
    CreditCode(UsccError),
    /// The department's code inside is no credit code and no organisation code; where it begins, counted
    /// from 1.
    Department(usize),
    /// The day inside is none; where it begins, counted from 1.
    Day(usize),
    /// Characters that do not belong there; where they begin, counted from 1.
    Characters(usize),
}

/// All schemes.
pub fn schemes() -> &'static [Scheme] {
    SCHEMES
}

impl Scheme {
    /// The scheme of this name for what is numbered.
    pub fn named(of: Numbered, name: &str) -> Option<&'static Self> {
        SCHEMES.iter().find(|scheme| scheme.of == of && scheme.name == name)
    }

    /// The scheme that a number fits, of those that are tried unasked. The misfit is that of the
    /// scheme of the number's length that it follows the furthest.
    pub fn of(of: Numbered, number: &str) -> Result<&'static Self, Misfit> {
        let mut furthest = (0, Misfit::Length(number.chars().count()));
        for scheme in SCHEMES.iter().filter(|scheme| scheme.of == of && !scheme.on_request) {
            match scheme.follows(number) {
                Ok(()) => return Ok(scheme),
                Err((_, Misfit::Length(_))) => {}
                Err((at, misfit)) if at >= furthest.0 => furthest = (at, misfit),
                Err(_) => {}
            }
        }
        Err(furthest.1)
    }

    /// Judges a number by this scheme.
    pub fn check(&self, number: &str) -> Result<(), Misfit> {
        self.follows(number).map_err(|(_, misfit)| misfit)
    }

    /// The same; a misfit with the byte up to which all is well.
    fn follows(&self, number: &str) -> Result<(), (usize, Misfit)> {
        let misfit = Misfit::Length(number.chars().count());
        let fixed: usize = self.pieces.iter().filter_map(Piece::width).sum();
        let left = number.len().checked_sub(fixed).ok_or((0, misfit))?;
        let takes = self.pieces.iter().find(|piece| piece.width().is_none());
        if !takes.map_or(left == 0, |piece| piece.takes(left)) {
            return Err((0, misfit));
        }
        let mut at = 0;
        for piece in self.pieces {
            let end = at + piece.width().unwrap_or(left);
            let text = number.get(at..end).ok_or((at, Misfit::Characters(at + 1)))?;
            piece.check(text, at + 1).map_err(|misfit| (at, misfit))?;
            at = end;
        }
        Ok(())
    }
}

impl Piece {
    /// Its width; none when it has more than one.
    fn width(&self) -> Option<usize> {
        match self {
            Self::Uscc => Some(Uscc::LEN),
            Self::Digits(count) | Self::Letters(count) => Some(*count),
            Self::Day => Some(8),
            Self::Text(text) => Some(text.len()),
            Self::Department | Self::UpTo(_) => None,
        }
    }

    /// Whether so many bytes may be its own.
    fn takes(&self, width: usize) -> bool {
        match self {
            Self::Department => DEPARTMENT_WIDTHS.contains(&width),
            Self::UpTo(most) => (1..=*most).contains(&width),
            Self::Uscc | Self::Digits(_) | Self::Letters(_) | Self::Day | Self::Text(_) => {
                self.width() == Some(width)
            }
        }
    }

    fn check(self, text: &str, place: usize) -> Result<(), Misfit> {
        let letters = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        let fits = match self {
            Self::Uscc => return text.parse::<Uscc>().map(drop).map_err(Misfit::CreditCode),
            Self::Department if text.len() == Uscc::LEN => return Self::Uscc.check(text, place),
            Self::Department => {
                let plain = match text.split_at_checked(OrganisationCode::LEN - 1) {
                    Some((body, check)) => {
                        format!("{body}{}", check.strip_prefix('-').unwrap_or(check))
                    }
                    None => text.to_owned(),
                };
                let wrong = Misfit::Department(place);
                return plain.parse::<OrganisationCode>().map(drop).map_err(|_| wrong);
            }
            Self::Day => return Date::of_digits(text).map(drop).ok_or(Misfit::Day(place)),
            Self::Digits(_) => text.bytes().all(|byte| byte.is_ascii_digit()),
            Self::Letters(_) => text.bytes().all(letters),
            Self::Text(wanted) => text == wanted,
            Self::UpTo(_) => text.bytes().all(|byte| letters(byte) || byte == b'-'),
        };
        if fits { Ok(()) } else { Err(Misfit::Characters(place)) }
    }
}

impl Misfit {
    /// What is wrong, in Chinese.
    pub fn zh(self) -> String {
        match self {
            Self::Length(count) => format!("{count}位，不合任何已知编码规则"),
            Self::CreditCode(error) => format!("其中的统一社会信用代码有误：{}", error.zh()),
            Self::Department(place) => {
                format!("第{place}位起的机构代码不是统一社会信用代码或组织机构代码")
            }
            Self::Day(place) => format!("第{place}位起的8位不是有效日期"),
            Self::Characters(place) => format!("第{place}位起的字符不合编码规则"),
        }
    }

    /// What is wrong, in English.
    pub fn en(self) -> String {
        match self {
            Self::Length(count) => format!("no known scheme has {count} characters"),
            Self::CreditCode(error) => format!("the credit code inside is wrong: {error}"),
            Self::Department(place) => {
                format!(
                    "from character {place} on stands neither a credit nor an organisation code"
                )
            }
            Self::Day(place) => format!("the 8 characters from {place} on are no day"),
            Self::Characters(place) => {
                format!("the characters from {place} on do not belong there")
            }
        }
    }
}

const fn scheme(
    name: &'static str,
    of: Numbered,
    source: &'static str,
    pieces: &'static [Piece],
) -> Scheme {
    Scheme { name, of, source, on_request: false, pieces }
}

const fn on_request(scheme: Scheme) -> Scheme {
    Scheme { on_request: true, ..scheme }
}

/// Widths of [`Piece::Department`], mistyped codes included: they are told as what they are.
const DEPARTMENT_WIDTHS: RangeInclusive<usize> = 6..=Uscc::LEN;

/// A number of Sichuan's list: what stands for the base code, then `-area-000-department-level-00`. The
/// area is the hall's; the department's code often is of another.
macro_rules! of_sichuan {
    ($name:literal, $($base:expr),+) => {
        scheme(
            $name,
            Numbered::Implementation,
            SICHUAN,
            &[
                $($base,)+
                Piece::Text("-"),
                Piece::Digits(12),
                Piece::Text("-"),
                Piece::Digits(3),
                Piece::Text("-"),
                Piece::Department,
                Piece::Text("-"),
                Piece::Digits(1),
                Piece::Text("-"),
                Piece::Digits(2),
            ],
        )
    };
}

const SICHUAN: &str = "四川省事项清单";
const JILIN: &str = "DB22/T 2848-2017";
const LIST_2016: &str = "政务服务事项编码 2016";
const NATIONAL: &str = "GB/T 39554.1-2020";
const SCHEMES: &[Scheme] = &[
    scheme("national-2016", Numbered::Base, LIST_2016, &[Piece::Letters(10)]),
    scheme("national-2018", Numbered::Base, NATIONAL, &[Piece::Letters(12)]),
    scheme("sichuan", Numbered::Base, SICHUAN, &[Piece::Letters(14)]),
    on_request(scheme("jilin", Numbered::Base, JILIN, &[Piece::UpTo(36)])),
    scheme(
        "national-2018",
        Numbered::Implementation,
        NATIONAL,
        &[Piece::Uscc, Piece::Digits(1), Piece::Letters(12)],
    ),
    scheme("national-2016", Numbered::Implementation, "GB/T 39046-2020", &[Piece::Letters(24)]),
    of_sichuan!("sichuan", Piece::Letters(12)),
    of_sichuan!("sichuan-14", Piece::Letters(14)),
    // Items without a base code, numbered by a letter for the type, or by a department's own list.
    of_sichuan!(
        "sichuan-type",
        Piece::Letters(1),
        Piece::Text("-"),
        Piece::Digits(6),
        Piece::Text("-"),
        Piece::Digits(3)
    ),
    of_sichuan!(
        "sichuan-department",
        Piece::Letters(2),
        Piece::Text("-"),
        Piece::Digits(4),
        Piece::Text("-"),
        Piece::Digits(5)
    ),
    on_request(scheme("jilin", Numbered::Implementation, JILIN, &[Piece::UpTo(36)])),
    scheme(
        "national-2018",
        Numbered::Handling,
        NATIONAL,
        &[Piece::Uscc, Piece::Digits(1), Piece::Letters(12), Piece::Letters(2)],
    ),
    on_request(scheme("jilin", Numbered::Handling, JILIN, &[Piece::UpTo(50)])),
    scheme(
        "national-2018",
        Numbered::Case,
        NATIONAL,
        &[Piece::Uscc, Piece::Digits(1), Piece::Letters(12), Piece::Day, Piece::Digits(4)],
    ),
    scheme("ningbo", Numbered::Case, "宁波市统一受理平台", &[Piece::Letters(21)]),
    on_request(scheme("jilin", Numbered::Case, JILIN, &[Piece::UpTo(50)])),
];

#[cfg(test)]
mod tests {
    use super::*;

    const REAL: &str = "12441500196720244T3442199806003202206230068";

    #[test]
    fn real_numbers_fit_their_scheme() {
        for (of, number, name) in [
            (Numbered::Case, REAL, "national-2018"),
            (Numbered::Case, "330200202206230000001", "ningbo"),
            (Numbered::Handling, "12441500196720244T344219980600301", "national-2018"),
            (Numbered::Implementation, &REAL[..31], "national-2018"),
            (Numbered::Implementation, "XK0112345600000000000001", "national-2016"),
            (
                Numbered::Implementation,
                "511Z07001006-511602000000-000-11511301008778183N-1-00",
                "sichuan",
            ),
            (Numbered::Base, "442199806003", "national-2018"),
            (Numbered::Base, "51100123400000", "sichuan"),
        ] {
            assert_eq!(Scheme::of(of, number).map(|scheme| scheme.name), Ok(name), "{number}");
        }
    }

    #[test]
    fn misfits_are_told() {
        let wrong = |number: &str| Scheme::of(Numbered::Case, number).unwrap_err();
        assert_eq!(wrong(&REAL.replace("20220623", "20220631")), Misfit::Day(32));
        assert!(matches!(wrong(&REAL.replacen('1', "2", 1)), Misfit::CreditCode(_)));
        assert_eq!(wrong(&REAL[..42]), Misfit::Length(42));
        assert_eq!(wrong(&REAL.replace("0068", "006x")), Misfit::Characters(40));
        assert_eq!(wrong("办件"), Misfit::Length(2));
        let long = "件".repeat(7);
        assert_eq!(
            wrong(&long),
            Misfit::Characters(1),
            "seven characters of three bytes are no 21"
        );
    }

    /// Invented numbers in every form of the list, and what is wrong with malformed ones.
    #[test]
    fn sichuans_list_has_four_forms_and_old_department_codes() {
        const TAIL: &str = "511602000000-000-11511301008778183N-1-00";
        let of = |number: &str| Scheme::of(Numbered::Implementation, number).map(|it| it.name);
        for (base, name) in [
            ("511Z07001006", "sichuan"),
            ("512C9999900008", "sichuan-14"),
            ("G-000907-001", "sichuan-type"),
            ("1J-5100-09027", "sichuan-department"),
        ] {
            let number = format!("{base}-{TAIL}");
            assert_eq!(of(&number), Ok(name), "{number}");
            for department in ["401705300", "40170530-0"] {
                assert_eq!(of(&number.replace("11511301008778183N", department)), Ok(name));
            }
            let short = number.replace("11511301008778183N", "1151130100877818N");
            assert!(of(&short).is_err(), "{short}");
        }
        let place = "512C9999900008-511602000000-000-".len() + 1;
        for (department, misfit) in [
            ("401705301", Misfit::Department(place)),
            ("40170530-1", Misfit::Department(place)),
            ("4017-05300", Misfit::Department(place)),
            ("2222222222222", Misfit::Department(place)),
            ("1151130100877818N", Misfit::Department(place)),
        ] {
            let number = format!("512C9999900008-511602000000-000-{department}-1-00");
            assert_eq!(of(&number), Err(misfit), "{number}");
        }
        let unchecked = "512C9999900008-511602000000-000-11511301008778183M-1-00";
        assert!(matches!(of(unchecked), Err(Misfit::CreditCode(UsccError::Check { .. }))));
        assert_eq!(of(&format!("512c9999900008-{TAIL}")), Err(Misfit::Characters(1)));
    }

    #[test]
    fn names_are_unique_and_only_one_piece_is_of_many_widths() {
        for (place, scheme) in SCHEMES.iter().enumerate() {
            let same = |other: &Scheme| (other.of, other.name) == (scheme.of, scheme.name);
            assert_eq!(SCHEMES.iter().position(same), Some(place), "{}", scheme.name);
            let wide = scheme.pieces.iter().filter(|piece| piece.width().is_none());
            assert!(wide.count() <= 1, "{}", scheme.name);
        }
    }

    #[test]
    fn jilin_is_asked_for_by_name() {
        let jilin = Scheme::named(Numbered::Case, "jilin").unwrap();
        assert_eq!(jilin.check("220102-2024-000123"), Ok(()));
        assert_eq!(jilin.check(""), Err(Misfit::Length(0)));
        assert_eq!(jilin.check(&"1".repeat(51)), Err(Misfit::Length(51)));
        assert!(Scheme::of(Numbered::Case, "220102-2024-000123").is_err());
    }
}
