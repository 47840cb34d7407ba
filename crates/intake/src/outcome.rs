//! What the register and the door answered, said to a submitter.

use ledger::{Outcome, Refusal};
use record::{Class, LedgerName, RecordId};
use wire::status::Failure;
use wire::v1;

/// An acknowledgement: the record survives kill and power cut of this hall.
pub(crate) fn acknowledgement(
    record: RecordId,
    revision: u32,
    place: (LedgerName, u64),
    repeated_message: bool,
) -> v1::Acknowledgement {
    let (ledger, index) = place;
    v1::Acknowledgement {
        record_id: record.to_string(),
        revision,
        ledger: ledger.to_string(),
        index,
        level: v1::AcknowledgementLevel::Durable.into(),
        repeated_message,
    }
}

/// Why an entry was not taken, for outcomes that are not an acknowledgement.
pub(crate) fn failure(outcome: &Outcome) -> Failure {
    match outcome {
        Outcome::OtherBytes { .. } => Failure::new(
            Class::Exists,
            "message-id-taken",
            "head.message_id was used before with other content; use a new id for a new message",
        )
        .in_chinese("该报文编号已用于其他内容，新报文请使用新的编号"),
        Outcome::Stale { latest } => stale(*latest),
        Outcome::UnknownRecord => Failure::new(
            Class::Precondition,
            "record-unknown",
            "head.revises.record_id names no record of this hall; only the hall that accepted it revises it",
        )
        .in_chinese("本厅没有该记录；只有受理该记录的厅可以修订"),
        Outcome::NaturalKeyTaken { ledger, index } => Failure::new(
            Class::Exists,
            "natural-key-taken",
            "another original has this authority, kind, document number and party; set head.natural_key.ordinal if it is a different fact",
        )
        .in_chinese("已有相同机关、类别、文书号和相对人的记录；确为另一事实时请填写序号 ordinal")
        .with("ledger", ledger.to_string())
        .with("index", index.to_string()),
        Outcome::Refused(Refusal::NoSpace) => Failure::new(
            Class::Exhausted,
            "disk-full",
            "the disk of this hall is full up to its reserve; free space and submit again",
        )
        .in_chinese("本厅磁盘已满，请清理后重新提交"),
        Outcome::Refused(Refusal::Damaged) => Failure::new(
            Class::Unavailable,
            "ledger-damaged",
            "the ledger of this hall is damaged and takes nothing new; see `hallway verify`",
        )
        .in_chinese("本厅账本已损坏，暂不受理，请运维人员执行 hallway verify"),
        Outcome::WrongGeneration => Failure::new(
            Class::Unavailable,
            "generation-changed",
            "the ledger went on in a new generation meanwhile; submit again",
        ),
        Outcome::Refused(_)
        | Outcome::Appended { .. }
        | Outcome::Repeated { .. }
        | Outcome::Extended { .. }
        | Outcome::Gap { .. }
        | Outcome::Diverges { .. }
        | Outcome::Filled { .. }
        | Outcome::Logged
        | Outcome::Rotated { .. }
        | Outcome::Opened { .. } => {
            tracing::error!(?outcome, "unexpected answer of the door");
            Failure::new(Class::Internal, "door-answer", "the ledger gave an unexpected answer")
        }
    }
}

/// A revision of what is not the latest.
pub(crate) fn stale(latest: u32) -> Failure {
    Failure::new(
        Class::Precondition,
        "revision-stale",
        format!(
            "head.revises.revision is not the latest, which is {latest}; read it and revise that"
        ),
    )
    .in_chinese(format!("所修订的版本不是最新版本（最新为 {latest}），请基于最新版本修订"))
    .with("latest", latest.to_string())
}
