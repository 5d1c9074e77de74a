//! Writes how a run ended, and tells browsers.

use sea_orm::{DbErr, TransactionTrait};

use super::RunStop;
use crate::bases::{
    lease::Lease,
    realtime::{EventKind, RealtimeNotice, publish_realtime},
    state::AppState,
};

/// The state of a run that failed, in each of its tables.
const FAILED: &str = "failed";

/// Ends a run; nothing if its lease is lost.
pub async fn end_run(
    state: &AppState,
    lease: Lease,
    kind: EventKind,
    ended: &str,
    error: Option<String>,
) -> Result<(), DbErr> {
    let transaction = state.db.begin().await?;
    let now = state.clock.now();
    if lease.end(&transaction, ended, error, now).await? {
        let notice = RealtimeNotice::new(lease.organization_id, kind, lease.id);
        publish_realtime(&transaction, &[notice]).await?;
    }
    transaction.commit().await
}

/// Writes why a run stopped: it failed, or goes on later, on this node or on another one.
pub async fn stop_run(state: &AppState, lease: Lease, kind: EventKind, stop: RunStop) {
    let (table, run_id, organization_id) = (lease.table, lease.id, lease.organization_id);
    let written = match stop {
        RunStop::NotOurs => {
            tracing::info!(table, %run_id, "a run was stopped, or taken over by another node");
            Ok(())
        }
        RunStop::Shutdown => {
            tracing::info!(table, %run_id, "a run pauses for the shutdown");
            lease.release(&state.db).await
        }
        stop if stop.is_outage() => {
            tracing::warn!(table, %run_id, %organization_id, error = %stop, "a run waits for the database");
            lease.release(&state.db).await
        }
        stop => {
            tracing::warn!(table, %run_id, %organization_id, error = %stop, "a run failed");
            end_run(state, lease, kind, FAILED, Some(stop.words())).await
        }
    };
    if let Err(error) = written {
        // Its lease runs out, and another node takes it over.
        tracing::error!(table, %run_id, %error, "the end of a run could not be written");
    }
}
