//! Receipts: the frozen texts, and every way to be nearly one.

use proptest::prelude::*;
use record::Hash;

use super::*;
use crate::signer::{Refusing, Software};
use crate::tree::{empty_root, leaf_hash};

fn log() -> Software {
    Software::from_seed(&[7; 32])
}

fn holder() -> Software {
    Software::from_seed(&[9; 32])
}

fn holding() -> Holding {
    let ledger: LedgerName = "jilin.example/hallway/220100/records/1".parse().unwrap();
    let root = leaf_hash(b"root");
    let seal = Seal::sign(&ledger, 70_000, root, &log()).unwrap();
    let masks_root = masks_root([leaf_hash(&[7; MASK_BLOCK_ENTRIES]), leaf_hash(&[3; 10])]);
    Holding { ledger, size: 70_000, root, seal, whole: 69_000, partly: 900, stubs: 100, masks_root }
}

fn receipt() -> Receipt {
    let (hall, domain) = ("220000".parse().unwrap(), "jilin.example".parse().unwrap());
    Receipt::sign(&holding(), &hall, &domain, Timestamp(1_398_384_000_123), &holder()).unwrap()
}

fn verdict(cosigned_seal: &str, holding_note: &str) -> Result<(), VerifyReceiptError> {
    Receipt::parse(cosigned_seal, holding_note)?.verify(&holder().public(), &log().public())
}

/// Frozen by the first release: other texts mean that no stored receipt verifies any more.
#[test]
fn golden_notes() {
    let cosignature = "— jilin.example/hallway/220000/holder ZzarWQAAAABTWaWAcBJQ1GzMnhqs2AIQqSfnCaL0D7bZMhCWa4qVBwoEW6nrFB6zo6ZumkPwO4lLmAnxuhp9h+Fcg9JT0Hlq9LXrDQ==\n";
    assert_eq!(receipt().cosigned_seal, format!("{}{cosignature}", holding().seal.note()));
    let note = "hallway-holding/v1\n\
        holder jilin.example/hallway/220000\n\
        time 1398384000\n\
        ledger jilin.example/hallway/220100/records/1\n\
        size 70000\n\
        root PAb5plclr2BSYfY2ZyyWINQJcx2JpFHXRV/pxK4WeCk=\n\
        whole 69000\n\
        partly 900\n\
        stubs 100\n\
        masks 9v/5OkqGbA+Q7wEYvAjf6sGely/h09BGIlCI5xTH1xk=\n\
        \n\
        — jilin.example/hallway/220000/holding RK8xv/HxtaQYIgWkl9N5kbTRQ6AxtNuzClCOYW3IFi2EELlkRiuIcdlvTCYwhZWcYYix5m6AIiFax/U/yOqowt3QqAs=\n";
    assert_eq!(receipt().holding_note, note);
}

#[test]
fn receipts_round_trip_and_verify() {
    let receipt = receipt();
    assert_eq!(receipt.at, Timestamp(1_398_384_000_000), "whole seconds");
    assert_eq!(Receipt::parse(&receipt.cosigned_seal, &receipt.holding_note), Ok(receipt.clone()));
    assert_eq!(receipt.verify(&holder().public(), &log().public()), Ok(()));
    assert_eq!(*receipt.holding(), holding());
    let key = VerifierKey::holder(&receipt.domain, &receipt.holder, holder().public());
    assert_eq!(verify_cosignature(&receipt.cosigned_seal, &key), Ok(1_398_384_000));
}

#[test]
fn only_the_right_keys_verify() {
    let receipt = receipt();
    let (log, holder) = (log().public(), holder().public());
    let error = receipt.verify(&holder, &holder);
    assert_eq!(error, Err(VerifyReceiptError::Seal(VerifySealError::OtherKey)));
    let error = receipt.verify(&log, &log);
    assert_eq!(error, Err(VerifyReceiptError::Cosignature(CosignatureError::OtherKey)));
    let key = VerifierKey::log(&receipt.domain, &receipt.holder, holder);
    let error = verify_cosignature(&receipt.cosigned_seal, &key);
    assert_eq!(error, Err(CosignatureError::OtherKey), "a log key cosigns nothing");
}

#[test]
fn fields_that_were_changed_do_not_verify() {
    let (log, holder) = (log().public(), holder().public());
    let mut other = receipt();
    other.size += 1;
    assert_eq!(other.verify(&holder, &log), Err(VerifyReceiptError::OtherFields));
    let mut other = receipt();
    other.holder = "220200".parse().unwrap();
    assert_eq!(other.verify(&holder, &log), Err(VerifyReceiptError::OtherFields));
}

#[test]
fn contradictions_are_neither_signed_nor_read() {
    let (hall, domain) = ("220000".parse().unwrap(), "jilin.example".parse().unwrap());
    let sign = |holding: &Holding| {
        Receipt::sign(holding, &hall, &domain, Timestamp(0), &holder()).unwrap_err().to_string()
    };
    let mut other = holding();
    other.stubs += 1;
    assert!(sign(&other).contains("contradicts"));
    other.whole = u64::MAX;
    assert!(sign(&other).contains("contradicts"));
    let mut other = holding();
    other.root = [0; 32];
    assert!(sign(&other).contains("contradicts"));
    let refusing = Refusing::new(holder().public());
    assert!(Receipt::sign(&holding(), &hall, &domain, Timestamp(0), &refusing).is_err());
}

/// Every text here is signed by the holder itself: what it says is wrong, not who says it.
#[test]
fn refuses_what_is_no_holding_note() {
    let receipt = receipt();
    let text = Note::parse(&receipt.holding_note).unwrap().text;
    let name = holding_key_name(&receipt.domain, &receipt.holder);
    let read = |text: String| {
        let note = Note::sign(text, &name, &holder()).unwrap().to_string();
        Receipt::parse(&receipt.cosigned_seal, &note).unwrap_err()
    };
    let field = |word| ParseReceiptError::Holding(HoldingError::Field { word });
    assert_eq!(read(text.replace("/v1", "/v2")), ParseReceiptError::Holding(HoldingError::Title));
    assert_eq!(read(text.replace("time", "when")), field("time"));
    assert_eq!(read(text.replace("size 70000", "size 070000")), field("size"));
    assert_eq!(read(text.replace("whole 69000\n", "")), field("whole"));
    assert_eq!(read(text.replace("/hallway/220000", "/220000")), field("holder"));
    assert_eq!(read(format!("{text}more\n")), ParseReceiptError::Holding(HoldingError::Lines));
    let error = read(text.replace("stubs 100", "stubs 101"));
    assert_eq!(error, ParseReceiptError::Holding(HoldingError::Counts));
    let error = read(text.replace("whole 69000", "whole 18446744073709551615"));
    assert_eq!(error, ParseReceiptError::Holding(HoldingError::Counts));
    let error = read(text.replace("size 70000", "size 70001"));
    assert_eq!(error, ParseReceiptError::Holding(HoldingError::OtherSeal));
    assert_eq!(read(text.replace("time 1398384000", "time 1398384001")), ParseReceiptError::Times);
    let error = read(text.replace("hallway/220000", "hallway/220200"));
    assert_eq!(error, ParseReceiptError::Signatures, "signed under another hall's name");
}

#[test]
fn each_note_is_signed_once_by_the_holder() {
    let Receipt { cosigned_seal, holding_note, .. } = receipt();
    let bare = holding().seal.note().to_owned();
    let stranger = "\u{2014} stranger.example AAAAAAA=\n";
    let cosignature = cosigned_seal.strip_prefix(&bare).unwrap();
    let (text, line) = bare.rsplit_once("\n\n").unwrap();
    for (seal, note) in [
        (bare.clone(), holding_note.clone()),
        (format!("{cosigned_seal}{stranger}"), holding_note.clone()),
        (format!("{text}\n\n{cosignature}{line}"), holding_note.clone()),
        (format!("{bare}{stranger}"), holding_note.clone()),
        (cosigned_seal.clone(), format!("{holding_note}{stranger}")),
    ] {
        assert_eq!(
            Receipt::parse(&seal, &note),
            Err(ParseReceiptError::Signatures),
            "{seal}{note}"
        );
    }
}

#[test]
fn no_changed_byte_survives() {
    let Receipt { cosigned_seal, holding_note, .. } = receipt();
    let spoil = |text: &str, place: usize| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[place] ^= 1;
        String::from_utf8(bytes).ok()
    };
    for place in 0..cosigned_seal.len() {
        let Some(spoiled) = spoil(&cosigned_seal, place) else { continue };
        assert!(verdict(&spoiled, &holding_note).is_err(), "byte {place} of the seal");
    }
    for place in 0..holding_note.len() {
        let Some(spoiled) = spoil(&holding_note, place) else { continue };
        assert!(verdict(&cosigned_seal, &spoiled).is_err(), "byte {place} of the note");
    }
    assert_eq!(verdict(&cosigned_seal, &holding_note), Ok(()));
}

#[test]
fn the_time_of_a_cosignature_is_signed_and_bounded() {
    let seal = holding().seal;
    let name = "jilin.example/hallway/220000/holder";
    let key =
        VerifierKey::new(name, crate::keys::ALGORITHM_COSIGNATURE, holder().public()).unwrap();
    let verify = |line: &crate::note::SignatureLine| {
        verify_cosignature(&format!("{}{line}\n", seal.note()), &key)
    };
    let mut line = cosign(&seal, name, 5, &holder()).unwrap();
    assert_eq!(verify(&line), Ok(5));
    line.signature[7] = 6;
    assert_eq!(verify(&line), Err(CosignatureError::Signature));
    let late = cosign(&seal, name, 1 << 63, &holder()).unwrap();
    assert_eq!(verify(&late), Err(CosignatureError::Signature));
    line.signature.pop();
    assert_eq!(verify(&line), Err(CosignatureError::Signature));
}

#[test]
fn masks_have_an_rfc_6962_root() {
    let (one, two): (Hash, Hash) = (leaf_hash(&[7; 4096]), leaf_hash(&[7]));
    assert_eq!(masks_root([]), empty_root());
    assert_eq!(masks_root([one]), one);
    assert_eq!(masks_root([one, two]), crate::tree::node_hash(&one, &two));
}

proptest! {
    #[test]
    fn any_holding_round_trips(
        counts in prop::array::uniform3(0..1_u64 << 60), at in 0..=i64::MAX,
    ) {
        let [whole, partly, stubs] = counts;
        let mut holding = holding();
        holding.size = whole + partly + stubs;
        holding.seal = Seal::sign(&holding.ledger, holding.size, holding.root, &log()).unwrap();
        (holding.whole, holding.partly, holding.stubs) = (whole, partly, stubs);
        let (hall, domain) = ("changbaishan".parse().unwrap(), "jilin.example".parse().unwrap());
        let receipt = Receipt::sign(&holding, &hall, &domain, Timestamp(at), &holder()).unwrap();
        prop_assert_eq!(Receipt::parse(&receipt.cosigned_seal, &receipt.holding_note), Ok(receipt.clone()));
        prop_assert_eq!(receipt.verify(&holder().public(), &log().public()), Ok(()));
    }

    #[test]
    fn strangers_never_panic(seal in ".{0,200}", note in "(hallway-holding/v1\n)?(.{0,30}\n){0,12}") {
        prop_assert!(Receipt::parse(&seal, &note).is_err());
        let genuine = receipt();
        prop_assert!(Receipt::parse(&genuine.cosigned_seal, &note).is_err());
    }
}
