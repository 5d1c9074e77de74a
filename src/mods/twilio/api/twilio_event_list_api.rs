use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    entities::states::Role,
    mods::{
        auth::types::CurrentUser,
        twilio::services::events::{
            get_twilio_event_service, list_twilio_events_service, process_event_again_service,
            process_parked_events_again_service,
        },
    },
};
use crate::{
    bases::{error::AppError, ids::TwilioEventId},
    entities::states::TwilioEventState,
    mods::twilio::types::{ProcessedAgain, TwilioEventDetail, TwilioEventPage, TwilioEventRow},
};

/// The stored events that concern the organization, newest first, 50 at a time. `before` is the
/// `next_before` of the page above. With `state` only those in it; with `sid` only those of that
/// event or message, 200 at most.
#[get("/api/twilio/events?state&sid&before", app: AppState, user: CurrentUser)]
pub async fn list_twilio_events_api(
    state: Option<TwilioEventState>,
    sid: Option<String>,
    before: Option<TwilioEventId>,
) -> Result<TwilioEventPage, AppError> {
    let (organization, hides_people) = (user.organization_id, user.role < Role::Admin);
    list_twilio_events_service(
        &app.db,
        &app.config,
        organization,
        state,
        sid.as_deref(),
        before,
        hides_people,
    )
    .await
}

/// One stored event with its payload, without secrets; for agents also without texts and phone
/// numbers. Answers 404 for an event that does not concern the organization.
#[get("/api/twilio/events/{id}", app: AppState, user: CurrentUser)]
pub async fn get_twilio_event_api(id: TwilioEventId) -> Result<TwilioEventDetail, AppError> {
    let hides_people = user.role < Role::Admin;
    get_twilio_event_service(&app.db, &app.config, user.organization_id, id, hides_people).await
}

/// Processes a parked event again, as if it had just come. 403 for agents, 404 for an event that
/// does not concern the organization, 409 for one that does not need it.
#[post("/api/twilio/events/{id}/process-again", app: AppState, user: CurrentUser)]
pub async fn process_event_again_api(id: TwilioEventId) -> Result<TwilioEventRow, AppError> {
    user.require(Role::Admin)?;
    let again = process_event_again_service(&app.db, &app.config, &user, id).await?;
    app.events_waiting.notify_one();
    Ok(again)
}

/// The same for all parked events of the organization, 1,000 at a time. 403 for agents.
#[post("/api/twilio/events/process-parked-again", app: AppState, user: CurrentUser)]
pub async fn process_parked_events_again_api() -> Result<ProcessedAgain, AppError> {
    user.require(Role::Admin)?;
    let again = process_parked_events_again_service(&app.db, &app.config, &user).await?;
    app.events_waiting.notify_one();
    Ok(again)
}
