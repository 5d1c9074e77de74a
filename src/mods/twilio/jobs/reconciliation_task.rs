use std::time::Duration;

use sea_orm::DbErr;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    bases::{
        claim_loop::{AtShutdown, ClaimedWork, claim_loop},
        state::AppState,
    },
    mods::twilio::services::reconciliation::{
        ClaimedReconciliation, claim_reconciliation_service, run_reconciliation_service,
        start_due_reconciliations_service,
    },
};

/// How often to look for numbers whose time has come.
const LOOK_FOR_DUE_EVERY: Duration = Duration::from_secs(30);

/// Compares numbers with Twilio's list until cancelled: by the clock, and when an admin wants it.
pub async fn reconciliation_task(state: AppState, shutdown: CancellationToken) {
    let reconciliations = Reconciliations {
        state,
        shutdown: shutdown.clone(),
        look_for_due_at: Instant::now(),
    };
    claim_loop(reconciliations, shutdown).await;
}

struct Reconciliations {
    state: AppState,
    shutdown: CancellationToken,
    look_for_due_at: Instant,
}

impl ClaimedWork for Reconciliations {
    type Claimed = ClaimedReconciliation;

    const NAME: &'static str = "reconciliation";
    /// They are in no hurry, and share Twilio with sends.
    const AT_ONCE: usize = 2;
    const BATCH: usize = 1;
    const POLL: Duration = Duration::from_millis(500);
    /// Each stops at the border of a page.
    const AT_SHUTDOWN: AtShutdown = AtShutdown::Wait;

    async fn look_around(&mut self, _free: usize) -> Result<(), DbErr> {
        let AppState {
            db, config, clock, ..
        } = &self.state;
        if self.look_for_due_at <= Instant::now() {
            self.look_for_due_at = Instant::now() + LOOK_FOR_DUE_EVERY;
            let started = start_due_reconciliations_service(db, config, clock.now()).await;
            if let Err(error) = started {
                tracing::error!(%error, "starting the reconciliations that are due failed");
            }
        }
        Ok(())
    }

    async fn claim(&mut self, _most: usize) -> Result<Vec<ClaimedReconciliation>, DbErr> {
        let claimed = claim_reconciliation_service(&self.state.db).await?;
        Ok(claimed.into_iter().collect())
    }

    fn work(&self, claimed: ClaimedReconciliation) -> impl Future<Output = ()> + Send + 'static {
        let (state, shutdown) = (self.state.clone(), self.shutdown.clone());
        async move { run_reconciliation_service(&state, claimed, shutdown).await }
    }
}
