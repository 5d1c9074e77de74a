use dioxus::prelude::*;

use crate::bases::error::AppError;
#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    mods::auth::{services::log_out_service, utils::session_util},
};

/// Ends the session, if there is one, and what it has open, on every node.
#[post("/api/auth/logout", state: AppState, session: tower_sessions::Session)]
pub async fn logout_api() -> Result<(), AppError> {
    let user = session_util::user_id(&session).await?;
    if let (Some(user), Some(key)) = (user, session_util::key(&session)) {
        log_out_service(&state.db, user, key).await?;
    }
    session_util::end(&session).await
}
