use dioxus::prelude::*;

use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::auth::types::{CurrentUser, LoginIn},
};
#[cfg(feature = "server")]
use crate::{
    bases::{http::ClientAddress, state::AppState},
    mods::auth::{
        services::{SignInOrigin, log_in_service},
        utils::{DeviceToken, session_util, session_util::Lifetime},
    },
};

/// Signs in and sets the session cookie.
///
/// Answers 401 where e-mail and password do not match, 429 after too many failed attempts, 503
/// where too many sign in at once.
#[post("/api/auth/login", state: AppState, session: tower_sessions::Session, address: ClientAddress, cookies: tower_cookies::Cookies)]
pub async fn login_api(body: ApiJson<LoginIn>) -> Result<CurrentUser, AppError> {
    let origin = SignInOrigin {
        address,
        device: DeviceToken::read(&cookies, &state.config),
    };
    let signed_in = log_in_service(&state.db, &body.0, &origin).await?;
    let lifetime = Lifetime::of(body.0.remember);
    session_util::begin(&session, signed_in.user.id, signed_in.epoch, lifetime).await?;
    if let Some(device) = signed_in.new_device {
        device.write(&cookies, &state.config);
    }
    Ok(signed_in.user)
}
