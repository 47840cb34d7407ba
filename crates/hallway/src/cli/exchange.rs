//! `hallway generate`, `submit`, `follow`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use record::Kind;

use super::{FileFormat, HallArgs};
use crate::client::Role;

/// Write invented, valid records to a file: submissions one a line, or rows of a table to import.
///
/// 生成虚构而合规的记录，供试用与演练；同一种子总得到同样的内容。
///
/// JSON Lines hold submissions for `hallway submit`. CSV and XLSX hold the standard's columns in
/// Chinese, then ours, for `hallway import`.
#[derive(Debug, Args)]
#[command(after_long_help = GENERATE)]
pub struct Generate {
    /// permit, penalty, case, material, item or power-list (类别).
    #[arg(long)]
    pub kind: Kind,
    /// How many (行数).
    #[arg(long)]
    pub rows: usize,
    /// The same seed gives the same records (种子).
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Only records of this hall's authorities, a seat of Jilin such as 220102 (机关所在厅).
    #[arg(long, value_name = "HALL")]
    pub seat: Option<String>,
    /// csv, xlsx or jsonl; otherwise what the file's name says (格式).
    #[arg(long, value_enum)]
    pub format: Option<FileFormat>,
    /// The file to write (输出文件).
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

const GENERATE: &str = "\
Examples (示例):
  hallway generate --kind permit --rows 200 --seed 1 --out permits.jsonl
  hallway generate --kind penalty --rows 50 --seat 220102 --out penalties.jsonl
  hallway generate --kind permit --rows 1000 --format csv --out permits.csv";

/// Submit records from a file to a hall, each acknowledged once it is on the hall's disk.
///
/// 提交记录：每条落盘后单独回执；被拒绝的行逐条列出原因与改法。
///
/// The file holds JSON Lines, each a `hallway.v1.Submission` in proto3 JSON. A line without a message
/// id gets one made from its content, so submitting a file again repeats nothing. `acknowledged` counts
/// what is new, `repeated` what the hall had acknowledged before, `refused` what it did not take; the
/// exit code is 4 when anything was refused.
#[derive(Debug, Args)]
#[command(after_long_help = SUBMIT)]
pub struct Submit {
    /// The file, or - for standard input (文件).
    pub file: PathBuf,
    /// Which hall, and as whom.
    #[command(flatten)]
    pub hall: HallArgs,
    /// Over one stream, 64 records a message; this is the default (流式).
    #[arg(long)]
    pub stream: bool,
    /// With one call after the other instead, each answered before the next (逐批).
    #[arg(long, conflicts_with = "stream")]
    pub unary: bool,
}

const SUBMIT: &str = "\
Examples (示例):
  hallway submit permits.jsonl --hall 220100
  hallway submit permits.jsonl --hall 220100 --json
  zcat rows.jsonl.gz | hallway submit - --hall 220100 --certificate certs/window-3.pem";

/// Follow what reaches a hall: one entry a line, at least once.
///
/// 订阅到达本厅的记录，每行一条 JSON；断开后用 resume token 续接。
///
/// Each line is a `hallway.v1.FollowResponse`. Its resume token continues after it; ledger and index
/// tell a repetition. Without --until-now it goes on until interrupted.
#[derive(Debug, Args)]
#[command(after_long_help = FOLLOW)]
pub struct Follow {
    /// Which hall, and as whom.
    #[command(flatten)]
    pub hall: HallArgs,
    /// Resume token of the last line taken; otherwise from the beginning (续接位置).
    #[arg(long, value_name = "TOKEN", default_value = "")]
    pub from: String,
    /// End at the present end (到当前为止).
    #[arg(long)]
    pub until_now: bool,
    /// Kinds wanted, separated by commas; otherwise all but acts (类别).
    #[arg(long, value_delimiter = ',', value_name = "KINDS")]
    pub kinds: Vec<Kind>,
    /// End after this many lines (条数上限).
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// Whose certificate of the data directory is shown (身份).
    #[arg(long = "as", value_enum, default_value_t = As::System)]
    pub role: As,
}

const FOLLOW: &str = "\
Examples (示例):
  hallway follow --hall 220000 --until-now
  hallway follow --hall 220000 --kinds permit,penalty --from \"$TOKEN\"
  hallway follow --hall 220000 --as department --limit 10";

/// Whose certificate is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum As {
    /// A system of the hall (业务系统).
    System,
    /// A department (部门).
    Department,
    /// An operator (运维人员).
    Operator,
}

impl From<As> for Role {
    fn from(role: As) -> Self {
        match role {
            As::System => Self::System,
            As::Department => Self::Department,
            As::Operator => Self::Operator,
        }
    }
}
