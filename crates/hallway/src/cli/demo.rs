//! `hallway demo`.

use std::path::PathBuf;

use clap::Args;

/// Play the main job: seven halls of Jilin, on this machine, in under a minute.
///
/// 演示主业：吉林省七个大厅，断线、杀进程、迟到的授权，最后逐条核对。
///
/// A province, two prefectures, four counties and a link across, each its own process with real
/// certificates. Records are submitted at once, a link is cut, a prefecture killed, records corrected
/// and withdrawn while a hall is away, an audience widened late. Then every hall's ledger is checked
/// from outside.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Demo {
    /// Records to submit (记录数).
    #[arg(long, default_value_t = 5_000)]
    pub records: usize,
    /// The same seed gives the same records (种子).
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Leave the halls running, with their addresses and what to try next (保持运行).
    #[arg(long)]
    pub stay: bool,
    /// Leave the data in DIR, one directory a hall (保留数据).
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples (示例):
  hallway demo
  hallway demo --records 20000 --seed 7 --json
  hallway demo --stay --keep halls";
