//! `hallway export`, and the formats that tables are written in.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use record::{Kind, Masking};

use super::{As, HallArgs};

/// Write the newest state of a hall's records of one kind to a file.
///
/// 导出本厅某一类记录的最新状态：默认脱敏，可选完整；撤销、被替换的不导出。
///
/// Every field has a column, by its name here, and comes back in as it was; with --mapping the file
/// has the columns of a template of the standard. A public export holds what is open (主动公开) and
/// published, masked; it says so and is never taken back in. A full one holds what the caller's feed
/// shows: `not_whole` counts rows whose closed part it does not.
#[derive(Debug, Args)]
#[command(after_long_help = EXPORT)]
pub struct Export {
    /// Which hall, and as whom.
    #[command(flatten)]
    pub hall: HallArgs,
    /// permit, penalty, case, material, item or power-list (类别).
    #[arg(long)]
    pub kind: Kind,
    /// A template of the standard, such as permit-v2.1 (模板).
    #[arg(long, value_name = "NAME")]
    pub mapping: Option<String>,
    /// csv, xlsx or jsonl; otherwise what the file's name says (格式).
    #[arg(long, value_enum)]
    pub format: Option<FileFormat>,
    /// How much is shown (脱敏方式).
    #[arg(long, value_enum, default_value_t = Show::Public)]
    pub masking: Show,
    /// Whose certificate of the data directory is shown (身份).
    #[arg(long = "as", value_enum, default_value_t = As::System)]
    pub role: As,
    /// The file to write; it appears when it is whole (输出文件).
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

const EXPORT: &str = "\
Examples (示例):
  hallway export --hall 220100 --kind permit --out permits.csv
  hallway export --hall 220100 --kind penalty --masking full --out penalties.jsonl
  hallway export --hall 220100 --kind permit --mapping permit-v2.1 --out permits.xlsx";

/// In which format a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FileFormat {
    /// Cells separated by commas, UTF-8.
    Csv,
    /// A spreadsheet.
    Xlsx,
    /// One JSON object a line.
    Jsonl,
}

impl FileFormat {
    /// The format a file's name asks for; JSON Lines when it asks for none.
    pub fn of_path(path: &Path) -> Self {
        let extension = path.extension().and_then(|extension| extension.to_str());
        match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("csv") => Self::Csv,
            Some("xlsx") => Self::Xlsx,
            _ => Self::Jsonl,
        }
    }
}

impl From<FileFormat> for files::Format {
    fn from(format: FileFormat) -> Self {
        match format {
            FileFormat::Csv => Self::Csv,
            FileFormat::Xlsx => Self::Xlsx,
            FileFormat::Jsonl => Self::Lines,
        }
    }
}

/// How much an export shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Show {
    /// What publication allows (脱敏).
    Public,
    /// All that the caller may see (完整).
    Full,
}

impl From<Show> for Masking {
    fn from(show: Show) -> Self {
        match show {
            Show::Public => Self::Public,
            Show::Full => Self::Full,
        }
    }
}
