//! Trying again: how long to wait before it, and for how long to go on.

use std::{fmt::Display, ops::Range, time::Duration};

use rand::Rng;
use tokio::time::{Instant, sleep};

/// Pauses that grow with the number of tries.
#[derive(Debug, Clone, PartialEq)]
pub struct BackOff {
    pub first: Duration,
    /// How much longer each pause is than the one before.
    pub factor: u32,
    pub longest: Duration,
    /// Chance multiplies a pause by a number of this range, so that what failed together does not
    /// come back together.
    pub jitter: Range<f64>,
}

/// No jitter: for a single waiter.
pub const EXACT: Range<f64> = 1.0..1.0;

impl BackOff {
    /// Always the same pause.
    pub const fn every(pause: Duration) -> Self {
        Self {
            first: pause,
            factor: 1,
            longest: pause,
            jitter: EXACT,
        }
    }

    /// The pause after `earlier` earlier ones.
    pub fn pause(&self, earlier: u32) -> Duration {
        let pause = self
            .first
            .saturating_mul(self.factor.saturating_pow(earlier))
            .min(self.longest);
        if self.jitter.is_empty() {
            return pause;
        }
        pause.mul_f64(rand::rng().random_range(self.jitter.clone()))
    }
}

/// Does `work` until it succeeds, fails for good (`is_passing` says no), or `patience` has run out
/// at the end of a try. `what` is for logs.
pub async fn retry<T, E: Display, F>(
    what: &'static str,
    back_off: &BackOff,
    patience: Duration,
    is_passing: impl Fn(&E) -> bool,
    work: impl Fn() -> F,
) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    let begin = Instant::now();
    let mut pauses = (0..).map(|earlier| back_off.pause(earlier));
    loop {
        match work().await {
            Err(error) if is_passing(&error) && begin.elapsed() < patience => {
                tracing::warn!(what, %error, "trying again");
            }
            ended => return ended,
        }
        sleep(pauses.next().unwrap_or(back_off.longest)).await;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn pauses_grow_to_the_longest_one() {
        let exact = BackOff {
            first: SECOND,
            factor: 3,
            longest: 20 * SECOND,
            jitter: EXACT,
        };
        let pauses = [0, 1, 2, 3, 100].map(|earlier| exact.pause(earlier).as_secs());
        assert_eq!(pauses, [1, 3, 9, 20, 20]);
        let jittered = BackOff {
            jitter: 0.5..1.0,
            ..exact
        };
        for earlier in 0..50 {
            let pause = jittered.pause(2).as_secs_f64();
            assert!((4.5..9.0).contains(&pause), "{pause} at {earlier}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_passes_is_tried_again_for_a_while_and_what_does_not_is_not() {
        let every = BackOff::every(SECOND);
        let tries = Cell::new(0);
        let work = async || {
            tries.set(tries.get() + 1);
            if tries.get() == 4 {
                Ok(())
            } else {
                Err("passes")
            }
        };
        let begin = Instant::now();
        let retried =
            |patience: Duration| retry("a test", &every, patience, |e| *e == "passes", work);
        assert_eq!(retried(3 * SECOND).await, Ok(()));
        assert_eq!((tries.get(), begin.elapsed()), (4, 3 * SECOND));
        tries.set(0);
        assert_eq!(retried(2 * SECOND).await, Err("passes"));
        assert_eq!(tries.get(), 3);
        let fails = async || Err::<(), _>("fails");
        let ended = retry("a test", &every, Duration::MAX, |e| *e == "passes", fails).await;
        assert_eq!(ended, Err("fails"));
    }
}
