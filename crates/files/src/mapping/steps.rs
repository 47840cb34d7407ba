//! Steps from cells to the text of a field.
//!
//! Every step is total: a text that a step does not understand passes unchanged, and validation says
//! what is wrong with it.

use record::{Date, Field, Value};

use super::model::{self, DateOrder, Unit};

/// The steps of one field.
#[derive(Clone, Debug)]
pub(super) struct Steps {
    pub(super) from: Vec<String>,
    join: Option<String>,
    after: Option<String>,
    before: Option<String>,
    pick: bool,
    split: Vec<String>,
    words: Vec<(String, String)>,
    date: Option<DateOrder>,
    unit: Option<Unit>,
    prefix: Option<String>,
    constant: Option<String>,
}

impl Steps {
    pub(super) fn new(steps: model::Steps) -> Self {
        Self {
            from: steps.from,
            join: steps.join,
            after: steps.after,
            before: steps.before,
            pick: steps.pick,
            split: steps.split,
            words: steps.words.into_iter().collect(),
            date: steps.date,
            unit: steps.unit,
            prefix: steps.prefix,
            constant: steps.constant,
        }
    }

    /// Puts the cells together: the first that says something, or all.
    pub(super) fn gather<'a>(&self, cells: impl Iterator<Item = &'a str>) -> String {
        let mut said = cells.filter(|cell| !cell.trim().is_empty());
        match &self.join {
            None => said.next().unwrap_or_default().to_owned(),
            Some(between) => said.collect::<Vec<_>>().join(between),
        }
    }

    /// The field's text, from what was gathered.
    pub(super) fn apply(&self, field: &Field, text: &str) -> String {
        if let Some(constant) = &self.constant {
            return constant.clone();
        }
        let mut piece = text;
        if let Some(after) = &self.after {
            piece = piece.split_once(after.as_str()).map_or("", |(_, rest)| rest);
        }
        if let Some(before) = &self.before {
            piece = piece.split_once(before.as_str()).map_or(piece, |(start, _)| start);
        }
        let mut text = piece.to_owned();
        if self.pick {
            text = self.picked(field, &text);
        } else if !self.split.is_empty() {
            text = self.pieces(&text);
        } else if !self.words.is_empty() {
            text = self.word(&text);
        }
        if let Some(order) = self.date {
            text = dated(&text, order);
        }
        if let Some(Unit::Yuan) = self.unit {
            text = in_wan_yuan(text.trim()).unwrap_or(text);
        }
        match &self.prefix {
            Some(prefix) if !text.trim().is_empty() => format!("{prefix}{}", text.trim()),
            Some(_) | None => text,
        }
    }

    /// Whether the field is a piece of a cell that another field has too.
    pub(super) fn takes_a_piece(&self) -> bool {
        self.after.is_some()
    }

    fn word(&self, text: &str) -> String {
        let found = self.words.iter().find(|(word, _)| word == text.trim());
        found.map_or(text, |(_, other)| other).to_owned()
    }

    /// The pieces as a set: other words for each, repeats together, in order.
    fn pieces(&self, text: &str) -> String {
        let mut pieces = vec![text];
        for at in &self.split {
            pieces = pieces.into_iter().flat_map(|piece| piece.split(at.as_str())).collect();
        }
        let mut words: Vec<String> =
            pieces.into_iter().map(|piece| self.word(piece.trim())).collect();
        words.retain(|word| !word.is_empty());
        words.sort_unstable();
        words.dedup();
        words.join(MANY)
    }

    /// Words that occur in the text.
    fn picked(&self, field: &Field, text: &str) -> String {
        let (Value::List(list) | Value::Many(list)) = field.value else { return text.to_owned() };
        let listed = list.entries.iter().map(|(_, zh, _)| (*zh, *zh));
        let own = self.words.iter().map(|(word, other)| (word.as_str(), other.as_str()));
        let mut words: Vec<&str> = own
            .chain(listed)
            .filter(|(word, _)| text.contains(word))
            .map(|(_, other)| other)
            .collect();
        words.sort_unstable();
        words.dedup();
        words.join(MANY)
    }
}

fn dated(text: &str, order: DateOrder) -> String {
    let trimmed = text.trim();
    let numbers: Vec<&str> =
        trimmed.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    match (order, &numbers[..]) {
        (DateOrder::MonthDayYear, [month, day, year])
        | (DateOrder::DayMonthYear, [day, month, year]) => {
            day_of(year, month, day).map_or_else(|| text.to_owned(), |date| date.to_string())
        }
        (DateOrder::MonthDayYear | DateOrder::DayMonthYear, _) => text.to_owned(),
        (DateOrder::Last, [.., year, month, day]) => {
            day_of(year, month, day).map_or_else(String::new, |date| date.to_string())
        }
        (DateOrder::Last, _) => String::new(),
        (DateOrder::WithoutLast, [.., year, _, _]) => {
            let start = trimmed.rfind(year).unwrap_or(trimmed.len());
            trimmed.get(..start).unwrap_or_default().trim().to_owned()
        }
        (DateOrder::WithoutLast, _) => trimmed.to_owned(),
    }
}

fn day_of(year: &str, month: &str, day: &str) -> Option<Date> {
    if year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// A ten-thousandth of a decimal, exactly.
fn in_wan_yuan(text: &str) -> Option<String> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > AMOUNT_DIGITS_MAX || !digits(whole) || !digits(part) {
        return None;
    }
    let padded = format!("{whole:0>5}");
    let (wan, yuan) = padded.split_at_checked(padded.len() - 4)?;
    let wan = wan.trim_start_matches('0');
    let decimals = format!("{yuan}{part}");
    let decimals = decimals.trim_end_matches('0');
    let wan = if wan.is_empty() { "0" } else { wan };
    Some(if decimals.is_empty() { wan.to_owned() } else { format!("{wan}.{decimals}") })
}

/// What joins several values in a form.
const MANY: &str = ";";
const AMOUNT_DIGITS_MAX: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_become_wan_yuan_without_a_rounding() {
        for (yuan, wan) in [
            ("500", "0.05"),
            ("0", "0"),
            ("237600", "23.76"),
            ("10000", "1"),
            ("1.01", "0.000101"),
            ("100000000", "10000"),
            ("6000.00", "0.6"),
        ] {
            assert_eq!(in_wan_yuan(yuan).as_deref(), Some(wan), "{yuan}");
        }
        for bad in ["", "1,000", "-5", "1e3", "六千", "1.2.3"] {
            assert_eq!(in_wan_yuan(bad), None, "{bad}");
        }
    }

    #[test]
    fn days_are_found_in_their_order() {
        assert_eq!(dated("08/06/2019", DateOrder::MonthDayYear), "2019-08-06");
        assert_eq!(dated("08/06/2019", DateOrder::DayMonthYear), "2019-06-08");
        assert_eq!(dated("13/13/2019", DateOrder::DayMonthYear), "13/13/2019");
        let cell = "某市工商局，2014年6月3日";
        assert_eq!(dated(cell, DateOrder::Last), "2014-06-03");
        assert_eq!(dated(cell, DateOrder::WithoutLast), "某市工商局，");
        assert_eq!(dated("某市工商局", DateOrder::WithoutLast), "某市工商局");
    }
}
