//! Reads the counts from what nextest and libtest print.

use std::ops::AddAssign;

/// Tests that passed and failed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    /// Passed.
    pub(super) passed: u64,
    /// Failed, timed out, skipped, or never run.
    pub(super) failed: u64,
}

impl Count {
    /// One check that ended so.
    pub(super) fn of_exit(success: bool) -> Self {
        Self { passed: u64::from(success), failed: u64::from(!success) }
    }

    /// The sum of all summary lines. A bad exit without a failed test is one failure, and so is a
    /// good one without any test.
    pub(super) fn of_lines(lines: &[String], success: bool) -> Self {
        let mut sum = Self::default();
        let mut ran = false;
        for count in lines.iter().filter_map(|line| Self::of_line(line)) {
            ran = true;
            sum += count;
        }
        if sum.failed == 0 && !(success && ran) {
            sum.failed = 1;
        }
        sum
    }

    fn of_line(line: &str) -> Option<Self> {
        let line = line.trim_start();
        let counts = match line.strip_prefix("test result: ") {
            Some(rest) => rest.split_once(". ")?.1,
            None => line.strip_prefix("Summary [")?.split_once(" run: ")?.1,
        };
        let mut count = Self::default();
        for piece in counts.split([',', ';']) {
            let mut words = piece.trim_start_matches([' ', '(']).split(' ');
            let (Some(number), Some(word)) = (words.next(), words.next()) else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match word {
                "passed" => count.passed += number,
                "failed" | "timed" | "ignored" | "exec" => count.failed += number,
                _ => {}
            }
        }
        Some(count)
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_runners() {
        let table = [
            ("     Summary [   0.012s] 25 tests run: 25 passed, 0 skipped", 25, 0),
            ("     Summary [   9.1s] 9 tests run: 6 passed (1 slow), 2 failed, 1 timed out", 6, 3),
            ("     Summary [   0.5s] 1 test run: 1 passed, 12 skipped", 1, 0),
            ("test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out", 3, 0),
            ("test result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured", 3, 3),
        ];
        for (line, passed, failed) in table {
            assert_eq!(Count::of_line(line), Some(Count { passed, failed }), "{line}");
        }
        assert_eq!(Count::of_line("running 3 tests"), None);
    }

    #[test]
    fn what_ran_nothing_or_ended_badly_has_failed() {
        let said = |line: &str| vec![line.to_owned()];
        assert_eq!(Count::of_lines(&[], true).failed, 1);
        assert_eq!(Count::of_lines(&said("error[E0425]: cannot find value"), false).failed, 1);
        let passed = said("test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured");
        assert_eq!(Count::of_lines(&passed, true), Count { passed: 3, failed: 0 });
        assert_eq!(Count::of_lines(&passed, false), Count { passed: 3, failed: 1 });
    }
}
