use graphile_worker::IntoTaskHandlerResult;

use crate::{
    bases::{
        jobs::{TaskHandler, WorkerContext, past_outages},
        state::AppState,
    },
    mods::{delivery::services::send_to_twilio_service, messaging::jobs::SendMessageJob},
};

impl TaskHandler for SendMessageJob {
    const IDENTIFIER: &'static str = "send_message";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let state = context
            .get_ext::<AppState>()
            .ok_or_else(|| "the worker has no state".to_owned())?;
        past_outages(Self::IDENTIFIER, || send_to_twilio_service(state, &self)).await
    }
}
