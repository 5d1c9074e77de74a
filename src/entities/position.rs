//! The order of messages within one second.
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
#[cfg_attr(feature = "server", derive(sea_orm::DeriveValueType))]
pub struct Position(pub i64);

#[cfg(feature = "server")]
pub use arrivals::{Arrivals, POSITION_GAP};

#[cfg(feature = "server")]
mod arrivals {
    use std::sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    };

    use super::Position;
    use crate::bases::clock::Clock;

    /// Between two that arrive one right after the other: what was missed finds a place between.
    pub const POSITION_GAP: i64 = 16;

    /// Gives out positions, each later than the one before. Cloning is cheap.
    ///
    /// The clock follows the database's, so those of two nodes are comparable.
    #[derive(Debug, Clone)]
    pub struct Arrivals {
        clock: Clock,
        last: Arc<AtomicI64>,
    }

    impl Arrivals {
        /// Places by this clock.
        pub fn new(clock: Clock) -> Self {
            Self {
                clock,
                last: Arc::default(),
            }
        }

        /// The place of something that arrives now.
        pub fn next(&self) -> Position {
            self.next_of(1)
        }

        /// The first of as many places, [`POSITION_GAP`] apart.
        pub fn next_of(&self, count: usize) -> Position {
            let now = self.clock.now().timestamp_micros();
            let span = POSITION_GAP.saturating_mul(i64::try_from(count.max(1)).unwrap_or(i64::MAX));
            let first = |last: i64| (last + POSITION_GAP).max(now);
            let last_of = |last: i64| Some(first(last).saturating_add(span - POSITION_GAP));
            let (Ok(before) | Err(before)) =
                self.last
                    .fetch_update(Ordering::Relaxed, Ordering::Relaxed, last_of);
            Position(first(before))
        }

        /// The places of what came together, of which only the first was taken as it came in.
        ///
        /// [`POSITION_GAP`] apart; if others have come since, all inside of that one place, so that
        /// they stay ahead of them.
        pub fn spread(&self, first: Position, count: usize) -> Vec<Position> {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            let end = first.0 + POSITION_GAP.saturating_mul((count - 1).max(0));
            let is_last =
                self.last
                    .compare_exchange(first.0, end, Ordering::Relaxed, Ordering::Relaxed);
            let place = |nth: i64| match is_last {
                Ok(_) => first.0 + nth * POSITION_GAP,
                Err(_) => first.0 + nth * POSITION_GAP / count,
            };
            (0..count).map(|nth| Position(place(nth))).collect()
        }
    }

    #[cfg(test)]
    mod tests {
        use std::sync::atomic::AtomicI64 as Micros;

        use chrono::DateTime;

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

        #[test]
        fn what_came_together_stands_together_ahead_of_what_came_later() {
            let now = || DateTime::from_timestamp_micros(1_000_000).expect("a time");
            let arrivals = Arrivals::new(Clock::of(now));
            let first = arrivals.next();
            let places = arrivals.spread(first, 3).into_iter().map(|place| place.0);
            assert!(places.eq([1_000_000, 1_000_016, 1_000_032]));
            let (early, late) = (arrivals.next(), arrivals.next());
            let places = arrivals.spread(early, 4);
            assert_eq!((early.0, late.0), (1_000_048, 1_000_064));
            let places = places.into_iter().map(|place| place.0);
            assert!(places.eq([1_000_048, 1_000_052, 1_000_056, 1_000_060]));
            assert_eq!(arrivals.next(), Position(1_000_080));
        }
    }
}
