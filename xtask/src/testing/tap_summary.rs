//! What `node --test` reported in TAP.

use crate::testing::tally::Tally;

/// Reads the totals at the end: `# pass 3`, `# fail 1`, `# cancelled 0`.
#[must_use]
pub fn tap_summary(text: &str) -> Tally {
    let total = |word: &str| -> u64 {
        let prefix = format!("# {word} ");
        text.lines()
            .rev()
            .find_map(|line| line.strip_prefix(&prefix)?.parse().ok())
            .unwrap_or(0)
    };
    Tally {
        passed: total("pass"),
        failed: total("fail") + total("cancelled"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_read_and_cancelled_tests_have_failed() {
        let text = "TAP version 13\nok 1 - x\n1..1\n# tests 5\n# pass 3\n# fail 1\n# cancelled 1\n# skipped 0\n";
        assert_eq!(
            tap_summary(text),
            Tally {
                passed: 3,
                failed: 2
            }
        );
    }
}
