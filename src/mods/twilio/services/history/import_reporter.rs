//! Progress of a run for browsers, not too often.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::DbErr;

use crate::{
    bases::{
        db::Db,
        ids::{ImportId, OrganizationId},
        lease::{Guard, Lease},
        realtime::{EventKind, RealtimeNotice, publish_realtime},
    },
    entities::states::ImportPhase,
};

/// At most five events a second for each run: four of these, and the one that tells how it ended,
/// which waits for nothing.
const BETWEEN_EVENTS: Duration = Duration::from_millis(250);

/// The notice that a run has moved on.
pub fn notice_of(organization_id: OrganizationId, run: ImportId) -> RealtimeNotice {
    RealtimeNotice::new(organization_id, EventKind::ImportProgress, run)
}

/// Publishes a run's progress.
#[derive(Debug)]
pub(super) struct ImportReporter {
    db: Db,
    lease: Lease,
    last: Mutex<Option<Instant>>,
}

impl ImportReporter {
    pub(super) fn new(db: Db, lease: Lease) -> Self {
        Self {
            db,
            lease,
            last: Mutex::new(None),
        }
    }

    /// Publishes the phase of the run, unless something was published just now. An error does not
    /// stop the run.
    pub(super) async fn enter(&self, phase: ImportPhase) {
        if !self.is_due() {
            return;
        }
        if let Err(error) = self.publish(phase).await {
            tracing::warn!(%error, run_id = %self.lease.id, "the progress could not be told");
        }
    }

    /// Waits until something may be published again.
    pub(super) async fn wait_until_due(&self) {
        while !self.is_due() {
            tokio::time::sleep(BETWEEN_EVENTS / 4).await;
        }
    }

    async fn publish(&self, phase: ImportPhase) -> Result<(), DbErr> {
        let phase = [phase.into()];
        self.lease
            .update(&self.db, "phase = $3", phase, Guard::none())
            .await?;
        let notice = notice_of(self.lease.organization_id, ImportId(self.lease.id));
        publish_realtime(&self.db, &[notice]).await
    }

    fn is_due(&self) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let due = last.is_none_or(|last| now.saturating_duration_since(last) >= BETWEEN_EVENTS);
        if due {
            *last = Some(now);
        }
        due
    }
}
