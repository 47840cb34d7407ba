//! What each action comes down to. One match, no decisions, no waiting.

use ledger::Disk;
use outbox::{KeptReceipt, Note};
use record::{HallId, LedgerName};
use telemetry::{Alarm, metric};
use tokio::sync::mpsc::error::TrySendError;
use wire::frame::{Frame, SignedReceipt};

use super::Exchange;
use crate::machine::{Action, AlarmCode, Connection, Event};

impl<D: Disk> Exchange<D> {
    pub(super) fn perform(&mut self, action: Action) {
        match action {
            Action::Dial { peer } => self.dial(peer),
            Action::Send { connection, frame, peer } => self.send(&peer, connection, frame),
            Action::Close { peer, connection, reason } => {
                tracing::info!(%peer, reason, "connection closed");
                // The pump sends what the line still holds, then ends.
                self.lines.remove(&connection);
            }
            Action::Take { ticket, via, batch } => self.door(via).take(ticket, batch),
            Action::TakeFill { ticket, via, fill } => self.door(via).take_fill(ticket, fill),
            Action::Load { .. }
            | Action::LoadParts { .. }
            | Action::FindLacking { .. }
            | Action::Prove { .. }
            | Action::Examine { .. }
            | Action::MakeReceipt { .. }
            | Action::CheckReceipt { .. } => self.ask_desk(action),
            Action::DeclareFork { fork } => self.declare_fork(*fork),
            Action::KeepReceipt { receipt } => self.keep_receipt(receipt),
            Action::Remember { peer, ledger, size } => {
                self.tools.outbox.note(Note::Durable { peer, ledger, size });
            }
            Action::Alarm { code, subject, detail } => self.raise(code, subject, detail),
            Action::Settle { code, subject } => self.tools.board.settle(code.as_str(), &subject),
        }
    }

    fn send(&mut self, peer: &HallId, connection: Connection, frame: Frame) {
        let Some(line) = self.lines.get(&connection) else { return };
        count(metric::LINK_SENT_BYTES_TOTAL, peer, frame.cost());
        match line.frames.try_send(frame) {
            Ok(()) => return,
            Err(TrySendError::Full(_)) => {
                tracing::warn!(%peer, "peer does not read what it is told");
            }
            // The line has ended, which its pump tells by itself.
            Err(TrySendError::Closed(_)) => {}
        }
        line.stop.cancel();
        self.lines.remove(&connection);
    }

    fn dial(&self, peer: HallId) {
        let (tools, inbox) = (std::sync::Arc::clone(&self.tools), self.inbox.clone());
        self.tasks.spawn(async move { tools.dialler.dial(peer, inbox).await });
    }

    fn keep_receipt(&self, receipt: SignedReceipt) {
        let Ok(read) = ledger::Receipt::parse(&receipt.cosigned_seal, &receipt.holding_note) else {
            return;
        };
        self.tools.outbox.note(Note::Receipt(KeptReceipt {
            holder: receipt.holder,
            ledger: receipt.ledger.clone(),
            size: receipt.size,
            at_ms: read.at.0,
            cosigned_seal: receipt.cosigned_seal,
            holding_note: receipt.holding_note,
        }));
        if self.is_own(&receipt.ledger) {
            let appender = self.tools.appender.clone();
            self.tasks.spawn(async move {
                if let Err(error) = appender.log_receipt(read).await {
                    tracing::warn!(%error, "receipt is not logged");
                }
            });
        }
    }

    fn is_own(&self, ledger: &LedgerName) -> bool {
        *ledger.hall() == self.tools.hall && *ledger.domain() == self.tools.domain
    }

    fn raise(&self, code: AlarmCode, subject: String, detail: String) {
        let what = match code {
            AlarmCode::LinkRefused => "链路被拒绝",
            AlarmCode::LedgerForked => "账本分叉，已冻结",
            AlarmCode::LedgerHeld => "账本挂起，等待操作账本",
            AlarmCode::RelayDamaged => "转发方送来的数据未通过验证",
            AlarmCode::PartsWanted => "应得的内容迟迟未到",
            AlarmCode::ClockApart => "与对方时钟相差超过两分钟",
            AlarmCode::OwnLedgerAhead => "对方持有的本厅账本比本厅更长，本厅可能被回滚",
        };
        self.tools.board.raise(Alarm {
            code: code.as_str(),
            message_zh: format!("{what}：{subject}（{detail}）"),
            message_en: detail,
            subject,
            since: self.now(),
        });
    }

    /// Hands an answer to the machine; a hall that is going down needs none.
    pub(super) fn answer(&self, work: impl Future<Output = Option<Event>> + Send + 'static) {
        let inbox = self.inbox.clone();
        self.tasks.spawn(async move {
            if let Some(event) = work.await {
                let _told = inbox.tell(event).await;
            }
        });
    }
}

/// Counts for a peer; what is zero is not counted.
pub(super) fn count(name: &'static str, peer: &HallId, by: u64) {
    if by > 0 {
        metrics::counter!(name, "peer" => peer.to_string()).increment(by);
    }
}
