//! Proofs against ct-merkle in both directions, and against everything that is nearly a proof.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use proptest::prelude::*;
use sha2::Sha256;

use super::*;
use crate::tree::{Levels, leaf_hash};

fn data(index: u64) -> String {
    format!("entry {index}")
}

fn leaf(index: u64) -> Hash {
    leaf_hash(data(index).as_bytes())
}

fn tree(size: u64) -> Levels {
    (0..size).map(leaf).collect()
}

fn oracle_root(hash: &Hash, size: u64) -> RootHash<Sha256> {
    RootHash::new((*hash).into(), size)
}

#[test]
fn every_leaf_and_every_older_size_of_small_trees() {
    for size in 0..=40 {
        let tree = tree(size);
        let new_root = root(&tree, size).unwrap();
        for index in 0..size {
            let proof = inclusion_proof(&tree, index, size).unwrap();
            assert_eq!(verify_inclusion(&leaf(index), index, size, &proof, &new_root), Ok(()));
        }
        for old in 0..=size {
            let old_root = root(&tree, old).unwrap();
            let proof = consistency_proof(&tree, old, size).unwrap();
            assert_eq!(verify_consistency(old, &old_root, size, &new_root, &proof), Ok(()));
        }
    }
}

#[test]
fn questions_out_of_range_are_refused_on_both_sides() {
    let tree = tree(8);
    let hash = [0; 32];
    for (index, size) in [(8, 8), (0, 0), (u64::MAX, u64::MAX), (0, u64::MAX)] {
        let refused = ProveError::OutOfRange { position: index, size };
        assert_eq!(inclusion_proof(&tree, index, size), Err(refused));
        let refused = ProofError::OutOfRange { position: index, size };
        assert_eq!(verify_inclusion(&hash, index, size, &[], &hash), Err(refused));
    }
    for (old, new) in [(9, 8), (0, u64::MAX), (u64::MAX, u64::MAX)] {
        let refused = ProveError::OutOfRange { position: old, size: new };
        assert_eq!(consistency_proof(&tree, old, new), Err(refused));
        let refused = ProofError::OutOfRange { position: old, size: new };
        assert_eq!(verify_consistency(old, &hash, new, &hash, &[]), Err(refused));
    }
    assert!(root(&tree, u64::MAX).is_err());
    let missing = ProveError::MissingNode { level: 0, index: 8 };
    assert_eq!(root(&tree, 9), Err(missing));
    assert_eq!(inclusion_proof(&tree, 0, 9), Err(missing));
}

#[test]
fn sizes_without_a_path_need_the_right_roots() {
    let tree = tree(5);
    let (five, empty) = (tree.root(), empty_root());
    assert_eq!(verify_consistency(0, &empty, 5, &five, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &five, 5, &five, &[]), Err(ProofError::OtherRoot));
    assert_eq!(verify_consistency(0, &empty, 0, &five, &[]), Err(ProofError::OtherRoot));
    assert_eq!(verify_consistency(0, &empty, 0, &empty, &[]), Ok(()));
    assert_eq!(verify_consistency(5, &five, 5, &five, &[]), Ok(()));
    assert_eq!(verify_consistency(5, &empty, 5, &five, &[]), Err(ProofError::OtherRoot));
    let long = Err(ProofError::WrongLength { hashes: 1 });
    assert_eq!(verify_consistency(5, &five, 5, &five, &[five]), long);
    assert_eq!(verify_consistency(0, &empty, 5, &five, &[five]), long);
}

/// Every proof with one hash changed, dropped, doubled or added.
fn spoiled(proof: &[Hash]) -> Vec<Vec<Hash>> {
    let mut all = Vec::new();
    for place in 0..proof.len() {
        let mut other = proof.to_vec();
        other[place][place % 32] ^= 1;
        all.push(other);
        let mut other = proof.to_vec();
        other.remove(place);
        all.push(other);
        let mut other = proof.to_vec();
        other.insert(place, proof[place]);
        all.push(other);
    }
    all.push([proof, &[[7; 32]]].concat());
    all
}

proptest! {
    #[test]
    fn ct_merkle_and_we_accept_each_other(size in 1_u64..700, seed in any::<u64>()) {
        let tree = tree(size);
        let mut oracle = MemoryBackedTree::<Sha256, String>::new();
        (0..size).for_each(|index| oracle.push(data(index)));
        let new_root = tree.root();

        let index = seed % size;
        let proof = inclusion_proof(&tree, index, size).unwrap();
        let theirs = InclusionProof::<Sha256>::try_from_bytes(proof.concat()).unwrap();
        oracle_root(&new_root, size).verify_inclusion(&data(index), index, &theirs).unwrap();
        let theirs = oracle.prove_inclusion(usize::try_from(index).unwrap());
        prop_assert_eq!(theirs.as_bytes(), proof.concat());

        let old = 1 + seed % size;
        let old_root = root(&tree, old).unwrap();
        let proof = consistency_proof(&tree, old, size).unwrap();
        let theirs = ConsistencyProof::<Sha256>::try_from_bytes(proof.concat()).unwrap();
        let (new_oracle, old_oracle) = (oracle_root(&new_root, size), oracle_root(&old_root, old));
        new_oracle.verify_consistency(&old_oracle, &theirs).unwrap();
        let theirs = oracle.prove_consistency(usize::try_from(size - old).unwrap());
        prop_assert_eq!(theirs.as_bytes(), proof.concat());
    }

    #[test]
    fn nothing_else_is_a_proof(size in 1_u64..300, seed in any::<u64>()) {
        let tree = tree(size);
        let new_root = tree.root();
        let index = seed % size;
        let proof = inclusion_proof(&tree, index, size).unwrap();
        for other in spoiled(&proof) {
            prop_assert!(verify_inclusion(&leaf(index), index, size, &other, &new_root).is_err());
        }
        prop_assert!(verify_inclusion(&leaf(size), index, size, &proof, &new_root).is_err());
        let neighbour = (index + 1) % size;
        if neighbour != index {
            prop_assert!(verify_inclusion(&leaf(index), neighbour, size, &proof, &new_root).is_err());
        }

        let old = 1 + seed % size;
        let old_root = root(&tree, old).unwrap();
        let proof = consistency_proof(&tree, old, size).unwrap();
        for other in spoiled(&proof) {
            prop_assert!(verify_consistency(old, &old_root, size, &new_root, &other).is_err());
        }
        if old < size {
            prop_assert!(verify_consistency(old, &new_root, size, &new_root, &proof).is_err());
            prop_assert!(verify_consistency(old, &old_root, size, &old_root, &proof).is_err());
        }
    }

    #[test]
    fn sizes_and_hashes_from_strangers_never_panic(
        index in any::<u64>(), size in any::<u64>(),
        proof in prop::collection::vec(any::<Hash>(), 0..70), hash in any::<Hash>(),
    ) {
        prop_assert!(verify_inclusion(&hash, index, size, &proof, &hash).is_err() || size == 1);
        let verdict = verify_consistency(index, &hash, size, &hash, &proof);
        prop_assert!(verdict.is_err() || index == size);
    }
}
