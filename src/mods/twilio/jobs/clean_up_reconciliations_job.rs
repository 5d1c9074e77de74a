use graphile_worker::IntoTaskHandlerResult;
use serde::{Deserialize, Serialize};

use crate::{
    bases::{
        jobs::{TaskHandler, WorkerContext, past_short_outages},
        state::AppState,
    },
    mods::twilio::services::reconciliation::clean_up_reconciliations_service,
};

/// Hourly: removes old reconciliations that found nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CleanUpReconciliationsJob;

impl TaskHandler for CleanUpReconciliationsJob {
    const IDENTIFIER: &'static str = "clean_up_reconciliations";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let state = context
            .get_ext::<AppState>()
            .ok_or_else(|| "the worker has no state".to_owned())?;
        past_short_outages(Self::IDENTIFIER, || {
            clean_up_reconciliations_service(&state.db, state.clock.now())
        })
        .await
    }
}
