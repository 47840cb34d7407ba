//! What an XLSX package would cost, found out before it is opened.
//!
//! A zip says how large its entries are, but a hostile one lies, so every entry is unpacked once and
//! counted, without keeping it: the parts that the library holds in memory must stay below a limit
//! together, and no piece of XML between two tags may be longer than one. Sheets themselves may be of
//! any length; they are streamed.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::error::OpenError;
use crate::limit::{ELEMENT_BYTES_MAX, PACKAGE_ENTRIES_MAX, PACKAGE_PARTS_BYTES_MAX};

/// Refuses a package that would cost too much.
pub(crate) fn check(package: impl Read + Seek) -> Result<(), OpenError> {
    let refuse = |why: &str| Err(OpenError::Package(why.to_owned()));
    let mut archive =
        ZipArchive::new(package).map_err(|error| OpenError::Package(error.to_string()))?;
    if archive.len() > PACKAGE_ENTRIES_MAX {
        return refuse("too many entries");
    }
    let (mut held, mut buffer) = (0_u64, vec![0; BUFFER_BYTES]);
    for at in 0..archive.len() {
        let mut entry =
            archive.by_index(at).map_err(|error| OpenError::Package(error.to_string()))?;
        let streamed = entry.name().is_ok_and(|name| is_sheet(&name));
        let mut element = 0_u64;
        loop {
            let read = entry.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            let piece = buffer.get(..read).unwrap_or_default();
            if !streamed {
                held += length(piece);
            }
            for part in piece.split_inclusive(|byte| *byte == b'<') {
                element += length(part);
                if streamed && element > ELEMENT_BYTES_MAX {
                    return refuse("an element of a sheet is too long");
                }
                if part.ends_with(b"<") {
                    element = 0;
                }
            }
            if held > PACKAGE_PARTS_BYTES_MAX {
                return refuse("its shared parts unpack to too many bytes");
            }
        }
    }
    Ok(())
}

/// Whether the library streams the part; a part it holds cannot have such a name.
fn is_sheet(name: &str) -> bool {
    name.to_ascii_lowercase().starts_with("xl/worksheets/sheet")
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

const BUFFER_BYTES: usize = 1 << 16;
