use graphile_worker::IntoTaskHandlerResult;
use serde::{Deserialize, Serialize};

use crate::{
    bases::{
        jobs::{TaskHandler, WorkerContext, past_short_outages},
        state::AppState,
    },
    mods::twilio::services::events::clean_up_twilio_events_service,
};

/// Hourly: removes stored events that were processed long ago.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CleanUpTwilioEventsJob;

impl TaskHandler for CleanUpTwilioEventsJob {
    const IDENTIFIER: &'static str = "clean_up_twilio_events";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let state = context
            .get_ext::<AppState>()
            .ok_or_else(|| "the worker has no state".to_owned())?;
        past_short_outages(Self::IDENTIFIER, || {
            clean_up_twilio_events_service(&state.db, state.clock.now())
        })
        .await
    }
}
