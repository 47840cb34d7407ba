//! What an export counted, shown while it runs and told at its end.

use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use record::Masking;
use serde_json::json;

use super::rows::Fate;
use crate::cli::Export;
use crate::output::{Output, peak_mb};

/// Rows between two looks at the rate.
const SHOWN_EVERY: u64 = 1_024;

/// The counts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) rows: u64,
    pub(super) withheld: u64,
    pub(super) ended: u64,
    pub(super) other_party: u64,
    pub(super) not_whole: u64,
    pub(super) not_understood: u64,
    pub(super) unreadable: u64,
}

impl Tally {
    /// Counts what became of an item.
    pub(super) fn count(&mut self, fate: &Fate) {
        match fate {
            Fate::Row { whole, understood, .. } => {
                self.rows += 1;
                self.not_whole += u64::from(!whole);
                self.not_understood += u64::from(!understood);
            }
            Fate::Passed => {}
            Fate::Ended => self.ended += 1,
            Fate::Withheld => self.withheld += 1,
            Fate::OtherParty => self.other_party += 1,
            Fate::Unreadable => {
                self.unreadable += 1;
                self.not_understood += 1;
            }
        }
    }

    /// Shows rows and rate on the bar, now and then.
    pub(super) fn show(&self, bar: &ProgressBar, started: Instant) {
        if self.rows.is_multiple_of(SHOWN_EVERY) {
            let rate = per_second(self.rows, started.elapsed());
            bar.set_message(format!("{} 行 rows, {rate}/s", self.rows));
        }
    }

    /// Tells the answer.
    pub(super) fn tell(&self, arguments: &Export, started: Instant, output: Output) {
        let seconds = started.elapsed().as_secs_f64();
        let masking = match Masking::from(arguments.masking) {
            Masking::Public => "public",
            Masking::Full => "full",
        };
        let Self { rows, withheld, ended, not_understood, not_whole, .. } = self;
        let shown = arguments.out.display();
        output.say(
            format_args!(
                "已导出 {rows} 行到 {shown}；不予提供 {withheld}，已撤销或被替换 {ended}，\
                 未完全理解 {not_understood}，不完整 {not_whole}"
            ),
            format_args!(
                "{rows} rows in {shown}; {withheld} withheld, {ended} withdrawn or replaced, \
                 {not_understood} not fully understood here, {not_whole} not whole"
            ),
        );
        output.answer(&json!({
            "rows": rows,
            "withheld": withheld,
            "withdrawn": ended,
            "other_party": self.other_party,
            "not_understood": not_understood,
            "unreadable": self.unreadable,
            "not_whole": not_whole,
            "masking": masking,
            "file": arguments.out,
            "rows_per_s": per_second(*rows, started.elapsed()),
            "rss_mb": peak_mb(),
            "seconds": seconds,
        }));
    }
}

fn per_second(rows: u64, time: Duration) -> u64 {
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    rows.saturating_mul(1_000) / millis.max(1)
}
