//! The raw bytes: no salt of a part that a hall may not have stands anywhere in its segments.
//!
//! What the reader shows is what the ledger means to hold. This looks past it, as somebody with the
//! stolen disk would: every 32-byte salt of every forbidden part is searched in the segment files as
//! they are, torn groups and dead frames included. Without its salt a part that one guesses cannot be
//! told from any other.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;

use ledger::{Disk, DiskFile, Os};
use policy::Rights;
use record::{Lane, Slot};

use super::open::Open;
use super::{CheckError, Findings};

/// Searches every hall's segments for what may not be there.
pub(super) fn check(
    opened: &[Open],
    rights: &Rights,
    findings: &mut Findings,
) -> Result<(), CheckError> {
    for hall in opened {
        let forbidden = forbidden(opened, hall, rights)?;
        let found = search(&hall.disk, &forbidden).map_err(|source| CheckError::Directory {
            path: hall.disk.root().to_owned(),
            source,
        })?;
        for (file, place) in found {
            findings.leaked += 1;
            findings.problem(|| format!("{}: {file} has the salt of {place}", hall.hall));
        }
    }
    Ok(())
}

/// Salts that a hall may not have, and what they open.
type Forbidden = BTreeMap<[u8; 32], String>;

fn forbidden(opened: &[Open], hall: &Open, rights: &Rights) -> Result<Forbidden, CheckError> {
    let mut forbidden = Forbidden::new();
    for origin in opened.iter().filter(|origin| origin.hall != hall.hall) {
        let ledger = origin.reader.own_ledger(Lane::Records);
        for index in 0..origin.size(&ledger) {
            let Some(stored) = origin.reader.entry(&ledger, index)? else { continue };
            let may = rights.parts(&ledger, stored.leaf.label, &hall.hall);
            for (part, slot) in stored.parts.slots().iter().enumerate() {
                if let Slot::Present { salt, .. } = slot
                    && !may.contains(part)
                {
                    forbidden.insert(*salt, format!("part {part} of entry {index} of {ledger}"));
                }
            }
        }
    }
    Ok(forbidden)
}

/// Every place in the segment files where a forbidden salt stands.
fn search(disk: &Os, forbidden: &Forbidden) -> std::io::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    if forbidden.is_empty() {
        return Ok(found);
    }
    let mut begins = vec![false; 1 << 16];
    for salt in forbidden.keys() {
        if let Some(begins) = begins.get_mut(beginning(salt)) {
            *begins = true;
        }
    }
    let is_segment = |name: &String| Path::new(name).extension() == Some(OsStr::new("seg"));
    let segments = disk.list("")?.into_iter().filter(is_segment);
    for name in segments {
        let file = disk.open(&name)?;
        let mut offset = 0;
        let (mut window, zeros) = (vec![0; WINDOW_BYTES], vec![0; WINDOW_BYTES]);
        loop {
            let read = file.read_at(&mut window, offset)?;
            let bytes = window.get(..read).unwrap_or_default();
            // Preallocated space is zeros to the end.
            if Some(bytes) != zeros.get(..read) {
                let hits = bytes
                    .windows(32)
                    .filter(|place| begins.get(beginning(place)).copied().unwrap_or_default());
                let hits = hits.filter_map(|place| forbidden.get(place));
                found.extend(hits.map(|what| (name.clone(), what.clone())));
            }
            if read < WINDOW_BYTES {
                break;
            }
            // A salt across two windows stands whole in the second.
            offset += u64::try_from(WINDOW_BYTES - 31).unwrap_or(u64::MAX);
        }
    }
    Ok(found)
}

/// The first two bytes, as a number.
fn beginning(bytes: &[u8]) -> usize {
    match bytes {
        [first, second, ..] => usize::from(*first) << 8 | usize::from(*second),
        [] | [_] => 0,
    }
}

/// Bytes read at a time.
const WINDOW_BYTES: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_salt_is_found_wherever_it_stands() {
        let directory = tempfile::tempdir().unwrap();
        let disk = Os::new(directory.path()).unwrap();
        let salt = |byte: u8| [byte; 32];
        let forbidden = Forbidden::from([(salt(7), "a".to_owned()), (salt(9), "b".to_owned())]);
        let mut bytes = vec![1; WINDOW_BYTES + 4_096];
        std::fs::write(directory.path().join("0.seg"), &bytes).unwrap();
        assert_eq!(search(&disk, &forbidden).unwrap(), []);
        for (at, what) in [(0, 7), (WINDOW_BYTES - 16, 9), (bytes.len() - 32, 7)] {
            bytes[at..at + 32].copy_from_slice(&salt(what));
        }
        std::fs::write(directory.path().join("0.seg"), &bytes).unwrap();
        std::fs::write(directory.path().join("elsewhere"), &bytes).unwrap();
        let found: Vec<String> =
            search(&disk, &forbidden).unwrap().into_iter().map(|(_, what)| what).collect();
        assert_eq!(found, ["a", "b", "a"]);
    }
}
