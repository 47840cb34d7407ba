//! `hallway rule`, `handover`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use record::{Date, HallId, RecordId};

use super::HallArgs;

/// Decide about a record of another hall: withdraw it, suspend it, end its publication.
///
/// 裁定：对其他厅的记录作出撤销、中止执行或停止公示（信用修复）的裁定，或终止一项裁定。
///
/// The hall that is asked needs the power `rule` in the directory. A ruling stands until the same hall ends
/// it; several rulings about one record add up. Needs an operator's certificate.
#[derive(Debug, Args)]
#[command(after_long_help = RULE)]
pub struct Rule {
    /// The record's id (记录编号).
    pub record: RecordId,
    /// Which hall, and as whom.
    #[command(flatten)]
    pub hall: HallArgs,
    /// What the ruling does to the record (效力).
    #[arg(long, value_enum, required_unless_present = "end")]
    pub effect: Option<Effect>,
    /// Why (理由).
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Legal basis (法律依据).
    #[arg(long, value_name = "TEXT", required_unless_present = "end")]
    pub basis: Option<String>,
    /// Document number of the ruling (裁定文书号).
    #[arg(long, value_name = "NUMBER", default_value = "")]
    pub document: String,
    /// Name of the authority that rules; otherwise the hall's (裁定机关).
    #[arg(long, value_name = "NAME", default_value = "")]
    pub authority: String,
    /// Its unified social credit code (裁定机关代码).
    #[arg(long, value_name = "CODE", default_value = "")]
    pub authority_code: String,
    /// From which day it holds, today or earlier; otherwise today (生效日期).
    #[arg(long, value_name = "DATE")]
    pub from: Option<Date>,
    /// The hall that accepted the record's original; otherwise it is looked for (受理厅).
    #[arg(long, value_name = "HALL")]
    pub origin: Option<HallId>,
    /// End this ruling instead of making one (终止裁定).
    #[arg(long, value_name = "RULING", conflicts_with_all = ["effect", "from", "origin"])]
    pub end: Option<RecordId>,
}

const RULE: &str = "\
Examples (示例):
  hallway rule 01k9d3v5m2q8r7t6y5w4x3z2a1 --hall 220000 --effect unpublished --reason 信用修复 --basis 信用修复管理办法
  hallway rule 01k9d3v5m2q8r7t6y5w4x3z2a1 --hall 220000 --end 01k9e0q2m2q8r7t6y5w4x3z2b7 --reason 裁定有误";

/// What a ruling does to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Effect {
    /// 撤销.
    Withdrawn,
    /// 中止执行.
    Suspended,
    /// 停止公示.
    Unpublished,
}

/// Make another hall the steward of records.
///
/// 移交：此后由新的厅修订这些记录，原厅不再修订。
///
/// A hall hands over its own records, with the power `hand-over` in the directory; the root hall hands over
/// those of a closed hall. Records stay where they are. Needs an operator's certificate.
#[derive(Debug, Args)]
#[command(after_long_help = HANDOVER)]
pub struct Handover {
    /// Which hall, and as whom.
    #[command(flatten)]
    pub hall: HallArgs,
    /// The new steward (新主责厅).
    #[arg(long, value_name = "HALL")]
    pub to: HallId,
    /// The closed hall whose records they are, at the root hall; otherwise the hall that is asked (原主责厅).
    #[arg(long, value_name = "HALL")]
    pub from: Option<HallId>,
    /// A record; may be repeated; otherwise all (记录编号).
    #[arg(long = "record", value_name = "RECORD")]
    pub records: Vec<RecordId>,
    /// A file of record ids, one a line (记录编号文件).
    #[arg(long, value_name = "FILE", conflicts_with = "records")]
    pub records_file: Option<PathBuf>,
    /// Why (理由).
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

const HANDOVER: &str = "\
Examples (示例):
  hallway handover --hall 220381 --to 220184 --reason 区划调整
  hallway handover --hall 220000 --from 220381 --to 220184 --record 01k9d3v5m2q8r7t6y5w4x3z2a1 --reason 撤并";
