use graphile_worker::IntoTaskHandlerResult;
use serde::{Deserialize, Serialize};

use crate::{
    bases::{
        jobs::{TaskHandler, WorkerContext, past_outages},
        state::AppState,
    },
    mods::auth::services::clean_up_sign_ins_service,
};

/// Every hour: removes sessions that have expired and failed sign-ins that count no more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CleanUpSignInsJob;

impl TaskHandler for CleanUpSignInsJob {
    const IDENTIFIER: &'static str = "clean_up_sign_ins";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let state = context
            .get_ext::<AppState>()
            .ok_or_else(|| "the worker has no state".to_owned())?;
        past_outages(Self::IDENTIFIER, || {
            clean_up_sign_ins_service(&state.db, state.clock.now())
        })
        .await
    }
}
