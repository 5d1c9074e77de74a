use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    entities::states::Role,
    mods::{
        account::{
            services::{list_account_changes_service, undo_account_change_service},
            utils::mask_addresses_util,
        },
        auth::types::CurrentUser,
    },
};
use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::account::types::{AccountChangePage, TwilioActionAnswer, UndoAccountChangeIn},
};

/// What Loquent has changed in the Twilio account, newest first, 30 at a time; with `before`, the
/// 30 below that place. Agents see only the host of another app's address.
#[get("/api/twilio/account-changes?before", state: AppState, user: CurrentUser)]
pub async fn list_account_changes_api(
    before: Option<String>,
) -> Result<AccountChangePage, AppError> {
    let page =
        list_account_changes_service(&state.db, user.organization_id, before.as_deref()).await?;
    mask_addresses_util(page, user.role, &state.config.public_url)
}

/// Takes a change back; with `dry_run` it only says what it would do. 409 if somebody has changed
/// the value since, if it was undone already, or if there is no way back; 404 for another
/// organization's change; 403 for agents.
#[post("/api/twilio/undo-account-change", state: AppState, user: CurrentUser)]
pub async fn undo_account_change_api(
    body: ApiJson<UndoAccountChangeIn>,
) -> Result<TwilioActionAnswer, AppError> {
    user.require(Role::Admin)?;
    undo_account_change_service(&state, &user, &body.0).await
}
