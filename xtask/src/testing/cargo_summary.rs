//! What `cargo test` printed.

use crate::testing::tally::Tally;

/// Adds up the `test result:` lines of all test binaries.
#[must_use]
pub fn cargo_summary(lines: &[String]) -> Tally {
    lines.iter().filter_map(|line| summary_line(line)).sum()
}

/// `test result: ok. 5 passed; 0 failed; 1 ignored; …`
fn summary_line(line: &str) -> Option<Tally> {
    let counts = line
        .trim_start()
        .strip_prefix("test result: ")?
        .split_once(". ")?
        .1;
    let count = |word: &str| {
        counts
            .split("; ")
            .find_map(|part| part.strip_suffix(word)?.trim().parse().ok())
    };
    Some(Tally {
        passed: count("passed")?,
        failed: count("failed")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_test_binaries_are_added_up() {
        let lines = [
            "running 2 tests",
            "test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: FAILED. 4 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.00s",
        ]
        .map(str::to_owned);
        assert_eq!(
            cargo_summary(&lines),
            Tally {
                passed: 6,
                failed: 3
            }
        );
    }
}
