//! What became of the rows: counts, and the refusals by line.

use indicatif::ProgressBar;
use serde_json::{Value, json};
use wire::v1;

use crate::output::Output;

/// Most refusals in the answer; further ones are counted.
pub(super) const REFUSALS_LISTED_MAX: usize = 10_000;

/// Refusals told on the terminal one by one; beyond, the answer of `--json` has them.
const REFUSALS_TOLD_MAX: u64 = 20;

/// Most births in the answer; further ones are counted.
pub(super) const BIRTHS_LISTED_MAX: usize = 10_000;

/// Births told on the terminal one by one; beyond, the answer of `--json` has them.
const BIRTHS_TOLD_MAX: usize = 20;

/// Counts, and the refusals.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// New at the hall.
    pub(super) acknowledged: u64,
    /// Acknowledged before.
    pub(super) repeated: u64,
    /// Not taken.
    pub(super) refused: u64,
    /// Permits born in the closing of a case.
    pub(super) born: u64,
    refusals: Vec<RowRefusal>,
    births: Vec<Birth>,
}

/// A permit that was born in the closing of a case, now or when the closing came first.
#[derive(Clone, Debug)]
struct Birth {
    line: u64,
    case: String,
    permit: String,
}

/// A row that was not taken.
#[derive(Clone, Debug)]
pub(super) struct RowRefusal {
    /// Its line, from 1.
    pub(super) line: u64,
    /// Its message id, when it has one.
    pub(super) message_id: String,
    /// Every reason.
    pub(super) violations: Vec<v1::Violation>,
}

impl Tally {
    /// Counts an outcome; the refusal if it is one that people are told of at once.
    pub(super) fn count(&mut self, line: u64, outcome: v1::Outcome) -> Option<RowRefusal> {
        use v1::outcome::Outcome;
        match outcome.outcome {
            Some(Outcome::Acknowledgement(one)) => {
                if one.repeated_message {
                    self.repeated += 1;
                } else {
                    self.acknowledged += 1;
                }
                self.bear(line, one);
            }
            Some(Outcome::Refusal(v1::Refusal { violations, .. })) => {
                let message_id = outcome.message_id;
                return self.refuse(RowRefusal { line, message_id, violations });
            }
            None => {
                let violations = Vec::new();
                let message_id = outcome.message_id;
                return self.refuse(RowRefusal { line, message_id, violations });
            }
        }
        None
    }

    fn bear(&mut self, line: u64, closing: v1::Acknowledgement) {
        let Some(v1::Born { record_id: permit, .. }) = closing.born else { return };
        if !closing.repeated_message {
            self.born += 1;
        }
        if self.births.len() < BIRTHS_LISTED_MAX {
            self.births.push(Birth { line, case: closing.record_id, permit });
        }
    }

    /// Counts a refusal; handed back while people still read them.
    pub(super) fn refuse(&mut self, refusal: RowRefusal) -> Option<RowRefusal> {
        self.refused += 1;
        let told = (self.refused <= REFUSALS_TOLD_MAX).then(|| refusal.clone());
        if self.refusals.len() < REFUSALS_LISTED_MAX {
            self.refusals.push(refusal);
        }
        told
    }

    /// Adds what was counted elsewhere.
    pub(super) fn add(&mut self, other: Self) {
        self.acknowledged += other.acknowledged;
        self.repeated += other.repeated;
        self.refused += other.refused;
        self.born += other.born;
        self.births.extend(other.births);
        self.refusals.extend(other.refusals);
        self.refusals.sort_by_key(|one| one.line);
        self.refusals.truncate(REFUSALS_LISTED_MAX);
    }

    /// The answer for people.
    pub(super) fn tell(&self, seconds: f64, output: Output) {
        let Self { acknowledged, repeated, refused, .. } = self;
        let rate = self.per_second(seconds);
        output.say(
            format_args!("新受理 {acknowledged}，重复 {repeated}，拒绝 {refused}；{seconds:.2} 秒，每秒 {rate:.0} 条"),
            format_args!("{acknowledged} acknowledged, {repeated} repeated, {refused} refused; {seconds:.2} s, {rate:.0} records/s"),
        );
        for Birth { line, case, permit } in self.births.iter().take(BIRTHS_TOLD_MAX) {
            output.say(
                format_args!("第 {line} 行办件 {case} 办结，生成许可 {permit}"),
                format_args!("line {line}: the closing of case {case} bore permit {permit}"),
            );
        }
        if self.births.len() > BIRTHS_TOLD_MAX {
            let born = self.births.len();
            output.say(
                format_args!("办结生成的许可共 {born} 件，用 --json 列出"),
                format_args!("{born} permits were born in closings, --json lists them"),
            );
        }
        if self.refused > REFUSALS_TOLD_MAX && !output.is_json() {
            output.note("用 --json 列出全部被拒绝的行", "--json lists every refused line");
        }
    }

    /// The answer for programs.
    pub(super) fn to_json(&self, seconds: f64) -> Value {
        let refusals: Vec<Value> = self.refusals.iter().map(RowRefusal::to_json).collect();
        let births: Vec<Value> = self.births.iter().map(Birth::to_json).collect();
        json!({
            "acknowledged": self.acknowledged,
            "born": self.born,
            "births": births,
            "repeated": self.repeated,
            "refused": self.refused,
            "seconds": seconds,
            "records_per_s": self.per_second(seconds).round(),
            "refusals": refusals,
        })
    }

    fn per_second(&self, seconds: f64) -> f64 {
        let answered = self.acknowledged + self.repeated + self.refused;
        // Counts of rows are far below 2^32; beyond, the rate is not worth a wrong digit.
        let answered = f64::from(u32::try_from(answered).unwrap_or(u32::MAX));
        if seconds > 0.0 { answered / seconds } else { 0.0 }
    }
}

impl Birth {
    fn to_json(&self) -> Value {
        json!({ "line": self.line, "case": self.case, "permit": self.permit })
    }
}

impl RowRefusal {
    /// Tells it at once, above the progress bar.
    pub(super) fn tell(&self, output: Output, bar: &ProgressBar) {
        let violations: String = self.violations.iter().map(told).collect();
        let (line, id) = (self.line, &self.message_id);
        bar.suspend(|| {
            output.note(
                format_args!("第 {line} 行被拒绝 {id}"),
                format_args!("line {line} refused{violations}"),
            );
        });
    }

    fn to_json(&self) -> Value {
        let violations: Vec<Value> = self
            .violations
            .iter()
            .map(|one| {
                json!({
                    "code": one.code, "field": one.field, "rule": one.rule,
                    "message_zh": one.message_zh, "message_en": one.message_en,
                    "remedy_zh": one.remedy_zh, "remedy_en": one.remedy_en,
                })
            })
            .collect();
        json!({ "line": self.line, "message_id": self.message_id, "violations": violations })
    }
}

/// A violation on a line of its own, in both languages, each with its way out if there is one.
fn told(violation: &v1::Violation) -> String {
    let v1::Violation { code, field, message_zh, message_en, remedy_zh, remedy_en, .. } = violation;
    let words = |words: &[&str], between| {
        let said = words.iter().filter(|text| !text.is_empty());
        said.copied().collect::<Vec<_>>().join(between)
    };
    let chinese = words(&[message_zh, remedy_zh], "；");
    let english = words(&[message_en, remedy_en], "; ");
    let place = words(&[field, &format!("[{code}]")], " ");
    format!("\n  {place} {chinese} · {english}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use v1::outcome::Outcome;

    fn outcome(outcome: Outcome) -> v1::Outcome {
        v1::Outcome { message_id: "m".to_owned(), outcome: Some(outcome) }
    }

    #[test]
    fn rows_are_counted_once_and_refusals_are_sorted_by_line() {
        let mut tally = Tally::default();
        let acknowledged = v1::Acknowledgement::default();
        let born = Some(v1::Born { record_id: "permit".to_owned(), index: 1 });
        let closing = v1::Acknowledgement { born, ..acknowledged.clone() };
        let repeated = v1::Acknowledgement { repeated_message: true, ..closing.clone() };
        tally.count(1, outcome(Outcome::Acknowledgement(acknowledged)));
        tally.count(2, outcome(Outcome::Acknowledgement(repeated)));
        tally.count(3, outcome(Outcome::Acknowledgement(closing)));
        tally.count(9, outcome(Outcome::Refusal(v1::Refusal::default())));
        let mut malformed = Tally::default();
        malformed.refuse(RowRefusal { line: 4, message_id: String::new(), violations: vec![] });
        tally.add(malformed);
        let answer = tally.to_json(2.5);
        assert_eq!(answer["acknowledged"], 2);
        assert_eq!(answer["born"], 1, "a repeated closing bore nothing new");
        assert_eq!(answer["births"][0]["permit"], "permit");
        assert_eq!(answer["births"][1]["line"], 3);
        assert_eq!(answer["repeated"], 1);
        assert_eq!(answer["refused"], 2);
        assert_eq!(answer["refusals"][0]["line"], 4);
        assert_eq!(answer["refusals"][1]["message_id"], "m");
        assert_eq!(answer["records_per_s"], 2.0);
    }
}
