//! Every metric of the house: name, kind, unit, labels, meaning. Label values come from enums and from
//! names of halls; never from records.

pub use metrics_exporter_prometheus::BuildError as StartError;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// What kind of number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// A distribution, in the buckets of [`SECONDS`] or [`ENTRIES`] by its unit.
    Histogram,
}

/// Upper bounds of the buckets of every `_seconds` histogram.
pub const SECONDS: [f64; 12] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
/// Upper bounds of the buckets of every `_entries` histogram: one record to a full commit.
pub const ENTRIES: [f64; 7] = [1.0, 4.0, 16.0, 64.0, 256.0, 1024.0, 4096.0];

/// One metric.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// `<crate>_<noun>_<unit>[_total]`.
    pub name: &'static str,
    /// What kind of number.
    pub kind: MetricKind,
    /// Its labels.
    pub labels: &'static [&'static str],
    /// What it means.
    pub help: &'static str,
}

macro_rules! metrics {
    ($($constant:ident, $name:literal, $kind:ident, [$($label:literal),*], $help:literal;)*) => {
        $(#[doc = $help] pub const $constant: &str = $name;)*
        /// All metrics, by name.
        pub const ALL: &[Metric] = &[$(Metric {
            name: $name, kind: MetricKind::$kind, labels: &[$($label),*], help: $help,
        }),*];
    };
}

metrics! {
    INTAKE_RECORDS_TOTAL, "intake_records_total", Counter, ["outcome"], "Submissions answered, by outcome.";
    LEDGER_COMMIT_ENTRIES, "ledger_commit_entries", Histogram, [], "Appends in one commit: how much one fdatasync carries.";
    LEDGER_COMMIT_SECONDS, "ledger_commit_seconds", Histogram, [], "From taking a commit to its answer, fdatasync included.";
    LEDGER_DURABLE_GROUPS, "ledger_durable_groups", Gauge, [], "Groups that are durable: the watermark of the log.";
    LEDGER_SYNC_SECONDS, "ledger_sync_seconds", Histogram, [], "One fdatasync of a group.";
    LINK_LAG_ENTRIES, "link_lag_entries", Gauge, ["peer"], "Entries that a peer does not hold durably yet.";
    LINK_RECEIVED_BYTES_TOTAL, "link_received_bytes_total", Counter, ["peer"], "Bytes of data taken from a peer.";
    LINK_RECONNECTS_TOTAL, "link_reconnects_total", Counter, ["peer"], "Connections that stood and ended.";
    LINK_SENT_BYTES_TOTAL, "link_sent_bytes_total", Counter, ["peer"], "Bytes of data sent to a peer.";
    LINK_STATE, "link_state", Gauge, ["peer", "state"], "1 for the state a link is in.";
    PKI_CERTIFICATE_EXPIRY_SECONDS, "pki_certificate_expiry_seconds", Gauge, ["name"], "Seconds until a certificate expires.";
    QUEUE_DEPTH_ITEMS, "queue_depth_items", Gauge, ["queue"], "Items that wait in a named queue.";
}

/// The metrics of this process, to be read.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Installs the recorder of the process and describes every metric; once per process.
    pub fn start() -> Result<Self, StartError> {
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(LEDGER_COMMIT_SECONDS.to_owned()), &SECONDS)?
            .set_buckets_for_metric(Matcher::Full(LEDGER_SYNC_SECONDS.to_owned()), &SECONDS)?
            .set_buckets_for_metric(Matcher::Full(LEDGER_COMMIT_ENTRIES.to_owned()), &ENTRIES)?
            .install_recorder()?;
        for metric in ALL {
            match metric.kind {
                MetricKind::Counter => metrics::describe_counter!(metric.name, metric.help),
                MetricKind::Gauge => metrics::describe_gauge!(metric.name, metric.help),
                MetricKind::Histogram => metrics::describe_histogram!(metric.name, metric.help),
            }
        }
        Ok(Self(handle))
    }

    /// All of them in the Prometheus text format.
    pub fn render(&self) -> String {
        self.0.render()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_unique_and_say_their_unit() {
        assert!(ALL.windows(2).all(|pair| pair[0].name < pair[1].name));
        for metric in ALL {
            let total = metric.name.ends_with("_total");
            assert_eq!(total, metric.kind == MetricKind::Counter, "{}", metric.name);
        }
    }

    /// `docs/metrics.md` is written from this table; the message shows what it should say.
    #[test]
    fn the_documentation_is_current() {
        let documented = include_str!("../../../docs/metrics.md");
        let missing: Vec<String> =
            ALL.iter().map(row).filter(|row| !documented.contains(row)).collect();
        assert!(missing.is_empty(), "docs/metrics.md lacks:\n{}", missing.join("\n"));
        let rows = documented.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(rows, ALL.len(), "docs/metrics.md has rows of metrics that are gone");
    }

    fn row(metric: &Metric) -> String {
        let labels = metric.labels.join(", ");
        let kind = format!("{:?}", metric.kind).to_lowercase();
        format!("| `{}` | {kind} | {labels} | {} |", metric.name, metric.help)
    }
}
