//! `hallway init`.

use std::path::PathBuf;

use clap::Args;
use record::{HallId, LedgerName, TrustDomain};

/// Make a hall's data directory: keys, configuration and, with --dev, certificates.
///
/// 建立大厅的数据目录：签名密钥、带注释的配置；加 --dev 时还有开发用证书和空闲端口。
///
/// Without --dev, certificates come from your own authority (see certs/README.md) and the root hall
/// admits the new one with `hallway directory admit`.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Init {
    /// The data directory to make (数据目录).
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// For trying: a development CA, certificates for the hall, a system, a department and an operator,
    /// free ports on loopback (开发模式).
    #[arg(long)]
    pub dev: bool,
    /// Data directory of the hall above: the new one trusts its root, is admitted and dials it (上级厅).
    #[arg(long, value_name = "DIR", requires = "dev")]
    pub parent: Option<PathBuf>,
    /// Data directory of a neighbour across; may be repeated. Both configurations are changed, a
    /// running neighbour takes notice at its next start (横向厅).
    #[arg(long = "peer", value_name = "DIR", requires = "dev")]
    pub peers: Vec<PathBuf>,
    /// Hall id, [a-z0-9-]; otherwise the directory's name, or a seat of Jilin (厅标识).
    #[arg(long, value_name = "HALL")]
    pub id: Option<HallId>,
    /// Name for people (名称).
    #[arg(long)]
    pub name: Option<String>,
    /// Trust domain; a hall with a parent has its parent's (信任域).
    #[arg(long, value_name = "DOMAIN")]
    pub domain: Option<TrustDomain>,
    /// The root hall's acts ledger, when it lives elsewhere (根厅账本).
    #[arg(long, value_name = "LEDGER", requires = "root_key", conflicts_with = "parent")]
    pub root_ledger: Option<LedgerName>,
    /// The root hall's first log key, a C2SP verifier key (根厅公钥).
    #[arg(long, value_name = "KEY", requires = "root_ledger")]
    pub root_key: Option<String>,
}

const EXAMPLES: &str = "\
Examples (示例):
  hallway init 220000 --dev
  hallway init 220100 --dev --parent 220000
  hallway init 220200 --dev --parent 220000 --peer 220100
  hallway init /var/lib/hallway --id 220102 --domain jilin.example \\
      --root-ledger jilin.example/hallway/220000/acts/1 --root-key jilin.example/hallway/220000+1a2b3c4d+AW…";
