use dioxus::prelude::*;

use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::auth::types::ChangePasswordIn,
};
#[cfg(feature = "server")]
use crate::{
    bases::{http::ClientAddress, state::AppState},
    mods::auth::{
        services::{SignInOrigin, change_password_service},
        types::CurrentUser,
        utils::{DeviceToken, session_util},
    },
};

/// Changes the caller's own password. Every session of theirs ends, on all devices; this browser
/// gets a new one.
///
/// Answers 400 for a password that is too short or too long, 403 where the present one is wrong,
/// 429 after too many wrong ones.
#[post("/api/auth/password", state: AppState, session: tower_sessions::Session, user: CurrentUser, address: ClientAddress, cookies: tower_cookies::Cookies)]
pub async fn change_password_api(body: ApiJson<ChangePasswordIn>) -> Result<(), AppError> {
    let origin = SignInOrigin {
        address,
        device: DeviceToken::read(&cookies, &state.config),
    };
    let lifetime = session_util::lifetime(&session).await?;
    let epoch = change_password_service(&state.db, &user, body.0, &origin).await?;
    session_util::begin(&session, user.id, epoch, lifetime).await
}
