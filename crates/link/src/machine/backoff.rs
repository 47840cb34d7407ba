//! How long to wait before trying again: doubling, capped, with jitter, for ever. The jitter comes
//! from the machine's own seed, so a run can be repeated; it is no secret.

use std::time::Duration;

/// A small generator (`SplitMix64`).
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// `first` doubled `attempts` times, at most `max`; then something between half and all of it.
    pub(crate) fn backoff(&mut self, first: Duration, max: Duration, attempts: u32) -> Duration {
        let factor = 1u32.checked_shl(attempts.min(24)).unwrap_or(u32::MAX);
        let whole = first.saturating_mul(factor).min(max);
        let half = whole / 2;
        let span = u64::try_from(whole.saturating_sub(half).as_millis()).unwrap_or(u64::MAX);
        half + Duration::from_millis(self.next() % span.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap_and_differ() {
        let (first, max) = (Duration::from_millis(200), Duration::from_secs(10));
        let mut chance = Chance::new(1);
        for (attempts, whole) in [(0, 200), (1, 400), (3, 1600), (6, 10_000), (4_000_000, 10_000)] {
            let wait = chance.backoff(first, max, attempts);
            assert!(wait >= Duration::from_millis(whole / 2), "{attempts}: {wait:?}");
            assert!(wait <= Duration::from_millis(whole), "{attempts}: {wait:?}");
        }
        let one: Vec<_> = (0..9).map(|_| Chance::new(7).backoff(first, max, 5)).collect();
        let mut other = Chance::new(7);
        assert_ne!(one, (0..9).map(|_| other.backoff(first, max, 5)).collect::<Vec<_>>());
        assert_eq!(chance.backoff(Duration::ZERO, max, 9), Duration::ZERO);
    }
}
