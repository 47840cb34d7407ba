//! `hallway ca`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Issue, revoke and list development certificates.
///
/// 用数据目录中的开发用证书机构签发、吊销证书。
///
/// The authority is certs/ca.pem with keys/ca.key in a data directory made by `init --dev`. Running
/// halls take new files within a second.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Ca {
    /// What to do.
    #[command(subcommand)]
    pub command: CaCommand,
}

const EXAMPLES: &str = "\
Examples (示例):
  hallway ca issue --hall 220100 system window-3 --out certs
  hallway ca issue --hall 220100 hall 220100 --dns hall.example --ip 10.0.0.7
  hallway ca revoke --hall 220100 certs/window-3.pem
  hallway ca show --hall 220100";

/// What to do with the authority.
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "a doc comment would replace the long help of what it holds")]
pub enum CaCommand {
    #[command(about = "Issue a certificate with a new key (签发)")]
    Issue(CaIssue),
    #[command(about = "Put a certificate on the revocation list of this data directory (吊销)")]
    Revoke(CaRevoke),
    #[command(about = "Write the revocation list anew, with a new date (更新吊销列表)")]
    Crl(CaCrl),
    /// Show the authority, its list and the certificates in the data directory (查看).
    Show {
        /// The data directory (数据目录).
        #[arg(long, value_name = "DIR")]
        hall: PathBuf,
    },
}

/// For whom a certificate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// A hall's gateway (大厅).
    Hall,
    /// A system of the hall (业务系统).
    System,
    /// A department (部门).
    Department,
    /// An operator (运维人员).
    Operator,
}

/// Issue a certificate with a new key.
#[derive(Debug, Args)]
pub struct CaIssue {
    /// The data directory (数据目录).
    #[arg(long, value_name = "DIR")]
    pub hall: PathBuf,
    /// For whom (对象).
    pub kind: Kind,
    /// Hall id, system name, department code or operator's name (名称).
    pub name: String,
    /// Where NAME.pem and NAME.key are written; otherwise the data directory's certs/ and keys/ (输出目录).
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Host name of its endpoints; may be repeated (域名).
    #[arg(long, value_name = "NAME")]
    pub dns: Vec<String>,
    /// Address of its endpoints; may be repeated (地址).
    #[arg(long, value_name = "ADDRESS")]
    pub ip: Vec<IpAddr>,
    /// Days of validity; 0 makes one that has expired, to try what happens (有效天数).
    #[arg(long)]
    pub days: Option<u32>,
}

/// Put a certificate on the revocation list.
#[derive(Debug, Args)]
pub struct CaRevoke {
    /// The data directory (数据目录).
    #[arg(long, value_name = "DIR")]
    pub hall: PathBuf,
    /// Serial number in hexadecimal, or a certificate file (序列号或证书文件).
    #[arg(value_name = "SERIAL|FILE")]
    pub certificate: String,
}

/// Write the revocation list anew.
#[derive(Debug, Args)]
pub struct CaCrl {
    /// The data directory (数据目录).
    #[arg(long, value_name = "DIR")]
    pub hall: PathBuf,
    /// Days until the next list is promised (有效天数).
    #[arg(long, default_value_t = 30)]
    pub days: u64,
}
