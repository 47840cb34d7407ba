//! `hallway prove`, `verify`.

use std::path::PathBuf;

use clap::Args;

use super::HallArgs;

/// Collect everything that proves one record, in one file that others verify offline.
///
/// 出具证明：部分与盐、相关法令、包含证明、封印、签收和带日期的状态说明，集于一个文件。
#[derive(Debug, Args)]
#[command(after_long_help = PROVE)]
pub struct Prove {
    /// The record's id (记录编号).
    pub record: String,
    /// Which hall, and as whom.
    #[command(flatten)]
    pub hall: HallArgs,
    /// The file to write; otherwise RECORD.proof.json (输出文件).
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

const PROVE: &str = "\
Examples (示例):
  hallway prove 01k9d3v5m2q8r7t6y5w4x3z2a1 --hall 220000 --out proof.json";

/// Verify a proof or a whole data directory, offline.
///
/// 离线核验一份证明或整个数据目录：不需要网络，也不需要大厅在运行。
///
/// A directory is read byte by byte. The answer says what holds, and for each problem file, offset,
/// ledger, index and what. Exit 5 when stored bytes are damaged, 1 when something else does not hold.
#[derive(Debug, Args)]
#[command(after_long_help = VERIFY)]
pub struct Verify {
    /// A data directory, or a file made by `prove` (目录或文件).
    #[arg(value_name = "DIR|FILE")]
    pub path: PathBuf,
    /// The root hall's first log key, a C2SP verifier key; otherwise what the directory or file says (根厅公钥).
    #[arg(long, value_name = "KEY")]
    pub root_key: Option<String>,
}

const VERIFY: &str = "\
Examples (示例):
  hallway verify proof.json --root-key jilin.example/hallway/220000+1a2b3c4d+AW…
  hallway verify 220100 --json";
