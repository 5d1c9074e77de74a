use dioxus::prelude::*;

use crate::bases::error::AppError;
#[cfg(feature = "server")]
use crate::mods::auth::utils::session_util;

/// Ends the session, if there is one.
#[post("/api/auth/logout", session: tower_sessions::Session)]
pub async fn logout_api() -> Result<(), AppError> {
    session_util::end(&session).await
}
