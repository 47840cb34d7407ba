//! What a hall holds of a ledger, and the text `hallway-holding/v1` that says so.
//!
//! ```text
//! hallway-holding/v1
//! holder <trust domain>/hallway/<hall>
//! time <seconds since 1970>
//! ledger <ledger name>
//! size <entries>
//! root <base64>              the root of the seal at that size
//! whole <entries>            held with all their parts
//! partly <entries>           held with some
//! stubs <entries>            held as leaves alone
//! masks <base64>             RFC 6962 root over blocks of 4,096 mask bytes
//! ```
//!
//! A mask byte is the set of parts held of one entry; the leaves of the masks' tree are the blocks,
//! the last one as short as it is. One block and an inclusion proof show which bytes of an entry the
//! holder claimed to have. `whole + partly + stubs` is `size`.

use record::{Class, HallId, Hash, LedgerName, TrustDomain};
use thiserror::Error;

use crate::keys::log_key_name;
use crate::note::{format_hash, parse_decimal, parse_hash};
use crate::seal::Seal;
use crate::tree::Frontier;

/// Entries whose mask bytes form one leaf of the masks' tree.
pub const MASK_BLOCK_ENTRIES: usize = 4096;

const TITLE: &str = "hallway-holding/v1";

/// What is held of a ledger up to a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The ledger.
    pub ledger: LedgerName,
    /// How many leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// The seal at that size.
    pub seal: Seal,
    /// Entries held with all their parts.
    pub whole: u64,
    /// Entries held with some of their parts.
    pub partly: u64,
    /// Entries held as leaves alone.
    pub stubs: u64,
    /// The root over the mask blocks, see [`masks_root`].
    pub masks_root: Hash,
}

impl Holding {
    /// Whether the seal is the one spoken of and the counts add up.
    pub(super) fn check(&self) -> Result<(), HoldingError> {
        let Self { ledger, size, root, seal, .. } = self;
        if (&seal.ledger, &seal.size, &seal.root) != (ledger, size, root) {
            return Err(HoldingError::OtherSeal);
        }
        let total = self.whole.checked_add(self.partly).and_then(|sum| sum.checked_add(self.stubs));
        if total == Some(*size) { Ok(()) } else { Err(HoldingError::Counts) }
    }

    /// The text of the holding note.
    pub(super) fn text(&self, holder: &HallId, domain: &TrustDomain, seconds: u64) -> String {
        let Self { ledger, size, root, whole, partly, stubs, masks_root, .. } = self;
        let holder = log_key_name(domain, holder);
        let (root, masks) = (format_hash(root), format_hash(masks_root));
        format!(
            "{TITLE}\nholder {holder}\ntime {seconds}\nledger {ledger}\nsize {size}\nroot {root}\n\
             whole {whole}\npartly {partly}\nstubs {stubs}\nmasks {masks}\n"
        )
    }

    /// Reads the text of a holding note about `seal`; gives the holder and the time with it.
    pub(super) fn parse(
        text: &str,
        seal: Seal,
    ) -> Result<(Self, HallId, TrustDomain, u64), HoldingError> {
        let mut lines = text.strip_suffix('\n').ok_or(HoldingError::Lines)?.split('\n');
        if lines.next() != Some(TITLE) {
            return Err(HoldingError::Title);
        }
        let mut field = |word: &'static str| {
            let line = lines.next().and_then(|line| line.strip_prefix(word));
            line.and_then(|rest| rest.strip_prefix(' ')).ok_or(HoldingError::Field { word })
        };
        let (domain, hall) = parse_holder(field("holder")?)?;
        let seconds = parse_number("time", field("time")?)?;
        let holding = Self {
            ledger: field("ledger")?.parse().map_err(HoldingError::Name)?,
            size: parse_number("size", field("size")?)?,
            root: parse_root("root", field("root")?)?,
            seal,
            whole: parse_number("whole", field("whole")?)?,
            partly: parse_number("partly", field("partly")?)?,
            stubs: parse_number("stubs", field("stubs")?)?,
            masks_root: parse_root("masks", field("masks")?)?,
        };
        if lines.next().is_some() {
            return Err(HoldingError::Lines);
        }
        holding.check()?;
        Ok((holding, hall, domain, seconds))
    }
}

/// RFC 6962 root over mask blocks from their leaf hashes ([`crate::leaf_hash`] of each block).
pub fn masks_root(blocks: impl IntoIterator<Item = Hash>) -> Hash {
    let mut frontier = Frontier::new();
    blocks.into_iter().for_each(|block| frontier.push(block));
    frontier.root()
}

fn parse_holder(text: &str) -> Result<(TrustDomain, HallId), HoldingError> {
    let malformed = HoldingError::Field { word: "holder" };
    let (domain, rest) = text.split_once('/').ok_or(malformed.clone())?;
    let hall = rest.strip_prefix("hallway/").ok_or(malformed)?;
    let domain = domain.parse().map_err(HoldingError::Name)?;
    Ok((domain, hall.parse().map_err(HoldingError::Name)?))
}

fn parse_number(word: &'static str, text: &str) -> Result<u64, HoldingError> {
    parse_decimal(text).ok_or(HoldingError::Field { word })
}

fn parse_root(word: &'static str, text: &str) -> Result<Hash, HoldingError> {
    parse_hash(text).ok_or(HoldingError::Field { word })
}

/// Why a holding cannot be.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum HoldingError {
    /// The first line is another.
    #[error("note does not begin with {TITLE}")]
    Title,
    /// A line is missing, in another place, or malformed.
    #[error("holding note has no good line {word:?}")]
    Field {
        /// The line's first word.
        word: &'static str,
    },
    /// A name is malformed.
    #[error("read a name in the holding note")]
    Name(#[source] record::NameError),
    /// More lines than there are fields.
    #[error("holding note has other lines than its fields")]
    Lines,
    /// Ledger, size or root are not those of the seal.
    #[error("holding is about another seal")]
    OtherSeal,
    /// The counts do not add up to the size.
    #[error("whole, partly and stubs do not add up to the size")]
    Counts,
}

impl HoldingError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        Class::Invalid
    }
}
