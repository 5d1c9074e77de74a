//! Durations as people say them.

use std::time::Duration;

/// `0.4 s`, `12 s`, `3 min 5 s`.
#[must_use]
pub fn duration_text(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 10 {
        format!("{:.1} s", duration.as_secs_f64())
    } else if seconds < 60 {
        format!("{seconds} s")
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_times_have_a_fraction_and_long_ones_minutes() {
        assert_eq!(duration_text(Duration::from_millis(420)), "0.4 s");
        assert_eq!(duration_text(Duration::from_secs(59)), "59 s");
        assert_eq!(duration_text(Duration::from_secs(185)), "3 min 5 s");
    }
}
