//! The table of suites: one row each.
//!
//! To add a suite of processes: write `tests/suites/NAME.rs`, declare it as `[[test]]` in
//! `tests/Cargo.toml`, and add a row here. What it needs beyond Rust is named in the row and fetched
//! before anything starts. The time limit of a row is no measure of speed: it ends what hangs.

use std::time::Duration;

use super::needs::{APT_GO, APT_GO_MOD, APT_PYTHON, Apt};

/// One row.
pub(super) struct Suite {
    /// Its name, as in `--suite NAME`.
    pub(super) name: &'static str,
    /// What it shows.
    pub(super) what: &'static str,
    /// Debian packages it needs.
    pub(super) apt: &'static [&'static Apt],
    /// Packages of `PyPI` it needs, pinned.
    pub(super) pypi: &'static [&'static str],
    /// How it runs.
    pub(super) run: Run,
    /// Minutes after which a run of it is killed, builds included.
    pub(super) minutes: u64,
}

impl Suite {
    /// The time limit of each of its runs.
    pub(super) fn limit(&self) -> Duration {
        Duration::from_mins(self.minutes)
    }
}

/// How a suite runs.
pub(super) enum Run {
    /// All tests beside the code, then the doc-tests.
    Unit,
    /// The test binary of the suite's name in the crate `suites`, with `hallway` built before.
    Tests,
    /// A program of the `PyPI` environment, in the root of the tree; exit 0 is a pass.
    Python(&'static str, &'static [&'static str]),
    /// A binary of the crate `suites`, once per round.
    Drill(&'static str, &'static [Round]),
}

/// One run of a drill.
pub(super) struct Round {
    /// Its arguments.
    pub(super) words: &'static [&'static str],
    /// The exit it must end with: 0 it holds, 1 the answer is no.
    pub(super) exit: i32,
}

/// The cargo calls of `Run::Unit`: every crate's tests, the harness's own, the doc-tests. The process
/// suites are left out by naming targets, not packages: another choice of packages is another choice
/// of features, and everything would be built twice. They have rows of their own.
pub(super) fn unit_calls(nextest: bool) -> Vec<Vec<&'static str>> {
    let runner: &[&str] = if nextest { &["nextest", "run"] } else { &["test"] };
    let tests =
        |selection: &[&'static str]| [runner, &["--locked", "--no-fail-fast"], selection].concat();
    vec![
        tests(&["--workspace", "--lib", "--bins", "--examples"]),
        vec!["test", "--locked", "--no-fail-fast", "--workspace", "--doc"],
    ]
}

/// Every suite, in the order in which it runs: what fails fast first.
pub(super) const SUITES: &[Suite] = &[
    Suite {
        name: "unit",
        what: "tests beside the code, doc-tests",
        apt: &[],
        pypi: &[],
        run: Run::Unit,
        minutes: 25,
    },
    Suite {
        name: "schema",
        what: "proto/ under buf lint STANDARD and COMMENTS",
        apt: &[&APT_PYTHON],
        pypi: &["buf-bin==1.75.0"],
        run: Run::Python("buf", &["lint", "proto"]),
        minutes: 2,
    },
    Suite {
        name: "evolution",
        what: "proto/ breaks nothing of the last release: no number, name, type or file",
        apt: &[&APT_PYTHON],
        pypi: &["buf-bin==1.75.0"],
        run: Run::Python("buf", &["breaking", "proto", "--against", RELEASED]),
        minutes: 2,
    },
    Suite {
        name: "smoke",
        what: "two halls link, submit, follow, prove, stop",
        apt: &[],
        pypi: &[],
        run: Run::Tests,
        minutes: 10,
    },
    Suite {
        name: "lifecycle",
        what: "revisions, rulings and handovers take effect in order, whoever was away",
        apt: &[],
        pypi: &[],
        run: Run::Tests,
        minutes: 10,
    },
    Suite {
        name: "identity",
        what: "wrong, expired, revoked certificates and unknown halls are refused by name",
        apt: &[],
        pypi: &[],
        run: Run::Tests,
        minutes: 10,
    },
    Suite {
        name: "outbox",
        what: "deleted and damaged link memory is rebuilt without loss",
        apt: &[],
        pypi: &[],
        run: Run::Tests,
        minutes: 10,
    },
    Suite {
        name: "cases",
        what: "a case through its states, its permit at the province, illegal steps refused",
        apt: &[],
        pypi: &[],
        run: Run::Tests,
        minutes: 10,
    },
    Suite {
        name: "import",
        what: "files into a running hall and out again: each row in one place, to whom it may go",
        apt: &[],
        pypi: &[],
        run: Run::Tests,
        minutes: 10,
    },
    Suite {
        name: "corrupt",
        what: "damage to synced bytes is named by segment and offset",
        apt: &[],
        pypi: &[],
        run: Run::Tests,
        minutes: 10,
    },
    Suite {
        name: "grpcio",
        what: "Python, from reflection alone, submits, follows, reads status",
        apt: &[&APT_PYTHON],
        pypi: &["grpcio==1.85.1", "grpcio-reflection==1.85.1", "protobuf==7.36.2"],
        run: Run::Tests,
        minutes: 10,
    },
    Suite {
        name: "limits",
        what: "over the rate, a full house, too large, too late: the limit is named, others are served",
        apt: &[],
        pypi: &[],
        run: Run::Tests,
        minutes: 10,
    },
    Suite {
        name: "foreign",
        what: "verifiers not ours accept seals, receipts, proofs, and reject changed ones",
        apt: &[&APT_PYTHON, &APT_GO, &APT_GO_MOD],
        pypi: &["aics-tlog==0.2.1", "cryptography==50.0.2"],
        run: Run::Tests,
        minutes: 10,
    },
    Suite {
        name: "stdnum",
        what: "credit codes and citizen ids, judged by python-stdnum as by us",
        apt: &[&APT_PYTHON],
        pypi: &["python-stdnum==2.1"],
        run: Run::Tests,
        minutes: 10,
    },
    Suite {
        name: "corpus",
        what: "the fuzzers' kept bytes break no parser and no importer",
        apt: &[],
        pypi: &[],
        run: Run::Tests,
        minutes: 10,
    },
    Suite {
        name: "future",
        what: "a later version's fields pass three halls byte for byte, and are told of",
        apt: &[],
        pypi: &[],
        run: Run::Tests,
        minutes: 10,
    },
    Suite {
        name: "readme",
        what: "the walk of the README as written",
        apt: &[],
        pypi: &[],
        run: Run::Tests,
        minutes: 10,
    },
    Suite {
        name: "demo",
        what: "the main job: seven halls under faults, nothing lost",
        apt: &[],
        pypi: &[],
        run: Run::Tests,
        minutes: 10,
    },
    Suite {
        name: "sim-short",
        what: "the simulator: zeros over its seeds, and each broken rule is noticed",
        apt: &[],
        pypi: &[],
        run: Run::Drill("sim", SIM_SHORT),
        minutes: 10,
    },
    Suite {
        name: "crash-short",
        what: "SIGKILL while submitting: none missing",
        apt: &[],
        pypi: &[],
        run: Run::Drill("crash", &[Round { words: &["--rounds", "3", "--json"], exit: 0 }]),
        minutes: 10,
    },
    Suite {
        name: "bench-short",
        what: "a hall at rest, before a dead peer and under a large file stays small",
        apt: &[],
        pypi: &[],
        run: Run::Drill("bench", BENCH_SHORT),
        minutes: 10,
    },
];

/// The schema as last released. buf compares by its strictest rules, `FILE`: ledgers keep bytes for
/// ever (numbers, types), lines of JSON are kept by systems (names), and integrators import generated
/// modules by file (places). `CONTRIBUTING.md` says how a release renews it.
const RELEASED: &str = "proto/released/v1.binpb";

const SIM_SHORT: &[Round] = &[
    Round { words: &["--seeds", "60", "--from", "1", "--json"], exit: 0 },
    Round { words: &["--seeds", "400", "--break", "ack-before-fsync", "--json"], exit: 1 },
    Round { words: &["--seeds", "400", "--break", "durable-before-fsync", "--json"], exit: 1 },
    Round { words: &["--seeds", "400", "--break", "stub-wins", "--json"], exit: 1 },
    Round { words: &["--seeds", "400", "--break", "no-want", "--json"], exit: 1 },
];

const BENCH_SHORT: &[Round] = &[
    Round { words: &["idle", "--json"], exit: 0 },
    Round { words: &["backlog", "--entries", "20000", "--json"], exit: 0 },
    Round { words: &["import", "--rows", "20000", "--json"], exit: 0 },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_once_and_test_suites_are_declared() {
        let manifest = include_str!("../../../tests/Cargo.toml");
        let mut names = BTreeSet::new();
        for suite in SUITES {
            assert!(names.insert(suite.name), "{} stands twice", suite.name);
            let declared = manifest.contains(&format!("path = \"suites/{}.rs\"", suite.name));
            assert_eq!(declared, matches!(suite.run, Run::Tests), "[[test]] {}", suite.name);
        }
    }

    #[test]
    fn pypi_packages_are_pinned() {
        for package in SUITES.iter().flat_map(|suite| suite.pypi) {
            assert!(package.contains("=="), "{package}");
        }
    }
}
