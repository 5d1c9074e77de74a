use std::time::Duration;

use tokio::{task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::{
    bases::state::AppState,
    mods::twilio::services::reconciliation::{
        claim_reconciliation_service, run_reconciliation_service, start_due_reconciliations_service,
    },
};

/// How often to look for comparisons that nobody works on.
const POLL: Duration = Duration::from_millis(500);
/// How often to look for numbers whose time has come.
const LOOK_FOR_DUE_EVERY: Duration = Duration::from_secs(30);
/// After an error of the database.
const PAUSE: Duration = Duration::from_secs(1);
/// Comparisons that one node makes at once; they are in no hurry, and share Twilio with sends.
const MOST_RUNS: usize = 2;

/// Compares numbers with Twilio's list until cancelled: by the clock, and when an admin wants it.
pub async fn reconciliation_task(state: AppState, shutdown: CancellationToken) {
    let mut runs = JoinSet::new();
    let mut look_for_due_at = Instant::now();
    while !shutdown.is_cancelled() {
        if look_for_due_at <= Instant::now() {
            look_for_due_at = Instant::now() + LOOK_FOR_DUE_EVERY;
            let now = state.clock.now();
            if let Err(error) =
                start_due_reconciliations_service(&state.db, &state.config, now).await
            {
                tracing::error!(%error, "reconciliations that are due could not be started");
            }
        }
        let pause = if runs.len() >= MOST_RUNS {
            POLL
        } else {
            match claim_reconciliation_service(&state.db).await {
                Ok(Some(claimed)) => {
                    let (state, shutdown) = (state.clone(), shutdown.clone());
                    runs.spawn(async move {
                        run_reconciliation_service(&state, claimed, shutdown).await;
                    });
                    continue;
                }
                Ok(None) => POLL,
                Err(error) => {
                    tracing::error!(%error, "reconciliations could not be looked for");
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
        tracing::error!(%error, "a reconciliation panicked");
    }
}
