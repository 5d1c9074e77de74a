use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    entities::states::Role,
    mods::{
        auth::types::CurrentUser,
        twilio::services::history::{
            cancel_import_service, resume_import_service, start_import_service,
            wait_for_import_service,
        },
    },
};
use crate::{
    bases::{
        api_json::{ApiAnswer, ApiJson},
        error::AppError,
    },
    mods::twilio::types::{
        ImportOfNumberIn, SmsSyncProgress, SyncMessageHistoryIn, SyncMessageHistoryResponse,
    },
};

/// Imports the history of a number, or joins the import that is running. Nothing is changed at
/// Twilio.
///
/// Answers 200 when all messages are in, or 202 when that takes longer than 20 s, or at once with
/// `wait: false`; the import goes on either way, also if the caller leaves. 403 for agents, 404 for
/// a number that the organization does not have, 409 with the reason if the import fails at once.
#[post("/api/twilio/sync-message-history", state: AppState, user: CurrentUser)]
pub async fn sync_message_history_api(
    body: ApiJson<SyncMessageHistoryIn>,
) -> Result<ApiAnswer<SyncMessageHistoryResponse>, AppError> {
    user.require(Role::Admin)?;
    let now = state.clock.now();
    let run = start_import_service(&state.db, &state.config, &user, &body.0, now).await?;
    let organization = user.organization_id;
    let answer = wait_for_import_service(&state.db, organization, run, body.0.wait).await?;
    Ok(if answer.messages_are_in {
        ApiAnswer::ok(answer)
    } else {
        ApiAnswer::accepted(answer)
    })
}

/// Stops the import of a number; what is stored stays. 404 if it never had one.
#[post("/api/twilio/cancel-message-history-sync", state: AppState, user: CurrentUser)]
pub async fn cancel_message_history_sync_api(
    body: ApiJson<ImportOfNumberIn>,
) -> Result<SmsSyncProgress, AppError> {
    user.require(Role::Admin)?;
    let (organization, number) = (user.organization_id, body.0.phone_number_id);
    cancel_import_service(&state.db, organization, number, state.clock.now())
        .await?
        .try_into()
}

/// Lets a number's import go on where it failed or was stopped. 409 if it is complete, 404 if the
/// number never had one.
#[post("/api/twilio/resume-message-history-sync", state: AppState, user: CurrentUser)]
pub async fn resume_message_history_sync_api(
    body: ApiJson<ImportOfNumberIn>,
) -> Result<SmsSyncProgress, AppError> {
    user.require(Role::Admin)?;
    let (organization, number) = (user.organization_id, body.0.phone_number_id);
    resume_import_service(&state.db, &state.config, organization, number)
        .await?
        .try_into()
}
