//! Doubts about a tree: answering them, judging answers, and the proof that verifies by itself.
//!
//! A fork is proven or not claimed. Two seals of one ledger, each signed by the key of its size, and
//! a consistency proof which shows that the larger tree has another root at the smaller size: no
//! relay can make that up. Everything short of it is a relay's fault, or nobody's.

use ledger::{Disk, ReadError, Reader, Seal, verify_consistency};
use policy::{Acts, KeyVerdict};
use record::{ForkProof, Hash, LedgerName};
use wire::frame::{Proof, Prove};

use super::door;
use crate::machine::Verdict;

/// Answers a question after a proof from this hall's tree; none when a size lies beyond it.
pub fn prove<D: Disk>(reader: &Reader<D>, question: &Prove) -> Result<Option<Proof>, ReadError> {
    let Prove { ledger, old_size, new_size } = question.clone();
    let small = old_size.min(new_size);
    let size = reader.head(&ledger).map_or(0, |head| head.size);
    if small == 0 || new_size > size {
        return Ok(None);
    }
    let new_seal = reader.seal_at(&ledger, new_size)?.map(|seal| seal.note().to_owned());
    let old_root = reader.root(&ledger, small)?;
    let consistency = if old_size < new_size {
        reader.consistency(&ledger, old_size, new_size)?
    } else {
        Vec::new()
    };
    Ok(Some(Proof { ledger, old_size, new_size, old_root, new_seal, consistency }))
}

/// Judges a proof against what this hall holds.
pub fn examine<D: Disk>(
    reader: &Reader<D>,
    acts: &Acts,
    proof: &Proof,
) -> Result<Verdict, ReadError> {
    let Proof { ledger, old_size, new_size, old_root, new_seal, consistency } = proof;
    let Some(note) = new_seal else { return Ok(Verdict::Worthless) };
    let Ok(theirs) = door::seal(acts, ledger, note) else { return Ok(Verdict::Worthless) };
    let held = reader.head(ledger).map_or(0, |head| head.size);
    let small = *old_size.min(new_size);
    if theirs.size != *new_size || small == 0 || *old_size > held {
        return Ok(Verdict::Worthless);
    }
    let ours = reader.root(ledger, small)?;
    if new_size < old_size {
        if ours == theirs.root {
            return Ok(Verdict::Consistent);
        }
        // Ours is the larger tree: our seal at that size, or the next one with a proof, shows its
        // other root. The earliest will do longest: a later one may be by a key that was retired.
        let Some(mine) = reader.seal_covering(ledger, new_size.saturating_sub(1))? else {
            return Ok(Verdict::Worthless);
        };
        let consistency = match mine.size {
            size if size == *new_size => Vec::new(),
            size => reader.consistency(ledger, *new_size, size)?,
        };
        return Ok(claim(
            acts,
            ForkProof {
                ledger: ledger.clone(),
                seal: note.clone(),
                other_seal: mine.note().to_owned(),
                other_root: ours,
                consistency,
            },
        ));
    }
    let fits = if old_size < new_size {
        extends(*old_size, old_root, &theirs, consistency)
    } else {
        *old_root == theirs.root
    };
    if !fits {
        return Ok(Verdict::Worthless);
    }
    if ours == *old_root {
        return Ok(Verdict::Consistent);
    }
    let Some(mine) = reader.seal_at(ledger, *old_size)? else { return Ok(Verdict::Worthless) };
    let consistency = if old_size < new_size { consistency.clone() } else { Vec::new() };
    Ok(claim(
        acts,
        ForkProof {
            ledger: ledger.clone(),
            seal: mine.note().to_owned(),
            other_seal: note.clone(),
            other_root: *old_root,
            consistency,
        },
    ))
}

/// Two trees are a fork when both seals are by keys that counted at their sizes. Ours may not be:
/// we took it before we heard that its key had been retired.
fn claim(acts: &Acts, proof: ForkProof) -> Verdict {
    if acts.proves(&proof) { Verdict::Fork(Box::new(proof)) } else { Verdict::Void }
}

/// Whether a proof shows, by itself, that one ledger's key signed two trees.
pub fn is_fork(proof: &ForkProof, keys: &dyn Fn(&LedgerName, u64) -> KeyVerdict) -> bool {
    let read = |note: &str| {
        let seal = Seal::parse(note).ok().filter(|seal| seal.ledger == proof.ledger)?;
        match keys(&proof.ledger, seal.size) {
            KeyVerdict::Key(key) => seal.verify(&key).is_ok().then_some(seal),
            KeyVerdict::UnknownHall
            | KeyVerdict::UnknownKey
            | KeyVerdict::Pinned { .. }
            | KeyVerdict::Revoked => None,
        }
    };
    let (Some(seal), Some(other)) = (read(&proof.seal), read(&proof.other_seal)) else {
        return false;
    };
    let other_tree = if seal.size == other.size {
        other.root == proof.other_root
    } else {
        seal.size < other.size && extends(seal.size, &proof.other_root, &other, &proof.consistency)
    };
    // Every tree extends the empty one, so size 0 proves nothing.
    seal.size > 0 && seal.root != proof.other_root && other_tree
}

fn extends(size: u64, root: &Hash, seal: &Seal, consistency: &[Hash]) -> bool {
    verify_consistency(size, root, seal.size, &seal.root, consistency).is_ok()
}
