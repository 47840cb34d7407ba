//! What the register and the door answered, said to a submitter.

use ledger::{Outcome, Refusal};
use record::{Class, LedgerName, RecordId};
use wire::status::{Advice, Failure};
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
        marks: Vec::new(),
        born: None,
    }
}

/// Why an entry was not taken, for outcomes that are not an acknowledgement.
pub(crate) fn failure(outcome: &Outcome) -> Failure {
    match outcome {
        Outcome::OtherBytes { ledger, index } => Failure::new(
            Class::Exists,
            "message-id-taken",
            "this message id was used before with other content",
        )
        .in_chinese("该报文编号已用于其他内容")
        .with("ledger", ledger.to_string())
        .with("index", index.to_string())
        .advised(MESSAGE_ID),
        Outcome::Stale { latest } => stale(*latest),
        Outcome::UnknownRecord => Failure::new(
            Class::Precondition,
            "record-unknown",
            "head.revises.record_id names no record of this hall",
        )
        .in_chinese("本厅没有该记录")
        .advised(STEWARD),
        Outcome::NaturalKeyTaken { ledger, index } => Failure::new(
            Class::Exists,
            "natural-key-taken",
            "another original has this authority, kind, document number and party",
        )
        .in_chinese("已有相同机关、类别、文书号和相对人的记录")
        .with("ledger", ledger.to_string())
        .with("index", index.to_string())
        .advised(NATURAL_KEY),
        Outcome::Refused(Refusal::NoSpace) => Failure::new(
            Class::Exhausted,
            "disk-full",
            "the disk of this hall is full up to its reserve",
        )
        .in_chinese("本厅磁盘已满")
        .advised(DISK),
        Outcome::Refused(Refusal::Damaged) => Failure::new(
            Class::Unavailable,
            "ledger-damaged",
            "the ledger of this hall is damaged and takes nothing new",
        )
        .in_chinese("本厅账本已损坏，暂不受理")
        .advised(LEDGER),
        Outcome::WrongGeneration => generation_changed(),
        Outcome::Behind(why) => failure(why),
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

fn generation_changed() -> Failure {
    Failure::new(
        Class::Unavailable,
        "generation-changed",
        "the ledger went on in a new generation meanwhile; submit again",
    )
}

/// A revision of what is not the latest.
pub(crate) fn stale(latest: u32) -> Failure {
    Failure::new(
        Class::Precondition,
        "revision-stale",
        format!("the revision named is not the latest, which is {latest}"),
    )
    .in_chinese(format!("所修订的版本不是最新版本（最新为 {latest}）"))
    .with("latest", latest.to_string())
    .advised(REVISION)
}

const HEAD: &str = "hallway.v1 报文首部 (head)";
const ONE_DOOR: &str = "hallway.v1 账本受理 (the hall's ledger)";

const MESSAGE_ID: Advice = Advice {
    field: "head.message_id",
    rule: HEAD,
    remedy: ["新报文请使用新的编号", "use a new id for a new message"],
};
const REVISION: Advice = Advice {
    field: "head.revises.revision",
    rule: HEAD,
    remedy: ["请读取最新版本，基于它修订", "read the latest revision and revise that"],
};
const STEWARD: Advice = Advice {
    field: "head.revises.record_id",
    rule: HEAD,
    remedy: [
        "请向受理该记录的厅提交修订",
        "submit the revision to the hall that accepted the record",
    ],
};
const NATURAL_KEY: Advice = Advice {
    field: "head.natural_key.ordinal",
    rule: HEAD,
    remedy: [
        "确为另一事实时请填写序号 ordinal；同一事实请以修订提交",
        "set the ordinal if it is a different fact; submit a revision if it is the same one",
    ],
};
const DISK: Advice = Advice {
    field: "",
    rule: ONE_DOOR,
    remedy: ["请运维人员清理磁盘后重新提交", "free space on the disk and submit again"],
};
const LEDGER: Advice = Advice {
    field: "",
    rule: ONE_DOOR,
    remedy: ["请运维人员执行 hallway verify", "run `hallway verify`"],
};

/// The entry that was there first, when that is why something was refused.
pub(crate) fn taken_by(failure: &Failure) -> Option<(LedgerName, u64)> {
    let ledger = failure.value("ledger")?.parse().ok()?;
    let index = failure.value("index")?.parse().ok()?;
    Some((ledger, index))
}
