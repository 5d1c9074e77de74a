//! What Playwright's JSON reporter wrote.

use anyhow::{Context as _, Result};

use crate::testing::tally::Tally;

/// Reads the totals. A test that passed only when repeated has failed: a
/// browser test that passes by luck proves nothing.
///
/// # Errors
/// When it is not such a report.
pub fn playwright_summary(report: &str) -> Result<Tally> {
    let report: serde_json::Value = serde_json::from_str(report).context("no JSON")?;
    let stats = &report["stats"];
    let count = |key: &str| {
        stats[key]
            .as_u64()
            .with_context(|| format!("no stats.{key}"))
    };
    Ok(Tally {
        passed: count("expected")?,
        failed: count("unexpected")? + count("flaky")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flaky_test_counts_as_failed() {
        let report = r#"{"stats":{"expected":4,"unexpected":1,"flaky":1,"skipped":2}}"#;
        assert_eq!(
            playwright_summary(report).ok(),
            Some(Tally {
                passed: 4,
                failed: 2
            })
        );
    }
}
