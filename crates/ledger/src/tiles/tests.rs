//! Tiles: the numbers of the C2SP text, paths both ways, bytes.

use proptest::prelude::*;

use super::*;
use crate::tree::{Levels, leaf_hash, perfect_root};

fn tree(size: u64) -> Levels {
    (0..size).map(|index| leaf_hash(&index.to_be_bytes())).collect()
}

/// "A tree of size 70,000 will be represented by 273 full level 0 tiles, one partial level 0 tile
/// of width 112, one full level 1 tile, one partial level 1 tile of width 17, and one partial level
/// 2 tile of width 1."
#[test]
fn the_tiles_of_seventy_thousand() {
    let tiles: Vec<Tile> = Tile::all(70_000).collect();
    let full = |level| {
        let full = |tile: &&Tile| tile.level() == level && tile.width() == TILE_WIDTH;
        tiles.iter().filter(full).count()
    };
    assert_eq!((full(0), full(1), full(2)), (273, 1, 0));
    let partial: Vec<String> =
        tiles.iter().filter(|tile| tile.width() < TILE_WIDTH).map(Tile::to_string).collect();
    assert_eq!(partial, ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
    let of_256: Vec<String> = Tile::all(256).map(|tile| tile.to_string()).collect();
    assert_eq!(of_256, ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(Tile::all(0).count(), 0);
}

#[test]
fn paths_have_one_spelling() {
    let tile = Tile::new(0, 1_234_067, 256).unwrap();
    assert_eq!(tile.to_string(), "tile/0/x001/x234/067");
    assert_eq!(tile.entries_path(), "tile/entries/x001/x234/067");
    assert_eq!(Tile::new(3, 5, 8).unwrap().to_string(), "tile/3/005.p/8");
    assert_eq!(Tile::new(0, 1000, 1).unwrap().entries_path(), "tile/entries/x001/000.p/1");
    for bad in [
        "",
        "tile/0/5",
        "tile/0/0005",
        "tile/0/x000/005",
        "tile/00/005",
        "tile/8/005",
        "tile/300/005",
        "tile/0/005.p/0",
        "tile/0/005.p/256",
        "tile/0/005.p/05",
        "tile/0/+05",
        "tile/0/001/005",
        "tile/0/x001/x005",
        "tile/0/005/",
        "/tile/0/005",
        "tile/entries/005",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/7/x001/000",
    ] {
        assert_eq!(bad.parse::<Tile>(), Err(TileError::Path), "{bad}");
    }
}

#[test]
fn tiles_no_tree_can_have_do_not_exist() {
    assert_eq!(Tile::new(0, 0, 0), None);
    assert_eq!(Tile::new(0, 0, 257), None);
    assert_eq!(Tile::new(8, 0, 1), None);
    assert_eq!(Tile::new(255, 0, 1), None);
    assert_eq!(Tile::new(0, u64::MAX, 1), None);
    assert_eq!(Tile::in_tree(0, u64::MAX, 5), None);
    assert_eq!(Tile::in_tree(255, 0, u64::MAX), None);
    assert_eq!(Tile::in_tree(0, 1, 256), None);
    assert_eq!(Tile::in_tree(0, 1, 257), Tile::new(0, 1, 1));
}

#[test]
fn bytes_are_the_hashes_of_the_tree() {
    let tree = tree(66_000);
    let zero = Tile::in_tree(0, 3, 66_000).unwrap();
    let bytes = zero.bytes(&tree).unwrap();
    assert_eq!(bytes.len(), 8192);
    let hashes: Vec<_> = bytes.as_chunks::<32>().0.to_vec();
    assert_eq!(hashes[0], leaf_hash(&768_u64.to_be_bytes()));
    let one = Tile::in_tree(1, 0, 66_000).unwrap().bytes(&tree).unwrap();
    assert_eq!(one[3 * 32..4 * 32], perfect_root(&hashes).unwrap());
    let beyond = Tile::new(0, 257, 256).unwrap();
    assert_eq!(beyond.bytes(&tree), Err(TileError::MissingNode { level: 0, index: 66_000 }));
}

#[test]
fn bundles_put_a_length_before_each_entry() {
    let bundle = entry_bundle([&b"ab"[..], b"", b"c"]).unwrap();
    assert_eq!(bundle, b"\x00\x02ab\x00\x00\x00\x01c");
    let long = vec![0; 65_536];
    assert_eq!(entry_bundle([long.as_slice()]), Err(TileError::Entry { bytes: 65_536 }));
}

proptest! {
    #[test]
    fn paths_round_trip(level in 0..=TILE_LEVEL_MAX, index in 0_u64..1 << 50, width in 1..=TILE_WIDTH) {
        if let Some(tile) = Tile::new(level, index, width) {
            prop_assert_eq!(tile.to_string().parse(), Ok(tile));
        }
    }

    #[test]
    fn strangers_never_panic(path in "tile/[0-9]{1,3}/[x0-9/.p+]{0,30}") {
        if let Ok(tile) = path.parse::<Tile>() {
            prop_assert_eq!(tile.to_string(), path);
        }
    }

    /// Writing what changed after every growth leaves the same files as writing all at the end.
    #[test]
    fn growth_touches_what_it_must(old in 0_u64..80_000, more in 0_u64..80_000) {
        let size = old + more;
        let mut files: std::collections::BTreeSet<Tile> = Tile::all(old).collect();
        files.extend(Tile::range(old, size));
        prop_assert!(Tile::all(size).all(|tile| files.contains(&tile)));
        let known: std::collections::BTreeSet<Tile> = Tile::all(old).collect();
        prop_assert!(Tile::range(old, size).all(|tile| !known.contains(&tile)));
    }
}
