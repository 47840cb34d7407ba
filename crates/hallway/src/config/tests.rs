//! The template says the real defaults; errors name key and line.

use super::raw::Peer;
use super::*;

fn template() -> String {
    render(&Template {
        hall: "220100".to_owned(),
        name: "长春市".to_owned(),
        domain: "jilin.example".to_owned(),
        root_ledger: "jilin.example/hallway/220000/acts/1".to_owned(),
        root_key: "jilin.example/hallway/220000+00000000+AAAA".to_owned(),
        grpc: "127.0.0.1:1".to_owned(),
        link: "127.0.0.1:2".to_owned(),
        peers: vec![Peer { hall: "220000".to_owned(), endpoint: Some("127.0.0.1:3".to_owned()) }],
    })
}

/// Uncommenting every default changes nothing.
#[test]
fn commented_defaults_are_the_real_ones() {
    let uncommented: String = template()
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.contains(" = ") && !rest.starts_with('`') => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let plain: Raw = toml::from_str(&template()).unwrap();
    let full: Raw = toml::from_str(&uncommented).unwrap();
    assert_eq!(plain, full);
    assert!(uncommented.lines().filter(|line| line.contains(" = ")).count() > 25);
}

#[test]
fn a_written_hall_reads_back() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("hallway.toml"), template()).unwrap();
    let settings = read(dir.path()).unwrap();
    assert_eq!(settings.hall.as_str(), "220100");
    assert_eq!(settings.peers.len(), 1);
}

#[test]
fn errors_name_line_key_and_way_out() {
    let wrong = |from: &str, to: &str| {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("hallway.toml"), template().replace(from, to)).unwrap();
        let errors = read(dir.path()).unwrap_err();
        errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    let text = wrong("id = \"220100\"", "id = \"长春\"");
    assert!(text.contains("line 5") && text.contains("hall.id"), "{text}");
    let text = wrong("listen = \"127.0.0.1:2\"", "listen = \"nowhere\"");
    assert!(text.contains("link.listen"), "{text}");
    let text = wrong("[submission]", "[submission]\nprofiles = [\"cn-3\"]");
    assert!(text.contains("submission.profiles") && text.contains("cn-legacy"), "{text}");
    let text = wrong("[submission]", "[submission]\nprofiles = []");
    assert!(text.contains("submission.profiles"), "{text}");
    let text = wrong("[keys]", "[keys]\nescrow = \"x\"");
    assert!(text.contains(r#": escrow = "\"x\"": unknown field"#), "{text}");
}
