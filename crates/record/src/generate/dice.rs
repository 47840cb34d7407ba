//! The generator's dice: `SplitMix64`, so that a seed means the same for ever, and the names thrown
//! with it. No library promises that its default generator never changes.

use super::words::{GIVEN, STREETS, SURNAMES, SYLLABLES};

/// A small repeatable generator.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// The dice of one row.
    pub(super) fn new(seed: u64, row: u64) -> Self {
        let mut dice = Self(seed ^ row.wrapping_mul(0xd134_2543_de82_ef95));
        dice.0 = dice.next() ^ seed.rotate_left(32);
        dice
    }

    /// Dice that follow from a text.
    pub(super) fn of_text(text: &str) -> Self {
        let fnv = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(text.bytes().fold(0xcbf2_9ce4_8422_2325, fnv))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// A number below `end`; the bias of so small ends does not matter here.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    pub(super) fn pick<T>(&mut self, from: &'static [T]) -> &'static T {
        let count = u64::try_from(from.len()).unwrap_or(1);
        let place = usize::try_from(self.below(count)).unwrap_or(0);
        from.get(place).expect("every list of words has one")
    }

    pub(super) fn person(&mut self) -> String {
        let surname = self.pick(SURNAMES);
        let first = self.pick(GIVEN);
        let second = if self.below(4) == 0 { "" } else { self.pick(GIVEN) };
        format!("{surname}{first}{second}")
    }

    pub(super) fn brand(&mut self) -> String {
        format!("{}{}{}", self.pick(SYLLABLES), self.pick(SYLLABLES), self.pick(SYLLABLES))
    }

    pub(super) fn street(&mut self) -> &'static str {
        let street: &&str = self.pick(STREETS);
        street
    }

    /// Nine characters of GB 11714: MA, six of the alphabet, check character.
    pub(super) fn organisation(&mut self) -> String {
        let mut text: Vec<u8> = b"MA".to_vec();
        text.extend((0..6).map(|_| *self.pick(ALPHABET)));
        let value = |byte: &u8| match byte {
            b'0'..=b'9' => u32::from(byte - b'0'),
            _ => u32::from(byte - b'A') + 10,
        };
        let sum: u32 = text.iter().zip(WEIGHTS).map(|(byte, weight)| value(byte) * weight).sum();
        let check = match 11 - sum % 11 {
            10 => 'X',
            11 => '0',
            digit => char::from_digit(digit, 10).unwrap_or('0'),
        };
        let mut text: String = text.into_iter().map(char::from).collect();
        text.push(check);
        text
    }
}

const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
