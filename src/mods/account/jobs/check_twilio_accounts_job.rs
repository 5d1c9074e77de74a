use graphile_worker::IntoTaskHandlerResult;
use serde::{Deserialize, Serialize};

use crate::{
    bases::{
        jobs::{TaskHandler, WorkerContext, past_short_outages},
        state::AppState,
    },
    mods::account::services::check_due_accounts_service,
};

/// Hourly: checks the Twilio accounts that were not checked meanwhile.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CheckTwilioAccountsJob;

impl TaskHandler for CheckTwilioAccountsJob {
    const IDENTIFIER: &'static str = "check_twilio_accounts";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let state = context
            .get_ext::<AppState>()
            .ok_or_else(|| "the worker has no state".to_owned())?;
        past_short_outages(Self::IDENTIFIER, || {
            check_due_accounts_service(state, state.clock.now())
        })
        .await
    }
}
