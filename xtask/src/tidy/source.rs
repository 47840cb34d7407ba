//! The shape of a source file.

use super::floors::starts_word;
use super::{File, Finding};

/// Checks one Rust file.
pub(super) fn check(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !file.text.starts_with("//!") {
        let way_out = "say what the file is, why so, and what is deliberately absent";
        findings.push(file.find(1, "essay", "the file does not open with //!", way_out));
    }
    let lines = file.text.lines().count();
    if lines > LINES_MAX {
        let what = format!("{lines} lines, {LINES_MAX} at most");
        findings.push(file.find(LINES_MAX + 1, "length", &what, "one idea per file: split it"));
    }
    if file.path.ends_with("/mod.rs") {
        findings.push(file.find(1, "mod-rs", "mod.rs", "name it foo.rs beside foo/"));
    }
    findings.extend(marks(file));
    findings.extend(attributes(file));
    findings
}

/// Marks of unfinished work, anywhere; sleeps, in tests.
fn marks(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    for (at, line) in file.text.lines().enumerate() {
        for word in words {
            let found = line.match_indices(word).any(|(start, _)| {
                let rest = &line[start + word.len()..];
                starts_word(line, start) && !rest.starts_with("(#") && !continues(rest)
            });
            if found {
                let way_out = "finish it, or name the issue: (#N)";
                findings.push(file.find(at + 1, "unfinished", word, way_out));
            }
        }
    }
    let sleeps = [concat!("thread::", "sleep("), concat!("time::", "sleep(")];
    for (line, code) in file.code().skip(file.tests_from() - 1) {
        if sleeps.iter().any(|sleep| code.contains(sleep)) {
            let way_out = "wait for a level: eventually(deadline, what, || …)";
            findings.push(file.find(line, "sleep", "a test sleeps", way_out));
        }
    }
    findings
}

/// Attributes that switch something off.
fn attributes(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let switches = [concat!("#[", "allow("), concat!("#![", "allow(")];
    let ignores = [concat!("#[", "ignore]"), concat!("#[", "ignore =")];
    for (line, code) in file.code() {
        let code = code.trim_start();
        if switches.iter().any(|switch| code.starts_with(switch)) {
            let attribute: String = file.text.lines().skip(line - 1).take(REASON_WITHIN).collect();
            let attribute = attribute.split(")]").next().unwrap_or_default();
            if !attribute.contains("reason = ") {
                let way_out = "add reason = \"…\", better: #[expect(…)]";
                findings.push(file.find(line, "allow", "a lint is off without a reason", way_out));
            }
        }
        if ignores.iter().any(|ignore| code.starts_with(ignore)) {
            let way_out = "make it pass, or make it a drill";
            findings.push(file.find(line, "ignore", "a test is skipped", way_out));
        }
    }
    findings
}

fn continues(rest: &str) -> bool {
    rest.starts_with(|next: char| next.is_alphanumeric() || next == '_')
}

/// Lines of a file, tests included.
const LINES_MAX: usize = 450;
/// Lines within which an attribute ends.
const REASON_WITHIN: usize = 12;

#[cfg(test)]
mod tests {
    use super::super::{fixture, rules};
    use super::*;

    fn found(path: &str, text: &str) -> Vec<(usize, &'static str)> {
        rules(&check(&fixture(path, text)))
    }

    #[test]
    fn a_good_file_passes() {
        let text = "//! What it is.\n#[allow(dead_code, reason = \"why\")]\nfn a() {}\n";
        assert_eq!(found("crates/record/src/a.rs", text), []);
    }

    #[test]
    fn shape() {
        assert_eq!(found("crates/a/src/a.rs", "fn a() {}\n"), [(1, "essay")]);
        assert_eq!(found("crates/a/src/a/mod.rs", "//! A.\n"), [(1, "mod-rs")]);
        let long = format!("//! A.\n{}", "\n".repeat(LINES_MAX));
        assert_eq!(found("crates/a/src/a.rs", &long), [(LINES_MAX + 1, "length")]);
    }

    #[test]
    fn unfinished_work_names_its_issue() {
        let mark = concat!("TO", "DO");
        let text =
            format!("//! A.\n// {mark}: later\n// {mark}(#7): later\nconst {mark}S: u8 = 1;\n");
        assert_eq!(found("crates/a/src/a.rs", &text), [(2, "unfinished")]);
    }

    #[test]
    fn tests_do_not_sleep() {
        let call = concat!("std::thread::", "sleep(d);");
        let text = format!("//! A.\n{call}\n#[cfg(test)]\nmod tests {{ fn a() {{ {call} }} }}\n");
        assert_eq!(found("crates/a/src/a.rs", &text), [(4, "sleep")]);
        let whole = format!("//! A.\n{call}\n");
        assert_eq!(found("crates/a/src/a/tests.rs", &whole), [(2, "sleep")]);
        assert_eq!(found("tests/suites/a.rs", &whole), [(2, "sleep")]);
    }

    #[test]
    fn nothing_is_switched_off_in_silence() {
        let bare = concat!("#[", "allow(dead_code)]");
        let long = concat!("#![", "allow(\n  dead_code,\n  reason = \"why\"\n)]");
        let text = format!("//! A.\n{bare}\n{long}\n{}\n", concat!("#[", "ignore]"));
        assert_eq!(found("crates/a/src/a.rs", &text), [(2, "allow"), (7, "ignore")]);
    }
}
