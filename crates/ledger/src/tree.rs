//! The Merkle tree over a ledger's leaves: RFC 6962 hashes, and the frontier that extends a tree
//! without its past.
//!
//! A frontier is one hash per set bit of the size: the roots of the perfect subtrees that tile the
//! tree from left to right, largest first. Pushing a leaf costs one node hash on average and no
//! allocation worth naming; the nodes that a push completes are handed to whoever stores them.
//!
//! ```text
//! size 7 = 0b111      [ 4 leaves ][ 2 leaves ][ 1 leaf ]      three hashes
//! ```
//!
//! Absent on purpose: storage. Proofs and tiles ask a [`Nodes`] for perfect subtrees; the reader
//! answers from its tiles, and [`Levels`] from memory for trees small enough to be held whole.

use record::{Class, Hash};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Largest tree size that seals, tiles and proofs speak of: foreign verifiers count in `int64`.
pub const TREE_SIZE_MAX: u64 = (1 << 63) - 1;

/// The tree so far, as much of it as appending needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

impl Frontier {
    /// The empty tree.
    pub const fn new() -> Self {
        Self { size: 0, roots: Vec::new() }
    }

    /// The frontier of a tree of `size` leaves from the roots of its perfect subtrees, largest
    /// first, as [`Frontier::nodes`] gives them.
    pub fn from_nodes(size: u64, roots: Vec<Hash>) -> Result<Self, FrontierError> {
        let wanted = size.count_ones();
        if u32::try_from(roots.len()) != Ok(wanted) || size > TREE_SIZE_MAX {
            return Err(FrontierError { size, found: roots.len() });
        }
        Ok(Self { size, roots })
    }

    /// The frontier of the first `size` leaves, read from stored nodes; none when a node is missing.
    pub fn load(nodes: &dyn Nodes, size: u64) -> Option<Self> {
        let mut roots = Vec::new();
        for level in (0..=63_u8).rev().filter(|level| size >> level & 1 == 1) {
            roots.push(nodes.node(level, (size >> level) - 1)?);
        }
        Self::from_nodes(size, roots).ok()
    }

    /// Appends a leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        self.push_with(leaf, |_, _, _| {});
    }

    /// Appends a leaf hash and tells every perfect subtree that it completes: level (0 is the leaf
    /// itself), index within the level, hash.
    pub fn push_with(&mut self, leaf: Hash, mut completed: impl FnMut(u8, u64, &Hash)) {
        let mut hash = leaf;
        let mut index = self.size;
        let mut level = 0;
        completed(level, index, &hash);
        while index & 1 == 1 {
            let left = self.roots.pop().expect("a frontier has one root per set bit of its size");
            hash = node_hash(&left, &hash);
            index >>= 1;
            level += 1;
            completed(level, index, &hash);
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The tree's root.
    pub fn root(&self) -> Hash {
        let mut smallest_first = self.roots.iter().rev();
        let Some(last) = smallest_first.next() else { return empty_root() };
        smallest_first.fold(*last, |right, left| node_hash(left, &right))
    }

    /// The roots of the perfect subtrees, largest first: what [`Frontier::from_nodes`] takes.
    pub fn nodes(&self) -> &[Hash] {
        &self.roots
    }
}

/// Perfect subtrees of one tree, however they are stored.
pub trait Nodes {
    /// The hash of the subtree over leaves `index << level .. (index + 1) << level`; level 0 are
    /// the leaf hashes. None when the tree does not reach that far or the hash is not at hand.
    fn node(&self, level: u8, index: u64) -> Option<Hash>;
}

/// Every perfect subtree of a small tree, in memory.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    frontier: Frontier,
    levels: Vec<Vec<Hash>>,
}

impl Levels {
    /// The empty tree.
    pub const fn new() -> Self {
        Self { frontier: Frontier::new(), levels: Vec::new() }
    }

    /// Appends a leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        let levels = &mut self.levels;
        self.frontier.push_with(leaf, |level, _, hash| match levels.get_mut(usize::from(level)) {
            Some(row) => row.push(*hash),
            None => levels.push(vec![*hash]),
        });
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The tree's root.
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }
}

impl Nodes for Levels {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        let index = usize::try_from(index).ok()?;
        self.levels.get(usize::from(level))?.get(index).copied()
    }
}

impl Extend<Hash> for Levels {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        leaves.into_iter().for_each(|leaf| self.push(leaf));
    }
}

impl FromIterator<Hash> for Levels {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut levels = Self::new();
        levels.extend(leaves);
        levels
    }
}

/// RFC 6962 hash of leaf data.
pub fn leaf_hash(data: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(data).finalize().into()
}

/// RFC 6962 hash of two subtrees.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    // One buffer, one call: the hasher's own block buffer costs a tenth of a push.
    let mut input = [1; 65];
    let (_, hashes) = input.split_at_mut(1);
    let (into_left, into_right) = hashes.split_at_mut(32);
    into_left.copy_from_slice(left);
    into_right.copy_from_slice(right);
    Sha256::digest(input).into()
}

/// The root of a tree without leaves.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The root over a power of two of sibling hashes, as a stored tile holds them; none for another
/// number of hashes.
pub fn perfect_root(hashes: &[Hash]) -> Option<Hash> {
    if !hashes.len().is_power_of_two() {
        return None;
    }
    let frontier = hashes.iter().fold(Frontier::new(), |mut frontier, hash| {
        frontier.push(*hash);
        frontier
    });
    Some(frontier.root())
}

/// Subtree roots that are not the frontier of a tree of this size.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a tree of {size} leaves has {} subtree roots, not {found}", size.count_ones())]
pub struct FrontierError {
    /// The size given.
    pub size: u64,
    /// How many roots were given.
    pub found: usize,
}

impl FrontierError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        Class::Corrupt
    }
}

#[cfg(test)]
mod tests;
