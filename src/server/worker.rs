//! The worker of background jobs.

use std::time::Duration;

use graphile_worker::{
    Worker, WorkerBuildError, WorkerOptions, WorkerRecoveryConfig,
    local_queue::{LocalQueueConfig, RefetchDelayConfig},
};
use tokio_util::sync::CancellationToken;

use crate::{
    bases::{
        jobs::{CONCURRENCY, DEAD_AFTER, LOCAL_QUEUE_SIZE},
        state::AppState,
    },
    mods::{
        auth::jobs::CleanUpSignInsJob,
        messaging::jobs::SendMessageJob,
        twilio::jobs::{CheckTwilioAccountsJob, CleanUpTwilioEventsJob},
    },
};

/// Between a failure of the worker (Postgres was gone) and its next start.
const RESTART_AFTER: Duration = Duration::from_secs(1);

/// How long an idle queue waits before it looks for jobs that have become due; a new job ends the
/// wait at once.
const IDLE_PAUSE: Duration = Duration::from_millis(200);

/// A job that was fetched and that nobody has begun after this long goes back to Postgres, and jobs
/// are fetched again. Version 0.14.1 may wait for just that although it holds no job: one that is
/// taken in the moment between its arrival and the note of it leaves the queue waiting
/// (`received_jobs` in its `local_queue`). Its default is 5 minutes, in which no text would go out.
const BEGUN_WITHIN: Duration = Duration::from_secs(2);

/// Jobs that run by the clock (cron's form, UTC); one node runs each.
const SCHEDULE: &str = "\
17 * * * * clean_up_sign_ins
37 * * * * clean_up_twilio_events
47 * * * * check_twilio_accounts";

/// The worker could not be made.
#[derive(Debug, thiserror::Error)]
enum WorkerError {
    #[error(transparent)]
    Build(#[from] WorkerBuildError),
    #[error("a schedule is wrong: {0}")]
    Schedule(String),
}

/// A worker for all jobs.
async fn start(state: &AppState, shutdown: &CancellationToken) -> Result<Worker, WorkerError> {
    let recovery = WorkerRecoveryConfig::default()
        .enabled(true)
        .heartbeat_interval(DEAD_AFTER / 3)
        .sweep_interval(DEAD_AFTER / 3)
        .sweep_threshold(DEAD_AFTER)
        .recovery_delay(Duration::ZERO);
    let worker = WorkerOptions::default()
        .pg_pool(state.db.get_postgres_connection_pool().clone())
        .concurrency(CONCURRENCY)
        .local_queue(local_queue())
        .worker_recovery(recovery)
        // Shutdown is ours: the library would exit on signals by itself.
        .listen_os_shutdown_signals(false)
        .shutdown_signal(shutdown.clone().cancelled_owned())
        .add_extension(state.clone())
        .define_job::<SendMessageJob>()
        .define_job::<CleanUpSignInsJob>()
        .define_job::<CleanUpTwilioEventsJob>()
        .define_job::<CheckTwilioAccountsJob>()
        .with_cron(SCHEDULE)
        .map_err(|error| WorkerError::Schedule(error.to_string()))?
        .init()
        .await?;
    Ok(worker)
}

/// Jobs come in batches. When there are none the queue waits for a NOTIFY; without this pause,
/// version 0.14.1 asks Postgres again at once, hundreds of times a second.
fn local_queue() -> LocalQueueConfig {
    let pause = RefetchDelayConfig::builder()
        .duration(IDLE_PAUSE)
        .max_abort_threshold(1)
        .build();
    LocalQueueConfig::builder()
        .size(LOCAL_QUEUE_SIZE)
        .ttl(BEGUN_WITHIN)
        .refetch_delay(pause)
        .build()
}

/// Runs jobs until shutdown; a worker that lost Postgres is made anew.
pub async fn run(state: AppState, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        let ended = match start(&state, &shutdown).await {
            Ok(worker) => worker.run().await.map_err(|error| error.to_string()),
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
