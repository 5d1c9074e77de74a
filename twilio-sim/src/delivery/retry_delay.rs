use std::time::Duration;

use crate::timing::Timing;

/// Pause after the given failed attempt (1 is the first): exponential back-off, of which jitter
/// (0 to 1) takes up to half. Twilio documents back-off with jitter and not its numbers.
pub(crate) fn retry_delay(timing: &Timing, attempt: u32, jitter: f64) -> Duration {
    let doublings = attempt.saturating_sub(1).min(32);
    let longest = timing
        .retry_base_ms
        .saturating_mul(1_u64 << doublings)
        .min(timing.retry_max_ms);
    Duration::from_millis(longest).mul_f64(0.5 + jitter.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_jitter_takes_at_most_half() {
        let timing = Timing {
            retry_base_ms: 100,
            retry_max_ms: 1_000,
            ..Timing::default()
        };
        let pauses: Vec<u128> = (1..=6)
            .map(|attempt| retry_delay(&timing, attempt, 1.0).as_millis())
            .collect();
        assert_eq!(pauses, [100, 200, 400, 800, 1_000, 1_000]);
        assert_eq!(retry_delay(&timing, 1, 0.0).as_millis(), 50);
        assert_eq!(retry_delay(&timing, u32::MAX, 1.0).as_millis(), 1_000);
    }
}
