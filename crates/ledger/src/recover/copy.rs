//! What an unclean stop asks for: a copy of the newest segment that is known to be on the disk. And
//! the mark of a clean stop, which spares it.
//!
//! ```text
//! clean   log id (16) ‖ u64 last group ‖ u32 its checksum ‖ u32 CRC32C of the 28 bytes above
//! ```

use std::io;

use crate::disk::{Disk, DiskFile, read_up_to};
use crate::octets::{Fields, len_u64, to_usize};
use crate::segment::file_name;
use crate::store::spare_names;

/// Copies the whole groups of the newest segment, syncs the copy, and lets it take the name.
pub(super) fn copy_newest<D: Disk>(disk: &D, number: u64, end: u64) -> io::Result<()> {
    let name = file_name(number);
    let fresh = format!("{name}.new");
    let old = disk.open(&name)?;
    let len = old.len()?.max(end);
    let new = match disk.create(&fresh, len) {
        Err(error) if error.kind() == io::ErrorKind::StorageFull => {
            from_spare(disk, &fresh, error)?
        }
        made => made?,
    };
    let mut at = 0;
    while at < end {
        let chunk = read_up_to(&old, at, to_usize(end - at).min(CHUNK))?;
        if chunk.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        new.write_at(&chunk, at)?;
        at += len_u64(chunk.len());
    }
    new.sync()?;
    disk.rename(&fresh, &name)?;
    disk.sync_dir("")
}

/// The reserve is for this too: a full disk must not keep a hall from starting.
fn from_spare<D: Disk>(disk: &D, fresh: &str, full: io::Error) -> io::Result<D::File> {
    let names = disk.list("")?;
    let Some(spare) = spare_names().find(|spare| names.contains(spare)) else { return Err(full) };
    disk.rename(&spare, fresh)?;
    disk.open(fresh)
}

/// Last group and checksum at a clean stop of this log, if the last stop was one.
pub(crate) fn clean_mark<D: Disk>(disk: &D, log_id: &[u8; 16]) -> io::Result<Option<(u64, u32)>> {
    let file = match disk.open(CLEAN) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let bytes = read_up_to(&file, 0, 33)?;
    let mut fields = Fields(bytes.clone().into());
    let read = |fields: &mut Fields| {
        let found = fields.array::<16>()?;
        let mark = (fields.u64()?, fields.u32()?);
        let crc = crc32c::crc32c(bytes.get(..28)?);
        let whole = fields.u32()? == crc && fields.0.is_empty() && found == *log_id;
        whole.then_some(mark)
    };
    Ok(read(&mut fields))
}

/// The log is about to change; whatever it says now will not hold.
pub(super) fn forget_clean_mark<D: Disk>(disk: &D) -> io::Result<()> {
    match disk.remove(CLEAN) {
        Ok(()) => disk.sync_dir(""),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Marks a clean stop.
pub(crate) fn write_clean_mark<D: Disk>(
    disk: &D,
    log_id: &[u8; 16],
    (group, crc): (u64, u32),
) -> io::Result<()> {
    let fresh = format!("{CLEAN}.new");
    let mut bytes = log_id.to_vec();
    bytes.extend_from_slice(&group.to_be_bytes());
    bytes.extend_from_slice(&crc.to_be_bytes());
    bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_be_bytes());
    let file = disk.create(&fresh, 0)?;
    file.write_at(&bytes, 0)?;
    file.sync()?;
    disk.rename(&fresh, CLEAN)?;
    disk.sync_dir("")
}

const CLEAN: &str = "clean";
const CHUNK: usize = 1 << 20;
