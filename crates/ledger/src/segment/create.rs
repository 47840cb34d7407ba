//! Makes a segment: preallocated, header written, synced, and only then named.

use std::io;

use super::{SegmentHeader, file_name};
use crate::disk::{Disk, DiskFile};
use crate::octets::len_u64;

/// Makes a segment of at least `len` bytes; when the disk is full and a spare file is named, that
/// file becomes the segment.
pub(crate) fn create<D: Disk>(
    disk: &D,
    header: &SegmentHeader,
    len: u64,
    spare: Option<&str>,
) -> io::Result<()> {
    let name = file_name(header.number);
    let fresh = format!("{name}.new");
    let bytes = header.to_bytes();
    let file = match spare {
        None => disk.create(&fresh, len.max(len_u64(bytes.len())))?,
        Some(spare) => {
            disk.rename(spare, &fresh)?;
            disk.open(&fresh)?
        }
    };
    file.write_at(&bytes, 0)?;
    file.sync()?;
    disk.rename(&fresh, &name)?;
    disk.sync_dir("")
}
