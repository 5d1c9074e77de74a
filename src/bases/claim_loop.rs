//! The engine of all background work that waits in tables.
//!
//! A row is the job: a node claims some rows, works on them side by side, and looks again after a
//! pause. A claim ends by itself (a lease, a `next_try_at`), so another node takes over from one
//! that died. The queue of [`jobs`](super::jobs) is for work that has no row of its own.

use std::time::Duration;

use sea_orm::DbErr;
use tokio::{sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;

/// The pause after an error of the database.
const AFTER_AN_ERROR: Duration = Duration::from_secs(1);

/// What the loop does with work that is under way when the server stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtShutdown {
    /// Waits for it: it stops by itself at its next border.
    Wait,
    /// Drops it: it is done again after the restart.
    Drop,
}

/// A kind of work that nodes claim: how to find it, and what to do with it.
pub trait ClaimedWork: Send {
    /// What one claim gives, once for each unit of work.
    type Claimed: Send + 'static;

    /// For logs.
    const NAME: &'static str;
    /// Units that one node works on at once.
    const AT_ONCE: usize;
    /// Units that one claim takes at most.
    const BATCH: usize;
    /// How often to look for work.
    const POLL: Duration;
    const AT_SHUTDOWN: AtShutdown;

    /// Claims up to `most` units, so that no other node works on them.
    fn claim(
        &mut self,
        most: usize,
    ) -> impl Future<Output = Result<Vec<Self::Claimed>, DbErr>> + Send;

    /// Works on one unit. Whatever goes wrong is written down there.
    fn work(&self, claimed: Self::Claimed) -> impl Future<Output = ()> + Send + 'static;

    /// Called before each claim; also when all places are taken.
    fn look_around(&mut self, _free: usize) -> impl Future<Output = Result<(), DbErr>> + Send {
        async { Ok(()) }
    }
}

/// Claims and works until `shutdown`.
///
/// A claim that fills its batch is followed by the next one at once; then the loop waits for
/// [`ClaimedWork::POLL`] or for a unit that ends.
pub async fn claim_loop<W: ClaimedWork>(mut kind: W, shutdown: CancellationToken) {
    let mut under_way = JoinSet::new();
    while !shutdown.is_cancelled() {
        let free = W::AT_ONCE - under_way.len();
        let pause = match claim(&mut kind, free).await {
            Ok(claimed) => {
                let is_full = claimed.len() == W::BATCH;
                for one in claimed {
                    under_way.spawn(kind.work(one));
                }
                if is_full {
                    continue;
                }
                W::POLL
            }
            Err(error) => {
                tracing::error!(name = W::NAME, %error, "looking for work failed");
                AFTER_AN_ERROR
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => {}
            Some(ended) = under_way.join_next() => log_panic::<W>(ended),
            () = tokio::time::sleep(pause) => {}
        }
    }
    if W::AT_SHUTDOWN == AtShutdown::Wait {
        while let Some(ended) = under_way.join_next().await {
            log_panic::<W>(ended);
        }
    }
}

async fn claim<W: ClaimedWork>(kind: &mut W, free: usize) -> Result<Vec<W::Claimed>, DbErr> {
    kind.look_around(free).await?;
    match free.min(W::BATCH) {
        0 => Ok(Vec::new()),
        most => kind.claim(most).await,
    }
}

fn log_panic<W: ClaimedWork>(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        // The claim runs out, and the work is claimed again.
        tracing::error!(name = W::NAME, %error, "claimed work panicked");
    }
}

/// Work that one transaction claims and does, so that one step follows another.
pub trait SteppedWork: Send {
    /// Does some of it. Returns how long to wait for more; zero for not at all.
    fn step(&mut self) -> impl Future<Output = Duration> + Send;
}

/// Repeats the step until `shutdown`. `wake` ends a pause.
pub async fn step_loop(mut work: impl SteppedWork, wake: &Notify, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        let pause = work.step().await;
        if pause.is_zero() {
            continue;
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = wake.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

    use tokio::time::Instant;

    use super::*;

    /// What a test's work has seen.
    #[derive(Default)]
    struct Seen {
        waiting: u32,
        /// Seconds and units of each claim.
        claims: Vec<(u64, usize)>,
        most_under_way: usize,
        under_way: usize,
        done: u32,
    }

    struct TestWork<const AT_SHUTDOWN_WAIT: bool> {
        begin: Instant,
        seen: Arc<Mutex<Seen>>,
    }

    fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
        seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Each unit takes ten seconds; the third panics; the first claim fails.
    impl<const WAIT: bool> ClaimedWork for TestWork<WAIT> {
        type Claimed = u32;

        const NAME: &'static str = "test";
        const AT_ONCE: usize = 3;
        const BATCH: usize = 2;
        const POLL: Duration = Duration::from_secs(4);
        const AT_SHUTDOWN: AtShutdown = if WAIT {
            AtShutdown::Wait
        } else {
            AtShutdown::Drop
        };

        async fn claim(&mut self, most: usize) -> Result<Vec<u32>, DbErr> {
            let mut seen = lock(&self.seen);
            if seen.claims.is_empty() {
                seen.claims.push((0, 0));
                return Err(DbErr::Custom("away".to_owned()));
            }
            let take = seen.waiting.min(u32::try_from(most).unwrap_or(u32::MAX));
            let last = seen.waiting;
            seen.waiting -= take;
            let second = self.begin.elapsed().as_secs();
            seen.claims.push((second, take as usize));
            Ok(((last - take + 1)..=last).collect())
        }

        fn work(&self, unit: u32) -> impl Future<Output = ()> + Send + 'static {
            let seen = self.seen.clone();
            async move {
                {
                    let mut seen = lock(&seen);
                    seen.under_way += 1;
                    seen.most_under_way = seen.most_under_way.max(seen.under_way);
                }
                tokio::time::sleep(Duration::from_secs(10)).await;
                let mut seen = lock(&seen);
                seen.under_way -= 1;
                assert!(unit != 3, "the third panics");
                seen.done += 1;
            }
        }
    }

    async fn run<const WAIT: bool>(waiting: u32, stop_after: u64) -> Seen {
        let seen = Arc::new(Mutex::new(Seen {
            waiting,
            ..Seen::default()
        }));
        let begin = Instant::now();
        let work = TestWork::<WAIT> {
            begin,
            seen: seen.clone(),
        };
        let shutdown = CancellationToken::new();
        let stop = shutdown.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(stop_after)).await;
            stop.cancel();
        });
        claim_loop(work, shutdown).await;
        std::mem::take(&mut *lock(&seen))
    }

    #[tokio::test(start_paused = true)]
    async fn places_batches_and_pauses_are_kept_and_a_panic_costs_one_unit() {
        let seen = run::<true>(7, 60).await;
        assert_eq!((seen.done, seen.waiting), (6, 0));
        assert_eq!(seen.most_under_way, 3);
        // The error at 0 s costs a second; a full batch is followed at once by the next claim.
        assert_eq!(seen.claims[..3], [(0, 0), (1, 2), (1, 1)]);
        // Nothing is claimed while all places are taken.
        assert_eq!(seen.claims[3].0, 11);
    }

    #[tokio::test(start_paused = true)]
    async fn at_shutdown_work_is_waited_for_or_dropped() {
        let (waited, dropped) = (run::<true>(2, 5).await, run::<false>(2, 5).await);
        assert_eq!((waited.done, dropped.done), (2, 0));
    }

    struct TestSteps<'a> {
        begin: Instant,
        /// When each step was done.
        seconds: &'a mut Vec<u64>,
        shutdown: CancellationToken,
    }

    impl SteppedWork for TestSteps<'_> {
        async fn step(&mut self) -> Duration {
            self.seconds.push(self.begin.elapsed().as_secs());
            match self.seconds.len() {
                1 => return Duration::ZERO,
                2 => return Duration::from_secs(5),
                3 => {}
                _ => self.shutdown.cancel(),
            }
            Duration::from_secs(60)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_step_follows_at_once_after_its_pause_or_when_woken() {
        let (wake, shutdown) = (Arc::new(Notify::new()), CancellationToken::new());
        let waker = wake.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(13)).await;
            waker.notify_one();
        });
        let mut seconds = Vec::new();
        let steps = TestSteps {
            begin: Instant::now(),
            seconds: &mut seconds,
            shutdown: shutdown.clone(),
        };
        step_loop(steps, &wake, shutdown).await;
        assert_eq!(seconds, [0, 0, 5, 13]);
    }
}
