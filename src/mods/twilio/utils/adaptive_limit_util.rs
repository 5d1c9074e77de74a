use std::time::{Duration, Instant};

/// Where the limit begins.
const START: usize = 4;
/// An answer is quick if it takes no longer.
const QUICK: Duration = Duration::from_secs(2);
/// Refusals of concurrent requests count once.
const HALVE_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// How many requests may be under way at once: it grows while answers are quick, and halves when
/// Twilio says that it is too much or does not answer in time.
#[derive(Debug, Clone)]
pub struct AdaptiveLimit {
    limit: usize,
    most: usize,
    quick: usize,
    halved_at: Option<Instant>,
}

impl AdaptiveLimit {
    /// A fresh limit that never exceeds `most`, which is at least one.
    pub fn new(most: usize) -> Self {
        let most = most.max(1);
        Self {
            limit: START.min(most),
            most,
            quick: 0,
            halved_at: None,
        }
    }

    /// Requests that may be under way now.
    pub fn get(&self) -> usize {
        self.limit
    }

    /// An answer came after `took`.
    pub fn answered(&mut self, took: Duration) {
        if took > QUICK {
            self.quick = 0;
            return;
        }
        self.quick += 1;
        // Until it was too much for the first time, it doubles with each full round; then it
        // grows by one.
        let wanted = if self.halved_at.is_none() {
            1
        } else {
            self.limit
        };
        if self.quick >= wanted && self.limit < self.most {
            self.limit += 1;
            self.quick = 0;
        }
    }

    /// Twilio refused for the rate, or did not answer in time.
    pub fn overloaded(&mut self, now: Instant) {
        let just_halved = self
            .halved_at
            .is_some_and(|at| now.saturating_duration_since(at) < HALVE_AGAIN_AFTER);
        if !just_halved {
            self.limit = (self.limit / 2).max(1);
            self.halved_at = Some(now);
        }
        self.quick = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 16;

    #[test]
    fn a_limit_of_one_stays_one() {
        let mut limit = AdaptiveLimit::new(1);
        assert_eq!(limit.get(), 1);
        limit.answered(Duration::from_millis(10));
        assert_eq!(limit.get(), 1);
    }

    #[test]
    fn it_grows_with_quick_answers_to_a_bound_and_halves_once_for_a_burst() {
        let mut limit = AdaptiveLimit::new(MOST);
        for _ in 0..1_000 {
            limit.answered(Duration::from_millis(10));
        }
        assert_eq!(limit.get(), MOST);
        let now = Instant::now();
        for _ in 0..MOST {
            limit.overloaded(now);
        }
        assert_eq!(limit.get(), MOST / 2);
        for seconds in 1..20 {
            limit.overloaded(now + Duration::from_secs(seconds));
        }
        assert_eq!(limit.get(), 1, "it never stands still");
        limit.answered(Duration::from_secs(3));
        assert_eq!(limit.get(), 1, "a slow answer is no reason to grow");
        let quick = Duration::from_millis(10);
        let grown: Vec<usize> = (0..6)
            .map(|_| {
                limit.answered(quick);
                limit.get()
            })
            .collect();
        assert_eq!(grown, [2, 2, 3, 3, 3, 4], "by one with each round");
    }
}
