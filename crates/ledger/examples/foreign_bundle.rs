//! Writes a ledger's evidence for verifiers of other houses: `foreign_bundle DIRECTORY [ENTRIES]`.
//!
//! `bundle.json` holds the keys, two seals, a receipt, and the proofs of one entry as JSON and as a
//! C2SP tlog-proof; `tiles/` is the whole ledger as C2SP tlog-tiles with its checkpoint. Keys and
//! entries are made from constants, so two runs write the same bytes. The programs that read them
//! are in `tests/foreign/`.

use std::error::Error;
use std::fs;
use std::path::Path;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use bytes::Bytes;
use ledger::{
    Holding, Levels, Receipt, Seal, Signer, Software, TILE_WIDTH, Tile, TlogProof, VerifierKey,
    consistency_proof, entry_bundle, inclusion_proof, leaf_hash, masks_root, root,
};
use record::{
    AudienceNumber, HallId, Hash, Label, Leaf, LedgerName, PartSet, Parts, Salt, SharingClass,
    Timestamp,
};

/// Entries when none are asked for: full and partial tiles on three levels.
const ENTRIES: u64 = 70_000;
const HOLDER: &str = "220000";
const LEDGER: &str = "jilin.example/hallway/220100/records/1";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().ok_or("usage: foreign_bundle DIRECTORY [ENTRIES]")?;
    let entries = arguments.next().map_or(Ok(ENTRIES), |text| text.parse())?;
    if entries < 2 {
        return Err("a bundle with two seals needs two entries".into());
    }
    let directory = Path::new(&directory);
    let ledger: LedgerName = LEDGER.parse()?;
    let leaves = (0..entries)
        .map(|index| leaf(&ledger, index))
        .collect::<Result<Vec<Leaf>, Box<dyn Error>>>()?;
    let tree: Levels = leaves.iter().map(Leaf::hash).collect();
    let log = Software::from_seed(&[7; 32]);
    let seal = Seal::sign(&ledger, entries, tree.root(), &log)?;
    write_tiles(&directory.join("tiles"), &tree, &leaves, &seal)?;
    fs::write(directory.join("bundle.json"), bundle(&tree, &leaves, &seal, &log)?)?;
    Ok(())
}

/// A leaf as a hall makes it: three salted parts under one commitment.
fn leaf(ledger: &LedgerName, index: u64) -> Result<Leaf, Box<dyn Error>> {
    let parts = ["head", "open", "closed"].map(|part| Bytes::from(format!("{part} {index}")));
    let parts = Parts::seal_up(&Salt(leaf_hash(&index.to_be_bytes())), parts)?;
    let label = Label { class: SharingClass::Open, audience: AudienceNumber(0) };
    let commitment = parts.commitment(ledger).ok_or("an entry without parts")?;
    Ok(Leaf { label, commitment })
}

fn write_tiles(
    directory: &Path,
    tree: &Levels,
    leaves: &[Leaf],
    seal: &Seal,
) -> Result<(), Box<dyn Error>> {
    for tile in Tile::all(seal.size) {
        write(&directory.join(tile.to_string()), &tile.bytes(tree)?)?;
    }
    for (chunk, index) in leaves.chunks(usize::from(TILE_WIDTH)).zip(0..) {
        let tile = Tile::in_tree(0, index, seal.size).ok_or("a chunk without its tile")?;
        let data: Vec<[u8; Leaf::LEN]> = chunk.iter().map(Leaf::to_bytes).collect();
        let bundle = entry_bundle(data.iter().map(<[u8; Leaf::LEN]>::as_slice))?;
        write(&directory.join(tile.entries_path()), &bundle)?;
    }
    Ok(write(&directory.join("checkpoint"), seal.note().as_bytes())?)
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, bytes)
}

fn bundle(
    tree: &Levels,
    leaves: &[Leaf],
    seal: &Seal,
    log: &Software,
) -> Result<String, Box<dyn Error>> {
    let (index, old) = (seal.size / 3, seal.size / 2);
    let old_seal = Seal::sign(&seal.ledger, old, root(tree, old)?, log)?;
    let leaf = leaves.get(usize::try_from(index)?).ok_or("an index beyond the leaves")?;
    let holder: HallId = HOLDER.parse()?;
    let holder_key = Software::from_seed(&[9; 32]);
    let domain = seal.ledger.domain();
    let receipt =
        Receipt::sign(&holding(seal), &holder, domain, Timestamp(1_398_384_000_000), &holder_key)?;
    let vkey = |name: &str, key: &Software| VerifierKey::new(name, 1, key.public());
    let holding_name = ledger::holding_key_name(domain, &holder);
    let fields = [
        ("vkey", text(&vkey(LEDGER, log)?)),
        ("checkpoint", text(&seal.note())),
        ("old_checkpoint", text(&old_seal.note())),
        ("cosignature_vkey", text(&VerifierKey::holder(domain, &holder, holder_key.public()))),
        ("cosigned", text(&receipt.cosigned_seal)),
        ("holding_vkey", text(&vkey(&holding_name, &holder_key)?)),
        ("holding_note", text(&receipt.holding_note)),
        ("index", index.to_string()),
        ("leaf", text(&BASE64_STANDARD.encode(leaf.to_bytes()))),
        ("inclusion", hashes(&inclusion_proof(tree, index, seal.size)?)),
        ("consistency", hashes(&consistency_proof(tree, old, seal.size)?)),
        ("tlog_proof", text(&TlogProof::prove(tree, index, seal)?)),
    ];
    let lines: Vec<String> =
        fields.iter().map(|(name, value)| format!("  \"{name}\": {value}")).collect();
    Ok(format!("{{\n{}\n}}\n", lines.join(",\n")))
}

/// Everything held whole but the first entry, of which the open parts are there.
fn holding(seal: &Seal) -> Holding {
    let masks = (0..seal.size).map(|index| match index {
        0 => PartSet::PUBLIC.bits(),
        _ => PartSet::first(3).bits(),
    });
    let masks: Vec<u8> = masks.collect();
    let blocks = masks.chunks(ledger::MASK_BLOCK_ENTRIES).map(leaf_hash);
    let masks_root = masks_root(blocks);
    let Seal { ledger, size, root, .. } = seal.clone();
    let (whole, partly, stubs) = (size - 1, 1, 0);
    Holding { ledger, size, root, seal: seal.clone(), whole, partly, stubs, masks_root }
}

/// A JSON string; these texts have nothing to escape but newlines.
fn text(value: &dyn std::fmt::Display) -> String {
    format!("\"{}\"", value.to_string().replace('\n', "\\n"))
}

fn hashes(proof: &[Hash]) -> String {
    let hashes: Vec<String> =
        proof.iter().map(|hash| text(&BASE64_STANDARD.encode(hash))).collect();
    format!("[{}]", hashes.join(", "))
}
