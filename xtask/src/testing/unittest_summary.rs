//! What Python's `unittest` printed.

use crate::testing::tally::Tally;

/// Reads `Ran 12 tests in 3.4s` and `FAILED (failures=1, errors=1, skipped=2)`.
#[must_use]
pub fn unittest_summary(lines: &[String]) -> Tally {
    let find = |prefix: &str| {
        lines
            .iter()
            .rev()
            .find_map(|line| line.trim().strip_prefix(prefix))
    };
    let ran = find("Ran ")
        .and_then(|rest| rest.split(' ').next()?.parse().ok())
        .unwrap_or(0_u64);
    let result = find("FAILED (").or_else(|| find("OK (")).unwrap_or("");
    let count = |word: &str| -> u64 {
        result
            .trim_end_matches(')')
            .split(", ")
            .find_map(|part| part.strip_prefix(word)?.strip_prefix('=')?.parse().ok())
            .unwrap_or(0)
    };
    let failed = count("failures") + count("errors") + count("unexpected successes");
    Tally {
        passed: ran.saturating_sub(failed + count("skipped")),
        failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(text: &str) -> Tally {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        unittest_summary(&lines)
    }

    #[test]
    fn failures_and_errors_are_failed_and_skipped_tests_have_not_passed() {
        let failed = summary("Ran 12 tests in 3.4s\n\nFAILED (failures=2, errors=1, skipped=4)\n");
        let expected = Tally {
            passed: 5,
            failed: 3,
        };
        assert_eq!(failed, expected);
        let passed = Tally {
            passed: 12,
            failed: 0,
        };
        assert_eq!(summary("Ran 12 tests in 3.4s\n\nOK\n"), passed);
        assert_eq!(summary("Traceback"), Tally::default());
    }
}
