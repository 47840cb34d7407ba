//! RFC 6962 proofs, made and checked: that a leaf is in a tree, that a tree extends another.
//!
//! Making a proof asks a [`Nodes`] for perfect subtrees and hashes the ragged right edge; nothing
//! is read that the proof does not need. Checking needs no tree: it walks the path that index and
//! sizes dictate, so a proof has exactly one right length, and nothing in it is believed before the
//! roots agree.
//!
//! Two sizes have no path and are settled here once: every tree extends the empty one (empty proof,
//! the empty root), and a tree extends itself (empty proof, equal roots).

use record::{Class, Hash};
use thiserror::Error;

use crate::tree::{Nodes, TREE_SIZE_MAX, empty_root, node_hash};

/// Most hashes any proof can have.
pub const PROOF_HASHES_MAX: usize = 64;

/// The root of the first `size` leaves.
pub fn root(nodes: &dyn Nodes, size: u64) -> Result<Hash, ProveError> {
    if size > TREE_SIZE_MAX {
        return Err(ProveError::OutOfRange { position: size, size: TREE_SIZE_MAX });
    }
    if size == 0 { Ok(empty_root()) } else { range_root(nodes, 0, size) }
}

/// Proves that leaf `index` is in the tree of `size` leaves; the sibling of the leaf comes first.
pub fn inclusion_proof(nodes: &dyn Nodes, index: u64, size: u64) -> Result<Vec<Hash>, ProveError> {
    if index >= size || size > TREE_SIZE_MAX {
        return Err(ProveError::OutOfRange { position: index, size });
    }
    let (mut low, mut high) = (0, size);
    let mut proof = Vec::new();
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            proof.push(range_root(nodes, middle, high)?);
            high = middle;
        } else {
            proof.push(range_root(nodes, low, middle)?);
            low = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// Proves that the tree of `new` leaves extends the tree of `old` leaves.
pub fn consistency_proof(nodes: &dyn Nodes, old: u64, new: u64) -> Result<Vec<Hash>, ProveError> {
    if old > new || new > TREE_SIZE_MAX {
        return Err(ProveError::OutOfRange { position: old, size: new });
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let (mut low, mut high) = (0, new);
    let mut proof = Vec::new();
    while high != old {
        let middle = low + split(high - low);
        if old <= middle {
            proof.push(range_root(nodes, middle, high)?);
            high = middle;
        } else {
            proof.push(range_root(nodes, low, middle)?);
            low = middle;
        }
    }
    // The old tree's last subtree is known to the verifier only when it is the whole old tree.
    if low != 0 {
        proof.push(range_root(nodes, low, high)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Checks that `leaf` is leaf `index` of the tree of `size` leaves under `root`.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size || size > TREE_SIZE_MAX {
        return Err(ProofError::OutOfRange { position: index, size });
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    let mut path = proof.iter();
    while last > 0 {
        if node & 1 == 1 {
            hash = node_hash(path.next().ok_or_else(|| wrong_length(proof))?, &hash);
        } else if node < last {
            hash = node_hash(&hash, path.next().ok_or_else(|| wrong_length(proof))?);
        }
        // An even node at the right edge has no sibling; it rises unchanged.
        node >>= 1;
        last >>= 1;
    }
    match path.next() {
        Some(_) => Err(wrong_length(proof)),
        None if hash == *root => Ok(()),
        None => Err(ProofError::OtherRoot),
    }
}

/// Checks that the tree of `new` leaves under `new_root` extends the tree of `old` leaves under
/// `old_root`.
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old > new || new > TREE_SIZE_MAX {
        return Err(ProofError::OutOfRange { position: old, size: new });
    }
    if old == 0 || old == new {
        let expected = if old == 0 { empty_root() } else { *new_root };
        let empty_new = new == 0 && *new_root != empty_root();
        return match proof {
            [] if *old_root == expected && !empty_new => Ok(()),
            [] => Err(ProofError::OtherRoot),
            _ => Err(wrong_length(proof)),
        };
    }
    // Both roots are built from the same hashes, upwards from the old tree's last perfect subtree.
    let level = old.trailing_zeros();
    let (mut node, mut last) = ((old - 1) >> level, (new - 1) >> level);
    let mut path = proof.iter();
    let mut old_hash =
        if node == 0 { *old_root } else { *path.next().ok_or_else(|| wrong_length(proof))? };
    let mut new_hash = old_hash;
    while last > 0 {
        if node & 1 == 1 {
            let left = path.next().ok_or_else(|| wrong_length(proof))?;
            old_hash = node_hash(left, &old_hash);
            new_hash = node_hash(left, &new_hash);
        } else if node < last {
            new_hash = node_hash(&new_hash, path.next().ok_or_else(|| wrong_length(proof))?);
        }
        node >>= 1;
        last >>= 1;
    }
    match path.next() {
        Some(_) => Err(wrong_length(proof)),
        None if old_hash == *old_root && new_hash == *new_root => Ok(()),
        None => Err(ProofError::OtherRoot),
    }
}

/// Why a proof could not be made.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ProveError {
    /// The question makes no sense for these sizes.
    #[error("prove position {position} in a tree of {size} leaves")]
    OutOfRange {
        /// The index or older size asked for.
        position: u64,
        /// The tree's size.
        size: u64,
    },
    /// A stored hash is not there.
    #[error("read tree node {index} of level {level}")]
    MissingNode {
        /// Its level.
        level: u8,
        /// Its index within the level.
        index: u64,
    },
}

impl ProveError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        match self {
            Self::OutOfRange { .. } => Class::Invalid,
            Self::MissingNode { .. } => Class::Corrupt,
        }
    }
}

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ProofError {
    /// The claim makes no sense for these sizes.
    #[error("proof about position {position} in a tree of {size} leaves")]
    OutOfRange {
        /// The index or older size claimed.
        position: u64,
        /// The tree's size.
        size: u64,
    },
    /// Too many or too few hashes for the path.
    #[error("proof of {hashes} hashes does not fit the path")]
    WrongLength {
        /// How many hashes it has.
        hashes: usize,
    },
    /// The path leads to another root.
    #[error("proof leads to another root")]
    OtherRoot,
}

impl ProofError {
    /// What it means to the caller.
    pub const fn class(&self) -> Class {
        Class::Invalid
    }
}

fn wrong_length(proof: &[Hash]) -> ProofError {
    ProofError::WrongLength { hashes: proof.len() }
}

/// The largest power of two below `width`, which is at least 2.
fn split(width: u64) -> u64 {
    1 << (width - 1).ilog2()
}

/// The root over leaves `low..high`, where `low` is aligned as RFC 6962 splits are.
fn range_root(nodes: &dyn Nodes, low: u64, high: u64) -> Result<Hash, ProveError> {
    let width = high - low;
    if !width.is_power_of_two() {
        let middle = low + split(width);
        return Ok(node_hash(&range_root(nodes, low, middle)?, &range_root(nodes, middle, high)?));
    }
    let level = u8::try_from(width.trailing_zeros()).expect("a u64 has 64 bits");
    let index = low >> level;
    nodes.node(level, index).ok_or(ProveError::MissingNode { level, index })
}

#[cfg(test)]
mod tests;
