//! What an old XLS would cost, found out before its library opens it.
//!
//! The library holds a sheet as a full rectangle, so two cells far apart in a file of two kilobytes
//! would fill the memory. This walks the compound file to its workbook stream, and the stream's
//! records for the rectangle they span; nothing else of the format is understood here.
//!
//! ```text
//! header ─ allocation table (sector → next sector) ─ directory ─► "Workbook" ─► records: kind, length, body
//! ```

use crate::limit::{COLUMNS_MAX, LEGACY_CELLS_MAX};

/// Why a file is refused; none when its library may read it.
pub(super) fn refusal(file: &[u8]) -> Option<&'static str> {
    let Some(compound) = Compound::new(file) else { return Some("the file is damaged") };
    let Some(streams) = compound.streams() else { return Some("the file is damaged") };
    let mut found = false;
    for (name, start, size) in streams {
        if size > file.len() {
            return Some("a stream is longer than the file");
        }
        if name.eq_ignore_ascii_case("Workbook") || name.eq_ignore_ascii_case("Book") {
            found = true;
            let Some(stream) = compound.chain(start) else { return Some("the file is damaged") };
            if !fits(&stream) {
                return Some("the sheet spans too many cells");
            }
        }
    }
    if found { None } else { Some("the file holds no workbook") }
}

/// Whether the rectangle of every sheet stays within the limit.
fn fits(stream: &[u8]) -> bool {
    let (mut rest, mut rows, mut columns) = (stream, 0_usize, 0_usize);
    while let (Some(kind), Some(length)) = (short(rest, 0), short(rest, 2)) {
        let Some(body) = rest.get(4..4 + length) else { break };
        let span = match kind {
            DIMENSIONS if length >= 12 => Some((long(body, 4), short(body, 10))),
            DIMENSIONS => Some((short(body, 2), short(body, 6))),
            MANY_NUMBERS => {
                let last = length.checked_sub(2).and_then(|at| short(body, at));
                Some((short(body, 0), last))
            }
            _ if CELLS.contains(&kind) => Some((short(body, 0), short(body, 2))),
            _ => None,
        };
        if let Some((row, column)) = span {
            rows = rows.max(row.unwrap_or(0).saturating_add(1));
            columns = columns.max(column.unwrap_or(0).saturating_add(1));
        }
        rest = rest.get(4 + length..).unwrap_or_default();
    }
    columns <= COLUMNS_MAX && rows.saturating_mul(columns) <= LEGACY_CELLS_MAX
}

struct Compound<'a> {
    file: &'a [u8],
    sector: usize,
    table: Vec<usize>,
}

impl<'a> Compound<'a> {
    fn new(file: &'a [u8]) -> Option<Self> {
        let sector = match short(file, 30)? {
            9 => 512,
            12 => 4_096,
            _ => return None,
        };
        let mut new = Self { file, sector, table: Vec::new() };
        let mut places: Vec<usize> = (0..109).filter_map(|at| long(file, 76 + at * 4)).collect();
        let mut more = long(file, 68)?;
        for _ in 0..new.sectors() {
            let Some(list) = new.at(more) else { break };
            let words = sector / 4 - 1;
            places.extend((0..words).filter_map(|at| long(list, at * 4)));
            more = long(list, words * 4)?;
        }
        for place in places {
            let Some(part) = new.at(place) else { continue };
            if new.table.len() > new.sectors() {
                break;
            }
            new.table.extend((0..sector / 4).filter_map(|at| long(part, at * 4)));
        }
        Some(new)
    }

    /// Name, first sector and size of every stream.
    fn streams(&self) -> Option<Vec<(String, usize, usize)>> {
        let directory = self.chain(long(self.file, 48)?)?;
        let stream = |entry: &[u8]| {
            let units = entry.get(..64)?.chunks_exact(2);
            let units = units.map(|pair| u16::from_le_bytes([at(pair, 0), at(pair, 1)]));
            let name: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
            Some((String::from_utf16_lossy(&name), long(entry, 116)?, long(entry, 120)?))
        };
        Some(directory.chunks_exact(128).filter_map(stream).collect())
    }

    /// The sectors of a stream, one after the other; none when they run in a circle.
    fn chain(&self, start: usize) -> Option<Vec<u8>> {
        let (mut bytes, mut next) = (Vec::new(), start);
        for _ in 0..=self.sectors() {
            let Some(sector) = self.at(next) else { return Some(bytes) };
            bytes.extend_from_slice(sector);
            let Some(following) = self.table.get(next) else { return Some(bytes) };
            next = *following;
        }
        None
    }

    fn at(&self, sector: usize) -> Option<&'a [u8]> {
        let start = sector.checked_add(1)?.checked_mul(self.sector)?;
        let end = (start + self.sector).min(self.file.len());
        self.file.get(start..end).filter(|bytes| !bytes.is_empty())
    }

    fn sectors(&self) -> usize {
        self.file.len() / self.sector + 1
    }
}

fn at(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    let two = bytes.get(at..at.checked_add(2)?)?.first_chunk()?;
    Some(u16::from_le_bytes(*two).into())
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?.first_chunk()?;
    usize::try_from(u32::from_le_bytes(*four)).ok()
}

const DIMENSIONS: usize = 0x0200;
const MANY_NUMBERS: usize = 0x00bd;
/// Records that hold one cell: row, column, and what it says.
const CELLS: [usize; 7] = [0x0203, 0x0204, 0x0205, 0x0006, 0x00fd, 0x00d6, 0x027e];
