//! The order of what happened within one second.
//!
//! Twilio's times are whole seconds, so a time alone does not order a thread. What arrives takes a
//! place where it comes in, and keeps it through writers, batches and restarts.

use serde::{Deserialize, Serialize};

/// Where something stands among what happened in the same second: the smaller, the earlier.
///
/// What arrived has its microsecond of arrival. What was read from a list, where nothing tells when
/// it arrived, is negative, and so before it.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Position(pub i64);

#[cfg(feature = "server")]
pub use arrivals::{Arrivals, POSITION_GAP};

#[cfg(feature = "server")]
mod arrivals {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicI64, Ordering},
        },
        time::Duration,
    };

    use chrono::{DateTime, TimeDelta, Utc};
    use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};
    use tokio_util::sync::CancellationToken;

    use super::Position;
    use crate::bases::clock::Clock;

    /// Between two that arrive one right after the other: what was missed finds a place between.
    pub const POSITION_GAP: i64 = 16;
    /// How often the clock is compared with the database's.
    const COMPARE_EVERY: Duration = Duration::from_secs(60);
    /// An answer that took longer tells too little of the database's clock.
    const QUICK: TimeDelta = TimeDelta::seconds(1);

    /// Gives out positions, each later than the one before. Cloning is cheap.
    ///
    /// The time is the database's, as nearly as this node knows it: those of two nodes whose clocks
    /// differ are comparable.
    #[derive(Debug, Clone)]
    pub struct Arrivals {
        clock: Clock,
        state: Arc<State>,
    }

    #[derive(Debug, Default)]
    struct State {
        last: AtomicI64,
        /// How far the database's clock is ahead of ours, in microseconds.
        ahead: AtomicI64,
    }

    impl Arrivals {
        /// With the node's own clock, until the database's is known.
        pub fn new(clock: Clock) -> Self {
            Self {
                clock,
                state: Arc::default(),
            }
        }

        /// The place of something that arrives now.
        pub fn next(&self) -> Position {
            self.next_of(1)
        }

        /// The first of as many places, [`POSITION_GAP`] apart.
        pub fn next_of(&self, count: usize) -> Position {
            let now = self.now().timestamp_micros();
            let span = POSITION_GAP.saturating_mul(i64::try_from(count.max(1)).unwrap_or(i64::MAX));
            let first = |last: i64| (last + POSITION_GAP).max(now);
            let last_of = |last: i64| Some(first(last).saturating_add(span - POSITION_GAP));
            let (Ok(before) | Err(before)) =
                self.state
                    .last
                    .fetch_update(Ordering::Relaxed, Ordering::Relaxed, last_of);
            Position(first(before))
        }

        /// The database's time, as nearly as it is known.
        pub fn now(&self) -> DateTime<Utc> {
            let ahead = self.state.ahead.load(Ordering::Relaxed);
            self.clock.now() + TimeDelta::microseconds(ahead)
        }

        /// Compares the clock with the database's until shutdown.
        pub async fn follow_database(self, db: DatabaseConnection, shutdown: CancellationToken) {
            while !shutdown.is_cancelled() {
                if let Err(error) = self.compare(&db).await {
                    tracing::debug!(%error, "the database's clock could not be read");
                }
                tokio::select! {
                    () = shutdown.cancelled() => {}
                    () = tokio::time::sleep(COMPARE_EVERY) => {}
                }
            }
        }

        async fn compare(&self, db: &DatabaseConnection) -> Result<(), DbErr> {
            const NOW: &str = "SELECT clock_timestamp() AS now";
            let ask = Statement::from_string(db.get_database_backend(), NOW);
            let before = self.clock.now();
            let Some(row) = db.query_one_raw(ask).await? else {
                return Ok(());
            };
            let took = self.clock.now() - before;
            let now: DateTime<Utc> = row.try_get("", "now")?;
            if took < QUICK {
                let ahead = (now - before - took / 2).num_microseconds().unwrap_or(0);
                self.state.ahead.store(ahead, Ordering::Relaxed);
            }
            Ok(())
        }
    }

    #[cfg(test)]
    mod tests {
        use std::sync::atomic::AtomicI64 as Micros;

        use super::*;

        #[test]
        fn each_position_is_later_than_the_one_before_whatever_the_clock_does() {
            let micros = Arc::new(Micros::new(1_000_000));
            let told = micros.clone();
            let arrivals = Arrivals::new(Clock::of(move || {
                DateTime::from_timestamp_micros(told.load(Ordering::Relaxed)).expect("a time")
            }));
            assert_eq!(arrivals.next(), Position(1_000_000));
            assert_eq!(arrivals.next_of(3), Position(1_000_000 + POSITION_GAP));
            micros.store(500_000, Ordering::Relaxed);
            assert_eq!(arrivals.next(), Position(1_000_000 + 4 * POSITION_GAP));
            micros.store(2_000_000, Ordering::Relaxed);
            assert_eq!(arrivals.next(), Position(2_000_000));
        }
    }
}
