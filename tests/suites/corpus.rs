//! Suite `corpus`: the bytes the fuzzer found interesting, and those we thought of, break nothing.
//!
//! The functions are the fuzzer's own (`fuzz/src/lib.rs`); no fuzzer is needed here. A finding of
//! `cargo xtask fuzz` is fixed with its bytes put into `fuzz/corpus`, and then stays fixed.

#![cfg(test)]

#[expect(unreachable_pub, reason = "the same file is the library of fuzz/")]
#[path = "../../fuzz/src/lib.rs"]
mod targets;

use std::fs;

use suites::halls;
use suites::process::tree_root;

#[test]
fn no_kept_bytes_break_a_target() {
    for (name, target) in targets::TARGETS {
        let folder = tree_root().join("fuzz/corpus").join(name);
        let files = halls::files(&folder).unwrap();
        assert!(files.len() >= 3, "{name} has next to no corpus");
        for file in files {
            target(&fs::read(&file).unwrap());
        }
    }
}

/// A target that nobody runs would look like one that finds nothing.
#[test]
fn each_target_is_a_binary_of_the_fuzzer() {
    let manifest = fs::read_to_string(tree_root().join("fuzz/Cargo.toml")).unwrap();
    assert_eq!(manifest.matches("[[bin]]").count(), targets::TARGETS.len());
    for (name, _) in targets::TARGETS {
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
    }
}
