//! Tlog proofs: round trips, and every way to be nearly one.

use super::*;
use crate::receipt::cosign;
use crate::signer::{Signer, Software};
use crate::tree::Levels;

fn ledger() -> LedgerName {
    "jilin.example/hallway/220100/records/1".parse().unwrap()
}

fn key() -> Software {
    Software::from_seed(&[7; 32])
}

fn leaf(index: u64) -> [u8; 40] {
    [u8::try_from(index).unwrap(); 40]
}

fn tree() -> Levels {
    (0..100).map(|index| leaf_hash(&leaf(index))).collect()
}

fn seal() -> Seal {
    Seal::sign(&ledger(), 100, tree().root(), &key()).unwrap()
}

#[test]
fn proofs_travel_as_text() {
    for index in [0, 1, 63, 64, 99] {
        let mut proof = TlogProof::prove(&tree(), index, &seal()).unwrap();
        for extra in [vec![], b"anything".to_vec()] {
            proof.extra = extra;
            let read: TlogProof = proof.to_string().parse().unwrap();
            assert_eq!(read, proof);
            assert_eq!(read.verify(&leaf(index), &ledger(), &key().public()), Ok(seal()));
        }
    }
    assert!(TlogProof::prove(&tree(), 100, &seal()).is_err());
}

#[test]
fn golden_form() {
    let levels: Levels = (0..2).map(|index| leaf_hash(&leaf(index))).collect();
    let seal = Seal::sign(&ledger(), 2, levels.root(), &key()).unwrap();
    let mut proof = TlogProof::prove(&levels, 1, &seal).unwrap();
    proof.extra = b"age".to_vec();
    let expected = format!(
        "c2sp.org/tlog-proof@v1\nextra YWdl\nindex 1\n{}\n\n{}",
        format_hash(&leaf_hash(&leaf(0))),
        seal.note()
    );
    assert_eq!(proof.to_string(), expected);
}

#[test]
fn a_tree_of_one_leaf_needs_no_hashes() {
    let levels: Levels = [leaf_hash(&leaf(5))].into_iter().collect();
    let seal = Seal::sign(&ledger(), 1, levels.root(), &key()).unwrap();
    let text = TlogProof::prove(&levels, 0, &seal).unwrap().to_string();
    assert!(text.starts_with("c2sp.org/tlog-proof@v1\nindex 0\n\njilin.example/"), "{text}");
    let proof: TlogProof = text.parse().unwrap();
    assert_eq!(proof.verify(&leaf(5), &ledger(), &key().public()), Ok(seal));
}

#[test]
fn cosignatures_ride_along() {
    let mut proof = TlogProof::prove(&tree(), 7, &seal()).unwrap();
    let holder = Software::from_seed(&[9; 32]);
    let line = cosign(&seal(), "jilin.example/hallway/220000/holder", 1, &holder).unwrap();
    proof.checkpoint = format!("{}{line}\n", proof.checkpoint);
    let read: TlogProof = proof.to_string().parse().unwrap();
    assert_eq!(read.verify(&leaf(7), &ledger(), &key().public()), Ok(seal()));
}

#[test]
fn what_is_wrong_is_named() {
    let proof = TlogProof::prove(&tree(), 7, &seal()).unwrap();
    let public = key().public();
    let next = ledger().next_generation();
    assert_eq!(proof.verify(&leaf(7), &next, &public), Err(VerifyTlogProofError::OtherLedger));
    let error = proof.verify(&leaf(8), &ledger(), &public);
    assert_eq!(error, Err(VerifyTlogProofError::Inclusion(ProofError::OtherRoot)));
    let error = proof.verify(&leaf(7), &ledger(), &[1; 32]);
    assert_eq!(error, Err(VerifyTlogProofError::Seal(VerifySealError::OtherKey)));

    let text = proof.to_string();
    let hash = format_hash(&[0; 32]);
    let cases = [
        (text.replace("@v1", "@v2"), ParseTlogProofError::Title),
        (text.replace("\n\n", "\n"), ParseTlogProofError::NoCheckpoint),
        (text.replace("index 7", "index 07"), ParseTlogProofError::Index),
        (text.replace("index 7\n", ""), ParseTlogProofError::Index),
        (text.replace("index", "extra \nindex"), ParseTlogProofError::Extra),
        (text.replace("index", "extra ?\nindex"), ParseTlogProofError::Extra),
        (text.replace("index 7\n", "index 7\nAAAA\n"), ParseTlogProofError::Hash),
        (
            text.replace("index 7\n", &format!("index 7\n{}", format!("{hash}\n").repeat(65))),
            ParseTlogProofError::Hash,
        ),
        ("x".repeat(1 << 20), ParseTlogProofError::TooLong { bytes: 1 << 20 }),
    ];
    for (text, error) in cases {
        assert_eq!(text.parse::<TlogProof>(), Err(error), "{text:.300}");
    }
}

#[test]
fn no_changed_byte_survives() {
    let text = TlogProof::prove(&tree(), 7, &seal()).unwrap().to_string();
    for place in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[place] ^= 1;
        let Some(proof) =
            String::from_utf8(bytes).ok().and_then(|text| text.parse::<TlogProof>().ok())
        else {
            continue;
        };
        assert!(proof.verify(&leaf(7), &ledger(), &key().public()).is_err(), "byte {place}");
    }
}
