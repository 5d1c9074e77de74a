use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    entities::states::Role,
    mods::{
        account::utils::mask_addresses_util,
        auth::types::CurrentUser,
        twilio::services::{
            events::find_twilio_health_service,
            forwarding::{
                remove_event_sink_service, send_test_event_service, setup_event_sink_service,
            },
        },
    },
};
use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::account::types::{
        EventForwarding, PlanOptions, SetupEventSinkIn, TestEventAnswer, TwilioActionAnswer,
    },
};

/// Event forwarding as of the last look at Twilio, with the times of events as of now.
#[get("/api/twilio/event-forwarding", state: AppState, user: CurrentUser)]
pub async fn get_event_forwarding_api() -> Result<EventForwarding, AppError> {
    let now = state.clock.now();
    let organization = user.organization_id;
    let health = find_twilio_health_service(&state.db, &state.config, organization, now).await?;
    mask_addresses_util(health.forwarding, user.role, &state.config.public_url)
}

/// Creates the event sink and its subscription, or what is missing of them; with `dry_run` it only
/// says what it would do. Doing it again changes nothing. 403 for agents.
#[post("/api/twilio/setup-event-sink", state: AppState, user: CurrentUser)]
pub async fn setup_twilio_event_sink_api(
    body: ApiJson<SetupEventSinkIn>,
) -> Result<TwilioActionAnswer, AppError> {
    user.require(Role::Admin)?;
    setup_event_sink_service(&state, &user, &body.0).await
}

/// Removes the event sink and its subscription. 403 for agents, 409 if other organizations use
/// the same Twilio account.
#[post("/api/twilio/remove-event-sink", state: AppState, user: CurrentUser)]
pub async fn remove_twilio_event_sink_api(
    body: ApiJson<PlanOptions>,
) -> Result<TwilioActionAnswer, AppError> {
    user.require(Role::Admin)?;
    remove_event_sink_service(&state, &user, &body.0).await
}

/// Lets Twilio send a test event and waits up to 12 s for it. 403 for agents, 409 if no event sink
/// points to Loquent.
#[post("/api/twilio/send-test-event", state: AppState, user: CurrentUser)]
pub async fn send_test_event_api() -> Result<TestEventAnswer, AppError> {
    user.require(Role::Admin)?;
    send_test_event_service(&state, user.organization_id).await
}
