use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::{
    bases::{
        db::{describe_db_error, is_outage},
        health::Part,
        state::AppState,
    },
    mods::twilio::services::events::{
        BatchSize, EventWriter, Processed, process_twilio_events_service,
    },
};

/// How often to look without being woken: for events that another node stored before it died,
/// and for those that wait for their next attempt.
const POLL: Duration = Duration::from_millis(500);
/// After an error of the database.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest that new posts are given way to at a time.
const LONGEST_WAY: Duration = Duration::from_millis(200);

/// Works off stored events until cancelled: at once when `events_waiting` wakes it, else by
/// polling.
///
/// It is no job of the queue, because the events table is one already: a second row for each
/// event would halve the rate of ingest and gain nothing.
///
/// While posts wait to be stored it takes a third of the time at most: what is not stored can be
/// lost, what is stored can wait.
pub async fn process_twilio_events_task(
    state: AppState,
    writer: EventWriter,
    shutdown: CancellationToken,
) {
    let mut size = BatchSize::default();
    while !shutdown.is_cancelled() {
        let (begin, now) = (Instant::now(), state.clock.now());
        let processed = process_twilio_events_service(&state.db, &state.config, size, now);
        let pause = match processed.await {
            Ok(Processed::Events(_)) => {
                size = size.larger();
                state.health.works(Part::Processing);
                if writer.has_waiting_posts() {
                    tokio::time::sleep((2 * begin.elapsed()).min(LONGEST_WAY)).await;
                }
                continue;
            }
            Ok(Processed::Nothing) => {
                state.health.works(Part::Processing);
                POLL
            }
            Err(error) if is_outage(&error) => {
                size = size.smaller();
                state
                    .health
                    .fails(Part::Processing, &describe_db_error(&error));
                PAUSE
            }
            Err(error) => {
                tracing::error!(%error, "stored events could not be processed; they wait");
                state
                    .health
                    .fails(Part::Processing, &describe_db_error(&error));
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
