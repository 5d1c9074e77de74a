//! How many tests passed and failed.

use std::iter::Sum;
use std::ops::Add;

/// Counts of one or more runners.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
}

impl Tally {
    /// Nothing was tested, and something went wrong: that counts as a failure.
    #[must_use]
    pub fn one_failed() -> Self {
        Self {
            passed: 0,
            failed: 1,
        }
    }

    /// A runner that fails without naming a failed test has still failed.
    #[must_use]
    pub fn with_exit(mut self, success: bool) -> Self {
        if !success && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
        }
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), Self::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_exit_without_failed_tests_counts_as_one_failure() {
        let counted = Tally {
            passed: 3,
            failed: 0,
        };
        assert_eq!(
            counted.with_exit(false),
            Tally {
                passed: 3,
                failed: 1
            }
        );
        assert_eq!(counted.with_exit(true), counted);
        let failed = Tally {
            passed: 3,
            failed: 2,
        };
        assert_eq!(failed.with_exit(false), failed);
    }
}
