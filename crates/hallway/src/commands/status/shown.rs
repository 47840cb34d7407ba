//! The status as it is shown: the keys of the JSON are a contract, the text is for people.

use serde::Serialize;
use wire::v1;

use crate::output::table;

/// The answer of `status`.
#[derive(Debug, Serialize)]
pub struct Shown {
    hall: String,
    pid: u32,
    rss_mb: u64,
    version: String,
    ledgers: Vec<Ledger>,
    links: Vec<Link>,
    receipts: Vec<Receipt>,
    parked: Vec<Parked>,
    refusals: Vec<Refusal>,
    alarms: Vec<Alarm>,
}

#[derive(Debug, Serialize)]
struct Ledger {
    name: String,
    size: u64,
    stubs: u64,
    wanted: u64,
    state: String,
    seal_age_seconds: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    retained: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Link {
    peer: String,
    state: String,
    lag_entries: u64,
    lag_seconds: f64,
    oldest_unacked_seconds: f64,
    reason: String,
}

#[derive(Debug, Serialize)]
struct Receipt {
    holder: String,
    ledger: String,
    size: u64,
    age_seconds: u64,
}

#[derive(Debug, Serialize)]
struct Parked {
    peer: String,
    ledger: String,
    reason: String,
}

#[derive(Debug, Serialize)]
struct Refusal {
    peer: String,
    reason: String,
    at: String,
    face: String,
}

#[derive(Debug, Serialize)]
struct Alarm {
    code: String,
    subject: String,
    message_zh: String,
    message_en: String,
    since: String,
}

impl Shown {
    /// What a hall answered.
    pub fn of(status: v1::StatusResponse) -> Self {
        Self {
            hall: status.hall,
            pid: status.pid,
            rss_mb: status.rss_mb,
            version: status.version,
            ledgers: status.ledgers.into_iter().map(ledger).collect(),
            links: status.links.into_iter().map(link).collect(),
            receipts: status.receipts.into_iter().map(receipt).collect(),
            parked: status.parked.into_iter().map(parked).collect(),
            refusals: status.refusals.into_iter().map(refusal).collect(),
            alarms: status.alarms.into_iter().map(alarm).collect(),
        }
    }

    /// Tables in both languages; those without rows are left out.
    pub fn to_text(&self) -> String {
        let Self { hall, pid, rss_mb, version, .. } = self;
        let head = format!("厅 {hall} · hall {hall}  pid {pid}  {rss_mb} MiB  hallway {version}");
        let blocks = [
            self.links(),
            self.ledgers(),
            self.receipts(),
            self.parked(),
            self.refusals(),
            self.alarms(),
        ];
        let blocks = blocks.into_iter().flatten();
        std::iter::once(head).chain(blocks).collect::<Vec<_>>().join("\n\n")
    }

    fn links(&self) -> Option<String> {
        let headings =
            ["链路 link", "状态 state", "未达 lag", "落后秒 lag s", "未确认秒 unacked s", ""];
        block(&headings, &self.links, |one| {
            vec![
                one.peer.clone(),
                one.state.clone(),
                one.lag_entries.to_string(),
                format!("{:.1}", one.lag_seconds),
                format!("{:.1}", one.oldest_unacked_seconds),
                one.reason.clone(),
            ]
        })
    }

    fn ledgers(&self) -> Option<String> {
        let mut headings = vec!["账本 ledger", "条数 size", "存根 stubs", "索取 wanted"];
        headings.extend(self.counted().then_some("保留 retained"));
        headings.push("状态 state");
        block(&headings, &self.ledgers, |one| {
            let Ledger { name, size, stubs, wanted, state, retained, .. } = one;
            let mut cells = vec![name.clone()];
            cells.extend([size, stubs, wanted].map(u64::to_string));
            cells.extend(retained.map(|count| count.to_string()));
            cells.push(state.clone());
            cells
        })
    }

    /// Whether what is retained was counted.
    fn counted(&self) -> bool {
        self.ledgers.iter().any(|one| one.retained.is_some())
    }

    fn receipts(&self) -> Option<String> {
        let headings = ["签收 receipt by", "账本 ledger", "条数 size", "秒前 age s"];
        block(&headings, &self.receipts, |one| {
            let Receipt { holder, ledger, size, age_seconds } = one;
            vec![holder.clone(), ledger.clone(), size.to_string(), age_seconds.to_string()]
        })
    }

    fn parked(&self) -> Option<String> {
        block(&["挂起 parked from", "账本 ledger", "原因 reason"], &self.parked, |one| {
            vec![one.peer.clone(), one.ledger.clone(), one.reason.clone()]
        })
    }

    fn refusals(&self) -> Option<String> {
        let headings = ["拒绝 refused", "原因 reason", "时间 at", "入口 face"];
        block(&headings, &self.refusals, |one| {
            vec![one.peer.clone(), one.reason.clone(), one.at.clone(), one.face.clone()]
        })
    }

    fn alarms(&self) -> Option<String> {
        block(&["告警 alarm", "对象 subject", "自 since", ""], &self.alarms, |one| {
            let words = format!("{} · {}", one.message_zh, one.message_en);
            vec![one.code.clone(), one.subject.clone(), one.since.clone(), words]
        })
    }
}

fn block<T>(headings: &[&str], rows: &[T], cells: impl Fn(&T) -> Vec<String>) -> Option<String> {
    let rows: Vec<Vec<String>> = rows.iter().map(cells).collect();
    (!rows.is_empty()).then(|| table(headings, &rows))
}

fn ledger(one: v1::LedgerStatus) -> Ledger {
    let v1::LedgerStatus { name, size, stubs, wanted, state, seal_age_seconds, retained } = one;
    Ledger { name, size, stubs, wanted, state, seal_age_seconds, retained }
}

fn link(one: v1::LinkStatus) -> Link {
    let v1::LinkStatus { peer, state, lag_entries, lag_seconds, reason, .. } = one;
    let oldest_unacked_seconds = one.oldest_unacknowledged_seconds;
    Link { peer, state, lag_entries, lag_seconds, oldest_unacked_seconds, reason }
}

fn receipt(one: v1::ReceiptStatus) -> Receipt {
    let v1::ReceiptStatus { holder, ledger, size, age_seconds } = one;
    Receipt { holder, ledger, size, age_seconds }
}

fn parked(one: v1::ParkedStatus) -> Parked {
    let v1::ParkedStatus { peer, ledger, reason } = one;
    Parked { peer, ledger, reason }
}

fn refusal(one: v1::RefusalStatus) -> Refusal {
    let v1::RefusalStatus { peer, reason, at, face } = one;
    Refusal { peer, reason, at, face }
}

fn alarm(one: v1::AlarmStatus) -> Alarm {
    let v1::AlarmStatus { code, subject, message_zh, message_en, since } = one;
    Alarm { code, subject, message_zh, message_en, since }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contract with scripts: these keys, in this shape.
    #[test]
    fn json_has_the_keys_that_scripts_rely_on() {
        let shown = Shown::of(v1::StatusResponse {
            hall: "220100".to_owned(),
            ledgers: vec![v1::LedgerStatus::default()],
            links: vec![v1::LinkStatus {
                oldest_unacknowledged_seconds: 1.5,
                ..v1::LinkStatus::default()
            }],
            ..v1::StatusResponse::default()
        });
        let json = serde_json::to_value(&shown).unwrap();
        for key in "hall pid rss_mb ledgers links receipts parked refusals alarms".split(' ') {
            assert!(json.get(key).is_some(), "{key}");
        }
        for key in ["name", "size", "stubs", "state"] {
            assert!(json["ledgers"][0].get(key).is_some(), "{key}");
        }
        for key in ["peer", "state", "lag_entries", "lag_seconds"] {
            assert!(json["links"][0].get(key).is_some(), "{key}");
        }
        assert_eq!(json["links"][0]["oldest_unacked_seconds"], 1.5);
        assert!(shown.to_text().contains("账本 ledger"));
        assert!(!shown.to_text().contains("alarm"), "empty tables are left out");
    }
}
