//! The state of the hall as one answer: ledgers, links, receipts, parked ledgers, refusals, alarms.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use ledger::Disk;
use link::View;
use link::machine::{LedgerView, LinkView};
use record::{HallId, LedgerName, Timestamp};
use wire::v1;

use super::OperationsFace;

impl<D: Disk> OperationsFace<D> {
    /// What `status` shows; without a view the exchange has ended and links are left out.
    pub(super) fn state(&self, view: Option<&View>) -> v1::StatusResponse {
        let now = self.clock.now();
        let ledgers = view.map_or(&[][..], |view| &view.ledgers);
        v1::StatusResponse {
            hall: self.reader.own_ledger(record::Lane::Acts).hall().to_string(),
            pid: std::process::id(),
            rss_mb: resident_mb(),
            ledgers: self.ledgers(ledgers, now),
            links: view.map_or(&[][..], |view| &view.links).iter().map(link).collect(),
            receipts: self.receipts(view, now),
            parked: view
                .map_or(&[][..], |view| &view.parked)
                .iter()
                .map(|parked| v1::ParkedStatus {
                    peer: parked.peer.to_string(),
                    ledger: parked.ledger.to_string(),
                    reason: parked.reason.to_owned(),
                })
                .collect(),
            refusals: self.refusals(),
            alarms: self.alarms(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    fn ledgers(&self, views: &[LedgerView], now: Timestamp) -> Vec<v1::LedgerStatus> {
        let views: BTreeMap<&LedgerName, &LedgerView> =
            views.iter().map(|view| (&view.ledger, view)).collect();
        let status = |(name, head): (LedgerName, ledger::Head)| {
            let view = views.get(&name);
            v1::LedgerStatus {
                size: head.size,
                stubs: head.stubs,
                wanted: view.map_or(0, |view| view.lack.entries),
                state: view.map_or("own", |view| view.state.as_str()).to_owned(),
                seal_age_seconds: now.since(head.sealed_at).as_secs(),
                name: name.to_string(),
                retained: None,
            }
        };
        self.reader.heads().into_iter().map(status).collect()
    }

    /// The newest of what passed in this process and of what this hall's log has for its own ledgers.
    fn receipts(&self, view: Option<&View>, now: Timestamp) -> Vec<v1::ReceiptStatus> {
        let mut newest: BTreeMap<(LedgerName, HallId), (u64, Timestamp)> = BTreeMap::new();
        let logged = self.reader.receipts().unwrap_or_default();
        let logged = logged.into_iter().map(|one| (one.ledger, one.holder, one.size, one.at));
        let passed = view.map_or(&[][..], |view| &view.receipts).iter();
        let passed =
            passed.map(|one| (one.ledger.clone(), one.holder.clone(), one.size, one.signed_at));
        for (ledger, holder, size, at) in logged.chain(passed) {
            let known = newest.entry((ledger, holder)).or_insert((size, at));
            *known = (*known).max((size, at));
        }
        let status = |((ledger, holder), (size, at)): ((LedgerName, HallId), (u64, Timestamp))| {
            v1::ReceiptStatus {
                holder: holder.to_string(),
                ledger: ledger.to_string(),
                size,
                age_seconds: now.since(at).as_secs(),
            }
        };
        newest.into_iter().map(status).collect()
    }

    fn refusals(&self) -> Vec<v1::RefusalStatus> {
        let status = |refusal: pki::Refusal| v1::RefusalStatus {
            peer: refusal.peer,
            reason: refusal.reason.to_owned(),
            at: refusal.at.to_string(),
            face: refusal.face.as_str().to_owned(),
        };
        self.tls.refusals().list().into_iter().map(status).collect()
    }

    fn alarms(&self) -> Vec<v1::AlarmStatus> {
        let board = self.board.alarms().into_iter().map(|alarm| v1::AlarmStatus {
            code: alarm.code.to_owned(),
            subject: alarm.subject,
            message_zh: alarm.message_zh,
            message_en: alarm.message_en,
            since: alarm.since.to_string(),
        });
        let certificates = self.tls.standing().alarms.into_iter().map(|alarm| v1::AlarmStatus {
            code: alarm.code.to_owned(),
            subject: alarm.subject,
            message_zh: alarm.zh,
            message_en: alarm.en,
            since: alarm.since.to_string(),
        });
        board.chain(certificates).chain(self.disk_full()).collect()
    }

    fn disk_full(&self) -> Option<v1::AlarmStatus> {
        let since = self.reader.full_since()?;
        Some(v1::AlarmStatus {
            code: "disk-full".to_owned(),
            subject: "ledger".to_owned(),
            message_zh: "磁盘已满，暂不受理提交；复制继续使用预留空间，请清理磁盘".to_owned(),
            message_en: "the disk is full, submissions are refused; links go on within the reserve; free space".to_owned(),
            since: since.to_string(),
        })
    }
}

fn link(view: &LinkView) -> v1::LinkStatus {
    v1::LinkStatus {
        peer: view.peer.to_string(),
        state: view.state.as_str().to_owned(),
        lag_entries: view.lag_entries,
        lag_seconds: seconds(view.lag),
        oldest_unacknowledged_seconds: seconds(view.oldest_unacknowledged),
        reason: view.reason.clone(),
    }
}

/// Tenths are enough for people and steady enough for scripts.
fn seconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10.0).round() / 10.0
}

/// Resident memory of this process in MiB, as the kernel says; 0 where it does not.
fn resident_mb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}
