//! A running hash over everything that happens in a world, and the same as text when asked for.
//!
//! Two runs of one seed must give one hash; the first line that differs between two texts is where
//! chance got in. The hash is no security: it mixes words of eight bytes, quickly.

use std::fmt;
use std::io::Write;

/// Hash and, when wanted, text of what happens.
pub struct Trace {
    state: u64,
    lines: Option<Box<dyn Write>>,
}

impl Trace {
    /// Only the hash.
    pub fn new(seed: u64) -> Self {
        Self { state: mix(seed, SEED), lines: None }
    }

    /// The hash, and a line for each event into `lines`.
    pub fn with_lines(seed: u64, lines: Box<dyn Write>) -> Self {
        Self { lines: Some(lines), ..Self::new(seed) }
    }

    /// Notes what happens, in words.
    pub fn note(&mut self, at: u64, what: fmt::Arguments<'_>) {
        self.number(at);
        // The adapter never fails; formatting of our own types does not either.
        if fmt::write(&mut Absorb(&mut self.state), what).is_err() {
            self.number(u64::MAX);
        }
        if let Some(lines) = &mut self.lines
            && writeln!(lines, "{at:>8} {what}").is_err()
        {
            self.lines = None;
        }
    }

    /// A remark for the reader of the lines, no part of the hash.
    pub fn remark(&mut self, what: fmt::Arguments<'_>) {
        if let Some(lines) = &mut self.lines
            && writeln!(lines, "         -- {what}").is_err()
        {
            self.lines = None;
        }
    }

    /// Absorbs bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        absorb(&mut self.state, bytes);
    }

    /// Absorbs a number.
    pub fn number(&mut self, number: u64) {
        self.state = mix(self.state, number);
    }

    /// The hash so far.
    pub fn value(&self) -> u64 {
        self.state
    }
}

struct Absorb<'a>(&'a mut u64);

impl fmt::Write for Absorb<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        absorb(self.0, text.as_bytes());
        Ok(())
    }
}

fn absorb(state: &mut u64, bytes: &[u8]) {
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        for (to, from) in word.iter_mut().zip(chunk) {
            *to = *from;
        }
        *state = mix(*state, u64::from_le_bytes(word));
    }
    *state = mix(*state, u64::try_from(bytes.len()).unwrap_or(u64::MAX));
}

const SEED: u64 = 0xa076_1d64_78bd_642f;

fn mix(state: u64, word: u64) -> u64 {
    let wide = u128::from(state ^ 0xe703_7ed1_a0b4_28db) * u128::from(word ^ SEED);
    let fold = (wide & u128::from(u64::MAX)) ^ (wide >> 64);
    let fold = u64::try_from(fold).unwrap_or(0);
    fold.rotate_left(17) ^ state.wrapping_mul(0x8ebc_6af0_9c88_c6e3).wrapping_add(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_text_count() {
        let hash = |words: &[&str]| {
            let mut trace = Trace::new(1);
            for (at, word) in (0..).zip(words) {
                trace.note(at, format_args!("{word}"));
            }
            trace.value()
        };
        assert_eq!(hash(&["a", "b"]), hash(&["a", "b"]));
        assert_ne!(hash(&["a", "b"]), hash(&["b", "a"]));
        assert_ne!(hash(&["a", ""]), hash(&["a"]));
    }
}
