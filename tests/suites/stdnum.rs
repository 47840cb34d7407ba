//! Suite `stdnum`: an opinion that is not ours on credit codes and citizen ids, from `python-stdnum`.
//!
//! Every registering department and kind, areas of today and abolished ones, and each number again
//! with one character changed in each place. The two must agree, but for what is known of
//! python-stdnum 2.1 and listed here as it is; when it changes, this fails and the list gets shorter:
//!
//! 1. it wants eight digits in front of a credit code and so rejects departments A, N and Y;
//! 2. it does not know the departments and kinds, so it takes first pairs that name none;
//! 3. it looks a citizen id's area up in a list without the abolished ones (GB 11643's own example).
//!
//! It also drops spaces and hyphens and raises lower case before it looks: only plain upper-case text
//! is put to it.

#![cfg(test)]

use std::io::Write;
use std::process::{Command, Stdio};

use record::identifier::{CitizenIdError, UsccError};
use record::{CitizenId, Uscc};
use suites::process::{python_program, tree_root};

/// What it says of each line.
fn verdicts(lines: &[String]) -> Vec<String> {
    let mut child = Command::new(python_program("python"))
        .arg(tree_root().join("tests/python/verdicts.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`cargo xtask test --suite stdnum` makes the environment");
    let mut stdin = child.stdin.take().unwrap();
    let input = lines.join("\n");
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let told: Vec<_> =
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(told.len(), lines.len(), "a verdict for each line");
    told
}

/// Seventeen characters each: every first pair in several areas, under invented organisations.
fn codes() -> Vec<String> {
    let mut number = 1_u64;
    let mut bodies = Vec::new();
    for department in "123456789ANY".chars() {
        for kind in "123459".chars() {
            for area in ["220102", "220381", "100000", "330283"] {
                number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let organisation: String = (0..9)
                    .map(|place| {
                        ALPHABET[usize::try_from(number >> (place * 6) & 31).unwrap() % 31]
                    })
                    .map(char::from)
                    .collect();
                bodies.push(format!("{department}{kind}{area}{organisation}"));
            }
        }
    }
    bodies
}

/// The text with each place turned into the next character of the alphabet.
fn changed(text: &str, alphabet: &[u8]) -> Vec<String> {
    let mut all = Vec::new();
    for place in 0..text.len() {
        let mut bytes = text.as_bytes().to_vec();
        let value = alphabet.iter().position(|byte| *byte == bytes[place]).unwrap();
        bytes[place] = alphabet[(value + 1) % alphabet.len()];
        all.push(String::from_utf8(bytes).unwrap());
    }
    all
}

#[test]
fn credit_codes_are_judged_alike() {
    let mut texts = Vec::new();
    for body in codes() {
        let check = ALPHABET.iter().map(|byte| format!("{body}{}", char::from(*byte)));
        let fitting =
            check.filter(|text| !matches!(text.parse::<Uscc>(), Err(UsccError::Check { .. })));
        let fitting: Vec<_> = fitting.collect();
        for text in &fitting[..1] {
            texts.extend(changed(text, ALPHABET));
        }
        texts.extend(fitting);
    }
    let lines: Vec<_> = texts.iter().map(|text| format!("uscc {text}")).collect();
    let (mut valid, mut invalid, mut unknown_to_it, mut unknown_to_us) = (0, 0, 0, 0);
    for (text, told) in texts.iter().zip(verdicts(&lines)) {
        let lettered = text.starts_with(['A', 'N', 'Y']);
        match (text.parse::<Uscc>(), told.as_str()) {
            (Ok(_), "ok") if !lettered => valid += 1,
            (Ok(_), "InvalidFormat") if lettered => unknown_to_it += 1,
            (Err(UsccError::Category), _) => unknown_to_us += 1,
            (Err(_), "InvalidChecksum" | "InvalidFormat") => invalid += 1,
            (ours, told) => panic!("{text}: {ours:?}, python-stdnum: {told}"),
        }
    }
    assert!(
        valid > 90 && invalid > 1500 && unknown_to_it > 20 && unknown_to_us > 1000,
        "{valid} {invalid} {unknown_to_it} {unknown_to_us}"
    );
}

#[test]
fn citizen_ids_are_judged_alike() {
    let mut texts = Vec::new();
    for (area, known) in [("220102", true), ("110105", true), ("440524", false)] {
        for day in ["19490101", "20000229", "19991231", "20010229", "19901301"] {
            for serial in ["000", "014", "999"] {
                let body = format!("{area}{day}{serial}");
                let all = DIGITS.iter().map(|byte| format!("{body}{}", char::from(*byte)));
                texts.extend(all.chain([format!("{body}X")]).map(|text| (text, known)));
            }
        }
    }
    let lines: Vec<_> = texts.iter().map(|(text, _)| format!("citizen_id {text}")).collect();
    let (mut valid, mut unknown_to_it) = (0, 0);
    for ((text, known), told) in texts.iter().zip(verdicts(&lines)) {
        match (text.parse::<CitizenId>(), told.as_str()) {
            (Ok(_), "ok") if *known => valid += 1,
            (Ok(_), "InvalidComponent") if !known => unknown_to_it += 1,
            (Err(CitizenIdError::Check), "InvalidChecksum")
            | (Err(CitizenIdError::Date), "InvalidComponent" | "InvalidChecksum") => {}
            (ours, told) => panic!("{text}: {ours:?}, python-stdnum: {told}"),
        }
    }
    assert_eq!((valid, unknown_to_it), (18, 9));
}

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const DIGITS: &[u8; 10] = b"0123456789";
