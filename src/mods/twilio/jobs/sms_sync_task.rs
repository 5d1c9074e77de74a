use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{
    bases::state::AppState,
    mods::twilio::services::{claim_sms_sync_service, run_sms_sync_service},
};

/// How often to look for runs that nobody works on: new ones, and those of nodes that died.
const POLL: Duration = Duration::from_millis(300);
/// After an error of the database.
const PAUSE: Duration = Duration::from_secs(1);
/// Runs that one node works on at once. Each holds a few connections of the pool and up to 16
/// pages; more would only share the same database.
const MOST_RUNS: usize = 8;

/// Works on history syncs until cancelled.
///
/// A run is no job of the queue: its row is one already, with a lease that tells whether its
/// worker is alive, and runs of minutes would take the workers' places from texts that wait to be
/// sent.
pub async fn sms_sync_task(state: AppState, shutdown: CancellationToken) {
    let mut runs = JoinSet::new();
    while !shutdown.is_cancelled() {
        let pause = if runs.len() >= MOST_RUNS {
            POLL
        } else {
            match claim_sms_sync_service(&state.db).await {
                Ok(Some(claimed)) => {
                    let (state, shutdown) = (state.clone(), shutdown.clone());
                    runs.spawn(async move {
                        run_sms_sync_service(&state, claimed, shutdown).await;
                    });
                    continue;
                }
                Ok(None) => POLL,
                Err(error) => {
                    tracing::error!(%error, "history syncs could not be looked for");
                    PAUSE
                }
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => {}
            Some(ended) = runs.join_next() => say_panic(ended),
            () = tokio::time::sleep(pause) => {}
        }
    }
    // Each stops at the border of a page.
    while let Some(ended) = runs.join_next().await {
        say_panic(ended);
    }
}

fn say_panic(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        // Its lease runs out, and it is taken up again.
        tracing::error!(%error, "a history sync panicked");
    }
}
