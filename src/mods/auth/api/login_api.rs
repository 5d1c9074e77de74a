use dioxus::prelude::*;

use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::auth::types::{CurrentUser, LoginIn},
};
#[cfg(feature = "server")]
use crate::{
    bases::{http::ClientAddress, state::AppState},
    mods::auth::{services::log_in_service, utils::session_util},
};

/// Signs in and sets the session cookie.
///
/// Answers 401 where e-mail and password do not match, 429 after too many failed attempts.
#[post("/api/auth/login", state: AppState, session: tower_sessions::Session, address: ClientAddress)]
pub async fn login_api(body: ApiJson<LoginIn>) -> Result<CurrentUser, AppError> {
    let user = log_in_service(&state.db, &body.0, address.0, state.clock.now()).await?;
    session_util::begin(&session, user.id, body.0.remember).await?;
    Ok(user)
}
