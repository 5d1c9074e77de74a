use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{
    bases::state::AppState,
    mods::twilio::services::{Processed, process_twilio_events_service},
};

/// How often to look without being woken: for events that another node stored before it died,
/// and for those that wait for their next attempt.
const POLL: Duration = Duration::from_millis(500);
/// After an error of the database.
const PAUSE: Duration = Duration::from_secs(1);

/// Works off stored events until cancelled: at once when `events_waiting` wakes it, else by
/// polling.
///
/// It is no job of the queue, because the events table is one already: a second row for each
/// event would halve the rate of ingest and gain nothing.
pub async fn process_twilio_events_task(state: AppState, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        let pause = match process_twilio_events_service(&state.db, state.clock.now()).await {
            Ok(Processed::Events(_)) => continue,
            Ok(Processed::Nothing) => POLL,
            Err(error) => {
                tracing::error!(%error, "stored events could not be worked off; they wait");
                PAUSE
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = state.events_waiting.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}
