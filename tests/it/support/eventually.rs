use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Far more than anything here takes; a machine under load must not make a test fail.
const LIMIT: Duration = Duration::from_secs(60);
/// Between two looks: quick at first, then rarer.
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// Looks again and again until there is something, and fails the test after a while.
#[track_caller]
pub fn eventually<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> impl Future<Output = T> {
    eventually_within(LIMIT, what, look)
}

/// The same with a limit of its own, for what takes long by design or must not take long.
#[track_caller]
pub fn eventually_within<T>(
    limit: Duration,
    what: &str,
    mut look: impl AsyncFnMut() -> Option<T>,
) -> impl Future<Output = T> {
    let caller = std::panic::Location::caller();
    async move {
        let deadline = Instant::now() + limit;
        let mut pause = FIRST_PAUSE;
        loop {
            if let Some(found) = look().await {
                return found;
            }
            assert!(
                Instant::now() < deadline,
                "did not happen within {limit:?} ({caller}): {what}"
            );
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
