//! `hallway id`, `deadline`: questions about values, answered without a hall.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;
use record::Date;
use record::calendar::limits;
use record::identifier::IdKind;

/// Judge an identifier: form, check character, and what may have been meant.
///
/// 核对标识：统一社会信用代码、组织机构代码、公民身份号码、证照标识、事项与办件编码、行政区划代码。
///
/// `valid` is about the text as written. Full-width and lower-case characters, spaces around and the
/// hyphen of organisation codes are mended and told; `valid_normalised` is about the mended text. Exit
/// code 1 means not valid as written.
#[derive(Debug, Args)]
#[command(after_long_help = ID)]
pub struct Id {
    /// The kind (类别).
    #[arg(help = KINDS)]
    pub kind: IdKind,
    /// The identifier (标识).
    #[arg(allow_hyphen_values = true)]
    pub value: String,
    /// The day a division code stands for; otherwise today (日期).
    #[arg(long, value_name = "DATE")]
    pub on: Option<Date>,
}

const ID: &str = "\
Examples (示例):
  hallway id uscc 91220101571145270J
  hallway id org_code 40170530-0 --json
  hallway id division 220381 --on 2019-01-01
  hallway id case_no 12441500196720244T3442199806003202206230068";

/// Tell when a period ends, counting the days that are worked in China.
///
/// 计算期限：按法定节假日与调休的工作日历，起算日当日不计。
///
/// The answer names the calendar it was counted with: holidays are moved after due dates were given
/// out, as in January 2020 (cn-1 before, cn-2 after). Beyond the last year announced there is no
/// answer, and exit code 1; a file with the new notice goes on from there. Its form:
///
///   calendar: cn-2027
///   known: 2026-11-20
///   covers: 2004 2027
///   2027-02-06 workday Spring Festival
///   2027-02-08 holiday Spring Festival
#[derive(Debug, Args)]
#[command(after_long_help = DEADLINE, verbatim_doc_comment)]
pub struct Deadline {
    /// The day the clock starts on, such as the decision's (起算日).
    #[arg(long, value_name = "DATE")]
    pub from: String,
    /// So many working days (工作日数).
    #[arg(long, value_name = "N", required_unless_present = "rule")]
    pub days: Option<u16>,
    /// The period a law names (规则).
    #[arg(long, value_name = "NAME", conflicts_with = "days", value_parser = rules())]
    pub rule: Option<String>,
    /// A calendar built in, cn-1 or cn-2, or a file that amends the newest (日历).
    #[arg(long, value_name = "FILE")]
    pub calendar: Option<PathBuf>,
}

const DEADLINE: &str = "\
Examples (示例):
  hallway deadline --from 2024-09-27 --days 7
  hallway deadline --from 2014-06-03 --rule ip-counterfeit-disclosure --json
  hallway deadline --from 2020-01-21 --days 7 --calendar cn-1
  hallway deadline --from 2026-12-25 --days 7 --calendar cn-2027.txt";

fn rules() -> PossibleValuesParser {
    PossibleValuesParser::new(limits().iter().map(|limit| limit.name))
}

/// Not a doc comment: these are words to type, and underscores are not code in a help page.
const KINDS: &str = "uscc, org_code, reg15, citizen_id, cert_id, item_base_code, item_impl_code, \
item_handling_code, item_code_sichuan, item_code_jilin, case_no, case_no_ningbo, case_no_jilin, \
division, division_nbs or office (类别)";
