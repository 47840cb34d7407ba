//! Notes of other houses, and everything that is nearly a note.

use proptest::prelude::*;

use super::*;
use crate::signer::{Software, is_signed};

const GO_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\
    \n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const C2SP_NOTE: &str = "Ognuno sta solo sul cuor della terra\n\
    trafitto da un raggio di sole:\n\
    \n\
    ed è subito sera.\n\
    \n\
    — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

/// The example of Go's `sumdb/note`, with its key.
#[test]
fn verifies_a_note_of_go() {
    let key: VerifierKey = GO_KEY.parse().unwrap();
    let note = Note::parse(GO_NOTE).unwrap();
    let signature = note.signature_by(&key).unwrap().first_chunk().unwrap();
    assert!(is_signed(&key.public, note.text.as_bytes(), signature));
    assert_eq!(note.to_string(), GO_NOTE);
}

/// The example of the C2SP text: a blank line inside the signed text.
#[test]
fn the_last_blank_line_ends_the_text() {
    let note = Note::parse(C2SP_NOTE).unwrap();
    assert!(note.text.ends_with("sole:\n\ned è subito sera.\n"));
    assert_eq!(note.signatures.len(), 1);
    assert_eq!(note.to_string(), C2SP_NOTE);
}

#[test]
fn what_we_sign_parses_and_names_the_key() {
    let signer = Software::from_seed(&[7; 32]);
    let note = Note::sign("one\n\ntwo\n".into(), "hall.example/x", &signer).unwrap();
    assert_eq!(Note::parse(&note.to_string()), Ok(note.clone()));
    let key = VerifierKey::new("hall.example/x", ALGORITHM_ED25519, signer.public()).unwrap();
    assert!(note.signature_by(&key).is_some());
    let other = VerifierKey::new("hall.example/y", ALGORITHM_ED25519, signer.public()).unwrap();
    assert!(note.signature_by(&other).is_none());
}

#[test]
fn refuses_what_is_no_note() {
    let line = "\u{2014} a.example AAAAAAA=\n";
    let good = format!("text\n\n{line}");
    assert!(Note::parse(&good).is_ok());
    let many = |count: usize| {
        let lines = (0..count).map(|n| format!("\u{2014} a{n}.example AAAAAAA=\n"));
        format!("text\n\n{}", lines.collect::<String>())
    };
    assert!(Note::parse(&many(NOTE_SIGNATURES_MAX)).is_ok());
    let long = "x".repeat(NOTE_BYTES_MAX + 1);
    let cases = [
        (String::new(), NoteError::NoBlankLine),
        ("text\n".into(), NoteError::NoBlankLine),
        (format!("text\n{line}"), NoteError::NoBlankLine),
        ("text\n\n".into(), NoteError::NoSignature),
        (format!("\n\n{line}"), NoteError::NoText),
        (good.trim_end().into(), NoteError::NoSignature),
        (good.replace("text", "te\txt"), NoteError::ControlCharacter),
        (good.replace("text\n", "text\r\n"), NoteError::ControlCharacter),
        (good.replace('\u{2014}', "-"), NoteError::Signature { number: 0 }),
        (good.replace("a.example", ""), NoteError::Signature { number: 0 }),
        (good.replace("a.example", "a+b"), NoteError::Signature { number: 0 }),
        (good.replace("a.example", "a\u{2003}b"), NoteError::Signature { number: 0 }),
        (good.replace("AAAAAAA=", "AAAAAA=="), NoteError::Signature { number: 0 }),
        (good.replace("AAAAAAA=", "AAAAAAA"), NoteError::Signature { number: 0 }),
        (good.replace("AAAAAAA=", "AAAAAAB="), NoteError::Signature { number: 0 }),
        (good.replace("AAAAAAA=", "AAAAAAA= "), NoteError::Signature { number: 0 }),
        (format!("{good}{line}"), NoteError::Repeated { number: 1 }),
        (format!("{good}more\n"), NoteError::Signature { number: 1 }),
        (many(NOTE_SIGNATURES_MAX + 1), NoteError::TooManySignatures),
        (long.clone(), NoteError::TooLong { bytes: long.len() }),
    ];
    for (note, error) in cases {
        assert_eq!(Note::parse(&note), Err(error), "{note:.200}");
    }
}

#[test]
fn numbers_have_one_spelling() {
    assert_eq!(parse_decimal("0"), Some(0));
    assert_eq!(parse_decimal("18446744073709551615"), Some(u64::MAX));
    for bad in ["", "00", "01", "+1", "-1", " 1", "1 ", "１", "18446744073709551616"] {
        assert_eq!(parse_decimal(bad), None, "{bad:?}");
    }
}

fn any_line() -> impl Strategy<Value = SignatureLine> {
    let bytes = prop::collection::vec(any::<u8>(), 1..90);
    ("[a-z./长]{1,20}", any::<[u8; 4]>(), bytes)
        .prop_map(|(name, key_id, signature)| SignatureLine { name, key_id, signature })
}

proptest! {
    #[test]
    fn notes_round_trip(
        text in "[^\u{0}-\u{1f}]{1,20}(\n[^\u{0}-\u{1f}]{0,20}){0,6}\n",
        lines in prop::collection::vec(any_line(), 1..5),
    ) {
        let note = Note { text, signatures: lines };
        let repeats = note.signatures.iter().enumerate().any(|(place, line)| {
            let mut before = note.signatures.iter().take(place);
            before.any(|known| known.is_of(&line.name, line.key_id))
        });
        match Note::parse(&note.to_string()) {
            Ok(parsed) => prop_assert_eq!(parsed, note),
            Err(error) => prop_assert!(repeats, "{}", error),
        }
    }

    #[test]
    fn strangers_never_panic_and_have_one_spelling(
        words in prop::collection::vec(prop_oneof![
            Just("\n".to_owned()), Just("\u{2014} ".to_owned()), Just("a.example ".to_owned()),
            Just("AAAAAAA=".to_owned()), Just("\n\n".to_owned()), ".{0,8}",
        ], 0..24),
    ) {
        let text = words.concat();
        if let Ok(note) = Note::parse(&text) {
            prop_assert_eq!(note.to_string(), text);
        }
    }
}
