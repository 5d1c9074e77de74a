//! `CurrentUser` as an argument of handlers and server functions.

use dioxus::server::axum::{extract::FromRequestParts, http::request::Parts};
use tower_sessions::Session;

use crate::{
    bases::{error::AppError, state::AppState},
    mods::auth::{services::find_current_user_service, types::CurrentUser, utils::session_util},
};

impl<S: Send + Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let app = AppState::from_request_parts(parts, state).await?;
        let session = Session::from_request_parts(parts, state)
            .await
            .map_err(|_| AppError::Internal)?;
        let user = session_util::user_id(&session)
            .await?
            .ok_or(AppError::Unauthorized)?;
        find_current_user_service(&app.db, user)
            .await?
            .ok_or(AppError::Unauthorized)
    }
}
