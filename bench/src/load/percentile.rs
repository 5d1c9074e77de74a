use std::time::Duration;

/// The time, in milliseconds, that this share of the times does not exceed; 0 without any.
pub(super) fn percentile(sorted: &[Duration], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    let place = (last as f64 * share).round() as usize;
    sorted
        .get(place)
        .map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_times() {
        let times: Vec<_> = (1..=101).map(Duration::from_millis).collect();
        assert!((percentile(&times, 0.50) - 51.0).abs() < 0.001);
        assert!((percentile(&times, 0.99) - 100.0).abs() < 0.001);
        assert!(percentile(&[], 0.5).abs() < 0.001);
    }
}
