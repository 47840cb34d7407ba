//! `hallway import`, `mapping`, `quarantine`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use record::Profile;

use super::HallArgs;

/// Import the rows of a file into a hall; each row is answered.
///
/// 导入文件：逐行核验，合规的入库，不合规的转待处理并逐行说明原因与改法。
///
/// CSV (UTF-8 or GB18030, found out and said), XLSX, old XLS and JSON Lines. A mapping says which column
/// is which field. Each row is in exactly one of `imported`, `revised`, `unchanged`, `quarantined`;
/// importing a file again changes nothing. The report lists the rows that wait, in their own columns with
/// the reasons beside them: mend the cells and import the report.
#[derive(Debug, Args)]
#[command(after_long_help = IMPORT)]
pub struct Import {
    /// The file (文件).
    #[arg(required_unless_present = "list")]
    pub file: Option<PathBuf>,
    /// A built-in mapping or a TOML file; without it, the built-in one that is made for the columns (映射).
    #[arg(long, value_name = "NAME|FILE")]
    pub mapping: Option<String>,
    /// cn-2.1, cn-legacy or generic; without it, the mapping's (校验方案).
    #[arg(long)]
    pub profile: Option<Profile>,
    /// Judge every row and send none (试运行).
    #[arg(long)]
    pub dry_run: bool,
    /// Correct a known record by a row that says something new of it; else the row waits (更正已有记录).
    #[arg(long)]
    pub revise: bool,
    /// Write the rows that wait to this file, .xlsx, .csv or .jsonl (逐行报告).
    #[arg(long, value_name = "OUT")]
    pub report: Option<PathBuf>,
    /// List the built-in mappings (列出映射).
    #[arg(long, exclusive = true)]
    pub list: bool,
    /// The hall's data directory (数据目录).
    #[arg(long, value_name = "DIR", required_unless_present_any = ["list", "dry_run"])]
    pub hall: Option<PathBuf>,
    /// Another certificate than the one in DIR/certs (证书).
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// Its private key (私钥).
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub key: Option<PathBuf>,
}

const IMPORT: &str = "\
Examples (示例):
  hallway import --list
  hallway import permits.xlsx --mapping permit-v2.1 --hall 220100 --report failed.xlsx
  hallway import failed.xlsx --mapping permit-v2.1 --hall 220100
  hallway import old.csv --mapping permit-v1 --profile cn-legacy --dry-run --json";

/// Propose how a file's columns become fields.
///
/// 映射：说明文件的列对应哪些字段。
#[derive(Debug, Args)]
#[command(after_long_help = MAPPING)]
pub struct Mapping {
    /// What to do.
    #[command(subcommand)]
    pub command: MappingCommand,
}

const MAPPING: &str = "\
Examples (示例):
  hallway mapping suggest export.csv --out mine.toml
  hallway mapping suggest export.csv --json";

/// What to do with mappings.
#[derive(Debug, Subcommand)]
pub enum MappingCommand {
    /// Propose a mapping for a file by the names of its columns (建议映射).
    Suggest {
        /// The file (文件).
        file: PathBuf,
        /// Write the proposal here instead of showing it (输出文件).
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// Decide about rows that wait for a person.
///
/// 待处理：导入时不合规的行在此等待改正、放行或丢弃，每次处理须写明理由。
#[derive(Debug, Args)]
#[command(after_long_help = QUARANTINE)]
pub struct Quarantine {
    /// What to do.
    #[command(subcommand)]
    pub command: QuarantineCommand,
}

const QUARANTINE: &str = "\
Examples (示例):
  hallway quarantine list --hall 220100
  hallway quarantine show 01JD… --hall 220100
  hallway quarantine correct 01JD… --set decision_date=2026-03-02 --reason 补录日期 --hall 220100
  hallway quarantine drop 01JD… --reason 草稿 --hall 220100";

/// What to do with items.
#[derive(Debug, Subcommand)]
pub enum QuarantineCommand {
    /// List what waits, oldest first (列出).
    List {
        /// Which hall, and as whom.
        #[command(flatten)]
        hall: HallArgs,
        /// Only items with this code (违规代码).
        #[arg(long, default_value = "")]
        code: String,
        /// The item after which to go on (续接位置).
        #[arg(long, value_name = "ITEM", default_value = "")]
        after: String,
        /// At most so many, up to 1000 (条数上限).
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Show one item: its fields, why it waits, what was decided (查看).
    Show {
        /// The item (待处理项).
        item: String,
        /// Which hall, and as whom.
        #[command(flatten)]
        hall: HallArgs,
    },
    /// Correct fields and enter the row (改正).
    Correct {
        /// The item (待处理项).
        item: String,
        /// A field and what it says now; an empty text empties it (字段=内容).
        #[arg(long = "set", value_name = "FIELD=TEXT", required = true)]
        set: Vec<String>,
        /// Why (理由).
        #[arg(long)]
        reason: String,
        /// Which hall, and as whom.
        #[command(flatten)]
        hall: HallArgs,
    },
    /// Enter the row as it is, with marks (放行).
    Release {
        /// The item (待处理项).
        item: String,
        /// Why (理由).
        #[arg(long)]
        reason: String,
        /// Which hall, and as whom.
        #[command(flatten)]
        hall: HallArgs,
    },
    /// Do not enter the row (丢弃).
    Drop {
        /// The item (待处理项).
        item: String,
        /// Why (理由).
        #[arg(long)]
        reason: String,
        /// Which hall, and as whom.
        #[command(flatten)]
        hall: HallArgs,
    },
}
