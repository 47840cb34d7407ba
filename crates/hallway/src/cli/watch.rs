//! `hallway serve`, `check`, `status`.

use std::path::PathBuf;

use clap::Args;

use super::HallArgs;

/// Run a hall until it is told to stop.
///
/// 运行大厅；SIGTERM 有序退出，SIGHUP 重读证书。
///
/// With --json the first line of stdout says, once it serves: hall, pid, grpc, link. Logs go to stderr.
/// A kill at any moment costs nothing that was acknowledged.
#[derive(Debug, Args)]
#[command(after_long_help = SERVE)]
pub struct Serve {
    /// The hall's data directory (数据目录).
    #[arg(long, value_name = "DIR")]
    pub hall: PathBuf,
}

const SERVE: &str = "\
Examples (示例):
  hallway serve --hall 220100
  HALLWAY_LINK__LISTEN=127.0.0.1:9000 hallway serve --hall 220100 --log info,link=debug";

/// Show the effective configuration, or what is wrong with it, line by line.
///
/// 检查配置：输出最终生效的配置；有误时指出行号与改法。密钥只显示路径与指纹。
#[derive(Debug, Args)]
#[command(after_long_help = CHECK)]
pub struct Check {
    /// The hall's data directory (数据目录).
    #[arg(long, value_name = "DIR")]
    pub hall: PathBuf,
}

const CHECK: &str = "\
Examples (示例):
  hallway check --hall 220100
  HALLWAY_LOG__FORMAT=json hallway check --hall 220100";

/// Show what a hall holds: ledgers, links, receipts, alarms.
///
/// 查看大厅状态：账本、链路、签收、挂起、拒绝与告警。
///
/// With --wait it asks until every link is live, nothing is left to send and no part is wanted; exit 1
/// when the time is over before.
#[derive(Debug, Args)]
#[command(after_long_help = STATUS)]
pub struct Status {
    /// Which hall, and as whom.
    #[command(flatten)]
    pub hall: HallArgs,
    /// Wait until links are live and level, at most this long (等待秒数).
    #[arg(long, value_name = "SECONDS")]
    pub wait: Option<u64>,
    /// Print the metrics in the Prometheus text format instead (输出指标).
    #[arg(long, conflicts_with = "wait")]
    pub metrics: bool,
    /// Count what is held since before a right was narrowed; looks at every entry (统计保留条目).
    #[arg(long, conflicts_with = "metrics")]
    pub retained: bool,
}

const STATUS: &str = "\
Examples (示例):
  hallway status --hall 220100
  hallway status --hall 220100 --wait 60
  hallway status --hall 220100 --json | jq .links";
