use std::time::Duration;

use tokio::{sync::Mutex, time::Instant};

use super::{EventWriter, StoreError};
use crate::bases::health::{Health, Part};

/// A recent result holds for all who ask now.
const FRESH_FOR: Duration = Duration::from_secs(1);

/// When the last probe was made.
#[derive(Debug, Default)]
pub struct EventStoreProbe(Mutex<Option<Instant>>);

/// Checks whether an event could be stored: reading still works with a full or read-only database.
/// Without this check, a node that gets no posts because it is not ready would never become ready
/// again.
///
/// The writer does it with its own connection: the pool may work while the writer does not, and the
/// other way round.
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
        // The writer has reported its health already; if it is too busy to answer, it works.
        Ok(()) | Err(StoreError::Database(_) | StoreError::Full) => {}
        Err(error) => health.fails(Part::Storing, &error.to_string()),
    }
    *last = Some(Instant::now());
}
