//! Reading: one hazard a test, each file made by the test itself.

use std::fmt::Write as _;

use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format as Style, Workbook};

use super::*;
use crate::{Shape, Writer};

fn table(bytes: &[u8]) -> Table {
    Table::from_bytes(bytes).unwrap()
}

/// Line and cells of all rows.
fn rows(table: &mut Table) -> Vec<(u64, Vec<String>)> {
    table.rows().unwrap().map(Result::unwrap).map(|row| (row.line, row.cells)).collect()
}

fn cells(list: &[&str]) -> Vec<String> {
    list.iter().map(|&cell| cell.to_owned()).collect()
}

fn sheet(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

#[test]
fn csv_says_its_delimiter_and_names_rows_by_their_first_line() {
    for (delimiter, text) in [
        (',', "名称,文书号\r\n\"甲\r\n公司\",1\r\n\r\n乙,2\r\n"),
        (';', "名称;文书号\n\"甲\r\n公司\";1\n\n乙;2"),
        ('\t', "名称\t文书号\n\"甲\r\n公司\"\t1\n\n乙\t2\n"),
    ] {
        let mut table = table(text.as_bytes());
        assert_eq!((table.format, table.delimiter), (Format::Csv, Some(delimiter)));
        assert_eq!(table.columns().names(), ["名称", "文书号"]);
        let expected = vec![(2, cells(&["甲\r\n公司", "1"])), (5, cells(&["乙", "2"]))];
        assert_eq!(rows(&mut table), expected, "{delimiter:?}");
    }
}

#[test]
fn gb18030_with_rare_characters_is_read() {
    let (bytes, _, lost) = encoding_rs::GB18030.encode("名称,地址\n𠮷野㐂,𪚥龘\n");
    assert!(!lost);
    let mut table = table(&bytes);
    assert_eq!(table.encoding, Some(Encoding::Gb18030));
    assert_eq!(rows(&mut table), vec![(2, cells(&["𠮷野㐂", "𪚥龘"]))]);
}

#[test]
fn a_row_with_invalid_bytes_is_in_trouble_and_the_next_is_not() {
    let mut bytes = "名称,文书号\n甲乙丙丁戊己庚辛,1\n".as_bytes().to_vec();
    bytes.extend_from_slice(b"\xff\xfe,2\n\xe4\xb9\x99,3\n");
    let mut table = table(&bytes);
    let read: Vec<Row> = table.rows().unwrap().map(Result::unwrap).collect();
    let troubles: Vec<_> = read.iter().map(|row| row.trouble.as_ref().map(Trouble::code)).collect();
    assert_eq!(troubles, [None, Some("row-bytes"), None]);
    assert!(matches!(&read[1].trouble, Some(Trouble::Bytes { line: 3, bytes }) if bytes == "FF"));
    assert_eq!(read[2].cells, ["乙", "3"]);
}

#[test]
fn a_quote_left_open_costs_a_row_and_no_memory() {
    let mut text = "名称,文书号\n甲,1\n\"乙,2\n".to_owned();
    while text.len() < 5 << 20 {
        text.push_str("丙,3\n");
    }
    let mut table = table(text.as_bytes());
    let read: Vec<Row> = table.rows().unwrap().map(Result::unwrap).collect();
    assert_eq!((read.len(), read[1].line), (2, 3));
    assert_eq!(read[1].trouble, Some(Trouble::TooLong));
}

#[test]
fn cells_beyond_the_header_are_trouble_and_missing_ones_are_empty() {
    let mut table = table("名称,文书号\n甲,1,,\n乙\n丙,3,多\n".as_bytes());
    let read: Vec<Row> = table.rows().unwrap().map(Result::unwrap).collect();
    assert_eq!(read[0].trouble, None);
    assert_eq!(read[1].cells, ["乙", ""]);
    assert_eq!(read[2].trouble, Some(Trouble::TooWide));
}

#[test]
fn a_sheet_with_title_shift_numbers_days_and_explanation() {
    let day = Style::new().set_num_format("yyyy/mm/dd");
    let bytes = sheet(|sheet| {
        sheet.merge_range(0, 1, 0, 4, "行政许可信息表", &Style::new()).unwrap();
        for (at, name) in (1..).zip(["行政相对人名称", "地方编码", "许可决定日期", "当前状态"])
        {
            sheet.write_string(1, at, name).unwrap();
        }
        sheet.write_string(3, 1, "无").unwrap();
        sheet.write_number(3, 2, 220_100.0).unwrap();
        let on = ExcelDateTime::parse_from_str("2024-02-29").unwrap();
        sheet.write_datetime_with_format(3, 3, &on, &day).unwrap();
        sheet.write_number(3, 4, 0.0).unwrap();
        sheet.write_string(4, 1, "/").unwrap();
        sheet.write_string(4, 3, "2024/3/1").unwrap();
        sheet.write_number(4, 4, 220_102_198_001_011_234.0).unwrap();
        sheet.write_string(5, 1, " ").unwrap();
        sheet.write_string(9, 1, "表格说明：当前状态填 0、1、2、3").unwrap();
    });
    let mut table = table(&bytes);
    assert_eq!((table.format, table.header_line), (Format::Xlsx, Some(2)));
    let mut all = table.rows().unwrap();
    let read: Vec<Row> = all.by_ref().map(Result::unwrap).collect();
    assert_eq!((all.empty(), all.skipped()), (1, [Skipped { line: 10 }].as_slice()));
    assert_eq!((read.len(), read[0].line), (2, 4));
    assert_eq!(read[0].cells, ["无", "220100", "2024-02-29", "0"]);
    assert_eq!(read[1].cells[..3], ["/", "", "2024/3/1"]);
    assert_eq!(read[1].notes, [CellNote { column: 3, code: CellNoteCode::DigitsLost }]);
}

#[test]
fn names_over_codes_are_one_header_of_27_columns() {
    let (mut names, mut codes, mut data) = (String::new(), String::new(), String::new());
    for at in 0..27 {
        let comma = if at == 0 { "" } else { "," };
        write!(names, "{comma}名{at}").unwrap();
        write!(codes, "{comma}").unwrap();
        write!(data, "{comma}值{at}").unwrap();
    }
    let mut table = table(format!("{names}\n{codes}\n{data}\n").as_bytes());
    assert_eq!(table.columns().names().len(), 27);
    let read = rows(&mut table);
    assert_eq!((read.len(), read[0].0, read[0].1[26].as_str()), (1, 3, "值26"));
}

#[test]
fn old_xls_without_the_shift_is_read() {
    let mut table = table(&legacy::old_book());
    assert_eq!((table.format, table.sheet.as_deref()), (Format::Xls, Some("S1")));
    assert_eq!(rows(&mut table), vec![(2, cells(&["长白山", "220100"]))]);
}

#[test]
fn an_old_xls_that_spans_too_much_is_refused() {
    let mut bytes = legacy::old_book();
    let label = bytes.windows(8).rposition(|at| at.starts_with(&[0x04, 0x02])).unwrap();
    bytes[label + 4..label + 8].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    let refused = Table::from_bytes(bytes).unwrap_err();
    assert!(matches!(refused, OpenError::Package(why) if why.contains("too many cells")));
}

#[test]
fn json_lines_are_flattened_and_a_broken_line_is_in_trouble() {
    let text = "{\"名称\":\"甲\",\"数\":1}\n\n{oops\n{\"名称\":null,\"列\":[\"a\",\"b\"],\"套\":{\"内\":true}}\n";
    let mut table = table(text.as_bytes());
    assert_eq!((table.format, table.columns().names().len()), (Format::Lines, 4));
    let read: Vec<Row> = table.rows().unwrap().map(Result::unwrap).collect();
    assert_eq!(read.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 3, 4]);
    assert_eq!(read[1].trouble.as_ref().map(Trouble::code), Some("row-json"));
    assert_eq!((read[2].cell("列"), read[2].cell("套.内")), (Some("a、b"), Some("true")));
    assert!(matches!(Table::from_bytes(*b"[{\"a\":1}]"), Err(OpenError::JsonArray)));
}

#[test]
fn a_zip_bomb_and_foreign_packages_are_refused() {
    use std::io::Write as _;
    let package = |name: &str, piece: &[u8], times: usize| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        for _ in 0..times {
            zip.write_all(piece).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let bomb = package("xl/sharedStrings.xml", &vec![b'<'; 1 << 20], 130);
    assert!(bomb.len() < 1 << 20);
    let refused = |bytes: Vec<u8>| Table::from_bytes(bytes).unwrap_err();
    assert!(matches!(refused(bomb), OpenError::Package(why) if why.contains("shared parts")));
    let element = package("xl/worksheets/sheet1.xml", &vec![b'a'; 1 << 20], 2);
    assert!(matches!(refused(element), OpenError::Package(why) if why.contains("element")));
    assert!(matches!(refused(package("readme.txt", b"a", 1)), OpenError::Sheet(_)));
}

#[test]
fn alike_rows_have_one_digest() {
    let mut table = table(b"a,b\nx,y\nx,y\ny,x\nxy,\n");
    let all: Vec<_> = table.rows().unwrap().map(|row| row.unwrap().digest()).collect();
    assert_eq!(all[0], all[1]);
    assert!(all[0] != all[2] && all[2] != all[3] && all[0] != all[3]);
}

/// Text as cells hold it: any character that all formats can carry.
fn cell() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n".to_owned()),
        Just("\"".to_owned()),
        Just(",;\t".to_owned()),
        Just("𠮷𪚥".to_owned()),
        Just("_x000D_".to_owned()),
        "\\PC{0,6}",
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_written_is_read(
        body in prop::collection::vec(prop::collection::vec(cell(), 3), 1..6),
    ) {
        let place = tempfile::tempdir().unwrap();
        let columns = cells(&["名称", "文书号", "机关"]);
        for (name, encoding) in [
            ("a.csv", Encoding::Utf8), ("b.csv", Encoding::Utf8Bom), ("c.csv", Encoding::Gb18030),
            ("d.xlsx", Encoding::Utf8), ("e.jsonl", Encoding::Utf8),
        ] {
            let path = place.path().join(name);
            let shape = Shape { encoding, ..Shape::of_path(&path).unwrap() };
            let mut writer = Writer::create(&path, shape, &columns).unwrap();
            for row in &body {
                writer.row(row).unwrap();
            }
            writer.finish().unwrap();
            let filled = body.iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty()));
            let expected: Vec<Vec<String>> = filled.cloned().collect();
            let mut table = open(&path).unwrap();
            let read: Vec<_> = rows(&mut table).into_iter().map(|(_, cells)| cells).collect();
            prop_assert_eq!(read, expected, "{}", name);
        }
    }

    #[test]
    fn hostile_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        for head in [b"".as_slice(), b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{", b"a,b\n"] {
            if let Ok(mut table) = Table::from_bytes([head, &bytes].concat()) {
                let _count = table.rows().map(Iterator::count);
            }
        }
    }

    #[test]
    fn damaged_workbooks_never_panic(at in 0usize..4_000, byte in any::<u8>(), cut in 0usize..4_000) {
        let sheet = sheet(|sheet| {
            sheet.write_string(0, 0, "名称").unwrap();
            sheet.write_number(1, 0, 1.5).unwrap();
        });
        for mut bytes in [sheet, legacy::old_book()] {
            let (place, length) = (at % bytes.len(), bytes.len());
            bytes[place] = byte;
            bytes.truncate(length - cut % 64);
            if let Ok(mut table) = Table::from_bytes(bytes) {
                let _count = table.rows().map(Iterator::count);
            }
        }
    }
}

/// An old XLS, written byte by byte: there is no writer of it any more.
mod legacy {
    /// A book of one sheet S1 with a header and one row.
    pub(super) fn old_book() -> Vec<u8> {
        let mut globals = Vec::new();
        biff(&mut globals, 0x0809, &[0, 6, 5, 0, 0, 0, 0, 0]);
        let sheet_at = u32::try_from(globals.len() + 4 + 10 + 4).unwrap();
        let bound = [&sheet_at.to_le_bytes()[..], &[0, 0, 2, 0], b"S1"].concat();
        biff(&mut globals, 0x0085, &bound);
        biff(&mut globals, 0x000a, &[]);
        biff(&mut globals, 0x0809, &[0, 6, 0x10, 0, 0, 0, 0, 0]);
        label(&mut globals, 0, 0, "行政相对人名称");
        label(&mut globals, 0, 1, "地方编码");
        label(&mut globals, 1, 0, "长白山");
        let number = [&[1, 0, 1, 0, 0, 0][..], &220_100_f64.to_le_bytes()].concat();
        biff(&mut globals, 0x0203, &number);
        biff(&mut globals, 0x000a, &[]);
        compound(globals)
    }

    fn biff(out: &mut Vec<u8>, kind: u16, body: &[u8]) {
        out.extend(kind.to_le_bytes());
        out.extend(u16::try_from(body.len()).unwrap().to_le_bytes());
        out.extend(body);
    }

    fn label(out: &mut Vec<u8>, row: u16, column: u16, text: &str) {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut body =
            [row, column, 0, u16::try_from(units.len()).unwrap()].map(u16::to_le_bytes).concat();
        body.push(1);
        body.extend(units.into_iter().flat_map(u16::to_le_bytes));
        biff(out, 0x0204, &body);
    }

    /// A compound file with one stream: header, allocation table, directory, content.
    fn compound(mut stream: Vec<u8>) -> Vec<u8> {
        stream.resize(4_096, 0);
        let (free, end) = (0xffff_ffff_u32, 0xffff_fffe_u32);
        let mut out = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        out.extend([0; 16]);
        for short in [0x3e_u16, 3, 0xfffe, 9, 6, 0, 0, 0] {
            out.extend(short.to_le_bytes());
        }
        for long in [0_u32, 1, 1, 0, 4_096, end, 0, end, 0, 0] {
            out.extend(long.to_le_bytes());
        }
        out.resize(512, 0xff);
        let mut table = vec![0xffff_fffd, end];
        table.extend(3..10);
        table.push(end);
        table.resize(128, free);
        out.extend(table.into_iter().flat_map(u32::to_le_bytes));
        for (name, kind, child, start, size) in
            [("Root Entry", 5_u8, 1, end, 0), ("Workbook", 2, free, 2, 4_096_u32)]
        {
            let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            entry.resize(64, 0);
            entry.extend(u16::try_from((name.len() + 1) * 2).unwrap().to_le_bytes());
            entry.extend([kind, 1]);
            entry.extend([free, free, child].into_iter().flat_map(u32::to_le_bytes));
            entry.resize(116, 0);
            entry.extend(start.to_le_bytes());
            entry.extend(u64::from(size).to_le_bytes());
            out.extend(entry);
        }
        out.resize(1_536, 0);
        out.extend(stream);
        out
    }
}
