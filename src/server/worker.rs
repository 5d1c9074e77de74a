//! The worker of background jobs.

use std::time::Duration;

use graphile_worker::{Database, Worker, WorkerBuildError, WorkerOptions, WorkerRecoveryConfig};
use tokio_util::sync::CancellationToken;

use crate::{
    bases::{
        db::{Db, JobDatabase},
        jobs::{CONCURRENCY, DEAD_AFTER, POLL},
        sql,
        state::AppState,
    },
    mods::{
        account::jobs::CheckTwilioAccountsJob,
        auth::jobs::CleanUpSignInsJob,
        messaging::jobs::SendMessageJob,
        twilio::jobs::{CleanUpReconciliationsJob, CleanUpTwilioEventsJob},
    },
};

/// Between a failure of the worker (Postgres was gone) and its next start.
const RESTART_AFTER: Duration = Duration::from_secs(1);

/// Jobs that run by the clock (cron's form, UTC); one node runs each. By its key, one that still
/// waits is replaced: they do not pile up.
const SCHEDULE: &str = "\
17 * * * * clean_up_sign_ins ?job_key=clean_up_sign_ins
37 * * * * clean_up_twilio_events ?job_key=clean_up_twilio_events
42 * * * * clean_up_reconciliations ?job_key=clean_up_reconciliations
47 * * * * check_twilio_accounts ?job_key=check_twilio_accounts";

/// The worker could not be made.
#[derive(Debug, thiserror::Error)]
enum WorkerError {
    #[error(transparent)]
    Build(#[from] WorkerBuildError),
    #[error("a schedule is wrong: {0}")]
    Schedule(String),
}

// Returns jobs that an ended worker of this node still holds. The try does not count.
const GIVE_BACK: &str = "
UPDATE graphile_worker._private_jobs
SET locked_at = NULL, locked_by = NULL, attempts = greatest(attempts - 1, 0),
    run_at = least(run_at, now())
WHERE locked_by = ANY ($1)
";

/// A worker for all jobs.
async fn start(state: &AppState, shutdown: &CancellationToken) -> Result<Worker, WorkerError> {
    let recovery = WorkerRecoveryConfig::default()
        .enabled(true)
        .heartbeat_interval(DEAD_AFTER / 3)
        .sweep_interval(DEAD_AFTER / 3)
        .sweep_threshold(DEAD_AFTER)
        .recovery_delay(Duration::ZERO);
    let worker = WorkerOptions::default()
        .database(Database::new(JobDatabase::new(&state.db)))
        .concurrency(CONCURRENCY)
        // Not the library's local queue: in version 0.14.1 a job that is taken between its arrival
        // and the note of it (`received_jobs`) leaves the queue waiting for its TTL, and a TTL that
        // ends at the wrong moment stops it for good. Meanwhile no text would go out.
        .poll_interval(POLL)
        .worker_recovery(recovery)
        // Shutdown is ours: the library would exit on signals by itself.
        .listen_os_shutdown_signals(false)
        .shutdown_interrupted_job_retry_delay(Duration::ZERO)
        .shutdown_signal(shutdown.clone().cancelled_owned())
        .add_extension(state.clone())
        .define_job::<SendMessageJob>()
        .define_job::<CleanUpSignInsJob>()
        .define_job::<CleanUpTwilioEventsJob>()
        .define_job::<CleanUpReconciliationsJob>()
        .define_job::<CheckTwilioAccountsJob>()
        .with_cron(SCHEDULE)
        .map_err(|error| WorkerError::Schedule(error.to_string()))?
        .init()
        .await?;
    Ok(worker)
}

async fn give_back(db: &Db, ended_workers: &mut Vec<String>) {
    if ended_workers.is_empty() {
        return;
    }
    let values = [ended_workers.clone().into()];
    match sql::run(db, GIVE_BACK, values).await {
        Ok(given) => {
            tracing::info!(jobs = given, "returned the jobs of an ended worker");
            ended_workers.clear();
        }
        Err(error) => {
            tracing::warn!(%error, "the jobs of an ended worker could not be returned; trying again")
        }
    }
}

/// Runs jobs until shutdown. A worker that lost Postgres is replaced.
pub async fn run(state: AppState, shutdown: CancellationToken) {
    let mut ended_workers = Vec::new();
    while !shutdown.is_cancelled() {
        let ended = match start(&state, &shutdown).await {
            Ok(worker) => {
                // Otherwise they wait until their worker counts as dead.
                give_back(&state.db, &mut ended_workers).await;
                ended_workers.push(worker.worker_id().clone());
                worker.run().await.map_err(|error| error.to_string())
            }
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = ended {
            tracing::warn!(error, "the job worker stopped; starting it again");
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(RESTART_AFTER) => {}
        }
    }
}
