//! Background jobs, on `graphile_worker`.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr};

use crate::bases::{
    db::{Db, JobDatabase},
    error::AppError,
    retry::{BackOff, retry},
    sql,
};
use serde::Serialize;

use graphile_worker::Database;
pub use graphile_worker::{TaskHandler, WorkerContext};

/// Jobs that run side by side on one node; most of a job's time is waiting for Twilio.
pub const CONCURRENCY: usize = 16;
/// How often each of them looks for a job that has become due: 64 jobs/s on one node. A new job is
/// begun at its NOTIFY, if one of them is free.
pub const POLL: Duration = Duration::from_millis(250);
/// Between two tries of a job while the database cannot do its work.
const BETWEEN_TRIES: BackOff = BackOff::every(Duration::from_secs(1));
/// How long a job of the schedule waits for the database.
const PATIENCE_OF_SCHEDULED: Duration = Duration::from_secs(600);
/// A node whose heartbeat is older counts as dead; other nodes take its jobs.
pub const DEAD_AFTER: Duration = Duration::from_secs(15);

/// Enqueues a job in the caller's transaction: it runs only if that commits, `wait` from now by the
/// database's clock. It replaces a waiting job with the same key.
pub async fn enqueue_job<T: TaskHandler + Serialize>(
    conn: &impl ConnectionTrait,
    job: &T,
    key: &str,
    wait: Duration,
) -> Result<(), DbErr> {
    let payload = serde_json::to_string(job).map_err(|error| DbErr::Custom(error.to_string()))?;
    sql::run(
        conn,
        "SELECT graphile_worker.add_job(
             identifier => $1, payload => $2::json, job_key => $4,
             run_at => now() + $3 * interval '1 second')",
        [
            T::IDENTIFIER.into(),
            payload.into(),
            wait.as_secs_f64().into(),
            key.into(),
        ],
    )
    .await
    .map(drop)
}

/// Creates the queue's own tables, so that jobs can be enqueued before a worker runs.
pub async fn migrate_jobs(db: &Db) -> Result<(), graphile_worker::WorkerBuildError> {
    graphile_worker::WorkerOptions::default()
        .database(Database::new(JobDatabase::new(db)))
        .listen_os_shutdown_signals(false)
        .init()
        .await
        .map(drop)
}

/// Runs a job. During an outage of the database the job waits here: a failed try would be counted,
/// and the queue's pauses grow to hours.
pub async fn past_outages<F>(what: &'static str, work: impl Fn() -> F) -> Result<(), String>
where
    F: Future<Output = Result<(), AppError>>,
{
    past_outages_of(what, Duration::MAX, work).await
}

/// The same for a scheduled job. It waits only for a while: a statement that always hits its limit
/// would look like a lasting outage and hold a job's place.
pub async fn past_short_outages<F>(what: &'static str, work: impl Fn() -> F) -> Result<(), String>
where
    F: Future<Output = Result<(), AppError>>,
{
    past_outages_of(what, PATIENCE_OF_SCHEDULED, work).await
}

async fn past_outages_of<F>(
    what: &'static str,
    patience: Duration,
    work: impl Fn() -> F,
) -> Result<(), String>
where
    F: Future<Output = Result<(), AppError>>,
{
    let is_outage = |error: &AppError| *error == AppError::Unavailable;
    let done = retry(what, &BETWEEN_TRIES, patience, is_outage, work).await;
    done.map_err(|error| error.to_string())
}

/// How long to wait before try number `tries + 1`: 1 s, 2 s, 4 s … 5 min, each with jitter of up to
/// half, so that failed jobs do not come back all at once.
pub fn back_off(tries: u32) -> Duration {
    const GROWING: BackOff = BackOff {
        first: Duration::from_secs(1),
        factor: 2,
        longest: Duration::from_secs(300),
        jitter: 1.0..1.5,
    };
    GROWING.pause(tries)
}
