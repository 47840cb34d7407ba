//! What a file may cost, by name.
//!
//! A file comes from outside and may be hostile: a few kilobytes of zip can unpack to gigabytes, one
//! stray quote can swallow a whole file. Memory is bounded by these numbers, not by the file. There is
//! no limit on the number of rows or bytes of what is streamed.

/// Longest row, in bytes of UTF-8.
pub const ROW_BYTES_MAX: usize = 4 << 20;

/// Most columns of a table. The widest table of the standards has 43.
pub const COLUMNS_MAX: usize = 512;

/// Longest cell, in characters. The longest field of the standards has 5,000; XLSX ends at 32,767.
pub const CELL_CHARS_MAX: usize = 65_536;

/// Rows at the top among which the header is looked for.
pub const HEADER_ROWS_MAX: usize = 10;

/// Most entries of an XLSX package.
pub const PACKAGE_ENTRIES_MAX: usize = 4_096;

/// Most bytes, unpacked, of all the parts of an XLSX package that are held in memory: everything but
/// the sheets, which are streamed.
pub const PACKAGE_PARTS_BYTES_MAX: u64 = 128 << 20;

/// Longest piece of XML between two tags, so that one element cannot fill the memory.
pub const ELEMENT_BYTES_MAX: u64 = 1 << 20;

/// Longest old XLS file; it is held in memory whole, and the format ends at 65,536 rows.
pub const LEGACY_BYTES_MAX: u64 = 64 << 20;

/// Most cells of the rectangle that an old XLS spans: 65,536 rows of 64 columns.
pub const LEGACY_CELLS_MAX: usize = 1 << 22;

/// Longest mapping file.
pub const MAPPING_BYTES_MAX: usize = 1 << 18;

/// Most invalid places that a reader remembers before it reaches the rows they stand in.
pub(crate) const BAD_BYTES_MAX: usize = 1_024;
