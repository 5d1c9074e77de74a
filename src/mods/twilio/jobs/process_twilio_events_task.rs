use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::{
    bases::{
        claim_loop::{SteppedWork, step_loop},
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
/// The longest pause for waiting posts at a time.
const LONGEST_WAY: Duration = Duration::from_millis(200);

/// Processes stored events until cancelled: at once when `events_waiting` wakes it, else by
/// polling.
///
/// It is no job, because the events table is a queue already: a second row for each event would
/// halve the rate of ingest.
pub async fn process_twilio_events_task(
    state: AppState,
    writer: EventWriter,
    shutdown: CancellationToken,
) {
    let wake = state.events_waiting.clone();
    let size = BatchSize::default();
    let events = StoredEvents {
        state,
        writer,
        size,
    };
    step_loop(events, &wake, shutdown).await;
}

struct StoredEvents {
    state: AppState,
    writer: EventWriter,
    size: BatchSize,
}

impl SteppedWork for StoredEvents {
    async fn step(&mut self) -> Duration {
        let AppState {
            db, config, health, ..
        } = &self.state;
        let (begin, now) = (Instant::now(), self.state.clock.now());
        match process_twilio_events_service(db, config, self.size, now).await {
            Ok(processed) => {
                health.works(Part::Processing);
                if processed == Processed::Nothing {
                    return POLL;
                }
                self.size = self.size.larger();
                self.give_way(begin.elapsed()).await;
                Duration::ZERO
            }
            Err(error) => {
                if is_outage(&error) {
                    self.size = self.size.smaller();
                } else {
                    tracing::error!(%error, "stored events could not be processed; they wait");
                }
                health.fails(Part::Processing, &describe_db_error(&error));
                PAUSE
            }
        }
    }
}

impl StoredEvents {
    /// While posts wait to be stored, processing takes a third of the time at most: what is not
    /// stored can be lost, what is stored can wait.
    async fn give_way(&self, took: Duration) {
        if self.writer.has_waiting_posts() {
            tokio::time::sleep((2 * took).min(LONGEST_WAY)).await;
        }
    }
}
