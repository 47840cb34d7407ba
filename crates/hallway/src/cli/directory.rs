//! `hallway directory`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use record::HallId;

use super::HallArgs;

/// Show and change who is a hall, which keys count, and who may have what.
///
/// 目录与受众：查看成员、接纳新厅、更换密钥、设定受众。
///
/// The directory is the root hall's acts; only the root hall admits. Audiences and keys are acts of the
/// hall that is asked. All of it needs an operator's certificate.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Directory {
    /// What to do.
    #[command(subcommand)]
    pub command: DirectoryCommand,
}

const EXAMPLES: &str = "\
Examples (示例):
  hallway directory show --hall 220100
  hallway directory admit --hall 220000 --from 220102 --parent 220100
  hallway directory admit --hall 220000 --id 220102 --state closed
  hallway directory admit --hall 220000 --id 220100 --power rule --power hand-over
  hallway directory rotate --hall 220100
  hallway directory audience --hall 220102 --number 7 --title 联合惩戒 --hall-id 220200 --subtree 220100";

/// What to do with the directory.
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "a doc comment would replace the long help of what it holds")]
pub enum DirectoryCommand {
    #[command(about = "Show the members as this hall knows them (查看成员)")]
    Show(HallArgs),
    #[command(
        about = "Admit a hall, or change what the directory says of one; only at the root hall (接纳或变更)"
    )]
    Admit(Admit),
    #[command(
        about = "Change this hall's log key: run once to make the key, have it admitted, run again (更换密钥)"
    )]
    Rotate(HallArgs),
    #[command(about = "Say who is meant by an audience number of this hall (设定受众)")]
    Audience(SetAudience),
}

/// Admit a hall, or change what the directory says of one.
///
/// What is not given stays as the directory has it. A new key is added behind the older ones.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("who").args(["from", "id"]).required(true).multiple(true))]
pub struct Admit {
    /// Which hall, and as whom.
    #[command(flatten)]
    pub hall: HallArgs,
    /// Data directory of the hall to admit; its id, name, endpoint and keys are read there (新厅数据目录).
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// Hall id (厅标识).
    #[arg(long, value_name = "HALL")]
    pub id: Option<HallId>,
    /// Name for people (名称).
    #[arg(long)]
    pub name: Option<String>,
    /// The hall above it (上级厅).
    #[arg(long, value_name = "HALL")]
    pub parent: Option<HallId>,
    /// Its link endpoint, host:port; may be repeated (链路地址).
    #[arg(long = "endpoint", value_name = "ADDRESS")]
    pub endpoints: Vec<String>,
    /// Its division code; may be repeated (行政区划代码).
    #[arg(long = "division", value_name = "CODE")]
    pub divisions: Vec<String>,
    /// A log key to approve, a C2SP verifier key; may be repeated (账本公钥).
    #[arg(long = "log-key", value_name = "KEY")]
    pub log_keys: Vec<String>,
    /// A holder key to approve, a C2SP verifier key; may be repeated (签收公钥).
    #[arg(long = "holder-key", value_name = "KEY")]
    pub holder_keys: Vec<String>,
    /// A power it has, `rule` or `hand-over`; may be repeated; `none` takes all (权限).
    #[arg(long = "power", value_name = "POWER", value_parser = ["rule", "hand-over", "none"])]
    pub powers: Vec<String>,
    /// Whether it takes part (状态).
    #[arg(long, value_enum)]
    pub state: Option<State>,
}

/// Whether a member takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum State {
    /// 在用.
    Active,
    /// 已关闭.
    Closed,
    /// 已吊销.
    Revoked,
}

/// Say who is meant by an audience number of this hall.
///
/// A later audience of the same number replaces an earlier one; entries that carry the number are handed
/// to whom it names now.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("terms").args(["hall_ids", "subtrees", "path_up", "everyone"]).required(true).multiple(true))]
pub struct SetAudience {
    /// Which hall, and as whom.
    #[command(flatten)]
    pub hall: HallArgs,
    /// The number, 1 and above (受众编号).
    #[arg(long)]
    pub number: u32,
    /// Title, for people (名称).
    #[arg(long, default_value = "")]
    pub title: String,
    /// One hall; may be repeated (某厅).
    #[arg(long = "hall-id", value_name = "HALL")]
    pub hall_ids: Vec<HallId>,
    /// A hall and all below it; may be repeated (某厅及其下级).
    #[arg(long = "subtree", value_name = "HALL")]
    pub subtrees: Vec<HallId>,
    /// The halls above this one (上级路径).
    #[arg(long)]
    pub path_up: bool,
    /// Every hall of the trust domain (全部).
    #[arg(long)]
    pub everyone: bool,
    /// Only these parts, of head, open, closed; otherwise all (限定部分).
    #[arg(long, value_delimiter = ',', value_parser = ["head", "open", "closed"], value_name = "PARTS")]
    pub parts: Vec<String>,
}
