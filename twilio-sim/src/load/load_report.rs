use std::time::Duration;

use serde::Serialize;

/// What was measured. With a rate, the time to an answer counts from when the post was due, so
/// that a slow answer cannot hide the ones that wait behind it.
#[derive(Debug, Clone, Serialize)]
pub struct LoadReport {
    /// Events in posts that were answered 2xx.
    pub events: u64,
    /// Posts that were answered 2xx.
    pub posts: u64,
    pub seconds: f64,
    pub events_per_second: f64,
    /// Median time to the answer, in milliseconds.
    pub p50_ms: f64,
    /// 99th percentile of it.
    pub p99_ms: f64,
    /// Posts that failed or were answered otherwise.
    pub errors: u64,
}

impl LoadReport {
    /// Sums up the answers.
    pub fn new(mut times: Vec<Duration>, batch: u32, errors: u64, elapsed: Duration) -> Self {
        times.sort_unstable();
        let posts = times.len() as u64;
        let events = posts * u64::from(batch);
        Self {
            events,
            posts,
            seconds: elapsed.as_secs_f64(),
            events_per_second: events as f64 / elapsed.as_secs_f64(),
            p50_ms: Self::percentile(&times, 0.50),
            p99_ms: Self::percentile(&times, 0.99),
            errors,
        }
    }

    /// The time, in milliseconds, that this share of the times does not exceed; 0 without any.
    pub(super) fn percentile(sorted: &[Duration], share: f64) -> f64 {
        let last = sorted.len().saturating_sub(1);
        let place = (last as f64 * share).round() as usize;
        sorted
            .get(place)
            .map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_times() {
        let times = (1..=101).rev().map(Duration::from_millis).collect();
        let report = LoadReport::new(times, 10, 0, Duration::from_secs(2));
        assert_eq!((report.posts, report.events), (101, 1_010));
        assert!((report.p50_ms - 51.0).abs() < 0.001);
        assert!((report.p99_ms - 100.0).abs() < 0.001);
        assert!((report.events_per_second - 505.0).abs() < 0.001);
    }
}
