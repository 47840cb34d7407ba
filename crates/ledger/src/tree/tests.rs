//! The tree against the vectors of Certificate Transparency and against ct-merkle.

use ct_merkle::HashableLeaf;
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;

use super::*;
use crate::proof::root;

/// Leaf data as ct-merkle wants it.
#[derive(Clone)]
struct Data(Vec<u8>);

impl HashableLeaf for Data {
    fn hash<H: ct_merkle::digest::Update>(&self, hasher: &mut H) {
        hasher.update(&self.0);
    }
}

fn leaves(count: u64) -> impl Iterator<Item = Hash> {
    (0..count).map(|index| leaf_hash(format!("entry {index}").as_bytes()))
}

fn hex(hash: &Hash) -> String {
    hash.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// The eight leaves and roots that every CT implementation is tested with.
#[test]
fn certificate_transparency_vectors() {
    let data: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut frontier = Frontier::new();
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(hex(&frontier.root()), empty);
    for (data, root) in data.into_iter().zip(roots) {
        frontier.push(leaf_hash(data));
        assert_eq!(hex(&frontier.root()), root, "{} leaves", frontier.size());
    }
}

#[test]
fn a_frontier_is_taken_up_where_it_was_left() {
    let mut whole = Frontier::new();
    let levels: Levels = leaves(300).collect();
    for leaf in leaves(300) {
        let taken_up = Frontier::from_nodes(whole.size(), whole.nodes().to_vec()).unwrap();
        assert_eq!(taken_up, whole);
        assert_eq!(Frontier::load(&levels, whole.size()).as_ref(), Some(&whole));
        whole.push(leaf);
    }
    assert_eq!(Frontier::load(&levels, 301), None);
}

#[test]
fn roots_that_do_not_fit_the_size_are_refused() {
    let error = FrontierError { size: 5, found: 1 };
    assert_eq!(Frontier::from_nodes(5, vec![[0; 32]]), Err(error));
    assert_eq!(error.to_string(), "a tree of 5 leaves has 2 subtree roots, not 1");
    assert!(Frontier::from_nodes(TREE_SIZE_MAX + 1, vec![[0; 32]]).is_err());
    assert!(Frontier::from_nodes(0, vec![]).is_ok());
}

#[test]
fn every_perfect_subtree_is_told_once_in_order() {
    let mut told: Vec<Vec<u64>> = Vec::new();
    let mut frontier = Frontier::new();
    for leaf in leaves(100) {
        frontier.push_with(leaf, |level, index, _| {
            told.resize(told.len().max(usize::from(level) + 1), Vec::new());
            told[usize::from(level)].push(index);
        });
    }
    for (level, indices) in told.iter().enumerate() {
        assert_eq!(*indices, (0..100 >> level).collect::<Vec<_>>(), "level {level}");
    }
}

#[test]
fn a_tile_of_siblings_has_a_root_only_when_it_is_full() {
    let hashes: Vec<Hash> = leaves(256).collect();
    let levels: Levels = hashes.iter().copied().collect();
    assert_eq!(perfect_root(&hashes), Some(levels.root()));
    assert_eq!(perfect_root(&hashes[..8]), levels.node(3, 0));
    assert_eq!(perfect_root(&hashes[..7]), None);
    assert_eq!(perfect_root(&[]), None);
}

proptest! {
    #[test]
    fn three_ways_to_one_root(data in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..50), 0..400)) {
        let mut oracle = MemoryBackedTree::<Sha256, Data>::new();
        let mut frontier = Frontier::new();
        let mut levels = Levels::new();
        for leaf in &data {
            oracle.push(Data(leaf.clone()));
            frontier.push(leaf_hash(leaf));
            levels.push(leaf_hash(leaf));
        }
        let expected: Hash = (*oracle.root().as_bytes()).into();
        prop_assert_eq!(frontier.root(), expected);
        prop_assert_eq!(root(&levels, frontier.size()), Ok(frontier.root()));
    }
}
