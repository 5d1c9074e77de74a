//! The time: all nodes agree on it, and a test can set it.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};
use tokio_util::sync::CancellationToken;

use super::{
    db::Db,
    health::{Health, Part},
};

/// How often the database is asked for the time.
const FOLLOW_EVERY: Duration = Duration::from_secs(10);
/// An answer that took longer is too inaccurate.
const QUICK: Duration = Duration::from_secs(1);
/// A larger difference between this machine's clock and the database's is worth a warning.
const BEARABLE: TimeDelta = TimeDelta::seconds(2);

/// The present time: the database's as far as this node knows it, otherwise the machine's.
///
/// What is due, and what was first, is decided by the database's clock alone (`now()` in SQL). This
/// one is for what is shown, and for what is computed beside it.
#[derive(Clone)]
pub struct Clock {
    machine: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    followed: Arc<RwLock<Option<Followed>>>,
}

/// What the database's clock said, and when.
#[derive(Clone, Copy)]
struct Followed {
    said: DateTime<Utc>,
    at: Instant,
}

#[derive(FromQueryResult)]
struct Now {
    now: DateTime<Utc>,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::of(Utc::now)
    }

    /// The clock of a machine that is ahead (or behind) by this much.
    pub fn system_ahead_by(ahead: TimeDelta) -> Self {
        Self::of(move || Utc::now() + ahead)
    }

    /// A clock with a fixed time.
    pub fn of(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self {
            machine: Arc::new(now),
            followed: Arc::default(),
        }
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        match self.followed() {
            // Not by the machine's clock, which may jump.
            Some(Followed { said, at }) => {
                said + TimeDelta::from_std(at.elapsed()).unwrap_or_default()
            }
            None => (self.machine)(),
        }
    }

    /// How far the machine's clock is ahead of the database's.
    fn difference(&self) -> TimeDelta {
        (self.machine)() - self.now()
    }

    /// Asks the database for the time and follows it from now on.
    pub async fn compare(&self, db: &Db) -> Result<(), DbErr> {
        let ask =
            Statement::from_string(db.get_database_backend(), "SELECT clock_timestamp() AS now");
        let begin = Instant::now();
        let answer = Now::find_by_statement(ask).one(db).await?;
        let took = begin.elapsed();
        if let Some(Now { now }) = answer.filter(|_| took < QUICK || self.followed().is_none()) {
            let followed = Followed {
                said: now,
                at: begin + took / 2,
            };
            *self
                .followed
                .write()
                .unwrap_or_else(PoisonError::into_inner) = Some(followed);
        }
        Ok(())
    }

    fn followed(&self) -> Option<Followed> {
        *self.followed.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Follows the database's clock until cancelled, and warns if the machine's differs.
pub async fn clock_task(clock: Clock, db: Db, health: Health, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        match clock.compare(&db).await {
            Ok(()) => judge(clock.difference(), &health),
            Err(error) => tracing::debug!(%error, "the database could not be asked for the time"),
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(FOLLOW_EVERY) => {}
        }
    }
}

fn judge(difference: TimeDelta, health: &Health) {
    if difference.abs() <= BEARABLE {
        health.works(Part::Clock);
        return;
    }
    let way = if difference > TimeDelta::zero() {
        "ahead of"
    } else {
        "behind"
    };
    let seconds = difference.abs().num_seconds();
    health.fails(
        Part::Clock,
        &format!(
            "this machine's clock is {seconds} s {way} the database's; Loquent goes by the \
             database's, but set the clock right"
        ),
    );
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
