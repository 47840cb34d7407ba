//! The verdict: what the check found, as numbers for programs and as sentences for people.

use std::time::Duration;

use serde::Serialize;

use super::check::Findings;
use super::picture::grouped;
use super::scene::Scene;
use super::world::{HALLS, LINK_TIMES};

/// What became of the demonstration.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// Halls.
    pub halls: u64,
    /// Original records that were to be submitted.
    pub records: u64,
    /// Messages acknowledged, revisions included.
    pub submitted: u64,
    /// Of these, those that are as they must be at every hall.
    pub replicated: u64,
    /// Copies that are not there.
    pub lost: u64,
    /// Copies twice.
    pub duplicated: u64,
    /// Copies in a wrong order.
    pub out_of_order: u64,
    /// Copies that contradict their origin's.
    pub diverged: u64,
    /// Copies without parts they may have.
    pub starved: u64,
    /// Copies with parts they may not have.
    pub leaked: u64,
    /// Entries held as stubs, per hall and entry.
    pub withheld: u64,
    /// Entries of which parts came later, per hall and entry.
    pub filled: u64,
    /// Final receipts, per ledger and holder.
    pub receipts_final: u64,
    /// Processes killed.
    pub kills: u64,
    /// Links cut.
    pub cuts: u64,
    /// Whether every root, seal, commitment and receipt verifies, and receipts are final.
    pub verified: bool,
    /// How long it took.
    pub seconds: f64,
    /// The first of whatever is wrong, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}

impl Verdict {
    /// Puts together what was found and what was seen.
    pub(super) fn of(records: u64, findings: &Findings, scene: &Scene, took: Duration) -> Self {
        Self {
            halls: u64::try_from(HALLS.len()).unwrap_or(0),
            records,
            submitted: scene.acknowledged,
            replicated: findings.replicated,
            lost: findings.lost,
            duplicated: findings.duplicated,
            out_of_order: findings.out_of_order,
            diverged: findings.diverged,
            starved: findings.starved,
            leaked: findings.leaked,
            withheld: findings.withheld,
            filled: findings.filled,
            receipts_final: findings.receipts_final,
            kills: scene.kills,
            cuts: scene.cuts,
            verified: findings.is_verified(),
            seconds: (took.as_secs_f64() * 10.0).round() / 10.0,
            problems: findings.problems.clone(),
        }
    }

    /// Whether the guarantee held and was really put to the test.
    pub fn holds(&self) -> bool {
        let faults = [
            self.lost,
            self.duplicated,
            self.out_of_order,
            self.diverged,
            self.starved,
            self.leaked,
        ];
        let tested = [self.withheld, self.filled, self.kills, self.cuts];
        faults.iter().all(|count| *count == 0)
            && self.verified
            && self.replicated == self.submitted
            && tested.iter().all(|count| *count > 0)
    }
}

/// The verdict for people, both languages.
pub(super) fn text(verdict: &Verdict, findings: &Findings, scene: &Scene) -> String {
    let Verdict { halls, submitted, replicated, withheld, filled, kills, cuts, seconds, .. } =
        verdict;
    let [entries, seals, receipts] = findings.verified;
    let mut lines = vec![String::new()];
    lines.push(if verdict.holds() {
        "✔ 成立：受理的记录无一丢失、重复、乱序、分歧、缺件或外泄，全部可核验。\n  \
         It holds: nothing acknowledged was lost, doubled, reordered, altered, starved or leaked, and all of it verifies."
            .to_owned()
    } else {
        "✘ 不成立，问题见下。\n  It does not hold; what is wrong stands below.".to_owned()
    });
    lines.push(String::new());
    let mut row = |zh: &str, en: &str, what: String| lines.push(format!("  {zh} {en}: {what}"));
    row(
        "受理",
        "acknowledged",
        format!(
            "{} 条，重发时认出 repeated {}；于 {halls} 个厅齐备 complete at all {halls} halls: {}",
            grouped(*submitted),
            grouped(scene.repeated),
            grouped(*replicated),
        ),
    );
    let faults = findings.faults().map(|(word, count)| format!("{word} {count}"));
    row("差错", "faults", faults.join(" · "));
    row("故障", "put to the test by", format!("断链 cuts {cuts} · SIGKILL {kills}"));
    row("依权存根", "withheld as stubs, per hall and entry", grouped(*withheld));
    row("后补内容", "filled later, per hall and entry", grouped(*filled));
    row(
        "最终签收",
        "final receipts, per ledger and holder",
        format!("{} / {}", findings.receipts_final, findings.receipts_due),
    );
    row(
        "已核验",
        "verified",
        format!(
            "条目 entries {} · 封印 seals {} · 签收 receipts {}",
            grouped(entries),
            grouped(seals),
            grouped(receipts),
        ),
    );
    row("用时", "took", format!("{seconds} s"));
    let times = LINK_TIMES.map(|(key, time)| format!("{key} = {}", time.as_millis()));
    lines.push(format!("  为演示而缩短 set short for the demonstration: {}", times.join(", ")));
    lines.extend(verdict.problems.iter().map(|problem| format!("  ✘ {problem}")));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Verdict {
        let findings = Findings {
            replicated: 9,
            withheld: 1,
            filled: 1,
            receipts_final: 6,
            receipts_due: 6,
            ..Findings::default()
        };
        let scene = Scene { acknowledged: 9, kills: 1, cuts: 1, ..Scene::default() };
        Verdict::of(9, &findings, &scene, Duration::from_millis(1_234))
    }

    #[test]
    fn it_holds_only_when_nothing_is_wrong_and_everything_was_tried() {
        assert!(good().holds());
        let spoils: [fn(&mut Verdict); 12] = [
            |verdict| verdict.lost = 1,
            |verdict| verdict.duplicated = 1,
            |verdict| verdict.out_of_order = 1,
            |verdict| verdict.diverged = 1,
            |verdict| verdict.starved = 1,
            |verdict| verdict.leaked = 1,
            |verdict| verdict.withheld = 0,
            |verdict| verdict.filled = 0,
            |verdict| verdict.kills = 0,
            |verdict| verdict.cuts = 0,
            |verdict| verdict.verified = false,
            |verdict| verdict.replicated = 8,
        ];
        for spoil in spoils {
            let mut verdict = good();
            spoil(&mut verdict);
            assert!(!verdict.holds(), "{verdict:?}");
        }
    }

    /// The contract with scripts.
    #[test]
    fn keys_of_the_answer() {
        let json = serde_json::to_value(good()).unwrap();
        let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        let mut due = vec![
            "halls",
            "records",
            "submitted",
            "replicated",
            "lost",
            "duplicated",
            "out_of_order",
            "diverged",
            "starved",
            "leaked",
            "withheld",
            "filled",
            "receipts_final",
            "kills",
            "cuts",
            "verified",
            "seconds",
        ];
        due.sort_unstable();
        assert_eq!(keys, due);
        assert_eq!(json["seconds"], 1.2);
    }
}
