//! Text out of bytes: which encoding a file has, and its characters as UTF-8, streamed.
//!
//! Halls write UTF-8, UTF-8 with a byte order mark, and GB18030, whose four-byte forms hold the rare
//! characters of surnames. The whole file is looked at once before it is read, since the first
//! Chinese character may stand on its last line. Bytes that are no text in the file's encoding become
//! U+FFFD and are remembered with their line: their row is refused, the rest of the file is read.
//! UTF-16 is named and refused, other encodings are not guessed.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

use encoding_rs::{DecoderResult, GB18030, UTF_8};

use crate::limit::BAD_BYTES_MAX;

/// How a text file writes characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 after a byte order mark, as spreadsheet programs write it.
    Utf8Bom,
    /// GB 18030, which GBK and GB 2312 are part of.
    Gb18030,
}

impl Encoding {
    /// The encoding as users read it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf8Bom => "utf-8-bom",
            Self::Gb18030 => "gb18030",
        }
    }

    fn decoder(self) -> encoding_rs::Decoder {
        match self {
            Self::Utf8 | Self::Utf8Bom => UTF_8.new_decoder_with_bom_removal(),
            Self::Gb18030 => GB18030.new_decoder_with_bom_removal(),
        }
    }
}

/// The encoding of a whole text; none for UTF-16, which is refused.
pub(crate) fn detect(mut input: impl BufRead) -> io::Result<Option<Encoding>> {
    let mut tally = Tally::default();
    loop {
        let chunk = input.fill_buf()?;
        if chunk.is_empty() {
            return Ok(tally.judge());
        }
        tally.look(chunk);
        let length = chunk.len();
        input.consume(length);
    }
}

/// What speaks for UTF-8 and what against it.
#[derive(Default)]
struct Tally {
    head: Vec<u8>,
    carry: Vec<u8>,
    wide: u64,
    broken: u64,
}

impl Tally {
    fn look(&mut self, chunk: &[u8]) {
        let missing = HEAD_BYTES.saturating_sub(self.head.len());
        self.head.extend(chunk.iter().take(missing));
        if self.carry.is_empty() && chunk.is_ascii() {
            return;
        }
        let mut bytes = std::mem::take(&mut self.carry);
        bytes.extend_from_slice(chunk);
        let end = bytes.len() - cut(&bytes);
        let (whole, rest) = bytes.split_at(end);
        for piece in whole.utf8_chunks() {
            let valid = piece.valid().bytes().filter(|byte| *byte >= 0xc0).count();
            self.wide += u64::try_from(valid).unwrap_or(u64::MAX);
            self.broken += u64::from(!piece.invalid().is_empty());
        }
        self.carry = rest.to_vec();
    }

    /// A stray byte in Chinese UTF-8 leaves the file UTF-8; of GB18030's characters at most one in four
    /// looks like UTF-8 by chance.
    fn judge(mut self) -> Option<Encoding> {
        self.broken += u64::from(!self.carry.is_empty());
        if self.head.starts_with(&[0xff, 0xfe]) || self.head.starts_with(&[0xfe, 0xff]) {
            return None;
        }
        if self.head.starts_with(&[0xef, 0xbb, 0xbf]) {
            return Some(Encoding::Utf8Bom);
        }
        let utf8 = self.broken == 0 || self.broken.saturating_mul(3) <= self.wide;
        Some(if utf8 { Encoding::Utf8 } else { Encoding::Gb18030 })
    }
}

/// How many bytes at the end may be the beginning of a character.
fn cut(bytes: &[u8]) -> usize {
    for back in 1..=3 {
        match bytes.len().checked_sub(back).and_then(|at| bytes.get(at)) {
            Some(0xf0..=0xf7) if back < 4 => return back,
            Some(0xe0..=0xef) if back < 3 => return back,
            Some(0xc0..=0xdf) if back < 2 => return back,
            Some(0x80..=0xbf) => {}
            _ => return 0,
        }
    }
    0
}

/// Bytes that are no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadBytes {
    /// Line of the file, from 1.
    pub(crate) line: u64,
    /// The bytes, in hexadecimal.
    pub(crate) bytes: String,
}

/// A reader of UTF-8 over a reader of bytes.
pub(crate) struct Decoder<R> {
    input: R,
    machine: encoding_rs::Decoder,
    text: Vec<u8>,
    at: usize,
    line: u64,
    ended: bool,
    bad: VecDeque<BadBytes>,
}

impl<R: BufRead> Decoder<R> {
    pub(crate) fn new(input: R, encoding: Encoding) -> Self {
        let machine = encoding.decoder();
        let (text, bad) = (Vec::with_capacity(TEXT_BYTES), VecDeque::new());
        Self { input, machine, text, at: 0, line: 1, ended: false, bad }
    }

    /// The first invalid bytes up to `line`, which all rows up to there account for.
    pub(crate) fn bad_until(&mut self, line: u64) -> Option<BadBytes> {
        let mut first = None;
        while self.bad.front().is_some_and(|bad| bad.line <= line) {
            first = first.or(self.bad.pop_front());
        }
        first
    }

    /// Decodes the next piece; `text` is empty afterwards only at the end.
    fn fill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.at = 0;
        while self.text.is_empty() && !self.ended {
            let chunk = self.input.fill_buf()?;
            let last = chunk.is_empty();
            self.text.resize(TEXT_BYTES, 0);
            let room = TEXT_BYTES - REPLACEMENT.len();
            let buffer = self.text.get_mut(..room).unwrap_or_default();
            let (result, read, written) =
                self.machine.decode_to_utf8_without_replacement(chunk, buffer, last);
            self.text.truncate(written);
            self.line += breaks(&self.text);
            match result {
                DecoderResult::InputEmpty => self.ended = last,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, after) => {
                    let end = read.saturating_sub(usize::from(after));
                    let start = end.saturating_sub(usize::from(length));
                    if self.bad.len() < BAD_BYTES_MAX {
                        let bytes = chunk.get(start..end).unwrap_or_default();
                        let hex = bytes.iter().map(|byte| format!("{byte:02X}"));
                        let bytes = hex.collect::<Vec<_>>().join(" ");
                        self.bad.push_back(BadBytes { line: self.line, bytes });
                    }
                    self.text.extend_from_slice(REPLACEMENT.as_bytes());
                }
            }
            self.input.consume(read);
        }
        Ok(())
    }
}

impl<R: BufRead> BufRead for Decoder<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.text.len() {
            self.fill()?;
        }
        Ok(self.text.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount;
    }
}

impl<R: BufRead> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut text = self.fill_buf()?;
        let read = text.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

/// How many lines end in `text`.
pub(crate) fn breaks(text: &[u8]) -> u64 {
    u64::try_from(text.split(|byte| *byte == b'\n').count() - 1).unwrap_or(u64::MAX)
}

const HEAD_BYTES: usize = 3;
const TEXT_BYTES: usize = 1 << 16;
const REPLACEMENT: &str = "\u{fffd}";

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn read(bytes: &[u8]) -> (Option<Encoding>, String, Vec<BadBytes>) {
        let encoding = detect(BufReader::with_capacity(7, bytes)).unwrap();
        let input = BufReader::with_capacity(5, bytes);
        let mut decoder = Decoder::new(input, encoding.unwrap_or(Encoding::Utf8));
        let mut text = String::new();
        decoder.read_to_string(&mut text).unwrap();
        (encoding, text, decoder.bad.into())
    }

    #[test]
    fn encodings_are_told_apart_and_decoded() {
        let text = "机关,名称\n长白山,𠮷野家 㐂 𪚥\n";
        assert_eq!(read(text.as_bytes()), (Some(Encoding::Utf8), text.to_owned(), vec![]));
        let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        assert_eq!(read(&marked), (Some(Encoding::Utf8Bom), text.to_owned(), vec![]));
        let (bytes, _, lost) = GB18030.encode(text);
        assert!(!lost);
        assert_eq!(read(&bytes), (Some(Encoding::Gb18030), text.to_owned(), vec![]));
        assert_eq!(read(b"\xff\xfea\0").0, None);
        assert_eq!(read(b"plain").0, Some(Encoding::Utf8));
    }

    #[test]
    fn invalid_bytes_are_named_with_their_line() {
        let mut bytes = "一二三四五六七八九十\n行政\n".as_bytes().to_vec();
        bytes.extend_from_slice(b"ok,\xff\xfe\n\xe4\xb8");
        let (encoding, text, bad) = read(&bytes);
        assert_eq!(encoding, Some(Encoding::Utf8));
        assert!(text.contains("ok,\u{fffd}"), "{text}");
        assert_eq!(bad[0], BadBytes { line: 3, bytes: "FF".to_owned() });
        assert_eq!(bad.last().unwrap().line, 4);
    }
}
