use std::time::Duration;

use tokio::{sync::Mutex, time::Instant};

use super::{EventWriter, StoreError};
use crate::bases::health::{Health, Part};

/// What was found out a moment ago holds for all who ask now.
const FRESH_FOR: Duration = Duration::from_secs(1);

/// When the last probe was made.
#[derive(Debug, Default)]
pub struct EventStoreProbe(Mutex<Option<Instant>>);

/// Finds out whether an event could be stored: with a database that is full or read-only, reading
/// still works. Without it a node that gets no posts, because it is not ready, would never learn
/// that it could take them again.
///
/// The writer does it, with the connection that it has or cannot get: the pool may be well while
/// the writer is not, and the other way round.
pub async fn probe_event_store_service(
    writer: &EventWriter,
    health: &Health,
    probe: &EventStoreProbe,
) {
    let mut last = probe.0.lock().await;
    if last.is_some_and(|last| last.elapsed() < FRESH_FOR) {
        return;
    }
    match writer.probe().await {
        // The writer has said what there is to say; where it has too much to do, it works.
        Ok(()) | Err(StoreError::Database(_) | StoreError::Full) => {}
        Err(error) => health.fails(Part::Storing, &error.to_string()),
    }
    *last = Some(Instant::now());
}
