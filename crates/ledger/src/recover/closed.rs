//! Builds what is derived from one closed segment, from its bytes alone.

use std::convert::Infallible;

use crate::catalog::Event;
use crate::disk::Disk;
use crate::frame::Mask;
use crate::handles::Handles;
use crate::index::{FillRow, GroupRow, Mark, MemoryIndex, SealRow};
use crate::reader::ReadError;
use crate::register::{self, Table};
use crate::segment::{self, End, Scan};
use crate::store::Damage;

/// Index and claims of a segment that is not the newest. Damage is an error.
pub(crate) fn closed_segment<D: Disk>(
    handles: &Handles<D>,
    number: u64,
) -> Result<(MemoryIndex, Table), ReadError> {
    let file = handles.file(&segment::file_name(number + 1)).map_err(ReadError::Disk)?;
    let next = Scan::new(&*file).map_err(ReadError::Disk)?;
    let expected = next.map(|next| (next.header.last_group, next.header.last_crc));
    match salvage(handles, number, expected)? {
        (Some(index), table, None) => Ok((index, table)),
        (_, _, damage) => {
            let unreadable =
                || Damage { segment: number, offset: 0, what: "unreadable".to_owned() };
            Err(ReadError::Damaged(damage.unwrap_or_else(unreadable)))
        }
    }
}

/// What can be had of a segment that should end with the group `expected`, and what is wrong with it.
pub(super) fn salvage<D: Disk>(
    handles: &Handles<D>,
    number: u64,
    expected: Option<(u64, u32)>,
) -> Result<(Option<MemoryIndex>, Table, Option<Damage>), ReadError> {
    let damage =
        |offset, what: &str| Some(Damage { segment: number, offset, what: what.to_owned() });
    let mut table = Table::new();
    let file = handles.file(&segment::file_name(number)).map_err(ReadError::Disk)?;
    let Some(mut scan) = Scan::new(&*file).map_err(ReadError::Disk)? else {
        return Ok((None, table, damage(0, "the header is damaged")));
    };
    let mut index = MemoryIndex::new(&scan.header);
    while let Some((offset, group)) = scan.next_group().map_err(ReadError::Disk)? {
        let position = group.header.position;
        let row = GroupRow {
            position,
            number: group.header.number,
            offset: u32::try_from(offset).unwrap_or(u32::MAX),
        };
        let mark = Mark {
            group: group.header.number,
            crc: group.crc,
            position: position + u64::from(group.header.frames),
            offset: scan.offset,
        };
        index.group(row, mark);
        for (span, frame) in group.frames(offset).unwrap_or_default() {
            let known = Event::of(&frame, span, |_, _| Ok::<_, Infallible>(Mask::default()));
            let Ok(event) = known;
            let Some(event) = event else {
                return Ok((Some(index), table, damage(span.offset.into(), "not a frame of ours")));
            };
            if !take_in(&mut index, &mut table, event) {
                let what = "the entry does not continue its ledger";
                return Ok((Some(index), table, damage(span.offset.into(), what)));
            }
        }
    }
    let ends_well = expected.is_none_or(|expected| expected == (scan.group, scan.crc))
        && scan.end().map_err(ReadError::Disk)? == End::Clean;
    let wrong = if ends_well { None } else { damage(scan.offset, "a group is damaged") };
    Ok((Some(index), table, wrong))
}

fn take_in(index: &mut MemoryIndex, table: &mut Table, event: Event) -> bool {
    match event {
        Event::Entry { ledger, index: at, leaf, mask, keys, span } => {
            register::note(table, &ledger, at, &keys);
            return index.entry(&ledger, at, leaf, span, mask);
        }
        Event::Fill { ledger, index: at, mask, span, .. } => {
            index.fill(&ledger, FillRow { index: at, span, mask });
        }
        Event::Seal { seal, span } => {
            index.seal(&seal.ledger, SealRow { size: seal.size, span });
        }
        Event::Receipt { .. } | Event::Unknown { .. } => {}
    }
    true
}
