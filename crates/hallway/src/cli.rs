//! The command line: every command, option and example. Nothing is done here.
//!
//! Help is written for somebody who has never seen the program: what a command is for, in English
//! with a line of Chinese, and examples that work as they stand. `--json` is everywhere and means the
//! same everywhere.

mod ca;
mod demo;
mod directory;
mod exchange;
mod export;
mod import;
mod init;
mod proof;
mod rule;
mod values;
mod watch;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use ca::{Ca, CaCommand, CaCrl, CaIssue, CaRevoke, Kind};
pub use demo::Demo;
pub use directory::{Admit, Directory, DirectoryCommand, SetAudience, State};
pub use exchange::{As, Follow, Generate, Submit};
pub use export::{Export, FileFormat, Show};
pub use import::{Import, Mapping, MappingCommand, Quarantine, QuarantineCommand};
pub use init::Init;
pub use proof::{Prove, Verify};
pub use rule::{Effect, Handover, Rule};
pub use values::{Deadline, Id};
pub use watch::{Check, Serve, Status};

use crate::client::{Access, Role};

/// Hallway exchanges records between government service halls and proves that it did.
///
/// 贯通：政务服务大厅之间的数据交换网关，可断线、可核验。
///
/// One process beside each hall's systems. What a hall has acknowledged survives kill and power cut,
/// reaches every hall entitled to it once and unchanged, and anyone can prove it.
#[derive(Debug, Parser)]
#[command(name = "hallway", version, after_long_help = EXAMPLES, max_term_width = 110)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// One JSON object on the last line of stdout, everything else on stderr (输出 JSON).
    #[arg(long, global = true)]
    pub json: bool,
    /// Which events are logged to stderr, such as `info` or `warn,link=debug`; for `serve` the default
    /// is what hallway.toml says (日志过滤).
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
}

const EXAMPLES: &str = "\
Examples (示例):
  hallway demo                     # seven halls, cut lines, a check from outside
  hallway init province --dev      # a hall to try things with
  hallway serve --hall province
  hallway status --hall province

Exit codes (退出码):
  0 it holds · 1 it ran, the answer is no · 2 usage or configuration
  3 unreachable · 4 refused · 5 corrupt";

/// A command.
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "a doc comment would replace the long help of what it holds")]
pub enum Command {
    #[command(about = "Play the main job: seven halls of Jilin, on this machine (演示)")]
    Demo(Demo),
    #[command(about = "Make a hall's data directory: keys, configuration, certificates (建立大厅)")]
    Init(Init),
    #[command(about = "Run a hall (运行大厅)")]
    Serve(Serve),
    #[command(about = "Show the effective configuration, or what is wrong with it (检查配置)")]
    Check(Check),
    #[command(about = "Issue and revoke development certificates (开发用证书)")]
    Ca(Ca),
    #[command(about = "Write invented, valid records to a file (生成示例数据)")]
    Generate(Generate),
    #[command(about = "Submit records from a file to a hall (提交)")]
    Submit(Submit),
    #[command(about = "Import the rows of a CSV, XLSX, XLS or JSON Lines file (导入)")]
    Import(Import),
    #[command(about = "Propose how a file's columns become fields (映射)")]
    Mapping(Mapping),
    #[command(about = "Decide about rows that wait for a person (待处理)")]
    Quarantine(Quarantine),
    #[command(about = "Write a hall's records to a file (导出)")]
    Export(Export),
    #[command(about = "Follow what reaches a hall (订阅)")]
    Follow(Follow),
    #[command(about = "Show what a hall holds, its links, alarms (状态)")]
    Status(Status),
    #[command(about = "Collect everything that proves one record (出具证明)")]
    Prove(Prove),
    #[command(about = "Verify a proof or a whole data directory, offline (核验)")]
    Verify(Verify),
    #[command(about = "Show and change who is a hall and who may have what (目录与受众)")]
    Directory(Directory),
    #[command(about = "Decide about a record: withdraw, suspend, end its publication (裁定)")]
    Rule(Rule),
    #[command(about = "Make another hall the steward of records (移交)")]
    Handover(Handover),
    #[command(about = "Judge an identifier, such as a credit code (核对标识)")]
    Id(Id),
    #[command(about = "Tell when a period of working days ends (计算期限)")]
    Deadline(Deadline),
}

/// Which hall is asked.
#[derive(Clone, Debug, Args)]
pub struct HallArgs {
    /// The hall's data directory; address, roots and certificate are found there (数据目录).
    #[arg(long, value_name = "DIR")]
    pub hall: PathBuf,
    /// Another certificate than the one in DIR/certs (证书).
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// Its private key; without it the certificate's name with the ending .key (私钥).
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub key: Option<PathBuf>,
}

impl HallArgs {
    /// How the hall is dialled.
    pub fn access(&self, role: Role) -> Access {
        let Self { hall, certificate, key } = self.clone();
        Access { hall, role, certificate, key }
    }
}

#[cfg(test)]
mod tests;
