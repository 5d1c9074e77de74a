use dioxus::server::axum::{
    http::{HeaderValue, header},
    response::IntoResponse,
};

use crate::{
    bases::{error::AppError, state::AppState},
    mods::{account::services::export_account_changes_service, auth::types::CurrentUser},
};

/// `GET /api/twilio/account-changes.csv`: the account activity as a file, for members of the
/// organization. 401 without a session.
pub async fn export_account_changes_api(
    state: AppState,
    user: CurrentUser,
) -> Result<impl IntoResponse, AppError> {
    let file = export_account_changes_service(&state.db, &state.config, &user).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"twilio-account-activity.csv\"",
        ),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((
        headers.map(|(name, value)| (name, HeaderValue::from_static(value))),
        file,
    ))
}
