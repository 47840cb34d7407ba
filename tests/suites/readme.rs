//! Suite `readme`: the walk of the README, run as it is written.
//!
//! Every block marked `sh walk` goes into one shell, in order, in a directory to throw away, with the
//! built binary first on the path. A command that fails ends the walk.

#![cfg(test)]

use std::ffi::OsString;
use std::fs;
use std::process::Command;

use suites::process::{binary, run, tree_root};

/// The blocks of a text that are marked `sh walk`.
fn walk(text: &str) -> String {
    let mut inside = false;
    let mut script = String::new();
    for line in text.lines() {
        match (inside, line.trim_end()) {
            (false, "```sh walk") => inside = true,
            (true, "```") => inside = false,
            (true, line) => {
                script.push_str(line);
                script.push('\n');
            }
            (false, _) => {}
        }
    }
    script
}

#[test]
fn the_walk_of_the_readme_works_as_written() {
    let script = walk(&fs::read_to_string(tree_root().join("README.md")).unwrap());
    for word in ["init", "serve", "submit", "follow", "status", "kill -KILL", "prove", "verify"] {
        assert!(script.contains(word), "the walk shows {word}");
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("walk.sh");
    // Whoever is still there at the end was started by the walk.
    let prologue =
        "set -eu -o pipefail\ntrap 'kill -KILL $(jobs -p) 2>/dev/null || true' EXIT\nset -x\n";
    fs::write(&path, format!("{prologue}{script}")).unwrap();

    let program = binary("hallway");
    let mut search = OsString::from(program.parent().unwrap());
    search.push(":");
    #[expect(clippy::disallowed_methods, reason = "the walk's shell needs the path we were given")]
    search.push(std::env::var("PATH").unwrap());
    // `timeout` makes a group of its own and ends all of it.
    let mut command = Command::new("timeout");
    command.args(["--kill-after=10", "300", "bash"]).arg(&path);
    let answer = run(command.current_dir(directory.path()).env("PATH", search)).unwrap();
    let mut logs = String::new();
    if answer.code != Some(0) {
        for hall in ["220000", "220100"] {
            let log = fs::read_to_string(directory.path().join(format!("{hall}.log")));
            logs.push_str(&log.unwrap_or_default());
        }
    }
    assert_eq!(answer.code, Some(0), "{}\n{}\n{logs}", answer.stdout, answer.stderr);
}

#[test]
fn blocks_are_taken_as_marked() {
    let text = "a\n```sh\nno\n```\n```sh walk\none\n```\nb\n```sh walk\ntwo\n\nthree\n```\n";
    assert_eq!(walk(text), "one\ntwo\n\nthree\n");
}
