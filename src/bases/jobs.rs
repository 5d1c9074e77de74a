//! Background jobs, on `graphile_worker`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rand::Rng;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};
use serde::Serialize;

pub use graphile_worker::{TaskHandler, WorkerContext};

/// Jobs that run side by side on one node; most of a job's time is waiting for Twilio.
pub const CONCURRENCY: usize = 16;
/// How often each of them looks for a job that has become due: 64 jobs/s on one node. A new job is
/// begun at its NOTIFY, if one of them is free.
pub const POLL: Duration = Duration::from_millis(250);
/// A node whose heartbeat is older has died; its jobs go back to the others.
pub const DEAD_AFTER: Duration = Duration::from_secs(15);

/// Puts a job into the queue as part of the caller's transaction: it runs if that commits, and
/// only then. A waiting job of the same key is replaced.
pub async fn enqueue_job<T: TaskHandler + Serialize>(
    conn: &impl ConnectionTrait,
    job: &T,
    key: &str,
    run_at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let payload = serde_json::to_string(job).map_err(|error| DbErr::Custom(error.to_string()))?;
    let add = Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT graphile_worker.add_job(identifier => $1, payload => $2::json, run_at => $3, job_key => $4)",
        [
            T::IDENTIFIER.into(),
            payload.into(),
            run_at.into(),
            key.into(),
        ],
    );
    conn.execute_raw(add).await.map(drop)
}

/// Makes the queue's own tables, so that jobs can be enqueued before a worker runs.
pub async fn migrate_jobs(
    db: &DatabaseConnection,
) -> Result<(), graphile_worker::WorkerBuildError> {
    graphile_worker::WorkerOptions::default()
        .pg_pool(db.get_postgres_connection_pool().clone())
        .listen_os_shutdown_signals(false)
        .init()
        .await
        .map(drop)
}

/// How long to wait before try number `tries + 1`: 1 s, 2 s, 4 s … 5 min, each with up to half of
/// it added by chance, so that many failed jobs do not come back at once.
pub fn back_off(tries: u32) -> Duration {
    const LONGEST: u64 = 300;
    let seconds = 1_u64.checked_shl(tries).unwrap_or(LONGEST).min(LONGEST);
    Duration::from_secs_f64(seconds as f64 * rand::rng().random_range(1.0..1.5))
}
