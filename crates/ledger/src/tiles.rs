//! C2SP `tlog-tiles`: a ledger's tree and leaves as static files that any tlog client can read.
//!
//! ```text
//! tile/<level>/<index>[.p/<width>]       hashes of 256 (or width) subtrees of height 8 × level
//! tile/entries/<index>[.p/<width>]       leaf data of 256 (or width) entries, each behind a u16
//! index 1234067 is x001/x234/067
//! ```
//!
//! A tile is named by [`Tile`] and made from [`Nodes`]; only the partial tiles at the right edge ever
//! change, and only by growing. Absent on purpose: files and HTTP, which belong to who serves them.

use std::fmt;
use std::str::FromStr;

use record::Class;
use thiserror::Error;

use crate::tree::{Nodes, TREE_SIZE_MAX};

/// Hashes in a full tile, and entries in a full bundle.
pub const TILE_WIDTH: u16 = 256;
/// Tree levels that one tile spans.
pub const TILE_HEIGHT: u8 = 8;
/// Highest tile level that a tree can have.
pub const TILE_LEVEL_MAX: u8 = 7;

/// The coordinates of one tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    level: u8,
    index: u64,
    width: u16,
}

impl Tile {
    /// A tile of `width` hashes; none when no tree can have it.
    pub fn new(level: u8, index: u64, width: u16) -> Option<Self> {
        let last = index.checked_mul(u64::from(TILE_WIDTH))?.checked_add(u64::from(width))?;
        let possible = level <= TILE_LEVEL_MAX
            && (1..=TILE_WIDTH).contains(&width)
            && last <= TREE_SIZE_MAX >> (TILE_HEIGHT * level);
        possible.then_some(Self { level, index, width })
    }

    /// Tile `index` of `level` as a tree of `size` leaves has it: full, partial, or not at all.
    pub fn in_tree(level: u8, index: u64, size: u64) -> Option<Self> {
        let hashes = size.checked_shr(u32::from(TILE_HEIGHT) * u32::from(level))?;
        let start = index.checked_mul(u64::from(TILE_WIDTH))?;
        let width = hashes.saturating_sub(start).min(u64::from(TILE_WIDTH));
        Self::new(level, index, u16::try_from(width).ok()?)
    }

    /// Every tile of a tree of `size` leaves, level by level.
    pub fn all(size: u64) -> impl Iterator<Item = Self> {
        Self::range(0, size)
    }

    /// The tiles of a tree of `size` leaves that a tree of `old` leaves did not have as they are.
    pub fn range(old: u64, size: u64) -> impl Iterator<Item = Self> {
        let changed = move |level: u8| {
            let shift = TILE_HEIGHT * level;
            let (had, has) = (old >> shift, size >> shift);
            let first = had / u64::from(TILE_WIDTH);
            let indices = if has > had { first..has.div_ceil(u64::from(TILE_WIDTH)) } else { 0..0 };
            indices.filter_map(move |index| Self::in_tree(level, index, size))
        };
        (0..=TILE_LEVEL_MAX).flat_map(changed)
    }

    /// Its level; level 0 holds leaf hashes.
    pub fn level(self) -> u8 {
        self.level
    }

    /// Its index within the level.
    pub fn index(self) -> u64 {
        self.index
    }

    /// How many hashes it has.
    pub fn width(self) -> u16 {
        self.width
    }

    /// The first hash's index among the nodes of tree level `8 × level`, which for level 0 is the
    /// index of the first entry.
    pub fn first(self) -> u64 {
        self.index * u64::from(TILE_WIDTH)
    }

    /// Its bytes: the hashes, one after another.
    pub fn bytes(self, nodes: &dyn Nodes) -> Result<Vec<u8>, TileError> {
        let level = TILE_HEIGHT * self.level;
        let mut bytes = Vec::with_capacity(32 * usize::from(self.width));
        for index in self.first()..self.first() + u64::from(self.width) {
            let hash = nodes.node(level, index).ok_or(TileError::MissingNode { level, index })?;
            bytes.extend_from_slice(&hash);
        }
        Ok(bytes)
    }

    /// The path of the entry bundle beside a tile of level 0.
    pub fn entries_path(self) -> String {
        format!("tile/entries/{}", Place(self))
    }
}

/// The tile's path.
impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/{}", self.level, Place(*self))
    }
}

impl FromStr for Tile {
    type Err = TileError;

    fn from_str(path: &str) -> Result<Self, TileError> {
        parse_path(path).filter(|tile| tile.to_string() == path).ok_or(TileError::Path)
    }
}

/// An entry bundle: leaf data of consecutive entries, each behind its length.
pub fn entry_bundle<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, TileError> {
    let mut bytes = Vec::new();
    for entry in entries {
        let len =
            u16::try_from(entry.len()).map_err(|_| TileError::Entry { bytes: entry.len() })?;
        bytes.extend_from_slice(&len.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// Index and width as they stand in a path.
struct Place(Tile);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tile { index, width, .. } = self.0;
        let mut digits = vec![index % 1000];
        let mut rest = index / 1000;
        while rest > 0 {
            digits.push(rest % 1000);
            rest /= 1000;
        }
        for (place, three) in digits.iter().enumerate().rev() {
            let (mark, slash) = if place == 0 { ("", "") } else { ("x", "/") };
            write!(f, "{mark}{three:03}{slash}")?;
        }
        if width < TILE_WIDTH { write!(f, ".p/{width}") } else { Ok(()) }
    }
}

/// Reads a path loosely; the caller compares it with the one spelling.
fn parse_path(path: &str) -> Option<Tile> {
    let (level, place) = path.strip_prefix("tile/")?.split_once('/')?;
    let (place, width) = match place.split_once(".p/") {
        Some((place, width)) => (place, width.parse().ok()?),
        None => (place, TILE_WIDTH),
    };
    let mut index = 0_u64;
    for element in place.split('/') {
        let three: u64 = element.trim_start_matches('x').parse().ok()?;
        index = index.checked_mul(1000)?.checked_add(three)?;
    }
    Tile::new(level.parse().ok()?, index, width)
}

/// Why there is no tile.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TileError {
    /// Not the path of a tile.
    #[error("path is not that of a tile")]
    Path,
    /// A stored hash is not there.
    #[error("read tree node {index} of level {level} for a tile")]
    MissingNode {
        /// Its level.
        level: u8,
        /// Its index within the level.
        index: u64,
    },
    /// An entry that no bundle can hold.
    #[error("bundle an entry of {bytes} bytes")]
    Entry {
        /// Its length.
        bytes: usize,
    },
}

impl TileError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        match self {
            Self::Path => Class::NotFound,
            Self::MissingNode { .. } => Class::Corrupt,
            Self::Entry { .. } => Class::Invalid,
        }
    }
}

#[cfg(test)]
mod tests;
