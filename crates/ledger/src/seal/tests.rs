//! Seals: the frozen text, and every way to be nearly one.

use proptest::prelude::*;

use super::*;
use crate::proof::{consistency_proof, root};
use crate::signer::{Refusing, Software};
use crate::tree::{Levels, leaf_hash};

fn ledger() -> LedgerName {
    "jilin.example/hallway/220100/records/1".parse().unwrap()
}

fn key() -> Software {
    Software::from_seed(&[7; 32])
}

fn seal() -> Seal {
    Seal::sign(&ledger(), 70_000, leaf_hash(b"root"), &key()).unwrap()
}

/// Frozen by the first release: another text means that no stored seal verifies any more.
#[test]
fn golden_seal() {
    let golden = "jilin.example/hallway/220100/records/1\n\
        70000\n\
        PAb5plclr2BSYfY2ZyyWINQJcx2JpFHXRV/pxK4WeCk=\n\
        \n\
        — jilin.example/hallway/220100/records/1 qc6fbSI2J9k8sEAOUaxfhl7ws6O2/qVK4ZzFr2Yk5BLKb3tYJw9rPEnvqjczHgoV5NLLGu8n638uFPLLUXUym7oMMg0=\n";
    assert_eq!(seal().note(), golden);
}

#[test]
fn seals_round_trip_and_verify() {
    let seal = seal();
    assert_eq!(Seal::parse(seal.note()), Ok(seal.clone()));
    assert_eq!(seal.verify(&key().public()), Ok(()));
    let other = Software::from_seed(&[8; 32]).public();
    assert_eq!(seal.verify(&other), Err(VerifySealError::OtherKey));
    assert!(Seal::sign(&ledger(), 1, [0; 32], &Refusing::new(other)).is_err());
}

#[test]
fn fields_that_were_changed_do_not_verify() {
    let public = key().public();
    let mut other = seal();
    other.size += 1;
    assert_eq!(other.verify(&public), Err(VerifySealError::Signature));
    let mut other = seal();
    other.root[0] ^= 1;
    assert_eq!(other.verify(&public), Err(VerifySealError::Signature));
    let mut other = seal();
    other.ledger = other.ledger.next_generation();
    assert_eq!(other.verify(&public), Err(VerifySealError::OtherKey));
}

#[test]
fn refuses_what_is_no_seal() {
    let good = seal().note().to_owned();
    let sign = |text: &str, name: &str| Note::sign(text.into(), name, &key()).unwrap().to_string();
    let name = ledger().to_string();
    let text = seal().text();
    let root = text.lines().nth(2).unwrap();
    let cases = [
        (sign(&format!("{text}extension\n"), &name), "three lines"),
        (sign("a\nb\n", &name), "three lines"),
        (sign(&format!("{name}\n1\n{root}\n\n"), &name), "three lines"),
        (sign(&text.replace("220100", "长春"), &name), "origin"),
        (sign(&text.replace("70000", "070000"), &name), "size"),
        (sign(&text.replace("70000", "+70000"), &name), "size"),
        (sign(&text.replace("70000", "9223372036854775808"), &name), "size"),
        (sign(&text.replace(root, &root[1..]), &name), "root"),
        (sign(&text.replace(root, "AAAA"), &name), "root"),
        (sign(&text, "jilin.example/hallway/220100/records/2"), "signed once"),
        (format!("{good}\u{2014} other.example AAAAAAA=\n"), "signed once"),
        (format!("{good}\u{2014} {name} AAAAAAA=\n"), "signed once"),
        (good.trim_end().to_owned(), "signed note"),
        (format!("{good}\n"), "signed note"),
        (good.replace('\n', "\r\n"), "signed note"),
    ];
    for (note, why) in cases {
        let error = Seal::parse(&note).unwrap_err().to_string();
        assert!(error.contains(why), "{error}: {note}");
    }
}

#[test]
fn a_cosigned_checkpoint_gives_back_the_bare_seal() {
    let stranger = "\u{2014} witness.example AAAAAAA=\n";
    let (text, line) =
        seal().note().rsplit_once("\n\n").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    for cosigned in [format!("{text}\n\n{line}{stranger}"), format!("{text}\n\n{stranger}{line}")] {
        let (bare, others) = Seal::parse_cosigned(&cosigned).unwrap();
        assert_eq!(bare, seal());
        assert_eq!(others.len(), 1);
        assert_eq!(others[0].name, "witness.example");
    }
}

#[test]
fn no_changed_byte_survives() {
    let good = seal().note().as_bytes().to_vec();
    for place in 0..good.len() {
        for bit in 0..8 {
            let mut bytes = good.clone();
            bytes[place] ^= 1 << bit;
            let verified = String::from_utf8(bytes).ok().and_then(|note| Seal::parse(&note).ok());
            let verified = verified.is_some_and(|seal| seal.verify(&key().public()).is_ok());
            assert!(!verified, "byte {place}, bit {bit}");
        }
    }
}

#[test]
fn a_fork_needs_two_trees_of_one_ledger() {
    let tree = |first: u8| -> Levels { (first..first + 9).map(|n| leaf_hash(&[n])).collect() };
    let (ours, theirs) = (tree(0), tree(1));
    let sign = |size, tree: &Levels| {
        Seal::sign(&ledger(), size, root(tree, size).unwrap(), &key()).unwrap()
    };
    let (older, newer) = (sign(5, &ours), sign(9, &theirs));
    let other_root = root(&theirs, 5).unwrap();
    let proof = consistency_proof(&theirs, 5, 9).unwrap();
    assert!(older.is_contradicted(&newer, &other_root, &proof));
    assert!(sign(9, &ours).is_contradicted(&newer, &newer.root, &[]));

    assert!(!sign(5, &theirs).is_contradicted(&newer, &other_root, &proof), "they agree");
    assert!(!older.is_contradicted(&newer, &older.root, &proof), "no proof for that root");
    assert!(!older.is_contradicted(&newer, &other_root, &proof[1..]), "no proof at all");
    assert!(!newer.is_contradicted(&older, &other_root, &proof), "the wrong way round");
    let next = Seal::sign(&ledger().next_generation(), 9, newer.root, &key()).unwrap();
    assert!(!older.is_contradicted(&next, &other_root, &proof), "two ledgers");
}

proptest! {
    #[test]
    fn any_head_round_trips(size in 0..=TREE_SIZE_MAX, root in any::<Hash>(), generation in 1_u32..) {
        let name = format!("jilin.example/hallway/changbaishan/acts/{generation}");
        let seal = Seal::sign(&name.parse().unwrap(), size, root, &key()).unwrap();
        prop_assert_eq!(Seal::parse(seal.note()), Ok(seal.clone()));
        prop_assert_eq!(seal.verify(&key().public()), Ok(()));
    }
}
