//! A filter that says "certainly not here" for most fingerprints: one cache line a question.
//!
//! Blocks of 512 bits, ten bits a fingerprint, six of them set: about one in a hundred absent
//! fingerprints is let through. The fingerprints are hashes already, so none is computed.

use super::Fingerprint;
use crate::octets::{len_u64, to_usize};

/// A blocked Bloom filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filter {
    blocks: Vec<[u64; 8]>,
}

impl Filter {
    /// Room for this many fingerprints.
    pub(super) fn with_room(fingerprints: u64) -> Self {
        let blocks = fingerprints.saturating_mul(BITS_PER_KEY).div_ceil(512).max(1);
        Self { blocks: vec![[0; 8]; to_usize(blocks)] }
    }

    pub(super) fn add(&mut self, fingerprint: &Fingerprint) {
        let block = self.block_of(fingerprint);
        if let Some(block) = self.blocks.get_mut(block) {
            for (word, bit) in bits(fingerprint) {
                if let Some(word) = block.get_mut(word) {
                    *word |= bit;
                }
            }
        }
    }

    pub(super) fn may_have(&self, fingerprint: &Fingerprint) -> bool {
        let block = self.blocks.get(self.block_of(fingerprint));
        block.is_some_and(|block| {
            bits(fingerprint).all(|(word, bit)| block.get(word).is_some_and(|word| word & bit != 0))
        })
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        self.blocks.iter().flatten().flat_map(|word| word.to_be_bytes()).collect()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        let block = |bytes: &[u8; 64]| {
            let mut words = [0; 8];
            let (found, _) = bytes.as_chunks::<8>();
            words.iter_mut().zip(found).for_each(|(to, from)| *to = u64::from_be_bytes(*from));
            words
        };
        let (blocks, _) = bytes.as_chunks::<64>();
        Self { blocks: blocks.iter().map(block).collect() }
    }

    fn block_of(&self, fingerprint: &Fingerprint) -> usize {
        let (high, _) = halves(fingerprint);
        let scaled = (u128::from(high) * u128::from(len_u64(self.blocks.len()))) >> 64;
        usize::try_from(scaled).unwrap_or(0)
    }
}

fn bits(fingerprint: &Fingerprint) -> impl Iterator<Item = (usize, u64)> {
    let (_, low) = halves(fingerprint);
    (0..6).map(move |turn| {
        let nine = low >> (turn * 9) & 511;
        (to_usize(nine >> 6), 1 << (nine & 63))
    })
}

fn halves(fingerprint: &Fingerprint) -> (u64, u64) {
    let both = u128::from_be_bytes(*fingerprint);
    let low = |bits: u128| u64::try_from(bits & u128::from(u64::MAX)).unwrap_or(0);
    (low(both >> 64), low(both))
}

const BITS_PER_KEY: u64 = 10;

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    fn fingerprint(n: u32) -> Fingerprint {
        let hash: [u8; 32] = Sha256::digest(n.to_be_bytes()).into();
        *hash.first_chunk().unwrap()
    }

    #[test]
    fn it_never_denies_and_seldom_lies() {
        let mut filter = Filter::with_room(10_000);
        (0..10_000).for_each(|n| filter.add(&fingerprint(n)));
        let filter = Filter::from_bytes(&filter.to_bytes());
        assert!((0..10_000).all(|n| filter.may_have(&fingerprint(n))));
        let lies = (10_000..20_000).filter(|n| filter.may_have(&fingerprint(*n))).count();
        assert!(lies < 300, "{lies} of 10,000");
    }
}
